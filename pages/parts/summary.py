"""The strip that says what was answered, with a way to each question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.parts import machines, questions, state
from pages.parts.inputs import Entry
from pages.parts.tables import draw_table
from pages.parts.text import safe
from recommender import Answers, words


def assumption(answers: Answers) -> str:
    """The situation in one line: the core answers in words, and how many others there are."""
    given = [entry for entry in questions.entries() if _given(entry, answers)]
    core = [entry for entry in given if entry["part"] == "core"]
    phrases = [_phrase(entry, answers) for entry in core]
    if len(given) > len(core):
        phrases.append(state.say("page.find.further_answers", count=len(given) - len(core)))
    return " · ".join(phrases)


def _phrase(entry: Entry, answers: Answers) -> str:
    told = answer_words(entry, answers)
    if entry["id"] == "budget_usd_month":
        return state.say("page.find.at_most", amount=told)
    return told


def draw(answers: Answers) -> None:
    """One row per core question and per further answer, with a link to change it."""
    heads = [state.say(f"page.find.col_{name}") for name in ("question", "answer", "change")]
    rows = [
        [
            safe(entry["question"]),
            safe(answer_words(entry, answers)),
            f"[{safe(state.say('page.find.change'))}](#q-{entry['id']})",
        ]
        for entry in questions.entries()
        if entry["part"] == "core" or _given(entry, answers)
    ]
    draw_table(heads, rows, alt=state.say("page.find.check"))


def _given(entry: Entry, answers: Answers) -> bool:
    return getattr(answers, entry["id"]) is not None


def answer_words(entry: Entry, answers: Answers) -> str:
    """An answer in the words of the page."""
    value = getattr(answers, entry["id"])
    if value is None:
        return state.say("page.find.not_answered")
    if entry["id"] == "hardware":
        if not value:
            return state.say("page.find.no_hardware")
        return words.joined([machines.described(one) for one in value])
    if isinstance(value, Mapping):
        return words.joined([f"{_criterion_or_group(key)} {weight}" for key, weight in value.items()])
    if isinstance(value, tuple):
        return words.joined([_name(entry, item) for item in value])
    if isinstance(value, int | float) and not isinstance(value, bool):
        unit = entry.get("unit")
        if unit:
            return state.say("page.common.with_unit", value=value, unit=unit)
    return _name(entry, value)


def _criterion_or_group(key: str) -> str:
    criteria = state.catalog().vocabulary["criteria"]
    named = {**criteria["groups"], **{entry["id"]: entry for entry in criteria["criteria"]}}
    return str(named[key]["name"] if key in named else key)


def _name(entry: Entry, value: Any) -> str:
    """The label of an option, or the value itself."""
    labels = {str(option["id"]): option["label"] for option in entry.get("options", [])}
    return str(labels.get(str(value)) or words.plain(value))
