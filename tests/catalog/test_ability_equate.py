"""Scores of different benchmarks as observations of the fit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest

from recommender.catalog.ability_equate import equated, evidence_by_model
from tests.catalog.ability_samples import ASSUMPTIONS, score


def test_a_percentage_is_read_as_log_odds() -> None:
    """GPQA 80 % is ln 4 = 1.386."""
    evidence = equated(score("gpqa-diamond", 80.0), ASSUMPTIONS)
    assert evidence is not None
    assert evidence.y == pytest.approx(math.log(4))


def test_the_text_board_keeps_its_points_and_its_published_interval() -> None:
    """1493 with 1488 to 1498 stays 1493; half the 95 % interval over 1.96 is its standard deviation."""
    evidence = equated(score("arena-text", 1493.0, low=1488.0, high=1498.0), ASSUMPTIONS)
    assert evidence is not None
    assert evidence.y == 1493.0
    assert evidence.extra == pytest.approx((5 / 1.96) ** 2)


@pytest.mark.parametrize("more", [{"maker_reported": True}, {"recalled": True}])
def test_scores_of_makers_and_recalled_ones_are_noisier(more: Mapping[str, Any]) -> None:
    """The variance of their noise is multiplied."""
    plain = equated(score("gpqa-diamond", 60.0), ASSUMPTIONS)
    doubted = equated(score("gpqa-diamond", 60.0, **more), ASSUMPTIONS)
    assert plain is not None
    assert doubted is not None
    assert doubted.spread > plain.spread


def test_a_score_near_the_end_of_its_test_is_noisier() -> None:
    """95 % says less of ability than 80 %: a few questions make the difference."""
    spreads = [
        e.spread
        for value in (80.0, 94.0)
        if (e := equated(score("mmlu-pro", value), ASSUMPTIONS)) is not None
    ]
    assert spreads[0] < spreads[1]


@pytest.mark.parametrize(
    "refused",
    [
        {"benchmark": "swe-bench-verified", "metric": "accuracy", "setting": "Parallel test-time compute"},
        {"benchmark": "swe-bench-pro", "metric": "pass@1", "setting": "hard-aa max"},
        {"benchmark": "ifeval"},
    ],
)
def test_other_settings_and_tests_are_not_mixed_in(refused: Mapping[str, Any]) -> None:
    """Several attempts, another harness and tests that order nothing give no evidence."""
    assert equated(score(**{"value": 70.0, **refused}), ASSUMPTIONS) is None


@pytest.mark.parametrize(("benchmark", "value"), [("math", 97.0), ("gpqa-diamond", 24.0), ("mmlu", 31.0)])
def test_exhausted_tests_and_chance_level_say_nothing(benchmark: str, value: float) -> None:
    """MATH beyond 95 %, GPQA and MMLU near chance are left out."""
    assert equated(score(benchmark, value), ASSUMPTIONS) is None


def test_the_two_editions_of_swe_bench_verified_are_two_tests() -> None:
    """ "resolved" of 2026 counts as the maker's own figure and is another item than "accuracy" of 2025."""
    new = equated(score("swe-bench-verified", 73.4, metric="resolved"), ASSUMPTIONS)
    old = equated(score("swe-bench-verified", 73.4, metric="accuracy"), ASSUMPTIONS)
    assert new is not None
    assert old is not None
    assert new.key != old.key
    assert not new.independent


def test_several_efforts_count_as_their_median_never_as_the_best() -> None:
    """Three efforts of one model under one benchmark give the middle one."""
    scores = [score("terminal-bench", value, metric="pass@1") for value in (50.0, 60.0, 84.0)]
    only = evidence_by_model(scores, ASSUMPTIONS)["lab/a"]["terminal-bench-2.1"]
    assert only.y == pytest.approx(math.log(0.6 / 0.4))
