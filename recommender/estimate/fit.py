"""Machines as the formulas see them, the memory they leave, and whether a model fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.catalog.types import Device
from recommender.estimate.ranges import Floats, Numbers, floats

GB_PER_GIB = 1.073741824
_DEFAULT_KIND = {"vram": "nvidia", "unified": "apple", "ram": "cpu"}


class Kind(StrEnum):
    """Rows of the efficiency tables in speed.py."""

    NVIDIA = "nvidia"
    APPLE = "apple"
    AMD_CARD = "amd-card"
    AMD_APU = "amd-apu"
    INTEL = "intel"
    CPU = "cpu"
    PHONE = "phone"


class Verdict(StrEnum):
    """Does it fit? Tight: it may run, but little is left for an error of the estimate."""

    YES = "yes"
    TIGHT = "tight"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalMachine:
    """What a machine known by its memory alone is taken to be like."""

    memory_gib: float
    bandwidth_gb_s: float
    tflops: float | None
    cpu_gflops_low: float | None
    cpu_gflops_high: float | None
    tdp_w: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedMachine:
    """One rung of the ladder tried where the question about hardware was not answered."""

    id: str
    device: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareAssumptions:
    """The constants of data/hardware_assumptions.yaml, typed."""

    card_reserve_gb: float
    unified_small_up_to_gib: float
    unified_small_share: float
    unified_large_share: float
    ram_reserves: tuple[tuple[float, float], ...]  # (up to GiB, reserve in GB), ascending
    tight_above: float
    typed_speed_low: float
    typed_speed_high: float
    typical: Mapping[str, tuple[TypicalMachine, ...]]  # by memory kind, ascending
    host_bandwidth_gb_s: float
    assumed_ladder: tuple[AssumedMachine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One or several equal cards, or one computer. Speeds and power are per card, memory is of all."""

    label: str
    kind: Kind
    memory_kind: str  # vram, unified, ram
    cards: int
    memory_gb: float
    usable_gb: float
    bandwidth_gb_s: float
    tflops: float  # dense 16-bit, estimator figure; NaN for a machine without a GPU figure
    fp8_tflops: float  # NaN = no faster than 16 bit
    cpu_gflops: float  # usable single precision, geometric middle; NaN where the GPU does the work
    tdp_w: float  # NaN = not known
    idle_w: float  # whole machine, measured; NaN = not known
    load_w: float  # whole machine at the wall, measured; NaN = not known
    host_bandwidth_gb_s: float
    host_usable_gb: float  # host memory for a part that spills; 0 = not known
    speed_low: float = 1.0  # extra widening of speed intervals for machines known by memory alone
    speed_high: float = 1.0


def load_hardware(vocabulary: Mapping[str, Any]) -> HardwareAssumptions:
    """The typed assumptions from the mapping of data/hardware_assumptions.yaml."""
    usable, typed = vocabulary["usable_memory"], vocabulary["typed_machines"]
    return HardwareAssumptions(
        card_reserve_gb=float(usable["card_reserve_gb"]["value"]),
        unified_small_up_to_gib=float(usable["unified_small"]["up_to_gib"]),
        unified_small_share=float(usable["unified_small"]["share"]),
        unified_large_share=float(usable["unified_large"]["share"]),
        ram_reserves=tuple((_limit(each["up_to_gib"]), float(each["reserve_gb"])) for each in usable["ram"]),
        tight_above=float(vocabulary["fit"]["tight_above"]),
        typed_speed_low=float(typed["speed_low"]),
        typed_speed_high=float(typed["speed_high"]),
        typical={kind: tuple(map(_typical, typed[kind])) for kind in _DEFAULT_KIND},
        host_bandwidth_gb_s=float(vocabulary["host_memory"]["bandwidth_gb_s"]),
        assumed_ladder=tuple(
            AssumedMachine(id=each["id"], device=each["device"], count=int(each["count"]))
            for each in vocabulary["assumed_ladder"]
        ),
    )


def _limit(up_to_gib: float | None) -> float:
    return float("inf") if up_to_gib is None else float(up_to_gib)


def _typical(record: Mapping[str, Any]) -> TypicalMachine:
    return TypicalMachine(
        memory_gib=float(record["memory_gib"]),
        bandwidth_gb_s=float(record["bandwidth_gb_s"]),
        tflops=record.get("tflops"),
        cpu_gflops_low=record.get("cpu_gflops_low"),
        cpu_gflops_high=record.get("cpu_gflops_high"),
        tdp_w=float(record["tdp_w"]),
    )


def usable_gb(
    memory_gb: float,
    memory_kind: str,
    assumptions: HardwareAssumptions,
    *,
    cards: int = 1,
    usable_share: float | None = None,
) -> float:
    """Memory a model may take, in GB, of a machine with `memory_gb` in all its cards.

    Cards: all but 0.5 GB each. Unified: 70 % up to 36 GiB, 75 % above, or the device's own share. RAM:
    what the operating system leaves.
    """
    if usable_share is not None:
        return memory_gb * usable_share
    gib = memory_gb / GB_PER_GIB
    if memory_kind == "vram":
        return max(memory_gb - cards * assumptions.card_reserve_gb, 0.0)
    if memory_kind == "unified":
        small = gib <= assumptions.unified_small_up_to_gib + 1e-9
        return memory_gb * (assumptions.unified_small_share if small else assumptions.unified_large_share)
    reserve = next(reserve for limit, reserve in assumptions.ram_reserves if gib <= limit + 1e-9)
    return max(memory_gb - reserve, 0.0)


def machine_of(
    device: Device,
    assumptions: HardwareAssumptions,
    *,
    count: int = 1,
    memory_gb: float | None = None,
    ram_gb: float | None = None,
) -> Machine:
    """A catalog device, so many times. `memory_gb` replaces the device's own memory, decimal GB each."""
    kind = Kind(device.efficiency_kind or _DEFAULT_KIND[device.memory_kind])
    # A processor without a GPU figure leaves what the system leaves, whatever its memory is called.
    memory_kind = "ram" if kind is Kind.CPU else device.memory_kind
    cards = device.cards * count
    total = (device.memory_gb if memory_gb is None else memory_gb) * count
    typical = _nearest(assumptions.typical[memory_kind], total / cards)
    return Machine(
        label=device.id,
        kind=kind,
        memory_kind=memory_kind,
        cards=cards,
        memory_gb=total,
        usable_gb=usable_gb(total, memory_kind, assumptions, cards=cards, usable_share=device.usable_share),
        bandwidth_gb_s=(device.bandwidth_gb_s or typical.bandwidth_gb_s * device.cards) / device.cards,
        tflops=_per_card(device.tflops, device.cards),
        fp8_tflops=_per_card(device.fp8_tflops, device.cards),
        cpu_gflops=_middle(device.cpu_gflops_low, device.cpu_gflops_high),
        tdp_w=_per_card(device.tdp_w, device.cards),
        idle_w=_per_card(device.idle_w, 1),
        load_w=_per_card(device.load_w, 1),
        host_bandwidth_gb_s=assumptions.host_bandwidth_gb_s,
        host_usable_gb=0.0 if ram_gb is None else usable_gb(ram_gb, "ram", assumptions),
        speed_low=1.0 if device.bandwidth_gb_s else assumptions.typed_speed_low,
        speed_high=1.0 if device.bandwidth_gb_s else assumptions.typed_speed_high,
    )


def typed_machine(
    memory_gib: float,
    memory_kind: str,
    assumptions: HardwareAssumptions,
    *,
    count: int = 1,
    ram_gb: float | None = None,
) -> Machine:
    """A machine known by its memory alone, as sold ("24 GB" holds 24 GiB), with typical speeds, widened."""
    typical = _nearest(assumptions.typical[memory_kind], memory_gib * GB_PER_GIB)
    device = Device(
        id=f"{memory_gib:g}-gb-{memory_kind}",
        name=f"{memory_gib:g} GB {memory_kind}",
        category="typed",
        memory_kind=memory_kind,
        memory_gb=memory_gib * GB_PER_GIB,
        tflops=typical.tflops,
        tdp_w=typical.tdp_w,
        cpu_gflops_low=typical.cpu_gflops_low,
        cpu_gflops_high=typical.cpu_gflops_high,
    )
    return machine_of(device, assumptions, count=count, ram_gb=ram_gb)


def share_used(need_gb: Numbers, usable: Numbers) -> Floats:
    """Share of the usable memory that a need takes; infinite where nothing is usable."""
    with np.errstate(divide="ignore"):
        return floats(need_gb) / floats(usable)


def verdicts(need_gb: Numbers, usable: Numbers, assumptions: HardwareAssumptions) -> NDArray[np.str_]:
    """ "yes", "tight" or "no" for every need; an unknown need (NaN) does not fit."""
    share = share_used(need_gb, usable)
    fitting = np.where(share <= assumptions.tight_above, Verdict.YES.value, Verdict.TIGHT.value)
    return np.where(share <= 1.0, fitting, Verdict.NO.value)


def _nearest(typical: Sequence[TypicalMachine], memory_gb: float) -> TypicalMachine:
    gib = memory_gb / GB_PER_GIB
    return min(typical, key=lambda each: abs(np.log(each.memory_gib) - np.log(max(gib, 1e-3))))


def _per_card(value: float | None, cards: int) -> float:
    return float("nan") if value is None else value / cards


def _middle(low: float | None, high: float | None) -> float:
    return float("nan") if low is None or high is None else float(np.sqrt(low * high))
