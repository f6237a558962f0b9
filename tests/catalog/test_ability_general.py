"""Models without a score of their own: the rules in order, with the worked examples of the method."""

from __future__ import annotations

import pytest

from recommender.catalog.ability_equate import evidence_by_model
from recommender.catalog.ability_facts import Estimate, ModelFacts, Score
from recommender.catalog.ability_general import general_estimates
from tests.catalog.ability_samples import ASSUMPTIONS, facts, score, text


def general(models: list[ModelFacts], scores: list[Score]) -> dict[str, Estimate]:
    """The estimates of a small catalog."""
    return general_estimates(models, evidence_by_model(scores, ASSUMPTIONS), ASSUMPTIONS)


@pytest.mark.parametrize(
    ("new", "old", "points", "expected"),
    [
        ("anthropic/claude-opus-5.5", "anthropic/claude-opus-5", 1493.0, (1482, 1498, 1510)),
        ("google/gemini-3.8-flash", "google/gemini-3.7-flash", 1490.0, (1479, 1495, 1507)),
        ("openai/gpt-6-sol", "openai/gpt-5.6-sol", 1482.0, (1471, 1487, 1499)),
    ],
)
def test_new_flagships_follow_their_predecessor(
    new: str, old: str, points: float, expected: tuple[int, int, int]
) -> None:
    """At 1450 points and more a successor gains 5, with -11 to +17, grade C."""
    found = general([facts(new, "2026-09-20"), facts(old, "2026-07-20")], [text(old, points)])[new]
    assert (round(found.low), round(found.likely), round(found.high)) == expected
    assert found.grade == "C"


def test_deepseek_v4_1_flash_stands_two_steps_after_v4_flash_and_is_widened() -> None:
    """It rests on 1438 of v4-flash: two steps gain 21 there; 763 B after 284 B lowers the low end by 25."""
    models = [
        facts("deepseek/deepseek-v4-flash", "2026-04-24", total_b=284.0),
        facts("deepseek/deepseek-v4-flash-0731", "2026-07-31", total_b=284.0),
        facts("deepseek/deepseek-v4.1-flash", "2026-09-10", total_b=763.2),
    ]
    found = general(models, [text("deepseek/deepseek-v4-flash", 1438.0)])["deepseek/deepseek-v4.1-flash"]
    assert "predecessor:deepseek/deepseek-v4-flash" in found.basis
    assert (round(found.low), round(found.likely), round(found.high)) == (1414, 1459, 1485)
    assert found.grade == "C-"


def test_gains_have_no_jump_at_1450() -> None:
    """A predecessor one point better never gives a worse successor."""
    models = [facts("zai/glm-5", "2026-02-01"), facts("zai/glm-5.1", "2026-04-01")]
    likely = [general(models, [text("zai/glm-5", p)])["zai/glm-5.1"].likely for p in range(1380, 1480, 5)]
    assert likely == sorted(likely)


def test_a_price_cut_to_a_fifth_widens_downwards_only() -> None:
    """claude-haiku-5.5 (0.2 blended after 2) is lowered by 25 at its low end, not at its centre."""
    old, new = "anthropic/claude-haiku-4.5", "anthropic/claude-haiku-5.5"
    same, cut = (
        general(
            [facts(old, "2025-10-15", price=2.0), facts(new, "2026-10-07", price=price)], [text(old, 1413.0)]
        )[new]
        for price in (2.0, 0.2)
    )
    assert cut.low == same.low - 25
    assert (cut.likely, cut.high, cut.grade) == (same.likely, same.high, "C-")


def test_an_own_benchmark_goes_before_the_predecessor() -> None:
    """SWE-bench Verified 73.4 % gives 1421 +/- 46, grade B- (maker's own), whatever came before."""
    models = [facts("alibaba/qwen3.6-max", "2026-04-17"), facts("alibaba/qwen3.5-max", "2026-02-17")]
    own = score("swe-bench-verified", 73.4, model="alibaba/qwen3.6-max", metric="resolved")
    found = general(models, [own, text("alibaba/qwen3.5-max", 1470.0)])["alibaba/qwen3.6-max"]
    assert (round(found.low), round(found.likely), round(found.high)) == (1375, 1421, 1467)
    assert found.grade == "B-"


def test_the_predecessor_goes_before_an_old_knowledge_test_and_before_size() -> None:
    """MMLU and the size formula are used only where no predecessor is scored."""
    new = facts("zai/glm-5.1", "2026-04-01", kind="open-weight", total_b=744.0, active_b=40.0)
    mmlu = score("mmlu", 85.0, model=new.id)
    assert (
        general([new, facts("zai/glm-5", "2026-02-01")], [mmlu, text("zai/glm-5", 1457.0)])[new.id].grade
        == "C"
    )
    assert general([new], [mmlu])[new.id].basis == ("mmlu", "size")
    assert general([new], [])[new.id].basis == ("size",)


def test_the_size_formula_reproduces_a_computed_example() -> None:
    """100 B total, 10 B active, released at the origin, unknown developer: 1234 + 82 + 14.5 - 12 = 1318.5."""
    model = facts("lab/big-100b", "2025-01-01", kind="open-weight", total_b=100.0, active_b=10.0)
    found = general([model], [])[model.id]
    assert found.likely == pytest.approx(1318.5)
    assert (found.low, found.high) == (pytest.approx(1265.5), pytest.approx(1362.5))


def test_a_closed_model_without_predecessor_takes_its_price_neighbours() -> None:
    """The interval spans the maker's models within twice or half its price, grade D."""
    models = [
        facts("lab/x-small", "2026-05-01", price=1.0),
        facts("lab/x-mid", "2026-05-01", price=1.5),
        facts("lab/x-large", "2026-05-01", price=20.0),
        facts("lab/unseen", "2026-06-01", price=1.2),
    ]
    scores = [text("lab/x-small", 1400.0), text("lab/x-mid", 1420.0), text("lab/x-large", 1490.0)]
    found = general(models, scores)["lab/unseen"]
    assert (found.low, found.likely, found.high, found.grade) == (1380.0, 1410.0, 1440.0, "D")


def test_nothing_known_gives_no_estimate() -> None:
    """A closed model of a maker without other models is not guessed at."""
    assert general([facts("lab/alone", "2026-06-01")], []) == {}


def test_smaller_models_of_one_maker_and_day_never_stand_higher() -> None:
    """The size formula falls with size, the more so below 2 B."""
    sizes = (70.0, 30.0, 8.0, 4.0, 2.0, 1.0, 0.3)
    models = [facts(f"lab/m-{s}b", "2026-01-01", kind="open-weight", total_b=s, active_b=s) for s in sizes]
    found = general(models, [])
    likely = [found[m.id].likely for m in models]
    assert likely == sorted(likely, reverse=True)
