"""What the price package says, in the catalog's own terms."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from types import SimpleNamespace

import pytest

from recommender.catalog import refresh_sources
from recommender.catalog.refresh_sources import PROVIDERS, PackageMissing, installed_prices, price_list
from recommender.catalog.snapshot import DATA_DIR
from tests.catalog.refresh_samples import TODAY, package_model, package_price, since


def read(*models, provider="openai", more=()):
    """The list of one provider, and of others."""
    providers = [SimpleNamespace(id=provider, models=models), *more]
    return price_list(providers, version="9.9", today=TODAY)


def figures(model):
    """The current figures of the only model."""
    return dict(read(model).listed[0].current(TODAY).figures)


def test_plain_price_is_read():
    """Input, output and cached input, as floats under the names of the catalog."""
    model = package_model("m", package_price(input_mtok="0.25", output_mtok=2, cache_read_mtok="0.025"))
    assert figures(model) == {
        "input_usd_per_mtok": 0.25, "output_usd_per_mtok": 2.0, "cached_input_usd_per_mtok": 0.025,
    }  # fmt: skip


def test_first_tier_is_the_long_context_price():
    """The base price is the price; the first tier is that of long input, with its threshold."""
    tier = SimpleNamespace(start=200_000, price=Decimal("2.5"))
    prices = SimpleNamespace(input_mtok=SimpleNamespace(base=Decimal("1.25"), tiers=[tier]))
    assert figures(package_model("m", prices)) == {
        "input_usd_per_mtok": 1.25, "long_context_threshold_tokens": 200_000,
        "long_context_input_usd_per_mtok": 2.5,
    }  # fmt: skip


def test_more_tiers_are_noted_as_left_out():
    """A second tier has no place in an entry, so the entry says that something is missing."""
    tiers = [SimpleNamespace(start=at, price=Decimal(at)) for at in (10, 20)]
    prices = SimpleNamespace(input_mtok=SimpleNamespace(base=Decimal(1), tiers=tiers))
    assert read(package_model("m", prices)).listed[0].steps[0].is_partial


@pytest.mark.parametrize(("start", "known"), [(date(2026, 10, 1), True), (date(2027, 1, 1), False)])
def test_batch_price_counts_from_its_day(start, known):
    """A batch variant is read where it has begun; other variants never."""
    batch = SimpleNamespace(
        when={"processing": "batch"},
        prices=package_price(input_mtok=1),
        constraint=SimpleNamespace(start_date=start),
    )
    flex = SimpleNamespace(when={"service_tier": "flex"}, prices=package_price(input_mtok=9), constraint=None)
    found = figures(package_model("m", package_price(input_mtok=2), [flex, batch]))
    assert found.get("batch_input_usd_per_mtok") == (1.0 if known else None)


def test_dated_prices_are_steps():
    """The step that has begun last is the current one, whatever the order in the package."""
    ahead, begun = (
        since(date(2027, 1, 1), package_price(input_mtok=3)),
        since(date(2026, 12, 1), package_price(input_mtok=2)),
    )
    model = package_model("m", [since(None, package_price(input_mtok=1)), ahead, begun])
    found = read(model).listed[0]
    assert found.current(TODAY).figures["input_usd_per_mtok"] == 2.0
    assert [one.start for one in found.steps] == [None, date(2026, 12, 1), date(2027, 1, 1)]


def test_price_by_time_of_day_is_left_out_and_noted():
    """The price outside such hours is the price; the entry says that there are others."""
    night = SimpleNamespace(
        constraint=SimpleNamespace(start_time=time(1), end_time=time(4)), prices=package_price(input_mtok=9)
    )
    found = (
        read(package_model("m", [since(None, package_price(input_mtok=1)), night])).listed[0].current(TODAY)
    )
    assert (found.figures["input_usd_per_mtok"], found.is_partial) == (1.0, True)


def test_model_without_an_input_price_has_no_step():
    """Prices per request or per second are no prices per token."""
    assert read(package_model("m", package_price(requests_kcount=5))).listed[0].current(TODAY) is None


def test_providers_that_are_not_ours_are_left_out():
    """Resellers have no file in the catalog."""
    assert read(package_model("m", package_price(input_mtok=1)), provider="github-copilot").listed == ()


def test_list_is_as_old_as_what_it_shows():
    """A package installed today does not look new: its day is the newest start on the machine-read list,
    never an announcement elsewhere."""
    router = SimpleNamespace(
        id="openrouter", models=[package_model("r", [since(date(2026, 11, 9), package_price(input_mtok=1))])]
    )
    announced = package_model("m", [since(date(2026, 12, 19), package_price(input_mtok=1))])
    assert read(announced, more=[router]).day == date(2026, 11, 9)


def test_missing_package_names_the_extra(monkeypatch):
    """One sentence says what is missing and how to get it."""

    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(refresh_sources.importlib, "import_module", missing)
    with pytest.raises(PackageMissing, match=r"genai-prices is not installed.*\[dev\]"):
        installed_prices(TODAY)


def test_installed_package_is_read():
    """The locked version has prices for every provider that is mapped, and its own day."""
    found = installed_prices(TODAY)
    assert {each.provider for each in found.listed} == set(PROVIDERS.values())
    assert date(2026, 11, 1) <= found.day <= TODAY


def test_every_mapped_provider_has_a_file():
    """A mapping to a provider that is not in the catalog would silently do nothing."""
    assert [name for name in PROVIDERS.values() if not (DATA_DIR / "offers" / f"{name}.yaml").is_file()] == []
