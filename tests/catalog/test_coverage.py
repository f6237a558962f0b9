"""How much the catalog of this repository knows: no number without a source, and enough to choose from."""

from __future__ import annotations

from dataclasses import fields

import pytest

from recommender.catalog.history import available_on, price_on
from recommender.catalog.snapshot import load_catalog
from recommender.decide.facets import model_class
from recommender.decide.model_table import model_table

GRADES = {"A", "B", "B-", "C", "C-", "D"}
UNITS = {"points", "mteb", "relative", "value"}
MODELS_MIN, USABLE_MIN, ENCODERS_MIN = 390, 150, 20
WITHOUT_ABILITY = {
    "mistral-ai/codestral-embed"
}  # its maker publishes no figure that others can be put beside
# What a core states without a source of its own: names, and what is derived from other facts.
UNSOURCED = {
    "models": {"id", "name", "aliases", "developer", "missing", "sources", "ability", "hallucination_rate"},
    "providers": {"id", "name", "missing", "sources", "attestations"},
    "licences": {"id", "name", "permissive", "note", "missing", "sources", "applies_to", "clauses"},
}
PARTS_OF = {  # field of the core -> the sourced fact that it is a part, or the middle, of
    "parameters_active": "parameters_active_estimate",
    "attribution_shown": "attribution_required",
    "attribution_above_users": "attribution_required",
    "attribution_above_revenue_usd": "attribution_required",
}

FROM_A_RECORD = {("meta/opt-175b", "openness")}  # only components of another index, sourced in the details


@pytest.fixture(scope="module")
def catalog():
    """The catalog as the app starts with it."""
    return load_catalog()


@pytest.fixture(scope="module")
def usable(catalog):
    """Models on sale or to download on the day of the catalog, with a price or a memory need."""
    table = model_table(catalog)
    fits = {model.id for model, known in zip(table.models, table.downloadable, strict=True) if known}
    priced = {offer.model for offer in catalog.offers if not offer.ended and price_on(offer, catalog.date)}
    models = [model for model in catalog.models.values() if available_on(model, catalog.date)]
    return [model for model in models if model.id in fits | priced]


def unsourced(content, place=()):
    """Places in a model or provider file that state something without a source and a day."""
    if isinstance(content, dict) and {"source", "as_of"} <= content.keys():
        return
    if isinstance(content, dict):
        inner = [item for item in content.items() if place or item[0] not in ("name", "aliases")]
    elif isinstance(content, list):
        inner = list(enumerate(content))
    else:
        yield place
        return
    for key, value in inner:
        yield from unsourced(value, (*place, key))


def test_every_fact_of_models_and_providers_has_source_and_day(real_tree):
    """All but names: also what is undisclosed, and each price and each file size of a list."""
    own = {
        "model",
        "name",
        "relation",
        "ended",
        "outlier",
        "free",
        "note",
    }  # of an offer; its prices are sourced
    for name, content in real_tree.raw.items():
        if name.startswith(("models/", "offers/")):
            assert [place for place in unsourced(content) if place[-1] not in own] == [], name


@pytest.mark.parametrize("part", ["models", "providers", "licences"])
def test_every_value_of_the_core_names_its_source(catalog, part):
    """What a result row shows can be traced without the details: first source and day."""
    for name, thing in getattr(catalog, part).items():
        stated = {field.name for field in fields(thing)} - UNSOURCED[part]
        for field in stated:
            if getattr(thing, field) in (None, (), {}, "unknown") or (name, field) in FROM_A_RECORD:
                continue
            source, day = thing.sources.get(field) or thing.sources[PARTS_OF[field]]
            assert source, (name, field)
            assert day, (name, field)


def test_every_price_names_its_source_and_day(catalog):
    """Two thousand prices, none from nowhere."""
    prices = [price for offer in catalog.offers for price in offer.prices]
    assert len(prices) > 1000
    assert [price for price in prices if not price.source or price.as_of is None] == []


def test_there_are_enough_models(catalog):
    """History included."""
    assert len(catalog.models) >= MODELS_MIN


def test_enough_models_can_be_had_today(usable):
    """On sale or to download, with a price or a memory need: something to recommend for everyone."""
    assert len(usable) >= USABLE_MIN


def test_enough_encoders_can_be_had_today(usable):
    """Small specialists stand beside the large models, and their abilities are known."""
    encoders = [model for model in usable if model.architecture == "encoder"]
    assert len(encoders) >= ENCODERS_MIN
    assert [model.id for model in encoders if not model.ability] == []


def test_all_three_classes_can_be_had_today(catalog, usable):
    """Closed, open-weight and small: at least twenty of each."""
    classes = [model_class(model, catalog.vocabulary["rules"]["class"]) for model in usable]
    assert None not in classes
    assert min(classes.count(one) for one in set(classes)) >= 20
    assert len(set(classes)) == 3


def test_every_model_that_can_be_recommended_has_an_ability(usable):
    """For one task at least; the gaps that are left are known by name."""
    without = {model.id for model in usable if not set(model.ability) - {"general"}}
    assert without <= WITHOUT_ABILITY


def test_abilities_are_values_or_intervals_with_a_grade(usable):
    """In a unit that a curve exists for, with what it rests on."""
    for model in usable:
        for task, ability in model.ability.items():
            assert ability.low <= ability.likely <= ability.high, (model.id, task)
            assert ability.grade in GRADES, (model.id, task)
            assert ability.unit in UNITS, (model.id, task)
            assert ability.basis, (model.id, task)
