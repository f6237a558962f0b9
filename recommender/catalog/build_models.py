"""One model of the core: its facts without their sources, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import sqrt
from statistics import median
from typing import Any

from recommender.catalog.openness import best_assessment, openness_core
from recommender.catalog.schema import FileRecord, ModelFile, ShapeRecord
from recommender.catalog.schema_facts import Fact, Quantity, Sourced
from recommender.catalog.types import Ability

_PLAIN_FACTS = (
    "kind",
    "released",
    "status",
    "ends",
    "successor",
    "input_modalities",
    "output_modalities",
    "languages",
    "languages_basis",
    "licence",
    "commercial_use",
    "weights_url",
    "tool_calling",
    "structured_output",
    "reasoning",
    "fine_tuning",
    "instruction_tuned",
    "fim_trained",
    "specialised_for",
    "open_data",
    "open_training_code",
    "distilled_from",
    "kv_cache_kind",
    "knowledge_cutoff",
)
_QUANTITIES = ("context_tokens", "max_input_tokens", "max_output_tokens")
_SHAPE_KEYS = (
    "hidden_size",
    "layers",
    "vocabulary_size",
    "tied_embeddings",
    "shared_layers",
    "kv_values_per_token_full",
    "kv_values_per_token_window",
    "sliding_window",
    "state_values",
    "experts_total",
    "experts_active",
    "native_dtype",
    "verified",
)


def model_core(
    model_id: str,
    model: ModelFile,
    *,
    abilities: Mapping[str, Ability],
    hallucination_rate: float | None,
    quantisations: Mapping[str, str],
) -> dict[str, Any]:
    """The fields of `types.Model` that differ from their defaults, as plain JSON values."""
    core: dict[str, Any] = {
        "name": model.name,
        "developer": model_id.split("/")[0],
        "family": (model.family.value if model.family else None) or model.name,
        "architecture": model.architecture.value or "undisclosed",
        "aliases": list(model.aliases),
        "shape": shape_core(model.shape) if model.shape else None,
        "file_sizes_gb": file_sizes_gb(model.files, quantisations),
        "openness": openness_core(model),
        "ability": {task: _ability_core(abilities[task]) for task in sorted(abilities)},
        "hallucination_rate": hallucination_rate,
        "zero_shot": [
            task
            for task, fact in (
                ("classification", model.zero_shot_classification),
                ("extraction", model.zero_shot_extraction),
            )
            if fact and fact.value
        ],
        "missing": missing_fields(model),
        "sources": fact_sources(model),
    }
    for name in _PLAIN_FACTS:
        fact: Fact[Any] | None = getattr(model, name)
        core[name] = fact.value if fact else None
    for name in _QUANTITIES:
        # The low end of a range: promising less context than there is harms nobody.
        quantity: Quantity[int] | None = getattr(model, name)
        core[name] = (quantity.value or quantity.low) if quantity else None
    core.update(parameters_core(model))
    return {name: value for name, value in core.items() if value not in (None, [], (), {})}


def parameters_core(model: ModelFile) -> dict[str, Any]:
    """Counts where they are known; ranges where they are guessed from outside or derived."""
    facts = model.parameters
    active = _value(facts.active)
    active_range = _range(facts.active_estimate)
    if active is None and facts.active_derived:
        active_range = _range(facts.active_derived)
        active = round(active_range["likely"]) if active_range else facts.active_derived.value
    return {
        "parameters_total": _value(facts.total),
        "parameters_active": active,
        "parameters_estimate": _range(facts.total_estimate) or _range(facts.total),
        "parameters_active_estimate": active_range or _range(facts.active),
    }


def fact_sources(model: ModelFile) -> dict[str, tuple[str, str]]:
    """Field of `types.Model` -> the first source of its fact and the day somebody looked."""
    best = best_assessment(model.openness)
    sourced: dict[str, Sourced | None] = {
        **_facts(model),
        "parameters_estimate": model.parameters.total_estimate,
        "parameters_active_estimate": model.parameters.active_derived or model.parameters.active_estimate,
        "zero_shot": model.zero_shot_classification or model.zero_shot_extraction,
        "shape": model.shape,
        "file_sizes_gb": model.files[0] if model.files else None,
        "openness": best,
    }
    return first_sources(sourced)


def first_sources(sourced: Mapping[str, Sourced | None]) -> dict[str, tuple[str, str]]:
    """Field -> (first source key, day) of each fact or record that is there."""
    return {
        name: (fact.source[0], fact.as_of.isoformat()) for name, fact in sourced.items() if fact is not None
    }


def _facts(model: ModelFile) -> dict[str, Fact[Any] | Quantity[Any] | None]:
    names = (*_PLAIN_FACTS, *_QUANTITIES, "family", "architecture")
    facts: dict[str, Fact[Any] | Quantity[Any] | None] = {name: getattr(model, name) for name in names}
    facts["parameters_total"] = model.parameters.total
    facts["parameters_active"] = model.parameters.active
    return facts


def missing_fields(model: ModelFile) -> dict[str, str]:
    """Field of `types.Model` -> undisclosed or not-applicable; unchecked fields are absent."""
    facts = _facts(model)
    if model.parameters.active_derived:
        del facts["parameters_active"]
    return {name: fact.status for name, fact in facts.items() if fact and fact.status}


def shape_core(shape: ShapeRecord) -> dict[str, Any]:
    """The figures of a shape that the estimates use."""
    values = {name: getattr(shape, name) for name in _SHAPE_KEYS}
    return {name: value for name, value in values.items() if value is not None}


def canonical_quantisation(name: str, names: Mapping[str, str]) -> str:
    """The name of data/quantisation.yaml: `mxfp4_moe` -> `MXFP4`, by its list of other spellings."""
    plain = re.sub(r"\s*\(.*\)$", "", name.strip())
    return names.get(plain.lower(), plain.upper())


def file_sizes_gb(files: tuple[FileRecord, ...], names: Mapping[str, str]) -> dict[str, float]:
    """Quantisation -> size of the published file in GB (10^9 bytes).

    The median over publishers, of files whose quantisation is stated where there are any,
    else of those where it was deduced from the size. Files of unknown quantisation say nothing.
    """
    stated: dict[str, list[float]] = {}
    deduced: dict[str, list[float]] = {}
    for file in files:
        if file.quantisation != "unknown":
            group = deduced if file.inferred else stated
            group.setdefault(canonical_quantisation(file.quantisation, names), []).append(file.size_gb)
    return {name: round(median(sizes), 4) for name, sizes in sorted({**deduced, **stated}.items())}


def _value(quantity: Quantity[int] | None) -> int | None:
    return quantity.value if quantity else None


def _range(quantity: Quantity[int] | None) -> dict[str, float] | None:
    """Both ends and the likeliest: their geometric mean where nobody names one, as guesses are factors."""
    if quantity is None or quantity.low is None or quantity.high is None:
        return None
    likely = quantity.value if quantity.value is not None else sqrt(quantity.low * quantity.high)
    return {"low": float(quantity.low), "likely": round(likely, 1), "high": float(quantity.high)}


def _ability_core(ability: Ability) -> tuple[Any, ...]:
    """The fields of `types.Ability` in their order: seven thousand of them are read at each start."""
    return (
        ability.low,
        ability.likely,
        ability.high,
        ability.grade,
        ability.unit,
        ability.basis,
        ability.text_only,
    )
