"""What a licence says to one organisation: covered, not covered, or settled by no source.

Our reading of published texts, no legal advice. Some limits are counted on the day a licence was released;
they are compared with the figures of today, which misjudges those that have crossed them since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from recommender.catalog.types import Licence, Missing, Model

_ALLOWS = {"yes": True, "yes-with-conditions": True, "no": False}
_TEXT = {"text", "json", "labels", "spans", "embedding"}
_EU = (
    "at", "be", "bg", "hr", "cy", "cz", "dk", "ee", "fi", "fr", "de", "gr", "hu", "ie", "it", "lv", "lt",
    "lu", "mt", "nl", "pl", "pt", "ro", "sk", "si", "es", "se",
)  # fmt: skip
_SAME_AREA = {**dict.fromkeys(_EU, "eu"), "el": "eu", "gb": "uk"}
_INSIDE = {"apac": {"kr"}}  # answers that leave open whether an excluded country is meant


class Verdict(NamedTuple):
    """Whether a licence covers an organisation, which term decided, and where it stands in the text."""

    covered: bool | None  # None: no source settles it
    term: str = ""  # commercial_use, monthly_active_users_max, annual_revenue_usd_max, regions_excluded
    clause: str = ""


def verdict(
    licence: Licence,
    *,
    users: int | None,
    revenue: float | None,
    region: str | None,
    commercial: bool | None,
    modalities: Iterable[str],
) -> Verdict:
    """Whether the licence covers an organisation with these monthly users, yearly revenue in US dollars
    and seat, for this use of a model with these modalities. What is None was not said and is not tested.

    A term that rules the organisation out goes before one that nobody has checked.
    """
    asked = dict(_answers(licence, users, revenue, region, commercial, frozenset(modalities)))
    for wanted in (False, None):
        for term, covered in asked.items():
            if covered is wanted:
                return Verdict(wanted, term, licence.clauses.get(term, ""))
    return Verdict(True)


def licence_of(model: Model, licences: Mapping[str, Licence]) -> Licence:
    """The licence of a model; where its id settles nothing, what the model's card says of commercial use."""
    found = licences.get(model.licence) or Licence(id=model.licence, name=model.licence)
    if found.commercial_use != "unknown":
        return found
    return replace(found, commercial_use=model.commercial_use)


def _answers(
    licence: Licence,
    users: int | None,
    revenue: float | None,
    region: str | None,
    commercial: bool | None,
    modalities: frozenset[str],
) -> Iterator[tuple[str, bool | None]]:
    """Each term that was asked about, in the order in which it is named as the reason."""
    if region is not None:
        yield "regions_excluded", _covers_region(licence, region, modalities)
    if commercial:
        yield "commercial_use", _ALLOWS.get(licence.commercial_use)
    for term, figure in (("monthly_active_users_max", users), ("annual_revenue_usd_max", revenue)):
        bound = commercial or licence.applies_to.get(term) != "commercial-use"
        if figure is not None and bound:
            yield term, _within(licence, term, figure, commercial)


def _within(licence: Licence, term: str, figure: float, commercial: bool | None) -> bool | None:
    limit: float | None = getattr(licence, term)
    if limit is not None:
        return figure <= limit
    # Where commercial use is free without conditions there is no limit to look for.
    unconditional = licence.commercial_use == "yes"
    return True if unconditional or _has_none(licence, term) or not commercial else None


def _covers_region(licence: Licence, region: str, modalities: frozenset[str]) -> bool | None:
    excluded = licence.regions_excluded
    if excluded is None:
        return True if _has_none(licence, "regions_excluded") or licence.commercial_use == "yes" else None
    narrowed = licence.applies_to.get("regions_excluded") == "multimodal"
    if narrowed and modalities and modalities <= _TEXT:
        return True
    area = _SAME_AREA.get(region, region)
    if area in excluded:
        return None if narrowed and not modalities else False
    return None if _INSIDE.get(area, set()) & set(excluded) else True


def _has_none(licence: Licence, term: str) -> bool:
    """Whether somebody looked and the text holds no such term."""
    return licence.missing.get(term) == Missing.NOT_APPLICABLE
