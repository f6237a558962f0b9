"""What was on offer, and at what price, on a given day."""

from __future__ import annotations

from datetime import date, timedelta

from recommender.catalog.types import Model, Offer, Price

UNDATED_REACH_DAYS = 92
"""How long before its last sighting a price without a start may be used: one quarter, the distance
between the dated package releases that prices were read from. No start means "not recorded", not "always"."""


def price_on(offer: Offer, day: date) -> tuple[Price, bool] | None:
    """The price of `offer` on `day`, and whether it is a later one than that day.

    First the price that was valid on the day, the surest dating first; then the newest one dated
    by then; else the earliest later one, flagged. A price without an end is known to hold
    until the day somebody last saw it; beyond all such days the one seen last is taken, so that a
    price announced long ago does not outlive the lists that contradict it.
    None when the offer has no usable price.
    """
    dated = [(start, price) for price in reversed(offer.prices) if (start := _start(price)) is not None]
    begun = [entry for entry in dated if entry[0] <= day]
    known = [entry for entry in begun if day <= _known_until(entry[1])]
    if known:
        return min(known, key=lambda entry: (entry[1].precedence, -entry[0].toordinal()))[1], False
    lasting = [entry for entry in begun if entry[1].valid_to is None] or begun
    if lasting:
        return max(lasting, key=_newest)[1], False
    if dated:
        return min(dated, key=lambda entry: (entry[0], entry[1].precedence))[1], True
    return None


def available_on(model: Model, day: date) -> bool:
    """Whether `model` could be used on `day`: released by then and not yet shut down.

    Published weights do not end. Models that were never released, or of which nobody
    knows whether their weights exist, are never available; nor are retired ones whose
    last day is unknown.
    """
    if model.kind == "unknown" or model.status == "never-released" or model.released > day:
        return False
    if model.status == "weights-available":
        return True
    if model.ends is None:
        return model.status != "retired"
    return day <= model.ends


def _start(price: Price) -> date | None:
    """The first day we may use a price for; None when nothing dates it."""
    if price.valid_from is not None:
        return price.valid_from
    if price.valid_to is not None:
        return price.valid_to - timedelta(days=UNDATED_REACH_DAYS)
    return price.as_of


def _known_until(price: Price) -> date:
    """The last day a price is known to have held."""
    return price.valid_to or price.as_of or date.min


def _newest(entry: tuple[date, Price]) -> tuple[date, int, date]:
    """Seen last; among those the surest dating; among those the latest start."""
    start, price = entry
    return max(_known_until(price), start), -price.precedence, start
