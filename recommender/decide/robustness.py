"""How sure the first place is: the ranking again under many plausible weights and values.

Weights are drawn around the stated ones (log-normal, by certainty), values inside their intervals, one
stream of numbers per model and criterion, so that adding a model changes nobody's draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.decide.engine import Evaluation
from recommender.decide.sobol import POINTS, normal_scores, shifted
from recommender.decide.values import Floats, Units

SIGMA = {"sure": 0.20, "fairly": 0.35, "unsure": 0.60}
DEFAULT_CERTAINTY = "fairly"
NO_PREFERENCE = "none"
CONTENDERS = 120  # models that are drawn; the others stand too far behind to be first
PAIRS = 5
WORDS = ((0.8, "clear"), (0.6, "likely"), (0.4, "open"), (0.0, "toss-up"))
TIE_BELOW = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """Shares of draws. `first` and `top3` by row; weights as shares of the four groups."""

    first: Mapping[int, float]
    top3: Mapping[int, float]
    pairwise: Mapping[tuple[int, int], float]
    central: Mapping[int, Mapping[str, float]]
    intervals: Mapping[str, tuple[float, float]]
    verdict: str
    is_tie: bool
    samples: int
    certainty: str


def robustness(made: Evaluation) -> Robustness | None:
    """The robustness of a ranking; None where fewer than two models are left."""
    rows = contenders(made)
    if len(rows) < 2:
        return None
    certainty = str(made.situation.given.get("certainty", DEFAULT_CERTAINTY))
    weights = weight_draws(made, rows, certainty)
    scores = score_draws(made, rows, weights)
    first = shares_of_first(scores)
    best = made.order.rows[0]
    p_first = float(first[rows.index(best)])
    gap = made.points(int(made.scores.score[made.order.rows[0]] - made.scores.score[made.order.rows[1]]))
    tie_points = made.table.catalog.vocabulary["criteria"]["scales"]["tie_points"]
    return Robustness(
        first=dict(zip(rows, first.tolist(), strict=True)),
        top3=dict(zip(rows, shares_of_top(scores, 3).tolist(), strict=True)),
        pairwise=pairwise(scores, rows, made.order.rows[:PAIRS]),
        central=central_weights(made, rows, scores, weights),
        intervals=group_intervals(made),
        verdict=next(word for limit, word in WORDS if p_first >= limit),
        is_tie=p_first < TIE_BELOW or gap < tie_points,
        samples=POINTS,
        certainty=certainty,
    )


def contenders(made: Evaluation) -> list[int]:
    """The ranked rows that could come out first, by what their intervals allow at best."""
    reach = sorted(made.order.rows, key=lambda row: (-int(made.scores.ceiling[row]), row))
    chosen = set(reach[:CONTENDERS]) | set(made.order.rows[:PAIRS])
    return [row for row in made.order.rows if row in chosen]


def weight_draws(made: Evaluation, rows: Sequence[int], certainty: str) -> dict[bytes, Units]:
    """For each pattern of stated weights the drawn ones: draws x criteria, integers of one sum."""
    total = int(made.weights[rows[0]].sum())
    draws: dict[bytes, Units] = {}
    for row in rows:
        stated = made.weights[row]
        if stated.tobytes() not in draws:
            draws[stated.tobytes()] = quantised(spread(stated, certainty), total)
    return draws


def spread(stated: Units, certainty: str) -> Floats:
    """Weights drawn around stated ones; all of the simplex where there is no preference. 0 stays 0."""
    count = len(stated)
    if certainty == NO_PREFERENCE:
        drawn: Floats = -np.log1p(-shifted(count)) * (stated > 0)
        return drawn
    around: Floats = stated.astype(np.float64) * np.exp(SIGMA[certainty] * normal_scores(count))
    return around


def quantised(weights: Floats, total: int) -> Units:
    """Rows of weights as integers that sum to `total`, by largest remainder."""
    exact = weights * (total / weights.sum(axis=1, keepdims=True))
    floors = np.floor(exact)
    missing = (total - floors.sum(axis=1)).astype(np.int64)
    order = np.argsort(-(exact - floors), axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(order.shape[1])[None, :], axis=1)
    whole: Units = (floors + (places < missing[:, None])).astype(np.int64)
    return whole


def score_draws(made: Evaluation, rows: Sequence[int], weights: Mapping[bytes, Units]) -> Floats:
    """Scores of the rows under every draw: draws x rows. Whole numbers, exact in floats."""
    scores = np.empty((POINTS, len(rows)))
    margin = made.all_units * int(made.table.catalog.vocabulary["criteria"]["scales"]["tie_points"]) // 100
    for column, row in enumerate(rows):
        drawn = weights[made.weights[row].tobytes()]
        low, high = made.cells.floor[row], made.cells.ceiling[row]
        fixed = low == high
        total = drawn @ np.where(fixed, low, 0)
        model = made.table.models[int(made.ways.rows.model[row])].id
        for index in np.flatnonzero(~fixed & (made.weights[row] > 0)):
            spread_units = np.rint(uniform(model, made.criteria[index].id) * (high[index] - low[index]))
            total = total + drawn[:, index] * (low[index] + spread_units.astype(np.int64))
        late = margin if made.admission.flagged[row] else 0
        scores[:, column] = total + made.scores.malus[row] - late
    return scores


def uniform(model: str, criterion: str) -> Floats:
    """The numbers of one model and criterion in [0, 1): a counter-based stream keyed by their names."""
    key = hashlib.sha256(f"{model}\0{criterion}".encode()).digest()[:16]
    raw = np.random.Philox(key=int.from_bytes(key, "little")).random_raw(POINTS)
    return (raw >> np.uint64(11)) / 2.0**53


def shares_of_first(scores: Floats) -> Floats:
    """Share of draws in which each column is first; a shared first place is divided."""
    ahead = scores == scores.max(axis=1, keepdims=True)
    shares: Floats = (ahead / ahead.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def shares_of_top(scores: Floats, count: int) -> Floats:
    """Share of draws in which each column is among the first `count`; the last place is divided by ties."""
    if scores.shape[1] <= count:
        return np.ones(scores.shape[1])
    limit = np.partition(scores, -count, axis=1)[:, -count][:, None]
    above, level = scores > limit, scores == limit
    left = (count - above.sum(axis=1, keepdims=True)) / level.sum(axis=1, keepdims=True)
    shares: Floats = (above + level * left).mean(axis=0)
    return shares


def pairwise(scores: Floats, rows: Sequence[int], leaders: Sequence[int]) -> dict[tuple[int, int], float]:
    """Share of draws in which one leader beats another; ties count half."""
    column = {row: rows.index(row) for row in leaders}
    return {
        (one, other): float(
            (scores[:, column[one]] > scores[:, column[other]]).mean()
            + (scores[:, column[one]] == scores[:, column[other]]).mean() / 2
        )
        for one in leaders
        for other in leaders
        if one != other
    }


def central_weights(
    made: Evaluation, rows: Sequence[int], scores: Floats, weights: Mapping[bytes, Units]
) -> dict[int, dict[str, float]]:
    """Who would choose this: the mean weights of the groups over the draws in which a row is first."""
    ahead = scores == scores.max(axis=1, keepdims=True)
    groups = group_matrix(made)
    central = {}
    for column, row in enumerate(rows):
        wins = ahead[:, column]
        if wins.any():
            mean = weights[made.weights[row].tobytes()][wins].mean(axis=0) @ groups
            shares = mean / mean.sum()
            central[row] = dict(zip(group_names(made), shares.tolist(), strict=True))
    return central


def group_names(made: Evaluation) -> list[str]:
    """The four groups in the order of data/criteria.yaml."""
    return list(made.table.catalog.vocabulary["criteria"]["groups"])


def group_matrix(made: Evaluation) -> NDArray[np.float64]:
    """Criteria x groups: 1 where a criterion belongs to a group."""
    names = group_names(made)
    return np.array([[criterion.group == name for name in names] for criterion in made.criteria], dtype=float)


def group_intervals(made: Evaluation) -> dict[str, tuple[float, float]]:
    """For each group the shares of weight for which the first stays first, the others in proportion.

    Closed form: the gap to a rival is a straight line in the share t, a + d t.
    """
    rows = list(made.order.rows)
    groups = group_matrix(made)
    weighed, points = made.weights[rows] @ groups, made.scores.contributions[rows] @ groups
    malus = made.scores.malus[rows].astype(float)
    total = float(made.weights[rows[0]].sum())
    means = np.divide(points, weighed, out=np.zeros_like(points), where=weighed > 0)
    shares = weighed[0] / total
    found = {}
    for index, name in enumerate(group_names(made)):
        others = np.delete(shares, index)
        if shares[index] <= 0 or others.sum() <= 0:
            continue
        rest = np.delete(means, index, axis=1) @ (others / others.sum())
        at_zero = rest * total + malus
        slope = (means[:, index] - rest) * total
        found[name] = interval(at_zero[0] - at_zero[1:], slope[0] - slope[1:], float(shares[index]))
    return found


def interval(gaps: Floats, slopes: Floats, now: float) -> tuple[float, float]:
    """The t in [0, 1] around `now` for which no gap + slope x t is negative."""
    low, high = 0.0, 1.0
    for gap, slope in zip(gaps.tolist(), slopes.tolist(), strict=True):
        if slope == 0:
            continue
        edge = -gap / slope
        if slope > 0:
            low = max(low, edge)
        else:
            high = min(high, edge)
    return min(low, now), max(high, now)
