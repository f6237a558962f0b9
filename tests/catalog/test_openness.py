"""Openness: whose assessment counts, what an index is, and records that contradict known facts."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from statistics import median

import pytest

from recommender.catalog.faults import CatalogError
from recommender.catalog.load import load_tree
from recommender.catalog.openness import (
    basis_of,
    best_assessment,
    disagreement,
    framework_of,
    index_of,
    is_open_licence,
    mof_index,
    openness_core,
    transparency_of,
)
from recommender.catalog.schema import OWN_ITEMS, FrameworkRecord, OpennessRecord
from recommender.catalog.snapshot import catalog_of

TINY = "models/acme/tiny.yaml"
SEEN = "source: card, as_of: 2026-11-20"
FIVE = {
    "base_weights": "open",
    "licence": "open",
    "base_training_data": "closed",
    "training_code": "partial",
    "model_card": "open",
}
EMPTY = ("european-index", "predecessor-index", "derived", "openweigh")


def record(components: dict[str, str]) -> FrameworkRecord:
    """A record of the Model Openness Tool with these licences."""
    return FrameworkRecord(record="x.yml", components=components, source=("card",), as_of=date(2026, 11, 20))


def assessment(assessor: str, match: str = "same-system") -> OpennessRecord:
    """An assessment of one item."""
    return OpennessRecord.model_validate(
        {
            "assessor": assessor,
            "system": "X",
            "match": match,
            "ratings": {"licence": "open"},
            "evidence": {"licence": "https://example.org"},
            "source": "card",
            "as_of": date(2026, 11, 20),
        }
    )


@pytest.fixture(scope="module")
def catalog(real_built):
    """The real catalog as objects, made from a copy: `catalog_of` unpacks what it is given in place."""
    return catalog_of(deepcopy(real_built[0]))


@pytest.fixture(scope="module")
def own(real_tree):
    """Every entry of ours in the real catalog, by model."""
    return {
        name: entry
        for name, model in real_tree.models.items()
        for entry in model.openness
        if entry.assessor == "openweigh"
    }


def test_wrong_record_gives_claude_2_no_open_weights(real_tree):
    """The tool's record calls the weights and the architecture MIT; neither was ever released."""
    model = real_tree.models["anthropic/claude-2"]
    assert model.mof[0].components["Model parameters (Final)"] == "MIT"
    found = framework_of(model)
    assert found.contradicted == ("Model architecture", "Model parameters (Final)")
    assert (found.open, found.index) == (0, 0.0)


@pytest.mark.parametrize("name", ["openai/gpt-4", "google/palm-2", "openai/gpt-4o", "anthropic/claude-1"])
def test_unreleased_components_of_closed_models_do_not_count(real_tree, name):
    """Weights, data or training code listed for a closed model are named as contradicted."""
    found = framework_of(real_tree.models[name])
    assert any(each.startswith("Model parameters") for each in found.contradicted)
    assert found.listed == len(real_tree.models[name].mof[0].components) - len(found.contradicted)


def test_no_closed_model_has_open_weights_by_any_assessment(real_tree):
    """Neither outside nor own ratings say so; the licence column alone does, and is not believed."""
    for name, model in real_tree.models.items():
        if model.kind.value == "closed":
            for entry in model.openness:
                assert entry.ratings.get("base_weights", "closed") == "closed", name
                assert entry.ratings.get("end_weights", "closed") == "closed", name


def test_framework_index_is_the_open_share_of_the_listed_components():
    """Two of four components have an open licence."""
    components = {"A": "MIT", "B": "Apache 2.0", "C": "unlicensed", "D": "Gemma Terms of Use"}
    assert mof_index(record(components), kind="open-weight").index == 50.0


def test_components_known_to_be_unpublished_do_not_count():
    """An open licence on data and code that the catalog knows to be unpublished is no evidence."""
    components = {"Datasets": "MIT", "Training code": "MIT", "Model card": "MIT"}
    found = mof_index(record(components), kind="open-weight", open_data="no", open_training_code="no")
    assert (found.open, found.listed) == (1, 1)
    assert found.contradicted == ("Datasets", "Training code")


def test_a_record_of_contradictions_only_has_no_index():
    """Nothing is left to take a share of."""
    assert mof_index(record({"Datasets": "MIT"}), kind="closed").index is None


@pytest.mark.parametrize(
    ("licence", "is_open"),
    [("MIT license", True), ("Apache 2.0", True), ("unlicensed", False), ("Proprietary", False)],
)
def test_licence_column_is_read_in_its_spellings(licence, is_open):
    """Spellings of open licences are open; no licence is none."""
    assert is_open_licence(licence) is is_open


def test_own_index_is_the_mean_of_the_rated_items():
    """Three open, one partial, one closed of five: 70."""
    assert index_of(FIVE, assessor="openweigh") == 70.0


@pytest.mark.parametrize("missing", ["base_weights", "base_training_data", "training_code"])
def test_own_index_needs_five_items_with_data_and_code(missing):
    """Four items are too few, and without data and code every open-weight model would look fully open."""
    ratings = {**FIVE, "preprint": "open", "compute": "open"} if missing != "base_weights" else dict(FIVE)
    del ratings[missing]
    assert index_of(ratings, assessor="openweigh") is None


def test_outside_index_needs_ten_dimensions():
    """Nine rated dimensions give none, ten do."""
    ratings = {f"d{number}": "open" for number in range(9)}
    assert index_of(ratings, assessor="european-index") is None
    assert index_of({**ratings, "d9": "closed"}, assessor="european-index") == 90.0


def test_outside_comes_before_derived_and_derived_before_own():
    """Whatever the order in the file."""
    entries = [assessment(assessor) for assessor in reversed(EMPTY)]
    found = []
    while entries:
        best = best_assessment(tuple(entries))
        found.append(best.assessor)
        entries.remove(best)
    assert tuple(found) == EMPTY


def test_european_rating_of_the_system_comes_before_that_of_a_sibling():
    """Same system first, the largest of the family last."""
    family = assessment("european-index", "same-family-largest")
    itself = assessment("european-index", "same-system")
    assert best_assessment((family, itself)) is itself


@pytest.mark.parametrize(
    ("assessor", "match", "basis"),
    [
        ("european-index", "same-system", "assessed"),
        ("predecessor-index", "same-family", "same-family"),
        ("european-index", "same-family-largest", "same-family"),
        ("derived", "same-system", "derived"),
        ("openweigh", "same-system", "own"),
    ],
)
def test_kinds_of_assessment_are_kept_apart(assessor, match, basis):
    """Each has its own word."""
    assert basis_of(assessor, match) == basis


def test_every_index_says_what_it_rests_on(catalog):
    """All four kinds are in the catalog, and only ours carry our name."""
    known = [model.openness for model in catalog.models.values() if "ratings" in model.openness]
    assert {each["basis"] for each in known} == {"assessed", "same-family", "derived", "own"}
    assert all((each["basis"] == "own") == (each["assessor"] == "openweigh") for each in known)
    assert all(each["rated"] == len(each["ratings"]) for each in known)


def test_own_assessments_are_many_and_each_item_has_a_link(own):
    """At least 150 models; every rated item names the page it was read from."""
    assert len(own) >= 150
    for name, entry in own.items():
        assert set(entry.ratings) == set(entry.evidence), name
        assert set(entry.ratings) <= set(OWN_ITEMS), name
        assert all(link.startswith("https://") for link in entry.evidence.values()), name


def test_nobody_is_assessed_by_us_where_others_did(real_tree, own):
    """Our entry stands alone."""
    assert all(len(real_tree.models[name].openness) == 1 for name in own)


def test_own_ratings_agree_with_the_facts_of_the_model(real_tree, own):
    """Weights follow the kind, data and code follow their facts where there are any."""
    words = {"yes": "open", "partial": "partial", "no": "closed"}
    for name, entry in own.items():
        model = real_tree.models[name]
        assert entry.ratings["base_weights"] == ("closed" if model.kind.value == "closed" else "open"), name
        for item, fact in (
            ("base_training_data", model.open_data),
            ("training_code", model.open_training_code),
        ):
            assert fact is None or entry.ratings[item] == words[fact.value], (name, item)


def test_chart_of_openness_has_at_least_250_models(catalog):
    """Models with an index of any basis."""
    indices = [model.openness.get("index") for model in catalog.models.values()]
    assert sum(index is not None for index in indices) >= 250


def test_own_indices_order_the_kinds_as_everybody_would(catalog):
    """Fully open models lie above open-weight ones, those above closed ones; none of them overlaps wildly."""
    by_kind: dict[str, list[float]] = {}
    for model in catalog.models.values():
        if model.openness.get("basis") == "own" and model.openness["index"] is not None:
            by_kind.setdefault(model.kind, []).append(model.openness["index"])
    assert min(by_kind["fully-open"]) >= 90
    assert 60 <= median(by_kind["open-weight"]) <= 80
    assert max(by_kind["closed"]) < 40 < min(by_kind["open-weight"])


def test_disagreement_of_two_indices_is_visible(catalog):
    """The European index rates gpt-oss low, the licence column high; where one is missing there is none."""
    assert disagreement(catalog.models["openai/gpt-oss-120b"]) < -40
    assert disagreement(catalog.models["openai/gpt-5"]) is None


def test_transparency_of_a_developer_by_edition(real_built):
    """Editions are listed apart, the newest first; who was not rated has none."""
    found = transparency_of(real_built[1], "anthropic")
    assert [each.edition for each in found] == sorted((each.edition for each in found), reverse=True)
    assert all(each.source.startswith("fmti") for each in found)
    assert found
    assert transparency_of(real_built[1], "tinyllama") == ()


OWN_ENTRY = (
    "openness:\n  - {assessor: openweigh, system: Tiny, match: same-system, ratings: {licence: open},"
    f' evidence: {{licence: "https://example.org"}}, {SEEN}}}\n'
)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("ratings: {licence: open}", "ratings: {licence: open, model_card: open}", "without a link"),
        ("licence", "api_access", "a rating of api_access"),
        ("match: same-system", "match: same-family", "match same-family"),
    ],
)
def test_faulty_own_entries_are_refused(edit, old, new, found):
    """No item without a link, no item that is not a checkable fact, no sibling."""
    edit(TINY, "openness:\n", OWN_ENTRY)
    folder = edit(TINY, OWN_ENTRY, OWN_ENTRY.replace(old, new))
    with pytest.raises(CatalogError, match=found):
        load_tree(folder)


def test_own_entry_counts_only_where_nobody_else_rated(edit):
    """With an outside rating beside it, the outside one is shown."""
    folder = edit(TINY, "openness:\n", OWN_ENTRY)
    model = load_tree(folder).models["acme/tiny"]
    assert len(model.openness) == 3
    assert openness_core(model)["assessor"] == "european-index"
