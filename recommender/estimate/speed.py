"""Tokens per second: decoding for one user and for many, from bytes read and operations done.

Roofline formulas with fitted efficiencies; the constants are fitted sets, not
physics. Prefill and time to first token stand in prefill.py, encoders in encoders.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from recommender.estimate.architecture import Architecture
from recommender.estimate.fit import Kind, Machine
from recommender.estimate.ranges import Floats, Numbers, Ranges, floats
from recommender.estimate.runtimes import Runtime

GIGA, MILLI, MICRO = 1e9, 1e-3, 1e-6

# Share of the nominal bandwidth reached while decoding.
_BANDWIDTH_SHARE = {
    Kind.NVIDIA: 0.83, Kind.APPLE: 0.88, Kind.AMD_CARD: 0.97, Kind.AMD_APU: 0.73,
    Kind.INTEL: 0.36, Kind.CPU: 0.50, Kind.PHONE: 0.50,
}  # fmt: skip
# Of that, while reading the cache. Servers and Transformers read long caches of single users slowly.
_CACHE_SHARE = {Runtime.SERVER: 0.32, Runtime.TRANSFORMERS: 0.13, Runtime.TRANSFORMERS_OLD: 0.13}
_CACHE_SHARE_OTHERS = 0.67
_DECODE_COMPUTE_SHARE = 0.06
# Microseconds per layer spent outside the matrices, llama.cpp by machine and other runtimes.
_LLAMA_CPP_LAYER_US = {
    Kind.NVIDIA: 57.0, Kind.APPLE: 125.0, Kind.AMD_CARD: 98.0, Kind.AMD_APU: 98.0,
    Kind.INTEL: 98.0, Kind.CPU: 0.0, Kind.PHONE: 0.0,
}  # fmt: skip
_LAYER_US = {
    Runtime.MLX: 55.0, Runtime.SERVER: 135.0, Runtime.TRANSFORMERS: 690.0, Runtime.TRANSFORMERS_OLD: 690.0,
    Runtime.AUTOAWQ: 33.0, Runtime.EXECUTORCH: 0.0,
}  # fmt: skip
_QUANTISED_TRANSFORMERS = 1.40
_SPARSE_LAYER_FACTOR = 1.5
_SPARSE_TRANSFORMERS_FACTOR = 6.5  # loops over the experts
_SPARSE_SERVER_FACTOR = 0.85
_LAYER_SPLIT_MS_PER_CARD = 0.8
_TENSOR_SPLIT_PER_DOUBLING = 0.81
# Spill to host memory.
_SPILL_CARD_SHARE, _SPILL_VRAM_SHARE, _SPILL_HOST_SHARE, _SPILL_LAYER_US = 0.8, 0.85, 0.75, 90.0
# Batched serving.
_BATCH_PER_DOUBLING = 0.886
_BATCH_SPARSE_SHARE = 0.65
_BATCH_COMPUTE_SHARE = 0.62
_BATCH_CACHE_FACTOR = 1.5
_BATCH_LAYER_US, _BATCH_LINK_US = 75.0, 51.0
_BATCH_SEQUENCE_MS = 0.10
_BATCH_LLAMA_CPP_COMPUTE, _BATCH_LLAMA_CPP_LAYER_US = 0.17, 150.0
_ALWAYS_ACTIVE_SHARE = 0.25  # of the active parameters: attention and shared experts
# Intervals.
_WIDTH_KNOWN, _WIDTH_WIDE, _WIDTH_CPU = (0.75, 1.3), (0.6, 1.7), (0.4, 2.5)
_LONG_CONTEXT_TOKENS = 32_768.0


class Width(NamedTuple):
    """Factors from the likeliest value to the ends of an interval."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Models as loaded on a machine: arrays that broadcast with each other (models x formats).

    `resident_gb` is what a dense step reads: the weights without an input embedding left in host memory.
    """

    models: Architecture
    resident_gb: Floats
    decode_factor: Floats  # q of the format
    compute_factor: Floats  # matrix throughput of the format in a server, against 16 bit
    is_quantised: Floats  # 1 where weights are narrower than 16 bit


def read_gb_per_token(loaded: Loaded) -> Floats:
    """Weights read for one token of one sequence, in GB: R = W, or W x active / total when sparse."""
    models = loaded.models
    share = np.where(models.is_sparse, models.active_parameters / models.total_parameters, 1.0)
    return loaded.resident_gb * np.minimum(share, 1.0)


def decode_tps(
    loaded: Loaded,
    machine: Machine,
    runtime: Runtime,
    *,
    kv_cache_gb: Numbers,
    context_tokens: Numbers = 0.0,
    tensor_split: bool | None = None,
) -> Ranges:
    """Output tokens per second for one user.

    t = (t_w^3 + t_c^3)^(1/3) + t_kv + t_o. `kv_cache_gb` is the cache held while decoding. Several cards
    split layers in llama.cpp and tensors in servers, unless `tensor_split` says otherwise. 4.4.
    """
    if tensor_split is None:
        tensor_split = runtime is Runtime.SERVER
    share = _BANDWIDTH_SHARE[machine.kind]
    bandwidth = machine.bandwidth_gb_s * share * _split_gain(machine.cards, tensor_split)
    weights_s = read_gb_per_token(loaded) / (bandwidth * loaded.decode_factor)
    compute_s = 2 * loaded.models.active_parameters / _decode_flops(machine)
    cache_s = floats(kv_cache_gb) / (bandwidth * _CACHE_SHARE.get(runtime, _CACHE_SHARE_OTHERS))
    overhead_s = _layer_overhead_s(loaded, machine, runtime)
    links_s = 0.0 if tensor_split else (machine.cards - 1) * _LAYER_SPLIT_MS_PER_CARD * MILLI
    seconds = np.cbrt(weights_s**3 + compute_s**3) + cache_s + overhead_s + links_s
    width = decode_width(loaded.models, machine, runtime, context_tokens=context_tokens)
    return Ranges.around(1.0 / seconds, width.low, width.high)


def spilled_decode_tps(loaded: Loaded, machine: Machine, *, context_tokens: Numbers = 0.0) -> Ranges:
    """Output tokens per second where weights spill from the cards into host memory.

    t = R s / (BW x 0.8) + R (1 - s) / (host BW x 0.75) + L x 90 us, s = min(1, 0.85 x VRAM / W).
    """
    on_cards = np.minimum(_SPILL_VRAM_SHARE * machine.memory_gb / loaded.resident_gb, 1.0)
    read = read_gb_per_token(loaded)
    seconds = (
        read * on_cards / (machine.bandwidth_gb_s * _SPILL_CARD_SHARE)
        + read * (1 - on_cards) / (machine.host_bandwidth_gb_s * _SPILL_HOST_SHARE)
        + loaded.models.layers_or_typical * _SPILL_LAYER_US * MICRO
    )
    low, high = _WIDTH_CPU
    return Ranges.around(1.0 / seconds, low, high)


def batched_decode_tps(
    loaded: Loaded,
    machine: Machine,
    runtime: Runtime = Runtime.SERVER,
    *,
    sequences: Numbers,
    kv_cache_gb: Numbers,
) -> Ranges:
    """Output tokens per second, summed over this many sequences decoded together.

    t_step = sqrt(t_w^2 + t_c^2) + KV / (1.5 BW n) + L x 75 us (+ L x 51 us when n > 1) + B x 0.10 ms;
    throughput = B / t_step. `kv_cache_gb` is of all sequences together; llama.cpp
    reaches a sixth of the arithmetic and spends twice as long between matrices (fitted).
    """
    serves = runtime is Runtime.SERVER
    models, batch = loaded.models, floats(sequences)
    cards = machine.cards
    gain = cards * _BATCH_PER_DOUBLING ** np.log2(cards)
    efficiency = np.where(models.is_sparse & serves, _BATCH_SPARSE_SHARE, 1.0)
    weights_s = batch_read_gb(loaded, batch) / (machine.bandwidth_gb_s * gain * efficiency)
    share = _BATCH_COMPUTE_SHARE * (loaded.compute_factor if serves else _BATCH_LLAMA_CPP_COMPUTE)
    flops = _batch_flops(machine) * gain * share
    compute_s = 2 * models.active_parameters * batch / flops
    cache_s = floats(kv_cache_gb) / (_BATCH_CACHE_FACTOR * machine.bandwidth_gb_s * cards)
    layer_us = (_BATCH_LAYER_US if serves else _BATCH_LLAMA_CPP_LAYER_US) + (
        _BATCH_LINK_US if cards > 1 else 0.0
    )
    overhead_s = models.layers_or_typical * layer_us * MICRO + batch * _BATCH_SEQUENCE_MS * MILLI
    seconds = np.hypot(weights_s, compute_s) + cache_s + overhead_s
    width = decode_width(models, machine, Runtime.SERVER)
    return Ranges.around(batch / seconds, width.low, width.high)


def batch_read_gb(loaded: Loaded, sequences: Numbers) -> Floats:
    """Weights read per step when this many sequences decode together, in GB.

    Sparse models read the shared quarter of the active parameters always, and of the routed part
    1 - (1 - a)^B, a being the active share of the routed parameters.
    """
    models = loaded.models
    shared = _ALWAYS_ACTIVE_SHARE * models.active_parameters
    routed = np.maximum(models.total_parameters - shared, 1.0)
    active_share = np.clip((models.active_parameters - shared) / routed, 0.0, 1.0)
    touched = shared + routed * (1.0 - (1.0 - active_share) ** floats(sequences))
    return loaded.resident_gb * np.where(models.is_sparse, touched / models.total_parameters, 1.0)


def decode_width(
    models: Architecture, machine: Machine, runtime: Runtime, *, context_tokens: Numbers = 0.0
) -> Width:
    """Factors of the interval around a decode speed.

    Narrow for known dense shapes under llama.cpp on NVIDIA and Apple; wide for sparse models, other
    vendors, long context and servers; widest for processors, phones and unknown active parameters.
    """
    usual = machine.kind in (Kind.NVIDIA, Kind.APPLE) and runtime in (Runtime.LLAMA_CPP, Runtime.MLX)
    long_context = floats(context_tokens) >= _LONG_CONTEXT_TOKENS
    wide = models.is_sparse | ~models.shape_known | long_context | (not usual)
    widest = ~models.active_known | (machine.kind in (Kind.CPU, Kind.PHONE))
    low = np.where(widest, _WIDTH_CPU[0], np.where(wide, _WIDTH_WIDE[0], _WIDTH_KNOWN[0]))
    high = np.where(widest, _WIDTH_CPU[1], np.where(wide, _WIDTH_WIDE[1], _WIDTH_KNOWN[1]))
    return Width(low * machine.speed_low, high * machine.speed_high)


def _split_gain(cards: int, tensor_split: bool) -> float:
    return float(cards * _TENSOR_SPLIT_PER_DOUBLING ** np.log2(cards)) if tensor_split else 1.0


def _compute_flops(machine: Machine) -> float:
    """Dense 16-bit operations per second of one card; infinite where no figure is known."""
    return np.inf if np.isnan(machine.tflops) else machine.tflops * 1e12


def _batch_flops(machine: Machine) -> float:
    """Operations per second that batches draw on, before shares; a processor's figure is usable as it is."""
    if np.isnan(machine.tflops) and not np.isnan(machine.cpu_gflops):
        return machine.cpu_gflops * GIGA / (_BATCH_COMPUTE_SHARE * _BATCH_LLAMA_CPP_COMPUTE)
    return _compute_flops(machine)


def _decode_flops(machine: Machine) -> float:
    """Operations per second that single-token decoding reaches: a small share of a GPU's matrix units, but
    all that a processor's single precision offers."""
    if np.isnan(machine.tflops) and not np.isnan(machine.cpu_gflops):
        return machine.cpu_gflops * GIGA
    return _compute_flops(machine) * _DECODE_COMPUTE_SHARE


def _layer_overhead_s(loaded: Loaded, machine: Machine, runtime: Runtime) -> Floats:
    per_layer = _LLAMA_CPP_LAYER_US[machine.kind] if runtime is Runtime.LLAMA_CPP else _LAYER_US[runtime]
    transformers = runtime in (Runtime.TRANSFORMERS, Runtime.TRANSFORMERS_OLD)
    sparse = _SPARSE_SERVER_FACTOR if runtime is Runtime.SERVER else _SPARSE_LAYER_FACTOR
    sparse = _SPARSE_TRANSFORMERS_FACTOR if transformers else sparse
    factor = np.where(loaded.models.is_sparse, sparse, 1.0)
    if transformers:
        factor = factor * np.where(loaded.is_quantised > 0, _QUANTISED_TRANSFORMERS, 1.0)
    return loaded.models.layers_or_typical * per_layer * MICRO * factor
