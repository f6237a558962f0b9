"""Explore without a browser: every point is a fact of the catalog, and the address says what is shown."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.elements.lib import streamlit_plotly_theme as theme

from pages.parts import figures
from recommender import load_catalog
from recommender.catalog.charts import size_chart
from recommender.catalog.selection import SCALES, Selection, chosen
from recommender.catalog.tables import rows
from recommender.catalog.types import ModelClass
from recommender.decide.facets import model_class

PAGE = "pages/explore.py"
CATALOG = load_catalog()
RULE = CATALOG.vocabulary["rules"]["class"]
ROWS = rows(CATALOG, {key: model_class(model, RULE) for key, model in CATALOG.models.items()})


def figure(app):
    """The chart on the page as plotly's own description."""
    (chart,) = app.get("plotly_chart")
    return json.loads(chart.proto.spec)


def points(app):
    """Model id -> (x, y, axis, symbol) of every marker."""
    return {
        key: (x, y, trace.get("xaxis", "x"), trace["marker"]["symbol"])
        for trace in figure(app)["data"] if trace.get("mode") == "markers"
        for key, x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True)
    }  # fmt: skip


def told(app):
    """All text of the page."""
    parts = [*app.markdown, *app.caption, *app.warning, *app.info, *app.subheader]
    return re.sub(r"\\(.)", r"\1", "\n".join(part.value for part in parts))


@pytest.mark.parametrize("scale", SCALES)
def test_every_point_is_the_catalogs(run_app, scale):
    """Each plotted point stands at the catalog's size and index; undisclosed sizes stand in the strip."""
    app = run_app({"x_index": scale}, page=PAGE)
    found = points(app)
    for key, (x, y, axis, symbol) in found.items():
        model = CATALOG.models[key]
        assert y == model.openness["index"]
        assert axis == ("x2" if model.parameters_total is None else "x")
        assert model.parameters_total is None or x == model.parameters_total
        hollow = "-open" if model.openness["basis"] == "own" else ""
        assert symbol == figures.MARKS[model_class(model, RULE)].symbol + hollow
    assert set(found) == {row.id for row in size_chart(ROWS, scale=scale).drawn}


def test_points_and_not_shown_are_all_models(run_app):
    """The page says how many are drawn and how many are not, and together they are the catalog."""
    app = run_app(page=PAGE)
    drawn, kept, rest = map(
        int, re.search(r"(\d+) of (\d+) models are drawn\. (\d+) are not", told(app)).groups()
    )
    assert (drawn, kept) == (len(points(app)), len(CATALOG.models))
    assert drawn + rest == kept


def test_active_parameters_end_the_thin_lines(run_app):
    """Each line of a mixture of experts runs from its active to its total parameters."""
    lines = [trace for trace in figure(run_app(page=PAGE))["data"] if trace.get("mode") == "lines"][1:]
    ends = {pair for trace in lines for pair in zip(trace["x"][::3], trace["x"][1::3], strict=True)}
    wanted = {
        (row.parameters_active, row.parameters_total)
        for row in size_chart(ROWS).sized if row.parameters_active is not None
    }  # fmt: skip
    assert ends == wanted


def test_estimates_are_off_until_asked_for(run_app):
    """Outside estimates of undisclosed sizes appear as hollow markers only on request."""

    def hollow(app):
        return [key for trace in figure(app)["data"] if "error_x" in trace for key in trace["customdata"]]

    assert hollow(run_app(page=PAGE)) == []
    asked = hollow(run_app({"x_est": "show"}, page=PAGE))
    assert set(asked) == {row.id for row in size_chart(ROWS).undisclosed if row.parameters_estimate}


def test_classes_keep_their_order_even_when_empty(run_app):
    """Closed, open-weight, small: one trace each in that order, also where nothing is left of a class."""
    traces = figure(run_app({"x_class": "small"}, page=PAGE))["data"]
    colours = [trace["marker"]["color"] for trace in traces if trace.get("mode") == "markers"]
    assert colours[:3] == [figures.CLOSED, figures.OPEN_WEIGHT, figures.SMALL]


def test_colours_are_the_themes_own():
    """The placeholders are those that Streamlit's front end replaces in figures."""
    assert (figures.CLOSED, figures.OPEN_WEIGHT, figures.SMALL, figures.NO_DATA) == (
        theme.CATEGORY_0, theme.CATEGORY_1, theme.CATEGORY_2, theme.CATEGORY_3,
    )  # fmt: skip
    assert (figures.TEXT, figures.GROUND) == (theme.GRAY_70, theme.BG_COLOR)


def test_filters_in_the_address_count(run_app):
    """The table under the chart holds the filtered rows that are drawn, in the same order."""
    app = run_app({"x_class": "open-weight", "x_since": "2026-01-01"}, page=PAGE)
    wanted = chosen(
        ROWS, Selection(classes=("open-weight",), since=CATALOG.date.replace(year=2026, month=1, day=1))
    )
    assert list(app.dataframe[0].value["id"]) == [row.id for row in size_chart(wanted).drawn]
    assert set(points(app)) == {row.id for row in size_chart(wanted).drawn}


@pytest.mark.parametrize("view", ["size", "price"])
@pytest.mark.parametrize("each", [*ModelClass, None])
def test_each_class_alone_is_drawn_without_fault(run_app, view, each):
    """Whatever filter is on, the page finds words; an empty chart is no fault."""
    query = {"x_view": view, "x_since": "2026-11-20"} | ({"x_class": str(each)} if each else {})
    assert "Explore" in [title.value for title in run_app(query, page=PAGE).title]


def test_ability_and_price_are_the_catalogs(run_app):
    """The second chart draws ability and blended price of the rows, and counts what it leaves out."""
    app = run_app({"x_view": "price"}, page=PAGE)
    by_id = {row.id: row for row in ROWS}
    for key, (x, y, _, symbol) in points(app).items():
        assert (x, y) == (by_id[key].price.usd_per_mtok, by_id[key].ability.likely)
        assert symbol.endswith("-open") == (by_id[key].ability.grade[0] in "CD")
    drawn, kept, rest = map(
        int, re.search(r"(\d+) of (\d+) models are drawn\. (\d+) are not", told(app)).groups()
    )
    assert drawn + rest == kept == len(CATALOG.models)


@pytest.mark.parametrize(
    "query",
    [
        {"x_class": "<b>x</b>"},
        {"x_since": "2026-99-99"},
        {"x_view": "gap"},
        {"x_dev": "ghost~" * 40},
        {"x_zzz": "1"},
    ],
)
def test_bad_filters_are_named(run_app, query):
    """A value we do not understand is named, and the page shows the rest."""
    app = run_app(query, page=PAGE)
    (key,) = query
    assert any(key in warning.value.replace("\\", "") for warning in app.warning)
    assert len(points(app)) == len(size_chart(ROWS).drawn)


def test_choosing_a_class_writes_the_address(run_app):
    """A filter chosen on the page stands in the address, beside what was there."""
    app = run_app({"x_retired": "hide"}, page=PAGE)
    app.button_group(key="x_class").set_value(["small"]).run()
    assert app.query_params["x_class"] in ("small", ["small"])
    assert app.query_params["x_retired"] in ("hide", ["hide"])
    assert {symbol for _, _, _, symbol in points(app).values()} == {"diamond", "diamond-open"}


def test_nothing_left_is_said(run_app):
    """Filters that nothing passes give a sentence, no chart."""
    app = run_app({"x_dev": "openai", "x_class": "small"}, page=PAGE)
    assert [note.value for note in app.info]
    assert not app.get("plotly_chart")


def test_the_chart_has_its_finding_as_description(run_app):
    """What the chart shows is said above it and is its text for screen readers."""
    app = run_app(page=PAGE)
    (chart,) = app.get("plotly_chart")
    assert chart.proto.alt
    assert chart.proto.alt in told(app)
