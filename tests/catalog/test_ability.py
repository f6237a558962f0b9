"""The abilities of the real catalog: worked examples, history, and what an expert would object to."""

from __future__ import annotations

import pytest

from recommender.catalog.ability import estimate_abilities
from recommender.catalog.tree import Tree
from recommender.catalog.types import Ability


@pytest.fixture(scope="module")
def found(real_tree: Tree) -> dict[str, dict[str, Ability]]:
    """Abilities by model id and task, from the files of this repository."""
    return estimate_abilities(real_tree)


@pytest.mark.parametrize(
    ("model", "predecessor"),
    [
        ("anthropic/claude-opus-5.5", "anthropic/claude-opus-5"),
        ("google/gemini-3.8-flash", "google/gemini-3.7-flash"),
        ("openai/gpt-6-sol", "openai/gpt-5.6-sol"),
        ("deepseek/deepseek-v4.1-flash", "deepseek/deepseek-v4-flash"),
    ],
)
def test_flagships_nobody_measured_yet(
    found: dict[str, dict[str, Ability]], model: str, predecessor: str
) -> None:
    """They stand by their predecessors and may be better or worse; grade C or C-, wider than measured."""
    chat, before = found[model]["chat"], found[predecessor]["chat"]
    assert -5 <= chat.likely - before.likely <= 35
    assert chat.high > before.high
    assert chat.high - chat.low > 2 * (before.high - before.low)
    assert chat.grade in {"C", "C-"}
    assert f"predecessor:{predecessor}" in chat.basis


def test_the_newest_generation_can_be_first(found: dict[str, dict[str, Ability]]) -> None:
    """Among the ten likeliest agents stand models nobody measured yet, and their marks say so."""
    ranked = sorted((m for m in found if "agents" in found[m]), key=lambda m: -found[m]["agents"].likely)
    assert "C" in {found[m]["agents"].grade[0] for m in ranked[:10]}
    assert found["anthropic/claude-opus-5.5"]["agents"].high > found[ranked[0]]["agents"].likely


def test_measured_models_keep_the_points_of_the_text_board(
    found: dict[str, dict[str, Ability]], real_tree: Tree
) -> None:
    """Other scores and relatives move a text score by three points at the median, never by twenty."""
    rows = real_tree.benchmarks["arena-text"].scores
    board = {r.model: r.score for r in rows if r.model and r.score is not None and r.used is not False}
    chatting = [m for m in board if "chat" in found[m]]
    moved = sorted(abs(found[m]["chat"].likely - board[m]) for m in chatting)
    assert moved[len(moved) // 2] < 3
    assert moved[-1] < 20


def test_history_is_in_the_order_everyone_remembers(found: dict[str, dict[str, Ability]]) -> None:
    """gpt-4 before claude-2 before gpt-3.5 before llama-2-70b before gpt-j before gpt-neo."""
    order = [
        "openai/gpt-4",
        "anthropic/claude-2",
        "openai/gpt-3.5-turbo",
        "meta/llama-2-70b",
        "eleutherai/gpt-j-6b",
        "eleutherai/gpt-neo-2.7b",
    ]
    likely = [found[model]["general"].likely for model in order]
    assert likely == sorted(likely, reverse=True)


def test_the_best_talker_is_not_the_best_agent(found: dict[str, dict[str, Ability]]) -> None:
    """gemma-4-31b, last on the agent board, is outside the first sixty agents; opus-5 among the first ten."""
    ranked = sorted((m for m in found if "agents" in found[m]), key=lambda m: -found[m]["agents"].likely)
    assert ranked.index("google/gemma-4-31b") > 60
    assert ranked.index("anthropic/claude-opus-5") < 10


def test_every_ability_is_an_ordered_interval_with_a_known_grade_and_unit(
    found: dict[str, dict[str, Ability]],
) -> None:
    """For every model and task low <= likely <= high, and something it rests on."""
    for tasks in found.values():
        for ability in tasks.values():
            assert ability.low <= ability.likely <= ability.high
            assert ability.grade in {"A", "B", "B-", "C", "C-", "D"}
            assert ability.unit in {"points", "mteb", "relative", "value"}
            assert ability.basis
