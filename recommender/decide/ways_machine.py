"""Ways on a machine: every downloadable model in every offered format, on own and on rented machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.decide.model_table import ModelTable
from recommender.decide.situation import OwnMachine, Situation, Workload
from recommender.decide.ways import OWN, Floats, Ints, Rows, rows
from recommender.decide.ways_api import volume
from recommender.estimate.architecture import Architecture
from recommender.estimate.encoders import texts_per_s
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
from recommender.estimate.memory import Memory, host_embedding_gb, memory, weights_gb
from recommender.estimate.prefill import prefill_tps, ttft_s
from recommender.estimate.quantisation import FormatColumns, bits_per_weight, offered_mask
from recommender.estimate.ranges import Ranges
from recommender.estimate.runtimes import Runtime
from recommender.estimate.speed import Loaded, batched_decode_tps, decode_tps

FEW_OUTPUT_TOKENS = 10  # below this an answer is a label: what counts is how fast texts are read
_ENCODER_BITS = 8
_SERVER_FROM_GB = 20.0
_SERVER_KINDS = (Kind.NVIDIA, Kind.AMD_CARD)
_RUNTIME_OF_LADDER = {"consumer": Runtime.LLAMA_CPP, "server": Runtime.SERVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Models x formats of one ladder, as loaded on one machine."""

    models: Ints  # positions in the model table
    formats: FormatColumns
    offered: NDArray[np.bool_]
    memory: Memory
    decode: Ranges  # tokens per second for one user
    together_tps: Floats  # likeliest, summed over the users
    prefill: Ranges
    texts: Ranges  # encoders: texts per second
    is_encoder: NDArray[np.bool_]


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """Downloadable models x formats of one ladder: what does not depend on machine and workload."""

    models: Ints
    figures: Architecture
    formats: FormatColumns
    runtime: Runtime
    body_bits: Floats
    weights_gb: Floats
    host_embedding_gb: Floats
    offered: NDArray[np.bool_]

    def only(self, kept: NDArray[np.intp]) -> Prepared:
        """The same for some of the models."""
        return Prepared(
            models=self.models[kept], figures=self.figures.take(kept), formats=self.formats,
            runtime=self.runtime,
            body_bits=self.body_bits[kept], weights_gb=self.weights_gb[kept],
            host_embedding_gb=self.host_embedding_gb[kept], offered=self.offered[kept],
        )  # fmt: skip


def prepared(table: ModelTable, ladder: str, min_bits: int) -> Prepared:
    """The formats of a ladder no narrower than `min_bits`, over all downloadable models; made once."""
    return table.once(("prepared", ladder, min_bits), lambda: _prepare(table, ladder, min_bits))  # type: ignore[no-any-return]


def _prepare(table: ModelTable, ladder: str, min_bits: int) -> Prepared:
    ids = [
        name
        for name in ("NATIVE", *table.formats.ladders[ladder])  # as published is never a loss
        if name == "NATIVE" or table.formats.by_id[name].bits_class >= min_bits
    ]
    chosen = np.flatnonzero(table.downloadable)
    flat, formats = table.figures.take(chosen), table.formats.columns(ids)
    dtypes = [table.native_dtypes[m] for m in chosen]
    bits = bits_per_weight(table.formats, formats, flat, dtypes)
    each = flat.column()
    shape = bits.body.shape
    weights = weights_gb(
        each, body_bits=bits.body, input_bits=bits.input, output_bits=bits.output,
        file_gb=file_sizes(table, chosen, ids),
    )  # fmt: skip
    # Encoders are used in 16 or 8 bit: nobody publishes narrower ones, and they are small anyway.
    narrow = np.array([table.formats.by_id[name].bits_class < _ENCODER_BITS for name in ids])
    offered = offered_mask(table.formats, ids, dtypes) & ~(flat.is_encoder[:, None] & narrow)
    return Prepared(
        models=chosen,
        figures=flat,
        formats=formats,
        runtime=_RUNTIME_OF_LADDER[ladder],
        body_bits=bits.body,
        weights_gb=np.broadcast_to(weights, shape),
        host_embedding_gb=np.broadcast_to(host_embedding_gb(each, input_bits=bits.input), shape),
        offered=offered,
    )


def load_grid(
    table: ModelTable, situation: Situation, machine: Machine, base: Prepared, *, users: int
) -> Grid:
    """Memory and speed on one machine of the prepared models in their formats."""
    workload, each = situation.workload, base.figures.column()
    on_card = machine.memory_kind == "vram" and base.runtime is Runtime.LLAMA_CPP
    held = memory(
        each,
        runtime=base.runtime,
        weights=base.weights_gb,
        context_tokens=held_tokens(table, base.models, workload)[:, None],
        sequences=users,
        host_gb=base.host_embedding_gb if on_card else 0.0,
        cards=machine.cards,
    )
    return _with_speed(base, held, machine, workload, users)


def held_tokens(table: ModelTable, chosen: Ints, workload: Workload) -> Floats:
    """Tokens that each model's cache holds: the need, but no more than its window."""
    windows: Floats = table.once(
        ("windows",),
        lambda: np.array([model.context_tokens or np.inf for model in table.models], dtype=np.float64),
    )
    return np.minimum(windows[chosen], float(workload.context_tokens))


def file_sizes(table: ModelTable, chosen: Ints, ids: Sequence[str]) -> Floats:
    """Published file sizes in GB, models x formats; NaN where none is known."""
    sizes = [[table.models[m].file_sizes_gb.get(name, np.nan) for name in ids] for m in chosen]
    return np.array(sizes, dtype=np.float64).reshape(len(chosen), len(ids))


def _with_speed(base: Prepared, held: Memory, machine: Machine, workload: Workload, users: int) -> Grid:
    each = base.figures.column()
    loaded = Loaded(
        models=each,
        resident_gb=held.weights_gb,
        decode_factor=base.formats.decode_factor,
        compute_factor=base.formats.compute_factor,
        is_quantised=(base.body_bits < 16).astype(np.float64),
    )
    cache = held.kv_cache_gb.likely
    if users > 1:
        together = batched_decode_tps(loaded, machine, base.runtime, sequences=users, kv_cache_gb=cache)
        decode = together.times(1.0 / users)
    else:
        decode = together = decode_tps(
            loaded, machine, base.runtime, kv_cache_gb=cache, context_tokens=workload.context_tokens
        )
    return Grid(
        models=base.models,
        formats=base.formats,
        offered=base.offered,
        memory=held,
        decode=decode,
        together_tps=together.likely,
        prefill=prefill_tps(loaded, machine, prompt_tokens=max(workload.input_tokens, 1)),
        texts=texts_per_s(each, machine, tokens_per_text=max(workload.input_tokens, 1)),
        is_encoder=base.figures.is_encoder,
    )


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
    shape = grid.offered.shape

    def cell(values: object) -> Floats:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), shape)[chosen, column]

    encoder = grid.is_encoder[chosen]
    first = ttft_s(Ranges.exactly(1.0).times(workload.input_tokens).over(grid.prefill), grid.decode)
    work = _work_speed(grid, workload)
    energy = wh_per_1000_tokens(
        joules_per_output_token(target, Runtime.LLAMA_CPP, throughput_tps=_throughput(grid, work, workload))
    )
    need, cache = grid.memory.total_gb, grid.memory.kv_cache_gb.likely
    return rows(
        len(chosen),
        model=grid.models[chosen],
        kind=kind,
        machine=machine,
        format=np.array([table.format_index[name] for name in grid.formats.ids])[column],
        weights_gb=cell(grid.memory.weights_gb),
        cache_gb=cell(cache),
        overhead_gb=cell(grid.memory.overhead_gb),
        memory_low_gb=cell(need.low),
        memory_gb=cell(need.likely),
        memory_high_gb=cell(need.high),
        usable_gb=target.usable_gb,
        decode_low_tps=np.where(encoder, np.nan, cell(grid.decode.low)),
        decode_tps=np.where(encoder, np.nan, cell(grid.decode.likely)),
        decode_high_tps=np.where(encoder, np.nan, cell(grid.decode.high)),
        work_low_tps=cell(work.low),
        work_tps=cell(work.likely),
        work_high_tps=cell(work.high),
        ttft_s=np.where(encoder, cell(grid.texts.inverse(1.0).likely), cell(first.likely)),
        cost_low_usd=cell(cost.low),
        cost_usd=cell(cost.likely),
        cost_high_usd=cell(cost.high),
        wh_low=cell(energy.low),
        wh=cell(energy.likely),
        wh_high=cell(energy.high),
        load_share=cell(busy) / (hours * replicas),
        replicas=replicas,
    )


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
