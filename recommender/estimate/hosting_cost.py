"""What own and rented machines cost a month, how many are needed, and where they break even with an API."""

from __future__ import annotations

import numpy as np

from recommender.catalog.types import Range
from recommender.estimate.cost import MILLION, SECONDS_PER_HOUR, WATTS_PER_KW, Hosting, PriceColumns, Volume
from recommender.estimate.ranges import Floats, Numbers, Ranges, floats


def output_capacity_tps(decode_tps: Numbers, prefill_tps: Numbers, *, input_per_output: Numbers) -> Floats:
    """Output tokens per second a machine sustains while also reading r input tokens for each.

    T = 1 / (1 / T_decode + r / T_prefill).
    """
    return 1.0 / (1.0 / floats(decode_tps) + floats(input_per_output) / floats(prefill_tps))


def busy_hours(volume: Volume, *, decode_tps: Numbers, prefill_tps: Numbers) -> Floats:
    """Hours a month that one machine works on this volume; cached input is not read again."""
    read = floats(volume.input_tokens) * (1.0 - floats(volume.cached_share))
    seconds = read / floats(prefill_tps) + floats(volume.output_tokens) / floats(decode_tps)
    return floats(volume.requests) * seconds / SECONDS_PER_HOUR


def busy_hours_of_texts(texts: Numbers, *, texts_per_s: Numbers) -> Floats:
    """Hours a month that one machine works on so many texts through an encoder."""
    return floats(texts) / floats(texts_per_s) / SECONDS_PER_HOUR


def replicas_needed(busy: Numbers, *, hours: Numbers, utilisation: Numbers, minimum: int = 1) -> Floats:
    """Machines needed: the work divided by what one does in its hours at this utilisation, rounded up.

    Utilisation below 1 is what keeps room for the peak.
    """
    # A hair below the ceiling, so that 2.0000000001 machines are two.
    needed = np.ceil(floats(busy) / (floats(hours) * floats(utilisation)) - 1e-9)
    return np.maximum(needed, float(minimum))


def is_enough(busy: Numbers, *, hours: Numbers, machines: Numbers = 1.0) -> Floats:
    """1 where the machines can do the work in their hours at all, else 0 (an unknown speed is 0)."""
    return (floats(busy) <= floats(hours) * floats(machines)).astype(np.float64)


def rented_month(
    rent_usd_per_gpu_hour: Range, *, gpus: Numbers, hours: Numbers, replicas: Numbers = 1.0
) -> Ranges:
    """US dollars a month for whole GPUs rented: GPUs x replicas x hours x rent."""
    gpu_hours = floats(gpus) * floats(replicas) * floats(hours)
    rent = rent_usd_per_gpu_hour
    return Ranges(low=gpu_hours * rent.low, likely=gpu_hours * rent.likely, high=gpu_hours * rent.high)


def electricity_month(
    hosting: Hosting,
    *,
    busy_w: Numbers,
    idle_w: Numbers,
    busy: Numbers,
    on_hours: Numbers,
    place: str = "home",
    usd_per_kwh: float | None = None,
) -> Ranges:
    """US dollars a month for electricity of machines on for `on_hours` and busy for part of them.

    Busy hours beyond the hours on count as hours on. A stated price narrows the range to the PUE's.
    """
    working = floats(busy)
    waiting = np.maximum(floats(on_hours) - working, 0.0)
    kwh = (working * floats(busy_w) + waiting * floats(idle_w)) / WATTS_PER_KW
    price = hosting.electricity_usd_per_kwh
    if usd_per_kwh is not None:
        price = Range(usd_per_kwh, usd_per_kwh, usd_per_kwh)
    pue = hosting.pue[place]
    return Ranges(
        low=kwh * price.low * pue.low,
        likely=kwh * price.likely * pue.likely,
        high=kwh * price.high * pue.high,
    )


def capital_month(
    hosting: Hosting, *, price_usd: Numbers, life: str = "consumer", machines: Numbers = 1.0
) -> Ranges:
    """US dollars a month for hardware bought for this: price x 1.5 over its life (consumer, data_centre)."""
    paid = floats(price_usd) * hosting.price_factor * floats(machines)
    months = hosting.life_months[life]
    return Ranges(low=paid / months.high, likely=paid / months.likely, high=paid / months.low)


def own_month(electricity: Ranges, capital: Ranges, *, already_owned: bool) -> Ranges:
    """US dollars a month on own machines; hardware already owned is sunk and counts electricity only."""
    return electricity if already_owned else electricity.plus(capital)


def idle_power_w(hosting: Hosting, *, tdp_w: Numbers, measured_idle_w: Numbers = np.nan) -> Floats:
    """Watts of a waiting machine: measured, else 15 % of the cards' TDP and 50 W for the host."""
    measured = floats(measured_idle_w)
    return np.where(np.isnan(measured), floats(tdp_w) * hosting.idle_share + hosting.idle_host_w, measured)


def api_usd_per_mtok_output(
    prices: PriceColumns, *, input_per_output: Numbers, cached_share: Numbers = 0.0
) -> Floats:
    """API price of a million output tokens with r million input: p_out + r ((1 - c) p_in + c p_cached)."""
    share = floats(cached_share)
    cached = np.where(np.isnan(prices.cached_input), prices.input, prices.cached_input)
    return prices.output + floats(input_per_output) * ((1 - share) * prices.input + share * cached)


def usd_per_mtok_output(
    usd_per_hour: Numbers, *, capacity_tps: Numbers, utilisation: Numbers = 1.0
) -> Floats:
    """Own cost of a million output tokens: C_hour x 1e6 / (3600 x T x u)."""
    return floats(usd_per_hour) * MILLION / (SECONDS_PER_HOUR * floats(capacity_tps) * floats(utilisation))


def break_even_utilisation(
    usd_per_hour: Numbers, *, capacity_tps: Numbers, api_usd_per_mtok: Numbers
) -> Floats:
    """Utilisation at which own capacity costs as much as the API; above 1 means never."""
    with np.errstate(divide="ignore"):
        return usd_per_mtok_output(usd_per_hour, capacity_tps=capacity_tps) / floats(api_usd_per_mtok)


def break_even_volume(
    usd_per_month: Numbers, *, api_usd_per_mtok: Numbers, own_usd_per_mtok: Numbers = 0.0
) -> Floats:
    """Million output tokens a month from which own machines cost less than the API; infinite for never.

    `usd_per_month` is what the machines cost whatever they do; `own_usd_per_mtok` what each million adds
    (electricity). The capacity is not checked here.
    """
    gain = floats(api_usd_per_mtok) - floats(own_usd_per_mtok)
    with np.errstate(divide="ignore"):
        return np.where(gain > 0, floats(usd_per_month) / np.where(gain > 0, gain, 1.0), np.inf)
