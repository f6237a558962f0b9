"""What the data page shows, made once per catalog and shared by all visitors."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from pages.parts import state
from pages.parts.model_sections import label
from recommender.catalog.all_facts import CatalogFact, all_facts, unchecked_facts
from recommender.catalog.disagreements import Disagreement
from recommender.catalog.disagreements import disagreements as found_in
from recommender.catalog.fact_filter import Known
from recommender.catalog.fact_filter import known as known_of
from recommender.catalog.schema_export import schemas


def facts() -> tuple[CatalogFact, ...]:
    """Every fact of the catalog."""
    return _facts(state.catalog().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _facts(version: str) -> tuple[CatalogFact, ...]:
    return all_facts(state.details())


def unchecked() -> tuple[CatalogFact, ...]:
    """Every gap of the catalog that nobody has looked into."""
    return _unchecked(state.catalog().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _unchecked(version: str) -> tuple[CatalogFact, ...]:
    return unchecked_facts(state.details())


def known() -> Known:
    """Fields and sources that occur."""
    return _known(state.catalog().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _known(version: str) -> Known:
    return known_of((*facts(), *unchecked()))


def disagreements() -> tuple[Disagreement, ...]:
    """Where sources contradict each other."""
    return _disagreements(state.catalog().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _disagreements(version: str) -> tuple[Disagreement, ...]:
    return found_in(state.catalog(), state.details())


def field_names() -> Mapping[str, str]:
    """Field -> its words, with the field itself where two fields have the same words."""
    return _field_names(state.catalog().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _field_names(version: str) -> Mapping[str, str]:
    return _unlike(known().fields_of(None), label)


def source_names() -> Mapping[str, str]:
    """Source -> its title, with its key where two sources have the same title."""
    return _source_names(state.catalog().version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _source_names(version: str) -> Mapping[str, str]:
    named = _unlike(known().sources, lambda key: state.sources()[key].title)
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _unlike(keys: Iterable[str], name_of: Callable[[str], str]) -> Mapping[str, str]:
    names = {key: name_of(key) for key in keys}
    often = Counter(names.values())
    return {key: f"{name} ({key})" if often[name] != 1 else name for key, name in names.items()}


@st.cache_data(show_spinner=False, max_entries=1)
def schema_file() -> str:
    """The JSON Schema of all files of the catalog."""
    return json.dumps(schemas(), indent=1, ensure_ascii=False)
