"""Energy per token within its boundary."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.catalog.types import Range
from recommender.estimate.energy import (
    UNDISCLOSED_ACTIVE_B,
    Boundary,
    active_range_b,
    energy_wh,
    generating_w,
    grams_co2e_per_1000_tokens,
    hosted_joules_per_output_token,
    joules_per_output_token,
    usual_boundary,
    wh_per_1000_tokens,
)
from recommender.estimate.ranges import Ranges
from recommender.estimate.runtimes import Runtime
from tests.estimate.samples import device, h100, machine, raspberry_pi_5


def test_server_card_within_the_measured_range():
    """Llama 3.1 8B at 128 sequences on an H100: 0.095 J a token at 7,037 tokens/s (ml-energy)."""
    found = joules_per_output_token(machine(h100()), Runtime.SERVER, throughput_tps=7037.0)
    assert found.low <= 0.095 <= found.high


def test_cards_at_the_wall_draw_more_than_the_card():
    """The socket sees more than the card alone; both boundaries are named."""
    card = machine()
    assert usual_boundary(card) is Boundary.GPU
    assert generating_w(card, Runtime.LLAMA_CPP, boundary=Boundary.WALL) == pytest.approx(495.0)
    assert generating_w(card, Runtime.LLAMA_CPP) == pytest.approx(292.5)


def test_measured_load_wins_at_the_wall():
    """A measured load of the whole machine replaces the estimate."""
    measured = machine(device(efficiency_kind="cpu", load_w=12.7))
    assert generating_w(measured, Runtime.LLAMA_CPP) == 12.7
    assert usual_boundary(machine(raspberry_pi_5())) is Boundary.WALL


@pytest.mark.parametrize(
    ("kind", "boundary", "share"), [("apple", Boundary.SOC, 0.55), ("amd-apu", Boundary.APU_PACKAGE, 0.77)]
)
def test_packages_draw_a_share(kind, boundary, share):
    """Apple and AMD packages draw their measured share of the rated power."""
    package = machine(device(efficiency_kind=kind, memory_kind="unified", tdp_w=100.0))
    assert usual_boundary(package) is boundary
    assert generating_w(package, Runtime.MLX) == pytest.approx(100 * share)


def test_unknown_power_stays_unknown():
    """Without a rated power there is no figure, rather than zero."""
    assert np.isnan(generating_w(machine(device(tdp_w=None)), Runtime.LLAMA_CPP))


def test_joules_become_watt_hours_and_grams():
    """3.6 J a token are 1 Wh per 1,000 tokens; 400 g/kWh make that 0.4 g, 0.48 g with a PUE of 1.2."""
    wh = wh_per_1000_tokens(Ranges.exactly(3.6))
    assert wh.likely == pytest.approx(1.0)
    assert grams_co2e_per_1000_tokens(wh, grid_g_per_kwh=400.0, pue=1.2).likely == pytest.approx(0.48)
    assert energy_wh(Ranges.exactly(3.6), tokens=2000.0).likely == pytest.approx(2.0)


def test_undisclosed_models_get_the_widest_range():
    """Stated active parameters give a narrower range than an estimate, an estimate than nothing."""

    def spread(active):
        found = hosted_joules_per_output_token(active)
        return float(found.high / found.low)

    stated = active_range_b(37e9)
    estimated = active_range_b(np.nan, Range(20e9, 50e9, 100e9))
    nothing = active_range_b(np.nan)
    assert spread(stated) == pytest.approx(25)
    assert spread(stated) < spread(estimated) < spread(nothing)
    assert nothing.high == UNDISCLOSED_ACTIVE_B.high


def test_hosted_model_covers_a_measured_server():
    """DeepSeek V3.1 on eight B200 drew 1.9 J (128 sequences) to 0.6 J a token (2,000), cards only."""
    found = hosted_joules_per_output_token(active_range_b(37e9))
    assert found.low < 0.6 * 1.5
    assert found.high > 1.9 * 1.8
