"""The factor model by itself: made-up unknowns and items with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.catalog.ability_latent_fit import Fit, Item, Observation, Term, extended, fit

BOARD = Item(slope=1.0, level=0.0, noise=0.1, fixed=True)
TEST = Item(slope=1.0, level=0.0, noise=0.3, slope_sd=1.0, level_sd=1.0)


def seen(item: str, column: int, y: float, **more: float) -> Observation:
    """A score that sees one unknown."""
    return Observation(item=item, loads=((column, 1.0),), y=y, **more)


def wide(size: int) -> list[Term]:
    """A weak prior at 0 for every unknown."""
    return [Term(loads=((column, 1.0),), mean=0.0, sd=1.0) for column in range(size)]


def linked() -> Fit:
    """Thirty unknowns on a board; a test of slope 2 and level 1 was run on these and on one more."""
    theta = np.linspace(-1, 1, 30)
    scores = [seen("board", i, t) for i, t in enumerate(theta)]
    scores += [seen("test", i, 1 + 2 * t) for i, t in enumerate(theta)]
    scores.append(seen("test", 30, 1 + 2 * 0.5))
    return fit(31, wide(31), scores, {"board": BOARD, "test": TEST}, steps=60)


def test_one_score_and_a_prior_give_the_mean_weighed_by_precision() -> None:
    """Prior 0 +/- 1 and a score 1 +/- 0.1: 100 / 101, sd 1 / sqrt(101)."""
    found = fit(1, wide(1), [seen("board", 0, 1.0)], {"board": BOARD})
    assert found.value(((0, 1.0),)) == pytest.approx((100 / 101, 101**-0.5))


def test_slope_and_level_of_a_test_are_recovered_from_the_board() -> None:
    """A test of slope 2 and level 1 is found to be one."""
    item = linked().items["test"]
    assert item.slope == pytest.approx(2.0, abs=0.06)
    assert item.level == pytest.approx(1.0, abs=0.03)


def test_a_test_places_a_model_that_the_board_never_saw() -> None:
    """Stitched through the others, its score means 0.5 on the board's scale."""
    assert linked().value(((30, 1.0),))[0] == pytest.approx(0.5, abs=0.05)


def test_a_noisier_score_moves_less() -> None:
    """The same score with ten times the variance pulls less and leaves more doubt."""
    plain, noisy = (
        fit(1, wide(1), [seen("board", 0, 1.0, spread=spread)], {"board": BOARD}).value(((0, 1.0),))
        for spread in (1.0, 10.0)
    )
    assert noisy[0] < plain[0]
    assert noisy[1] > plain[1]


def test_an_unknown_that_follows_takes_from_its_parent_and_gives_nothing_back() -> None:
    """Child = parent + 0.2 +/- 0.1: the parent stays, the child's variance is the sum."""
    found = fit(1, wide(1), [seen("board", 0, 1.0)], {"board": BOARD})
    both = extended(found, 2, [Term(loads=((1, 1.0), (0, -1.0)), mean=0.2, sd=0.1)])
    assert both.value(((0, 1.0),)) == found.value(((0, 1.0),))
    assert both.value(((1, 1.0),)) == pytest.approx((100 / 101 + 0.2, (1 / 101 + 0.01) ** 0.5))
    assert both.value(((1, 1.0), (0, -1.0))) == pytest.approx((0.2, 0.1))
