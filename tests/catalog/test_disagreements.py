"""Contradictions of sources: what claims to be the same thing is compared, nothing else."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from recommender import load_catalog
from recommender.catalog.disagreements import (
    OPENNESS_POINTS,
    PRICE_SHARE,
    SIZE_SHARE,
    TOPICS,
    apart,
    disagreements,
)
from recommender.catalog.fact_export import disagreements_csv
from recommender.catalog.openness import disagreement
from recommender.catalog.snapshot import load_details

CATALOG = load_catalog()
FOUND = disagreements(CATALOG, load_details(CATALOG.version))
EMPTY = replace(CATALOG, models={}, date=date(2026, 11, 20))


def offered(*prices, **offer):
    """The contradictions of one offer with these prices; sources a and b are versions of one package."""
    listed = [{"as_of": "2026-11-01", **price} for price in prices]
    made = {"model": "m/m", "name": "m-1", "prices": listed, **offer}
    return topic("price", offers={"p": {"name": "P", "offers": [made]}}, models={"m/m": {}})


def topic(name, **details):
    """The contradictions of one topic in made-up details."""
    sources = {"a": {"package": "lists"}, "b": {"package": "lists"}, "c": {}}
    blank = {"models": {}, "offers": {}, "benchmarks": {}, "carbon": {}, "sources": sources}
    return [each for each in disagreements(EMPTY, blank | details) if each.topic == name]


def test_both_sides_have_a_source_and_a_day():
    """A contradiction without its two sources would be hearsay."""
    for each in FOUND:
        for said in (each.first, each.second):
            assert said.sources
            assert date.fromisoformat(said.as_of)


def test_every_topic_occurs_and_passes_its_limit():
    """The real catalog has all of them, the widest of a topic first."""
    assert {each.topic for each in FOUND} == set(TOPICS)
    limits = {"price": PRICE_SHARE, "score": PRICE_SHARE, "languages": 0.0, "openness": 0.0}
    assert all(each.share > limits.get(each.topic, SIZE_SHARE) for each in FOUND)
    assert [each.topic for each in FOUND] == sorted((each.topic for each in FOUND), key=TOPICS.index)


@pytest.mark.parametrize(("other", "expected"), [(1.0, 0), (1.01, 0), (1.02, 1)])
def test_prices_over_one_percent_apart_are_told(other, expected):
    """Rounding is no contradiction."""
    found = offered({"source": "a", "input_usd_per_mtok": 1.0}, {"source": "c", "input_usd_per_mtok": other})
    assert len(found) == expected


def test_the_price_seen_last_stands_first():
    """Both sides keep their own source and day."""
    (found,) = offered(
        {"source": "a", "input_usd_per_mtok": 1.0},
        {"source": "c", "input_usd_per_mtok": 3.0, "as_of": "2026-11-19"},
    )
    assert (found.first.value, found.first.sources, found.first.as_of) == (3.0, ("c",), "2026-11-19")
    assert (found.second.value, found.second.sources) == (1.0, ("a",))


@pytest.mark.parametrize(
    "change",
    [{"source": "b"}, {"unusable": True}, {"to": "2026-11-19"}, {"from": "2026-11-21"}],
    ids=["same package", "unusable", "over", "not yet"],
)
def test_prices_that_are_not_of_today_do_not_count(change):
    """Nor does a later version of the same list: that is a change."""
    other = {"source": "c", "input_usd_per_mtok": 9.0} | change
    assert offered({"source": "a", "input_usd_per_mtok": 1.0}, other) == []


def test_ended_offers_do_not_count():
    """Nobody can buy at either price."""
    prices = {"source": "a", "input_usd_per_mtok": 1.0}, {"source": "c", "input_usd_per_mtok": 9.0}
    assert len(offered(*prices)) == 1
    assert offered(*prices, ended=True) == []


@pytest.mark.parametrize(("computed", "expected"), [(970, 0), (969, 1), (1031, 1)])
def test_parameters_over_three_percent_apart_are_told(computed, expected):
    """What is published against what the architecture adds up to."""
    model = {
        "parameters": {"total": {"value": 1000, "source": "a", "as_of": "2026-11-01"}},
        "shape": {"parameters_computed": computed, "source": "c", "as_of": "2026-11-02"},
    }
    assert len(topic("parameters", models={"m/m": model})) == expected


def test_languages_named_and_claimed():
    """Two that are named against three that are claimed; an undisclosed list contradicts nothing."""
    about = {"source": "a", "as_of": "2026-11-01"}
    count = {"languages_count": {"value": 3, **about}}
    found = topic("languages", models={"m/m": {"languages": {"value": ["de", "en"], **about}} | count})
    assert [(each.first.value, each.second.value) for each in found] == [(2, 3)]
    assert topic("languages", models={"m/m": {"languages": {"status": "undisclosed", **about}} | count}) == []


def test_scores_are_compared_under_one_setting():
    """Another setting is another test."""
    scores = [
        {"model": "m/m", "score": 50.0, "setting": "0-shot", "source": "a", "as_of": "2026-11-01"},
        {"model": "m/m", "score": 60.0, "setting": "0-shot", "source": "c", "as_of": "2026-11-01"},
        {"model": "m/m", "score": 90.0, "setting": "5-shot", "source": "c", "as_of": "2026-11-01"},
    ]
    found = topic("score", benchmarks={"b": {"unit": "percent", "scores": scores}})
    assert [(each.first.value, each.second.value) for each in found] == [(60.0, 50.0)]


def test_openness_is_the_distance_of_the_two_indices():
    """Exactly the models whose two indices are so far apart."""
    far = {
        model.id for model in CATALOG.models.values()
        if (points := disagreement(model)) is not None and abs(points) >= OPENNESS_POINTS
    }  # fmt: skip
    assert {each.subject for each in FOUND if each.topic == "openness"} == far


def test_apart_is_a_part_of_the_larger():
    """Whichever comes first."""
    assert apart(4.0, 1.0) == apart(1.0, 4.0) == 0.75
    assert apart(0.0, 0.0) == 0.0


def test_file_holds_both_sides():
    """One line per contradiction with both values and sources."""
    rows = list(csv.DictReader(io.StringIO(disagreements_csv(FOUND))))
    assert len(rows) == len(FOUND)
    assert [float(row["second_value"]) for row in rows] == [each.second.value for each in FOUND]
    assert all(row["first_sources"] and row["second_sources"] for row in rows)
