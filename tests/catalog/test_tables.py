"""The models as rows: figures of the catalog, three kinds of gaps, search, downloads."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from recommender.catalog.snapshot import load_catalog
from recommender.catalog.tables import (
    UNITS,
    blended_price,
    coverage,
    metadata,
    nearest,
    plain_row,
    resolve,
    rows,
    search,
    to_csv,
)
from recommender.catalog.types import Missing, Offer, Price
from recommender.decide.facets import model_class

CATALOG = load_catalog()
RULE = CATALOG.vocabulary["rules"]["class"]
ROWS = rows(CATALOG, {key: model_class(model, RULE) for key, model in CATALOG.models.items()})
BY_ID = {row.id: row for row in ROWS}


def price(paid_in, paid_out, **fields):
    """A price of this year, read on the catalog's day."""
    return Price(
        input_usd_per_mtok=paid_in, output_usd_per_mtok=paid_out, valid_from=date(2026, 1, 1),
        as_of=CATALOG.date, source="card", **fields,
    )  # fmt: skip


def offer(paid_in, paid_out, provider="host", **fields):
    """An offer at one price."""
    first = fields.pop("first_party", False)
    return Offer(
        model="m",
        provider=provider,
        name="m",
        first_party=first,
        prices=(price(paid_in, paid_out),),
        **fields,
    )


def test_every_model_is_a_row_once():
    """No model is lost or doubled, and the newest comes first."""
    assert sorted(BY_ID) == sorted(CATALOG.models)
    assert len(ROWS) == len(CATALOG.models)
    assert [row.released for row in ROWS] == sorted((row.released for row in ROWS), reverse=True)


@pytest.mark.parametrize(
    "field", ["parameters_total", "parameters_active", "context_tokens", "released", "status"]
)
def test_rows_repeat_the_catalog(field):
    """A figure of a row is that of the catalog, untouched."""
    different = [row.id for row in ROWS if getattr(row, field) != getattr(CATALOG.models[row.id], field)]
    assert different == []


@pytest.mark.parametrize(
    "field", ["parameters_total", "context_tokens", "licence", "openness", "ability", "price"]
)
def test_every_gap_has_one_reason(field):
    """A field is either there or says why it is not."""
    wrong = [row.id for row in ROWS if (getattr(row, field) is None) != (field in row.missing)]
    assert wrong == []


def test_the_three_gaps_stay_apart():
    """Closed sizes, active parameters of dense models and missing ratings are missing for three reasons."""
    assert BY_ID["openai/gpt-4o"].missing["parameters_total"] == Missing.UNDISCLOSED
    assert BY_ID["meta/llama-3.1-405b"].missing["parameters_active"] == Missing.NOT_APPLICABLE
    unrated = next(row for row in ROWS if row.openness is None)
    assert unrated.missing["openness"] == Missing.UNCHECKED


def test_price_blends_three_in_for_one_out():
    """Three parts input and one part output, by hand: (3 x 2 + 10) / 4 = 4."""
    found = blended_price([offer(2.0, 10.0)], CATALOG)
    assert found is not None
    assert found.usd_per_mtok == 4.0


def test_price_of_the_maker_counts_before_hosts():
    """A first-party offer is the price, whatever hosts ask."""
    found = blended_price([offer(1.0, 1.0), offer(5.0, 5.0, provider="maker", first_party=True)], CATALOG)
    assert found is not None
    assert (found.usd_per_mtok, found.first_party) == (5.0, True)


def test_price_of_hosts_is_the_median():
    """Without the maker, the middle of the hosts; one expensive host moves nothing."""
    found = blended_price([offer(p, p, provider=f"h{p}") for p in (1.0, 2.0, 90.0)], CATALOG)
    assert found is not None
    assert (found.usd_per_mtok, found.hosts, found.first_party) == (2.0, 3, False)


@pytest.mark.parametrize("mark", ["ended", "outlier", "free"])
def test_offers_that_do_not_count_make_no_price(mark):
    """Ended offers, outliers and free trials are no price."""
    assert blended_price([offer(1.0, 1.0, **{mark: True})], CATALOG) is None


def test_future_prices_make_no_price():
    """A price that starts after the catalog's day is not in force."""
    later = replace(price(1.0, 1.0), valid_from=date(2999, 1, 1))
    assert blended_price([replace(offer(1.0, 1.0), prices=(later,))], CATALOG) is None


def test_retired_models_have_no_price():
    """What can no longer be bought has no price, and the question does not arise."""
    row = BY_ID["anthropic/claude-2"]
    assert row.price is None
    assert row.missing["price"] == Missing.NOT_APPLICABLE


@pytest.mark.parametrize("text", ["gpt-4o", "GPT 4O", "gpt4o", "openai/gpt-4o", " openai  4o "])
def test_search_forgives_spelling(text):
    """Case, spaces and hyphens do not matter; every word must occur."""
    assert "openai/gpt-4o" in {row.id for row in search(ROWS, text)}


def test_search_finds_aliases():
    """The seed article's spelling of a model finds it."""
    assert [row.id for row in search(ROWS, "llama-3-405b")] == ["meta/llama-3.1-405b"]


def test_search_finds_nothing_for_nonsense():
    """A word that occurs nowhere leaves no row."""
    assert search(ROWS, "zzzzqqq") == ()


def test_alias_resolves_in_any_case():
    """Ids and aliases lead to the model, unknown names to nothing."""
    assert resolve(CATALOG, "LLAMA-3-405B") == "meta/llama-3.1-405b"
    assert resolve(CATALOG, "OpenAI/GPT-4o") == "openai/gpt-4o"
    assert resolve(CATALOG, "no such model") is None


def test_every_alias_resolves():
    """No alias of the catalog leads nowhere or to another model."""
    wrong = [alias for row in ROWS for alias in row.aliases if resolve(CATALOG, alias) != row.id]
    assert wrong == []


@pytest.mark.parametrize("typed", ["gpt-4oo", "openai/gpt-4p", "clade-2", "x" * 5000, "", "\x00☃"])
def test_nearest_never_fails(typed):
    """Any text gives at most five ids of the catalog."""
    found = nearest(CATALOG, typed)
    assert len(found) <= 5
    assert set(found) <= set(CATALOG.models)


def test_nearest_knows_a_slip():
    """One wrong letter still leads to the model."""
    assert "openai/gpt-4o" in nearest(CATALOG, "gpt-4oo")


def test_coverage_counts_every_row_once():
    """Known and the three reasons together are all models, for every field."""
    assert {sum(kinds.values()) for kinds in coverage(ROWS).values()} == {len(ROWS)}


def test_csv_holds_exactly_the_rows():
    """A line per row, in order, with the same plain values."""
    shown = ROWS[:40]
    read = list(csv.DictReader(io.StringIO(to_csv(shown))))
    assert [line["id"] for line in read] == [row.id for row in shown]
    assert [line["openness_index"] for line in read] == [
        str(plain_row(row)["openness_index"]) for row in shown
    ]


def test_csv_is_harmless_in_a_spreadsheet():
    """A name that looks like a formula is written as text."""
    row = replace(ROWS[0], name="=1+1")
    assert next(csv.DictReader(io.StringIO(to_csv([row]))))["name"] == "'=1+1"


def test_csv_of_nothing_is_empty():
    """No rows, no failure."""
    assert to_csv([]).strip() == ""


def test_metadata_names_units_of_its_columns():
    """Every unit belongs to a column, and the counts are those of the rows."""
    about = metadata(CATALOG, ROWS[:3], selection={"x_class": "closed"})
    assert set(UNITS) <= set(plain_row(ROWS[0]))
    assert (about["models"], about["catalog_version"]) == (3, CATALOG.version)
