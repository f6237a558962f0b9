"""Abilities per task: evidence, gaps, base models, special purposes."""

from __future__ import annotations

import random

import pytest

from recommender.catalog.ability import abilities
from recommender.catalog.ability_equate import evidence_by_model
from recommender.catalog.ability_tasks import decoder_abilities, task_ability
from tests.catalog.ability_samples import ASSUMPTIONS, estimate, facts, score, text

OPEN = {"kind": "open-weight", "total_b": 7.0, "active_b": 7.0}


def test_missing_evidence_widens_and_is_never_dropped() -> None:
    """Without its tests a model keeps its points for coding but gets a wider interval than with them."""
    scores = [score("aider-polyglot", 79.1), score("arena-webdev", 1360.0)]
    evidence = evidence_by_model(scores, ASSUMPTIONS)["lab/a"]
    shown = task_ability("coding", estimate(1420.0), evidence, ASSUMPTIONS)
    hidden = task_ability("coding", estimate(1420.0), {}, ASSUMPTIONS)
    assert hidden.high - hidden.low > shown.high - shown.low
    assert hidden.likely == pytest.approx(1420.0)
    assert hidden.grade == "C"


def test_chat_and_writing_are_the_text_board_itself() -> None:
    """Their interval is the published one."""
    found = task_ability("chat", estimate(1493.0), {}, ASSUMPTIONS)
    assert (found.low, found.likely, found.high) == (1488.0, 1493.0, 1498.0)


def test_agents_without_agentic_evidence_are_marked_text_only() -> None:
    """A good talker with no agent test is flagged; the agent board lifts the flag and moves the points."""
    bad = evidence_by_model([score("arena-agent", -19.8)], ASSUMPTIONS)["lab/a"]
    without = task_ability("agents", estimate(1451.0), {}, ASSUMPTIONS)
    tested = task_ability("agents", estimate(1451.0), bad, ASSUMPTIONS)
    assert without.text_only
    assert not tested.text_only
    assert tested.likely < without.likely - 15


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
    assert after.likely > 1498
    assert after.high - after.low > before.high - before.low


def test_base_models_get_a_d_for_what_tuning_can_reach_and_nothing_else() -> None:
    """No chat, rag or agents; writing, completion, extraction, classification with the basis base-model."""
    model = facts("lab/base-7b", "2023-01-01", instruction_tuned=False, **OPEN)
    found = abilities([model], [], ASSUMPTIONS)[model.id]
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


def test_grade_a_needs_two_independent_recent_boards() -> None:
    """Text board alone B, with a second board A, with a second from two years ago B."""
    board = evidence_by_model([text("lab/a", 1400.0), score("arena-vision", 1200.0)], ASSUMPTIONS)["lab/a"]
    for evidence, grade in (({"arena-text": board["arena-text"]}, "B"), (board, "A")):
        scores = [score(e.key, 1400.0 if e.key == "arena-text" else 1200.0) for e in evidence.values()]
        found = abilities([facts("lab/a", "2026-01-01")], scores, ASSUMPTIONS)
        assert found["lab/a"]["chat"].grade == grade


def test_order_of_inputs_changes_nothing() -> None:
    """Shuffled models and scores give the same abilities."""
    models = [facts(f"lab/m{i}-7b", f"2025-0{i}-01", **OPEN) for i in range(1, 9)]
    scores = [text(m.id, 1300.0 + i) for i, m in enumerate(models[::2])]
    scores += [score("mmlu-pro", 40.0 + i, model=m.id) for i, m in enumerate(models)]
    first = abilities(models, scores, ASSUMPTIONS)
    random.Random(7).shuffle(models)
    random.Random(8).shuffle(scores)
    assert abilities(models, scores, ASSUMPTIONS) == first


def test_a_guess_never_outranks_a_measurement_at_its_low_end() -> None:
    """A D of the same likeliest value as an A has the lower low end, by which the cautious stance ranks."""
    measured = decoder_abilities(facts("lab/a", "2026-01-01"), estimate(1400.0, 5.0, "A"), {}, ASSUMPTIONS)
    guessed = decoder_abilities(facts("lab/b", "2026-01-01"), estimate(1400.0, 60.0, "D"), {}, ASSUMPTIONS)
    assert all(guessed[task].low < measured[task].low for task in measured)
