"""Abilities per task: evidence, gaps, base models, special purposes."""

from __future__ import annotations

import random

import pytest

from recommender.catalog.ability import abilities
from recommender.catalog.ability_facts import ModelFacts, Score
from recommender.catalog.types import Ability
from tests.catalog.ability_samples import ASSUMPTIONS, crowd, facts, score, text

OPEN = {"kind": "open-weight", "total_b": 7.0, "active_b": 7.0}


def of(model: ModelFacts, *scores: Score) -> dict[str, Ability]:
    """The abilities of one model alone."""
    return abilities([model], list(scores), ASSUMPTIONS)[model.id]


def width(ability: Ability) -> float:
    """The width of an interval."""
    return ability.high - ability.low


def test_missing_evidence_widens_and_is_never_dropped() -> None:
    """Without its tests a model keeps its points for coding but gets a wider interval than with them."""
    model, chat = facts("lab/a", "2026-01-01"), text("lab/a", 1420.0)
    shown = of(model, chat, score("aider-polyglot", 79.1), score("arena-webdev", 1360.0))["coding"]
    hidden = of(model, chat)
    assert width(hidden["coding"]) > width(shown)
    assert hidden["coding"].likely == pytest.approx(hidden["chat"].likely)
    assert hidden["coding"].grade == "C"


def test_chat_and_writing_are_the_text_board_itself() -> None:
    """The published points within two, and no wider than the published 95 % interval."""
    found = of(facts("lab/a", "2026-01-01"), text("lab/a", 1493.0))
    assert found["chat"] == found["writing"]
    assert found["chat"].likely == pytest.approx(1493.0, abs=2.0)
    assert 5 < width(found["chat"]) < 10


def test_agents_without_agentic_evidence_are_marked_text_only() -> None:
    """A good talker with no agent test is flagged; the agent board lifts the flag and moves the points."""
    model, chat = facts("lab/a", "2026-01-01"), text("lab/a", 1451.0)
    others, board = crowd("arena-agent", 1465.0, 5.0)
    without = of(model, chat)["agents"]
    poor = [chat, score("arena-agent", -19.8), *board]
    tested = abilities([model, *others], poor, ASSUMPTIONS)[model.id]["agents"]
    assert without.text_only
    assert not tested.text_only
    assert tested.likely < without.likely - 15


def test_a_good_coder_is_moved_less_as_a_talker_than_as_a_coder() -> None:
    """A high place in web development lifts coding, and chat hardly beside the text board."""
    model, chat = facts("lab/a", "2026-01-01"), text("lab/a", 1420.0)
    others, board = crowd("arena-webdev", 900.0, 0.35)
    plain, coder = (
        abilities([model, *others], [chat, *board, *more], ASSUMPTIONS)[model.id]
        for more in ([], [score("arena-webdev", 1650.0)])
    )
    assert coder["coding"].likely - plain["coding"].likely > 15
    assert coder["chat"].likely - plain["chat"].likely < 3


def test_a_successor_keeps_what_its_predecessor_showed_as_an_agent() -> None:
    """claude-opus-5.5 is not text only: opus-5 leads the agent board; grade C, wider interval."""
    old, new = "anthropic/claude-opus-5", "anthropic/claude-opus-5.5"
    found = abilities(
        [facts(old, "2026-07-24"), facts(new, "2026-09-22")],
        [text(old, 1493.0), score("arena-agent", 12.5, model=old)],
        ASSUMPTIONS,
    )
    before, after = found[old]["agents"], found[new]["agents"]
    assert not after.text_only
    assert after.grade == "C"
    assert after.likely > found[new]["chat"].likely
    assert width(after) > width(before)


def test_base_models_get_a_d_for_what_tuning_can_reach_and_nothing_else() -> None:
    """No chat, rag or agents; writing, completion, extraction, classification with the basis base-model."""
    model = facts("lab/base-7b", "2023-01-01", instruction_tuned=False, **OPEN)
    found = of(model)
    assert set(found) == {"general", "writing", "code-completion", "extraction", "classification"}
    assert {a.grade for a in found.values()} == {"D"}
    assert found["writing"].basis[0] == "base-model"


def test_completion_needs_fill_in_the_middle_training() -> None:
    """A chat model without it has no completion ability; with it, it has."""
    plain, trained = (
        facts("lab/a-7b", "2025-01-01", **OPEN),
        facts("lab/b-7b", "2025-01-01", fim_trained=True, **OPEN),
    )
    found = abilities([plain, trained], [], ASSUMPTIONS)
    assert "code-completion" not in found[plain.id]
    assert "code-completion" in found[trained.id]


def test_a_translation_model_is_offered_for_translation_only() -> None:
    """Specialists do one thing, better than a general model of their size."""
    model = facts("lab/tongue-7b", "2025-01-01", specialised_for="translation", **OPEN)
    twin = facts("lab/chat-7b", "2025-01-01", **OPEN)
    found = abilities([model, twin], [], ASSUMPTIONS)
    assert set(found[model.id]) == {"general", "translation"}
    assert found[model.id]["translation"].likely > found[twin.id]["translation"].likely


def test_grade_a_needs_two_independent_boards() -> None:
    """Text board alone B, with a second board A."""
    model, chat = facts("lab/a", "2026-01-01"), text("lab/a", 1400.0)
    assert of(model, chat)["chat"].grade == "B"
    assert of(model, chat, score("arena-vision", 1200.0))["chat"].grade == "A"


def test_order_of_inputs_changes_nothing() -> None:
    """Shuffled models and scores give the same abilities."""
    models = [facts(f"lab/m{i}-7b", f"2025-0{i}-01", **OPEN) for i in range(1, 9)]
    scores = [text(m.id, 1300.0 + i) for i, m in enumerate(models[::2])]
    scores += [score("mmlu-pro", 40.0 + i, model=m.id) for i, m in enumerate(models)]
    first = abilities(models, scores, ASSUMPTIONS)
    random.Random(7).shuffle(models)
    random.Random(8).shuffle(scores)
    assert abilities(models, scores, ASSUMPTIONS) == first


def test_a_guess_is_wider_than_a_measurement_on_every_task() -> None:
    """A model placed by its size has the wider interval, by whose low end the cautious stance ranks."""
    measured = of(facts("lab/a", "2026-01-01", **OPEN), text("lab/a", 1350.0))
    guessed = of(facts("lab/a", "2026-01-01", **OPEN))
    assert all(width(guessed[task]) > width(measured[task]) for task in measured)
