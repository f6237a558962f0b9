"""The data page and the age of the data, without a browser."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from pages.parts import data_state, data_take, state
from recommender import load_catalog
from recommender.catalog.all_facts import all_facts, unchecked_facts
from recommender.catalog.fact_filter import PAGE_ROWS
from recommender.catalog.freshness import BANNER_DAYS
from recommender.catalog.snapshot import load_details

PAGE = "pages/data.py"
CATALOG = load_catalog()
DETAILS = load_details(CATALOG.version)
FACTS = all_facts(DETAILS)


def texts(app):
    """Everything that is said in words."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info, app.warning)
    return "\n".join(each.value for kind in kinds for each in kind)


def table(app):
    """The rows of the table of facts."""
    return app.dataframe[0].value


def test_without_filters_all_facts_are_counted(run_app):
    """The count is that of all facts; the table holds the first page of them."""
    app = run_app(page=PAGE)
    assert f"{len(FACTS):,} of {len(FACTS):,} facts" in texts(app)
    assert len(table(app)) == PAGE_ROWS


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ({"d_file": "carbon"}, lambda fact: fact.file == "carbon"),
        ({"d_field": "ends"}, lambda fact: fact.field == "ends"),
        ({"d_source": "spdx-license-list"}, lambda fact: "spdx-license-list" in fact.sources),
        ({"d_kind": "estimate"}, lambda fact: fact.kind == "estimate"),
        ({"d_gap": "not-applicable", "d_file": "licences"},
         lambda fact: fact.gap == "not-applicable" and fact.file == "licences"),
    ],
)  # fmt: skip
def test_each_filter_keeps_what_it_names(run_app, query, rule):
    """Filters in the address hold together."""
    app = run_app(query, page=PAGE)
    count = sum(map(rule, FACTS))
    assert 0 < count <= PAGE_ROWS
    assert len(table(app)) == count
    assert f"{count:,} of {len(FACTS):,} facts" in texts(app)


def test_search_finds_by_all_words(run_app):
    """Every word has to occur, in whatever column."""
    found = table(run_app({"d_q": "gpt-4o-mini knowledge cutoff"}, page=PAGE))
    assert len(found) > 0
    assert set(found["field"]) == {"Knowledge cutoff"}


def test_gaps_nobody_looked_into_are_no_facts(run_app):
    """They are listed apart, without a source, and said not to count."""
    app = run_app({"d_gap": "unchecked"}, page=PAGE)
    assert f"{len(unchecked_facts(DETAILS)):,} facts not checked yet" in texts(app)
    assert set(table(app)["value"]) == {"Not checked yet"}
    assert set(table(app)["source"]) == {""}


def test_pages_follow_one_another(run_app):
    """The second page begins where the first one ends; a page too far is the last one."""
    numbers = {page: texts(run_app({"d_page": page}, page=PAGE)) for page in ("2", "9999")}
    assert f"Rows {PAGE_ROWS + 1:,} to {2 * PAGE_ROWS:,} of {len(FACTS):,}" in numbers["2"]
    assert f"to {len(FACTS):,} of {len(FACTS):,}" in numbers["9999"]


@pytest.mark.parametrize(
    "query",
    [{"d_file": "secrets"}, {"d_field": "<b>"}, {"d_page": "0"}, {"d_page": "²"}, {"d_q": "a" * 500},
     {"d_gap": "x"}, {"d_kind": "**"}, {"d_topic": "gossip"}, {"d_other": "1"}],
)  # fmt: skip
def test_bad_values_are_named(run_app, query):
    """What cannot be used is said; everything else is shown as without it."""
    app = run_app(query, page=PAGE)
    (key,) = query
    assert any(key in warning.value.replace("\\", "") for warning in app.warning)
    assert len(table(app)) == PAGE_ROWS


def test_nothing_found_is_said(run_app):
    """A search without a hit gives a sentence, no table of facts."""
    assert "No fact has all these words" in texts(run_app({"d_q": "zzzzzz"}, page=PAGE))


def test_choosing_writes_the_address(run_app):
    """What is chosen stands in the address; another part of the catalogue drops a field it has not."""
    app = run_app({"d_field": "ends", "d_page": "3"}, page=PAGE)
    app.selectbox(key="d_file").set_value("carbon").run()
    assert list(app.query_params) == ["d_file"]
    assert app.query_params["d_file"] in ("carbon", ["carbon"])
    assert set(table(app)["file"]) == {"Electricity"}


def test_one_topic_of_disagreements(run_app):
    """The topic in the address is the only one left, and leaves the facts alone."""
    app = run_app({"d_topic": "languages"}, page=PAGE)
    assert set(app.dataframe[1].value["topic"]) == {"Languages"}
    assert len(table(app)) == PAGE_ROWS


def test_licence_citation_and_guide_are_shown(run_app):
    """The licence as written, the citation with the version, the chapter on adding a model."""
    app = run_app(page=PAGE)
    assert "CC BY 4.0" in texts(app)
    assert CATALOG.version in app.code[0].value
    assert data_take.guide().strip().startswith("One model is one file")
    assert data_take.guide().strip() in texts(app)


def test_footer_says_how_old_the_data_is(run_app, monkeypatch):
    """The newest day, in days since."""
    monkeypatch.setattr(state, "day", lambda: CATALOG.date + timedelta(days=3))
    shown = texts(run_app(page="pages/learn.py"))
    assert f"facts checked up to {CATALOG.date}, 3 days ago" in shown.replace("\\", "")


@pytest.mark.parametrize("page", [None, PAGE, "pages/models.py"])
@pytest.mark.parametrize(("days", "expected"), [(45, False), (46, True)])
def test_old_data_is_announced_on_every_page(run_app, monkeypatch, page, days, expected):
    """From the 46th day on."""
    monkeypatch.setattr(state, "day", lambda: CATALOG.date + timedelta(days=days))
    assert any("last checked" in each.value for each in run_app(page=page).warning) is expected


def test_limit_of_the_banner_is_the_one_of_the_criteria():
    """The file and the code name one limit."""
    assert CATALOG.vocabulary["criteria"]["caveat_limits"]["catalog_old_days"] == BANNER_DAYS


def test_old_prices_are_marked_on_the_model_page(run_app, monkeypatch):
    """Beyond 90 days the page of a model says when its prices were last seen."""
    monkeypatch.setattr(state, "day", lambda: CATALOG.date + timedelta(days=100))
    app = run_app({"id": "meta/llama-3.3-70b"}, page="pages/model.py")
    assert any("Price last checked" in each.value and "months ago" in each.value for each in app.warning)


def test_schema_file_is_json():
    """The button for the schema has something to give."""
    assert "data/models/<developer>/<model>.yaml" in json.loads(data_state.schema_file())
