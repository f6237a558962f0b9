"""Scores, the best way of each model, the order and its ties. Exact integers throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.decide.values import Cells, Units

POINTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores in integer units: value units x weight units; 100 points are all of them."""

    contributions: Units  # candidates x criteria
    malus: Units  # candidates, 0 or less
    score: Units
    floor: Units
    ceiling: Units


def score(cells: Cells, weights: Units, malus: Units, *, stance: str) -> Scores:
    """Additive score of every candidate. A malus never takes a score below 0."""
    contributions = cells.point(stance) * weights
    gross = contributions.sum(axis=1)
    cut = -np.minimum(-malus, gross)

    def total(values: Units) -> Units:
        sums: Units = np.maximum((values * weights).sum(axis=1) + malus, 0)
        return sums

    return Scores(
        contributions=contributions, malus=cut, score=gross + cut,
        floor=total(cells.floor), ceiling=total(cells.ceiling),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Best rows first, with ranks that ties share."""

    rows: tuple[int, ...]
    ranks: tuple[int, ...]
    tied: tuple[tuple[int, ...], ...]  # for each, the other rows with the very same place


def best_ways(
    model: NDArray[np.intp],
    eligible: NDArray[np.bool_],
    scores: Scores,
    cost: NDArray[np.float64],
    tie: Units,
) -> dict[int, int]:
    """Per model its best eligible way: highest score, then floor, lower cost, lower `tie`.

    Eligible are admitted ways that may stand for their model: every way that is not an offer, and of the
    offers the one that stands for all of them. `tie` orders equals by name.
    """
    best: dict[int, int] = {}
    rows = np.flatnonzero(eligible)
    keys = np.lexsort((tie[rows], cost[rows], -scores.floor[rows], -scores.score[rows]))
    for row in rows[keys]:
        best.setdefault(int(model[row]), int(row))
    return best


def order(
    rows: Sequence[int],
    scores: Scores,
    flagged: NDArray[np.bool_],
    cost: NDArray[np.float64],
    ids: Mapping[int, str],
    *,
    margin: int,
) -> Order:
    """The order of the chosen rows.

    A flagged candidate (an unknown fact under a wish) stands below every unflagged one
    that is within `margin`. Same place = same score and same flag; shown by floor, cost, id.
    """
    effective = {row: int(scores.score[row]) - (margin if flagged[row] else 0) for row in rows}

    def key(row: int) -> tuple[int, bool, int, float, str]:
        return -effective[row], bool(flagged[row]), -int(scores.floor[row]), float(cost[row]), ids[row]

    ordered = sorted(rows, key=key)
    places = [(effective[row], bool(flagged[row])) for row in ordered]
    first: dict[tuple[int, bool], int] = {}
    ranks = [first.setdefault(place, position + 1) for position, place in enumerate(places)]
    same = {
        place: [row for row, p in zip(ordered, places, strict=True) if p == place] for place in set(places)
    }
    tied = tuple(
        tuple(r for r in same[place] if r != row) for row, place in zip(ordered, places, strict=True)
    )
    return Order(rows=tuple(ordered), ranks=tuple(ranks), tied=tied)


def spread_families(families: Sequence[str], *, first: int, limit: int) -> list[int]:
    """Positions reordered so that the first `first` hold at most `limit` of one family.

    Those that step back follow right after the first ones, in their old order. Ranks do not change.
    """
    front: list[int] = []
    back: list[int] = []
    for position, family in enumerate(families):
        if len(front) < first and sum(families[p] == family for p in front) < limit:
            front.append(position)
        else:
            back.append(position)
    return front + back
