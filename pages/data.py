"""Data: every fact of the catalog, how fresh and complete they are, where sources disagree, and files."""

from __future__ import annotations

import streamlit as st

from pages.parts import ages, data_facts, data_filter, data_state, data_take, frame, state
from pages.parts.data_charts import coverage, freshness
from pages.parts.data_disagreements import disagreements
from pages.parts.text import safe

say = state.say


def page() -> None:
    """The table of all facts, then what is to be known about it, then the files."""
    st.title(say("page.data.title"))
    catalog, facts = state.catalog(), data_state.facts()
    newest = ages.of_catalog(catalog.version, state.day()).newest
    counts = {"facts": len(facts), "models": len(catalog.models), "sources": len(data_state.known().sources)}
    st.markdown(safe(say("page.data.intro", **counts, day=newest, age=ages.in_words(newest))))
    wanted = data_filter.wanted()
    data_facts.section(wanted)
    freshness(facts)
    coverage()
    disagreements(wanted)
    data_take.files()
    data_take.how_to_add()
    data_take.licence()


frame.show(page)
