"""How complete and how fresh the facts are, counted. No words, no drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from recommender.catalog.all_facts import GAPS, UNCHECKED, CatalogFact, at
from recommender.catalog.fact_rows import ASKED

COVERED = ("family", "kind", "architecture", "released", "status", *ASKED)
"""What every model can be asked for."""
RECENT_DAYS = 90
"""Looked at within a quarter: as long as a price goes without a mark."""
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One field over all models."""

    field: str
    counts: Mapping[str, int]  # by kind of GAPS
    models: int

    def share(self, gap: str) -> float:
        """The part of all models, 0 to 1."""
        return self.counts[gap] / self.models if self.models else 0.0


def coverage(details: Mapping[str, Any]) -> tuple[Coverage, ...]:
    """For each field that every model can be asked for: has a value, or why not."""
    models = list(details["models"].values())
    return tuple(_covered(field, models) for field in COVERED)


def _covered(field: str, models: list[Mapping[str, Any]]) -> Coverage:
    found = Counter(_gap(at(content, field)) for content in models)
    return Coverage(field=field, counts={gap: found[gap] for gap in GAPS}, models=len(models))


def _gap(fact: Mapping[str, Any] | None) -> str:
    return UNCHECKED if fact is None else str(fact.get("status", "known"))


def by_month(facts: Iterable[CatalogFact]) -> Mapping[str, int]:
    """Month (2026-11) -> facts last looked at in it, without a hole between the first and the last."""
    counted = Counter(fact.as_of[:7] for fact in facts if fact.as_of)
    if not counted:
        return {}
    first, last = (_number(month) for month in (min(counted), max(counted)))
    months = [f"{number // _MONTHS:04d}-{number % _MONTHS + 1:02d}" for number in range(first, last + 1)]
    return {month: counted[month] for month in months}


def _number(month: str) -> int:
    year, _, within = month.partition("-")
    return int(year) * _MONTHS + int(within) - 1


def recent_share(facts: Iterable[CatalogFact], day: date) -> float:
    """The part of the facts that somebody looked at within RECENT_DAYS before a day."""
    since = (day - timedelta(days=RECENT_DAYS)).isoformat()
    dated = [fact.as_of for fact in facts if fact.as_of]
    return sum(seen >= since for seen in dated) / len(dated) if dated else 0.0
