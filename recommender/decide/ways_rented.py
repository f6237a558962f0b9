"""Ways on rented GPUs: for each model and format the cheapest set of cards that holds it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.catalog.types import Range
from recommender.decide.grid import Grid, load_grid, prepared
from recommender.decide.model_table import ModelTable
from recommender.decide.situation import OwnMachine, Situation
from recommender.decide.ways import RENTED, Rows
from recommender.decide.ways_machine import block, busy_time, hours_on
from recommender.estimate.fit import machine_of
from recommender.estimate.hosting_cost import rented_month, replicas_needed
from recommender.estimate.ranges import Ranges

_COUNTS = (1, 2, 4, 8)
_FILL = 0.9  # a server reserves nine tenths of its cards
_SERVED_TOGETHER = 16  # requests a server decodes at a time when it is kept busy


def rental_machines(table: ModelTable) -> tuple[tuple[OwnMachine, Range], ...]:
    """Every set of cards that is rented out, cheapest hour first, with the rent of the whole set."""
    sets = []
    for device_id, rent in table.hosting.rent_usd_per_gpu_hour.items():
        device = table.catalog.devices.get(device_id)
        if device is None:
            continue
        for count in _COUNTS:
            name = device.name if count == 1 else f"{count} x {device.name}"
            own = OwnMachine(
                machine=machine_of(device, table.hardware, count=count), name=name,
                device=device.id, count=count,
                assumed=True, price_usd=None, released_year=device.released_year, data_centre=True,
            )  # fmt: skip
            sets.append((own, Range(rent.low * count, rent.likely * count, rent.high * count)))
    return tuple(sorted(sets, key=lambda pair: (pair[1].likely, pair[0].name)))


def rented_rows(
    table: ModelTable, situation: Situation, *, first_machine: int
) -> tuple[list[Rows], tuple[OwnMachine, ...]]:
    """Blocks of rows, one per set of cards in use, and those sets. Only sets on sale by the day."""
    sets = [
        pair
        for pair in table.once(("rentals",), lambda: rental_machines(table))
        if (pair[0].released_year or 0) <= situation.day.year
    ]
    users = max(situation.workload.concurrent_users, _SERVED_TOGETHER)
    blocks: list[Rows] = []
    machines: list[OwnMachine] = []
    base = prepared(table, "server", situation.given.get("min_bits") or 0)
    waiting = base.offered.copy()
    for own, rent in sets:
        kept = np.flatnonzero(waiting.any(axis=1))
        # Weights alone say which models cannot fit: only the others are worth a full estimate.
        kept = kept[
            (np.where(waiting, base.weights_gb, np.inf)[kept] <= own.machine.usable_gb * _FILL).any(axis=1)
        ]
        if not len(kept):
            continue
        grid = load_grid(table, situation, own.machine, base.only(kept), users=users)
        now = (grid.memory.total_gb.likely <= own.machine.usable_gb * _FILL) & waiting[kept]
        waiting[kept] &= ~now
        chosen = np.flatnonzero(now.any(axis=1))
        if len(chosen):
            part = narrowed(grid, chosen, now)
            blocks.append(_block(table, situation, own, rent, part, first_machine + len(machines)))
            machines.append(own)
        if not waiting.any():
            break
    return blocks, tuple(machines)


def narrowed(
    grid: Grid,
    kept: np.ndarray[tuple[int, ...], np.dtype[np.intp]],
    offered: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> Grid:
    """A grid of some of its models, with another mask of what is offered."""

    def cut(ranges: Ranges) -> Ranges:
        shape = grid.offered.shape
        return Ranges(
            low=np.broadcast_to(ranges.low, shape)[kept],
            likely=np.broadcast_to(ranges.likely, shape)[kept],
            high=np.broadcast_to(ranges.high, shape)[kept],
        )

    held, shape = grid.memory, grid.offered.shape
    part = replace(
        held,
        weights_gb=np.broadcast_to(held.weights_gb, shape)[kept],
        kv_cache_gb=cut(held.kv_cache_gb),
        overhead_gb=np.broadcast_to(held.overhead_gb, shape)[kept],
        total_gb=cut(held.total_gb),
        confident=np.broadcast_to(held.confident, shape)[kept],
    )
    return Grid(
        models=grid.models[kept],
        formats=grid.formats,
        offered=offered[kept],
        memory=part,
        decode=cut(grid.decode),
        together_tps=np.broadcast_to(grid.together_tps, shape)[kept],
        prefill=cut(grid.prefill),
        texts=cut(grid.texts),
        is_encoder=grid.is_encoder[kept],
    )


def _block(
    table: ModelTable, situation: Situation, own: OwnMachine, rent: Range, grid: Grid, position: int
) -> Rows:
    hosting, usage = table.hosting, situation.workload.usage
    hours = hours_on(table, usage)
    minimum = hosting.minimum_replicas if usage == "product" or situation.given.get("support") == "sla" else 1
    busy = np.nan_to_num(busy_time(grid, situation.workload), nan=np.inf)
    busy = np.minimum(busy, 1e9)
    replicas = replicas_needed(busy, hours=hours, utilisation=hosting.utilisation_high, minimum=minimum)
    # One machine set serves `replicas` copies; rent is for every card of every copy.
    cost = rented_month(rent, gpus=1.0, hours=hours, replicas=replicas)
    return block(
        table, grid, situation.workload, busy / replicas, cost, own.machine,
        kind=RENTED, machine=position, hours=hours, replicas=1.0,
    )  # fmt: skip
