"""How a refresh is written: lines are added, nothing that stands there goes, and only what is faultless."""

from __future__ import annotations

import pytest

from recommender.catalog.faults import CatalogError
from recommender.catalog.load import load_tree, validate
from recommender.catalog.refresh import Change, changes
from recommender.catalog.refresh_write import (
    NAMED_IN_CHANGELOG,
    changelog_lines,
    changelog_with,
    price_line,
    with_prices,
    with_source,
    write_changes,
)
from recommender.catalog.snapshot import DATA_DIR, load_catalog
from recommender.catalog.strict_yaml import parse_yaml
from tests.catalog.refresh_samples import DAY, TODAY, add_line, entry, listed, price_list, step

CHANGELOG = """# Changelog

## [2026.12.0] - Unreleased

### Catalogue

- First catalogue.

### Scoring

- First scoring.

## [2026.11.0] - 2026-11-30

### Catalogue

- Older.
"""
NEW = "- {input_usd_per_mtok: 2.0, output_usd_per_mtok: 6.0, precedence: 9, date_basis: current-list, "


@pytest.fixture
def write(data_dir):
    """Compares and writes; what was written, or None."""
    add_line(data_dir, entry())
    changelog = data_dir.parent / "CHANGELOG.md"
    changelog.write_text(CHANGELOG)

    def call(*models, version="0.2.0", day=DAY, today=TODAY):
        prices = price_list(*models, version=version, day=day)
        found = changes(load_tree(data_dir), prices, today)
        return write_changes(data_dir, changelog, found, prices, today=today)

    return call


def contents(folder):
    """Every file under a folder with its bytes."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change(**fields):
    """A new price of the offer of the small catalog."""
    usual = {
        "id": "acme:large-1",
        "kind": "new-price",
        "provider": "acme",
        "name": "large-1",
        "model": "acme/large",
    }
    return Change(**{**usual, "after": step(2.0, 6.0).figures, "writes": True, **fields})


def test_new_price_is_one_line_more(data_dir, write):
    """The file is what it was, byte for byte, with the new entry after the last one of the offer."""
    before = (data_dir / "offers" / "acme.yaml").read_text()
    written = write(listed(step(2.0, 6.0)))
    added = (data_dir / "offers" / "acme.yaml").read_text().removeprefix(before)
    assert added == f"      {NEW}source: genai-prices-0.2.0, as_of: 2026-12-18, note: \"sources disagree: " \
        "genai-prices-0.2.0 2/6, card of 2026-11-20: 3/6\"}\n"  # fmt: skip
    assert written.files == ("offers/acme.yaml", "sources.yaml", "CHANGELOG.md")


def test_result_is_faultless_and_in_the_snapshot(data_dir, write):
    """The catalog validates, and a reader of the new snapshot finds the price."""
    written = write(listed(step(2.0, 6.0)))
    assert validate(data_dir, today=TODAY) == []
    catalog = load_catalog(data_dir / "snapshots" / f"{written.snapshot}.json")
    assert catalog.offers[0].prices[-1].input_usd_per_mtok == 2.0
    assert catalog.date == DAY


def test_second_run_changes_nothing(data_dir, write):
    """The same list once more: no change, no file touched."""
    write(listed(step(2.0, 6.0, batch_input_usd_per_mtok=1.0)))
    before = contents(data_dir.parent)
    assert write(listed(step(2.0, 6.0, batch_input_usd_per_mtok=1.0))) is None
    assert contents(data_dir.parent) == before


def test_versions_add_up(data_dir, write):
    """Each new price is one entry more; none is ever overwritten."""
    for number, paid in enumerate((2.0, 2.5, 2.2)):
        write(listed(step(paid, 6.0)), version=f"0.2.{number}", day=DAY.replace(day=16 + number))
    prices = load_tree(data_dir).offers["acme"].offers[0].prices
    assert [price.input_usd_per_mtok for price in prices][-4:] == [3.0, 2.0, 2.5, 2.2]


def test_sighting_is_an_entry_of_its_own(data_dir, write):
    """A price seen again leaves the older sighting as it is."""
    write(listed(), day=DAY.replace(year=2027, month=2), today=TODAY.replace(year=2027, month=3))
    last = load_tree(data_dir).offers["acme"].offers[0].prices[-2:]
    assert [price.as_of.isoformat() for price in last] == ["2026-11-20", "2027-02-18"]


def test_no_file_is_touched_when_the_result_is_faulty(data_dir, write):
    """A price that the schema refuses stops everything before the first file is replaced."""
    before = contents(data_dir.parent)
    with pytest.raises(CatalogError, match="input_usd_per_mtok"):
        write(listed(step(20_000.0, 6.0)))
    assert contents(data_dir.parent) == before


def test_no_file_is_touched_when_a_day_lies_ahead(data_dir, write):
    """A list that claims to be of tomorrow is refused by the validation."""
    before = contents(data_dir.parent)
    with pytest.raises(CatalogError, match="2026-12-21"):
        write(listed(step(2.0, 6.0)), day=TODAY.replace(day=21))
    assert contents(data_dir.parent) == before


def test_no_file_is_touched_without_an_unreleased_version(data_dir, write):
    """A changelog with no place for the lines is refused first."""
    (data_dir.parent / "CHANGELOG.md").write_text("# Changelog\n")
    before = contents(data_dir.parent)
    with pytest.raises(CatalogError, match="Unreleased"):
        write(listed(step(2.0, 6.0)))
    assert contents(data_dir.parent) == before


def test_changelog_tells_the_new_price(data_dir, write):
    """Counts, then the price in words, under Catalogue of the unreleased version and nowhere else."""
    write(listed(step(2.0, 6.0)))
    told = (data_dir.parent / "CHANGELOG.md").read_text()
    added = (
        "- First catalogue.\n"
        "- Prices of genai-prices 0.2.0, dated 2026-12-18: 1 new prices.\n"
        "- acme/large at acme: 3/6 to 2/6 US dollars per million tokens, input/output.\n"
    )
    assert told == CHANGELOG.replace("- First catalogue.\n", added)


def test_changelog_without_a_catalogue_part_gets_one():
    """The part is made at the end of the unreleased version."""
    text = "# Changelog\n\n## Unreleased\n\n- A.\n\n## Older\n\n### Catalogue\n"
    told = "# Changelog\n\n## Unreleased\n\n- A.\n\n### Catalogue\n\n- New.\n\n## Older\n\n### Catalogue\n"
    assert changelog_with(text, ["- New."], name="CHANGELOG.md") == told


def test_long_lists_are_counted_in_the_changelog():
    """Beyond a dozen the changelog counts; the diff of the data names them all."""
    lines = changelog_lines([change()] * (NAMED_IN_CHANGELOG + 3), price_list())
    assert (len(lines), lines[-1]) == (NAMED_IN_CHANGELOG + 2, "- And 3 more.")


def test_new_version_is_a_source_at_its_place():
    """Keys stay sorted, and the other entries stay as they are."""
    text = "a:\n  title: A\nz:\n  title: Z\n"
    made = with_source(text, price_list(), TODAY)
    assert made.startswith("a:\n  title: A\ngenai-prices-0.2.0:\n")
    assert made.endswith('  accessed: "2026-12-20"\nz:\n  title: Z\n')


def test_known_version_is_a_source_that_was_opened_again():
    """Only the day of access changes, and only there."""
    text = 'genai-prices-0.2.0:\n  accessed: "2026-12-18"\nz:\n  accessed: "2026-12-18"\n'
    expected = text.replace("2026-12-18", "2026-12-20", 1)
    assert with_source(text, price_list(), TODAY) == expected


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"after": {"input_usd_per_mtok": 0.0000123}}, "{input_usd_per_mtok: 0.0000123, precedence: 9"),
        ({"after": {"long_context_threshold_tokens": 200_000}}, "long_context_threshold_tokens: 200_000,"),
        ({"start": DAY}, "{from: 2026-12-18, input_usd_per_mtok: 2.0"),
        ({"start": DAY}, "precedence: 1, date_basis: exact,"),
        ({"carried_from": "litellm-1.0.0"}, "source: [litellm-1.0.0, genai-prices-0.2.0],"),
        ({"anomaly": "price-jump"}, 'note: "reviewed: price-jump"}'),
        ({"is_partial": True}, 'note: "later tiers (long context, time of day) not listed"}'),
    ],
)
def test_line_has_the_form_of_the_house(fields, part):
    """One flow mapping with plain decimals, keys in their order, and what is worth knowing as a note."""
    assert part in price_line(change(**fields), price_list())


def test_offer_without_a_list_in_lines_is_named():
    """A list in flow style has no place for a line: it is named instead of rewritten."""
    text = "offers:\n  - {model: acme/large, name: large-1, prices: [{input_usd_per_mtok: 1.0}]}\n"
    with pytest.raises(CatalogError, match=r"data/offers/acme\.yaml.*acme/large"):
        with_prices(text, [change()], price_list(), file="data/offers/acme.yaml")


def test_every_offer_of_the_catalog_can_take_a_line(real_tree):
    """In each real file a line for each offer lands in that offer, last, and all else stays."""
    for provider, file in real_tree.offers.items():
        raw = (DATA_DIR / "offers" / f"{provider}.yaml").read_text(encoding="utf-8")
        every = [change(provider=provider, name=offer.name, model=offer.model) for offer in file.offers]
        made = with_prices(raw, every, price_list(), file=provider)
        assert [line for line in made.splitlines() if "genai-prices-0.2.0" not in line] == raw.splitlines()
        before, after = (parse_yaml(text.encode(), name=provider).get("offers", []) for text in (raw, made))
        assert [offer["prices"][:-1] for offer in after] == [offer["prices"] for offer in before]
