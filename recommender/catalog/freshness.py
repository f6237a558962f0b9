"""How old the catalog's facts are, seen from a given day. No clock: the caller says what day it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from recommender.catalog.history import available_on, price_on
from recommender.catalog.types import Catalog, Offer

BANNER_DAYS = 45
"""Beyond this age of the catalog a page says so at the top: two months of missed releases and prices."""
AMBER_DAYS = 90
"""A price older than this is marked where it is shown."""
PRICE_DAYS_MAX = 180
"""No price that a recommendation may rest on is older on the catalog's own day; a test sees to it."""

Mark = Literal["fresh", "amber", "stale"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """The ages a footer and a banner speak of."""

    oldest: date  # the day of the fact that nobody has looked at for longest
    newest: date
    age_days: int  # of the catalog: whole days since the newest
    needs_banner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceAge:
    """The price an offer has on a day, and for how long nobody has seen it."""

    model: str
    provider: str
    name: str
    seen: date
    age_days: int
    mark: Mark


def freshness(catalog: Catalog, today: date) -> Freshness:
    """Oldest and newest day on which a fact of the snapshot was looked at, and what follows today."""
    days = set(_fact_days(catalog)) | {catalog.date}
    age = age_days(max(days), today)
    return Freshness(oldest=min(days), newest=max(days), age_days=age, needs_banner=needs_banner(age))


def age_days(day: date, today: date) -> int:
    """Whole days from a day to today; 0 for a day that is still ahead."""
    return max(0, (today - day).days)


def age_unit(age: int) -> tuple[str, int]:
    """An age in days as people say it: unit (today, yesterday, days, months, years) and how many of it."""
    if age <= 1:
        return ("yesterday", 1) if age == 1 else ("today", 0)
    for unit, days, first in (("years", 365, 730), ("months", 30, 60)):
        if age >= first:
            return unit, age // days
    return "days", age


def needs_banner(age: int) -> bool:
    """Whether a catalog of this age in days is announced as old."""
    return age > BANNER_DAYS


def price_mark(age: int) -> Mark:
    """How a price of this age in days is marked."""
    if age > PRICE_DAYS_MAX:
        return "stale"
    return "amber" if age > AMBER_DAYS else "fresh"


def price_ages(catalog: Catalog, today: date) -> list[PriceAge]:
    """The price in force of every offer that may be recommended today, the oldest first.

    Offers that have ended, are free or outliers, and models that are not available, form no way
    of running a model and are left out.
    """
    ages = []
    for offer in catalog.offers:
        model = catalog.models.get(offer.model)
        if model is None or not available_on(model, today) or offer.ended or offer.free or offer.outlier:
            continue
        found = price_on(offer, today)
        if found is not None and found[0].as_of is not None:
            ages.append(_price_age(offer, found[0].as_of, today))
    return sorted(ages, key=lambda each: (-each.age_days, each.model, each.provider, each.name))


def _price_age(offer: Offer, seen: date, today: date) -> PriceAge:
    age = age_days(seen, today)
    return PriceAge(
        model=offer.model, provider=offer.provider, name=offer.name,
        seen=seen, age_days=age, mark=price_mark(age),
    )  # fmt: skip


def _fact_days(catalog: Catalog) -> Iterator[date]:
    """Days of the facts in the core: of models, providers and prices."""
    named = [model.sources for model in catalog.models.values()]
    named += [provider.sources for provider in catalog.providers.values()]
    for sources in named:
        yield from (date.fromisoformat(day) for _, day in sources.values())
    for offer in catalog.offers:
        yield from (price.as_of for price in offer.prices if price.as_of is not None)
