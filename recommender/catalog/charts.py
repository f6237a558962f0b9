"""Which rows a chart can draw, which it cannot and why, and what the drawn ones show. No drawing here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from recommender.catalog.tables import Row
from recommender.catalog.types import Missing, ModelClass

CLASSES = (ModelClass.CLOSED, ModelClass.OPEN_WEIGHT, ModelClass.SMALL)
RANKED_MIN = 10
"""Fewest models for which a correlation is worth a word."""
_CLEAR, _SLIGHT = 0.5, 0.2  # words of the correlation, by its size


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeChart:
    """Points of size against openness. Nothing is dropped: drawn and not drawn make all rows."""

    sized: tuple[Row, ...]  # at their total parameters
    undisclosed: tuple[Row, ...]  # in the strip, oldest first: there is no place for them on the axis
    left_out: Mapping[str, int]  # reason (no-index, other-scale, size-unchecked) -> models

    @property
    def drawn(self) -> tuple[Row, ...]:
        """Every row that has a point."""
        return (*self.sized, *self.undisclosed)


def size_chart(rows: Iterable[Row], *, scale: str = "both") -> SizeChart:
    """The points of size against openness, of models that have an index on this scale.

    Ratings of an outside index and our own are two scales; where both are drawn, ours must look different.
    """
    sized, hidden, out = [], [], Counter[str]()
    for row in rows:
        if row.openness is None:
            out["no-index"] += 1
        elif scale not in ("both", row.openness_scale):
            out["other-scale"] += 1
        elif row.parameters_total is not None:
            sized.append(row)
        elif row.missing["parameters_total"] == Missing.UNDISCLOSED:
            hidden.append(row)
        else:
            out["size-unchecked"] += 1
    in_order = sorted(hidden, key=lambda row: (row.released, row.id))
    return SizeChart(sized=tuple(sized), undisclosed=tuple(in_order), left_out=dict(out))


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeFinding:
    """What the size chart shows in figures."""

    medians: Mapping[ModelClass, float]
    counts: Mapping[ModelClass, int]
    most_open_closed: Row | None
    correlation: float | None  # Spearman, size against openness, of models with a known size
    strength: str  # clear, slight, none, or unknown

    @property
    def rises(self) -> bool:
        """Whether larger models are the more open ones."""
        return self.correlation is not None and self.correlation > 0


def size_finding(chart: SizeChart) -> SizeFinding:
    """Medians per class, the most open closed model, and how size and openness go together."""
    by_class = {each: [row for row in chart.drawn if row.model_class == each] for each in CLASSES}
    closed = [row for row in by_class[ModelClass.CLOSED] if row.openness is not None]
    pairs = [
        (float(row.parameters_total), row.openness)
        for row in chart.sized
        if row.parameters_total is not None and row.openness is not None
    ]
    correlation = spearman(pairs) if len(pairs) >= RANKED_MIN else None
    return SizeFinding(
        medians={
            each: median(row.openness for row in group if row.openness is not None)
            for each, group in by_class.items()
            if group
        },
        counts={each: len(group) for each, group in by_class.items()},
        most_open_closed=max(closed, key=lambda row: (row.openness or 0.0, row.id), default=None),
        correlation=correlation,
        strength=_strength(correlation),
    )


def _strength(correlation: float | None) -> str:
    if correlation is None:
        return "unknown"
    size = abs(correlation)
    return "clear" if size >= _CLEAR else "slight" if size >= _SLIGHT else "none"


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Rank correlation, -1 to 1, equal values sharing their rank; None where one side never varies."""
    if len(pairs) < 2:
        return None
    first, second = (_ranks([pair[side] for pair in pairs]) for side in (0, 1))
    middle = (len(pairs) + 1) / 2
    covariance = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    spread = sum((a - middle) ** 2 for a in first) * sum((b - middle) ** 2 for b in second)
    return float(covariance / spread**0.5) if spread else None


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(order, start=1)))}
    counts = Counter(values)
    return [first[value] + (counts[value] - 1) / 2 for value in values]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChart:
    """Points of ability against price; drawn and left out make all rows."""

    drawn: tuple[Row, ...]
    frontier: tuple[Row, ...]  # no other is both cheaper and stronger; the cheapest first
    left_out: Mapping[str, int]  # no-ability, no-price, not-on-sale


def price_chart(rows: Iterable[Row]) -> PriceChart:
    """The points of general ability against blended price."""
    drawn, out = [], Counter[str]()
    for row in rows:
        if row.price is None and row.missing.get("price") == Missing.NOT_APPLICABLE:
            out["not-on-sale"] += 1
        elif row.price is None:
            out["no-price"] += 1
        elif row.ability is None:
            out["no-ability"] += 1
        else:
            drawn.append(row)
    return PriceChart(drawn=tuple(drawn), frontier=_frontier(drawn), left_out=dict(out))


def _frontier(drawn: Iterable[Row]) -> tuple[Row, ...]:
    """Rows that nothing beats on both price and likeliest ability."""
    best, kept = float("-inf"), []
    for row in sorted(drawn, key=lambda row: (_price(row), -_points(row), row.id)):
        if _points(row) > best:
            best = _points(row)
            kept.append(row)
    return tuple(kept)


def _price(row: Row) -> float:
    return row.price.usd_per_mtok if row.price else float("inf")


def _points(row: Row) -> float:
    return row.ability.likely if row.ability else float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFigures:
    """Live figures about one class."""

    models: int
    available: int  # not retired, and released
    sized: int  # of them, those with known total parameters
    openness_median: float | None  # on the scale of the outside indices
    openness_rated: int
    price_median: float | None  # US dollars per million tokens, blended
    priced: int
    ability_best: Row | None  # measured (grade A or B) and available


def class_figures(rows: Iterable[Row]) -> ClassFigures:
    """What the catalog holds about the rows of one class."""
    group = list(rows)
    here = [row for row in group if row.status not in ("retired", "never-released")]
    rated = [row.openness for row in group if row.openness is not None and row.openness_scale == "outside"]
    priced = [row.price.usd_per_mtok for row in here if row.price is not None]
    measured = [row for row in here if row.ability is not None and row.ability.grade[:1] in ("A", "B")]
    return ClassFigures(
        models=len(group),
        available=len(here),
        sized=sum(1 for row in group if row.parameters_total is not None),
        openness_median=median(rated) if rated else None,
        openness_rated=len(rated),
        price_median=median(priced) if priced else None,
        priced=len(priced),
        ability_best=max(measured, key=lambda row: (_points(row), row.id), default=None),
    )
