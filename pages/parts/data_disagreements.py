"""Where the catalog's sources contradict each other, both sides in one row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import data_filter, data_state, facts, state
from pages.parts.inputs import Labels
from pages.parts.model_sections import label, plain
from pages.parts.text import safe
from recommender import words
from recommender.catalog.disagreements import TOPICS, Disagreement, Said
from recommender.catalog.fact_filter import FactFilter

say = state.say
_COLUMNS = (
    "about", "open", "detail", "first", "second", "unit", "apart", "first_source", "second_source", "topic",
)  # fmt: skip


def disagreements(wanted: FactFilter) -> None:
    """All of them, or those of one topic."""
    st.header(say("page.data.disagreements"))
    found = data_state.disagreements()
    st.markdown(safe(say("page.data.disagreements_intro", count=len(found))))
    counted = Counter(each.topic for each in found)
    topics = [topic for topic in TOPICS if counted[topic] or topic == wanted.topic]
    data_filter.widget(
        st.pills, "topic", wanted.topic, say("page.data.topic"), options=topics,
        format_func=Labels({topic: _topic(topic, counted[topic]) for topic in topics}),
    )  # fmt: skip
    shown = [each for each in found if wanted.topic in (None, each.topic)]
    if wanted.topic:
        st.markdown(safe(say(f"page.data.why_{wanted.topic}")))
    if shown:
        st.dataframe(
            pd.DataFrame([_cells(each) for each in shown]), key="disagreements", hide_index=True,
            column_config=_config(), column_order=_COLUMNS, placeholder="",
            alt=say("page.data.disagreements_alt", count=len(shown)),
            height=facts.TALL if len(shown) > facts.SHORT else "content",
        )  # fmt: skip


def _topic(topic: str, count: int) -> str:
    return say("page.data.topic_count", topic=say(f"page.data.topic_{topic}"), count=count)


def _cells(each: Disagreement) -> dict[str, Any]:
    named = state.catalog().models.get(each.subject)
    return {
        "about": named.name if named else each.detail or each.subject,
        "open": f"model?id={each.subject}" if named else None,
        "detail": each.detail if named else "",
        "first": _figure(each, each.first),
        "second": _figure(each, each.second),
        "unit": each.unit,
        "apart": words.share(each.share),
        "first_source": _source(each.first),
        "second_source": _source(each.second),
        "topic": say(f"page.data.topic_{each.topic}"),
    }


def _figure(each: Disagreement, said: Said) -> str:
    return words.parameters(int(said.value)) if each.topic == "parameters" else plain(said.value)


def _source(said: Said) -> str:
    """The field, where it comes from and the day."""
    titles = "; ".join(facts.source_words(key) for key in said.sources)
    return say("page.data.said", field=label(said.field), source=titles, day=said.as_of)


def _config() -> Mapping[str, Any]:
    config = st.column_config
    made: dict[str, Any] = {name: config.TextColumn(say(f"page.data.column_{name}")) for name in _COLUMNS}
    made["about"] = config.TextColumn(say("page.data.column_about"), pinned=True)
    for name in ("first", "second", "apart"):
        made[name] = config.TextColumn(say(f"page.data.column_{name}"), alignment="right")
    made["open"] = config.LinkColumn(
        say("page.data.column_open"), display_text=say("page.models.open_link"), width="small"
    )
    return made
