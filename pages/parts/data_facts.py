"""The table of all facts: what is filtered, page by page, and exactly that as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import data_filter, data_state, data_take, facts, state
from pages.parts.model_sections import label, plain
from recommender.catalog.all_facts import KNOWN, UNCHECKED, CatalogFact
from recommender.catalog.fact_filter import FactFilter, chosen, on_page, pages, row_numbers, selects
from recommender.catalog.fact_rows import flat

say = state.say
HEIGHT = 520  # px
_COLUMNS = ("about", "open", "field", "value", "kind", "source", "as_of", "note", "file")


def section(wanted: FactFilter) -> None:
    """Filters, rows, and downloads of the rows."""
    st.header(say("page.data.facts"))
    data_filter.draw(wanted)
    total = data_state.facts()
    missing = wanted.gap == UNCHECKED
    kept = chosen(data_state.unchecked() if missing else total, wanted)
    if not kept:
        st.info(say("page.data.nothing"))
        return
    if missing:
        st.subheader(say("page.data.found_gaps", count=len(kept)))
        st.markdown(say("page.data.gaps_intro"))
    else:
        st.subheader(say("page.data.found", count=len(kept), total=len(total)))
    _table(kept, wanted)
    if selects(wanted):
        with st.container(horizontal=True):
            data_take.facts_files(kept, name="selected", selection=selects(wanted))


def _table(kept: Sequence[CatalogFact], wanted: FactFilter) -> None:
    count = pages(len(kept))
    number = min(wanted.page, count)
    shown = on_page(kept, number)
    frame = pd.DataFrame([_cells(fact) for fact in shown])
    st.dataframe(
        frame, key="facts", alt=say("page.data.alt", count=len(shown)), hide_index=True,
        column_config=_config(), column_order=_COLUMNS, placeholder="",
        height=HEIGHT if len(shown) > facts.SHORT else "content",
    )  # fmt: skip
    if len(shown) != len(kept):
        first, last = row_numbers(number, len(kept))
        st.caption(say("page.data.rows", first=first, last=last, count=len(kept)))
        data_filter.pager(number, count)


def _cells(fact: CatalogFact) -> dict[str, Any]:
    named = state.catalog().models.get(fact.model or "")
    return {
        "about": " · ".join(_about(fact, named.name if named else fact.model)),
        "open": f"model?id={fact.model}" if named else None,
        "field": data_state.field_names()[fact.field],
        "value": value(fact),
        "kind": say(f"page.model.kind_{fact.kind}") if fact.sources else "",
        "source": "; ".join(facts.source_words(key) for key in fact.sources),
        "as_of": fact.as_of or "",
        "note": fact.note or "",
        "file": say(f"page.data.file_{fact.file}"),
    }


def _about(fact: CatalogFact, model: str | None) -> list[str]:
    """The model, and in which entry of another file it is spoken of."""
    entry = None if fact.entry in (fact.model, fact.file) else _entry(fact)
    return [part for part in (model, entry) if part]


def _entry(fact: CatalogFact) -> str:
    held: Mapping[str, Any] = state.details()[fact.file][fact.entry]
    return str(held.get("name", fact.entry))


def value(fact: CatalogFact) -> str:
    """What a fact says, as text; the three kinds of gaps read differently."""
    if fact.gap != KNOWN:
        return facts.missing_word(fact.gap)
    if fact.low is not None:
        return say("page.model.range", low=plain(fact.low), high=plain(fact.high))
    if isinstance(fact.value, Mapping):
        return "; ".join(f"{label(key)}: {plain(each)}" for key, each in flat(fact.value).items())
    return plain(fact.value)


def _config() -> Mapping[str, Any]:
    config = st.column_config
    made: dict[str, Any] = {name: config.Column(say(f"page.data.column_{name}")) for name in _COLUMNS}
    made["about"] = config.TextColumn(say("page.data.column_about"), pinned=True)
    made["open"] = config.LinkColumn(
        say("page.data.column_open"), display_text=say("page.models.open_link"), width="small"
    )
    made["value"] = config.TextColumn(say("page.data.column_value"), width="large")
    return made
