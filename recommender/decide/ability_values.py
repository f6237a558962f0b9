"""From ability (points, MTEB, relative quality) to a value for the reader's tasks, at a given precision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.catalog.types import Ability, Model
from recommender.decide.facets import fits_task
from recommender.decide.model_table import ModelTable
from recommender.decide.situation import Situation
from recommender.decide.values import ESTIMATED, UNCHECKED, UNMEASURED, Curve, Floats, Quantities, curve
from recommender.decide.ways import Rows
from recommender.estimate.quantisation import penalty_points

_LABEL_TASKS = ("classification", "extraction", "moderation")
_TUNABLE_PARAMETERS = 10_000_000_000
_FOUR_BITS, _SIXTEEN_BITS = 4, 16


@dataclass(frozen=True, slots=True)
class Ends:
    """Three ends of a quantity per model."""

    low: Floats
    likely: Floats
    high: Floats


def ability_quantities(table: ModelTable, situation: Situation, rows: Rows) -> Quantities:
    """Criterion C01 for every way: the weighted mean over the tasks, the first counting most."""
    scales = table.catalog.vocabulary["criteria"]["scales"]
    weights = [float(scales["several_tasks_main_weight"])] + [1.0] * (len(situation.tasks) - 1)
    parts = [_task_ends(table, situation, rows, task) for task in situation.tasks]
    total = sum(weights)
    worse, likely, better = (
        sum(w * getattr(part, name) for w, part in zip(weights, parts, strict=True)) / total
        for name in ("low", "likely", "high")
    )
    known = ~np.isnan(likely)
    measured = table.once(("measured", situation.tasks[0]), lambda: _measured(table, situation.tasks[0]))
    # Published scores hold for the published format, and for formats that lose next to nothing of it.
    state = np.where(measured[rows.model] & ~_is_narrow(table, rows), ESTIMATED, UNMEASURED)
    state = np.where(known, state, UNCHECKED).astype(np.int8)
    return Quantities(
        worse=np.nan_to_num(worse), likely=np.nan_to_num(likely), better=np.nan_to_num(better), state=state
    )


def _task_ends(table: ModelTable, situation: Situation, rows: Rows, task: str) -> Ends:
    """Value ends of one task for every way: the model's ability less what its format costs."""
    points, relative = by_model(table, situation, task)
    long = is_long(table, situation)
    to_value = value_curve(table, task, long_texts=long)
    loss = _format_loss(table, rows, task)
    bonus = _label_bonus(table, situation, task)
    cap = _label_cap(table, task)
    ends = []
    for name, lost in (("low", loss[2]), ("likely", loss[1]), ("high", loss[0])):
        raw = getattr(points, name)[rows.model] - lost
        value = np.minimum(to_value(raw) + bonus, cap) if bonus else to_value(raw)
        if task == "agents" and name == "low":
            text_only = table.once("text only agents", lambda: _text_only(table))
            value = np.maximum(value - text_only[rows.model], 0.0)
        value = np.where(np.isnan(raw), np.nan, value)
        fixed = getattr(relative, name)[rows.model]
        ends.append(np.where(np.isnan(fixed), value, fixed))
    low, likely, high = ends
    return _with_hallucination(table, rows, task, Ends(low, likely, high), long_texts=long)


def _is_narrow(table: ModelTable, rows: Rows) -> NDArray[np.bool_]:
    """Ways whose weights are squeezed below 4 bit: nobody has measured the model like that."""
    bits = np.array([table.formats.by_id[name].bits_class for name in table.format_ids] + [_SIXTEEN_BITS])
    narrow: NDArray[np.bool_] = bits[rows.format] < _FOUR_BITS
    return narrow & ~table.figures.is_encoder[rows.model]


def _measured(table: ModelTable, task: str) -> NDArray[np.bool_]:
    """Models of which somebody measured this task; the others have an interval from their kin."""
    grades = [m.ability[task].grade if task in m.ability else "" for m in table.models]
    return np.array([grade[:1] in ("A", "B") for grade in grades], dtype=bool)


def is_long(table: ModelTable, situation: Situation) -> bool:
    """Whether the texts are longer than those that abilities were measured on."""
    limit = table.catalog.vocabulary["criteria"]["long_texts"]["from_tokens"]
    return bool(situation.given.get("context_tokens", 0) > limit or situation.workload.input_tokens > limit)


def minimum_points(table: ModelTable, situation: Situation) -> float:
    """Points below which published experience advises against a model for the main task."""
    criteria = table.catalog.vocabulary["criteria"]
    usual = float(criteria["tasks"][situation.tasks[0]]["minimum"])
    return max(usual, float(criteria["long_texts"]["minimum"])) if is_long(table, situation) else usual


def value_curve(table: ModelTable, task: str, *, long_texts: bool = False) -> Curve:
    """Points to value for a task, flat beyond the points where the task saturates; long texts never do."""
    criteria = table.catalog.vocabulary["criteria"]
    spec = criteria["tasks"][task]
    base = curve(_anchors(criteria, spec["curve"]))
    top = 1.0 if long_texts else float(base(float(spec["saturates"])))
    return Curve(base.x, tuple(min(v / top, 1.0) for v in base.v), base.log)


def _anchors(criteria: Mapping[str, Any], name: str) -> Any:
    return criteria["curves"][name]["anchors"]


def main_task_points(table: ModelTable, situation: Situation, rows: Rows) -> tuple[Floats, Floats]:
    """Likely points on the main task and points lost to the format, per way; infinite points where ability
    is not counted in points or nothing is known (another rule sees to that)."""
    task = situation.tasks[0]
    points, _ = by_model(table, situation, task)
    known = np.nan_to_num(points.likely[rows.model], nan=np.inf)
    return known, _format_loss(table, rows, task)[1]


def by_model(table: ModelTable, situation: Situation, task: str) -> tuple[Ends, Ends]:
    """Per model the ends of its ability on a task in points, and of values that need no curve."""
    key = ("ability", task, situation.labels, situation.given.get("fine_tune") in ("wanted", "must"))
    return table.once(key, lambda: _by_model(table, situation, task))  # type: ignore[no-any-return]


def _by_model(table: ModelTable, situation: Situation, task: str) -> tuple[Ends, Ends]:
    """Per model: ability in points (or MTEB), and values that need no curve. NaN where there is none."""
    count = len(table.models)
    points, fixed = np.full((3, count), np.nan), np.full((3, count), np.nan)
    tuning = situation.given.get("fine_tune") in ("wanted", "must")
    for position, model in enumerate(table.models):
        ability = ability_for(model, task, situation.labels)
        if ability is None or fits_task(model, task) is False:
            continue
        if ability.unit == "value":
            fixed[:, position] = ability.low, ability.likely, ability.high
        elif ability.unit == "relative":
            fixed[:, position] = _specialist(table, ability, task, situation.labels)
        else:
            points[:, position] = ability.low, ability.likely, ability.high
            if tuning and task in _LABEL_TASKS and situation.labels != "none" and _is_tunable(model):
                fixed[:, position] = _tuned_model(table, situation.labels)
    return Ends(*points), Ends(*fixed)


def ability_for(model: Model, task: str, labels: str) -> Ability | None:
    """The ability that counts: without labels, models used untuned have one of their own."""
    untuned = model.ability.get(f"{task}-untuned") if labels == "none" else None
    return untuned or model.ability.get(task)


def _is_tunable(model: Model) -> bool:
    small = model.parameters_total is not None and model.parameters_total <= _TUNABLE_PARAMETERS
    return small and model.fine_tuning == "weights"


def _specialist(table: ModelTable, ability: Ability, task: str, labels: str) -> tuple[float, float, float]:
    """Value of an encoder trained on the reader's labels. Without labels a rule takes it
    out; the value with hundreds then says where it would stand."""
    spec = table.catalog.vocabulary["criteria"]["labels"]
    kind = "extraction" if task == "extraction" else "classification"
    amount = "hundreds" if labels == "none" else labels
    base, width = float(spec[kind][amount]), float(spec["width"][amount])
    return (
        max(base * ability.low - width, 0.0),
        min(base * ability.likely, 1.0),
        min(base * ability.high + width, 1.0),
    )


def _tuned_model(table: ModelTable, labels: str) -> tuple[float, float, float]:
    spec = table.catalog.vocabulary["criteria"]["labels"]
    base, width = float(spec["tuned_decoder"][labels]), float(spec["width"][labels])
    return base - width, base, min(base + width, 1.0)


def _label_bonus(table: ModelTable, situation: Situation, task: str) -> float:
    """What labelled examples in the prompt add to a model that was not trained on them."""
    if task not in _LABEL_TASKS:
        return 0.0
    return float(table.catalog.vocabulary["criteria"]["labels"]["prompted_bonus"][situation.labels])


def _label_cap(table: ModelTable, task: str) -> float:
    return float(table.catalog.vocabulary["criteria"]["labels"]["prompted_cap"])


def _text_only(table: ModelTable) -> Floats:
    """What the low end drops where nothing but chat scores stands behind an agent's ability."""
    minus = float(table.catalog.vocabulary["criteria"]["curves"]["agents"]["text_only_low_minus"])
    marked = [bool(m.ability.get("agents") and m.ability["agents"].text_only) for m in table.models]
    return np.where(marked, minus, 0.0)


def _format_loss(table: ModelTable, rows: Rows, task: str) -> tuple[Floats, Floats, Floats]:
    """Points lost to the weights' format, per way: low, likely, high. 0 over an API."""
    factor = table.formats.task_factor(task)
    matrix = table.once(("penalties", factor), lambda: _penalties(table, factor))
    machine = rows.format >= 0
    picked = tuple(np.where(machine, end[rows.model, rows.format], 0.0) for end in matrix)
    return picked[0], picked[1], picked[2]


def _penalties(table: ModelTable, factor: float) -> tuple[Floats, Floats, Floats]:
    figures = table.figures
    ranges = penalty_points(
        table.formats,
        table.formats.columns(table.format_ids),
        total_parameters=np.nan_to_num(figures.total_parameters, nan=1e10),
        active_parameters=np.nan_to_num(figures.active_parameters, nan=1e10),
        is_sparse=figures.is_sparse,
        task_factor=factor,
    )
    lost = (ranges.low, ranges.likely, ranges.high)
    # Encoders are published in 32 bit and used in 16; their published scores hold.
    return tuple(np.where(figures.is_encoder[:, None], 0.0, end) for end in lost)  # type: ignore[return-value]


def _with_hallucination(table: ModelTable, rows: Rows, task: str, ends: Ends, *, long_texts: bool) -> Ends:
    """Tasks that stand on a source: half the value is how rarely statements are invented.

    The rates were measured on texts of ordinary length: on long ones only general ability counts.
    """
    criteria = table.catalog.vocabulary["criteria"]
    share = float(criteria["tasks"][task].get("hallucination_share", 0.0))
    if not share or long_texts:
        return ends
    low, likely, high = table.once(("hallucination",), lambda: _hallucination(table))
    return Ends(
        (1 - share) * ends.low + share * low[rows.model],
        (1 - share) * ends.likely + share * likely[rows.model],
        (1 - share) * ends.high + share * high[rows.model],
    )


def _hallucination(table: ModelTable) -> tuple[Floats, Floats, Floats]:
    spec = table.catalog.vocabulary["criteria"]["curves"]["hallucination"]
    to_value = curve(spec["anchors"])
    low, middle, high = (float(to_value(float(x))) for x in spec["not_checked"])
    rates = np.array([np.nan if m.hallucination_rate is None else m.hallucination_rate for m in table.models])
    known, value = ~np.isnan(rates), to_value(np.nan_to_num(rates))
    return np.where(known, value, low), np.where(known, value, middle), np.where(known, value, high)
