"""A small price list, and the objects of the package it might come from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from recommender.catalog.refresh_sources import Listed, PriceList, Step

TODAY = date(2026, 12, 20)
DAY = date(2026, 12, 18)
OLD = (
    "      - {{input_usd_per_mtok: {paid}, output_usd_per_mtok: {out}, precedence: 9,"
    " date_basis: current-list, source: {source}, as_of: {day}}}\n"
)
SOURCES = """genai-prices-0.1.0: {title: genai-prices 0.1.0, accessed: "2026-11-20"}
litellm-1.0.0: {title: litellm 1.0.0, accessed: "2026-11-20"}
"""


def entry(paid="3.0", out="6.0", source="genai-prices-0.1.0", day="2026-11-20"):
    """A price line as it stands in an offers file."""
    return OLD.format(paid=paid, out=out, source=source, day=day)


def step(paid=3.0, out=6.0, start=None, **more):
    """One price of a list."""
    figures = {"input_usd_per_mtok": paid, "output_usd_per_mtok": out, **more}
    return Step(start=start, figures={name: value for name, value in figures.items() if value is not None})


def listed(*steps, ref="large-1", matches=None):
    """One model on Acme's list."""
    return Listed(
        provider="acme", ref=ref, steps=steps or (step(),), matches=matches or (lambda name: name == ref)
    )


def price_list(*models, version="0.2.0", day=DAY):
    """What a version of the package lists for Acme."""
    return PriceList(version=version, day=day, listed=models, providers=frozenset({"acme"}))


def add_line(data_dir, *lines):
    """Appends price lines to the one offer of the small catalog, and their sources."""
    offers = data_dir / "offers" / "acme.yaml"
    offers.write_text(offers.read_text() + "".join(lines))
    sources = data_dir / "sources.yaml"
    sources.write_text(sources.read_text() + SOURCES)


def package_price(**prices):
    """A price of the package; figures are decimals there."""
    return SimpleNamespace(**{key: Decimal(str(value)) for key, value in prices.items()})


def package_model(ref, prices, variants=None):
    """A model of the package."""
    return SimpleNamespace(id=ref, prices=prices, price_variants=variants, is_match=lambda name: name == ref)


def since(day, prices):
    """A price of the package from a day on; None = from the start."""
    return SimpleNamespace(constraint=SimpleNamespace(start_date=day) if day else None, prices=prices)
