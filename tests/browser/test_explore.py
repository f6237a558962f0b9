"""Explore in a browser: draws, keeps its filter in the address, and downloads exactly what it shows."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from recommender import load_catalog
from recommender.catalog.charts import size_chart
from recommender.catalog.selection import Selection, chosen
from recommender.catalog.tables import plain_row, rows
from recommender.decide.facets import model_class

CHART = '[data-testid="stPlotlyChart"]'
TABLE = '[data-testid="stDataFrame"]'
SIDEWAYS = (
    "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
)


def wanted():
    """What the analyst's filter should leave: open-weight models since 2026 that can be drawn."""
    catalog = load_catalog()
    rule = catalog.vocabulary["rules"]["class"]
    classes = {key: model_class(model, rule) for key, model in catalog.models.items()}
    selection = Selection(classes=("open-weight",), since=date(2026, 1, 1))
    return size_chart(chosen(rows(catalog, classes), selection)).drawn


def drawn(page):
    """Number of markers in the chart."""
    page.wait_for_selector(f"{CHART} .scatterlayer .points path")
    return page.locator(f"{CHART} .scatterlayer .points path").count()


def downloaded(page, label):
    """The text of the file behind a button."""
    with page.expect_download() as caught:
        page.get_by_role("button", name=label).click()
    return caught.value.path().read_text(encoding="utf-8")


def test_analyst_filters_shares_and_downloads(visit, wait_ready):
    """Chosen by hand, opened afresh by its address: same points, same table rows, same CSV (scenario 9)."""
    first = visit("/explore?x_since=2026-01-01")
    first.get_by_role("button", name="Open-weight").click()
    first.wait_for_url("**x_class=open-weight**")
    wait_ready(first)
    address = urlsplit(first.url)
    assert parse_qs(address.query) == {"x_class": ["open-weight"], "x_since": ["2026-01-01"]}

    fresh = visit(f"{address.path}?{address.query}")
    shown = wanted()
    assert drawn(fresh) == len(shown)
    assert fresh.locator(f"{TABLE} [role=grid]").get_attribute("aria-rowcount") == str(len(shown) + 1)
    lines = list(csv.DictReader(io.StringIO(downloaded(fresh, f"Download these {len(shown)} rows"))))
    assert [line["id"] for line in lines] == [row.id for row in shown]
    assert [line["openness_index"] for line in lines] == [
        str(plain_row(row)["openness_index"]) for row in shown
    ]
    about = json.loads(downloaded(fresh, "Download what they are"))
    assert about["selection"] == {"x_class": "open-weight", "x_since": "2026-01-01"}


@pytest.mark.parametrize("dark", [False, True])
def test_classes_have_their_colours_in_both_themes(visit, dark):
    """The placeholders became the class colours of the theme."""
    page = visit("/explore?x_index=outside", dark=dark)  # our own ratings are hollow
    drawn(page)
    fills = set(
        page.eval_on_selector_all(
            f"{CHART} .points path", "all => all.map(each => getComputedStyle(each).fill)"
        )
    )
    colours = ["#E8703A", "#4C9BFF", "#9FF0D0"] if dark else ["#D9541E", "#2A7DE1", "#0F5C52"]
    wanted_fills = {f"rgb({int(c[1:3], 16)}, {int(c[3:5], 16)}, {int(c[5:7], 16)})" for c in colours}
    assert fills == wanted_fills


@pytest.mark.parametrize(
    "address", ["/explore", "/models", "/model?id=deepseek/deepseek-v3.1", "/learn?part=credits"]
)
def test_no_page_scrolls_sideways_on_a_phone(visit, address):
    """At 390 px tables scroll inside their own box, the page never."""
    page = visit(address, width=390)
    assert page.evaluate(SIDEWAYS) <= 0


def test_a_table_row_leads_to_the_model(visit, wait_ready):
    """A search with few hits links to the pages of the models."""
    page = visit("/models?x_q=distilbert")
    page.get_by_role("link", name="DistilBERT", exact=False).first.click()
    page.wait_for_url("**/model?id=huggingface**")
    wait_ready(page)
    assert "DistilBERT" in page.locator("h1").inner_text()
