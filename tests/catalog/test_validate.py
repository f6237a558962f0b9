"""Every fault says in which file and field, what was found, what is allowed, what to do."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from recommender.catalog.faults import CatalogError, Fault
from recommender.catalog.load import load_tree, validate

TODAY = date(2026, 11, 26)
TINY, ACME = "models/acme/tiny.yaml", "offers/acme.yaml"
HHEM = "benchmarks/vectara-hallucination-hhem.yaml"
CASES = [
    # file, old text, new text, field, found, allowed
    (TINY, "name: Tiny", "name: 7", "name", "7", "text (quote it)"),
    (TINY, "name: Tiny", "nom: Tiny\nname: Tiny", "nom", "an unknown key", "one of name, aliases"),
    (TINY, "name: Tiny\n", "", "name", "missing", "a value"),
    (TINY, "value: open-weight", "value: open", "kind.value", "'open'", "one of 'closed', 'open-weight'"),
    (TINY, "3_000_000_000", "-3", "parameters.total.value", "-3", "100000 or more"),
    (TINY, "3_000_000_000", "3.5", "parameters.total.value", "3.5", "a whole number"),
    (TINY, "3_000_000_000", '"3"', "parameters.total.value", "'3'", "a whole number"),
    (TINY, "3_000_000_000", "true", "parameters.total.value", "True", "a whole number"),
    (TINY, "value: 2026-01-15", 'value: "2026-01-15"', "released.value", "'2026-01-15'", "a date YYYY-MM-DD"),
    (TINY, '[de, "no"]', "[de, true]", "languages.value[1]", "True", "text (quote it)"),
    (TINY, '[de, "no"]', "de", "languages.value", "'de'", "a list"),
    (TINY, '[de, "no"]', "[DE]", "languages.value[0]", "'DE'", "an ISO 639 language code"),
    (TINY, "size_gb: 2.0", "size_gb: 0", "files[0].size_gb", "0", "more than 0"),
    (TINY, "a: open", "a: ajar", "openness[1].ratings.a", "'ajar'", "one of 'open', 'partial' or 'closed'"),
    (
        TINY,
        "value: weights-available, ",
        "value: active, status: undisclosed, ",
        "status",
        "both",
        "either value",
    ),
    (TINY, "value: weights-available, ", "", "status", "neither value nor status", "either value or status"),
    (
        TINY,
        "[Acme/Tiny-Hub, tiny-1]",
        "[tiny-1, Acme/Tiny-Hub]",
        "aliases",
        "unsorted at 'Acme",
        "sorted order",
    ),
    (TINY, "tiny-1", "LARGE-1", "aliases[1]", "'LARGE-1', which already means acme/large", "one thing only"),
    (
        TINY,
        "tiny-1",
        "acme/LARGE",
        "aliases[1]",
        "'acme/LARGE', which already means acme/large",
        "one thing only",
    ),
    (TINY, "tiny-1", "Large-1", "aliases[1]", "", "one thing only"),
    (
        TINY,
        "value: mit,",
        "value: apache,",
        "licence.value",
        "'apache', which does not exist",
        "licences.yaml",
    ),
    (
        TINY,
        "value: 3_000_000_000, source: card",
        "value: 3_000_000_000, source: nobody",
        "parameters.total.source",
        "'nobody'",
        "a key of data/sources.yaml",
    ),
    (
        TINY,
        "value: 3_000_000_000, source: card",
        "value: 3_000_000_000, source: []",
        "parameters.total.source",
        "[]",
        "1 or more entries",
    ),
    (
        TINY,
        "value: 3_000_000_000, source: card, ",
        "value: 3_000_000_000, ",
        "parameters.total.source",
        "missing",
        "",
    ),
    (
        TINY,
        "value: 3_000_000_000, source: card, as_of: 2026-11-20",
        "value: 3_000_000_000, source: card",
        "parameters.total.as_of",
        "missing",
        "a value",
    ),
    (
        TINY,
        "value: 3_000_000_000, source: card, as_of: 2026-11-20",
        "value: 3_000_000_000, source: card, as_of: 2026-11-27",
        "parameters.total.as_of",
        "2026-11-27",
        "2026-11-26",
    ),
    (
        TINY,
        "value: 2026-01-15",
        "value: 2027-01-15",
        "released.value",
        "2027-01-15",
        "a day up to 2026-11-26",
    ),
    (
        TINY,
        "value: 3_000_000_000, ",
        "value: 3_000_000_000, kind: estimate, ",
        "parameters.total",
        "an estimate without a range",
        "an estimate with low and high",
    ),
    (
        "models/acme/large.yaml",
        "kind: third-party, ",
        "",
        "parameters.total_estimate",
        "a range of kind published",
        "kind estimate, third-party or measured",
    ),
    (
        "models/acme/large.yaml",
        "low: 100_000_000_000",
        "low: 500_000_000_000",
        "parameters.total_estimate",
        "low 500000000000",
        "low <= value <= high",
    ),
    (
        "models/acme/large.yaml",
        "low: 100_000_000_000, ",
        "",
        "parameters.total_estimate",
        "only one end",
        "low and",
    ),
    (
        "models/acme/large.yaml",
        "value: acme/tiny",
        "value: acme/gone",
        "successor.value",
        "'acme/gone'",
        "a model",
    ),
    (
        "models/acme/large.yaml",
        "value: acme/tiny",
        "value: tiny",
        "successor.value",
        "'tiny'",
        "<developer>/<model>",
    ),
    (
        ACME,
        "model: acme/large",
        "model: acme/huge",
        "offers[0].model",
        "'acme/huge'",
        "a model in data/models",
    ),
    (
        ACME,
        "input_usd_per_mtok: 4.0",
        "input_usd_per_mtok: -0.5",
        "offers[0].prices[0].input_usd_per_mtok",
        "-0.5",
        "0 or more",
    ),
    (
        ACME,
        "to: 2025-12-31",
        "to: 2024-12-31",
        "offers[0].prices[0]",
        "from 2025-03-01 to 2024-12-31",
        "from <= to",
    ),
    (
        ACME,
        "date_basis: exact",
        "date_basis: guess",
        "offers[0].prices[0].date_basis",
        "'guess'",
        "'announced'",
    ),
    (ACME, "soc2:", "soc9:", "attestations.soc9", "'soc9'", "'soc2'"),
    (ACME, "value: [eu]", "value: [mars]", "regions.value[0]", "'mars'", "one of 'eu', 'us'"),
    (
        HHEM,
        "model: acme/large",
        "model: acme/old",
        "scores[0].model",
        "'acme/old'",
        "a model",
    ),
    ("developers.yaml", "value: CH", "value: ch", "acme.country.value", "'ch'", "two capital letters"),
    ("developers.yaml", "acme:", "acne:", "(path)", "'acme', which does not exist", "data/developers.yaml"),
    (
        "sources.yaml",
        "https://example.org",
        "http://example.org",
        "card.address",
        "'http://example.org/card'",
        "https://",
    ),
    ("hardware.yaml", "memory_gib: 24.0", "memory_gib: 0.0", "card-24.memory_gib", "0.0", "more than 0"),
    ("hardware.yaml", "card-24:", "Card 24:", "Card 24", "'Card 24'", "a key of a-z 0-9"),
    ("carbon.yaml", "30.5", "9000.5", "CHE.gco2e_per_kwh", "9000.5", "2000"),
    ("carbon.yaml", "30.5", ".nan", "CHE.gco2e_per_kwh", "'.nan'", "a number"),
    ("carbon.yaml", "CHE:", "CHE: 1\nCHE:", "line 2", "a second key 'CHE'", "each key once"),
    ("carbon.yaml", "30.5", "30.5, second_source: lost", "CHE.second_source", "'lost'", "data/sources.yaml"),
    (
        "hardware.yaml",
        "24.0",
        "24.0, rent_source: lost",
        "card-24.rent_source",
        "'lost'",
        "data/sources.yaml",
    ),
    (HHEM, "score: 4.5", "score: 104.5", "scores[0].score", "104.5", "0 to 100 percent"),
    (
        "retired_ids.yaml",
        "{}",
        "acme/tiny: {reason: gone, removed: 2026-01-01}",
        "(path)",
        "the retired id",
        "a new id",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "field", "found", "allowed"), CASES)
def test_fault_names_file_field_found_and_allowed(edit, file, old, new, field, found, allowed):
    """One wrong thing in one file gives a fault on exactly that thing."""
    faults = validate(edit(file, old, new), today=TODAY)
    matching = [fault for fault in faults if fault.field == field]
    assert matching, [str(fault) for fault in faults]
    fault = matching[0]
    assert found in fault.found
    assert allowed in fault.allowed
    assert fault.remedy
    assert fault.file == f"data/{'models/acme/tiny.yaml' if file == 'retired_ids.yaml' else fault.file[5:]}"
    assert fault.file.endswith(Path(file).name) or field == "(path)"


def test_faultless_catalog_has_no_faults(data_dir):
    """The small catalog that all other tests break is in order."""
    assert validate(data_dir, today=TODAY) == []


def test_future_days_need_a_today(edit):
    """Without a day passed in there is no clock to compare with."""
    folder = edit("carbon.yaml", "2026-11-20", "2036-11-20")
    assert validate(folder) == []
    assert len(validate(folder, today=TODAY)) == 1


def test_announced_prices_and_shutdowns_may_lie_ahead(edit):
    """What a provider announces for later is a fact of today."""
    assert validate(edit(ACME, "- {input_usd", "- {from: 2027-01-01, input_usd"), today=TODAY) == []


def test_all_faults_are_reported_at_once(edit):
    """A contributor sees everything that is wrong in one run."""
    edit(TINY, "value: open-weight", "value: open")
    edit("carbon.yaml", "30.5", "-1.0")
    folder = edit(ACME, "name: Acme API\n", "")
    assert [fault.file for fault in validate(folder, today=TODAY)] == [
        "data/carbon.yaml",
        "data/models/acme/tiny.yaml",
        "data/offers/acme.yaml",
    ]


def test_loading_a_faulty_catalog_raises_with_the_faults(edit):
    """The error is the list that `validate` gives, as sentences."""
    folder = edit("carbon.yaml", "30.5", "-1.0")
    with pytest.raises(CatalogError) as caught:
        load_tree(folder)
    assert list(caught.value.faults) == validate(folder)
    assert str(caught.value) == (
        "data/carbon.yaml: CHE.gco2e_per_kwh is -1.0; allowed: 0 or more. Correct it or remove the entry."
    )


def test_long_fault_lists_are_cut_with_a_count():
    """A message stays readable; the faults themselves are complete."""
    error = CatalogError(Fault("f", f"x{n}", "1", "2") for n in range(50))
    assert len(error.faults) == 50
    assert str(error).endswith("... and 30 more.")


def test_missing_folder_is_one_clear_sentence(tmp_path):
    """Without data there is nothing to read, and the message says which folder."""
    (fault,) = validate(tmp_path / "nowhere")
    assert str(fault) == (
        f"{tmp_path}/nowhere/ is missing; allowed: the folder with the catalog. Restore it or pass its path."
    )


@pytest.mark.parametrize("part", ["sources", "developers", "licences", "hardware", "carbon", "speeds"])
def test_missing_shared_file_is_named(data_dir, part):
    """A deleted file is one fault, not one for each entry that refers to it."""
    (data_dir / f"{part}.yaml").unlink()
    faults = validate(data_dir, today=TODAY)
    assert [(fault.file, fault.found) for fault in faults] == [(f"data/{part}.yaml", "missing")]


@pytest.mark.parametrize(
    "name",
    [
        "models/tiny.yaml",
        "models/acme/x/y.yaml",
        "models/Acme/tiny.yaml",
        "offers/a/b.yaml",
        "extra.yaml",
    ],
)
def test_files_that_nothing_reads_are_faults(data_dir, name):
    """A misplaced or misspelt file must not be ignored in silence."""
    (data_dir / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(data_dir / TINY, data_dir / name)
    assert ("data/" + name, "a file that nothing reads") in {
        (fault.file, fault.found) for fault in validate(data_dir, today=TODAY)
    }


def test_yml_is_a_fault(data_dir):
    """Only one ending is read, so the other one is refused."""
    (data_dir / "models/acme/other.yml").write_text("name: x\n")
    assert [fault.found for fault in validate(data_dir, today=TODAY)] == ["a file ending in .yml"]


def test_loading_is_deterministic(data_dir):
    """Two loads give equal trees with the same fingerprint."""
    assert load_tree(data_dir) == load_tree(data_dir)


def test_offer_listed_twice_is_a_fault(data_dir):
    """Two entries of one name would be two candidates."""
    path = data_dir / ACME
    text = path.read_text()
    path.write_text(text + text[text.index("  - model:") :])
    (fault,) = validate(data_dir, today=TODAY)
    assert (fault.field, fault.allowed) == ("offers[1]", "each offer once")


def test_board_uses_one_row_per_model(data_dir):
    """Labels beside the used one may stay; a second used one is a fault."""
    path = data_dir / HHEM
    row = path.read_text().splitlines()[-1]
    path.write_text(path.read_text() + (row.replace("metric", "used: true, metric") + "\n") * 2)
    (fault,) = validate(data_dir, today=TODAY)
    assert (fault.field, fault.allowed) == ("scores[2].used", "one used row per model")
