"""Abilities of models that do not chat: encoders, zero-shot classifiers, guards, translation-only models.

Units: "relative" (quality against bert-base once fine-tuned on labels), "value" (0..1 directly, no labels
needed). Figures and reasons: data/assumptions.yaml (`encoder`, `zero_shot`, `guard`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import mean
from typing import Any

from recommender.catalog.ability_facts import Assumptions, ModelFacts, Score
from recommender.catalog.types import Ability

GUARD = "moderation"
UNTUNED = "-untuned"  # suffix of the task key that holds the value without labelled examples


def specialist_abilities(
    model: ModelFacts, scores: Iterable[Score], assumptions: Assumptions
) -> dict[str, Ability]:
    """Abilities by task of an encoder, guard or translation-only model; empty for a general decoder."""
    own = sorted(scores, key=lambda s: (s.benchmark, s.metric, s.setting, s.score))
    if model.specialised_for.startswith(GUARD):
        return {GUARD: guard_value(own, assumptions["guard"])}
    if model.architecture == "encoder-decoder" and model.specialised_for.startswith("translation"):
        return {"translation": _translation_only(model, assumptions["translation_encoder_decoder"])}
    untuned = assumptions["encoder_decoder_untuned"]
    if model.name in untuned["points"]:
        return {task: _untuned_points(untuned, model.name) for task in untuned["tasks"]}
    embeds = model.specialised_for.startswith("embedding")
    if model.architecture not in {"encoder", "encoder-decoder"} and not embeds:
        return {}
    return _tuned(model, own, assumptions["encoder"]) | _zero_shot(model, own, assumptions["zero_shot"])


def relative_quality(model: ModelFacts, scores: Iterable[Score], rule: Mapping[str, Any]) -> Ability:
    """Quality against bert-base after fine-tuning: GLUE or MNLI pair, else linear probe, else the default."""
    q = rule["q"].get(model.name)
    if q is not None:
        extra = rule["distilled_with_extra_data"]
        low = extra["q"] if model.name in extra["models"] else q - rule["half"]
        return _relative(low, q, q + rule["half"], "B", "glue-or-mnli-pair")
    probe, default = rule["probe"], rule["default"]
    found = [s.score for s in scores if s.benchmark == probe["benchmark"] and s.metric == probe["metric"]]
    likely, basis = default["q"], "no-figure"
    if found:
        likely += rule["per_mteb_point"] * (mean(found) - rule["mteb_reference"])
        likely, basis = min(max(likely, rule["q_min"]), rule["q_max"]), probe["benchmark"]
    return _relative(likely - default["half"], likely, likely + default["half"], default["grade"], basis)


def guard_value(scores: Iterable[Score], rule: Mapping[str, Any]) -> Ability:
    """Value of a guard model: mean F1 / 100, less a little where the maker ran the test."""
    by_benchmark = {s.benchmark: s for s in scores if s.metric in {"F1", ""}}
    prompts, responses = (by_benchmark.get(rule["averages"][part]) for part in ("prompts", "responses"))
    if prompts is not None:
        share = rule["response_weight"] if responses is not None else 0.0
        f1 = (1 - share) * prompts.score + share * (responses.score if responses is not None else 0.0)
        own = prompts.maker_reported
        likely = f1 / 100 - (rule["maker_minus"] if own else 0.0)
        return _value(likely, rule["half"], "B-" if own else "B", prompts.benchmark)
    found = [by_benchmark[name] for name in rule["fallback"] if name in by_benchmark]
    if len(found) == len(rule["fallback"]):
        return _value(
            mean(s.score for s in found) / 100, rule["fallback_half"], "C", *(s.benchmark for s in found)
        )
    return _value(rule["default"]["value"], rule["default"]["half"], "D", "guard-class")


def _tuned(model: ModelFacts, scores: list[Score], rule: Mapping[str, Any]) -> dict[str, Ability]:
    quality = relative_quality(model, scores, rule)
    reads_spans = model.architecture in {"encoder", "encoder-decoder"}
    tasks = rule["tasks"] if reads_spans else rule["head_tasks"]
    if model.specialised_for.startswith("embedding (code)"):
        return {}
    return dict.fromkeys(tasks, quality)


def _zero_shot(model: ModelFacts, scores: list[Score], rule: Mapping[str, Any]) -> dict[str, Ability]:
    found = {}
    if "classification" in model.zero_shot:
        found["classification" + UNTUNED] = _zero_shot_labels(scores, rule)
    if "extraction" in model.zero_shot:
        found["extraction" + UNTUNED] = _zero_shot_spans(scores, rule["extraction"])
    return found


def _zero_shot_labels(scores: list[Score], rule: Mapping[str, Any]) -> Ability:
    for entry in rule["scores"]:
        hits = [s for s in scores if s.benchmark in entry["benchmarks"] and s.metric == entry["metric"]]
        if hits:
            share = (mean(s.score for s in hits) - rule["chance"]) / (entry["trained"] - rule["chance"])
            return _value(rule["labelled_value"] * share, rule["half"], "B-", hits[0].benchmark)
    return _value(rule["default"]["value"], rule["default"]["half"], "D", "zero-shot-class")


def _zero_shot_spans(scores: list[Score], rule: Mapping[str, Any]) -> Ability:
    hits = [s for s in scores if s.benchmark in rule["benchmarks"]]
    if hits:
        return _value(rule["per_f1"] * mean(s.score for s in hits), rule["half"], "B-", hits[0].benchmark)
    return _value(rule["default"]["value"], rule["default"]["half"], "D", "zero-shot-class")


def _translation_only(model: ModelFacts, rule: Mapping[str, float]) -> Ability:
    size = math.log10((model.total_b or rule["at_b"]) / rule["at_b"])
    likely = rule["likely"] + rule["per_log10"] * size
    return _points(likely, rule["half"], "translation-class")


def _untuned_points(rule: Mapping[str, Any], name: str) -> Ability:
    return _points(rule["points"][name], rule["half"], "encoder-decoder-class")


def _points(likely: float, half: float, basis: str) -> Ability:
    return Ability(
        low=likely - half, likely=likely, high=likely + half, grade="D", unit="points", basis=(basis,)
    )


def _relative(low: float, likely: float, high: float, grade: str, basis: str) -> Ability:
    return Ability(low=low, likely=likely, high=high, grade=grade, unit="relative", basis=(basis,))


def _value(likely: float, half: float, grade: str, *basis: str) -> Ability:
    low, high = max(likely - half, 0.0), min(likely + half, 1.0)
    return Ability(low=low, likely=likely, high=high, grade=grade, unit="value", basis=basis)
