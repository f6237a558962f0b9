"""What can be taken from the data page: files, the form of the files, how to add to them, the licence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from pages.parts import data_state, nav, state
from pages.parts.text import safe
from recommender.catalog.all_facts import CatalogFact
from recommender.catalog.fact_export import disagreements_csv, facts_csv, facts_json

say = state.say
ROOT = Path(__file__).resolve().parents[2]
LICENCE, GUIDE = ROOT / "data" / "LICENSE.md", ROOT / "CONTRIBUTING.md"
CHAPTER = "## Add or correct a model\n"
_HEAD = "\n## "


def citation() -> str:
    """How to name the catalogue as a source."""
    catalog = state.catalog()
    return say("page.data.citation", year=str(catalog.date.year), version=catalog.version)


def facts_files(facts: Sequence[CatalogFact], *, name: str, selection: Mapping[str, str]) -> None:
    """Facts as CSV and as JSON; each file is made once somebody asks for it."""
    labels = {"all": ("all_csv", "all_json")}.get(name, ("csv", "json"))
    csv_label, json_label = (say(f"page.data.{each}", count=len(facts)) for each in labels)
    st.download_button(
        csv_label, lambda: facts_csv(facts), file_name=f"openweigh-facts-{name}.csv", mime="text/csv",
        on_click="ignore", key=f"facts_csv_{name}",
    )  # fmt: skip
    st.download_button(
        json_label, lambda: _json(facts, selection), file_name=f"openweigh-facts-{name}.json",
        mime="application/json", on_click="ignore", key=f"facts_json_{name}",
    )  # fmt: skip


def _json(facts: Sequence[CatalogFact], selection: Mapping[str, str]) -> str:
    return facts_json(state.catalog(), state.details(), facts, selection=selection, citation=citation())


def files() -> None:
    """Everything, and the form it has."""
    st.header(say("page.data.take"))
    st.markdown(say("page.data.take_intro"))
    found = data_state.disagreements()
    with st.container(horizontal=True):
        facts_files(data_state.facts(), name="all", selection={})
        st.download_button(
            say("page.data.disagreements_csv", count=len(found)), lambda: disagreements_csv(found),
            file_name="openweigh-disagreements.csv", mime="text/csv", on_click="ignore",
            key="disagreements_csv",
        )  # fmt: skip
        st.download_button(
            say("page.data.schema"), data_state.schema_file, file_name="openweigh-schema.json",
            mime="application/json", on_click="ignore", key="schema",
        )  # fmt: skip
    st.caption(say("page.data.schema_note"))


def how_to_add() -> None:
    """In short, and step by step."""
    st.header(say("page.data.add"))
    st.markdown(say("page.data.add_intro"))
    with st.expander(say("page.data.add_open")):
        st.markdown(guide())


def guide() -> str:
    """The chapter of CONTRIBUTING.md about models."""
    return GUIDE.read_text(encoding="utf-8").partition(CHAPTER)[2].partition(_HEAD)[0]


def licence() -> None:
    """The licence of the catalogue as it is written, and how to cite it."""
    st.header(say("page.data.licence"))
    terms, _, _ = LICENCE.read_text(encoding="utf-8").partition(_HEAD)
    st.markdown(terms.partition("\n")[2])
    st.markdown(say("page.data.cite"))
    st.code(citation(), language=None, wrap_lines=True)
    nav.link("learn", safe(say("page.data.to_credits")), state.current(), part="credits")
