"""Why a candidate stands where it stands: contributions that sum to the score, caveats, uses."""

from __future__ import annotations

import numpy as np

from recommender import words
from recommender.catalog.types import Model
from recommender.decide.ability_values import ability_for, minimum_points, value_curve
from recommender.decide.columns import UNKNOWN
from recommender.decide.describe import (
    machine_name,
    model_of,
    number,
    provider_name,
    provider_of,
    quantisation_of,
    strings,
)
from recommender.decide.engine import Evaluation
from recommender.decide.facets import fits_task
from recommender.decide.licence_terms import licence_caveats
from recommender.decide.quantities import unsettled
from recommender.decide.reasons import price_source, successor_name
from recommender.decide.result import Contribution, Sentence
from recommender.decide.values import NOT_APPLICABLE, STATE_WORDS
from recommender.decide.ways import API, OWN, RENTED
from recommender.estimate.quantisation import penalty_points

_MODEL_FIELDS = {
    "C05": "context_tokens", "C15": "languages", "C06": "licence", "C07": "parameters_total",
}  # fmt: skip
_PROVIDER_FIELDS = {
    "C08": "trains_on_inputs",
    "C10": "sla",
    "C09": "attestations",
    "C14": "deprecation_notice_days",
}
_GOOD, _POOR = 0.75, 0.4
_LABELS_TASKS = ("classification", "extraction", "moderation")
_MUCH_LOST = 5.0  # points of precision worth a word


def contributions(evaluation: Evaluation, row: int) -> tuple[Contribution, ...]:
    """One row per criterion in force and per deduction; the points sum to the score exactly."""
    parts = []
    weight_units = int(evaluation.weights[row].sum()) or 1
    for column, criterion in enumerate(evaluation.criteria):
        weight = int(evaluation.weights[row, column])
        quantity = evaluation.quantities[criterion.id]
        state = int(quantity.state[row])
        if weight == 0 and state == NOT_APPLICABLE:
            continue
        source, as_of = _source(evaluation, criterion.id, row)
        value = evaluation.cells.point(evaluation.situation.stance)[row, column]
        parts.append(
            Contribution(
                criterion=criterion.id,
                name=criterion.name,
                group=criterion.group,
                raw=number(quantity.likely[row]) if STATE_WORDS[state] in _WITH_FIGURE else None,
                unit=criterion.unit,
                value=float(value) / 1000,
                weight=weight / weight_units,
                points=evaluation.points(int(evaluation.scores.contributions[row, column])),
                state=STATE_WORDS[state],
                source=source,
                as_of=as_of,
            )
        )
    return (*parts, *_deductions(evaluation, row))


_WITH_FIGURE = ("known", "estimated", "undisclosed", "not-yet-measured")


def _deductions(evaluation: Evaluation, row: int) -> list[Contribution]:
    named = {entry["id"]: entry for entry in evaluation.table.catalog.vocabulary["criteria"]["malus"]}
    wanted = sum(int(units[row]) for units in evaluation.malus.values())
    # A deduction never takes a score below 0: what was cut is taken from the last one.
    spare = int(evaluation.scores.malus[row]) - wanted
    rows = []
    for key, units in reversed(list(evaluation.malus.items())):
        taken = int(units[row])
        back = min(spare, -taken)
        spare, taken = spare - back, taken + back
        if taken:
            rows.append(
                Contribution(
                    criterion=key,
                    name=named[key]["name"],
                    group="deduction",
                    raw=None,
                    unit="",
                    value=None,
                    weight=0.0,
                    points=evaluation.points(taken),
                    state="known",
                    source=None,
                    as_of=None,
                )
            )
    return rows[::-1]


def _source(evaluation: Evaluation, criterion: str, row: int) -> tuple[str | None, str | None]:
    if criterion == "C02" and evaluation.ways.rows.kind[row] == API:
        return price_source(evaluation, row)
    found = None
    if criterion in _PROVIDER_FIELDS and evaluation.ways.rows.kind[row] == API:
        provider = evaluation.table.catalog.providers.get(provider_of(evaluation, row) or "")
        found = provider.sources.get(_PROVIDER_FIELDS[criterion]) if provider else None
    elif criterion in _MODEL_FIELDS:
        found = model_of(evaluation, row).sources.get(_MODEL_FIELDS[criterion])
    return (found[0], found[1]) if found else (None, None)


def caveats(evaluation: Evaluation, row: int) -> tuple[Sentence, ...]:
    """What a reader should know before relying on this candidate, most serious first."""
    made = [*_life_and_price(evaluation, row), *_knowledge(evaluation, row), *_running(evaluation, row)]
    say = strings(evaluation)
    return tuple(Sentence(id=key, text=words.say(say, key, **params)) for key, params in made)


Made = list[tuple[str, dict[str, object]]]


def _life_and_price(evaluation: Evaluation, row: int) -> Made:
    model, day = model_of(evaluation, row), evaluation.situation.day
    limits = evaluation.admission.inputs.assumptions
    made: Made = []
    on_api = evaluation.ways.rows.kind[row] == API
    months = evaluation.situation.lifetime_months
    if on_api and model.kind == "closed" and model.ends and (model.ends - day).days < months * 30.44:
        successor = successor_name(evaluation, model)
        made.append(
            (
                "caveat.retires",
                {"model": model.name, "day": model.ends, "months": months, "successor": successor},
            )
        )
    if not on_api:
        return made
    _, as_of = price_source(evaluation, row)
    if np.isnan(evaluation.ways.rows.cost_usd[row]):
        made.append(("caveat.no_price", {"model": model.name}))
    elif evaluation.ways.rows.later_price[row]:
        made.append(("caveat.later_price", {"day": as_of}))
    elif as_of and (age := (day - day.fromisoformat(as_of)).days) > limits["price_old_days"]:
        made.append(("caveat.old_price", {"day": as_of, "days": age}))
    return made


def _knowledge(evaluation: Evaluation, row: int) -> Made:
    model, here = model_of(evaluation, row), evaluation.situation
    say, task = strings(evaluation), here.tasks[0]
    ability = ability_for(model, task, here.labels)
    named: dict[str, object] = {"model": model.name, "task": words.say(say, f"task.{task}")}
    made: Made = []
    if ability is not None and ability.grade[:1] in ("C", "D"):
        made.append(("caveat.not_measured", {**named, "grade": ability.grade}))
    if ability is not None and ability.grade == "B-":
        made.append(("caveat.maker_only", named))
    minimum = minimum_points(evaluation.table, here)
    if ability is not None and ability.unit in ("points", "mteb") and ability.likely < minimum:
        made.append(("caveat.below_minimum", named))
    if _is_unknown(evaluation, "R12", row):
        made.append(("caveat.languages", {"model": model.name, "languages": list(here.given["languages"])}))
    if _is_unknown(evaluation, "R24", row):
        made.append(("caveat.instructions", {"model": model.name}))
    if _is_unknown(evaluation, "R16", row):
        made.append(("caveat.speed", {"model": model.name, "provider": provider_name(evaluation, row)}))
    count, limit = unsettled(model), evaluation.admission.inputs.assumptions["unknown_cells"]
    if count >= limit:
        made.append(("caveat.unknown_facts", {"model": model.name, "count": count}))
    return made


def _is_unknown(evaluation: Evaluation, rule: str, row: int) -> bool:
    truths = evaluation.admission.truths.get(rule)
    return truths is not None and bool(truths[row] == UNKNOWN)


def _running(evaluation: Evaluation, row: int) -> Made:
    model, here, rows = model_of(evaluation, row), evaluation.situation, evaluation.ways.rows
    made: Made = [*licence_caveats(evaluation, row)]
    lost = _points_lost(evaluation, row)
    if lost >= _MUCH_LOST:
        made.append(
            ("caveat.quantised", {"quantisation": quantisation_of(evaluation, row), "points": round(lost)})
        )
    if (
        rows.kind[row] == OWN
        and rows.memory_gb[row] > evaluation.table.hardware.tight_above * rows.usable_gb[row]
    ):
        memory = {"memory": round(rows.memory_gb[row], 1), "usable": round(rows.usable_gb[row], 1)}
        made.append(("caveat.tight", memory))
    if rows.kind[row] == OWN and evaluation.ways.machines[int(rows.machine[row])].assumed:
        made.append(("caveat.assumed_machine", {"machine": machine_name(evaluation, row)}))
    if rows.kind[row] in (OWN, RENTED) and here.given.get("ops_skill") == "none":
        made.append(("caveat.self_hosting", {}))
    if model.architecture == "encoder" and (model.context_tokens or 0) < here.workload.input_tokens:
        made.append(("caveat.chunks", {"tokens": model.context_tokens}))
    provider = evaluation.table.catalog.providers.get(provider_of(evaluation, row) or "")
    asked = here.given.get("retention_days_max") is not None
    if provider is not None and asked and provider.zero_retention == "by-approval":
        made.append(("caveat.by_approval", {"provider": provider.name}))
    return made


def _points_lost(evaluation: Evaluation, row: int) -> float:
    """Points of ability that the format costs on the main task."""
    table, position = evaluation.table, int(evaluation.ways.rows.format[row])
    model = int(evaluation.ways.rows.model[row])
    if position < 0 or table.figures.is_encoder[model]:
        return 0.0
    ranges = penalty_points(
        table.formats,
        table.formats.columns([table.format_ids[position]]),
        total_parameters=table.figures.total_parameters[model : model + 1],
        active_parameters=table.figures.active_parameters[model : model + 1],
        is_sparse=table.figures.is_sparse[model : model + 1],
        task_factor=table.formats.task_factor(evaluation.situation.tasks[0]),
    )
    return float(np.nan_to_num(ranges.likely[0, 0]))


def good_and_poor(evaluation: Evaluation, model: Model) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tasks a model does well, and tasks it is not made for or does poorly. Read off its ability."""
    return evaluation.table.once(("good", model.id), lambda: _good_and_poor(evaluation, model))  # type: ignore[no-any-return]


def _good_and_poor(evaluation: Evaluation, model: Model) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tasks = evaluation.table.catalog.vocabulary["criteria"]["tasks"]
    good, poor = [], []
    for task in tasks:
        ability = model.ability.get(task)
        if fits_task(model, task) is not True or ability is None:
            continue
        if task in _LABELS_TASKS and ability.unit == "points":
            continue  # their curve is flat: it says little about the model
        value = ability.likely
        if ability.unit in ("points", "mteb"):
            value = float(value_curve(evaluation.table, task)(ability.likely))
        if value >= _GOOD:
            good.append(task)
        elif value < _POOR:
            poor.append(task)
    return tuple(good), tuple(poor)
