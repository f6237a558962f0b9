"""Texts per second of encoders (BERT family, embedding models)."""

from __future__ import annotations

import numpy as np

from recommender.estimate.architecture import Architecture
from recommender.estimate.fit import Kind, Machine
from recommender.estimate.ranges import Floats, Numbers, Ranges, floats

# Batched texts keep the matrix units of a GPU about as busy as a prompt does.
_GPU_SHARE = {
    Kind.NVIDIA: 0.42, Kind.APPLE: 0.40, Kind.AMD_CARD: 0.42, Kind.AMD_APU: 0.15, Kind.INTEL: 0.12,
    Kind.CPU: 1.0, Kind.PHONE: 1.0,
}  # fmt: skip
_WIDTH = (1.0 / 3.0, 3.0)


def usable_flops(machine: Machine) -> float:
    """Operations per second for plain encoder work: usable single precision, or a share of the GPU's."""
    if np.isnan(machine.tflops):
        return machine.cpu_gflops * 1e9
    return machine.tflops * 1e12 * _GPU_SHARE[machine.kind] * machine.cards


def texts_per_s(models: Architecture, machine: Machine, *, tokens_per_text: Numbers) -> Ranges:
    """Texts encoded per second: usable operations / (2 x parameters without embeddings x tokens), x1/3 to x3.

    Check: bert-base on a Raspberry Pi 5 (some 50 GFLOP/s) about 0.4 s a text of 128 tokens.
    """
    operations = 2 * working_parameters(models) * floats(tokens_per_text)
    low, high = _WIDTH
    likely = usable_flops(machine) / operations
    return Ranges.around(likely, low * machine.speed_low, high * machine.speed_high)


def working_parameters(models: Architecture) -> Floats:
    """Parameters that multiply every token: all but the embedding table.

    Where layers share their weights the same ones work once per layer: 12 H^2 a layer, the size of a
    transformer layer with a feed-forward part four times as wide.
    """
    own = np.maximum(models.total_parameters - models.embedding_parameters, 0.05 * models.total_parameters)
    shared = 12.0 * np.nan_to_num(models.hidden_size) ** 2 * np.nan_to_num(models.layers)
    return np.where(models.shared_layers & (shared > 0), shared, own)
