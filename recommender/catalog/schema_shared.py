"""What the files about everything but models and offers may say."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints

from recommender.catalog.schema_facts import (
    Address,
    Amount,
    CommercialUse,
    Count,
    Country,
    Fact,
    Key,
    Kind,
    ModelId,
    Moment,
    Name,
    Names,
    Percent,
    Sourced,
    Strict,
    Text,
    Year,
    listed,
)

T = TypeVar("T")

Areas = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,4}$")], ...],
    BeforeValidator(listed),
    Field(min_length=1),
]
"""Regions and countries as answers name them: eu, uk, kr."""

SignalName = Literal[
    "confirmed_success", "praise_vs_complaint", "steerability", "bash_recovery", "tool_hallucination"
]


class Signal(Strict):
    """One of the signals of the agent board, in percentage points with its 95 % half-width."""

    value: float
    interval: Annotated[float, Field(ge=0)] | None = None


class ScoreRecord(Sourced):
    """One score of one model, or of a board's label that is no catalog model."""

    model: ModelId | None = None
    named: Name | None = None  # the model's name where the source's table uses another one
    metric: Name | None = None
    score: float | None = None
    low: float | None = None
    high: float | None = None
    setting: Text | None = None
    answer_rate: Percent | None = None  # percent of tasks that were answered at all
    label: Name | None = None
    maker_reported: bool = False
    recalled: bool = False
    second_source: Text | None = None
    second_source_check: Text | None = None
    # Boards: one label per row; exactly one row per model is used.
    used: bool | None = None
    used_reason: Text | None = None
    default: Literal["yes", "no", "unknown"] | None = None
    documented_default: Text | None = None
    effort: Name | None = None
    variant: Name | None = None
    votes: Count | None = None
    rank: Count | None = None
    rank_low: Count | None = None
    rank_high: Count | None = None
    preliminary: bool | None = None
    board_updated: date | None = None
    organisation: Name | None = None
    licence_as_listed: Name | None = None
    address: Address | None = None
    signals: dict[SignalName, Signal] = Field(default_factory=dict)
    # The chart of closed against open-weight models also has systems outside the catalog.
    developer: Name | None = None
    openness: Literal["closed", "open-weight", "fully-open"] | None = None
    released: date | None = None


class BenchmarkFile(Strict):
    """One benchmark, or one edition of it, with all its scores. The id is the file's name."""

    name: Name
    unit: Literal["percent", "elo", "points"]
    higher_is_better: bool
    note: Text | None = None
    scores: Annotated[tuple[ScoreRecord, ...], BeforeValidator(listed)] = ()


class TransparencyRecord(Sourced):
    """A developer's score in one edition of a transparency index; editions are not comparable."""

    index: Name
    edition: Year
    score: Annotated[float, Field(ge=0, le=100)]
    indicators: Count | None = None
    upstream: Count | None = None
    model: Count | None = None
    downstream: Count | None = None
    unmapped: Count | None = None
    published: date | None = None


class DeveloperEntry(Strict):
    """Who makes models."""

    name: Name
    country: Fact[Country] | None = None
    kind: Fact[Name] | None = None
    founded: Fact[Year] | None = None
    transparency: Annotated[tuple[TransparencyRecord, ...], BeforeValidator(listed)] = ()


class Term(Fact[T], Generic[T]):
    """One thing a licence says, in our own words, with the place in its text.

    `applies_to` narrows it: to models that handle more than text, or to commercial use. A term that
    nobody looked up is left out; one that the read text does not contain is not-applicable.
    """

    clause: Text | None = None
    applies_to: Literal["multimodal", "commercial-use"] | None = None


class AttributionTerm(Term[Literal["notice", "display"]]):
    """Whether notices are kept in copies, or a name is shown to users; perhaps only above a size."""

    shown: Name | None = None
    above_monthly_active_users: Count | None = None
    above_annual_revenue_usd: Amount | None = None  # either size is enough


class LicenceEntry(Sourced):
    """A licence as terms."""

    name: Name
    spdx: Name | None = None
    permissive: bool  # our reading: nothing but keeping notices is asked of users
    osi_approved: Term[bool]
    commercial_use: Term[CommercialUse]
    monthly_active_users_max: Term[Count] | None = None
    annual_revenue_usd_max: Term[Amount] | None = None  # monthly limits counted twelve times
    regions_excluded: Term[Areas] | None = None
    fields_of_use_restricted: Term[Names] | None = None
    outputs_may_train_other_models: Term[Literal["yes", "conditions", "no"]] | None = None
    attribution_required: AttributionTerm | None = None
    redistribution: Term[Literal["yes", "conditions", "no"]] | None = None
    patent_grant: Term[Literal["express", "general", "none"]] | None = None  # general: rights, unnamed


class DeviceEntry(Sourced):
    """A machine or card one can run models on; sold in GiB, speeds in decimal GB/s."""

    name: Name
    category: Name
    memory_kind: Literal["vram", "unified", "ram"]
    memory_gib: Annotated[float, Field(gt=0, le=100_000)]
    bandwidth_gb_s: Amount | None = None
    fp32_tflops: Amount | None = None
    fp16_tflops: Amount | None = None
    fp16_accumulate: Name | None = None
    fp8_tflops: Amount | None = None
    fp4_tflops: Amount | None = None
    int8_tops: Amount | None = None
    cpu_hpl_fp64_gflops: Amount | None = None
    cpu_usable_fp32_gflops_low: Amount | None = None
    cpu_usable_fp32_gflops_high: Amount | None = None
    estimator_tflops: Amount | None = None
    compute_basis: Name | None = None
    tdp_w: Amount | None = None
    measured_load_w: Amount | None = None
    idle_w: Amount | None = None
    host_link: Name | None = None
    host_link_gb_s: Amount | None = None
    gpu_link: Name | None = None
    gpu_link_gb_s: Amount | None = None
    price_usd: Amount | None = None
    rent_usd_per_hour: Amount | None = None
    rent_source: Key | None = None
    vendor: Name | None = None
    efficiency_kind: Name | None = None
    usable_share: Annotated[float, Field(gt=0, le=1)] | None = None
    cards: Annotated[int, Field(ge=1, le=1024)] | None = None
    release_year: Year | None = None
    aliases: Names = ()


class SpeedEntry(Sourced):
    """Tokens per second somebody measured on their own hardware."""

    model: ModelId | None = None
    hardware: Name
    device: Key | None = None
    class_: Literal["unified", "discrete-gpu"] | None = Field(default=None, alias="class")
    memory_gb: Amount | None = None
    os: Name | None = None
    runtime: Name | None = None
    runtime_model: Name | None = None
    quantisation: Name | None = None
    output_tokens_per_second: Annotated[float, Field(gt=0, le=1e6)]
    ttft_ms: Amount | None = None
    runs: Count | None = None
    kind: Kind = "measured"


class SpeedsFile(Strict):
    """All measured speeds."""

    speeds: Annotated[tuple[SpeedEntry, ...], BeforeValidator(listed)] = ()


class CarbonEntry(Sourced):
    """Grams of CO2 equivalent per kilowatt hour of one grid."""

    name: Name
    kind: Name | None = None
    gco2e_per_kwh: Annotated[float, Field(ge=0, le=2000)]
    second_gco2e_per_kwh: Annotated[float, Field(ge=0, le=2000)] | None = None
    year: Year | None = None
    second_source: Key | None = None


class SourceEntry(Strict):
    """Where facts come from. `address` is https and opens in a browser."""

    title: Text
    publisher: Name | None = None
    address: Address | None = None
    package: Name | None = None
    version: Name | None = None
    licence: Text | None = None
    published: date | Moment | None = None
    accessed: date | Moment
    kind: Literal["recalled"] | None = None  # general knowledge: nobody opened the source for this


class RetiredEntry(Strict):
    """The tombstone of an id that is no longer in the catalog; ids are never reused."""

    reason: Text
    removed: date
    replaced_by: ModelId | None = None
