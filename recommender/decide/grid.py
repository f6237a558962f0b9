"""Every downloadable model in every offered format, as loaded on one machine: memory and speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.decide.model_table import ModelTable
from recommender.decide.situation import Situation, Workload
from recommender.decide.ways import Floats, Ints
from recommender.estimate.architecture import Architecture
from recommender.estimate.encoders import texts_per_s
from recommender.estimate.fit import Machine
from recommender.estimate.memory import Memory, host_embedding_gb, memory, weights_gb
from recommender.estimate.prefill import prefill_tps
from recommender.estimate.quantisation import FormatColumns, bits_per_weight, offered_mask
from recommender.estimate.ranges import Ranges
from recommender.estimate.runtimes import Runtime
from recommender.estimate.speed import Loaded, batched_decode_tps, decode_tps

_ENCODER_BITS = 8
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
