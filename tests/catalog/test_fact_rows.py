"""From a catalog file to rows: every key that a file holds arrives."""

from __future__ import annotations

from functools import cache

import pytest

from recommender import words
from recommender.catalog.fact_rows import FactRow, about, columns, fact_rows, flat, is_records, unchecked
from recommender.catalog.snapshot import load_details
from tests.catalog.test_tables import CATALOG

DETAILS = load_details(CATALOG.version)
SEEN = {"source": "card", "as_of": "2026-11-20"}


@cache
def everything(model_id):
    """All rows of one model."""
    return about(DETAILS, model_id)


def leaves(entry, path=""):
    """Dotted path of every scalar or list of scalars in a file; a path of its own for each record."""
    if isinstance(entry, dict):
        for key, inner in entry.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif is_records(entry):
        for number, inner in enumerate(entry):
            yield from leaves(inner, f"{path}[{number}]")
    else:
        yield path, entry


def shown(made):
    """Every value that a model's rows hold, as text."""
    facts = [*made.facts, *made.developer, *made.licence, *(row for _, row in made.promises)]
    found = {str(value) for row in facts for value in _of(row)}
    lists = [*made.records.values(), made.scores, made.prices, made.transparency, made.speeds]
    return found | {str(value) for records in lists for record in records for value in record.values()}


def _of(row: FactRow):
    return (
        row.value,
        row.low,
        row.high,
        row.status,
        row.kind,
        row.as_of,
        row.note,
        *row.sources,
        list(row.sources),
    )


def lost(entry, texts, skip=()):
    """Paths of a file whose value no row shows."""
    return [path for path, value in leaves(entry) if str(value) not in texts and path not in skip]


def lost_of_licence(licence, made):
    """The same for a licence, whose clauses and conditions stand within the notes of its terms."""
    notes = " ".join(row.note for row in made.licence if row.note)
    gone = set(lost(licence, shown(made)))
    return [path for path, value in leaves(licence) if path in gone and words.plain(value) not in notes]


def test_every_field_of_every_model_file_is_shown():
    """A field that is loaded but never reaches the page is a fault."""
    faults = {
        key: gone for key, file in DETAILS["models"].items()
        if (gone := lost(file, shown(everything(key)), skip=("name", "aliases")))
    }  # fmt: skip
    assert faults == {}


def test_every_field_of_every_score_is_shown():
    """All that benchmark files say of a model is among its rows."""
    faults = [
        (name, gone) for name, benchmark in DETAILS["benchmarks"].items() for score in benchmark["scores"]
        if "model" in score and (gone := lost(score, shown(everything(score["model"])), skip=("model",)))
    ]  # fmt: skip
    assert faults == []


def test_every_field_of_every_offer_is_shown():
    """All that provider files say of a model's offers, and of the provider, is among its rows."""
    faults = []
    for name, provider in DETAILS["offers"].items():
        own = {key: value for key, value in provider.items() if key not in ("name", "offers")}
        for offer in provider.get("offers", ()):
            texts = shown(everything(offer["model"]))
            faults += [(name, path) for path in lost(offer, texts, skip=("model",)) + lost(own, texts)]
    assert faults == []


def test_every_field_of_makers_and_licences_is_shown():
    """Developers and licences of models reach the models' pages."""
    faults = []
    for key, file in DETAILS["models"].items():
        texts = shown(everything(key))
        maker = DETAILS["developers"].get(key.split("/")[0], {})
        licence = DETAILS["licences"].get(file.get("licence", {}).get("value"), {})
        faults += lost(maker, texts, skip=("name",)) + lost_of_licence(licence, everything(key))
    assert faults == []


def test_every_measured_speed_is_shown():
    """Each speed of a model of the catalog is a row of its page."""
    speeds = [each for listed in DETAILS["speeds"].values() for each in listed if "model" in each]
    faults = [
        gone for each in speeds if (gone := lost(each, shown(everything(each["model"])), skip=("model",)))
    ]
    assert faults == []


def test_all_sources_of_a_fact_are_kept():
    """A fact from two sources names both."""
    (row,) = fact_rows({"family": {"value": "A", "source": ["one", "two"], "as_of": "2026-11-20"}})
    assert row.sources == ("one", "two")


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ({"value": False}, {"value": False}),
        ({"low": 1, "high": 2, "kind": "estimate"}, {"low": 1, "high": 2, "kind": "estimate"}),
        ({"status": "undisclosed"}, {"status": "undisclosed"}),
    ],
)
def test_a_fact_is_a_value_a_range_or_a_gap(entry, wanted):
    """The three forms of a fact keep what they say."""
    (row,) = fact_rows({"a": {**entry, **SEEN}})
    assert {key: getattr(row, key) for key in wanted} == wanted
    assert (row.field, row.sources, row.as_of) == ("a", ("card",), "2026-11-20")


def test_figures_of_a_record_share_its_source():
    """Each figure of an architecture is a row with the source of the whole."""
    found = fact_rows({"shape": {"layers": 2, "heads": 4, **SEEN}})
    assert [(row.field, row.value, row.sources) for row in found] == [
        ("shape.layers", 2, ("card",)),
        ("shape.heads", 4, ("card",)),
    ]


def test_records_are_spread_out():
    """Inner mappings of a record become columns of their own."""
    assert flat({"a": {"b": {"c": 1}}, "d": [2]}) == {"a.b.c": 1, "d": [2]}
    assert columns([{"a": 1}, {"b": 2, "a": 3}]) == ("a", "b")


def test_facts_nobody_looked_up_are_named():
    """What a file does not hold is listed, what it holds in any form is not."""
    gaps = unchecked(fact_rows({"context_tokens": {"status": "undisclosed", **SEEN}}))
    assert "licence" in gaps
    assert "context_tokens" not in gaps
