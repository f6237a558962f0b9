"""The catalog of this repository: complete, sourced, and equal to its snapshot."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from recommender.catalog.build import build, canonical, snapshot_is_current
from recommender.catalog.checks import mappings
from recommender.catalog.load import validate
from recommender.catalog.snapshot import DATA_DIR, DETAILS_SUFFIX, load_details, newest_snapshot

SEEDS = [
    "openai/gpt-4",
    "google/palm-2",
    "anthropic/claude-2",
    "anthropic/claude-3.5-sonnet",
    "meta/llama-3.1-405b",
    "google/bert-base",
    "google/bert-large",
    "eleutherai/gpt-neo-125m",
    "eleutherai/gpt-neo-1.3b",
    "eleutherai/gpt-neo-2.7b",
    "eleutherai/gpt-j-6b",
    "huggingface/distilbert-base",
    "huawei-noahs-ark-lab/tinybert-4l",
    "huawei-noahs-ark-lab/tinybert-6l",
]
SPOKEN = [
    "gpt-4",
    "palm 2",
    "claude 2",
    "claude 3.5",
    "llama-3-405b",
    "bert",
    "gpt-j",
    "distilbert",
    "tinybert",
]
RECORDS = {"shape", "files", "openness", "mof", "prices", "scores", "transparency", "speeds"}


@pytest.fixture(scope="session")
def stored():
    """Core of the newest snapshot in the repository, as written."""
    return json.loads(newest_snapshot(DATA_DIR / "snapshots").read_text())


def test_snapshot_equals_the_yaml(real_built, stored):
    """The file the app starts from is what the YAML gives today; if not, run `make snapshot`."""
    core, details = real_built
    assert stored == core
    assert load_details(core["version"]) == details


def test_snapshot_knows_that_it_is_current():
    """The tree hash in the details is that of the YAML bytes."""
    assert snapshot_is_current(DATA_DIR)


def test_only_one_snapshot_is_kept(stored):
    """One core, one file of details, named by version."""
    names = sorted(path.name for path in (DATA_DIR / "snapshots").glob("*.json"))
    assert names == [stored["version"] + DETAILS_SUFFIX, stored["version"] + ".json"]


def test_building_twice_gives_the_same_bytes(real_tree, real_built):
    """Nothing in the build depends on the order of sets or on the clock."""
    again = build(real_tree)
    assert canonical(again) == canonical(real_built)


def test_no_day_lies_behind_the_day_of_the_catalog(real_catalog):
    """Nobody looked at a fact after the catalog's own date."""
    assert validate(DATA_DIR, today=max(real_catalog.date, date(2026, 11, 24))) == []


def test_every_fact_has_a_source_and_a_day(real_tree):
    """Whatever has a value or says why not also says who says so, and when somebody looked."""
    for name, content in real_tree.raw.items():
        if name.removesuffix(".yaml") in real_tree.vocabulary or name.startswith(("strings/", "sources")):
            continue
        for place, mapping in mappings(content):
            record = len(place) > 1 and place[-2] in RECORDS
            if record or "value" in mapping or ("status" in mapping and "kind" not in mapping):
                if place[-2:-1] and "signals" in place:
                    continue
                assert "source" in mapping, (name, place)
                assert "as_of" in mapping, (name, place)


def test_every_fact_of_a_model_reaches_the_details(real_tree, real_built):
    """The details hold each file as it was read: no field is dropped on the way."""
    details = real_built[1]
    for name in real_tree.models:
        assert details["models"][name] == json.loads(canonical(real_tree.raw[f"models/{name}.yaml"]))


@pytest.mark.parametrize("name", SEEDS)
def test_systems_of_the_seed_article_are_in_the_catalog(real_catalog, name):
    """They are there from the first day, historic or retired as they may be."""
    assert name in real_catalog.models


@pytest.mark.parametrize("name", SPOKEN)
def test_seed_systems_resolve_by_the_names_people_use(real_catalog, name):
    """The article's own spellings are aliases."""
    assert name in real_catalog.aliases


def test_ids_are_their_paths_and_name_their_developer(real_catalog):
    """Model, developer and licence of every model exist."""
    for name, model in real_catalog.models.items():
        assert model.id == name
        assert model.developer in real_catalog.developers
        assert model.licence in real_catalog.licences or model.licence == "unknown"


def test_offers_name_models_and_providers_that_exist(real_catalog):
    """No price hangs in the air."""
    for offer in real_catalog.offers:
        assert offer.model in real_catalog.models
        assert offer.provider in real_catalog.providers


def test_closed_models_hide_sizes_and_dense_ones_have_no_active_count(real_catalog):
    """Undisclosed and not applicable are kept apart for parameters."""
    assert real_catalog.models["openai/gpt-4"].missing["parameters_total"] == "undisclosed"
    assert real_catalog.models["meta/llama-3.1-405b"].missing["parameters_active"] == "not-applicable"


def test_hallucination_rates_are_found(real_catalog):
    """A renamed benchmark must not silently empty the column."""
    known = [model for model in real_catalog.models.values() if model.hallucination_rate is not None]
    assert len(known) >= 40


def test_file_sizes_carry_the_names_that_estimates_use(real_catalog):
    """Nearly all published files have a quantisation of data/quantisation.yaml."""
    formats = real_catalog.vocabulary["quantisation"]["formats"]
    names = [name for model in real_catalog.models.values() for name in model.file_sizes_gb]
    assert sum(name in formats for name in names) / len(names) > 0.95


def test_starting_from_the_snapshot_needs_neither_yaml_nor_pydantic():
    """The app's start is JSON into frozen objects, nothing else."""
    code = (
        "import sys; from recommender.catalog.snapshot import load_catalog; load_catalog();"
        "print([name for name in ('yaml', 'pydantic') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=DATA_DIR.parent, check=True
    )
    assert run.stdout.strip() == "[]"
