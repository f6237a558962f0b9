"""Learn: what the classes mean, and how a score comes about, rule by rule and number by number."""

from __future__ import annotations

import streamlit as st

from pages.parts import frame, learning, state
from pages.parts.text import safe

say = state.say
KEY = "part"
CHAPTERS = {
    "classes": learning.classes,
    "scoring": learning.scoring,
    "rules": learning.rules,
    "tasks": learning.tasks,
    "assumptions": learning.assumed,
    "gaps": learning.gaps,
    "example": learning.example,
    "credits": learning.credits,
}
LONGEST = 40  # characters of a chapter we do not know that are shown again


def page() -> None:
    """The chapter that the address names, the first one by default."""
    st.title(say("page.learn.title"))
    first, *_ = CHAPTERS
    asked = st.query_params.get(KEY, first)
    if asked not in CHAPTERS:
        allowed = ", ".join(CHAPTERS)
        st.warning(safe(say("page.learn.bad_part", found=asked[:LONGEST], allowed=allowed)))
        asked = first
    st.session_state[KEY] = asked
    st.pills(
        say("page.learn.chapter"), list(CHAPTERS), key=KEY, required=True, on_change=_turn,
        format_func=learning.chapter_name,
    )  # fmt: skip
    st.header(say(f"page.learn.part_{asked}"))
    CHAPTERS[asked]()


def _turn() -> None:
    """Write the chosen chapter into the address."""
    st.query_params[KEY] = st.session_state[KEY]


frame.show(page)
