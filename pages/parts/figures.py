"""Rows as plain plotly figures: dicts, no graph objects, no colour of their own.

Colours are the placeholders that Streamlit's front end replaces with the theme's
chartCategoricalColors (first closed, then open-weight, small, no data), so that a figure follows
light and dark by itself. Every class is a trace, in that order, even when it is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

from recommender.catalog.charts import PriceChart, SizeChart
from recommender.catalog.tables import Row
from recommender.catalog.types import ModelClass

CLOSED, OPEN_WEIGHT, SMALL, NO_DATA = "#000001", "#000002", "#000003", "#000004"
TEXT, GROUND = "#000036", "#000038"  # muted text and the page's background

Figure = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """How a class is drawn: colour, symbol, and the same symbol as a letter for texts."""

    colour: str
    symbol: str
    letter: str


MARKS: Mapping[ModelClass | None, Mark] = {
    ModelClass.CLOSED: Mark(CLOSED, "circle", "●"),
    ModelClass.OPEN_WEIGHT: Mark(OPEN_WEIGHT, "square", "■"),
    ModelClass.SMALL: Mark(SMALL, "diamond", "◆"),
    None: Mark(NO_DATA, "x", "×"),
}

CONFIG = {"displaylogo": False, "modeBarButtons": [["toImage"]], "scrollZoom": False}
"""Plotly's own image button is the only one kept."""

_TICKS = {1e8: "0.1B", 1e9: "1B", 1e10: "10B", 1e11: "100B", 1e12: "1,000B"}
_AXIS_ENDS, _AXIS_MARGIN = (8.0, 12.3), 0.15  # log10 of parameters
_PLOT, _STRIP = [0.0, 0.8], [0.84, 1.0]  # share of the width
_MARKER_SIZE = 9
_BASE: Figure = {
    "showlegend": False,
    "hovermode": "closest",
    "dragmode": False,  # a finger on the chart scrolls the page
    "margin": {"l": 52, "r": 8, "t": 34, "b": 56},
}


def _escaped(text: str) -> str:
    """Text that Plotly's small HTML shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def hover_text(lines: Sequence[str]) -> str:
    """Lines of a hover box, the first one bold."""
    first, *rest = [_escaped(line) for line in lines]
    return "<br>".join([f"<b>{first}</b>", *rest])


def _legend(names: Mapping[ModelClass, str]) -> Figure:
    """One line of symbols above the plot: Plotly's own legend would cover points on a phone."""
    parts = [
        f'<span style="color:{MARKS[each].colour}">{MARKS[each].letter}</span> {_escaped(name)}'
        for each, name in names.items()
    ]
    return {
        "text": "   ".join(parts), "showarrow": False, "xref": "paper", "yref": "paper",
        "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "yshift": 8, "font": {"size": 14},
    }  # fmt: skip


def _groups(rows: Sequence[Row]) -> list[tuple[Mark, list[Row]]]:
    return [(mark, [row for row in rows if row.model_class == each]) for each, mark in MARKS.items()]


def _points(
    mark: Mark, rows: Sequence[Row], x: Sequence[Any], y: Sequence[Any], hover: Mapping[str, str]
) -> Figure:
    return {
        "type": "scatter", "mode": "markers", "x": list(x), "y": list(y),
        "customdata": [row.id for row in rows], "text": [hover[row.id] for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "color": mark.colour, "symbol": mark.symbol, "size": _MARKER_SIZE, "opacity": 0.9,
            "line": {"width": 1, "color": GROUND},
        },
    }  # fmt: skip


def _lines(mark: Mark, rows: Sequence[Row]) -> Figure:
    """Thin lines from the active to the total parameters of mixtures of experts."""
    x: list[float | None] = []
    y: list[float | None] = []
    for row in rows:
        if row.parameters_active is not None and row.parameters_total is not None:
            x += [row.parameters_active, row.parameters_total, None]
            y += [row.openness, row.openness, None]
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip", "opacity": 0.55,
        "line": {"color": mark.colour, "width": 1},
    }  # fmt: skip


def _estimates(mark: Mark, rows: Sequence[Row], hover: Mapping[str, str]) -> Figure:
    """Outside estimates of undisclosed sizes: hollow markers with their whole interval."""
    guessed = [(row, row.parameters_estimate) for row in rows if row.parameters_estimate is not None]
    made = _points(
        mark,
        [row for row, _ in guessed],
        [r.likely for _, r in guessed],
        [row.openness for row, _ in guessed],
        hover,
    )
    made["marker"] |= {"symbol": f"{mark.symbol}-open", "line": {"width": 2, "color": mark.colour}}
    made["error_x"] = {
        "type": "data",
        "symmetric": False,
        "color": mark.colour,
        "thickness": 1,
        "array": [r.high - r.likely for _, r in guessed],
        "arrayminus": [r.likely - r.low for _, r in guessed],
    }
    return made


def _by_scale(rows: Sequence[Row]) -> list[tuple[Mark, list[Row], Figure]]:
    """Groups of rows with the look of their scale: our own ratings are hollow and lie below."""
    made: list[tuple[Mark, list[Row], Figure]] = []
    for own in (True, False):
        for mark, group in _groups([row for row in rows if (row.openness_scale == "own") == own]):
            hollow = {"symbol": f"{mark.symbol}-open", "line": {"width": 1.5, "color": mark.colour}}
            made.append((mark, list(group), hollow if own else {}))
    return made


def _hatch(width: float) -> Figure:
    """The hatched ground of the strip. It is the first trace: what follows lies on top."""
    return {
        "type": "scatter", "mode": "lines", "xaxis": "x2", "hoverinfo": "skip", "fill": "toself",
        "x": [-1, width, width, -1, -1], "y": [-4, -4, 104, 104, -4],
        "line": {"width": 0, "color": NO_DATA}, "fillcolor": "rgba(0,0,0,0)",
        "fillpattern": {"shape": "/", "size": 8, "solidity": 0.12, "fgcolor": NO_DATA, "fgopacity": 0.7,
                        "bgcolor": "rgba(0,0,0,0)"},
    }  # fmt: skip


def _size_range(chart: SizeChart, estimates: bool) -> list[float]:
    """Ends of the log axis: the usual ones, wider where a point asks for it."""
    ends = [x for row in chart.sized for x in (row.parameters_total, row.parameters_active) if x]
    if estimates:
        guesses = [row.parameters_estimate for row in chart.undisclosed if row.parameters_estimate]
        ends += [end for guess in guesses for end in (guess.low, guess.high)]
    low, high = _AXIS_ENDS
    if ends:
        low = min(low, log10(min(ends)) - _AXIS_MARGIN)
        high = max(high, log10(max(ends)) + _AXIS_MARGIN)
    return [low, high]


def size_openness(
    chart: SizeChart,
    *,
    hover: Mapping[str, str],
    words: Mapping[str, str],
    classes: Mapping[ModelClass, str],
    estimates: bool,
) -> Figure:
    """Total parameters (log) against the openness index; undisclosed sizes in a strip of their own.

    `words`: keys x, y, strip. `classes`: the class names of the legend.
    """
    place = {row.id: position for position, row in enumerate(chart.undisclosed)}
    width = max(len(place), 1)
    data = [_hatch(width)]
    data += [_lines(mark, rows) for mark, rows in _groups(chart.sized)]
    if estimates:
        data += [_estimates(mark, rows, hover) for mark, rows in _groups(chart.undisclosed)]
    for mark, rows, look in _by_scale(chart.sized):
        made = _points(mark, rows, [r.parameters_total for r in rows], [r.openness for r in rows], hover)
        data.append({**made, "marker": {**made["marker"], **look}})
    for mark, rows, look in _by_scale(chart.undisclosed):
        made = _points(mark, rows, [place[r.id] for r in rows], [r.openness for r in rows], hover)
        data.append({**made, "marker": {**made["marker"], **look}, "xaxis": "x2"})
    layout = _BASE | {
        "height": 520,
        "annotations": [_legend(classes)],
        "xaxis": {
            "type": "log",
            "domain": _PLOT,
            "range": _size_range(chart, estimates),
            "zeroline": False,
            "tickvals": list(_TICKS),
            "ticktext": list(_TICKS.values()),
            "title": {"text": words["x"]},
        },
        "xaxis2": {
            "domain": _STRIP,
            "range": [-1, width],
            "anchor": "y",
            "showgrid": False,
            "zeroline": False,
            "tickvals": [(width - 1) / 2],
            "ticktext": [words["strip"]],
            "tickangle": 0,
        },
        "yaxis": {
            "range": [-4, 104],
            "zeroline": False,
            "title": {"text": words["y"]},
            "tickvals": [0, 25, 50, 75, 100],
        },
    }
    return {"data": data, "layout": layout}


def _intervals(mark: Mark, rows: Sequence[Row]) -> Figure:
    """Faint vertical bars over the ability intervals, one trace per class."""
    x: list[float | None] = []
    y: list[float | None] = []
    for row in rows:
        if row.ability is not None and row.price is not None:
            x += [row.price.usd_per_mtok, row.price.usd_per_mtok, None]
            y += [row.ability.low, row.ability.high, None]
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip", "opacity": 0.35,
        "line": {"color": mark.colour, "width": 1.5},
    }  # fmt: skip


def _measured(row: Row) -> bool:
    return row.ability is not None and row.ability.grade[:1] in ("A", "B")


def ability_price(
    chart: PriceChart,
    *,
    hover: Mapping[str, str],
    words: Mapping[str, str],
    classes: Mapping[ModelClass, str],
) -> Figure:
    """Ability (points, with interval) against blended price (log). Filled: measured; hollow: estimated."""
    data = [_intervals(mark, rows) for mark, rows in _groups(chart.drawn)]
    data.append({
        "type": "scatter", "mode": "lines", "hoverinfo": "skip",
        "x": [row.price.usd_per_mtok for row in chart.frontier if row.price],
        "y": [row.ability.likely for row in chart.frontier if row.ability],
        "line": {"color": NO_DATA, "width": 2, "dash": "dot", "shape": "hv"},
    })  # fmt: skip
    for measured in (False, True):
        for mark, rows in _groups([row for row in chart.drawn if _measured(row) == measured]):
            prices = [row.price.usd_per_mtok for row in rows if row.price]
            made = _points(mark, rows, prices, [row.ability.likely for row in rows if row.ability], hover)
            if not measured:
                made["marker"] |= {
                    "symbol": f"{mark.symbol}-open",
                    "line": {"width": 1.5, "color": mark.colour},
                }
            data.append(made)
    layout = _BASE | {
        "height": 520,
        "annotations": [_legend(classes)],
        "xaxis": {
            "type": "log", "title": {"text": words["x"]}, "zeroline": False, "tickprefix": "$",
            "tickvals": [0.01, 0.1, 1, 10, 100], "ticktext": ["0.01", "0.10", "1", "10", "100"],
        },
        "yaxis": {"title": {"text": words["y"]}, "zeroline": False, "tickformat": "d"},
    }  # fmt: skip
    return {"data": data, "layout": layout}


def curve(anchors: Sequence[tuple[float, float]], *, log: bool, words: Mapping[str, str]) -> Figure:
    """A value curve: straight lines between its anchors, flat outside them."""
    pairs = sorted(anchors)
    ticks = [x for x, _ in pairs]
    layout = _BASE | {
        "height": 240,
        "margin": {"l": 52, "r": 16, "t": 12, "b": 52},
        "xaxis": {
            "type": "log" if log else "linear",
            "title": {"text": words["x"]},
            "zeroline": False,
            "tickvals": ticks,
            "ticktext": [f"{x:,g}" for x in ticks],
        },
        "yaxis": {
            "range": [-0.05, 1.05],
            "title": {"text": words["y"]},
            "tickvals": [0, 0.5, 1],
            "zeroline": False,
        },
    }
    line = {
        "type": "scatter", "mode": "lines+markers", "x": ticks, "y": [v for _, v in pairs],
        "hovertemplate": "%{x:,}: %{y}<extra></extra>", "line": {"color": TEXT, "width": 2},
        "marker": {"color": TEXT, "size": 7},
    }  # fmt: skip
    return {"data": [line], "layout": layout}
