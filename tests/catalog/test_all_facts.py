"""Every fact is a row with source and day; filters, counts and files lose none."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date

import jsonschema
import pytest

from recommender import load_catalog
from recommender.catalog.all_facts import FILES, GAPS, KINDS, all_facts, unchecked_facts
from recommender.catalog.fact_counts import by_month, coverage, recent_share
from recommender.catalog.fact_export import COLUMNS, facts_csv, facts_json
from recommender.catalog.fact_filter import (
    PAGE_ROWS,
    FactFilter,
    chosen,
    known,
    on_page,
    pages,
    read,
    selects,
    write,
)
from recommender.catalog.schema_export import schemas
from recommender.catalog.snapshot import DATA_DIR, load_details

CATALOG = load_catalog()
DETAILS = load_details(CATALOG.version)
FACTS = all_facts(DETAILS)
KNOWN = known(FACTS)
SMALL = {
    **{file: {} for file in FILES},
    "sources": {"card": {"title": "A card"}},
    "models": {"a/b": {"name": "B", "ends": {"low": 1, "high": 2, "kind": "estimate", "source": "card",
                                             "as_of": "2026-01-31", "note": "=SUM(A1)"}}},
    "offers": {"p": {"name": "P", "offers": [{"model": "a/b", "name": "b-1", "prices": [
        {"input_usd_per_mtok": 1.0, "source": ["card"], "as_of": "2026-03-01"}]}]}},
    "licences": {"l": {"name": "L", "source": "card", "as_of": "2026-03-02", "osi_approved": {
        "status": "undisclosed", "source": "card", "as_of": "2026-03-02"}}},
}  # fmt: skip


def walked(node):
    """Every mapping with a source, however deep."""
    if isinstance(node, dict):
        yield from [node] if "source" in node else []
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from walked(each)


def test_every_fact_has_source_and_day():
    """All of them: a source that is known, and a day that is one."""
    for fact in FACTS:
        assert fact.sources
        assert set(fact.sources) <= set(DETAILS["sources"])
        assert date.fromisoformat(fact.as_of)


@pytest.mark.parametrize("file", FILES)
def test_counts_equal_a_walk_of_the_details(file):
    """No fact is lost or counted twice, in no part of the catalogue; days and notes are the same ones."""
    found = [fact for fact in FACTS if fact.file == file]
    there = list(walked(DETAILS[file]))
    assert len(found) == len(there) > 0
    assert Counter(fact.as_of for fact in found) == Counter(node["as_of"] for node in there)
    told = "\n".join({fact.note for fact in found if fact.note})
    assert [node["note"] for node in there if node.get("note", "") not in told] == []


def test_no_part_of_the_details_is_left_out():
    """A new file of facts is walked, or this test asks why not."""
    assert set(DETAILS) - set(FILES) == {"sources", "retired_ids", "tree_sha256"}


def test_kinds_and_gaps_are_the_known_ones():
    """What the filters offer is what occurs."""
    assert {fact.kind for fact in FACTS} <= set(KINDS)
    assert {fact.gap for fact in FACTS} == set(GAPS) - {"unchecked"}


def test_rows_say_where_a_fact_stands():
    """Ranges, records, the model in another file, and facts inside a record each keep their own."""
    ends, price, licence, osi = all_facts(SMALL)
    assert (ends.field, ends.low, ends.high, ends.kind, ends.model) == ("ends", 1, 2, "estimate", "a/b")
    assert (price.field, price.entry, price.model, price.within) == ("offers.prices", "p", "a/b", "b-1")
    assert price.value == {"input_usd_per_mtok": 1.0}
    assert licence.value == {"name": "L"}
    assert (osi.field, osi.gap, osi.value) == ("osi_approved", "undisclosed", None)


def test_gaps_nobody_looked_into_match_the_coverage():
    """The list and the table count the same."""
    listed = Counter(fact.field for fact in unchecked_facts(DETAILS))
    counted = {each.field: each.counts["unchecked"] for each in coverage(DETAILS) if each.counts["unchecked"]}
    assert listed == counted


def test_coverage_counts_every_model_once():
    """The four shares of a field make all models."""
    assert {sum(each.counts.values()) for each in coverage(DETAILS)} == {len(CATALOG.models)}


def test_months_have_no_hole_and_lose_no_fact():
    """From the first to the last month, empty ones included."""
    assert by_month(all_facts(SMALL)) == {"2026-01": 1, "2026-02": 0, "2026-03": 3}
    assert sum(by_month(FACTS).values()) == len(FACTS)


def test_recent_means_within_ninety_days():
    """The 90th day counts, the 91st does not."""
    facts = all_facts(SMALL)
    assert recent_share(facts, date(2026, 5, 1)) == 1.0
    assert recent_share(facts, date(2026, 5, 2)) == 0.75


def test_pages_hold_every_row_once():
    """Page after page gives the facts back."""
    turned = [fact for page in range(1, pages(len(FACTS)) + 1) for fact in on_page(FACTS, page)]
    assert turned == list(FACTS)
    assert pages(PAGE_ROWS) == pages(0) == 1


FILTERS = (
    FactFilter(),
    FactFilter(file="offers", field="offers.prices", kind="published", gap="known", text="gpt", page=3),
    FactFilter(source="spdx-license-list", topic="price"),
)


@pytest.mark.parametrize("wanted", FILTERS)
def test_link_gives_the_filter_back(wanted):
    """Written and read again it is the same."""
    assert read(write(wanted), KNOWN) == (wanted, ())


def test_bad_values_are_named_and_the_rest_counts():
    """Each part of a link stands for itself."""
    query = {"d_file": "models", "d_kind": "rumour", "d_page": "-1", "d_zzz": "1"}
    wanted, bad = read(query, KNOWN)
    assert wanted == FactFilter(file="models")
    assert [each.key for each in bad] == ["d_kind", "d_page", "d_zzz"]


def test_filters_hold_together():
    """A row passes only if it passes all."""
    wanted = FactFilter(file="models", gap="undisclosed", text="openai total")
    found = chosen(FACTS, wanted)
    assert found
    assert all(fact.file == "models" and fact.gap == "undisclosed" for fact in found)
    assert all("openai" in fact.haystack and "total" in fact.haystack for fact in found)
    assert selects(wanted) == write(wanted)


def test_csv_holds_every_fact_and_no_formula():
    """One line per fact under the named columns; what a spreadsheet would run is text."""
    rows = list(csv.DictReader(io.StringIO(facts_csv(all_facts(SMALL)))))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["field"] for row in rows] == ["ends", "offers.prices", "licences", "osi_approved"]
    assert rows[0]["note"] == "'=SUM(A1)"
    assert json.loads(rows[1]["value"]) == {"input_usd_per_mtok": 1.0}


def test_json_says_what_it_is():
    """Version, day, selection, columns, licence, citation, and each source that is named."""
    kept = chosen(FACTS, FactFilter(file="carbon"))
    made = json.loads(facts_json(CATALOG, DETAILS, kept, selection={"d_file": "carbon"}, citation="Cite me"))
    assert made["catalog_version"] == CATALOG.version
    assert made["licence"] == "CC-BY-4.0"
    assert made["citation"] == "Cite me"
    assert made["facts_count"] == len(made["facts"]) == len(kept)
    assert set(made["facts"][0]) == set(made["columns"])
    assert {key for fact in made["facts"] for key in fact["sources"]} == set(made["sources"])


def test_json_of_no_fact_is_json():
    """An empty selection is a file too."""
    assert json.loads(facts_json(CATALOG, DETAILS, (), selection={}, citation=""))["facts"] == []


@pytest.mark.parametrize("part", ["models", "offers", "benchmarks"])
def test_files_of_the_catalog_keep_to_the_schema(part):
    """What is given away as the form of the files is the form they have."""
    place = next(name for name in schemas() if name.startswith(f"data/{part}/"))
    check = jsonschema.Draft202012Validator(schemas()[place])
    for name in list(DETAILS[part])[::40]:
        assert [error.message for error in check.iter_errors(DETAILS[part][name])] == []
    assert not check.is_valid({"name": "Nothing else"})


def test_there_is_a_schema_for_every_file():
    """Each file of facts in data/ has its form."""
    single = {place for place in schemas() if "<" not in place}
    assert {f"data/{path.name}" for path in DATA_DIR.glob("*.yaml") if path.stem in DETAILS} == single
