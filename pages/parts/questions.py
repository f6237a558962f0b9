"""The questionnaire: what is asked, in which order, and what each answer does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from pages.parts import inputs, machines, state
from pages.parts.inputs import Entry
from pages.parts.text import safe
from recommender import Answers, AnswersError, Effect
from recommender.answers import read_answers

# Asked below another question once its answer gives them something to do; the lengths are among its inputs.
_BELOW = {"data_boundary": ("region",), "tasks": ("labelled_examples",)}
_INSIDE = {"region", "labelled_examples", "input_tokens_per_request", "output_tokens_per_request"}
Places = dict[str, Any]


def entries() -> list[Entry]:
    """Every question in its order."""
    listed: list[Entry] = state.catalog().vocabulary["questions"]["questions"]
    return sorted(listed, key=lambda entry: entry["order"])


def draw(answers: Answers) -> Places:
    """All questions; returns the places where the effect of an answer is said once it is known."""
    places: Places = {}
    st.header(state.say("page.find.questions"), anchor="questions")
    st.markdown(safe(state.say("page.find.questions_lead")))
    _problems()
    with st.container(key="core"):
        _in_columns([entry for entry in entries() if entry["part"] == "core"], answers, places)
    for part in ("detail", "expert"):
        asked = [entry for entry in entries() if entry["part"] == part and entry["id"] not in _INSIDE]
        given = sum(getattr(answers, entry["id"]) is not None for entry in asked)
        label = state.say(f"page.find.part_{part}", count=len(asked), given=given)
        with st.expander(label, expanded=bool(given)):
            _in_columns(asked, answers, places)
            if part == "expert":
                _paste()
    return places


def say_effects(places: Mapping[str, Any], effect: Effect) -> None:
    """Under each limit: how many models are left, and how many this answer took out."""
    removed = {one.answer: one.removed for one in effect.removals}
    left = effect.left
    for name, place in places.items():
        if name in removed:
            place.caption(
                state.say(
                    "page.find.effect", left=sum(left.values()), closed=left["closed"],
                    open_weight=left["open-weight"], small=left["small"], removed=removed[name],
                )
            )  # fmt: skip


def _in_columns(asked: Iterable[Entry], answers: Answers, places: Places) -> None:
    """Questions in two columns read downwards; below each other on a phone."""
    listed = list(asked)
    first, second = st.columns(_COLUMNS, gap="large")
    middle = -(-len(listed) // _COLUMNS)
    for column, part in ((first, listed[:middle]), (second, listed[middle:])):
        with column:
            for entry in part:
                _question(entry, answers, places)


def _question(entry: Entry, answers: Answers, places: Places) -> None:
    name = entry["id"]
    value = getattr(answers, name)
    with st.container(key=f"q_{name}", gap="small"):
        st.subheader(safe(entry["question"]), anchor=f"q-{name}")
        st.caption(safe(entry["hint"]))
        (machines.draw if name == "hardware" else inputs.draw)(entry, value)
        if not is_relevant(entry, answers) and value is not None:
            st.caption(safe(entry["not_used"]))
        places[name] = st.empty()
        for inner in entries():
            if inner["id"] in _BELOW.get(name, ()) and _is_asked(inner, answers):
                _question(inner, answers, places)


def _is_asked(entry: Entry, answers: Answers) -> bool:
    return is_relevant(entry, answers) or getattr(answers, entry["id"]) is not None


def is_relevant(entry: Entry, answers: Answers) -> bool:
    """Whether the other answers give this question something to do."""
    for key, wanted in entry.get("relevant_when", {}).items():
        given = getattr(answers, key)
        given = given if isinstance(given, tuple) else (given,)
        if not set(given) & set(wanted):
            return False
    return True


def _problems() -> None:
    """The faults of all questions once more, on top."""
    if state.faults():
        asked = {entry["id"]: entry["question"] for entry in entries()}
        lines = [
            f"- [{safe(asked.get(name, name))}](#q-{name}) {safe(inputs.fault_words(allowed))}"
            for name, allowed in state.faults().items()
        ]
        st.error("\n".join([f"**{state.say('page.find.problem')}**", "", *lines]))


def _paste() -> None:
    """Answers as a file has them, for the rarest keys and for taking answers over from elsewhere."""
    st.subheader(state.say("page.find.paste"), anchor="paste")
    st.caption(safe(state.say("page.find.paste_hint")))
    st.text_area(
        state.say("page.find.paste"), key="paste", label_visibility="collapsed", height=_PASTE_HEIGHT
    )
    st.button(state.say("page.find.paste_use"), on_click=_take_pasted)
    if told := st.session_state.get("paste_fault"):
        st.markdown(f":red[▲ {safe(told)}]")


def _take_pasted() -> None:
    try:
        given = read_answers(st.session_state.get("paste", ""))
    except AnswersError as error:
        st.session_state["paste_fault"] = str(error)
        return
    st.session_state["paste_fault"] = ""
    state.replace_all(given)


_COLUMNS = 2
_PASTE_HEIGHT = 120  # px
