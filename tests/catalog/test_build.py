"""From YAML to frozen objects: what is derived, and what must not get lost."""

from __future__ import annotations

import json
from datetime import date

import pytest

from recommender.catalog.build import build_snapshot, canonical, snapshot_is_current, write_snapshot
from recommender.catalog.details import scores_of
from recommender.catalog.faults import CatalogError
from recommender.catalog.snapshot import catalog_of, load_catalog, load_details

SEEN = "source: card, as_of: 2026-11-20"


@pytest.fixture
def catalog(data_dir):
    """The frozen objects of the small catalog."""
    return catalog_of(build_snapshot(data_dir)[0])


def test_written_snapshot_equals_what_is_built_from_the_yaml(data_dir):
    """Reading the two files gives the objects that a build in memory gives."""
    path = write_snapshot(data_dir)
    core, details = build_snapshot(data_dir)
    assert json.loads(path.read_text()) == core
    assert load_details(core["version"], data_dir=data_dir) == details


def test_three_kinds_of_missing_stay_apart(catalog):
    """Undisclosed and not applicable are named; what nobody checked is in neither."""
    large, tiny = catalog.models["acme/large"], catalog.models["acme/tiny"]
    assert large.missing["parameters_total"] == "undisclosed"
    assert tiny.missing == {"parameters_active": "not-applicable"}
    assert tiny.parameters_active is None
    assert tiny.context_tokens is None


def test_kinds_of_missing_of_a_provider(catalog):
    """A provider's undisclosed retention differs from notice periods nobody looked up."""
    acme = catalog.providers["acme"]
    assert acme.missing == {"retention_days": "undisclosed", "attestations.hipaa": "not-applicable"}
    assert acme.deprecation_notice_days is None
    assert acme.attestations == {"soc2": True}


def test_undisclosed_architecture_is_a_word_and_a_kind_of_missing(catalog):
    """Readers of `architecture` see the word, readers of `missing` the kind."""
    large = catalog.models["acme/large"]
    assert (large.architecture, large.missing["architecture"]) == ("undisclosed", "undisclosed")


def test_outside_estimate_keeps_both_ends(catalog):
    """The likeliest size of a range guessed by factors is its geometric mean."""
    estimate = catalog.models["acme/large"].parameters_estimate
    assert (estimate.low, estimate.likely, estimate.high) == (1e11, 2e11, 4e11)


def test_file_size_is_the_median_of_stated_files(catalog):
    """Files whose quantisation was deduced from their size count only where there is no other."""
    assert catalog.models["acme/tiny"].file_sizes_gb == {"Q4_K_M": 2.1, "Q8_0": 3.9}


def test_outside_assessment_wins_over_a_derived_one(catalog):
    """An index is given only from ten rated dimensions on."""
    openness = catalog.models["acme/tiny"].openness
    assert (openness["assessor"], openness["rated"], openness["index"]) == ("european-index", 2, None)


def test_openness_index_is_the_mean_over_rated_dimensions(edit):
    """Open counts 1, partial 0.5, closed 0, times 100."""
    ratings = ", ".join([f"d{n}: open" for n in range(6)] + [f"d{n}: partial" for n in range(6, 12)])
    folder = edit("models/acme/tiny.yaml", "a: open, b: partial", ratings)
    assert catalog_of(build_snapshot(folder)[0]).models["acme/tiny"].openness["index"] == 75.0


def test_cards_are_converted_to_decimal_gigabytes_once(catalog):
    """A 24 GB card holds 24 GiB, that is 25.77 GB."""
    assert catalog.devices["card-24"].memory_gb == pytest.approx(24 * 2**30 / 1e9)


def test_hallucination_rate_comes_from_the_benchmark(catalog):
    """The rate is a fact of the benchmark file, not of the model file."""
    assert catalog.models["acme/large"].hallucination_rate == 4.5
    assert catalog.models["acme/tiny"].hallucination_rate is None


def test_unusable_prices_stay_in_the_details_only(data_dir):
    """An overruled row can be looked up, and never becomes a price."""
    core, details = build_snapshot(data_dir)
    assert [price.input_usd_per_mtok for price in catalog_of(core).offers[0].prices] == [4.0, 3.0]
    assert len(details["offers"]["acme"]["offers"][0]["prices"]) == 3


def test_each_fact_of_the_core_names_its_source_and_day(catalog):
    """Provenance travels with the fact as far as a result row needs it."""
    assert catalog.models["acme/tiny"].sources["licence"] == ("card", "2026-11-20")
    assert catalog.providers["acme"].sources["regions"] == ("card", "2026-11-20")


def test_fact_with_another_source_keeps_its_own(edit):
    """Sources that most facts share do not swallow the others."""
    folder = edit("models/acme/tiny.yaml", f"mit, {SEEN}", "mit, source: card, as_of: 2026-10-01")
    sources = catalog_of(build_snapshot(folder)[0]).models["acme/tiny"].sources
    assert sources["licence"] == ("card", "2026-10-01")
    assert sources["status"] == ("card", "2026-11-20")


def test_aliases_resolve_in_any_case(catalog):
    """Aliases are stored in small letters."""
    assert catalog.aliases["acme/tiny-hub"] == "acme/tiny"
    assert catalog.device_aliases["card 24"] == "card-24"


def test_version_names_newest_day_and_content(data_dir, edit):
    """The date is the newest day of any fact; the hash changes with any fact."""
    before = build_snapshot(data_dir)[0]["version"]
    edit("carbon.yaml", "30.5", "30.6")
    after = build_snapshot(data_dir)[0]["version"]
    assert before.startswith("2026.11.20-")
    assert before != after


def test_version_ignores_comments(data_dir, edit):
    """A comment changes the YAML, not what is known."""
    before = build_snapshot(data_dir)[0]["version"]
    edit("carbon.yaml", "CHE", "# checked\nCHE")
    assert build_snapshot(data_dir)[0]["version"] == before


def test_version_covers_the_details(data_dir, edit):
    """A changed note changes the version too: the core holds a hash of the details."""
    before = build_snapshot(data_dir)[0]["version"]
    edit("models/acme/tiny.yaml", "note: dense model", "note: not sparse")
    assert build_snapshot(data_dir)[0]["version"] != before


def test_version_can_be_recomputed_from_the_file(data_dir):
    """The hash is over the canonical core without its version, as anyone can check."""
    from hashlib import sha256

    core = json.loads(write_snapshot(data_dir).read_text())
    version = core.pop("version")
    assert version.endswith("-" + sha256(canonical(core).encode()).hexdigest()[:8])


def test_snapshot_is_current_until_the_yaml_changes(data_dir, edit):
    """Any changed byte of the YAML makes the snapshot stale."""
    assert not snapshot_is_current(data_dir)
    write_snapshot(data_dir)
    assert snapshot_is_current(data_dir)
    edit("carbon.yaml", "30.5", "30.6")
    assert not snapshot_is_current(data_dir)


def test_only_the_newest_snapshot_is_kept(data_dir, edit):
    """Until a release exists old snapshots are removed with their details."""
    write_snapshot(data_dir)
    edit("carbon.yaml", "30.5", "30.6")
    path = write_snapshot(data_dir)
    assert sorted(file.name for file in path.parent.iterdir()) == [
        f"{path.stem}.details.json",
        path.name,
    ]


def test_vocabulary_passes_through_as_written(catalog):
    """Rules and sentences are in the catalog as the YAML has them."""
    assert catalog.vocabulary["rules"] == {"limits": {"small_parameters_max": 4_000_000_000}}
    assert catalog.vocabulary["strings"] == {"en": {"hello": "Hello"}}


def test_as_of_replaces_the_day_of_the_catalog(data_dir):
    """A caller may ask for the catalog on another day; the facts stay the same."""
    path = write_snapshot(data_dir)
    assert load_catalog(path).date == date(2026, 11, 20)
    assert load_catalog(path, as_of=date(2025, 5, 1)).date == date(2025, 5, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", "not readable as JSON"),
        ("{}", "no snapshot"),
        ("[1]", "no snapshot"),
        ('{"format": 0}', "no snapshot"),
    ],
)
def test_unusable_snapshot_is_one_clear_sentence(tmp_path, text, found):
    """A broken or foreign file names itself, what it is, and how to get a good one."""
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(CatalogError, match=rf"x\.json is {found}.*Run `python -m recommender snapshot`"):
        load_catalog(path)


def test_missing_snapshot_is_one_clear_sentence(tmp_path):
    """A path that is not there is no traceback."""
    with pytest.raises(CatalogError, match=r"gone\.json is missing"):
        load_catalog(tmp_path / "gone.json")
    with pytest.raises(CatalogError, match=r"2026\.01\.01-00000000\.details\.json is missing"):
        load_details("2026.01.01-00000000", data_dir=tmp_path)


def test_scores_of_a_model_name_their_benchmark(data_dir):
    """A page can show each score with its unit, direction, source and day."""
    details = build_snapshot(data_dir)[1]
    assert scores_of(details, "acme/large") == [
        {
            "benchmark": "vectara-hallucination-hhem",
            "name": "Vectara hallucination (HHEM)",
            "unit": "percent",
            "higher_is_better": False,
            "model": "acme/large",
            "metric": "rate",
            "score": 4.5,
            "source": "card",
            "as_of": "2026-11-20",
        }
    ]
    assert scores_of(details, "acme/tiny") == []
