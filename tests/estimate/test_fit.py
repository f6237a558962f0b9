"""What machines leave for a model, and the verdict."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.estimate.fit import GB_PER_GIB, Kind, typed_machine, usable_gb, verdicts
from tests.estimate.samples import device, hardware, machine, raspberry_pi_5

KINDS = st.sampled_from(["vram", "unified", "ram"])


@pytest.mark.parametrize(
    ("kind", "gib", "usable"),
    [
        ("vram", 24, 24 * GB_PER_GIB - 0.5),
        ("unified", 16, 16 * GB_PER_GIB * 0.70),
        ("unified", 36, 36 * GB_PER_GIB * 0.70),
        ("unified", 64, 64 * GB_PER_GIB * 0.75),
        ("ram", 2, 2 * GB_PER_GIB - 0.3),
        ("ram", 8, 8 * GB_PER_GIB - 1.0),
        ("ram", 16, 16 * GB_PER_GIB - 3.0),
    ],
)
def test_usable_memory(kind, gib, usable):
    """Each kind of memory leaves what the decisions say, at the borders too."""
    assert usable_gb(gib * GB_PER_GIB, kind, hardware()) == pytest.approx(usable)


def test_own_share_of_a_device_wins():
    """A device that states its usable share (Strix Halo, 120 of 128 GB) is not cut to 75 %."""
    halo = device(memory_kind="unified", memory_gb=128 * GB_PER_GIB, usable_share=0.94)
    assert machine(halo).usable_gb == pytest.approx(128 * GB_PER_GIB * 0.94)


def test_two_cards_sum_their_memory_less_each_reserve():
    """Two 24 GB cards hold twice what one holds."""
    assert machine(count=2).usable_gb == pytest.approx(2 * machine().usable_gb)


def test_server_device_is_taken_apart():
    """A device of eight cards counts per card in speed and in all in memory."""
    server = device(memory_gb=640 * GB_PER_GIB, bandwidth_gb_s=26_880.0, tflops=7912.0, tdp_w=5600.0, cards=8)
    whole = machine(server)
    assert (whole.cards, whole.bandwidth_gb_s, whole.tflops, whole.tdp_w) == (8, 3360.0, 989.0, 700.0)
    assert whole.usable_gb == pytest.approx(640 * GB_PER_GIB - 8 * 0.5)


def test_typed_card_gets_typical_speed_and_wider_intervals():
    """A card known by its memory alone is taken for the usual one of its size."""
    typed = typed_machine(24, "vram", hardware())
    assert (typed.bandwidth_gb_s, typed.speed_low, typed.speed_high) == (900.0, 0.5, 1.6)
    assert typed.usable_gb == pytest.approx(24 * GB_PER_GIB - 0.5)


def test_known_device_keeps_its_intervals():
    """A catalog device with a stated bandwidth is not widened."""
    assert (machine().speed_low, machine().speed_high) == (1.0, 1.0)


def test_memory_override_keeps_the_speed():
    """A device with other memory than usual keeps its own bandwidth."""
    changed = machine(memory_gb=48.0)
    assert (changed.memory_gb, changed.bandwidth_gb_s) == (48.0, 1010.0)


def test_processor_follows_the_ram_rule():
    """A processor leaves what the system leaves, even where its memory is called unified."""
    laptop = device(memory_kind="unified", efficiency_kind="cpu", tflops=None, memory_gb=32 * GB_PER_GIB)
    assert machine(laptop).usable_gb == pytest.approx(32 * GB_PER_GIB - 3.0)
    assert machine(raspberry_pi_5()).kind is Kind.CPU


def test_verdict_keeps_ten_percent_free():
    """Up to 90 % fits, up to 100 % is tight, more or unknown does not fit."""
    needs = np.array([9.0, 9.01, 10.0, 10.01, np.nan])
    assert verdicts(needs, 10.0, hardware()).tolist() == ["yes", "tight", "tight", "no", "no"]


def test_nothing_fits_into_nothing():
    """A machine without usable memory fits no model."""
    assert verdicts(np.array([0.5]), 0.0, hardware()).tolist() == ["no"]


@given(gib=st.floats(0.5, 1024), kind=KINDS)
def test_usable_is_within_the_whole(gib, kind):
    """No rule leaves more than there is, or less than nothing."""
    assert 0 <= usable_gb(gib * GB_PER_GIB, kind, hardware()) <= gib * GB_PER_GIB


def test_ladder_rises():
    """The assumed machines stand in rising order, from a laptop to eight cards."""
    ladder = hardware().assumed_ladder
    assert ladder[0].id == "laptop-16gb"
    assert (ladder[-1].device, ladder[-1].count) == ("h100-sxm", 8)
