"""Scores of any benchmark, turned into points of one scale.

points = a + b x logit(score), constants and errors in data/assumptions.yaml (`ability.equating`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import median
from typing import Any

from recommender.catalog.ability_facts import Assumptions, Estimate, Evidence, Score, logit

TEXT = "arena-text"


def equated(score: Score, assumptions: Assumptions) -> Evidence | None:
    """The score as evidence in points, or None where no entry of the table fits it."""
    for key, entry in assumptions["equating"].items():
        if _fits(score, entry):
            return _evidence(score, key, entry)
    return None


def evidence_by_model(scores: Iterable[Score], assumptions: Assumptions) -> dict[str, dict[str, Evidence]]:
    """Evidence by model id and key. Several scores under one key: their median, never the best."""
    collected: dict[str, dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    for score in scores:
        evidence = equated(score, assumptions)
        if evidence is not None:
            collected[score.model][evidence.key].append(evidence)
    return {
        model: {key: _merged(found) for key, found in sorted(by_key.items())}
        for model, by_key in sorted(collected.items())
    }


def with_inherited(
    model: str,
    general: Mapping[str, Estimate],
    evidence: Mapping[str, Mapping[str, Evidence]],
    assumptions: Assumptions,
) -> dict[str, Evidence]:
    """A model's own evidence, and its predecessor's moved by the gain where it has none of its own.

    Without it a successor would lose what its predecessor showed as an agent or coder.
    """
    own = dict(evidence.get(model, {}))
    ancestor = general[model].ancestor
    if ancestor is None:
        return own
    rule = assumptions["successor"]
    gain = general[model].likely - general[ancestor].likely
    for key, before in evidence.get(ancestor, {}).items():
        if key not in own and key != TEXT:
            own[key] = replace(
                before,
                points=before.points + gain,
                error=math.hypot(before.error, rule["inherited_error"]),
                half=math.hypot(before.half, rule["inherited_half"]),
                inherited=True,
            )
    return own


def _fits(score: Score, entry: Mapping[str, Any]) -> bool:
    setting = score.setting.lower()
    if score.benchmark not in entry["benchmarks"] or score.metric not in entry.get("metrics", [score.metric]):
        return False
    if any(word in setting for word in entry.get("settings_refused", [])):
        return False
    if "settings" in entry and setting not in entry["settings"]:
        return False
    return bool(entry.get("score_min", score.score) <= score.score <= entry.get("score_max", score.score))


def _evidence(score: Score, key: str, entry: Mapping[str, Any]) -> Evidence:
    half = float(entry["error_p90"])
    points = score.score
    if entry["scale"] == "points":
        half = (score.high - score.low) / 2 if score.low is not None and score.high is not None else half
    elif entry["scale"] == "linear":
        points = entry["a"] + entry["b"] * score.score
    else:
        odds = logit(score.score / 100)
        if any(word in score.setting.lower() for word in entry.get("base_settings", [])):
            odds += entry["base_offset"]
        points = entry["a"] + entry["b"] * odds
    return Evidence(
        key=key,
        points=points,
        error=float(entry["error_median"]),
        half=half,
        independent=not (score.maker_reported or entry.get("maker_reported", False)),
        as_of=score.as_of,
    )


def _merged(found: list[Evidence]) -> Evidence:
    first = min(found, key=lambda e: (e.points, e.half, not e.independent))
    dates = [e.as_of for e in found if e.as_of is not None]
    return replace(
        first,
        points=median(e.points for e in found),
        half=max(e.half for e in found),
        independent=any(e.independent for e in found),
        as_of=max(dates, default=None),
    )
