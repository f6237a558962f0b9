"""Prices and availability on a given day."""

from __future__ import annotations

from datetime import date

import pytest

from recommender.catalog.history import available_on, price_on
from recommender.catalog.types import Model, Offer, Price


def price(amount, start=None, end=None, *, precedence=3, as_of=None):
    """A price entry with the given period."""
    return Price(
        input_usd_per_mtok=amount,
        output_usd_per_mtok=None,
        valid_from=date.fromisoformat(start) if start else None,
        valid_to=date.fromisoformat(end) if end else None,
        precedence=precedence,
        as_of=date.fromisoformat(as_of) if as_of else None,
    )


def on(day, *prices):
    """(amount, later) of an offer with these prices on a day, or None."""
    offer = Offer(model="a/b", provider="p", name="b", first_party=True, prices=prices)
    found = price_on(offer, date.fromisoformat(day))
    return found and (found[0].input_usd_per_mtok, found[1])


OLD = price(4.0, "2025-01-01", "2025-06-30", precedence=1)
NEW = price(3.0, "2025-08-01", "2025-12-31", precedence=1)
LISTED = price(2.0, precedence=9, as_of="2026-10-01")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-12-31", (4.0, True)),
        ("2025-01-01", (4.0, False)),
        ("2025-06-30", (4.0, False)),
        ("2025-07-15", (4.0, False)),
        ("2025-08-01", (3.0, False)),
        ("2026-09-30", (3.0, False)),
        ("2026-10-01", (2.0, False)),
        ("2030-01-01", (2.0, False)),
    ],
)
def test_price_follows_the_calendar(day, expected):
    """Valid that day, else the newest by then, else the earliest later one, flagged."""
    assert on(day, OLD, NEW, LISTED) == expected


def test_surest_dating_wins_among_valid_prices():
    """An exact period stands above one read from dated packages and above the current list."""
    packages = price(9.0, "2025-02-01", precedence=3, as_of="2025-06-01")
    listed = price(8.0, precedence=9, as_of="2025-02-15")
    assert on("2025-03-01", packages, OLD, listed) == (4.0, False)


def test_newest_start_wins_among_equally_sure_prices():
    """Two open periods of the same kind: the later one replaced the earlier."""
    first = price(5.0, "2025-01-01", as_of="2026-02-01")
    second = price(6.0, "2025-09-01", as_of="2026-02-01")
    assert on("2026-01-01", first, second) == (6.0, False)


def test_price_announced_long_ago_does_not_outlive_what_was_seen_since():
    """Claude Sonnet 5: $3 from September was announced in August; every list since says $2."""
    announced = price(3.0, "2026-09-01", precedence=1, as_of="2026-08-05")
    packages = price(2.1, "2026-09-30", precedence=3, as_of="2026-10-26")
    listed = price(2.0, precedence=9, as_of="2026-11-09")
    for day, amount in [("2026-09-15", 3.0), ("2026-10-10", 2.1), ("2026-11-26", 2.0)]:
        assert on(day, announced, packages, listed) == (amount, False)


def test_price_without_a_start_reaches_back_one_quarter():
    """No recorded start is not "always": farther back it is a later price."""
    sighted = price(7.0, end="2025-06-30")
    assert on("2025-04-01", sighted) == (7.0, False)
    assert on("2025-03-01", sighted) == (7.0, True)


def test_order_of_the_entries_does_not_matter():
    """The same price comes out of the list turned round."""
    for day in ("2024-01-01", "2025-03-01", "2025-07-15", "2026-11-01"):
        assert on(day, OLD, NEW, LISTED) == on(day, LISTED, NEW, OLD)


def test_offer_without_prices_has_none():
    """Offers whose entries are all unusable give no price, never zero."""
    assert on("2026-01-01") is None


def model(**facts):
    """A released closed model with some facts changed."""
    fields = {"kind": "closed", "status": "active", "released": date(2025, 1, 1)} | facts
    return Model(id="a/b", name="B", developer="a", family="B", architecture="decoder", **fields)


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        ({}, "2025-01-01", True),
        ({}, "2024-12-31", False),
        ({"ends": date(2026, 1, 31)}, "2026-01-31", True),
        ({"ends": date(2026, 1, 31)}, "2026-02-01", False),
        ({"status": "retired", "ends": date(2026, 1, 31)}, "2025-06-01", True),
        ({"status": "retired", "ends": date(2026, 1, 31)}, "2026-02-01", False),
        ({"status": "retired"}, "2025-06-01", False),
        ({"status": "deprecated"}, "2025-06-01", True),
        ({"status": "deprecated", "ends": date(2026, 1, 31)}, "2026-06-01", False),
        ({"status": "never-released"}, "2025-06-01", False),
        ({"kind": "unknown"}, "2025-06-01", False),
        ({"kind": "open-weight", "status": "weights-available"}, "2030-01-01", True),
        (
            {"kind": "open-weight", "status": "weights-available", "ends": date(2026, 1, 1)},
            "2030-01-01",
            True,
        ),
        ({"kind": "open-weight", "status": "weights-available"}, "2024-12-31", False),
    ],
)
def test_availability(facts, day, expected):
    """Released by then and not yet shut down; what cannot be known to exist is not available."""
    assert available_on(model(**facts), date.fromisoformat(day)) is expected
