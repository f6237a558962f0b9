"""Ways in words and figures: what a reader needs to picture one way of running a model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from recommender import words
from recommender.catalog.types import Model
from recommender.decide.engine import Evaluation
from recommender.decide.result import Way
from recommender.decide.ways import KINDS


def strings(evaluation: Evaluation) -> Mapping[str, str]:
    """The sentences of the catalog's language."""
    found: Mapping[str, str] = evaluation.table.catalog.vocabulary["strings"]["en"]
    return found


def model_of(evaluation: Evaluation, row: int) -> Model:
    """The model that a way runs."""
    return evaluation.table.models[int(evaluation.ways.rows.model[row])]


def provider_of(evaluation: Evaluation, row: int) -> str | None:
    """Id of the provider behind an offer; None for ways on machines."""
    offer = int(evaluation.ways.rows.offer[row])
    return evaluation.table.catalog.offers[offer].provider if offer >= 0 else None


def provider_name(evaluation: Evaluation, row: int) -> str | None:
    """Name of the provider behind an offer."""
    provider = provider_of(evaluation, row)
    known = evaluation.table.catalog.providers.get(provider or "")
    return known.name if known else provider


def machine_name(evaluation: Evaluation, row: int) -> str | None:
    """Name of the machine a way runs on."""
    machine = int(evaluation.ways.rows.machine[row])
    return evaluation.ways.machines[machine].name if machine >= 0 else None


def quantisation_of(evaluation: Evaluation, row: int) -> str | None:
    """The format of the weights; the published one by its own name."""
    position = int(evaluation.ways.rows.format[row])
    if position < 0:
        return None
    name = evaluation.ways.formats[position]
    model = model_of(evaluation, row)
    if name == "NATIVE" and model.shape and model.shape.native_dtype:
        return f"as published ({model.shape.native_dtype})"
    return name


def way_text(evaluation: Evaluation, row: int) -> str:
    """One line: the model and how it is run."""
    kind, model = KINDS[int(evaluation.ways.rows.kind[row])], model_of(evaluation, row)
    say = strings(evaluation)
    if kind == "api":
        provider = provider_name(evaluation, row)
        sentence = "way.api" if provider else "way.unpriced"
        return words.say(say, sentence, name=model.name, provider=provider)
    machine = machine_name(evaluation, row)
    if machine is None:
        return words.say(say, "way.unsized", name=model.name)
    return words.say(
        say, f"way.{kind}", name=model.name, machine=machine, quantisation=quantisation_of(evaluation, row)
    )


def way_of(evaluation: Evaluation, row: int) -> Way:
    """A way with its figures."""
    rows = evaluation.ways.rows
    machine = int(rows.machine[row])
    own = evaluation.ways.machines[machine] if machine >= 0 else None
    return Way(
        kind=KINDS[int(rows.kind[row])],
        text=way_text(evaluation, row),
        provider=provider_of(evaluation, row),
        device=own.device if own else None,
        machine=own.name if own else None,
        quantisation=quantisation_of(evaluation, row),
        count=own.count if own else None,
        memory_gb=_memory(rows, row),
        decode_tps=ends(rows.decode_low_tps[row], rows.decode_tps[row], rows.decode_high_tps[row]),
        ttft_s=number(rows.ttft_s[row]),
        monthly_cost_usd=ends(rows.cost_low_usd[row], rows.cost_usd[row], rows.cost_high_usd[row]),
    )


def _memory(rows: Any, row: int) -> dict[str, float] | None:
    if math.isnan(rows.memory_gb[row]):
        return None
    return {
        "weights": round(float(rows.weights_gb[row]), 3),
        "kv_cache": round(float(rows.cache_gb[row]), 3),
        "overhead": round(float(rows.overhead_gb[row]), 3),
        "total": round(float(rows.memory_gb[row]), 3),
        "low": round(float(rows.memory_low_gb[row]), 3),
        "high": round(float(rows.memory_high_gb[row]), 3),
        "usable": round(float(rows.usable_gb[row]), 3),
    }


def ends(low: float, likely: float, high: float) -> dict[str, float] | None:
    """A range as a mapping; None where it is not known or not finite."""
    if not all(map(math.isfinite, (low, likely, high))):
        return None
    return {"low": round(float(low), 6), "likely": round(float(likely), 6), "high": round(float(high), 6)}


def number(value: float) -> float | None:
    """A finite number, or None."""
    return round(float(value), 6) if math.isfinite(value) else None
