"""Memory a model needs: weights, key-value cache and overhead, in GB (10^9 bytes).

The formulas are the architecture's own arithmetic; what is fitted says so beside the constant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.estimate.architecture import Architecture
from recommender.estimate.ranges import Floats, Numbers, Ranges, floats
from recommender.estimate.runtimes import Runtime

GB = 1e9
BITS_PER_BYTE = 8.0
# Bytes of one cached value by cache format.
KV_BYTES = {"f16": 2.0, "bf16": 2.0, "fp16": 2.0, "auto": 2.0, "f32": 4.0, "fp32": 4.0,
            "q8_0": 1.06, "int8": 1.06, "fp8": 1.0, "q4_0": 0.56, "q4": 0.56}  # fmt: skip
_STATE_BYTES = 4.0  # recurrent states of hybrid models stay in 32 bit
# Cache of an unknown shape, as a share of the full formula (10 to 100 %).
_UNKNOWN_CACHE_LOW, _UNKNOWN_CACHE_LIKELY, _UNKNOWN_CACHE_HIGH = 0.1, 0.5, 1.0
_UNKNOWN_CONTEXT_TOKENS = 4096.0
# Width of the interval around the total.
_WIDTH_KNOWN, _WIDTH_UNKNOWN, _WIDTH_TRANSFORMERS = 0.10, 0.20, 0.20
# llama.cpp: logits of a batch of at most 512 tokens in 32 bit, two and a half times, and a fixed part; small
# models stay below that. Refitted from the 5 buffers + 0.87 GB (0.5 GB under 5 GB) that others use, which
# is high on whole-device measurements and jumps at 5 GB.
_LOGIT_BATCH_TOKENS, _LOGIT_BUFFERS_BYTES = 512.0, 2.5 * 4.0
_LLAMA_CPP_FIXED_GB = 0.55
_LLAMA_CPP_SMALL_GB, _LLAMA_CPP_SMALL_SHARE = 0.4, 0.18
_MLX_GB = 0.6
_EXECUTORCH_GB = 0.9
_TRANSFORMERS_ALLOCATOR_GB, _TRANSFORMERS_DEVICE_GB = 0.23, 2.0
_TRANSFORMERS_BYTES_PER_WIDTH_TOKEN = 17.0
_OLD_LOGITS_BYTES_PER_TOKEN = 5.9
_TRANSFORMERS_KV_FACTOR = 0.9
# Servers prefill in chunks of about 8,192 tokens: activations do not grow beyond that.
_SERVER_CHUNK_TOKENS = 8192.0
_SERVER_FIXED_GB = 1.0
_SERVER_RESERVES = 0.9
_ENCODER_GB = 0.3
_NATIVE_FILES = ("NATIVE", "MXFP4", "MXFP4_MOE")
_ENCODER_BYTES_PER_WIDTH_TOKEN = 17.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Parts and total in GB; `total` is a range, `confident` is False where the shape is unknown."""

    weights_gb: Floats
    kv_cache_gb: Ranges
    overhead_gb: Floats
    total_gb: Ranges
    confident: NDArray[np.bool_]


def weights_gb(
    models: Architecture,
    *,
    body_bits: Numbers,
    input_bits: Numbers,
    output_bits: Numbers,
    file_gb: Numbers = np.nan,
) -> Floats:
    """Size of the weights in GB; a published file's size wins where it is given (not NaN).

    [(P - E_in - E_out) x body + E_in x in + E_out x out] / 8, a tied matrix counted once at `out`.
    Bits are per weight.
    """
    matrix = models.embedding_parameters
    inputs = np.where(models.tied_embeddings, 0.0, matrix)
    body = np.maximum(models.total_parameters - matrix - inputs, 0.0)
    bits = body * floats(body_bits) + inputs * floats(input_bits) + matrix * floats(output_bits)
    published = floats(file_gb)
    return np.where(np.isnan(published), bits / BITS_PER_BYTE / GB, published)


def host_embedding_gb(models: Architecture, *, input_bits: Numbers) -> Floats:
    """Input embedding that llama.cpp leaves in host memory, in GB; 0 where embeddings are tied."""
    inputs = np.where(models.tied_embeddings, 0.0, models.embedding_parameters)
    return inputs * floats(input_bits) / BITS_PER_BYTE / GB


def kv_cache_gb(
    models: Architecture, *, context_tokens: Numbers, bytes_per_value: Numbers = 2.0, sequences: Numbers = 1.0
) -> Ranges:
    """Memory of the key-value cache in GB for so many sequences of this many tokens.

    [values_full x tokens + values_window x min(tokens, window)] x bytes + 4 B x state values, per
    sequence. An unknown shape gives 10 to 100 % of the full formula at a typical shape.
    """
    tokens, value_bytes, copies = floats(context_tokens), floats(bytes_per_value), floats(sequences)
    window = np.where(np.isnan(models.sliding_window), tokens, np.minimum(tokens, models.sliding_window))
    cached = np.nan_to_num(models.kv_values_full) * tokens + np.nan_to_num(models.kv_values_window) * window
    state = _STATE_BYTES * np.nan_to_num(models.state_values)
    known = (cached * value_bytes + state) * copies / GB
    guess = models.typical_kv_values * tokens * value_bytes * copies / GB
    is_known = models.shape_known
    caches = ~models.is_encoder

    def end(share: float) -> Floats:
        return np.where(is_known, known, guess * share) * caches

    return Ranges(
        low=end(_UNKNOWN_CACHE_LOW), likely=end(_UNKNOWN_CACHE_LIKELY), high=end(_UNKNOWN_CACHE_HIGH)
    )


def overhead_gb(
    models: Architecture,
    *,
    runtime: Runtime,
    weights: Numbers,
    prompt_tokens: Numbers,
    sequences: Numbers = 1.0,
    cards: int = 1,
    whole_device: bool = True,
) -> Floats:
    """Memory beside weights and cache in GB, on all cards together.

    `prompt_tokens` are read in one pass: activations follow them, not the tokens generated later.
    `whole_device` counts the runtime's own context too; without it only what the allocator reports.
    """
    tokens, copies = floats(prompt_tokens), floats(sequences)
    shape = np.broadcast_shapes(np.shape(weights), tokens.shape, copies.shape, models.total_parameters.shape)
    encoder = _ENCODER_GB + _ENCODER_BYTES_PER_WIDTH_TOKEN * models.width_or_typical * tokens * copies / GB
    decoder = _decoder_overhead_gb(models, runtime, floats(weights), tokens, copies, cards, whole_device)
    return np.broadcast_to(np.where(models.is_encoder, encoder, decoder), shape)


def _decoder_overhead_gb(
    models: Architecture,
    runtime: Runtime,
    weights: Floats,
    tokens: Floats,
    copies: Floats,
    cards: int,
    whole_device: bool,
) -> Floats:
    if runtime is Runtime.MLX:
        return floats(_MLX_GB)
    if runtime is Runtime.EXECUTORCH:
        return floats(_EXECUTORCH_GB)
    width = models.width_or_typical
    if runtime is Runtime.SERVER:
        chunk = np.minimum(tokens * copies, _SERVER_CHUNK_TOKENS)
        return cards * (_SERVER_FIXED_GB + _TRANSFORMERS_BYTES_PER_WIDTH_TOKEN * width * chunk / GB)
    if runtime is Runtime.LLAMA_CPP:
        logits = np.nan_to_num(models.vocabulary_size) * np.minimum(tokens, _LOGIT_BATCH_TOKENS)
        buffers = logits * _LOGIT_BUFFERS_BYTES / GB + _LLAMA_CPP_FIXED_GB
        return cards * np.minimum(buffers, _LLAMA_CPP_SMALL_GB + _LLAMA_CPP_SMALL_SHARE * weights)
    fixed = _TRANSFORMERS_DEVICE_GB if whole_device else _TRANSFORMERS_ALLOCATOR_GB
    used = fixed + _TRANSFORMERS_BYTES_PER_WIDTH_TOKEN * width * tokens * copies / GB
    if runtime is Runtime.TRANSFORMERS_OLD:
        used = (
            used + _OLD_LOGITS_BYTES_PER_TOKEN * np.nan_to_num(models.vocabulary_size) * tokens * copies / GB
        )
    return used


def memory(
    models: Architecture,
    *,
    runtime: Runtime,
    weights: Numbers,
    context_tokens: Numbers | None,
    sequences: Numbers = 1.0,
    prompt_tokens: Numbers | None = None,
    bytes_per_value: Numbers = 2.0,
    host_gb: Numbers = 0.0,
    cards: int = 1,
    whole_device: bool = True,
) -> Memory:
    """Memory of a running model: parts, and a total of low, likely and high, all in GB.

    The context is taken as all prompt unless `prompt_tokens` says otherwise. `host_gb` is the part of the
    weights left in host memory. The range is +/-10 %, +/-20 % where the
    shape is unknown or the runtime is Transformers.
    """
    tokens = floats(_UNKNOWN_CONTEXT_TOKENS if context_tokens is None else context_tokens)
    cache = kv_cache_gb(models, context_tokens=tokens, bytes_per_value=bytes_per_value, sequences=sequences)
    if runtime in (Runtime.TRANSFORMERS, Runtime.TRANSFORMERS_OLD):
        cache = cache.times(_TRANSFORMERS_KV_FACTOR)
    prompt = tokens if prompt_tokens is None else floats(prompt_tokens)
    overhead = overhead_gb(
        models, runtime=runtime, weights=weights, prompt_tokens=prompt, sequences=sequences,
        cards=cards, whole_device=whole_device,
    )  # fmt: skip
    resident = floats(weights) - floats(host_gb)
    parts = cache.plus(Ranges.exactly(resident + overhead))
    known_width = _WIDTH_TRANSFORMERS if runtime.startswith("transformers") else _WIDTH_KNOWN
    width = np.where(models.shape_known, known_width, _WIDTH_UNKNOWN)
    total = Ranges(low=parts.low * (1 - width), likely=parts.likely, high=parts.high * (1 + width))
    return Memory(
        weights_gb=resident,
        kv_cache_gb=cache,
        overhead_gb=overhead,
        total_gb=total,
        confident=np.broadcast_to(models.shape_known, total.likely.shape),
    )


def reserved_gb(card_memory_gb: Numbers, *, cards: int = 1) -> Floats:
    """What a server reserves of its cards whatever the model needs, in GB: 90 % (vLLM's default, 4.2)."""
    return floats(card_memory_gb) * cards * _SERVER_RESERVES


def published_sizes_gb(sizes: Sequence[Mapping[str, float]], ids: Sequence[str]) -> Floats:
    """Published file sizes in GB, models x formats; NaN where none is known.

    The keys of each mapping are format ids. NATIVE takes a file of the format the weights came in.
    """
    rows = [[_published_gb(each, name) for name in ids] for each in sizes]
    return np.array(rows, dtype=np.float64).reshape(len(sizes), len(ids))


def _published_gb(sizes: Mapping[str, float], name: str) -> float:
    names = _NATIVE_FILES if name == "NATIVE" else (name,)
    return next((float(sizes[each]) for each in names if each in sizes), float("nan"))
