"""Find a model: picks, questions, result."""

from __future__ import annotations

import streamlit as st

from pages.parts import state

view = state.view()
st.title(state.say("page.find.title"), anchor=False)
