"""How fresh and how complete the facts are: a chart with its table, and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.data_filter import gap_name
from pages.parts.figures import CONFIG, TEXT
from pages.parts.model_sections import label
from pages.parts.text import safe
from recommender import words
from recommender.catalog.all_facts import GAPS, CatalogFact
from recommender.catalog.fact_counts import RECENT_DAYS, Coverage, by_month, recent_share
from recommender.catalog.fact_counts import coverage as coverage_of

say = state.say
_HEIGHT = 280  # px
_LOG_FLOOR = -0.3  # log10 of half a fact: a month with one fact still has a bar


def freshness(facts: Sequence[CatalogFact]) -> None:
    """Facts by the month of the last look."""
    st.header(say("page.data.freshness"))
    months = by_month(facts)
    most = max(months, key=lambda month: months[month])
    finding = say(
        "page.data.freshness_finding", share=words.share(recent_share(facts, state.day())), days=RECENT_DAYS,
        month=most, most=months[most], oldest=min(months),
    )  # fmt: skip
    st.markdown(safe(finding))
    st.plotly_chart(figure(months), config=CONFIG, alt=finding, key="freshness")
    st.caption(say("page.data.freshness_note"))
    opened = st.expander(say("page.data.freshness_table"), key="freshness_table", on_change="rerun")
    if opened.open:
        lines = [
            {say("page.data.month"): month, say("page.data.count"): f"{count:,}"}
            for month, count in reversed(months.items())
            if count
        ]
        with opened:
            st.table(lines, hide_index=True, alt=finding)


def figure(months: Mapping[str, int]) -> dict[str, Any]:
    """Bars over time. Most facts are of the last months, so the axis is logarithmic."""
    bars = {
        "type": "bar", "x": list(months), "y": list(months.values()), "marker": {"color": TEXT},
        "hovertemplate": "%{x|%Y-%m}: %{y:,}<extra></extra>", "xperiod": "M1",
    }  # fmt: skip
    top = len(str(max(months.values(), default=0)))
    layout = {
        "height": _HEIGHT, "margin": {"l": 0, "r": 8, "t": 8, "b": 0}, "dragmode": False, "showlegend": False,
        "xaxis": {"type": "date", "fixedrange": True, "automargin": True},
        "yaxis": {
            "type": "log", "range": [_LOG_FLOOR, top], "dtick": 1, "tickformat": ",", "fixedrange": True,
            "automargin": True, "title": {"text": say("page.data.freshness_axis")},
        },
    }  # fmt: skip
    return {"data": [bars], "layout": layout}


def coverage() -> None:
    """For each fact that every model can be asked for: how many have it, and why the others have not."""
    st.header(say("page.data.coverage"))
    st.markdown(say("page.data.coverage_intro", models=len(state.catalog().models)))
    lines = [_line(each) for each in _coverage(state.catalog().version)]
    st.table(lines, hide_index=True, alt=say("page.data.coverage"))


@st.cache_resource(show_spinner=False, max_entries=2)
def _coverage(version: str) -> tuple[Coverage, ...]:
    return coverage_of(state.details())


def _line(each: Coverage) -> dict[str, str]:
    """A field with its shares; a share of nothing stays empty, so that the gaps stand out."""
    cells = {gap_name(gap): safe(_share(each, gap)) for gap in GAPS}
    return {say("page.data.field"): safe(label(each.field)), **cells}


def _share(each: Coverage, gap: str) -> str:
    """The share with the count; only all is 100% and only none is nothing."""
    count, share = each.counts[gap], words.share(each.share(gap))
    if not count:
        return ""
    if count != each.models:
        share = {_ALL: say("page.data.nearly_all"), _NONE: say("page.data.hardly_any")}.get(share, share)
    return say("page.data.cell", share=share, count=count)


_ALL, _NONE = words.share(1.0), words.share(0.0)
