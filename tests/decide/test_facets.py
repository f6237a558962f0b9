"""What follows from a model's facts alone: class, openness, disclosure, what it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recommender.catalog.types import Licence, Model, ModelClass
from recommender.decide.facets import (
    covers_languages,
    disclosure,
    fits_task,
    has_weights,
    kind_of_work,
    model_class,
    needs_labels,
    openness_level,
)

PLAIN = Model(
    id="acme/one", name="One", developer="acme", family="One", kind="open-weight", architecture="decoder",
    released=date(2026, 1, 1), status="weights-available", input_modalities=("text",),
    output_modalities=("text",),
)  # fmt: skip
MIT = Licence(id="mit", name="MIT", permissive=True, osi_approved=True, commercial_use="yes")
CUSTOM = Licence(id="custom", name="Custom")

CLASSES = {
    "google/bert-base": ModelClass.SMALL,  # an encoder
    "google/bert-large": ModelClass.SMALL,
    "huggingface/distilbert-base": ModelClass.SMALL,
    "huawei-noahs-ark-lab/tinybert-4l": ModelClass.SMALL,
    "eleutherai/gpt-neo-125m": ModelClass.SMALL,
    "eleutherai/gpt-neo-2.7b": ModelClass.SMALL,
    "eleutherai/gpt-j-6b": ModelClass.OPEN_WEIGHT,
    "meta/llama-3.1-405b": ModelClass.OPEN_WEIGHT,
    "openai/gpt-4": ModelClass.CLOSED,
    "anthropic/claude-2": ModelClass.CLOSED,
    "google/palm-2": ModelClass.CLOSED,
}


@pytest.fixture(scope="module")
def rule(catalog):
    """The one rule for the class."""
    return catalog.vocabulary["rules"]["class"]


@pytest.mark.parametrize("name", CLASSES)
def test_class_of_the_articles_models(catalog, rule, name):
    """The systems of the seed article are in the classes that the contract gives them."""
    assert model_class(catalog.models[name], rule) is CLASSES[name]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"parameters_total": 4_000_000_000}, ModelClass.SMALL),
        ({"parameters_total": 4_000_000_001}, ModelClass.OPEN_WEIGHT),
        ({"parameters_total": None}, ModelClass.OPEN_WEIGHT),
        ({"parameters_total": None, "architecture": "encoder"}, ModelClass.SMALL),
        ({"parameters_total": 11_000_000_000, "architecture": "encoder-decoder"}, ModelClass.OPEN_WEIGHT),
        ({"parameters_total": 220_000_000, "architecture": "encoder-decoder"}, ModelClass.SMALL),
        ({"kind": "fully-open", "parameters_total": 1}, ModelClass.SMALL),
        ({"kind": "closed", "parameters_total": 1}, ModelClass.CLOSED),
        ({"kind": "closed", "architecture": "encoder"}, ModelClass.CLOSED),
        ({"kind": "unknown"}, None),
    ],
)
def test_class_at_its_borders(rule, facts, expected):
    """Four billion parameters are small, one more are not; encoders are small, encoder-decoders by size."""
    assert model_class(replace(PLAIN, **facts), rule) is expected


@pytest.mark.parametrize(
    ("kind", "expected"), [("closed", False), ("open-weight", True), ("fully-open", True), ("unknown", None)]
)
def test_weights_are_there_or_not_or_unknown(kind, expected):
    """An unknown kind is no answer."""
    assert has_weights(replace(PLAIN, kind=kind)) is expected


LEVELS = [
    ({"kind": "closed"}, MIT, 0),
    ({"commercial_use": "no"}, MIT, 1),
    ({"commercial_use": "yes-with-conditions"}, CUSTOM, 2),
    ({"commercial_use": "yes-with-conditions"}, MIT, 2),
    ({"commercial_use": "yes"}, CUSTOM, 2),
    ({"commercial_use": "yes"}, None, 2),
    ({"commercial_use": "yes"}, MIT, 3),
    ({"commercial_use": "yes", "open_training_code": "partial"}, MIT, 3),
    ({"commercial_use": "yes", "open_training_code": "yes"}, MIT, 4),
    ({"commercial_use": "yes", "open_training_code": "yes", "open_data": "yes"}, MIT, 5),
    ({"commercial_use": "yes", "kind": "fully-open"}, MIT, 5),
    ({"commercial_use": "no", "kind": "fully-open"}, MIT, 1),
    ({"commercial_use": "unknown"}, MIT, None),
    ({"kind": "unknown", "commercial_use": "yes"}, MIT, None),
]


@pytest.mark.parametrize(("facts", "licence", "expected"), LEVELS)
def test_openness_levels(facts, licence, expected):
    """Each level adds a right; what is not settled has no level."""
    assert openness_level(replace(PLAIN, **facts), licence) == expected


def test_disclosure_counts_what_is_known_and_leaves_room_for_the_rest():
    """Nothing known but the architecture's openness: the range goes up by what nobody checked."""
    bare = replace(PLAIN, kind="closed", architecture="undisclosed")
    low, high = disclosure(bare)
    full = replace(
        PLAIN, parameters_total=7, open_data="yes", knowledge_cutoff="2026-01", licence="mit",
        openness={"ratings": {"preprint": "open"}},
    )  # fmt: skip
    assert low == 0
    assert disclosure(full) == (6, 10)
    assert 0 < high <= 10


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "decoder"),
        ({"architecture": "encoder"}, "encoder"),
        ({"architecture": "encoder-decoder"}, "sequence-to-sequence"),
        ({"output_modalities": ("embedding",)}, "embedder"),
        ({"specialised_for": "moderation of chats"}, "guard"),
        ({"specialised_for": "translation"}, "translator"),
        ({"specialised_for": "code completion"}, "completer"),
    ],
)
def test_kind_of_work(facts, expected):
    """What a model is by build follows from architecture, output and purpose."""
    assert kind_of_work(replace(PLAIN, **facts)) == expected


@pytest.mark.parametrize(
    ("facts", "task", "expected"),
    [
        ({}, "chat", True),
        ({}, "embedding", False),
        ({"architecture": "encoder"}, "chat", False),
        ({"architecture": "encoder"}, "classification", True),
        ({"architecture": "encoder"}, "embedding", False),
        ({"architecture": "encoder", "output_modalities": ("embedding",)}, "embedding", True),
        ({"architecture": "encoder-decoder"}, "summarisation", True),
        ({"architecture": "encoder-decoder"}, "chat", False),
        ({"specialised_for": "moderation"}, "chat", False),
        ({"output_modalities": ()}, "chat", None),
    ],
)
def test_build_suits_task(facts, task, expected):
    """An encoder never chats, a guard only guards, and without known output nobody can say."""
    assert fits_task(replace(PLAIN, **facts), task) is expected


@pytest.mark.parametrize(
    ("facts", "task", "expected"),
    [
        ({}, "classification", False),
        ({"architecture": "encoder"}, "classification", True),
        ({"architecture": "encoder", "zero_shot": ("classification",)}, "classification", False),
        ({"architecture": "encoder", "zero_shot": ("classification",)}, "moderation", False),
        ({"architecture": "encoder", "zero_shot": ("classification",)}, "extraction", True),
        ({"architecture": "encoder"}, "embedding", False),
    ],
)
def test_who_needs_labelled_examples(facts, task, expected):
    """Encoders have to be trained for a task, unless they work without labels."""
    assert needs_labels(replace(PLAIN, **facts), task) is expected


def test_languages_of_a_list_are_covered():
    """What is listed is covered, whatever else is asked decides; no list decides nothing."""
    made = replace(PLAIN, languages=("de", "en", "fr"), languages_basis="listed")
    assert covers_languages(made, ("de", "fr")) is True
    assert covers_languages(PLAIN, ("de",)) is None


def test_an_encoder_of_english_only_does_not_cover_german():
    """Encoders know the languages they were trained on and no other."""
    made = replace(PLAIN, architecture="encoder", languages=("en",), languages_basis="listed")
    assert covers_languages(made, ("de",)) is False
