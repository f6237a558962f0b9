"""Value curves and weights, against worked cases from publications."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.decide.values import (
    ESTIMATED,
    KNOWN,
    NOT_APPLICABLE,
    UNCHECKED,
    UNDISCLOSED,
    UNMEASURED,
    Quantities,
    cells,
    curve,
    load_criteria,
)
from recommender.decide.weights import criterion_weights, inside_shares, largest_remainder, weight_rows

# tommite/jsmaa, UtilityFunctionTest: a scale from 1 to 2, with and without a point in between.
JSMAA = [
    ([[1, 0], [2, 1]], 1.6, 0.6),
    ([[1, 1], [2, 0]], 1.6, 0.4),
    ([[1, 0], [1.2, 0.5], [2, 1]], 1.1, 0.25),
    ([[1, 1], [1.2, 0.5], [2, 0]], 1.1, 0.75),
]


@pytest.mark.parametrize(("anchors", "x", "expected"), JSMAA)
def test_value_functions_agree_with_jsmaa(anchors, x, expected):
    """Four published values of piecewise-linear functions, rising and falling."""
    assert float(curve(anchors)(x)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("x", "expected"), [(-5, 0), (0.99, 0), (1, 0), (2, 1), (2.01, 1), (1e12, 1)])
def test_values_are_clipped_at_the_anchors(x, expected):
    """Outside the scale a value stays at its end."""
    assert float(curve([[1, 0], [2, 1]])(x)) == expected


@pytest.mark.parametrize(("x", "expected"), [(10, 0.5), (1, 0), (100, 1), (0, 0), (-3, 0), (1e9, 1)])
def test_log_scale_halves_in_ratio(x, expected):
    """On a log axis ten lies in the middle of one and a hundred; zero clips to the low end."""
    assert float(curve([[1, 0], [100, 1]], log=True)(x)) == pytest.approx(expected)


def test_anchors_may_be_multiples_of_an_answer():
    """A curve over a budget of 200: the whole of it is worth nothing, a hundredth everything."""
    made = curve([[1, 0], [0.1, 0.6], [0.01, 1]], log=True, times=200)
    assert [float(made(x)) for x in (200, 20, 2, 500)] == pytest.approx([0, 0.6, 1, 0])


@pytest.fixture(scope="module")
def criteria(catalog):
    """The real criteria."""
    return load_criteria(catalog.vocabulary["criteria"])


def test_every_criterion_has_anchors_from_nothing_upwards(criteria):
    """Each curve stays within 0 and 1 and touches 0; it never turns."""
    for criterion in criteria:
        values = [value for _, value in sorted(criterion.anchors)]
        assert min(values) == 0
        assert max(values) <= 1
        assert values in (sorted(values), sorted(values, reverse=True))


def test_not_checked_ends_are_in_order(criteria):
    """The constants for what nobody checked rise in value from worse to better."""
    for criterion in criteria:
        ends = [float(criterion.curve_for({}, {"context_tokens": 8000.0})(x)) for x in criterion.not_checked]
        assert ends == sorted(ends)


def test_budget_moves_the_anchors_of_cost(criteria):
    """With a budget its own multiples count, without one the fixed sums."""
    cost = next(criterion for criterion in criteria if criterion.id == "C02")
    assert float(cost.curve_for({"budget_usd_month": 50}, {})(5)) == pytest.approx(0.6)
    assert float(cost.curve_for({}, {})(1000)) == pytest.approx(0.3)


STATES = [
    (KNOWN, (0.2, 0.5, 0.5, 0.9)),
    (ESTIMATED, (0.2, 0.5, 0.5, 0.9)),
    (UNDISCLOSED, (0.2, 0.2, 0.5, 0.9)),
    (UNMEASURED, (0.2, 0.2, 0.5, 0.9)),
    (UNCHECKED, (0.25, 0.25, 0.5, 0.75)),
    (NOT_APPLICABLE, (0.0, 0.0, 0.0, 0.0)),
]


@pytest.mark.parametrize(("state", "expected"), STATES)
def test_each_kind_of_missing_has_its_own_point(criteria, state, expected):
    """Floor, cautious, typical, ceiling: hidden counts at its worst for the cautious, what nobody checked at
    its constants, what does not apply not at all."""
    languages = next(criterion for criterion in criteria if criterion.id == "C15")
    ends = {name: np.array([x]) for name, x in (("worse", 0.2), ("likely", 0.5), ("better", 0.9))}
    made = cells(
        [Quantities(**ends, state=np.array([state], dtype=np.int8))],
        [curve([[0, 0], [1, 1]])],
        [languages],
        units=1000,
    )
    assert [part[0, 0] / 1000 for part in (made.floor, made.cautious, made.typical, made.ceiling)] == list(
        expected
    )
    assert made.applicable[0, 0] == (state != NOT_APPLICABLE)


def test_swing_weights_agree_with_goodwin_and_wright():
    """Raw swings 100, 50, 30 are weights .556, .278, .167 (Goodwin & Wright 2004, fig. 13.4)."""
    whole = largest_remainder([100, 50, 30], 16384)
    assert [part / 16384 for part in whole] == pytest.approx([0.556, 0.278, 0.167], abs=6e-4)


@pytest.mark.parametrize(
    ("shares", "total", "expected"),
    [
        ([1, 1, 1], 100, [34, 33, 33]),  # equal remainders: the earlier one
        (
            [47000, 16000, 15800, 12000, 6100, 3100],
            10,
            [5, 2, 1, 1, 1, 0],
        ),  # Hamilton's method, textbook votes
        ([0, 0], 7, [0, 0]),
        ([0, 5], 7, [0, 7]),
        ([], 5, []),
    ],
)
def test_largest_remainder(shares, total, expected):
    """Parts are whole and sum to the total."""
    assert largest_remainder(shares, total) == expected


def test_a_group_keeps_its_weight_where_a_criterion_does_not_apply(criteria):
    """The share of what does not apply goes to its siblings, not to other groups."""
    groups = {"quality": 100, "economy": 70, "control": 50, "assurance": 40}
    shares = inside_shares(criteria, {}, {})
    whole = [True] * len(criteria)
    parts = [criterion.id != "C03" for criterion in criteria]
    sums = []
    for applies in (whole, parts):
        weights = criterion_weights(criteria, groups, shares, applies, total=16384)
        sums.append(
            {
                name: sum(w for w, c in zip(weights, criteria, strict=True) if c.group == name)
                for name in groups
            }
        )
    assert sums[0] == pytest.approx(sums[1], abs=2)
    assert sum(sums[1].values()) == 16384


def test_languages_count_only_when_asked(criteria):
    """A criterion bound to an answer has no share without it."""
    place = [criterion.id for criterion in criteria].index("C15")
    assert inside_shares(criteria, {}, {})[place] == 0
    assert inside_shares(criteria, {}, {"languages": ("de",)})[place] == 10
    assert inside_shares(criteria, {"C15": 55}, {"languages": ("de",)})[place] == 55


def test_rows_follow_what_applies_to_them(criteria):
    """Candidates with the same pattern have the same weights; each row sums to the whole."""
    applicable = np.ones((3, len(criteria)), dtype=bool)
    applicable[1, [criterion.id for criterion in criteria].index("C03")] = False
    groups = {"quality": 100, "economy": 70, "control": 50, "assurance": 40}
    made = weight_rows(criteria, groups, inside_shares(criteria, {}, {}), applicable, total=16384)
    assert (made[0] == made[2]).all()
    assert (made[0] != made[1]).any()
    assert made.sum(axis=1).tolist() == [16384] * 3
