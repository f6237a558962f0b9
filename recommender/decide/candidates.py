"""All candidates of a situation: offers, rented GPUs, own machines, and a stand-in for models without any."""

from __future__ import annotations

import numpy as np

from recommender.decide.model_table import ModelTable
from recommender.decide.situation import Situation
from recommender.decide.ways import API, OWN, Rows, Ways, rows, stacked
from recommender.decide.ways_api import api_rows
from recommender.decide.ways_machine import own_rows
from recommender.decide.ways_rented import rented_rows


def candidates(table: ModelTable, situation: Situation) -> Ways:
    """Every way of running every model that was released by the day; each model has at least one."""
    own = own_rows(table, situation)
    rented, machines = rented_rows(table, situation, first_machine=len(situation.machines))
    made = stacked([api_rows(table, situation), *rented, *own])
    released = np.array([model.released <= situation.day for model in table.models], dtype=bool)
    kept = released[made.model]
    made = _taken(made, np.flatnonzero(kept))
    without = np.flatnonzero(released & ~np.isin(np.arange(len(released)), made.model))
    stand_ins = rows(
        len(without),
        model=without,
        kind=np.array([OWN if table.models[m].kind != "closed" else API for m in without], dtype=np.int8),
    )
    return Ways(
        rows=stacked([made, stand_ins]), machines=(*situation.machines, *machines), formats=table.format_ids
    )


def _taken(made: Rows, chosen: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Rows:
    return Rows(**{name: getattr(made, name)[chosen] for name in Rows.__slots__})
