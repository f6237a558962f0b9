"""What a newer price list would change: new prices, sightings, unknown models, anomalies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from recommender.catalog.load import load_tree
from recommender.catalog.refresh import SIGHTING_DAYS, anomalies, changes, newest_sighting
from tests.catalog.refresh_samples import DAY, TODAY, add_line, entry, listed, price_list, step


@pytest.fixture
def compare(data_dir):
    """Compares a list with the small catalog after price lines were added to its offer."""

    def call(*models, lines=(), day=DAY, today=TODAY):
        add_line(data_dir, *lines)
        return changes(load_tree(data_dir), price_list(*models, day=day), today)

    return call


def kinds(found):
    """Kind and anomaly of each change."""
    return [(change.kind, change.anomaly) for change in found]


def test_new_price_is_found(compare):
    """A price that the package did not say before is written, with what it was."""
    (found,) = compare(listed(step(2.0, 6.0)), lines=[entry()])
    assert (found.id, found.kind, found.writes) == ("acme:large-1", "new-price", True)
    assert (found.before["input_usd_per_mtok"], found.after["input_usd_per_mtok"]) == (3.0, 2.0)
    assert (found.model, found.last_seen) == ("acme/large", date(2026, 11, 20))


def test_price_of_the_same_day_is_no_change(compare):
    """What this list said before is not said again."""
    assert compare(listed(), lines=[entry(day=DAY)]) == []


@pytest.mark.parametrize(("days", "writes"), [(SIGHTING_DAYS, True), (SIGHTING_DAYS - 1, False)])
def test_same_price_is_a_newer_sighting(compare, days, writes):
    """A price seen again is entered once its last sighting is old."""
    (found,) = compare(listed(), lines=[entry(day=DAY - timedelta(days=days))])
    assert (found.kind, found.writes) == ("seen-again", writes)


def test_sighting_keeps_figures_of_the_entry_before(compare):
    """A cached price that the list does not give stays, with the source that gave it."""
    line = entry(day="2026-09-01").replace("precedence", "cached_input_usd_per_mtok: 0.3, precedence")
    (found,) = compare(listed(), lines=[line])
    assert found.after["cached_input_usd_per_mtok"] == 0.3
    assert found.carried_from == "genai-prices-0.1.0"


def test_further_figures_are_found(compare):
    """A new batch price beside the same price is entered, and is no new price."""
    (found,) = compare(listed(step(batch_input_usd_per_mtok=1.5)), lines=[entry()])
    assert (found.kind, found.writes) == ("new-figures", True)


def test_other_source_that_agrees_is_named(compare):
    """The second source within 1 percent agrees."""
    lines = [entry(), entry(paid="2.01", source="litellm-1.0.0")]
    (found,) = compare(listed(step(2.0, 6.0)), lines=lines)
    assert (found.agrees_with, found.disagrees_with) == ("litellm-1.0.0", None)


def test_other_source_that_disagrees_is_named_with_what_it_says(compare):
    """The second source beyond 1 percent disagrees, and the change says how."""
    lines = [entry(), entry(paid="2.03", source="litellm-1.0.0")]
    (found,) = compare(listed(step(2.0, 6.0)), lines=lines)
    assert found.disagrees_with == "litellm-1.0.0 of 2026-11-20: 2.03/6"
    assert found.agrees_with is None


def test_first_price_of_the_package_is_compared_with_the_other_source(compare):
    """Where only others gave a price, rounding is no new price."""
    (found,) = compare(listed(step(3.01, 6.0)))
    assert (found.kind, found.agrees_with) == ("seen-again", "card")


@pytest.mark.parametrize(
    ("paid", "anomaly"),
    [(9.0, None), (9.1, "price-jump"), (1.0, None), (0.99, "price-jump"), (0.0, "price-jump")],
)
def test_price_changed_more_than_threefold_is_an_anomaly(compare, paid, anomaly):
    """Up, down, or to nothing: beyond three times somebody has to look."""
    found = compare(listed(step(paid, 6.0)), lines=[entry()])
    assert kinds(found) == [("new-price", anomaly)]


def test_date_in_the_future_is_an_anomaly(compare):
    """An announced price is a change of its own, with its day in its id."""
    steps = step(), step(4.0, 8.0, start=date(2027, 1, 1))
    found = compare(listed(*steps), lines=[entry(day=DAY)])
    assert kinds(found) == [("announced", "future-date")]
    assert found[0].id == "acme:large-1@2027-01-01"


def test_announced_price_that_is_entered_is_known(compare):
    """A reviewed announcement is not reported again."""
    ahead = entry("4.0", "8.0", day=DAY).replace("{input", "{from: 2027-01-01, input")
    found = compare(listed(step(), step(4.0, 8.0, start=date(2027, 1, 1))), lines=[entry(day=DAY), ahead])
    assert found == []


def test_model_that_is_listed_no_more_is_named(compare):
    """An offer that the package priced and has lost is reported, never written."""
    found = compare(listed(ref="other"), lines=[entry()])
    assert [change.kind for change in found] == ["fewer-models", "gone", "unknown-model"]
    assert [change.writes for change in found] == [False, False, False]


def test_fewer_models_are_an_anomaly(compare):
    """A list that lost all offers of a provider was cut short, or its names changed."""
    found = anomalies(compare(lines=[entry()]))
    assert kinds(found) == [("fewer-models", "fewer-models")]
    assert found[0].found == "1 of the 1 offers that genai-prices priced are listed no more"


def test_single_model_may_go(data_dir, compare):
    """One offer of several vanishes in every other version: no anomaly."""
    second = "  - model: acme/tiny\n    name: tiny-1\n    relation: first-party\n    prices:\n"
    found = compare(listed(step()), lines=[entry(day=DAY), second, entry(day=DAY)])
    assert kinds(found) == [("gone", None)]


def test_ended_offer_is_left_alone(edit, compare):
    """The last price of an endpoint that was shut down stays as it is."""
    edit("offers/acme.yaml", "relation: first-party", "relation: first-party\n    ended: true")
    assert compare(listed(step(1.5, 6.0)), lines=[entry()]) == []


def test_unknown_model_is_named_with_its_id_where_the_catalog_has_it(compare):
    """An alias of the catalog in the list is a missing offer; anything else is only unknown."""
    found = compare(listed(), listed(ref="hub/Tiny-1"), listed(ref="nobody"), lines=[entry(day=DAY)])
    assert [(change.name, change.model) for change in found] == [
        ("hub/Tiny-1", "acme/tiny"),
        ("nobody", None),
    ]


def test_other_name_is_followed_only_where_the_package_priced_the_offer(compare):
    """A rule such as 'starts with' is taken from the package only for offers it has priced before."""
    loose = listed(step(2.0, 6.0), ref="large", matches=lambda name: name.startswith("large"))
    assert [change.kind for change in compare(loose)] == ["unknown-model"]


def test_other_name_is_followed_for_a_priced_offer(compare):
    """The package's own rule finds the offer again."""
    loose = listed(step(2.0, 6.0), ref="large", matches=lambda name: name.startswith("large"))
    assert kinds(compare(loose, lines=[entry()])) == [("new-price", None)]


def test_older_list_says_nothing(compare):
    """A list from before the newest sighting changes no price."""
    assert compare(listed(step(2.0, 6.0)), lines=[entry()], day=date(2026, 11, 1)) == []


def test_newest_sighting_is_that_of_the_package(data_dir):
    """Other sources do not count."""
    add_line(data_dir, entry(day="2026-11-05"), entry(source="litellm-1.0.0"))
    assert newest_sighting(load_tree(data_dir), "genai-prices") == date(2026, 11, 5)
    assert newest_sighting(load_tree(data_dir), "other") is None


def test_progress_is_told(data_dir):
    """The bar gets a figure for each provider."""
    told = []
    changes(load_tree(data_dir), price_list(listed()), TODAY, progress=lambda *both: told.append(both))
    assert told == [(1, 1)]


def test_change_is_plain_json(compare):
    """Days become text, figures stay numbers."""
    (found,) = compare(listed(step(2.0, 6.0, start=date(2026, 12, 10))), lines=[entry()])
    plain = found.to_dict()
    assert (plain["start"], plain["last_seen"], plain["after"]["input_usd_per_mtok"]) == (
        "2026-12-10",
        "2026-11-20",
        2.0,
    )
