"""Points per task: the general estimate and the task's own tests, weighed by weight / error squared.

A test nobody ran is replaced by the general estimate with a wide error: it widens the interval and is
never dropped, since dropping would reward hiding. Weights: data/assumptions.yaml (`ability.tasks`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from recommender.catalog.ability_equate import TEXT
from recommender.catalog.ability_facts import Assumptions, Estimate, Evidence, ModelFacts
from recommender.catalog.ability_general import is_base, is_recent
from recommender.catalog.ability_size import base_model
from recommender.catalog.types import Ability

COMPLETION = "code-completion"
AGENTS = "agents"
TRANSLATION = "translation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One term of the weighted mean. `shared`: its error is that of the general estimate."""

    key: str
    weight: float
    points: float
    error: float
    half: float
    shared: bool


def decoder_abilities(
    model: ModelFacts,
    general: Estimate,
    evidence: Mapping[str, Evidence],
    assumptions: Assumptions,
    *,
    newest: date | None = None,
) -> dict[str, Ability]:
    """Abilities in points by task, for the tasks that this decoder is offered for; "general" too."""
    tuned = general
    if model.specialised_for.startswith(TRANSLATION):
        general = _shifted(general, assumptions["translation_specialist"]["bonus"])
    if is_base(model):
        general = base_model(general, assumptions)
    found = {}
    for task in _tasks_of(model, assumptions):
        start = (
            tuned if task == COMPLETION and model.fim_trained else general
        )  # base models are made for completing
        found[task] = task_ability(task, start, evidence, assumptions, newest=newest)
    return {"general": _ability(general), **found}


def task_ability(
    task: str,
    general: Estimate,
    evidence: Mapping[str, Evidence],
    assumptions: Assumptions,
    *,
    newest: date | None = None,
) -> Ability:
    """Points for one task with their interval, grade and basis."""
    rule = assumptions["tasks"][task]
    below, above = general.likely - general.low, general.high - general.likely
    parts = _parts(rule, general, evidence, assumptions, gap=below)
    likely, down = _combined(parts)
    _, up = _combined(_parts(rule, general, evidence, assumptions, gap=above))
    measured = [p.key for p in parts if not p.shared]
    agentic = set(measured) & set(assumptions["agentic_evidence"])
    return Ability(
        low=likely - down,
        likely=likely,
        high=likely + up,
        grade=_grade(rule, general, [evidence[key] for key in measured], assumptions, newest),
        unit="points",
        basis=tuple(dict.fromkeys((*general.basis, *measured))),
        text_only=task == AGENTS and not agentic,
    )


def _tasks_of(model: ModelFacts, assumptions: Assumptions) -> list[str]:
    special = next(
        (
            tasks
            for name, tasks in assumptions["specialised"].items()
            if model.specialised_for.startswith(name)
        ),
        None,
    )
    tasks = list(assumptions["tasks"]) if special is None or not model.specialised_for else list(special)
    if is_base(model):
        return [task for task in assumptions["base_model_tasks"] if task in tasks or special is None]
    return [task for task in tasks if task != COMPLETION or model.fim_trained]


def _parts(
    rule: Mapping[str, Any],
    general: Estimate,
    evidence: Mapping[str, Evidence],
    assumptions: Assumptions,
    *,
    gap: float,
) -> list[Part]:
    """The terms of the mean; `gap` reaches from the likeliest general value to the end in question."""
    floor = assumptions["equating"][TEXT]["error_median"]
    half = math.hypot(gap, rule["text_error"])
    error = math.hypot(max(general.half / 2, floor), rule["text_error"])
    parts = [Part(key=TEXT, weight=rule["text"], points=general.likely, error=error, half=half, shared=True)]
    wide = math.hypot(error, rule["missing_error"]), math.hypot(half, rule["missing_error"])
    for key, weight in rule.get("evidence", {}).items():
        own = evidence.get(key)
        if own is not None:
            part = Part(
                key=key, weight=weight, points=own.points, error=own.error, half=own.half, shared=False
            )
            parts.append(part)
        elif not _replaceable(key, rule, evidence):
            stand_in = Part(
                key=key, weight=weight, points=general.likely, error=wide[0], half=wide[1], shared=True
            )
            parts.append(stand_in)
    return parts


def _replaceable(key: str, rule: Mapping[str, Any], evidence: Mapping[str, Evidence]) -> bool:
    """Whether the gap is none: an optional test, or one of several editions of which another was run."""
    if key in rule.get("optional", []):
        return True
    editions: list[str] = next((group for group in rule.get("alternatives", []) if key in group), [])
    return any(other in evidence for other in editions) or (bool(editions) and key != editions[0])


def _combined(parts: list[Part]) -> tuple[float, float]:
    """Weighted mean and half-width. Errors that stem from the general estimate add up, others as squares."""
    weights = [p.weight / p.error**2 for p in parts]
    shares = [w / sum(weights) for w in weights]
    likely = sum(s * p.points for s, p in zip(shares, parts, strict=True))
    together = sum(s * p.half for s, p in zip(shares, parts, strict=True) if p.shared)
    text_share = sum(s for s, p in zip(shares, parts, strict=True) if p.shared)
    apart = sum(
        s**2 * (p.half**2 + (p.points - likely) ** 2)
        for s, p in zip(shares, parts, strict=True)
        if not p.shared
    )
    general_gap = text_share * (parts[0].points - likely)
    return likely, math.sqrt(together**2 + apart + general_gap**2)


def _grade(
    rule: Mapping[str, Any],
    general: Estimate,
    own: list[Evidence],
    assumptions: Assumptions,
    newest: date | None,
) -> str:
    """The general grade where text is a good part of the task; else what the task's own tests deserve."""
    if not own and rule["text"] < assumptions["text_share_enough"]:
        return general.grade if general.grade.startswith(("C", "D")) else "C"
    if not own or general.grade == "D":
        return general.grade
    if all(e.inherited for e in own):
        return "C"
    independent = [e for e in own if e.independent and not e.inherited]
    if not independent:
        return "B-"
    recent = [e for e in independent if is_recent(e, assumptions, newest)]
    boards = len(recent) + int(general.measured)
    return "A" if recent and boards >= assumptions["independent_boards"] else "B"


def _shifted(estimate: Estimate, points: float) -> Estimate:
    return Estimate(
        low=estimate.low + points,
        likely=estimate.likely + points,
        high=estimate.high + points,
        grade=estimate.grade,
        basis=(*estimate.basis, "specialist"),
    )


def _ability(estimate: Estimate) -> Ability:
    return Ability(
        low=estimate.low,
        likely=estimate.likely,
        high=estimate.high,
        grade=estimate.grade,
        unit="points",
        basis=estimate.basis,
    )
