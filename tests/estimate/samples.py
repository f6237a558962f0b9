"""Models, machines and constants that the tests of the estimates share; shapes as published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from recommender.catalog.strict_yaml import read_yaml
from recommender.catalog.types import Device, Model, Shape
from recommender.estimate.architecture import Architecture, architecture
from recommender.estimate.cost import Hosting, load_hosting
from recommender.estimate.fit import HardwareAssumptions, Machine, load_hardware, machine_of
from recommender.estimate.quantisation import Formats, load_formats
from recommender.estimate.speed import Loaded

DATA = Path(__file__).resolve().parents[2] / "data"


@cache
def formats() -> Formats:
    """The formats of data/quantisation.yaml."""
    return load_formats(read_yaml(DATA / "quantisation.yaml"))


@cache
def hardware() -> HardwareAssumptions:
    """The assumptions of data/hardware_assumptions.yaml."""
    return load_hardware(read_yaml(DATA / "hardware_assumptions.yaml"))


@cache
def hosting() -> Hosting:
    """The conventions of data/hosting.yaml."""
    return load_hosting(read_yaml(DATA / "hosting.yaml"))


def model(name: str, total: float, shape: Shape | None = None, **facts: Any) -> Model:
    """A model of this size, otherwise plain."""
    base = Model(
        id=f"lab/{name}", name=name, developer="lab", family=name, kind="open-weight",
        architecture="decoder", released=date(2024, 7, 23), status="weights-available",
        parameters_total=int(total), shape=shape,
    )  # fmt: skip
    return replace(base, **facts)


def llama(name: str, total: float, *, hidden: int, layers: int, kv_heads: int, tied: bool = False) -> Model:
    """A Llama 3 shape: heads of 128, 128,256 words."""
    shape = Shape(
        hidden_size=hidden, layers=layers, vocabulary_size=128_256, tied_embeddings=tied,
        kv_values_per_token_full=2 * layers * kv_heads * 128, kv_values_per_token_window=0,
    )  # fmt: skip
    return model(name, total, shape)


LLAMA_8B = llama("llama-3.1-8b", 8.03e9, hidden=4096, layers=32, kv_heads=8)
LLAMA_70B = llama("llama-3.1-70b", 70.55e9, hidden=8192, layers=80, kv_heads=8)
LLAMA_405B = llama("llama-3.1-405b", 405.85e9, hidden=16_384, layers=126, kv_heads=8)
LLAMA_405B_16_HEADS = llama("llama-3.1-405b", 405.85e9, hidden=16_384, layers=126, kv_heads=16)
QWEN2_05B = model(
    "qwen2-0.5b", 0.494e9,
    Shape(
        hidden_size=896, layers=24, vocabulary_size=151_936, tied_embeddings=True,
        kv_values_per_token_full=2 * 24 * 2 * 64, kv_values_per_token_window=0,
    ),
)  # fmt: skip
GPT_OSS_120B = model(
    "gpt-oss-120b", 116.83e9,
    Shape(
        hidden_size=2880, layers=36, vocabulary_size=201_088, tied_embeddings=False,
        kv_values_per_token_full=18 * 1024, kv_values_per_token_window=18 * 1024, sliding_window=128,
        native_dtype="mxfp4 experts, bf16 rest",
    ),
    architecture="moe", parameters_active=5_130_000_000,
)  # fmt: skip
BERT_BASE = model(
    "bert-base", 110e6, Shape(hidden_size=768, layers=12, vocabulary_size=30_522, tied_embeddings=True),
    architecture="encoder",
)  # fmt: skip
UNKNOWN_SHAPE = model("unknown-30b", 30e9)


def rows(*models: Model) -> Architecture:
    """The figures of these models."""
    return architecture(models)


def device(**facts: Any) -> Device:
    """An RTX 4090, changed in the given facts."""
    base = Device(
        id="rtx-4090", name="GeForce RTX 4090", category="consumer GPU", memory_kind="vram",
        memory_gb=24 * 1.073741824, bandwidth_gb_s=1010.0, tflops=330.0, tdp_w=450.0,
        efficiency_kind="nvidia", price_usd=1600.0,
    )  # fmt: skip
    return replace(base, **facts)


def h100() -> Device:
    """An H100 SXM with 80 GB."""
    return device(
        id="h100-sxm", category="datacentre GPU", memory_gb=80 * 1.073741824, bandwidth_gb_s=3360.0,
        tflops=989.0, tdp_w=700.0, price_usd=30_000.0,
    )  # fmt: skip


def raspberry_pi_5() -> Device:
    """A Raspberry Pi 5 with 8 GB; compute figures of the top500 benchmark's range."""
    return device(
        id="raspberry-pi-5-8gb", category="single-board computer", memory_kind="ram",
        memory_gb=8 * 1.073741824, bandwidth_gb_s=17.1, tflops=None, tdp_w=12.0, efficiency_kind="cpu",
        cpu_gflops_low=28.1, cpu_gflops_high=70.3,
    )  # fmt: skip


def dgx_spark() -> Device:
    """An NVIDIA DGX Spark."""
    return device(
        id="dgx-spark-gb10", category="workstation (unified)", memory_kind="unified", tflops=125.0,
        memory_gb=128 * 1.073741824, bandwidth_gb_s=273.0, tdp_w=140.0, usable_share=0.94,
    )  # fmt: skip


def phone() -> Device:
    """A phone of the Snapdragon 8 Gen 3 class."""
    return device(
        id="phone-android-8gb", category="phone", memory_kind="unified", memory_gb=8 * 1.073741824,
        bandwidth_gb_s=76.8, tflops=None, tdp_w=8.0, efficiency_kind="phone",
        cpu_gflops_low=60.0, cpu_gflops_high=150.0,
    )  # fmt: skip


def machine(chosen: Device | None = None, **options: Any) -> Machine:
    """A machine of this device, an RTX 4090 by default."""
    return machine_of(chosen or device(), hardware(), **options)


def loaded(models: Architecture, resident_gb: Any, *, decode_factor: float = 0.97) -> Loaded:
    """Models with so many GB of weights on the machine."""
    size = np.asarray(resident_gb, dtype=np.float64)
    return Loaded(
        models=models, resident_gb=size, decode_factor=np.asarray(decode_factor),
        compute_factor=np.asarray(1.0), is_quantised=np.asarray(1.0),
    )  # fmt: skip
