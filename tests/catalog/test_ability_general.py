"""Models without a score of their own: predecessor, size and price as terms of one fit; grades."""

from __future__ import annotations

import pytest

from recommender.catalog.ability import abilities
from recommender.catalog.ability_facts import ModelFacts, Score
from recommender.catalog.ability_size import closed_points, open_points
from recommender.catalog.types import Ability
from tests.catalog.ability_samples import ASSUMPTIONS, crowd, facts, score, text


def general(models: list[ModelFacts], scores: list[Score]) -> dict[str, Ability]:
    """The general abilities of a small catalog."""
    found = abilities(models, scores, ASSUMPTIONS)
    return {id_: tasks["general"] for id_, tasks in found.items() if "general" in tasks}


def width(ability: Ability) -> float:
    """The width of an interval."""
    return ability.high - ability.low


@pytest.mark.parametrize(
    ("new", "old", "points"),
    [
        ("anthropic/claude-opus-5.5", "anthropic/claude-opus-5", 1493.0),
        ("google/gemini-3.8-flash", "google/gemini-3.7-flash", 1490.0),
        ("openai/gpt-6-sol", "openai/gpt-5.6-sol", 1482.0),
    ],
)
def test_new_flagships_stand_next_to_their_predecessor(new: str, old: str, points: float) -> None:
    """Within ten points of it, with an interval that reaches above it and below, grade C."""
    found = general([facts(new, "2026-09-20"), facts(old, "2026-07-20")], [text(old, points)])[new]
    assert abs(found.likely - points) < 10
    assert found.low < points - 8
    assert found.high > points + 8
    assert (found.grade, found.basis) == ("C", (f"predecessor:{old}",))


def test_another_size_widens_the_step_from_a_predecessor() -> None:
    """763 B after 284 B: C-, said so in the basis; two steps back stands the score it rests on."""
    models = [
        facts("deepseek/deepseek-v4-flash", "2026-04-24", total_b=284.0),
        facts("deepseek/deepseek-v4-flash-0731", "2026-07-31", total_b=284.0),
        facts("deepseek/deepseek-v4.1-flash", "2026-09-10", total_b=763.2),
    ]
    found = general(models, [text("deepseek/deepseek-v4-flash", 1438.0)])
    last = found["deepseek/deepseek-v4.1-flash"]
    assert last.basis == ("predecessor:deepseek/deepseek-v4-flash", "unlike:size")
    assert last.grade == "C-"
    assert width(last) > width(found["deepseek/deepseek-v4-flash-0731"])


def test_a_better_predecessor_never_gives_a_worse_successor() -> None:
    """Gains fall with the predecessor's points, but by less than those rise."""
    models = [facts("zai/glm-5", "2026-02-01"), facts("zai/glm-5.1", "2026-04-01")]
    likely = [general(models, [text("zai/glm-5", p)])["zai/glm-5.1"].likely for p in range(1380, 1480, 5)]
    assert likely == sorted(likely)


def test_a_price_cut_to_a_fifth_widens() -> None:
    """claude-haiku-5.5 (0.2 blended after 2) has a wider interval than at an unchanged price."""
    old, new = "anthropic/claude-haiku-4.5", "anthropic/claude-haiku-5.5"
    same, cut = (
        general(
            [facts(old, "2025-10-15", price=2.0), facts(new, "2026-10-07", price=price)], [text(old, 1413.0)]
        )[new]
        for price in (2.0, 0.2)
    )
    assert width(cut) > width(same)
    assert (same.grade, cut.grade) == ("C", "C-")


def test_an_own_benchmark_and_the_predecessor_are_weighed_together() -> None:
    """A poor test lowers a successor below what its predecessor says, and narrows it; grade B-."""
    models, scores = crowd("arena-document", 500.0, 0.65)
    models += [facts("alibaba/qwen3.6-max", "2026-04-17"), facts("alibaba/qwen3.5-max", "2026-02-17")]
    own = score("arena-document", 1400.0, model="alibaba/qwen3.6-max", maker_reported=True)
    scores.append(text("alibaba/qwen3.5-max", 1470.0))
    with_, alone = (general(models, [*scores, *s])["alibaba/qwen3.6-max"] for s in ([own], []))
    assert with_.likely < alone.likely - 5
    assert width(with_) < width(alone)
    assert (with_.grade, with_.basis) == ("B-", ("arena-document",))


def test_a_scored_successor_speaks_of_a_model_nobody_measured() -> None:
    """Between two scored generations the interval is narrower than after one."""
    models = [facts(f"zai/glm-5{v}", f"2026-0{m}-01") for v, m in (("", 2), (".1", 4), (".2", 6))]
    first, last = text("zai/glm-5", 1440.0), text("zai/glm-5.2", 1470.0)
    alone, between = (general(models, s)["zai/glm-5.1"] for s in ([first], [first, last]))
    assert 1440 < between.likely < 1470
    assert width(between) < width(alone)


def test_a_successor_nobody_measured_says_nothing_of_its_predecessor() -> None:
    """A cheap heir without scores leaves every other model as it was."""
    old, heir = "anthropic/claude-haiku-4.5", "anthropic/claude-haiku-5.5"
    models = [facts(old, "2025-10-15", price=2.0), facts(heir, "2026-10-07", price=0.1)]
    scores = [text(old, 1413.0, half=60.0)]  # so vague that anything else would move it
    assert general(models, scores)[old] == general(models[:1], scores)[old]


def test_the_grade_names_the_best_evidence_there_is() -> None:
    """Predecessor C; only an old knowledge test C; size alone C-."""
    new = facts("zai/glm-5.1", "2026-04-01", kind="open-weight", total_b=744.0, active_b=40.0)
    old, mmlu = facts("zai/glm-5", "2026-02-01"), score("mmlu", 85.0, model=new.id)
    both = general([new, old], [mmlu, text(old.id, 1457.0)])[new.id]
    assert (both.grade, both.basis) == ("C", ("mmlu", f"predecessor:{old.id}"))
    assert general([new], [mmlu])[new.id].basis == ("mmlu", "size")
    assert (general([new], [])[new.id].grade, general([new], [])[new.id].basis) == ("C-", ("size",))


def test_the_size_formula_reproduces_a_computed_example() -> None:
    """100 B total, 10 B active, released at the origin: 1234 + 82 + 14.5 = 1330.5."""
    model = facts("lab/big-100b", "2025-01-01", kind="open-weight", total_b=100.0, active_b=10.0)
    guess = open_points(model, ASSUMPTIONS)
    assert guess is not None
    assert guess.points == pytest.approx(1330.5)
    assert general([model], [])[model.id].likely == pytest.approx(1330.5)


def test_the_price_formula_reproduces_a_computed_example() -> None:
    """10 USD at the origin: 1347 + 44 = 1391; a tenth of the price 44 lower."""
    dear, cheap = (closed_points(facts("lab/x", "2025-01-01", price=p), ASSUMPTIONS) for p in (10.0, 1.0))
    assert dear.points == pytest.approx(1391.0)
    assert dear.points - cheap.points == pytest.approx(44.0)


def test_a_closed_model_without_predecessor_is_placed_by_its_price_and_maker() -> None:
    """Where the maker's other models stand above their price, so does it; grade D."""
    models = [facts(f"lab/x{i}", "2026-05-01", price=1.0 + i) for i in range(3)]
    models.append(facts("lab/unseen", "2026-06-01", price=1.2))
    scores = [text(m.id, closed_points(m, ASSUMPTIONS).points + 50) for m in models[:3]]
    found = general(models, scores)["lab/unseen"]
    assert found.likely > closed_points(models[3], ASSUMPTIONS).points + 20
    assert (found.grade, found.basis) == ("D", ("price-neighbours:lab",))


def test_nothing_known_gives_no_estimate() -> None:
    """A closed model without price, score or predecessor is not guessed at."""
    assert general([facts("lab/alone", "2026-06-01")], []) == {}


def test_smaller_models_of_one_maker_and_day_never_stand_higher() -> None:
    """The size formula falls with size, the more so below 2 B."""
    sizes = (70.0, 30.0, 8.0, 4.0, 2.0, 1.0, 0.3)
    models = [facts(f"lab/m-{s}b", "2026-01-01", kind="open-weight", total_b=s, active_b=s) for s in sizes]
    found = general(models, [])
    likely = [found[m.id].likely for m in models]
    assert likely == sorted(likely, reverse=True)
