"""Reading the prompt: tokens per second and time to the first token."""

from __future__ import annotations

import math

import numpy as np

from recommender.estimate.fit import Kind, Machine
from recommender.estimate.ranges import Floats, Numbers, Ranges, floats
from recommender.estimate.speed import GIGA, MICRO, Loaded

# Share of the 16-bit operations reached; Apple's TFLOPS is twice its single-precision figure.
_COMPUTE_SHARE = {
    Kind.NVIDIA: 0.40, Kind.APPLE: 0.37, Kind.AMD_CARD: 0.41, Kind.AMD_APU: 0.13,
    Kind.INTEL: 0.12, Kind.CPU: 1.0, Kind.PHONE: 1.0,
}  # fmt: skip
_SPARSE_SHARE = 0.7
_ATTENTION_FACTOR = 1.6
_CHUNK_TOKENS = 512.0
_WEIGHT_PASSES = 0.55
_LAYER_US = 30.0  # per layer and chunk
_GAIN_PER_DOUBLING = 1.2  # layer split; 1.04 to 1.24 measured with two cards, 1.2 to 1.7 with four
_WIDTH = (0.5, 2.0)


def prefill_s(
    loaded: Loaded, machine: Machine, *, prompt_tokens: Numbers, depth_tokens: Numbers = 0.0
) -> Ranges:
    """Seconds to read a prompt of this many tokens after `depth_tokens` already cached.

    (2 A n + 4 n (n/2 + depth) H L x 1.85) / operations per second + ceil(n / 512) x
    (0.55 W / BW + L x 30 us); several cards gain 1.2 per doubling.
    """
    models, tokens, depth = loaded.models, floats(prompt_tokens), floats(depth_tokens)
    width = models.width_or_typical * models.layers_or_typical * _full_attention_share(loaded)
    attention = 4 * tokens * (tokens / 2 + depth) * width * _ATTENTION_FACTOR
    sparse = np.where(models.is_sparse, _SPARSE_SHARE, 1.0)
    operations_s = (2 * models.active_parameters * tokens + attention) / (usable_flops(machine) * sparse)
    chunks = np.ceil(tokens / _CHUNK_TOKENS)
    reading_s = _WEIGHT_PASSES * loaded.resident_gb / machine.bandwidth_gb_s
    between_s = models.layers_or_typical * _LAYER_US * MICRO
    low, high = _WIDTH
    return Ranges.around(
        operations_s + chunks * (reading_s + between_s), low / machine.speed_high, high / machine.speed_low
    )


def prefill_tps(
    loaded: Loaded, machine: Machine, *, prompt_tokens: Numbers, depth_tokens: Numbers = 0.0
) -> Ranges:
    """Prompt tokens read per second."""
    seconds = prefill_s(loaded, machine, prompt_tokens=prompt_tokens, depth_tokens=depth_tokens)
    return seconds.inverse(prompt_tokens)


def ttft_s(prefill: Ranges, decode: Ranges, *, queueing_s: Numbers = 0.0) -> Ranges:
    """Seconds to the first token: prefill, queueing and one decode step."""
    return prefill.plus(decode.inverse(1.0)).plus(Ranges.exactly(queueing_s))


def usable_flops(machine: Machine) -> float:
    """Operations per second reached in dense matrix work on all cards, or on a processor."""
    if np.isnan(machine.tflops):
        return machine.cpu_gflops * GIGA
    gain = math.pow(_GAIN_PER_DOUBLING, math.log2(machine.cards))
    return machine.tflops * 1e12 * _COMPUTE_SHARE[machine.kind] * gain


def _full_attention_share(loaded: Loaded) -> Floats:
    """Share of the cached width that belongs to full-attention layers: L_full / L, all where unknown."""
    models = loaded.models
    full, window = np.nan_to_num(models.kv_values_full), np.nan_to_num(models.kv_values_window)
    known = models.shape_known & (full + window > 0)
    return np.where(known, full / np.where(known, full + window, 1.0), 1.0)
