"""Price lists from outside, in the catalog's own terms: what the installed genai-prices package says.

The package is read, never asked to fetch anything: what it holds on disk is the source, its version the key.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

PACKAGE = "genai-prices"
PROVIDERS = {
    "anthropic": "anthropic",
    "arcee": "arcee",
    "aws": "amazon-bedrock",
    "azure": "azure",
    "baseten": "baseten",
    "cerebras": "cerebras",
    "cloudflare": "cloudflare-workers-ai",
    "cohere": "cohere",
    "databricks": "databricks",
    "deepseek": "deepseek",
    "fireworks": "fireworks-ai",
    "google": "google",
    "groq": "groq",
    "huggingface_nebius": "nebius",  # the router passes this host's own prices on
    "meta": "meta",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshotai": "moonshotai",
    "novita": "novita-ai",
    "openai": "openai",
    "openrouter": "openrouter",
    "ovhcloud": "ovhcloud",
    "perplexity": "perplexity",
    "together": "togetherai",
    "voyageai": "voyage",
    "x-ai": "xai",
    "zai": "zai",
}
"""Provider id of the package -> ours. The others resell, or are no provider of this catalog."""

_MACHINE_READ = "openrouter"
"""Its list is read by machine on the day of a release, so its newest start day dates the release:
start days elsewhere may be announcements."""

_BATCH = {"processing": "batch"}
_KEYS = {
    "input_mtok": "input_usd_per_mtok",
    "output_mtok": "output_usd_per_mtok",
    "cache_read_mtok": "cached_input_usd_per_mtok",
}
_BATCH_KEYS = {"input_mtok": "batch_input_usd_per_mtok", "output_mtok": "batch_output_usd_per_mtok"}
_LONG_KEYS = {
    "input_mtok": "long_context_input_usd_per_mtok",
    "output_mtok": "long_context_output_usd_per_mtok",
}
_THRESHOLD = "long_context_threshold_tokens"

Figures = Mapping[str, float | int]  # names of a price entry -> US dollars per million tokens; a threshold


class PackageMissing(Exception):
    """The price package is not installed; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A price from one day on; without a day it was always so, as far as the list knows."""

    start: date | None
    figures: Figures
    is_partial: bool = False  # there are further tiers, or prices by time of day, that figures leaves out


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One model on the price list of one provider, its steps by start day."""

    provider: str  # our id
    ref: str
    steps: tuple[Step, ...]
    matches: Callable[[str], bool] = field(compare=False)  # whether a name in a request means this model

    def current(self, today: date) -> Step | None:
        """The step that holds on `today`; None when all lie ahead."""
        begun = [step for step in self.steps if step.start is None or step.start <= today]
        return begun[-1] if begun else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """Everything one version of a package lists for the providers of this catalog."""

    version: str
    day: date  # the newest day its entries are dated by: what it says was seen then
    listed: tuple[Listed, ...]
    providers: frozenset[str] = frozenset(PROVIDERS.values())  # ours that it is read for
    package: str = PACKAGE
    licence: str = "MIT"

    @property
    def source(self) -> str:
        """The key in sources.yaml."""
        return f"{self.package}-{self.version}"


def installed_prices(today: date) -> PriceList:
    """What the installed package lists. Raises PackageMissing."""
    try:
        data = importlib.import_module("genai_prices.data")
        version = importlib.metadata.version(PACKAGE)
    except ModuleNotFoundError:
        raise PackageMissing(
            f"{PACKAGE} is not installed, and refresh reads its prices; "
            'allowed: the development extra, `pip install -e ".[dev]"`.'
        ) from None
    return price_list(data.providers, version=version, today=today)


def price_list(providers: Iterable[Any], *, version: str, today: date) -> PriceList:
    """The package's own objects as a PriceList; providers that are not ours are left out."""
    mine = [(PROVIDERS[each.id], each) for each in providers if each.id in PROVIDERS]
    listed = tuple(
        Listed(
            provider=ours,
            ref=model.id,
            steps=tuple(_steps(model, today)),
            matches=lambda name, model=model: bool(model.is_match(name)),  # type: ignore[misc]
        )
        for ours, each in mine
        for model in each.models
    )
    return PriceList(version=version, day=_day(listed, today), listed=listed)


def _day(listed: Iterable[Listed], today: date) -> date:
    """The day the list is of: its newest start that is no announcement.

    Never later than what the package itself shows, so that an old package does not look new
    because it was installed today.
    """
    days = [(each.provider, step.start) for each in listed for step in each.steps if step.start is not None]
    past = [(provider, day) for provider, day in days if day <= today]
    read = [day for provider, day in past if provider == _MACHINE_READ]
    return max(read or [day for _, day in past], default=date(1970, 1, 1))


def _steps(model: Any, today: date) -> Iterator[Step]:
    """The dated prices of a model, oldest first; a price by time of day is only noted as left out."""
    prices = model.prices if isinstance(model.prices, list) else None
    dated: list[tuple[date | None, Any]] = [(None, model.prices)]
    if prices is not None:
        dated = [(_start(each), each.prices) for each in prices if not _is_daily(each)]
    is_partial = prices is not None and len(dated) < len(prices)
    for start, one in sorted(dated, key=lambda pair: pair[0] or date.min):
        figures, has_tiers = _figures(one, model.price_variants or (), max(start or today, today))
        if "input_usd_per_mtok" in figures:
            yield Step(start=start, figures=figures, is_partial=is_partial or has_tiers)


def _start(conditional: Any) -> date | None:
    start: date | None = getattr(conditional.constraint, "start_date", None)
    return start


def _is_daily(conditional: Any) -> bool:
    return hasattr(conditional.constraint, "start_time")


def _figures(prices: Any, variants: Iterable[Any], day: date) -> tuple[dict[str, float | int], bool]:
    """The figures of a price entry, and whether there are tiers beyond the first long-context one."""
    figures: dict[str, float | int] = {}
    more_tiers = False
    for key, name in _KEYS.items():
        value = getattr(prices, key, None)
        if value is None:
            continue
        figures[name] = _base(value)
        tiers = getattr(value, "tiers", ())
        more_tiers |= len(tiers) > 1
        if tiers and key in _LONG_KEYS:
            figures[_THRESHOLD] = tiers[0].start
            figures[_LONG_KEYS[key]] = float(tiers[0].price)
    return figures | _batch(variants, day), more_tiers


def _batch(variants: Iterable[Any], day: date) -> dict[str, float]:
    """Batch prices on a day: for each figure the first variant that has one wins, as in the package."""
    found: dict[str, float] = {}
    for variant in variants:
        start = getattr(variant.constraint, "start_date", None)
        if variant.when != _BATCH or (start is not None and start > day):
            continue
        for key, name in _BATCH_KEYS.items():
            value = getattr(variant.prices, key, None)
            if value is not None:
                found.setdefault(name, _base(value))
    return found


def _base(value: Any) -> float:
    return float(getattr(value, "base", value))
