"""Scores, places and ties, on numbers small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.decide.ranking import Scores, best_ways, order, score, spread_families
from recommender.decide.values import Cells


def table(values):
    """Cells whose floor, points and ceiling are all the same."""
    units = np.array(values, dtype=np.int64)
    everywhere, known = np.ones_like(units, dtype=bool), np.zeros_like(units, dtype=np.int8)
    return Cells(
        floor=units, cautious=units, typical=units, ceiling=units, applicable=everywhere, state=known
    )


def scored(*points, floor=None):
    """Scores as they are, without criteria."""
    units = np.array(points, dtype=np.int64)
    low = units if floor is None else np.array(floor, dtype=np.int64)
    nothing = np.zeros_like(units)
    return Scores(contributions=units[:, None], malus=nothing, score=units, floor=low, ceiling=units)


def placed(scores, *, flagged=(), cost=None, names=None, margin=10):
    """The order of all rows: (row, rank) pairs, and who ties with whom."""
    count = len(scores.score)
    marks = np.isin(np.arange(count), list(flagged))
    costs = np.array(cost or [0.0] * count)
    ids = dict(enumerate(names or [f"m{row}" for row in range(count)]))
    made = order(range(count), scores, marks, costs, ids, margin=margin)
    return list(zip(made.rows, made.ranks, strict=True)), made.tied


def test_additive_score_agrees_with_scikit_criteria():
    """Rows [1, 0, 3] and [0, 5, 6] with equal weights score 4 and 11; the second is first."""
    made = score(
        table([[1, 0, 3], [0, 5, 6]]),
        np.ones((2, 3), dtype=np.int64),
        np.zeros(2, dtype=np.int64),
        stance="cautious",
    )
    assert made.score.tolist() == [4, 11]
    assert placed(made)[0] == [(1, 1), (0, 2)]


def test_a_deduction_never_goes_below_zero():
    """What cannot be taken is not taken; the sum of the parts stays the score."""
    made = score(table([[3], [50]]), np.ones((2, 1), dtype=np.int64), np.array([-10, -10]), stance="cautious")
    assert made.score.tolist() == [0, 40]
    assert (made.contributions.sum(axis=1) + made.malus).tolist() == made.score.tolist()
    assert made.floor.tolist() == [0, 40]


@pytest.mark.parametrize(("stance", "expected"), [("cautious", 2), ("typical", 5)])
def test_the_stance_chooses_the_point(stance, expected):
    """The cautious count the low point of what is not known, the others the middle."""
    units = {
        name: np.array([[value]])
        for name, value in (("floor", 1), ("cautious", 2), ("typical", 5), ("ceiling", 9))
    }
    cells = Cells(**units, applicable=np.array([[True]]), state=np.array([[0]], dtype=np.int8))
    made = score(cells, np.array([[1]]), np.array([0]), stance=stance)
    assert (made.floor[0], made.score[0], made.ceiling[0]) == (1, expected, 9)


def test_ties_share_a_rank_and_the_next_rank_is_skipped():
    """Two seconds are followed by a fourth, and each names the other."""
    rows, tied = placed(scored(50, 40, 40, 30))
    assert rows == [(0, 1), (1, 2), (2, 2), (3, 4)]
    assert tied == ((), (2,), (1,), ())


def test_ties_stand_by_floor_then_cost_then_id():
    """The order among equals is published, and none of it moves the rank."""
    rows, _ = placed(
        scored(40, 40, 40, 40, floor=[10, 20, 10, 10]), cost=[5.0, 9.0, 1.0, 5.0], names=["b", "z", "y", "a"]
    )
    assert rows == [(1, 1), (2, 1), (3, 1), (0, 1)]


@pytest.mark.parametrize(("score_of_unmarked", "first"), [(100, 1), (90, 1), (89, 0)])
def test_a_marked_row_stands_below_all_within_the_margin(score_of_unmarked, first):
    """With a margin of 10, a mark costs the place against 90 and more, not against less."""
    rows, _ = placed(scored(100, score_of_unmarked), flagged=[0])
    assert rows[0][0] == first


def test_a_marked_row_never_ties_with_an_unmarked_one():
    """Where both come to the same place, the unmarked one is better."""
    rows, tied = placed(scored(100, 90), flagged=[0])
    assert rows == [(1, 1), (0, 2)]
    assert tied == ((), ())


def test_marked_rows_among_themselves_keep_their_order():
    """A mark on all changes nothing."""
    assert placed(scored(30, 50, 40), flagged=[0, 1, 2])[0] == [(1, 1), (2, 2), (0, 3)]


def test_the_best_way_is_admitted_and_preferred():
    """Per model the highest score of the ways that pass and may stand for it."""
    model = np.array([0, 0, 0, 1, 1])
    admitted = np.array([True, True, False, True, False])
    preferred = np.array([True, False, True, True, True])
    made = best_ways(model, admitted & preferred, scored(10, 99, 98, 5, 6), np.zeros(5), np.arange(5))
    assert made == {0: 0, 1: 3}


def test_equal_ways_are_settled_by_floor_then_cost():
    """Of two ways with one score the surer one stands, then the cheaper one."""
    everywhere = np.ones(3, dtype=bool)
    ways = scored(10, 10, 10, floor=[5, 8, 8])
    cost = np.array([1.0, 9.0, 2.0])
    assert best_ways(np.zeros(3, dtype=np.intp), everywhere, ways, cost, np.arange(3)) == {0: 2}


def test_a_third_of_a_family_steps_back_behind_the_first_ones():
    """At most two of one family among the first four; the others follow in their order."""
    families = ["a", "a", "a", "b", "a", "c", "d"]
    assert spread_families(families, first=4, limit=2) == [0, 1, 3, 5, 2, 4, 6]


def test_few_families_leave_the_order_alone():
    """Nothing to spread, nothing moved; and nobody is lost where there are too few families."""
    assert spread_families(["a", "b", "a"], first=10, limit=2) == [0, 1, 2]
    assert spread_families(["a"] * 4, first=10, limit=2) == [0, 1, 2, 3]
