"""Providers, offers with their price entries, and devices of the core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recommender.catalog.build_models import first_sources
from recommender.catalog.schema_facts import Fact, Quantity
from recommender.catalog.schema_offers import OfferRecord, OffersFile, PriceRecord
from recommender.catalog.schema_shared import DeviceEntry

GB_PER_GIB = 1.073741824
"""2^30 / 10^9. Memory is sold in binary units (a "24 GB" card holds 24 GiB); converted only here."""

_PLAIN_FACTS = ("kind", "seat", "regions", "trains_on_inputs", "zero_retention", "sla", "support")
PRICE_FIGURES = (
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "cached_input_usd_per_mtok",
    "batch_input_usd_per_mtok",
    "batch_output_usd_per_mtok",
    "long_context_threshold_tokens",
    "long_context_input_usd_per_mtok",
    "long_context_output_usd_per_mtok",
)
"""The figures of a price row, in their order; then come precedence, from, to, and who says so."""


def provider_core(provider: OffersFile) -> dict[str, Any]:
    """The fields of `types.Provider` that differ from their defaults.

    Of a range the end that promises less: the longest retention, the shortest notice.
    """
    core: dict[str, Any] = {"name": provider.name}
    for name in _PLAIN_FACTS:
        fact: Fact[Any] | None = getattr(provider, name)
        core[name] = fact.value if fact else None
    core["retention_days"] = _end(provider.retention_days, "high")
    core["deprecation_notice_days"] = _end(provider.deprecation_notice_days, "low")
    core["sla_uptime_percent"] = _end(provider.sla_uptime_percent, "low")
    core["attestations"] = {
        name: fact.value for name, fact in sorted(provider.attestations.items()) if fact.value is not None
    }
    facts = _facts(provider)
    core["missing"] = {name: fact.status for name, fact in facts.items() if fact and fact.status}
    core["sources"] = first_sources(facts)
    # An empty list of regions is an answer (none can be chosen), so only None goes.
    return {name: value for name, value in core.items() if value is not None and value != {}}


OWN_TERMS = ("regions", "sla", "retention_days")


def offers_core(provider: str, file: OffersFile) -> Iterator[dict[str, Any]]:
    """The fields of `types.Offer` that differ from their defaults, one offer after the other."""
    for offer in file.offers:
        core: dict[str, Any] = {
            "model": offer.model,
            "provider": provider,
            "name": offer.name,
            "first_party": offer.relation == "first-party",
        }
        core.update({flag: True for flag in ("ended", "outlier", "free") if getattr(offer, flag)})
        if offer.context_tokens is not None and offer.context_tokens.value is not None:
            core["context_tokens"] = offer.context_tokens.value
        terms = {name: fact.value for name in OWN_TERMS if (fact := getattr(offer, name)) is not None}
        if terms:
            core["terms"] = terms
        core["prices"] = [_price_row(price) for price in usable_prices(offer)]
        yield core


def usable_prices(offer: OfferRecord) -> list[PriceRecord]:
    """Price entries that may be used: not overruled, no unit error, with a price of the input."""
    return [price for price in offer.prices if not price.unusable and price.input_usd_per_mtok is not None]


def device_core(device: DeviceEntry) -> dict[str, Any]:
    """The fields of `types.Device`, memory in decimal GB."""
    core = {
        "name": device.name,
        "category": device.category,
        "memory_kind": device.memory_kind,
        "memory_gb": round(device.memory_gib * GB_PER_GIB, 6),
        "bandwidth_gb_s": device.bandwidth_gb_s,
        "tflops": device.estimator_tflops,
        "tdp_w": device.tdp_w,
        "price_usd": device.price_usd,
        "rent_usd_per_hour": device.rent_usd_per_hour,
        "released_year": device.release_year,
        "vendor": device.vendor,
        "efficiency_kind": device.efficiency_kind,
        "usable_share": device.usable_share,
        "cards": device.cards,
        "fp8_tflops": device.fp8_tflops,
        "cpu_gflops_low": device.cpu_usable_fp32_gflops_low,
        "cpu_gflops_high": device.cpu_usable_fp32_gflops_high,
        "idle_w": device.idle_w,
        "load_w": device.measured_load_w,
    }
    return {name: value for name, value in core.items() if value is not None}


def _price_row(price: PriceRecord) -> tuple[Any, ...]:
    """One price as a row: two thousand of them are read at each start, and keys would double them."""
    figures = (getattr(price, name) for name in PRICE_FIGURES)
    pair = (", ".join(price.source), price.as_of.isoformat())
    return (*figures, price.precedence, price.from_, price.to, pair)


def _end(quantity: Quantity[float] | None, end: str) -> float | None:
    if quantity is None:
        return None
    if quantity.value is not None:
        return quantity.value
    return quantity.high if end == "high" else quantity.low


def _facts(provider: OffersFile) -> dict[str, Fact[Any] | Quantity[Any] | None]:
    """Field of `types.Provider` -> its fact; an attestation is named `attestations.<id>`."""
    names = (*_PLAIN_FACTS, "retention_days", "deprecation_notice_days", "sla_uptime_percent")
    facts: dict[str, Fact[Any] | Quantity[Any] | None] = {name: getattr(provider, name) for name in names}
    facts.update({f"attestations.{name}": fact for name, fact in sorted(provider.attestations.items())})
    return facts
