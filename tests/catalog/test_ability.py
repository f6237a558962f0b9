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
    ("model", "expected"),
    [
        ("anthropic/claude-opus-5.5", (1482, 1498, 1510)),
        ("google/gemini-3.8-flash", (1479, 1495, 1507)),
        ("openai/gpt-6-sol", (1471, 1487, 1499)),
        ("deepseek/deepseek-v4.1-flash", (1414, 1459, 1485)),
    ],
)
def test_flagships_nobody_measured_yet(
    found: dict[str, dict[str, Ability]], model: str, expected: tuple[int, int, int]
) -> None:
    """They stand next to their predecessors, with an honest interval, grade C or C-."""
    chat = found[model]["chat"]
    assert (round(chat.low), round(chat.likely), round(chat.high)) == expected
    assert chat.grade in {"C", "C-"}


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
