"""The vocabulary as rows: every number of ours reaches the method page, with its reason."""

from __future__ import annotations

import pytest

from recommender.catalog.vocabulary import assumptions, criterion_parts, points_of
from tests.catalog.test_fact_rows import leaves
from tests.catalog.test_tables import CATALOG

FILES = ("hosting", "hardware_assumptions", "quantisation", "assumptions", "criteria")


@pytest.mark.parametrize("name", FILES)
def test_every_number_is_a_row(name):
    """No value of a vocabulary file is left out."""
    rows = assumptions(CATALOG.vocabulary[name])
    texts = {str(text) for row in rows for text in (row.value, row.low, row.high, row.reason)}
    texts |= {str(row.value) for row in rows}
    lost = [
        path for path, value in leaves(CATALOG.vocabulary[name])
        if str(value) not in texts and not isinstance(value, list) and not path.endswith("reason")
    ]  # fmt: skip
    assert lost == []


@pytest.mark.parametrize("name", FILES)
def test_every_reason_is_told(name):
    """A reason that the files give is shown beside something."""
    told = {row.reason for row in assumptions(CATALOG.vocabulary[name])}
    reasons = [text for path, text in leaves(CATALOG.vocabulary[name]) if path.split(".")[-1] == "reason"]
    assert [text for text in reasons if text not in told] == []


def test_a_reason_holds_for_its_block():
    """The nearest reason counts; that of a single number before that of its block."""
    tree = {
        "a": {"reason": "block", "b": 1, "c": {"value": 2, "low": 1, "reason": "own"}, "b_reason": "beside"}
    }
    assert [(row.path, row.value, row.reason) for row in assumptions(tree)] == [
        ("a.b", 1, "beside"),
        ("a.c", 2, "own"),
    ]


def test_points_are_value_times_weight_of_a_hundred():
    """Half the value at a fifth of the weight is ten points."""
    assert points_of(0.5, 0.2) == 10.0


def test_criterion_parts_keep_all_anchors():
    """Both curves of a criterion are given where it has two."""
    (cost,) = [entry for entry in CATALOG.vocabulary["criteria"]["criteria"] if entry["id"] == "C02"]
    assert set(criterion_parts(cost)) == {"anchors", "anchors_without_answer"}
