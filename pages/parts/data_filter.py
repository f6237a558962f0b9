"""The filters of the data page. The address is their only memory: widgets show what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.parts import data_state, facts, state
from pages.parts.inputs import Labels
from pages.parts.text import safe
from recommender.catalog.all_facts import FILES, GAPS, KINDS, KNOWN
from recommender.catalog.fact_filter import KEYS, PREFIX, FactFilter, read, selects, write
from recommender.catalog.view_query import TEXT_MAX

say = state.say
_KEEPS_PAGE = ("page", "topic")


def wanted() -> FactFilter:
    """What the address asks for; parts of it that cannot be used are named on the page."""
    query = {key: st.query_params[key] for key in st.query_params if key.startswith(PREFIX)}
    found, bad = read(query, data_state.known())
    for each in bad:
        told = {"key": safe(each.key), "found": safe(each.found), "allowed": safe(each.allowed)}
        st.warning(say("page.explore.bad_value", **told))
    return found


def _kept() -> dict[str, Any]:
    """The part of the address that is not ours."""
    return {key: st.query_params.get_all(key) for key in st.query_params if not key.startswith(PREFIX)}


def put(field: str) -> None:
    """Write one changed filter into the address."""
    query = {key: st.query_params[key] for key in st.query_params if key in KEYS.values()}
    found, _ = read(query, data_state.known())
    value = st.session_state[KEYS[field]]
    changed = replace(found, **{field: getattr(FactFilter(), field) if value is None else value})
    if field not in _KEEPS_PAGE:
        changed = replace(changed, page=FactFilter().page)
    if changed.field not in (None, *data_state.known().fields_of(changed.file)):
        changed = replace(changed, field=None)
    st.query_params.from_dict({**_kept(), **write(changed)})


def reset() -> None:
    """Forget every filter of the facts, and nothing else."""
    query = {key: st.query_params[key] for key in (KEYS["topic"],) if key in st.query_params}
    st.query_params.from_dict({**_kept(), **query})


def widget(draw: Callable[..., Any], field: str, value: Any, label: str, **options: Any) -> None:
    """One filter: shows the value of the address, and writes to it when the reader changes it."""
    key = KEYS[field]
    st.session_state[key] = value
    draw(label, key=key, on_change=put, args=(field,), **options)


def pager(number: int, count: int) -> None:
    """Turns the pages of the table. Its value is set only where the address says another page."""
    key = KEYS["page"]
    if st.session_state.get(key, number) != number:
        st.session_state[key] = number
    st.pagination(count, default=number, key=key, on_change=put, args=("page",))


def _choice(field: str, chosen: FactFilter, names: dict[str, str]) -> None:
    widget(
        st.selectbox, field, getattr(chosen, field), say(f"page.data.{field}"), options=list(names),
        format_func=Labels(names), placeholder=say("page.data.any"), index=None,
    )  # fmt: skip


def gap_name(gap: str) -> str:
    """What a row says in place of a value."""
    return say("page.data.gap_known") if gap == KNOWN else facts.missing_word(gap)


def draw(chosen: FactFilter) -> None:
    """Search, and a choice each of part, field, source, kind and gap."""
    widget(
        st.text_input, "text", chosen.text, say("page.data.search"), max_chars=TEXT_MAX,
        placeholder=say("page.data.search_hint"),
    )  # fmt: skip
    names, known = data_state.field_names(), data_state.known()
    fields = {field: names[field] for field in known.fields_of(chosen.file)}
    if chosen.field is not None:
        fields.setdefault(chosen.field, names[chosen.field])
    with st.container(key="facts_filters", border=True):
        one, two, three = st.columns(3)
        with one:
            _choice("file", chosen, {file: say(f"page.data.file_{file}") for file in FILES})
            _choice("kind", chosen, {kind: say(f"page.model.kind_{kind}") for kind in KINDS})
        with two:
            _choice("field", chosen, dict(sorted(fields.items(), key=lambda pair: pair[1].casefold())))
            _choice("gap", chosen, {gap: gap_name(gap) for gap in GAPS})
        with three:
            _choice("source", chosen, dict(data_state.source_names()))
            st.button(say("page.data.reset"), on_click=reset, disabled=not selects(chosen), key="facts_reset")
