"""What a newer price list would change in the catalog: a pure comparison, nothing is written here.

A list is compared with the entries that earlier versions of the same package left in our offers, and
with the newest entry of any other source. What looks wrong is marked as an anomaly; a person reviews it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from recommender.catalog.build_offers import PRICE_FIGURES, usable_prices
from recommender.catalog.refresh_sources import Figures, Listed, PriceList, Step
from recommender.catalog.schema_offers import OfferRecord, OffersFile, PriceRecord
from recommender.catalog.tree import Tree

Kind = Literal["new-price", "new-figures", "seen-again", "announced", "unknown-model", "gone", "fewer-models"]
Anomaly = Literal["price-jump", "future-date", "fewer-models"]

JUMP_FACTOR = 3.0
"""A price that changed by more than this is more often a slip of units or columns than a price."""
DISAGREE_SHARE = 0.01
"""Two sources agree when they differ by no more; the rest is rounding and exchange rates."""
GONE_SHARE = 0.1
GONE_MIN = 2
"""So many offers of one provider, and this share of them, vanish at once when a list was cut short;
single models come and go."""
SIGHTING_DAYS = 60
"""A price seen again is entered when it was last seen so long ago: early enough for the mark at 90
days, rarely enough for the files, which would otherwise grow by every offer each week."""

_COMPARED = PRICE_FIGURES[:2]
_SAME = 1e-6  # of floats that were written in decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between the list and the catalog. Prices in US dollars per million tokens."""

    id: str  # names it in --reviewed
    kind: Kind
    provider: str
    name: str = ""  # the provider's name of the model
    model: str | None = None
    before: Figures = field(default_factory=dict)
    after: Figures = field(default_factory=dict)
    start: date | None = None  # the day the new price begins, where the list says so
    last_seen: date | None = None
    is_partial: bool = False
    carried_from: str | None = None  # source of figures in `after` that the list does not give
    agrees_with: str | None = None  # the other source that says the same
    disagrees_with: str | None = None  # the other source, its day and what it says instead
    anomaly: Anomaly | None = None
    found: str = ""  # in words, where there are no figures
    writes: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The change as plain JSON."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        days = {name: day.isoformat() if (day := plain[name]) else None for name in ("start", "last_seen")}
        return plain | days | {"before": dict(self.before), "after": dict(self.after)}


def changes(
    tree: Tree, prices: PriceList, today: date, *, progress: Callable[[int, int], None] | None = None
) -> list[Change]:
    """Everything in which the list differs from the catalog, sorted by provider, kind and name.

    `progress` is told how many providers of how many are done.
    """
    found: list[Change] = []
    providers = sorted(prices.providers & set(tree.offers))
    for done, provider in enumerate(providers, start=1):
        found += _provider_changes(tree, provider, prices, today)
        if progress:
            progress(done, len(providers))
    return sorted(found, key=lambda change: (change.provider, change.kind, change.id))


def newest_sighting(tree: Tree, package: str) -> date | None:
    """The newest day on which any version of a package was read; None when it never was."""
    days = (
        price.as_of
        for file in tree.offers.values()
        for offer in file.offers
        for price in offer.prices
        if _is_from(price, package)
    )
    return max(days, default=None)


def anomalies(found: Iterable[Change]) -> list[Change]:
    """The changes that a person has to look at before anything is written."""
    return [change for change in found if change.anomaly]


def _provider_changes(tree: Tree, provider: str, prices: PriceList, today: date) -> Iterator[Change]:
    file = tree.offers[provider]
    listed = [each for each in prices.listed if each.provider == provider]
    pairs = [(offer, _listed_as(offer, listed, prices.package)) for offer in file.offers]
    for offer, match in pairs:
        if match is not None and not (offer.ended or offer.free):
            yield from _offer_changes(provider, offer, match, prices, today)
    used = {match.ref for _, match in pairs if match is not None}
    known = _model_names(tree)
    for each in listed:
        if each.ref not in used:
            yield Change(
                id=f"{provider}:{each.ref}", kind="unknown-model", provider=provider, name=each.ref,
                model=known.get(each.ref.lower()) or known.get(each.ref.lower().rpartition("/")[2]),
            )  # fmt: skip
    yield from _gone(provider, file, pairs, prices)


def _listed_as(offer: OfferRecord, listed: Iterable[Listed], package: str) -> Listed | None:
    """The row of the list that means this offer: the one of its name, else, where the package priced
    this offer before, the one the package itself would take for that name."""
    rows = list(listed)
    by_ref = next((each for each in rows if each.ref.lower() == offer.name.lower()), None)
    if by_ref is not None or not _seen(offer, package):
        return by_ref
    return next((each for each in rows if each.matches(offer.name)), None)


def _offer_changes(
    provider: str, offer: OfferRecord, listed: Listed, prices: PriceList, today: date
) -> Iterator[Change]:
    current = listed.current(today)
    if current is not None:
        yield from _current_change(provider, offer, current, prices, today)
    ahead = [step for step in listed.steps if step.start is not None and step.start > today]
    for step in ahead:
        entered = (_figures(price) for price in usable_prices(offer) if price.from_ == step.start)
        if not any(all(_close(*pair, _SAME) for pair in _pairs(one, step.figures)) for one in entered):
            before = current.figures if current else {}
            yield _priced(
                f"{provider}:{offer.name}@{step.start}", provider, offer, step, before=before,
                kind="announced", anomaly="future-date", writes=True,
            )  # fmt: skip


def _current_change(
    provider: str, offer: OfferRecord, step: Step, prices: PriceList, today: date
) -> Iterator[Change]:
    mine = _newest(offer, today, lambda price: _is_from(price, prices.package))
    other = _newest(offer, today, lambda price: not _is_from(price, prices.package))
    last = mine or other
    if mine is not None and mine.as_of > prices.day:
        return  # an older list has nothing to say about this offer
    before = _figures(last) if last else {}
    # Another source may round differently; this one repeats its own figures to the digit.
    share = _SAME if mine else DISAGREE_SHARE
    judged = _judged(last, before, step.figures, share=share, day=prices.day)
    if judged:
        yield _priced(
            f"{provider}:{offer.name}", provider, offer, step, before=before,
            last_seen=last.as_of if last else None, **judged, **_compared(other, step.figures),
        )  # fmt: skip


def _judged(
    last: PriceRecord | None, before: Figures, after: Figures, *, share: float, day: date
) -> dict[str, Any]:
    """What kind of change it is; empty for none.

    Where input and output stay, figures that only we have stay too.
    """
    if last is None or any(not _close(*pair, share) for pair in _pairs(before, after)):
        return {"kind": "new-price", "anomaly": _jump(before, after), "writes": True}
    carried = {"carried_from": last.source[-1]} if set(before) - set(after) else {}
    merged = {"after": {**before, **after}, **carried}
    if last.as_of >= day:
        return {}  # this list, or a newer one, was read before
    if not all(name in before and _close(before[name], value, share) for name, value in after.items()):
        return {"kind": "new-figures", "writes": True, **merged}
    return {"kind": "seen-again", "writes": (day - last.as_of).days >= SIGHTING_DAYS, **merged}


def _priced(change_id: str, provider: str, offer: OfferRecord, step: Step, **fields: Any) -> Change:
    about: dict[str, Any] = {"after": step.figures, "start": step.start, "is_partial": step.is_partial}
    return Change(id=change_id, provider=provider, name=offer.name, model=offer.model, **(about | fields))


def _compared(other: PriceRecord | None, after: Figures) -> dict[str, str | None]:
    """What the second source says to the new figures."""
    if other is None:
        return {}
    said = _figures(other)
    if all(_close(*pair, DISAGREE_SHARE) for pair in _pairs(said, after)):
        return {"agrees_with": other.source[-1]}
    return {"disagrees_with": f"{other.source[-1]} of {other.as_of}: {shown_price(said)}"}


def _gone(
    provider: str, file: OffersFile, pairs: Iterable[tuple[OfferRecord, Listed | None]], prices: PriceList
) -> Iterator[Change]:
    """Offers that the package priced and no longer lists, and whether they are too many."""
    living = [
        pair for pair in pairs if _seen(pair[0], prices.package) and not (pair[0].ended or pair[0].free)
    ]
    gone = [offer for offer, match in living if match is None]
    for offer in gone:
        yield Change(
            id=f"{provider}:{offer.name}", kind="gone", provider=provider, name=offer.name, model=offer.model,
            last_seen=max(price.as_of for price in offer.prices if _is_from(price, prices.package)),
        )  # fmt: skip
    if gone and (len(gone) == len(living) or len(gone) >= max(GONE_MIN, GONE_SHARE * len(living))):
        yield Change(
            id=f"{provider}:fewer-models", kind="fewer-models", provider=provider, anomaly="fewer-models",
            found=f"{len(gone)} of the {len(living)} offers that {prices.package} priced are listed no more",
        )  # fmt: skip


def _model_names(tree: Tree) -> Mapping[str, str]:
    """Lower-case id, name part of an id, or alias -> model id."""
    names = {model.partition("/")[2]: model for model in tree.models} | {
        model: model for model in tree.models
    }
    return names | {alias.lower(): model for model, entry in tree.models.items() for alias in entry.aliases}


def _is_from(price: PriceRecord, package: str) -> bool:
    return any(key.startswith(f"{package}-") for key in price.source)


def _seen(offer: OfferRecord, package: str) -> bool:
    return any(_is_from(price, package) for price in offer.prices)


def _newest(offer: OfferRecord, today: date, wanted: Callable[[PriceRecord], bool]) -> PriceRecord | None:
    """The entry seen last that has begun; of one day one without an end, else the last in the file."""
    entries = [
        price
        for price in usable_prices(offer)
        if wanted(price) and (price.from_ is None or price.from_ <= today)
    ]
    # Entries are appended, and max takes the first of equals.
    return max(reversed(entries), key=lambda price: (price.as_of, price.to is None), default=None)


def _figures(price: PriceRecord) -> dict[str, float]:
    found = ((name, getattr(price, name)) for name in PRICE_FIGURES)
    return {name: value for name, value in found if value is not None}


def _pairs(before: Figures, after: Figures) -> list[tuple[float, float]]:
    """Input and output of both, where both have them."""
    return [(before[name], after[name]) for name in _COMPARED if name in before and name in after]


def _close(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(one, other)


def _jump(before: Figures, after: Figures) -> Anomaly | None:
    """Whether the input or output price changed more than JUMP_FACTOR times, from or to 0 included."""
    jumped = any(max(pair) > JUMP_FACTOR * min(pair) for pair in _pairs(before, after))
    return "price-jump" if jumped else None


def shown_price(figures: Figures) -> str:
    """Input and output as people write them: 0.25/2; a missing one is -."""
    return "/".join(f"{figures[name]:g}" if name in figures else "-" for name in _COMPARED)
