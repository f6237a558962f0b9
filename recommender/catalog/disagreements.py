"""Where the catalog's sources contradict each other. Both sides are shown; nothing is decided here.

Compared is only what claims to be the same thing: the price of one offer today, the size of one model,
its context window, its languages, one score under one setting, the current of one grid, and how open two
indices find one model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from recommender.catalog.all_facts import at
from recommender.catalog.fact_rows import source_keys
from recommender.catalog.openness import disagreement
from recommender.catalog.types import Catalog

TOPICS = ("price", "parameters", "context", "languages", "openness", "score", "carbon")
PRICE_SHARE = 0.01
"""Less is rounding and exchange rates. The same limit holds for scores."""
SIZE_SHARE = 0.03
"""Less is a rounded name: "7B", or 128,000 tokens for 131,072. It also holds for context and grids."""
OPENNESS_POINTS = 25.0
"""Of 100: half the step from open to partial. The two indices count different things; less is no news."""
_PRICES = ("input_usd_per_mtok", "output_usd_per_mtok")
_SIZES = (
    ("parameters.total", "parameters_computed"),
    ("parameters.total", "parameters_hub"),
    ("parameters.active", "active_computed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one side says."""

    value: float
    sources: tuple[str, ...]
    as_of: str | None
    field: str  # where it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two figures for one thing."""

    topic: str  # one of TOPICS
    subject: str  # id of the model, or of the grid
    detail: str  # what of it: the offer, the benchmark and setting; else empty
    first: Said
    second: Said
    unit: str

    @property
    def share(self) -> float:
        """How far apart they are, as a part of the larger one, 0 to 1."""
        return apart(self.first.value, self.second.value)


def apart(one: float, other: float) -> float:
    """The distance of two figures as a part of the larger one."""
    larger = max(abs(one), abs(other))
    return abs(one - other) / larger if larger else 0.0


def disagreements(catalog: Catalog, details: Mapping[str, Any]) -> tuple[Disagreement, ...]:
    """Every contradiction, by topic, the widest first."""
    found = [
        *_prices(details, catalog.date),
        *_sizes(details),
        *_contexts(details),
        *_languages(details),
        *_openness(catalog, details),
        *_scores(details),
        *_grids(details),
    ]
    return tuple(
        sorted(found, key=lambda each: (TOPICS.index(each.topic), -each.share, each.subject, each.detail))
    )


def _said(record: Mapping[str, Any], field: str, value: float) -> Said:
    return Said(value=value, sources=source_keys(record), as_of=record.get("as_of"), field=field)


def _prices(details: Mapping[str, Any], day: date) -> Iterator[Disagreement]:
    """The price seen last against that of every other source, for each offer that has not ended."""
    for provider, file in details["offers"].items():
        for offer in file.get("offers", ()):
            if offer.get("ended"):
                continue
            newest, *others = _in_force(offer["prices"], details["sources"], day) or [{}]
            for other in others:
                for field in _PRICES:
                    one, two = newest.get(field), other.get(field)
                    if one is not None and two is not None and apart(one, two) > PRICE_SHARE:
                        yield Disagreement(
                            topic="price", subject=offer["model"], detail=f"{provider}: {offer['name']}",
                            first=_said(newest, field, one), second=_said(other, field, two),
                            unit="USD per million tokens",
                        )  # fmt: skip


def _in_force(
    prices: Iterable[Mapping[str, Any]], sources: Mapping[str, Any], day: date
) -> list[Mapping[str, Any]]:
    """The price that each source gives for a day, the one seen last in front.

    Two versions of one package are one source: the later one is a change, not a contradiction.
    """
    today = day.isoformat()
    found: dict[str, Mapping[str, Any]] = {}
    for price in sorted(prices, key=lambda price: (price["as_of"], price.get("from", ""))):
        if not price.get("unusable") and price.get("from", "") <= today <= price.get("to", today):
            found[_publisher(source_keys(price)[0], sources)] = price
    return sorted(found.values(), key=lambda price: price["as_of"], reverse=True)


def _publisher(key: str, sources: Mapping[str, Any]) -> str:
    return str(sources.get(key, {}).get("package") or key)


def _sizes(details: Mapping[str, Any]) -> Iterator[Disagreement]:
    """What the maker says against what the architecture adds up to, and what the hub counts."""
    for model, file in details["models"].items():
        for field, computed in _SIZES:
            yield from _against_shape(model, file, field, computed, topic="parameters", unit="parameters")


def _contexts(details: Mapping[str, Any]) -> Iterator[Disagreement]:
    """The model's window against its architecture's and against what its providers take."""
    for model, file in details["models"].items():
        yield from _against_shape(
            model, file, "context_tokens", "max_position", topic="context", unit="tokens"
        )
    for provider, file in details["offers"].items():
        for offer in file.get("offers", ()):
            own, stated = details["models"][offer["model"]].get("context_tokens"), offer.get("context_tokens")
            detail = f"{provider}: {offer['name']}"
            yield from _facts_apart("context", offer["model"], detail, (own, stated), "tokens")


def _facts_apart(
    topic: str,
    subject: str,
    detail: str,
    facts: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None],
    unit: str,
) -> Iterator[Disagreement]:
    one, two = ((fact or {}).get("value") for fact in facts)
    if one is not None and two is not None and facts[0] and facts[1] and apart(one, two) > SIZE_SHARE:
        yield Disagreement(
            topic=topic, subject=subject, detail=detail, first=_said(facts[0], "context_tokens", one),
            second=_said(facts[1], "offers.context_tokens", two), unit=unit,
        )  # fmt: skip


def _against_shape(
    model: str, file: Mapping[str, Any], field: str, computed: str, *, topic: str, unit: str
) -> Iterator[Disagreement]:
    fact, shape = at(file, field), file.get("shape", {})
    one, two = (fact or {}).get("value"), shape.get(computed)
    if fact and one is not None and two is not None and apart(one, two) > SIZE_SHARE:
        yield Disagreement(
            topic=topic, subject=model, detail="", first=_said(fact, field, one),
            second=_said(shape, f"shape.{computed}", two), unit=unit,
        )  # fmt: skip


def _languages(details: Mapping[str, Any]) -> Iterator[Disagreement]:
    """Languages that are named against the number that is claimed."""
    for model, file in details["models"].items():
        named, count = file.get("languages", {}), file.get("languages_count", {})
        listed, claimed = named.get("value"), count.get("value")
        if listed and claimed is not None and len(listed) != claimed:
            yield Disagreement(
                topic="languages", subject=model, detail="", first=_said(named, "languages", len(listed)),
                second=_said(count, "languages_count", claimed), unit="languages",
            )  # fmt: skip


def _openness(catalog: Catalog, details: Mapping[str, Any]) -> Iterator[Disagreement]:
    """The index that we show against the Model Openness Tool's, where they are far apart."""
    for model in catalog.models.values():
        points = disagreement(model)
        if points is None or abs(points) < OPENNESS_POINTS:
            continue
        file, assessor = details["models"][model.id], model.openness["assessor"]
        ours = next(each for each in file["openness"] if each["assessor"] == assessor)
        yield Disagreement(
            topic="openness", subject=model.id, detail="",
            first=_said(ours, "openness", model.openness["index"]),
            second=_said(file["mof"][0], "mof", model.openness["mof"]["index"]), unit="of 100",
        )  # fmt: skip


def _scores(details: Mapping[str, Any]) -> Iterator[Disagreement]:
    """One model on one benchmark under one setting, from two sources."""
    for key, benchmark in details["benchmarks"].items():
        groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
        for score in benchmark.get("scores", ()):
            if score.get("score") is not None and score.get("model") and score.get("used") is not False:
                same = (score["model"], score.get("metric"), score.get("setting"), score.get("variant"))
                groups.setdefault(same, []).append(score)
        for (model, _, setting, _), group in groups.items():
            pair = _widest(group)
            if pair is not None:
                detail = ", ".join(part for part in (key, setting) if part)
                yield Disagreement(
                    topic="score", subject=model, detail=detail, first=pair[0], second=pair[1],
                    unit=benchmark["unit"],
                )  # fmt: skip


def _widest(group: Sequence[Mapping[str, Any]]) -> tuple[Said, Said] | None:
    """The highest and the lowest score, where two sources differ by more than the limit."""
    low, high = (pick(group, key=lambda score: score["score"]) for pick in (min, max))
    if source_keys(low) == source_keys(high) or apart(low["score"], high["score"]) <= PRICE_SHARE:
        return None
    return _said(high, "scores", high["score"]), _said(low, "scores", low["score"])


def _grids(details: Mapping[str, Any]) -> Iterator[Disagreement]:
    """The carbon intensity of a grid by its two sources."""
    for key, grid in details["carbon"].items():
        one, two = grid["gco2e_per_kwh"], grid.get("second_gco2e_per_kwh")
        if two is not None and apart(one, two) > SIZE_SHARE:
            second = Said(
                value=two, sources=(grid["second_source"],), as_of=grid["as_of"], field="second_gco2e_per_kwh"
            )
            yield Disagreement(
                topic="carbon", subject=key, detail=grid["name"], first=_said(grid, "gco2e_per_kwh", one),
                second=second, unit="g CO2e per kWh",
            )  # fmt: skip
