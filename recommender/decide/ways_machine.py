"""Ways on a machine: every downloadable model in every offered format, on own and on rented machines."""

from __future__ import annotations

import numpy as np

from recommender.decide.grid import Grid, load_grid, prepared
from recommender.decide.model_table import ModelTable
from recommender.decide.situation import OwnMachine, Situation, Workload
from recommender.decide.ways import OWN, Floats, Rows, rows
from recommender.decide.ways_api import volume
from recommender.estimate.energy import generating_w, joules_per_output_token, wh_per_1000_tokens
from recommender.estimate.fit import Kind, Machine
from recommender.estimate.hosting_cost import (
    busy_hours,
    busy_hours_of_texts,
    capital_month,
    electricity_month,
    idle_power_w,
    own_month,
)
from recommender.estimate.prefill import ttft_s
from recommender.estimate.ranges import Ranges
from recommender.estimate.runtimes import Runtime

FEW_OUTPUT_TOKENS = 10  # below this an answer is a label: what counts is how fast texts are read
_SERVER_FROM_GB = 20.0
_SERVER_KINDS = (Kind.NVIDIA, Kind.AMD_CARD)


def ladders_of(own: OwnMachine, users: int) -> tuple[str, ...]:
    """Which formats are offered on a machine: a server's, llama.cpp's, or both."""
    machine = own.machine
    can_serve = machine.kind in _SERVER_KINDS and machine.memory_gb / machine.cards >= _SERVER_FROM_GB
    if not can_serve:
        return ("consumer",)
    return ("server",) if own.data_centre or users > 1 else ("consumer", "server")


def own_rows(table: ModelTable, situation: Situation) -> list[Rows]:
    """Blocks of rows for the reader's own machines, or for those assumed in their place."""
    blocks = []
    for position, own in enumerate(situation.machines):
        for ladder in ladders_of(own, situation.workload.concurrent_users):
            base = prepared(table, ladder, situation.given.get("min_bits") or 0)
            grid = load_grid(table, situation, own.machine, base, users=situation.workload.concurrent_users)
            blocks.append(_own_block(table, situation, own, position, grid))
    return blocks


def _own_block(table: ModelTable, situation: Situation, own: OwnMachine, position: int, grid: Grid) -> Rows:
    busy = busy_time(grid, situation.workload)
    cost = _own_cost(table, situation, own, busy)
    return block(
        table, grid, situation.workload, busy, cost, own.machine,
        kind=OWN, machine=position, hours=table.hosting.month_hours, replicas=1.0,
    )  # fmt: skip


def busy_time(grid: Grid, workload: Workload) -> Floats:
    """Hours a month one machine works on the volume, models x formats."""
    generated = busy_hours(volume(workload), decode_tps=grid.together_tps, prefill_tps=grid.prefill.likely)
    read = busy_hours_of_texts(workload.requests_per_month, texts_per_s=grid.texts.likely)
    return np.where(grid.is_encoder[:, None], read, generated)


def _own_cost(table: ModelTable, situation: Situation, own: OwnMachine, busy: Floats) -> Ranges:
    hosting, machine = table.hosting, own.machine
    on_hours = hours_on(table, situation.workload.usage)
    watts = np.nan_to_num(generating_w(machine, Runtime.LLAMA_CPP), nan=100.0 * machine.cards)
    power = electricity_month(
        hosting,
        busy_w=watts,
        idle_w=idle_power_w(
            hosting, tdp_w=np.nan_to_num(machine.tdp_w) * machine.cards, measured_idle_w=machine.idle_w
        ),
        busy=np.minimum(np.nan_to_num(busy, nan=0.0, posinf=on_hours), hosting.month_hours),
        on_hours=on_hours,
        place="server-room" if own.data_centre else "home",
    )
    price = (own.price_usd or 0.0) * own.count
    life = "data_centre" if own.data_centre else "consumer"
    return own_month(power, capital_month(hosting, price_usd=price, life=life), already_owned=not own.assumed)


def hours_on(table: ModelTable, usage: str) -> float:
    """Hours a month that a machine is kept on at this stage of use."""
    hosting = table.hosting
    return {"try": hosting.trying_hours, "team": hosting.working_hours}.get(usage, hosting.month_hours)


def block(
    table: ModelTable,
    grid: Grid,
    workload: Workload,
    busy: Floats,
    cost: Ranges,
    target: Machine,
    *,
    kind: np.int8,
    machine: int,
    hours: float,
    replicas: float,
) -> Rows:
    """The offered cells of a grid as rows."""
    chosen, column = np.nonzero(grid.offered)

    def cell(values: object) -> Floats:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), grid.offered.shape)[chosen, column]

    return rows(
        len(chosen),
        model=grid.models[chosen],
        kind=kind,
        machine=machine,
        format=np.array([table.format_index[name] for name in grid.formats.ids])[column],
        usable_gb=target.usable_gb,
        cost_low_usd=cell(cost.low),
        cost_usd=cell(cost.likely),
        cost_high_usd=cell(cost.high),
        load_share=cell(busy) / (hours * replicas),
        replicas=replicas,
        **{name: cell(values) for name, values in _memory_columns(grid).items()},
        **{name: cell(values) for name, values in _speed_columns(grid, workload, target).items()},
    )


def _memory_columns(grid: Grid) -> dict[str, object]:
    held = grid.memory
    return {
        "weights_gb": held.weights_gb,
        "cache_gb": held.kv_cache_gb.likely,
        "overhead_gb": held.overhead_gb,
        "memory_low_gb": held.total_gb.low,
        "memory_gb": held.total_gb.likely,
        "memory_high_gb": held.total_gb.high,
    }


def _speed_columns(grid: Grid, workload: Workload, target: Machine) -> dict[str, object]:
    """Speeds and energy, models x formats; encoders have no decode speed."""
    writes = ~grid.is_encoder[:, None]
    reading = Ranges.exactly(float(workload.input_tokens)).over(grid.prefill)
    first = ttft_s(reading, grid.decode).likely
    work = _work_speed(grid, workload)
    joules = joules_per_output_token(
        target, Runtime.LLAMA_CPP, throughput_tps=_throughput(grid, work, workload)
    )
    energy = wh_per_1000_tokens(joules)
    return {
        "decode_low_tps": np.where(writes, grid.decode.low, np.nan),
        "decode_tps": np.where(writes, grid.decode.likely, np.nan),
        "decode_high_tps": np.where(writes, grid.decode.high, np.nan),
        "work_low_tps": work.low,
        "work_tps": work.likely,
        "work_high_tps": work.high,
        "ttft_s": np.where(writes, first, grid.texts.inverse(1.0).likely),
        "wh_low": energy.low,
        "wh": energy.likely,
        "wh_high": energy.high,
    }


def _work_speed(grid: Grid, workload: Workload) -> Ranges:
    """What C04 judges: decode speed; where hardly anything is written, tokens handled per second."""
    each_text = grid.texts.times(float(workload.input_tokens))
    if workload.output_tokens >= FEW_OUTPUT_TOKENS:
        speed = grid.decode
    else:
        total = workload.input_tokens + workload.output_tokens
        reading = Ranges.exactly(float(workload.input_tokens)).over(grid.prefill)
        writing = Ranges.exactly(float(workload.output_tokens)).over(grid.decode)
        speed = Ranges.exactly(float(total)).over(reading.plus(writing))
    encoder = grid.is_encoder[:, None]
    return Ranges(
        low=np.where(encoder, each_text.low, speed.low),
        likely=np.where(encoder, each_text.likely, speed.likely),
        high=np.where(encoder, each_text.high, speed.high),
    )


def _throughput(grid: Grid, work: Ranges, workload: Workload) -> Floats:
    """Tokens per second of all users together, for energy per token."""
    few = workload.output_tokens < FEW_OUTPUT_TOKENS
    return np.where(grid.is_encoder[:, None] | few, work.likely, grid.together_tps)
