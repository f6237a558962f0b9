"""Fixed named deductions, each at most a few points, drawn as bars of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from recommender.decide.ability_values import main_task_points, minimum_points
from recommender.decide.model_table import ModelTable
from recommender.decide.situation import Situation
from recommender.decide.values import Units
from recommender.decide.ways import API, Ways


def malus_parts(table: ModelTable, ways: Ways, situation: Situation, *, units: int) -> dict[str, Units]:
    """Deductions by id in integer units, 0 or less, per way; together no more than the total allowed."""
    vocabulary = table.catalog.vocabulary["criteria"]
    conditions = {
        "M1": _only_makers_scores(table, situation)[ways.rows.model],
        "M2": (ways.rows.kind != API) & (situation.given.get("ops_skill") == "none"),
        "M5": _below_minimum(table, ways, situation),
        "M4": _forbids_commerce(table, situation)[ways.rows.model] & (ways.rows.kind != API),
    }
    room = np.full(len(ways), int(vocabulary["scales"]["malus_total_max"] * units), dtype=np.int64)
    parts: dict[str, Units] = {}
    for entry in vocabulary["malus"]:
        wanted = np.where(conditions[entry["id"]], round(float(entry["share"]) * units), 0)
        taken = np.minimum(wanted, room)
        room = room - taken
        parts[entry["id"]] = -taken.astype(np.int64)
    return parts


def _only_makers_scores(table: ModelTable, situation: Situation) -> Any:
    task = situation.tasks[0]
    return table.once(
        ("M1", task),
        lambda: np.array(
            [task in m.ability and m.ability[task].grade == "B-" for m in table.models], dtype=bool
        ),
    )


def _below_minimum(table: ModelTable, ways: Ways, situation: Situation) -> Any:
    minimum = minimum_points(table, situation)
    points, lost = main_task_points(table, situation, ways.rows)
    return points - lost < minimum


def _forbids_commerce(table: ModelTable, situation: Situation) -> Any:
    asked = "commercial_use" in situation.given
    return np.array([not asked and m.commercial_use == "no" for m in table.models], dtype=bool)
