"""Points per task: a mixture of the general ability and the group deviations of the fit.

A deviation that nobody measured is 0 with the scatter of its group: it widens the interval and is never
dropped, since dropping would reward hiding. Mixtures: data/assumptions.yaml (`ability.tasks`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from recommender.catalog.ability_facts import Assumptions, Evidence, ModelFacts, Standing
from recommender.catalog.ability_general import is_base, is_recent
from recommender.catalog.ability_latent import Latent
from recommender.catalog.types import Ability

COMPLETION = "code-completion"
AGENTS = "agents"
GENERAL = "general"
TRANSLATION = "translation"
Z80 = 1.2816  # half an 80 % interval of a normal, in standard deviations


def decoder_abilities(
    model: ModelFacts,
    latent: Latent,
    standing: Standing,
    evidence: Mapping[str, Mapping[str, Evidence]],
    assumptions: Assumptions,
    *,
    newest: date | None = None,
) -> dict[str, Ability]:
    """Abilities in points by task, for the tasks that this decoder is offered for; "general" too."""
    own = evidence.get(model.id, {})
    before = evidence.get(standing.ancestor or "", {})
    found = {}
    for task in (GENERAL, *_tasks_of(model, assumptions)):
        rule = assumptions["tasks"].get(task, {})
        likely, sd = latent.points(model.id, rule.get("groups", {}), rule.get("error", 0.0))
        likely, sd = _adjusted(model, task, likely, sd, assumptions)
        shown = [key for key in rule.get("evidence", []) if key in own]
        inherited = [key for key in rule.get("evidence", []) if key in before]
        grade, basis = _grade(rule, standing, [own[k] for k in shown], assumptions, newest), standing.basis
        if is_base(model) and not (task == COMPLETION and model.fim_trained):
            grade, basis = "D", ("base-model", *basis)
        elif task in (GENERAL, TRANSLATION) and model.specialised_for.startswith(TRANSLATION):
            basis = (*basis, "specialist")
        found[task] = Ability(
            low=likely - Z80 * sd,
            likely=likely,
            high=likely + Z80 * sd,
            grade=grade,
            unit="points",
            basis=tuple(dict.fromkeys((*basis, *shown))),
            text_only=task == AGENTS and not {*shown, *inherited} & {*assumptions["agentic_evidence"]},
        )
    return found


def _adjusted(
    model: ModelFacts, task: str, likely: float, sd: float, assumptions: Assumptions
) -> tuple[float, float]:
    """Less and wider for a base model, which is made for completing only; more for a specialist."""
    if model.specialised_for.startswith(TRANSLATION):
        likely += assumptions["translation_specialist"]["bonus"]
    if is_base(model) and not (task == COMPLETION and model.fim_trained):
        rule = assumptions["size"]
        return likely + rule["base_model"], math.hypot(sd, rule["base_sd"])
    return likely, sd


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


def _grade(
    rule: Mapping[str, Any],
    standing: Standing,
    own: list[Evidence],
    assumptions: Assumptions,
    newest: date | None,
) -> str:
    """The general grade where text is a good part of the task; else what the task's own tests deserve."""
    if not own and rule.get("needs_own_tests", False):
        return standing.grade if standing.grade.startswith(("C", "D")) else "C"
    if not own:
        return standing.grade
    independent = [e for e in own if e.independent]
    if not independent:
        return "B-"
    recent = [e for e in independent if is_recent(e, assumptions, newest)]
    boards = len(recent) + int(standing.measured)
    return "A" if recent and boards >= assumptions["independent_boards"] else "B"
