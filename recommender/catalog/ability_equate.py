"""Scores of any benchmark, read as observations of the fit: log odds, or the unit of a board.

Which rows belong to one test, and what is believed of it beforehand: data/assumptions.yaml
(`ability.equating`). How noisy a row is: `ability.noise`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import median
from typing import Any

from recommender.catalog.ability_facts import Assumptions, Evidence, Score, logit

TEXT = "arena-text"
SD_OF_HALF_95 = 1 / 1.96  # boards state 95 % intervals


def equated(score: Score, assumptions: Assumptions) -> Evidence | None:
    """The score as evidence, or None where no entry of the table fits it."""
    for key, entry in assumptions["equating"].items():
        if _fits(score, entry):
            return _evidence(score, key, entry, assumptions["noise"])
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


def _fits(score: Score, entry: Mapping[str, Any]) -> bool:
    setting = score.setting.lower()
    if score.benchmark not in entry["benchmarks"] or score.metric not in entry.get("metrics", [score.metric]):
        return False
    if any(word in setting for word in entry.get("settings_refused", [])):
        return False
    if "settings" in entry and setting not in entry["settings"]:
        return False
    return bool(entry.get("score_min", score.score) <= score.score <= entry.get("score_max", score.score))


def _evidence(score: Score, key: str, entry: Mapping[str, Any], noise: Mapping[str, float]) -> Evidence:
    doubted = score.maker_reported or entry.get("maker_reported", False)
    spread = (noise["maker_reported"] if doubted else 1.0) * (noise["recalled"] if score.recalled else 1.0)
    extra = 0.0
    if entry["scale"] == "logit":
        y = logit(score.score / 100)
        share = min(max(score.score / 100, 0.005), 0.995)
        spread *= max(1.0, noise["ends"] / (share * (1 - share)))
        if any(word in score.setting.lower() for word in entry.get("base_settings", [])):
            y += entry["base_offset"]
    elif entry["scale"] == "points":
        y = score.score
        if score.low is not None and score.high is not None:
            extra = ((score.high - score.low) / 2 * SD_OF_HALF_95) ** 2
        else:
            extra = noise["points_unstated"] ** 2
    else:
        y = score.score
    return Evidence(key=key, y=y, spread=spread, extra=extra, independent=not doubted, as_of=score.as_of)


def _merged(found: list[Evidence]) -> Evidence:
    first = min(found, key=lambda e: (e.y, e.spread, e.extra, not e.independent))
    dates = [e.as_of for e in found if e.as_of is not None]
    return replace(
        first,
        y=median(e.y for e in found),
        spread=max(e.spread for e in found),
        extra=max(e.extra for e in found),
        independent=any(e.independent for e in found),
        as_of=max(dates, default=None),
    )
