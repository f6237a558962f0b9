"""What the providers that matter most promise: asked for, sourced, and no better than it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from recommender import recommend
from recommender.catalog.fact_rows import fact_rows, source_keys
from recommender.catalog.load import validate
from recommender.catalog.snapshot import catalog_of

ASKED = ("regions", "trains_on_inputs", "retention_days", "zero_retention", "sla")
RECALLED = {
    # Nobody has opened a source for these. The list may only become shorter.
    "amazon-bedrock": {
        "attestations.c5",
        "attestations.fedramp",
        "attestations.iso42001",
        "kind",
        "seat",
        "support",
        "support_tiers",
        "trust_centre",
    },
    "anthropic": {"attestations.fedramp", "kind", "seat", "support", "support_tiers"},
    "azure": {"attestations.c5", "kind", "support", "support_tiers"},
    "cohere": {"kind"},
    "deepinfra": {"kind"},
    "fireworks-ai": {"kind", "seat"},
    "google": {"attestations.hipaa", "kind", "support", "support_tiers", "trust_centre"},
    "google-vertex": {"attestations.iso42001", "kind", "support", "support_tiers", "trust_centre"},
    "groq": {"kind", "seat"},
    "mistral": {"kind"},
    "openai": {"kind"},
    "scaleway": {"attestations.iso27001", "kind", "support", "support_tiers"},
    "togetherai": {"kind", "seat"},
}
MAIN = sorted(RECALLED)  # twelve companies; Google twice, with AI Studio and Vertex AI
BANK = {
    "tasks": ["chat"],
    "support": "sla",
    "data_boundary": "region",
    "region": ["eu"],
    "no_training_on_data": True,
    "attestations": ["soc2", "iso27001"],
}
ACME, KIND = "offers/acme.yaml", "kind: {value: first-party, source: card, as_of: 2026-11-20}\n"


def _promises(details: Mapping[str, Any], provider: str) -> Mapping[str, Any]:
    rows = fact_rows(details["offers"][provider], skip=("name", "offers"))
    return {row.field: row for row in rows}


def _recalled(details: Mapping[str, Any], provider: str) -> Iterator[str]:
    """Facts with a source that nobody opened, or whose note says so."""
    for name, row in _promises(details, provider).items():
        kinds = {details["sources"][key].get("kind") for key in row.sources}
        if "recalled" in kinds or "recalled" in (row.note or ""):
            yield name


@pytest.mark.parametrize("provider", MAIN)
@pytest.mark.parametrize("name", ASKED)
def test_what_a_bank_asks_is_known_or_said_to_be_undisclosed(real_built, provider, name):
    """A missing key would mean that nobody looked; these are the facts that somebody must look for."""
    row = _promises(real_built[1], provider)[name]
    assert row.status == "undisclosed" or row.value is not None or row.low is not None


@pytest.mark.parametrize("provider", MAIN)
@pytest.mark.parametrize("name", ASKED)
def test_what_a_bank_asks_names_sources_that_somebody_opened(real_built, provider, name):
    """None of these facts rests on memory alone."""
    assert not {name} & set(_recalled(real_built[1], provider))


@pytest.mark.parametrize("provider", MAIN)
def test_facts_from_memory_are_the_listed_ones(real_built, provider):
    """A fact that somebody has read leaves the list; no fact from memory may be added."""
    assert set(_recalled(real_built[1], provider)) == RECALLED[provider]


def test_every_way_for_a_bank_keeps_every_must(real_built):
    """A promise that is undisclosed, or for contracts only, never passes as kept."""
    catalog = catalog_of(deepcopy(real_built[0]))  # it takes the core apart, and others compare its bytes
    ranking = recommend(BANK, catalog=catalog).ranking
    assert ranking
    for each in (catalog.providers[ranked.way.provider] for ranked in ranking if ranked.way.provider):
        assert each.sla == "published"
        assert each.trains_on_inputs is False
        assert "eu" in (each.regions or ())
        assert each.attestations.get("soc2")
        assert each.attestations.get("iso27001")


def test_tiers_reach_the_page_and_not_the_rules(real_built):
    """What differs by tier is shown with its source; the core that is weighed holds no tier."""
    core, details = real_built
    row = _promises(details, "azure")["tiers.sla.Claude models"]
    assert row.value == "none"
    assert source_keys({"source": row.sources})
    assert "Claude models" not in str(core["providers"]) + str(core["tables"])


@pytest.mark.parametrize(
    ("tiers", "field"),
    [
        ("{sla: {Basic: {value: maybe, source: card, as_of: 2026-11-20}}}", "tiers.sla.Basic.value"),
        ("{mood: {Basic: {value: good, source: card, as_of: 2026-11-20}}}", "tiers.mood"),
        ("{sla: {Basic: {value: contract, source: gone, as_of: 2026-11-20}}}", "tiers.sla.Basic.source"),
        ("{sla: {Basic: {source: card, as_of: 2026-11-20}}}", "tiers.sla.Basic"),
    ],
)
def test_a_tier_is_checked_like_any_fact(edit, tiers, field):
    """Its value, its source, and that it says something at all."""
    faults = validate(edit(ACME, KIND, f"{KIND}tiers: {tiers}\n"))
    assert [fault.field for fault in faults] == [field]


def test_a_tier_without_faults_is_accepted(edit):
    """A tier may know its value, or say that the provider does not disclose it."""
    tiers = (
        "{sla: {Basic: {value: none, source: card, as_of: 2026-11-20},"
        " Pro: {status: undisclosed, source: card, as_of: 2026-11-20}}}"
    )
    assert validate(edit(ACME, KIND, f"{KIND}tiers: {tiers}\n")) == []
