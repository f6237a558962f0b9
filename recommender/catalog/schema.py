"""What a model file may say: `data/models/<developer>/<model>.yaml`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from recommender.catalog.schema_facts import (
    Address,
    CommercialUse,
    Count,
    Fact,
    Key,
    Language,
    ModelId,
    Moment,
    Name,
    Names,
    Parameters,
    Quantity,
    Sourced,
    Strict,
    Text,
    Tokens,
    YesNo,
    listed,
)

ModelKind = Literal["closed", "open-weight", "fully-open", "unknown"]
Architecture = Literal["decoder", "moe", "hybrid", "hybrid-moe", "encoder", "encoder-decoder", "diffusion"]
ModelStatus = Literal["active", "deprecated", "retired", "weights-available", "never-released"]
InputModality = Literal["text", "image", "audio", "video"]
OutputModality = Literal["text", "image", "audio", "video", "embedding", "labels", "spans"]
LanguagesBasis = Literal["measured", "listed", "carried-over"]
FineTuning = Literal["weights", "provider", "none"]
Rating = Literal["open", "partial", "closed"]
Assessor = Literal["european-index", "predecessor-index", "derived", "openweigh"]
Match = Literal["same-system", "same-family", "same-family-largest"]
OWN_ITEMS = (
    "architecture_documentation",
    "base_training_data",
    "base_weights",
    "compute",
    "licence",
    "model_card",
    "preprint",
    "training_code",
)
"""What our own assessments rate: facts anyone can check, under the European index's names, and compute."""

Inputs = Annotated[tuple[InputModality, ...], BeforeValidator(listed), Field(min_length=1)]
Outputs = Annotated[tuple[OutputModality, ...], BeforeValidator(listed), Field(min_length=1)]
LanguageCodes = Annotated[
    tuple[Language, ...],
    BeforeValidator(listed),
    Field(min_length=1),
]
KvCacheKind = Literal[
    "standard", "sliding-window", "hybrid", "mla", "compressed-sparse", "no kv cache", "unverified"
]


class ParameterFacts(Strict):
    """Parameter counts, plain integers; estimates of undisclosed sizes stay apart."""

    total: Quantity[Parameters] | None = None
    active: Quantity[Parameters] | None = None
    total_estimate: Quantity[Parameters] | None = None
    active_estimate: Quantity[Parameters] | None = None
    active_derived: Quantity[Parameters] | None = None


class ShapeRecord(Sourced):
    """Architecture figures that memory and speed follow from; one source for all."""

    hidden_size: Count | None = None
    layers: Count | None = None
    heads: Count | None = None
    kv_heads: Count | None = None
    head_dim: Count | None = None
    v_head_dim: Count | None = None
    vocabulary_size: Count | None = None
    tied_embeddings: bool | None = None
    shared_layers: bool | None = (
        None  # every layer uses the same weights: few parameters, the work of all layers
    )
    intermediate_size: Count | None = None
    sliding_window: Count | None = None
    full_attention_layers: Count | None = None
    window_layers: Count | None = None
    linear_layers: Count | None = None
    layer_pattern: Text | None = None
    mla_kv_lora_rank: Count | None = None
    mla_rope_dim: Count | None = None
    global_head_dim: Count | None = None
    global_kv_heads: Count | None = None
    kv_shared_layers: Count | None = None
    experts_total: Count | None = None
    experts_active: Count | None = None
    experts_shared: Count | None = None
    expert_intermediate_size: Count | None = None
    kv_values_per_token_full: Count | None = None
    kv_values_per_token_window: Count | None = None
    state_values: Count | None = None
    native_dtype: Name | None = None
    max_position: Count | None = None
    parameters_hub: Parameters | None = None
    parameters_computed: Parameters | None = None
    active_computed: Parameters | None = None
    parameters_check: Text | None = None
    verified: Literal["config read", "package config", "recalled"] | None = None


class FileRecord(Sourced):
    """One published file of the weights; GB = 10^9 bytes."""

    quantisation: Name
    size_gb: Annotated[float, Field(gt=0, le=10_000)]
    publisher: Name
    inferred: bool = False  # quantisation deduced from the size
    precision_gb: Annotated[float, Field(ge=0, le=100)] | None = None
    bits_per_weight: Annotated[float, Field(gt=0, le=64)] | None = None


class OpennessRecord(Sourced):
    """One assessor's ratings of one system."""

    assessor: Assessor
    system: Name
    match: Match
    ratings: dict[str, Rating] = Field(min_length=1)
    evidence: dict[str, Address] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _own_ratings_are_linked(self) -> Self:
        if self.assessor != "openweigh":
            return self
        if other := sorted(set(self.ratings) - set(OWN_ITEMS)):
            raise _own_fault(f"a rating of {other[0]}", f"ratings of {', '.join(OWN_ITEMS)}")
        if bare := sorted(set(self.ratings) ^ set(self.evidence)):
            raise _own_fault(f"{bare[0]} without a rating or without a link", "a link for each rated item")
        if self.match != "same-system":
            raise _own_fault(f"match {self.match}", "match same-system: we rate the model itself")
        return self


def _own_fault(found: str, allowed: str) -> PydanticCustomError:
    return PydanticCustomError(
        "own_assessment",
        "found {found}",
        {"found": found, "allowed": allowed, "remedy": "Correct the entry, or leave the item out."},
    )


class FrameworkRecord(Sourced):
    """One record of the Model Openness Tool: component -> licence."""

    record: Name
    components: dict[Name, Text] = Field(min_length=1)
    derived: dict[Name, Literal["open", "partial", "closed", "listed"]] = Field(default_factory=dict)
    record_date: date | None = None


class ModelFile(Strict):
    """Facts that are true of a model wherever it runs. The id is the path."""

    name: Name
    aliases: Names = ()
    family: Fact[Name] | None = None
    kind: Fact[ModelKind]
    architecture: Fact[Architecture]
    parameters: ParameterFacts = ParameterFacts()
    context_tokens: Quantity[Tokens] | None = None
    max_input_tokens: Quantity[Tokens] | None = None
    max_output_tokens: Quantity[Tokens] | None = None
    released: Fact[date]
    knowledge_cutoff: Fact[Moment] | None = None
    status: Fact[ModelStatus]
    ends: Fact[date] | None = None
    successor: Fact[ModelId] | None = None
    input_modalities: Fact[Inputs] | None = None
    output_modalities: Fact[Outputs] | None = None
    languages: Fact[LanguageCodes] | None = None
    languages_basis: Fact[LanguagesBasis] | None = None
    languages_count: Quantity[Count] | None = None
    tool_calling: Fact[bool] | None = None
    structured_output: Fact[bool] | None = None
    reasoning: Fact[bool] | None = None
    instruction_tuned: Fact[bool] | None = None
    fim_trained: Fact[bool] | None = None
    zero_shot_classification: Fact[bool] | None = None
    zero_shot_extraction: Fact[bool] | None = None
    vision_confirmed: Fact[bool] | None = None
    fine_tuning: Fact[FineTuning] | None = None
    open_data: Fact[YesNo] | None = None
    open_training_code: Fact[YesNo] | None = None
    specialised_for: Fact[Text] | None = None
    distilled_from: Fact[Text] | None = None
    adapted_from: Fact[Text] | None = None
    embedding_dimensions: Quantity[Count] | None = None
    licence: Fact[Key] | None = None
    commercial_use: Fact[CommercialUse] | None = None
    weights_url: Fact[Address] | None = None
    shape: ShapeRecord | None = None
    kv_cache_kind: Fact[KvCacheKind] | None = None
    files: Annotated[tuple[FileRecord, ...], BeforeValidator(listed)] = ()
    openness: Annotated[tuple[OpennessRecord, ...], BeforeValidator(listed)] = ()
    mof: Annotated[tuple[FrameworkRecord, ...], BeforeValidator(listed)] = ()
