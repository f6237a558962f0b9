"""The YAML files of `data/` as one object: validated, still with every source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recommender.catalog.schema import ModelFile
from recommender.catalog.schema_offers import OffersFile
from recommender.catalog.schema_shared import (
    BenchmarkFile,
    CarbonEntry,
    DeveloperEntry,
    DeviceEntry,
    LicenceEntry,
    RetiredEntry,
    SourceEntry,
    SpeedEntry,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Everything in `data/`. Keys are ids; values are frozen pydantic objects (see schema*.py)."""

    models: Mapping[str, ModelFile] = field(default_factory=dict)  # by "openai/gpt-4"
    offers: Mapping[str, OffersFile] = field(default_factory=dict)  # by provider; each has .offers
    benchmarks: Mapping[str, BenchmarkFile] = field(default_factory=dict)  # by "mmlu-pro"; .scores
    developers: Mapping[str, DeveloperEntry] = field(default_factory=dict)
    licences: Mapping[str, LicenceEntry] = field(default_factory=dict)
    hardware: Mapping[str, DeviceEntry] = field(default_factory=dict)
    speeds: tuple[SpeedEntry, ...] = ()
    carbon: Mapping[str, CarbonEntry] = field(default_factory=dict)
    sources: Mapping[str, SourceEntry] = field(default_factory=dict)
    retired_ids: Mapping[str, RetiredEntry] = field(default_factory=dict)
    vocabulary: Mapping[str, Any] = field(default_factory=dict)  # rules, criteria, ..., strings: as read
    raw: Mapping[str, Any] = field(default_factory=dict)  # "models/openai/gpt-4.yaml" -> content as read
    fingerprint: str = ""  # SHA-256 over the names and bytes of all YAML files
