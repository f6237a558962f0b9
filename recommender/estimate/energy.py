"""Energy per output token in joules, within a stated boundary.

J per token = f x TDP x n / throughput. Wh per 1,000 tokens = J per token / 3.6.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from recommender.catalog.types import Range
from recommender.estimate.fit import Kind, Machine
from recommender.estimate.ranges import Floats, Numbers, Ranges, floats
from recommender.estimate.runtimes import Runtime

_JOULES_PER_WH = 3600.0
_GRAMS_PER_KG_WH = 1000.0


class Boundary(StrEnum):
    """What a figure includes. Figures of different boundaries are not compared."""

    GPU = "gpu"  # cards only: no processor, fans, power supply or idle time
    APU_PACKAGE = "apu_package"
    SOC = "soc"
    WALL = "wall"  # the whole machine at the socket
    DATA_CENTRE = "data-centre"  # servers and cooling of a hosted model


# Share of the rated power drawn while generating: medians of open measurements.
_SHARE_BY_RUNTIME = {
    Runtime.SERVER: 0.74, Runtime.TRANSFORMERS: 0.45, Runtime.TRANSFORMERS_OLD: 0.45,
    Runtime.AUTOAWQ: 0.45, Runtime.LLAMA_CPP: 0.65, Runtime.MLX: 0.65, Runtime.EXECUTORCH: 0.65,
}  # fmt: skip
_APU_SHARE, _APPLE_SHARE, _PROCESSOR_SHARE, _WALL_SHARE = 0.77, 0.55, 1.0, 1.1
_WIDTH = (0.6, 1.7)

# Hosted models: measured server GPUs at some 128 sequences drew 0.011 J (dense) to 0.05 J (sparse) per
# output token and billion active parameters (ml-energy leaderboard, 2026-02); 0.03 is their middle. The
# rest of the server adds about a half, cooling a fifth. Batch and hardware are not known: a factor of 5.
_HOSTED_JOULES_PER_BILLION = 0.03
_HOSTED_SERVER_FACTOR, _HOSTED_PUE = 1.5, 1.2
_HOSTED_WIDTH = (0.2, 5.0)
# Active parameters of a model whose maker discloses nothing, in billions: from the small hosted tier to
# the largest open sparse and dense models.
UNDISCLOSED_ACTIVE_B = Range(5.0, 50.0, 400.0)


def usual_boundary(machine: Machine) -> Boundary:
    """The boundary within which published figures for this kind of machine are measured."""
    if machine.kind is Kind.AMD_APU:
        return Boundary.APU_PACKAGE
    if machine.kind is Kind.APPLE:
        return Boundary.SOC
    if machine.kind in (Kind.CPU, Kind.PHONE):
        return Boundary.WALL
    return Boundary.GPU


def generating_w(machine: Machine, runtime: Runtime, *, boundary: Boundary | None = None) -> float:
    """Watts drawn while generating, all cards together; NaN where no rated power is known.

    At the wall: the measured load of the whole machine, else 1.1 x rated power.
    """
    boundary = boundary or usual_boundary(machine)
    rated = machine.tdp_w * machine.cards
    if boundary is Boundary.WALL:
        if not np.isnan(machine.load_w):
            return machine.load_w * machine.cards
        return rated * _WALL_SHARE
    if machine.kind is Kind.AMD_APU:
        return rated * _APU_SHARE
    if machine.kind is Kind.APPLE:
        return rated * _APPLE_SHARE
    if machine.kind in (Kind.CPU, Kind.PHONE):
        return rated * _PROCESSOR_SHARE
    return rated * _SHARE_BY_RUNTIME[runtime]


def joules_per_output_token(
    machine: Machine, runtime: Runtime, *, throughput_tps: Numbers, boundary: Boundary | None = None
) -> Ranges:
    """Joules per output token at a throughput summed over all sequences, x0.6 to x1.7."""
    low, high = _WIDTH
    watts = generating_w(machine, runtime, boundary=boundary)
    return Ranges.around(watts / floats(throughput_tps), low, high)


def hosted_joules_per_output_token(active_parameters_b: Ranges) -> Ranges:
    """Joules per output token of a hosted model, servers and cooling included (data-centre boundary).

    0.03 J per billion active parameters x 1.5 server x 1.2 cooling, x1/5 to x5 for batch and hardware.
    """
    per_billion = _HOSTED_JOULES_PER_BILLION * _HOSTED_SERVER_FACTOR * _HOSTED_PUE
    low, high = _HOSTED_WIDTH
    active = active_parameters_b
    return Ranges(
        low=active.low * per_billion * low,
        likely=active.likely * per_billion,
        high=active.high * per_billion * high,
    )


def active_range_b(active_parameters: Numbers, estimate: Range | None = None) -> Ranges:
    """Active parameters in billions: stated, else the outside estimate, else the undisclosed range."""
    stated = floats(active_parameters) / 1e9
    guess = UNDISCLOSED_ACTIVE_B if estimate is None else _in_billions(estimate)
    unknown = np.isnan(stated)
    return Ranges(
        low=np.where(unknown, guess.low, stated),
        likely=np.where(unknown, guess.likely, stated),
        high=np.where(unknown, guess.high, stated),
    )


def wh_per_1000_tokens(joules: Ranges) -> Ranges:
    """Watt hours per 1,000 output tokens."""
    return joules.times(1000.0 / _JOULES_PER_WH)


def grams_co2e_per_1000_tokens(wh: Ranges, *, grid_g_per_kwh: Numbers, pue: Numbers = 1.0) -> Ranges:
    """Grams of CO2e per 1,000 tokens: Wh / 1000 x PUE x grid intensity."""
    return wh.times(floats(grid_g_per_kwh) * floats(pue) / _GRAMS_PER_KG_WH)


def _in_billions(estimate: Range) -> Range:
    return Range(estimate.low / 1e9, estimate.likely / 1e9, estimate.high / 1e9)


def energy_wh(joules: Ranges, *, tokens: Numbers) -> Ranges:
    """Watt hours for so many output tokens."""
    per_token: Floats = floats(tokens) / _JOULES_PER_WH
    return joules.times(per_token)
