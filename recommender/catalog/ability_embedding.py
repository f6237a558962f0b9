"""Embedding ability on one scale, whichever MTEB edition a model was run on.

The scale is MTEB Multilingual v2; other editions are converted with constants fitted on models that were
run on both (data/assumptions.yaml, `ability.mteb`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import mean
from typing import Any

from recommender.catalog.ability_facts import ModelFacts, Score
from recommender.catalog.types import Ability

UNIT = "mteb"


def embedding_abilities(
    models: Iterable[ModelFacts], scores: Mapping[str, list[Score]], rule: Mapping[str, Any]
) -> dict[str, Ability]:
    """Embedding ability by model id, for embedding models and for encoders that MTEB was run on."""
    candidates = sorted(models, key=lambda m: (m.released, m.id))
    measured: dict[str, Ability] = {}
    for model in candidates:
        ability = mteb_ability(scores.get(model.id, []), rule)
        if ability is not None:
            measured[model.id] = ability
    derived = {
        m.id: _unmeasured(m, candidates, measured, rule)
        for m in candidates
        if m.id not in measured and m.specialised_for == "embedding"
    }
    return measured | derived


def mteb_ability(scores: Iterable[Score], rule: Mapping[str, Any]) -> Ability | None:
    """The overall means a model has, on the common scale; else its retrieval mean; else None."""
    means: dict[str, list[Score]] = {}
    retrieval: list[Score] = []
    for score in scores:
        if score.metric == rule["metric"]:
            means.setdefault(score.benchmark, []).append(score)
        elif (
            score.metric == rule["retrieval"]["metric"] and score.benchmark in rule["retrieval"]["benchmarks"]
        ):
            retrieval.append(score)
    used = [(e, s) for e in rule["evidence"] if e.get("instead_of") not in means for s in _hits(e, means)]
    if used:
        return _combined(used)
    if retrieval:
        part = rule["retrieval"]
        likely = part["a"] + part["b"] * mean(s.score for s in retrieval)
        return _ability(likely - part["half"], likely, likely + part["half"], "C", retrieval[0].benchmark)
    return None


def _hits(entry: Mapping[str, Any], means: Mapping[str, list[Score]]) -> list[Score]:
    found = [score for benchmark in entry["benchmarks"] for score in means.get(benchmark, [])]
    return sorted(found, key=lambda s: s.score)[:1]


def _combined(used: list[tuple[Mapping[str, Any], Score]]) -> Ability:
    total = sum(entry["weight"] for entry, _ in used)
    shares = [entry["weight"] / total for entry, _ in used]
    values = [entry["a"] + entry["b"] * score.score for entry, score in used]
    likely = sum(s * v for s, v in zip(shares, values, strict=True))
    half = math.sqrt(
        sum(
            s**2 * (entry["half"] ** 2 + (v - likely) ** 2)
            for s, v, (entry, _) in zip(shares, values, used, strict=True)
        )
    )
    independent = sum(not score.maker_reported for _, score in used)
    grade = "A" if independent > 1 else "B" if independent else "B-"
    return _ability(likely - half, likely, likely + half, grade, *(score.benchmark for _, score in used))


def _unmeasured(
    model: ModelFacts, models: list[ModelFacts], measured: Mapping[str, Ability], rule: Mapping[str, Any]
) -> Ability:
    earlier = [
        m
        for m in models
        if m.id in measured
        and m.family == model.family
        and m.developer == model.developer
        and m.released < model.released
    ]
    if not earlier:
        default = rule["default"]
        return _ability(default["low"], default["likely"], default["high"], "D", "embedding-class")
    before, span = measured[earlier[-1].id], rule["family_successor"]
    return _ability(
        before.low + span["low"],
        before.likely,
        before.high + span["high"],
        "C",
        f"predecessor:{earlier[-1].id}",
    )


def _ability(low: float, likely: float, high: float, grade: str, *basis: str) -> Ability:
    return Ability(low=low, likely=likely, high=high, grade=grade, unit=UNIT, basis=basis)
