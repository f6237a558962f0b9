"""Scores of different benchmarks on one scale of points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from recommender.catalog.ability_equate import equated, evidence_by_model
from tests.catalog.ability_samples import ASSUMPTIONS, score


def test_mmlu_pro_is_equated_with_the_published_constants() -> None:
    """MMLU-Pro 50 % is the intercept of its fit, 1267 points, with the fit's own errors."""
    evidence = equated(score("mmlu-pro", 50.0), ASSUMPTIONS)
    assert evidence is not None
    assert evidence.points == pytest.approx(1267.0)
    assert (evidence.error, evidence.half) == (15.0, 54.0)


def test_gpqa_of_a_strong_model_lies_above_its_intercept() -> None:
    """GPQA 80 %: 1313 + 65 x ln 4 = 1403.1 points."""
    evidence = equated(score("gpqa-diamond", 80.0), ASSUMPTIONS)
    assert evidence is not None
    assert evidence.points == pytest.approx(1403.1, abs=0.1)


def test_the_text_board_keeps_its_published_interval() -> None:
    """1493 with 1488 to 1498 stays 1493, plus or minus 5."""
    evidence = equated(score("arena-text", 1493.0, low=1488.0, high=1498.0), ASSUMPTIONS)
    assert evidence is not None
    assert (evidence.points, evidence.half) == (1493.0, 5.0)


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


def test_the_two_editions_of_swe_bench_verified_have_their_own_fit() -> None:
    """73.4 % resolved in 2026 is 1421 points; the same figure of 2025 would be 1416."""
    new = equated(score("swe-bench-verified", 73.4, metric="resolved"), ASSUMPTIONS)
    old = equated(score("swe-bench-verified", 73.4, metric="accuracy"), ASSUMPTIONS)
    assert new is not None
    assert old is not None
    assert (round(new.points), round(old.points)) == (1421, 1416)
    assert not new.independent


def test_several_efforts_count_as_their_median_never_as_the_best() -> None:
    """Three efforts of one model under one benchmark give the middle one."""
    scores = [score("terminal-bench", value, metric="pass@1") for value in (50.0, 60.0, 84.0)]
    only = evidence_by_model(scores, ASSUMPTIONS)["lab/a"]["terminal-bench-2.1"]
    assert only.points == pytest.approx(1467 + 17 * 0.405465, abs=0.01)
