"""Costs against the worked examples of the documents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.catalog.types import Price
from recommender.estimate.cost import Volume, api_month, api_month_usd, price_columns
from recommender.estimate.hosting_cost import (
    api_usd_per_mtok_output,
    break_even_utilisation,
    break_even_volume,
    busy_hours,
    busy_hours_of_texts,
    capital_month,
    electricity_month,
    idle_power_w,
    is_enough,
    output_capacity_tps,
    own_month,
    rented_month,
    replicas_needed,
    usd_per_mtok_output,
)
from recommender.estimate.ranges import Ranges
from tests.estimate.samples import hosting


def price(paid_in, paid_out, cached=None, **facts):
    """A price in US dollars per million tokens."""
    return Price(
        input_usd_per_mtok=paid_in, output_usd_per_mtok=paid_out, cached_input_usd_per_mtok=cached, **facts
    )


OPUS_55, SONNET_55 = price(4.0, 20.0, 0.2), price(2.0, 10.0, 0.1)
GPT_61_SOL = price(
    2.0, 10.0, 0.1, long_context_threshold_tokens=272_000,
    long_context_input_usd_per_mtok=4.0, long_context_output_usd_per_mtok=15.0,
    batch_input_usd_per_mtok=1.0, batch_output_usd_per_mtok=5.0,
)  # fmt: skip
GPT_55_PRO = price(30.0, 180.0)
AGENTS = Volume(requests=100_000, input_tokens=60_000, output_tokens=400, cached_share=0.9)
FILES = Volume(requests=200, input_tokens=600_000, output_tokens=3_000)


def test_agents_of_a_team():
    """100,000 calls, 90 % cached; without a cache price every token counts full."""
    found = api_month_usd(price_columns([OPUS_55, SONNET_55, GPT_61_SOL, GPT_55_PRO]), AGENTS)
    assert found == pytest.approx([4280, 2140, 2140, 187_200])


def test_agents_without_a_cache():
    """The same work without caching costs 24,800 USD."""
    uncached = Volume(requests=100_000, input_tokens=60_000, output_tokens=400)
    assert api_month_usd(price_columns([OPUS_55]), uncached)[0] == pytest.approx(24_800)


def test_long_files_cost_the_long_price():
    """Gpt-6.1-sol 489 at the long-context price; 246 would be the bug."""
    found = api_month_usd(price_columns([GPT_61_SOL, SONNET_55]), FILES)
    assert found == pytest.approx([489, 246])


def test_threshold_itself_is_not_long():
    """A request of exactly the threshold pays the usual price."""
    at = Volume(requests=1_000_000, input_tokens=272_000, output_tokens=0)
    assert api_month_usd(price_columns([GPT_61_SOL]), at)[0] == pytest.approx(544_000)


def test_rag_for_a_public_body():
    """Mistral-medium-3.5 at 1.5 / 7.5 for 20,000 x 8,000 / 400 costs 300 USD."""
    volume = Volume(requests=20_000, input_tokens=8_000, output_tokens=400)
    assert api_month_usd(price_columns([price(1.5, 7.5)]), volume)[0] == pytest.approx(300)


def test_thoughts_are_billed():
    """A thinking multiplier of 3 triples the output, not the input; the range spans 1 to 10."""
    volume = Volume(requests=1_000_000, input_tokens=100, output_tokens=100)
    thinking = Ranges(low=np.asarray(1.0), likely=np.asarray(3.0), high=np.asarray(10.0))
    found = api_month(price_columns([price(1.0, 1.0)]), volume, thinking=thinking)
    assert (found.low[0], found.likely[0], found.high[0]) == pytest.approx((200, 400, 1100))


def test_batch_prices_where_offered():
    """Batch work takes the batch price where there is one, the usual price elsewhere."""
    volume = Volume(requests=1_000_000, input_tokens=1, output_tokens=1)
    found = api_month_usd(price_columns([GPT_61_SOL, OPUS_55]), volume, batch=True)
    assert found == pytest.approx([6, 24])


def test_embedding_offers_have_no_output_price():
    """An offer without an output price charges its input alone."""
    volume = Volume(requests=1_000_000, input_tokens=400, output_tokens=0)
    assert api_month_usd(price_columns([price(0.02, None)]), volume)[0] == pytest.approx(8)


@given(share=st.lists(st.floats(0, 1), min_size=2, max_size=2), tokens=st.integers(0, 1_000_000))
def test_more_caching_never_costs_more(share, tokens):
    """A larger cached share never raises the bill."""
    little, much = (
        api_month_usd(
            price_columns([OPUS_55, GPT_61_SOL, GPT_55_PRO]),
            Volume(requests=1000, input_tokens=tokens, output_tokens=10, cached_share=each),
        )
        for each in sorted(share)
    )
    assert (much <= little + 1e-6).all()


def test_scalar_equals_vector():
    """One offer alone costs what it costs in the table."""
    prices = [OPUS_55, GPT_61_SOL, GPT_55_PRO]
    table = api_month_usd(price_columns(prices), FILES)
    assert [api_month_usd(price_columns([each]), FILES)[0] for each in prices] == table.tolist()


@pytest.mark.parametrize(
    ("paid_in", "paid_out", "percent"), [(0.88, 0.88, 23), (0.59, 0.79, 30), (0.10, 0.32, 98)]
)
def test_worked_break_even(paid_in, paid_out, percent):
    """Llama 3.3 70B on two H100 at 3.13 USD, 4,205 tokens/s, against three hosts."""
    api = api_usd_per_mtok_output(price_columns([price(paid_in, paid_out)]), input_per_output=1.0)
    found = break_even_utilisation(2 * 3.13, capacity_tps=4205, api_usd_per_mtok=api)
    assert round(found[0] * 100) == percent


def test_worked_own_price():
    """The same pair costs 0.41 USD per million at full use."""
    assert usd_per_mtok_output(6.26, capacity_tps=4205) == pytest.approx(0.41, abs=0.005)


def test_h100_always_on():
    """One H100 always on costs 1,672 to 2,285 USD a month."""
    rent = hosting().rent_usd_per_gpu_hour["h100-sxm"]
    found = rented_month(rent, gpus=1, hours=hosting().month_hours)
    assert (round(float(found.low)), round(float(found.likely))) == (1672, 2285)


def test_rtx_4090_bought_for_it():
    """2,400 USD over 36 months is 67 a month."""
    found = capital_month(hosting(), price_usd=1600)
    assert found.likely == pytest.approx(67, abs=0.5)
    assert (float(found.low), float(found.high)) == pytest.approx((2400 / 72, 2400 / 24))


def test_rtx_4090_at_ten_percent_load():
    """About 10 USD of power a month, within the range of prices and idle power."""
    hours = hosting().month_hours
    found = electricity_month(
        hosting(),
        busy_w=450 * 0.65,
        idle_w=idle_power_w(hosting(), tdp_w=450),
        busy=0.1 * hours,
        on_hours=hours,
    )
    assert found.low <= 10 <= found.high
    assert 8 <= found.likely <= 16


def test_owned_hardware_is_sunk():
    """Hardware already owned counts electricity only; bought for this it counts both."""
    power, capital = Ranges.exactly(10.0), Ranges.exactly(67.0)
    assert own_month(power, capital, already_owned=True).likely == 10
    assert own_month(power, capital, already_owned=False).likely == 77


def test_server_room_pays_for_cooling():
    """An own server room pays 1.54 times the electricity of a home."""
    options = {"busy_w": 700, "idle_w": 155, "busy": 100, "on_hours": 730, "usd_per_kwh": 0.2}
    home, room = (electricity_month(hosting(), place=each, **options) for each in ("home", "server-room"))
    assert room.likely / home.likely == pytest.approx(1.54)
    assert home.low == home.high


def test_measured_idle_power_wins():
    """A measured idle power replaces 15 % of TDP and 50 W."""
    assert idle_power_w(hosting(), tdp_w=450.0) == pytest.approx(117.5)
    assert idle_power_w(hosting(), tdp_w=450.0, measured_idle_w=9.0) == 9.0


def test_capacity_counts_the_input():
    """Reading as many tokens as are written, at ten times the speed, costs a tenth more time."""
    assert output_capacity_tps(1000, 10_000, input_per_output=1) == pytest.approx(1000 / 1.1)


def test_replicas_keep_room_for_the_peak():
    """300 busy hours at 40 % of 730 need two machines; a promise of service needs two in any case."""
    assert replicas_needed(300, hours=730, utilisation=0.4) == 2
    assert replicas_needed(1, hours=730, utilisation=0.4) == 1
    assert replicas_needed(1, hours=730, utilisation=0.4, minimum=hosting().minimum_replicas) == 2
    assert replicas_needed(292, hours=730, utilisation=0.4) == 1


def test_five_million_texts_need_two_a_second():
    """5 M texts a month need 1.9 texts/s on average; 1.8 are not enough."""
    busy = busy_hours_of_texts(5e6, texts_per_s=np.array([1.8, 1.95]))
    assert is_enough(busy, hours=730).tolist() == [0, 1]


def test_cached_input_is_not_read_again():
    """Busy hours count the new input and the output."""
    volume = Volume(requests=3600, input_tokens=1000, output_tokens=100, cached_share=0.9)
    assert busy_hours(volume, decode_tps=100, prefill_tps=1000) == pytest.approx(1.1)


def test_break_even_volume():
    """A machine of 100 USD a month against 1 USD per million breaks even at 100 million; never below cost."""
    assert break_even_volume(100, api_usd_per_mtok=1.0) == 100
    assert break_even_volume(100, api_usd_per_mtok=1.0, own_usd_per_mtok=1.0) == np.inf
