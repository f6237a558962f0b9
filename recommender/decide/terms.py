"""The terms an offer comes under: its provider's, with what differs for this model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from recommender.catalog.types import Catalog, Offer, Provider
from recommender.decide.model_table import ModelTable


def offer_terms(table: ModelTable) -> list[Provider | None]:
    """For every offer of the catalog the terms that hold for it, and at the end None for "no offer"."""
    made: list[Provider | None] = table.once(
        ("offer terms",), lambda: [terms_of(offer, table.catalog) for offer in table.catalog.offers] + [None]
    )
    return made


def terms_of(offer: Offer, catalog: Catalog) -> Provider | None:
    """The provider as it stands behind this offer; None where the provider is not in the catalog."""
    provider = catalog.providers.get(offer.provider)
    if provider is None or not offer.terms:
        return provider
    changed: dict[str, Any] = dict(offer.terms)
    if changed.get("regions") is not None:
        changed["regions"] = tuple(changed["regions"])
    return replace(provider, **changed)
