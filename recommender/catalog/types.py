"""What is known: the frozen objects that every other room reads.

A field that is None is missing; `missing` says which of the three kinds it is.
Provenance is not here: it is loaded on demand (see `details.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Missing(StrEnum):
    """Why a fact has no value. The three kinds are never merged."""

    UNDISCLOSED = "undisclosed"
    NOT_APPLICABLE = "not-applicable"
    UNCHECKED = "unchecked"


class ModelClass(StrEnum):
    """The three classes; computed by the rule in data/rules.yaml, never typed."""

    CLOSED = "closed"
    OPEN_WEIGHT = "open-weight"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Range:
    """A quantity known only between two ends, with the likeliest value inside."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Ability:
    """Estimated ability for one task, in the unit of that task's curve.

    `unit` is "points" (LMArena text scale), "mteb" (mean over tasks, 0..100) or
    "relative" (quality against bert-base, 1.0 = equal).
    """

    low: float
    likely: float
    high: float
    grade: str  # A, B, B-, C, C-, D
    unit: str
    basis: tuple[
        str, ...
    ] = ()  # short ids of the evidence used, e.g. "arena-text", "predecessor:openai/gpt-5"
    text_only: bool = False  # agents: no agentic evidence behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Architecture figures that memory and speed follow from."""

    hidden_size: int | None = None
    layers: int | None = None
    vocabulary_size: int | None = None
    tied_embeddings: bool | None = None
    shared_layers: bool | None = None  # every layer uses the same weights
    kv_values_per_token_full: int | None = None
    kv_values_per_token_window: int | None = None
    sliding_window: int | None = None
    state_values: int | None = None
    experts_total: int | None = None
    experts_active: int | None = None
    native_dtype: str | None = None
    verified: str | None = None  # "config read", "package config", "recalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model: the facts that are true wherever it runs."""

    id: str
    name: str
    developer: str
    family: str
    kind: str  # closed, open-weight, fully-open, unknown
    architecture: str  # decoder, moe, hybrid, hybrid-moe, encoder, encoder-decoder, diffusion, undisclosed
    released: date
    status: str  # active, deprecated, retired, weights-available, never-released
    ends: date | None = None  # last day of service, past or announced
    successor: str | None = None
    parameters_total: int | None = None
    parameters_active: int | None = None
    parameters_estimate: Range | None = None  # outside estimate of an undisclosed size
    parameters_active_estimate: Range | None = (
        None  # outside estimate, or +/- 5 % around a count derived from the shape
    )
    context_tokens: int | None = None
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()  # text, embedding, labels, spans
    languages: tuple[str, ...] = ()
    languages_basis: str | None = None  # measured, listed, carried-over
    licence: str = "unknown"
    commercial_use: str = "unknown"  # yes, yes-with-conditions, no, api-terms, unknown
    weights_url: str | None = None
    tool_calling: bool | None = None
    structured_output: bool | None = None
    reasoning: bool | None = None
    fine_tuning: str | None = None  # weights, provider, none
    instruction_tuned: bool | None = None
    fim_trained: bool | None = None
    zero_shot: tuple[str, ...] = ()  # classification, extraction: works without labelled examples
    specialised_for: str | None = None
    open_data: str | None = None  # yes, partial, no
    open_training_code: str | None = None
    distilled_from: str | None = None
    shape: Shape | None = None
    kv_cache_kind: str | None = None
    file_sizes_gb: Mapping[str, float] = field(
        default_factory=dict
    )  # quantisation -> GB of the published file
    openness: Mapping[str, Any] = field(
        default_factory=dict
    )  # index, rated, assessor, match, basis (assessed | same-family | derived | own),
    # ratings {dimension: open|partial|closed}, mof {record, index, open, listed, contradicted}
    ability: Mapping[str, Ability] = field(default_factory=dict)  # task -> ability; "general" too
    hallucination_rate: float | None = None  # HHEM, percent, lower is better
    knowledge_cutoff: str | None = None  # "2024-06"
    aliases: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(
        default_factory=dict
    )  # field -> undisclosed | not-applicable; absent = unchecked
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # field -> (first source key, as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an offer costs during one period. US dollars per million tokens."""

    input_usd_per_mtok: float
    output_usd_per_mtok: float | None
    cached_input_usd_per_mtok: float | None = None
    batch_input_usd_per_mtok: float | None = None
    batch_output_usd_per_mtok: float | None = None
    long_context_threshold_tokens: int | None = None
    long_context_input_usd_per_mtok: float | None = None
    long_context_output_usd_per_mtok: float | None = None
    valid_from: date | None = None  # None = start not recorded
    valid_to: date | None = None  # None = still valid when checked
    precedence: int = 9  # 1 exact, 2 announced, 3 dated packages, 9 current list entry
    as_of: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A model served by a provider over an API."""

    model: str
    provider: str
    name: str
    first_party: bool
    context_tokens: int | None = None  # where the offer takes less, or more, than the model's window
    terms: Mapping[str, Any] = field(
        default_factory=dict
    )  # provider fields that differ for this model; None = unknown
    ended: bool = False
    outlier: bool = False
    free: bool = False
    prices: tuple[Price, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who serves an API, and what they promise. None = unchecked; see `missing`."""

    id: str
    name: str
    kind: str  # first-party, cloud, host, router
    seat: tuple[str, ...] = ()  # ISO country codes, upper case; empty = unchecked
    regions: tuple[str, ...] | None = None  # eu, us, uk, ch, ca, cn, sg, in, jp, au, apac
    trains_on_inputs: bool | None = None  # paid tier default
    retention_days: float | None = None  # default
    zero_retention: str | None = None  # self-serve, by-approval, none
    attestations: Mapping[str, bool] = field(
        default_factory=dict
    )  # soc2, iso27001, hipaa, gdpr-dpa, fedramp, iso42001, pci, c5
    sla: str | None = None  # none, contract, published
    sla_uptime_percent: float | None = None
    support: str | None = None  # community, vendor
    deprecation_notice_days: float | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # field -> (first source key, as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Developer:
    """Who made a model."""

    id: str
    name: str
    country: str | None = None  # ISO code, upper case


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence as terms. A term that is None is missing; `missing` says why, absent there = unchecked."""

    id: str
    name: str
    permissive: bool = False
    osi_approved: bool = False
    commercial_use: str = "unknown"  # yes, yes-with-conditions, no, api-terms, unknown
    monthly_active_users_max: int | None = None
    annual_revenue_usd_max: float | None = None
    regions_excluded: tuple[str, ...] | None = None  # eu, uk, kr
    fields_of_use_restricted: tuple[str, ...] | None = None
    outputs_may_train_other_models: str | None = None  # yes, conditions, no
    attribution_required: str | None = None  # notice (kept in copies), display (shown to users)
    attribution_shown: str | None = None
    attribution_above_users: int | None = None  # display only above one of these sizes
    attribution_above_revenue_usd: float | None = None
    redistribution: str | None = None  # yes, conditions, no
    patent_grant: str | None = None  # express, general, none
    note: str = ""
    applies_to: Mapping[str, str] = field(default_factory=dict)  # term -> multimodal, commercial-use
    clauses: Mapping[str, str] = field(default_factory=dict)  # term -> place in the text
    missing: Mapping[str, str] = field(default_factory=dict)  # term -> undisclosed | not-applicable
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # term -> (first source key, as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A machine or card one can run models on. Bytes are decimal: GB = 10^9."""

    id: str
    name: str
    category: str
    memory_kind: str  # vram, unified, ram
    memory_gb: float  # whole memory, decimal GB
    bandwidth_gb_s: float | None = None
    tflops: float | None = None  # estimator figure, dense 16-bit
    tdp_w: float | None = None
    price_usd: float | None = None
    rent_usd_per_hour: float | None = None
    released_year: int | None = None
    vendor: str | None = None  # nvidia, amd, apple, intel, arm, x86, riscv, qualcomm
    efficiency_kind: str | None = None  # nvidia, apple, amd-card, amd-apu, intel, cpu, phone
    usable_share: float | None = None  # share of memory a model may take, where it differs from the rule
    cards: int = 1  # GPUs inside this device; memory, bandwidth, tflops and tdp_w are sums over them
    fp8_tflops: float | None = None  # dense; None = no faster than 16-bit
    cpu_gflops_low: float | None = None  # usable single-precision compute of a device without a GPU figure
    cpu_gflops_high: float | None = None
    idle_w: float | None = None  # whole device, measured
    load_w: float | None = None  # whole device at the wall under load, measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything known on one day, ready for questions."""

    version: str  # "2026.11.23-1a2b3c4d"
    date: date  # the newest day any fact was looked at; default as_of
    models: Mapping[str, Model]
    aliases: Mapping[str, str]  # lower-case alias -> model id
    offers: tuple[Offer, ...]
    providers: Mapping[str, Provider]
    developers: Mapping[str, Developer]
    licences: Mapping[str, Licence]
    devices: Mapping[str, Device]
    device_aliases: Mapping[str, str]
    carbon: Mapping[str, float]  # region code -> gCO2e per kWh
    vocabulary: Mapping[
        str, Any
    ]  # "rules", "criteria", "questions", "assumptions", "strings": the YAML as loaded
    tombstones: Mapping[str, str] = field(default_factory=dict)  # removed id -> reason
