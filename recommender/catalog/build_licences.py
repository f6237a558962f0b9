"""One licence of the core: its terms without their sources, and where each stands in its text."""

from __future__ import annotations

from typing import Any

from recommender.catalog.build_models import first_sources
from recommender.catalog.schema_shared import LicenceEntry, Term

TERMS = (
    "osi_approved",
    "commercial_use",
    "monthly_active_users_max",
    "annual_revenue_usd_max",
    "regions_excluded",
    "fields_of_use_restricted",
    "outputs_may_train_other_models",
    "attribution_required",
    "redistribution",
    "patent_grant",
)
"""The terms of `types.Licence` that are facts of their own."""


def licence_core(entry: LicenceEntry) -> dict[str, Any]:
    """The fields of `types.Licence` that differ from their defaults."""
    terms: dict[str, Term[Any]] = {name: term for name in TERMS if (term := getattr(entry, name)) is not None}
    core: dict[str, Any] = {"name": entry.name, "permissive": entry.permissive, "note": entry.note}
    core |= {name: term.value for name, term in terms.items()}
    if attribution := entry.attribution_required:
        core["attribution_shown"] = attribution.shown
        core["attribution_above_users"] = attribution.above_monthly_active_users
        core["attribution_above_revenue_usd"] = attribution.above_annual_revenue_usd
    core["applies_to"] = {name: term.applies_to for name, term in terms.items() if term.applies_to}
    core["clauses"] = {name: term.clause for name, term in terms.items() if term.clause}
    core["missing"] = {name: term.status for name, term in terms.items() if term.status}
    core["sources"] = first_sources(terms)
    return {name: value for name, value in core.items() if value is not None and value != {}}
