"""What charts draw and leave out, and the figures of their findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommender.catalog.charts import (
    class_figures,
    price_chart,
    size_chart,
    size_finding,
    spearman,
)
from recommender.catalog.types import Missing, ModelClass
from tests.catalog.test_tables import BY_ID, CATALOG, ROWS

# The worked example of the encyclopaedias: quotient of intelligence against hours of television.
TEXTBOOK = list(
    zip((106, 100, 86, 101, 99, 103, 97, 113, 112, 110), (7, 27, 2, 50, 28, 29, 20, 12, 6, 17), strict=True)
)
SIZE, OWN, PRICE = size_chart(ROWS, scale="outside"), size_chart(ROWS, scale="own"), price_chart(ROWS)


@pytest.mark.parametrize("chart", [SIZE, OWN, PRICE], ids=["size", "own", "price"])
def test_points_and_left_out_are_all(chart):
    """Nothing is dropped silently: what is drawn and what is not make all models."""
    assert len(chart.drawn) + sum(chart.left_out.values()) == len(CATALOG.models)
    assert len({row.id for row in chart.drawn}) == len(chart.drawn)


def test_only_models_with_enough_ratings_are_drawn():
    """A point has an index over at least ten dimensions of an outside index, or five of our eight items."""
    assert min(row.dimensions_rated for row in SIZE.drawn) >= 10
    assert min(row.dimensions_rated for row in OWN.drawn) >= 5


def test_the_two_scales_of_openness_are_never_mixed():
    """A model stands on one of the two charts at most, and is counted as left out on the other."""
    assert {row.openness_basis for row in OWN.drawn} == {"own"}
    assert "own" not in {row.openness_basis for row in SIZE.drawn}
    assert SIZE.left_out["other-scale"] == len(OWN.drawn) + OWN.left_out.get("size-unchecked", 0)


def test_both_scales_together_show_at_least_250_models():
    """The default chart holds every model of either scale, and few of the catalog are missing from it."""
    both = size_chart(ROWS)
    assert {row.id for row in both.drawn} == {row.id for row in (*SIZE.drawn, *OWN.drawn)}
    assert len(both.drawn) >= 250


def test_undisclosed_sizes_are_never_placed():
    """The strip holds exactly the undisclosed ones, oldest first; the axis none of them."""
    assert {row.missing["parameters_total"] for row in SIZE.undisclosed} == {Missing.UNDISCLOSED}
    assert all(row.parameters_total is not None for row in SIZE.sized)
    released = [row.released for row in SIZE.undisclosed]
    assert released == sorted(released)


def test_unchecked_sizes_are_left_out_with_their_reason():
    """A size nobody looked up has no place on the axis and none in the strip."""
    row = replace(SIZE.sized[0], parameters_total=None, missing={"parameters_total": Missing.UNCHECKED})
    assert size_chart([row]).left_out == {"size-unchecked": 1}


def test_finding_is_computed_from_the_points():
    """Median, count and the most open closed model agree with the points."""
    found = size_finding(SIZE)
    small = sorted(row.openness for row in SIZE.drawn if row.model_class == ModelClass.SMALL)
    middle = (small[(len(small) - 1) // 2] + small[len(small) // 2]) / 2
    assert found.medians[ModelClass.SMALL] == middle
    assert found.counts[ModelClass.SMALL] == len(small)
    closed = [row.openness for row in SIZE.drawn if row.model_class == ModelClass.CLOSED]
    assert found.most_open_closed.openness == max(closed)


def test_finding_of_nothing_says_nothing():
    """An empty chart has no medians and no correlation."""
    found = size_finding(size_chart([]))
    assert (found.medians, found.correlation, found.strength) == ({}, None, "unknown")


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ([(1, 1), (2, 4), (3, 9)], 1.0),
        ([(1, 3), (2, 2), (3, 1)], -1.0),
        ([(1, 1), (2, 1), (3, 1)], None),
        (TEXTBOOK, -29 / 165),
    ],
)  # fmt: skip
def test_rank_correlation(pairs, wanted):
    """Spearman's coefficient: perfect, reversed, undefined, and the textbook example (-29/165)."""
    assert spearman(pairs) == (wanted if wanted is None else pytest.approx(wanted))


def test_rank_correlation_shares_ties():
    """Equal values share their rank: 1, 2.5, 2.5, 4 against 1, 2, 3, 4 gives 0.9487."""
    assert spearman([(1, 1), (2, 2), (2, 3), (4, 4)]) == pytest.approx(0.9486832980505138)


def test_frontier_is_beaten_by_none():
    """No drawn model is both cheaper and stronger than one of the frontier; all others are beaten."""

    def beaten(row):
        return any(
            other.price.usd_per_mtok <= row.price.usd_per_mtok and other.ability.likely >= row.ability.likely
            and other.id != row.id for other in PRICE.drawn
        )  # fmt: skip

    frontier = {row.id for row in PRICE.frontier}
    assert [row.id for row in PRICE.frontier if beaten(row)] == []
    assert [row.id for row in PRICE.drawn if row.id not in frontier and not beaten(row)] == []


def test_reasons_of_the_price_chart():
    """Retired, unpriced and unmeasured models are told apart."""
    reasons = [next(iter(price_chart([BY_ID[key]]).left_out)) for key in ("openai/gpt-4", "google/bert-base")]
    assert reasons == ["not-on-sale", "no-price"]


def test_class_figures_add_up():
    """The three classes and the unknown ones are all models."""
    counts = [
        class_figures(row for row in ROWS if row.model_class == each).models for each in (*ModelClass, None)
    ]
    assert sum(counts) == len(ROWS)
    assert class_figures([]).openness_median is None
