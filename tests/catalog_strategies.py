"""Small catalogs and answers about them, for property tests of the decision engine.

The vocabulary (rules, criteria, formats, sentences) is that of the newest snapshot, so the rules under
test are the real ones. Models and providers are real ones with some facts changed or taken away.
Two kinds of rented cards are kept of ten: the cost of an example is the number of sets of cards tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from recommender import load_catalog
from recommender.answers import Answers
from recommender.catalog.types import Ability, Catalog, Model, Offer, Price, Provider

TASKS = ("chat", "chat", "coding", "rag", "summarisation", "classification", "agents", "embedding")
PROVIDERS = ("openai", "anthropic", "deepinfra", "amazon-bedrock", "openrouter", "mistral", "azure")
DEVICES = ("rtx-4090", "h100-sxm", "l4")
RENTED = ("l4", "h100-sxm")
SEEN = date(2026, 11, 1)


@cache
def real() -> Catalog:
    """The newest snapshot."""
    return load_catalog()


@cache
def vocabulary() -> dict[str, Any]:
    """The real vocabulary with fewer rented cards."""
    words = dict(real().vocabulary)
    rent = words["hosting"]["rent"]
    kept = {name: rent["usd_per_gpu_hour"][name] for name in RENTED}
    words["hosting"] = {**words["hosting"], "rent": {**rent, "usd_per_gpu_hour": kept}}
    return words


FACTS: dict[str, tuple[Any, ...]] = {
    "kind": ("closed", "open-weight", "open-weight", "fully-open", "unknown"),
    "released": (date(2023, 3, 1), date(2025, 6, 1), date(2026, 9, 1), date(2027, 2, 1)),
    "status": ("active", "active", "retired", "weights-available", "never-released"),
    "ends": (None, date(2026, 6, 1), date(2026, 12, 24), date(2027, 9, 1)),
    "parameters_total": (None, 110_000_000, 4_000_000_000, 8_000_000_000, 70_000_000_000),
    "context_tokens": (None, 512, 8_192, 131_072, 1_000_000),
    "input_modalities": ((), ("text",), ("image", "text")),
    "output_modalities": ((), ("text",), ("embedding",)),
    "languages": ((), ("en",), ("de", "en", "fr")),
    "commercial_use": ("yes", "yes-with-conditions", "no", "api-terms", "unknown"),
    "licence": ("mit", "llama-3.1", "unknown"),
    "tool_calling": (None, True, False),
    "instruction_tuned": (None, True, False),
    "fine_tuning": (None, "weights", "provider", "none"),
    "open_data": (None, "yes", "partial", "no"),
    "open_training_code": (None, "yes", "partial", "no"),
    "reasoning": (None, True, False),
    "shape": (None,),
    "ability": ({},),
    "missing": ({}, {"context_tokens": "undisclosed"}),
}
PROVIDER_FACTS: dict[str, tuple[Any, ...]] = {
    "kind": ("first-party", "cloud", "host", "router"),
    "seat": ((), ("US",), ("FR",)),
    "regions": (None, ("us",), ("eu", "us")),
    "trains_on_inputs": (None, True, False),
    "retention_days": (None, 0.0, 30.0),
    "zero_retention": (None, "self-serve", "by-approval", "none"),
    "attestations": ({}, {"soc2": True}, {"soc2": True, "hipaa": False, "iso27001": True}),
    "sla": (None, "none", "published"),
    "support": (None, "community", "vendor"),
    "deprecation_notice_days": (None, 30.0, 365.0),
}
_MODELS, _VARIANTS = 900, 12


@dataclass(frozen=True)
class Sold:
    """An offer before the catalog's providers are known: which of them, at what price."""

    host: int
    first_party: bool
    free: bool
    prices: tuple[Price, ...]


@cache
def _pool() -> tuple[tuple[Model, tuple[Sold, ...]], ...]:
    """Real models with offers, the first ones as they are, the later ones with more and more facts changed.

    Made once from a fixed seed: drawing each fact from hypothesis took longer than the engine. A smaller
    number in the pool is a plainer model, so failing examples still shrink to plain ones.
    """
    random = Random(1)
    every = real().models
    rated = [key for key in sorted(every) if "chat" in every[key].ability]
    others = [key for key in sorted(every) if "chat" not in every[key].ability]
    return tuple(
        _changed(random, every[random.choice(rated if random.random() < 0.85 else others)], number)
        for number in range(_MODELS)
    )


def _changed(random: Random, base: Model, number: int) -> tuple[Model, tuple[Sold, ...]]:
    named = random.sample(sorted(FACTS), min(6 * number // _MODELS, random.randint(0, 6)))
    changes = {name: random.choice(FACTS[name]) for name in named}
    shift = random.choice([0, 0, -120, -40, 35, 90]) if number else 0
    developer = random.choice([base.developer, "openai", "mistral-ai", "nobody"])
    ability = {task: moved(one, shift) for task, one in base.ability.items()}
    model = replace(base, developer=developer, successor=None, **{"ability": ability, **changes})
    return model, tuple(_sold(random) for _ in range(random.choice([1, 1, 2, 3, 0])))


def _sold(random: Random) -> Sold:
    paid, times = random.choice([0.05, 0.2, 1.0, 5.0, 40.0]), random.choice([None, 1.0, 3.0, 4.0])
    price = priced(paid, None if times is None else paid * times)
    return Sold(
        host=random.randrange(12),
        first_party=random.random() < 0.5,
        free=random.random() < 0.07,
        prices=(price,) if random.random() < 0.93 else (),
    )


@cache
def _hosts() -> tuple[tuple[Provider, ...], ...]:
    """Per provider its real facts, then variants with up to three of them changed."""
    random = Random(2)
    made = []
    for name in PROVIDERS:
        variants = [real().providers[name]]
        for _ in range(_VARIANTS):
            named = random.sample(sorted(PROVIDER_FACTS), 3)
            changes = {key: random.choice(PROVIDER_FACTS[key]) for key in named}
            variants.append(replace(real().providers[name], **changes))
        made.append(tuple(variants))
    return tuple(made)


def moved(ability: Ability, shift: float) -> Ability:
    """The ability some points higher or lower; other units stay."""
    if ability.unit != "points":
        return ability
    return replace(ability, low=ability.low + shift, likely=ability.likely + shift, high=ability.high + shift)


def priced(input_usd: float, output_usd: float | None) -> Price:
    """A price that holds on the day of the catalog."""
    return Price(
        input_usd_per_mtok=input_usd,
        output_usd_per_mtok=output_usd,
        as_of=SEEN,
        source="a-list",
        valid_from=date(2023, 1, 1),
    )


class Small:
    """A small catalog whose print-out shows what differs, not 200 kB of vocabulary."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __repr__(self) -> str:
        lines = [f"{len(self.catalog.models)} models"]
        shown = ("kind", "released", "status", "ends", "parameters_total", "context_tokens", "commercial_use")
        for model in self.catalog.models.values():
            facts = ", ".join(f"{name} {getattr(model, name)}" for name in shown)
            lines.append(f"{model.id} ({model.name}): {facts}, {len(model.ability)} abilities")
        for offer in self.catalog.offers:
            paid = [(p.input_usd_per_mtok, p.output_usd_per_mtok) for p in offer.prices]
            kind = f"{'first-party' if offer.first_party else 'host'}{', free' if offer.free else ''}"
            lines.append(f"{offer.model} over {offer.provider} ({kind}): {paid}")
        return "\n  ".join(lines)


@st.composite
def smalls(draw: st.DrawFn, *, smallest: int = 2, largest: int = 12) -> Small:
    """A small catalog: models of the pool, some providers, the models' offers over them."""
    picked = draw(st.lists(st.integers(0, _MODELS - 1), min_size=smallest, max_size=largest, unique=True))
    variants = draw(
        st.dictionaries(st.integers(0, len(PROVIDERS) - 1), st.integers(0, _VARIANTS), min_size=1, max_size=4)
    )
    hosts = {PROVIDERS[place]: _hosts()[place][variant] for place, variant in sorted(variants.items())}
    made, sold = [], []
    for number, index in enumerate(picked):
        base, offers = _pool()[index]
        model = replace(base, id=f"{base.developer}/m{number:02d}", aliases=(f"model-{number}",))
        made.append(model)
        sold += [_offer(model, name, one) for name, one in _placed(offers, list(hosts)).items()]
    return Small(catalog_of(made, sold, hosts))


def _placed(offers: tuple[Sold, ...], names: list[str]) -> dict[str, Sold]:
    """At most one offer of a model over each provider."""
    return {names[one.host % len(names)]: one for one in reversed(offers)}


def _offer(model: Model, provider: str, one: Sold) -> Offer:
    return Offer(
        model=model.id, provider=provider, name=model.name, first_party=one.first_party, free=one.free,
        prices=one.prices,
    )  # fmt: skip


def catalog_of(made: list[Model], sold: list[Offer], hosts: dict[str, Provider]) -> Catalog:
    """A catalog of these parts, with the real vocabulary."""
    return replace(
        real(),
        version="2026.11.23-00000000",
        models={model.id: model for model in made},
        aliases={alias: model.id for model in made for alias in model.aliases},
        offers=tuple(sold),
        providers=hosts,
        devices={name: real().devices[name] for name in DEVICES},
        device_aliases={},
        vocabulary=vocabulary(),
        tombstones={},
    )


def _maybe(values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


HARDWARE: tuple[list[dict[str, Any]], ...] = (
    [],
    [{"memory_gb": 8, "memory_kind": "vram"}],
    [{"memory_gb": 24, "memory_kind": "vram"}],
    [{"memory_gb": 48, "memory_kind": "vram"}],
    [{"memory_gb": 16, "memory_kind": "ram"}],
    [{"memory_gb": 32, "memory_kind": "unified"}],
    [{"device": "rtx-4090"}],
    [{"device": "h100-sxm", "count": 2}],
)

ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "labelled_examples": _maybe(["none", "hundreds", "thousands"]),
    "input_modalities": _maybe([["text"], ["image", "text"]]),
    "languages": _maybe([["en"], ["de"], ["de", "fr"]]),
    "context_tokens": _maybe([1_000, 8_000, 100_000]),
    "requests_per_month": _maybe([500, 10_000, 3_000_000]),
    "input_tokens_per_request": _maybe([100, 1_500, 60_000]),
    "output_tokens_per_request": _maybe([5, 300, 4_000]),
    "concurrent_users": _maybe([1, 4]),
    "budget_usd_month": _maybe([0, 1, 30, 500, 20_000]),
    "data_boundary": _maybe(["anywhere", "region", "own-cloud", "own-machines", "offline"]),
    "region": _maybe([["eu"], ["us"]]),
    "no_training_on_data": st.booleans(),
    "retention_days_max": _maybe([0, 30]),
    "attestations": _maybe([["soc2"], ["hipaa", "soc2"], ["fedramp"]]),
    "hardware": _maybe(HARDWARE),
    "min_bits": _maybe([16, 8, 4, 2]),
    "decode_tps_min": _maybe([5, 40]),
    "ttft_max_s": _maybe([1, 10]),
    "openness": _maybe(["any", "weights", "commercial", "permissive", "fully-open"]),
    "disclosure_min": _maybe([0, 2, 4]),
    "commercial_use": st.booleans(),
    "monthly_active_users": _maybe([1_000, 800_000_000]),
    "support": _maybe(["none", "community", "vendor", "sla"]),
    "ops_skill": _maybe(["none", "some", "expert"]),
    "fine_tune": _maybe(["no", "wanted", "must"]),
    "lifetime_months": _maybe([6, 24]),
    "several_hosts": st.booleans(),
    "not_models": _maybe([["model-0"], ["model-0", "model-1"]]),
    "only_models": _maybe([["model-0", "model-1"]]),
    "not_developers": _maybe([["openai"]]),
    "not_countries": _maybe([["US"], ["FR"], ["CN"]]),
    "quality_at_least": _maybe(["model-0", "model-1"]),
    "stance": _maybe(["cautious", "typical"]),
    "as_of": _maybe([date(2024, 6, 1), date(2026, 11, 23)]),
}
WEIGHTS = st.fixed_dictionaries(
    {name: _maybe([0, 10, 30, 40, 70, 100]) for name in ("quality", "economy", "control", "assurance")}
)
WITHIN = st.dictionaries(
    _maybe(["C01", "C02", "C04", "C06", "C08", "C10", "C14"]), st.integers(0, 100), max_size=4
)


@st.composite
def asked(draw: st.DrawFn, *, most: int = 5) -> Answers:
    """Answers to a few questions, the task nearly always among them."""
    raw: dict[str, Any] = {}
    if draw(st.sampled_from([True] * 7 + [False])):
        raw["tasks"] = [draw(st.sampled_from(TASKS)), *draw(st.sampled_from([[], [], ["writing"]]))]
    for name in draw(st.lists(st.sampled_from(sorted(ANSWERS)), max_size=most, unique=True)):
        raw[name] = draw(ANSWERS[name])
    if raw.get("data_boundary") == "region":
        raw.setdefault("region", ["eu"])
    if draw(st.booleans()):
        raw["weights"] = draw(WEIGHTS)
    if draw(st.sampled_from([False, False, True])):
        raw["weights_within"] = draw(WITHIN)
    return Answers.parse(raw)
