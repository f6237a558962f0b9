"""How old the facts are, and that no price a recommendation rests on is too old."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from recommender.catalog.build import build
from recommender.catalog.freshness import (
    PRICE_DAYS_MAX,
    age_days,
    freshness,
    needs_banner,
    price_ages,
    price_mark,
)
from recommender.catalog.load import load_tree
from recommender.catalog.snapshot import catalog_of

SEEN = date(2026, 11, 20)  # the day of every fact of the small catalog


@pytest.fixture
def small(data_dir):
    """Builds the small catalog as its files are now."""
    return lambda: catalog_of(build(load_tree(data_dir))[0])


def test_no_current_price_is_older_than_180_days(real_catalog):
    """On the snapshot's own date every price that may be recommended was seen in the last half year."""
    old = [age for age in price_ages(real_catalog, real_catalog.date) if age.age_days > PRICE_DAYS_MAX]
    assert old == []


def test_every_current_price_of_the_catalog_has_an_age(real_catalog):
    """The check above looks at hundreds of prices, not at none."""
    assert len(price_ages(real_catalog, real_catalog.date)) > 500


@pytest.mark.parametrize(("days", "expected"), [(0, False), (45, False), (46, True)])
def test_banner_comes_after_45_days(small, days, expected):
    """Up to and with day 45 there is none."""
    found = freshness(small(), SEEN + timedelta(days=days))
    assert (found.age_days, found.needs_banner) == (days, expected)
    assert needs_banner(days) is expected


def test_oldest_and_newest_day_are_those_of_the_facts(edit, small):
    """One fact looked at earlier is the oldest; the catalog's own day is the newest."""
    edit(
        "models/acme/large.yaml",
        "2027-01-31, source: card, as_of: 2026-11-20",
        "2027-01-31, source: card, as_of: 2026-01-02",
    )
    found = freshness(small(), SEEN)
    assert (found.oldest, found.newest) == (date(2026, 1, 2), SEEN)


def test_age_of_a_day_ahead_is_none():
    """A reader whose clock is behind sees an age of 0, never a negative one."""
    assert age_days(SEEN, SEEN - timedelta(days=3)) == 0


@pytest.mark.parametrize(
    ("days", "mark"), [(0, "fresh"), (90, "fresh"), (91, "amber"), (180, "amber"), (181, "stale")]
)
def test_marks_of_prices(days, mark):
    """Amber over 90 days, stale over 180."""
    assert price_mark(days) == mark


def test_price_age_counts_from_the_last_sighting(small):
    """The price in force, and the day somebody saw it last."""
    (found,) = price_ages(small(), date(2027, 1, 19))
    assert (found.model, found.provider, found.name) == ("acme/large", "acme", "large-1")
    assert (found.seen, found.age_days, found.mark) == (SEEN, 60, "fresh")


@pytest.mark.parametrize("flag", ["ended", "free", "outlier"])
def test_offer_that_is_never_recommended_has_no_age(edit, small, flag):
    """What forms no way of running a model cannot be too old."""
    edit("offers/acme.yaml", "relation: first-party", f"relation: first-party\n    {flag}: true")
    assert price_ages(small(), SEEN) == []


def test_price_of_a_retired_model_has_no_age(small):
    """Nobody is recommended a model that was shut down."""
    assert price_ages(small(), date(2027, 2, 1)) == []
