"""The chart of the find page: what each criterion adds to the fit of the picks, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.picks import Pick, criterion_words, points_of
from pages.parts.text import safe
from recommender import words
from recommender.decide.result import Contribution, Ranked

# Colours by which Streamlit's theme reaches a figure: the browser puts the class colours of
# .streamlit/config.toml in their place, in light and in dark.
COLOURS = {"closed": "#000001", "open-weight": "#000002", "small": "#000003"}
_CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False}
_ROW_PX, _MARGIN_PX = 44, 90


def draw(picked: Sequence[Pick]) -> None:
    """The finding in words, then the bars; the tables above hold the same figures."""
    rows = [pick.row for pick in picked if pick.row is not None]
    if len(rows) <= len(picked[:1]):
        return  # nothing to compare
    criteria = _criteria(rows)
    finding = _finding(rows, criteria)
    st.markdown(safe(finding))
    # Drawn once asked for: the chart library is larger than the rest of the page.
    opened = st.expander(state.say("page.find.chart_open"), key="chart_open", on_change="rerun")
    if opened.open:
        with opened:
            st.plotly_chart(_figure(rows, criteria), config=_CONFIG, alt=finding, key="differences")


def _criteria(rows: Sequence[Ranked]) -> list[Contribution]:
    """Criteria that count for any of the picks, the weightiest first, each once."""
    found: dict[str, Contribution] = {}
    for row in rows:
        for part in row.contributions:
            if part.weight > 0:
                found[part.criterion] = max(part, found.get(part.criterion, part), key=lambda one: one.weight)
    return sorted(found.values(), key=lambda part: -part.weight)


def _finding(rows: Sequence[Ranked], criteria: Sequence[Contribution]) -> str:
    """Where the picks differ most."""
    spans = {part: {row.name: points_of(row, part.criterion) for row in rows} for part in criteria}
    widest = max(spans, key=lambda part: max(spans[part].values()) - min(spans[part].values()))
    points = spans[widest]
    high, low = max(points, key=lambda name: points[name]), min(points, key=lambda name: points[name])
    return state.say(
        "page.find.chart_finding", criterion=criterion_words(widest), high=high, low=low,
        most=words.number(round(points[high])), least=words.number(round(points[low])),
    )  # fmt: skip


def _figure(rows: Sequence[Ranked], criteria: Sequence[Contribution]) -> dict[str, Any]:
    names = [part.name for part in criteria]
    traces = [
        {
            "type": "bar", "orientation": "h", "name": row.name, "y": names,
            "x": [points_of(row, part.criterion) for part in criteria],
            "marker": {"color": COLOURS[row.model_class]},
            "hovertemplate": "%{y}: %{x:.1f}<extra>%{fullData.name}</extra>",
        }
        for row in rows
    ]  # fmt: skip
    layout = {
        "barmode": "group", "height": len(names) * _ROW_PX + _MARGIN_PX,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        "xaxis": {
            "title": {"text": state.say("page.find.chart_axis")}, "rangemode": "tozero", "fixedrange": True,
        },
        "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
    }  # fmt: skip
    return {"data": traces, "layout": layout}
