"""What a month costs in US dollars: over an API, on rented GPUs, on own machines, and where they break even.

Conventions and their reasons: data/hosting.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.catalog.types import Price, Range
from recommender.estimate.ranges import Floats, Numbers, Ranges, floats

MILLION = 1e6
SECONDS_PER_HOUR = 3600.0
WATTS_PER_KW = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    """The conventions of data/hosting.yaml, typed. Hours are per month, prices US dollars."""

    month_hours: float
    working_hours: float
    trying_hours: float
    price_factor: float
    life_months: Mapping[str, Range]  # consumer, data_centre
    rent_usd_per_gpu_hour: Mapping[str, Range]  # by device id
    rent_high_factor: float
    utilisation: Mapping[str, float]  # try, team, product
    utilisation_low: float
    utilisation_high: float
    electricity_usd_per_kwh: Range
    electricity_by_place: Mapping[str, float]
    pue: Mapping[str, Range]  # home, server-room, cloud
    idle_share: float
    idle_host_w: float
    people_share: Mapping[str, float]
    minimum_replicas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceColumns:
    """Prices of offers as arrays, US dollars per million tokens; NaN where there is none."""

    input: Floats
    output: Floats
    cached_input: Floats
    batch_input: Floats
    batch_output: Floats
    long_threshold_tokens: Floats
    long_input: Floats
    long_output: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Work of one month: requests, tokens per request, and the share of input read from a cache."""

    requests: Numbers
    input_tokens: Numbers
    output_tokens: Numbers
    cached_share: Numbers = 0.0


def load_hosting(vocabulary: Mapping[str, Any]) -> Hosting:
    """The typed conventions from the mapping of data/hosting.yaml."""
    hours, power, use = vocabulary["hours"], vocabulary["power"], vocabulary["utilisation"]
    high_factor = float(vocabulary["rent"]["high_factor"]["value"])
    rents = vocabulary["rent"]["usd_per_gpu_hour"]
    return Hosting(
        month_hours=float(hours["month"]["value"]),
        working_hours=float(hours["working"]["value"]),
        trying_hours=float(hours["trying"]["value"]),
        price_factor=float(vocabulary["purchase"]["price_factor"]["value"]),
        life_months={name: _range(each) for name, each in vocabulary["purchase"]["life_months"].items()},
        rent_usd_per_gpu_hour={
            name: Range(float(each["low"]), float(each["likely"]), float(each["likely"]) * high_factor)
            for name, each in rents.items()
        },
        rent_high_factor=high_factor,
        utilisation={name: float(value) for name, value in use["stages"].items()},
        utilisation_low=float(use["low"]),
        utilisation_high=float(use["high"]),
        electricity_usd_per_kwh=_range(vocabulary["electricity"]["default"]),
        electricity_by_place={
            name: float(value) for name, value in vocabulary["electricity"]["usd_per_kwh"].items()
        },
        pue={name: _range(each) for name, each in vocabulary["pue"].items()},
        idle_share=float(power["idle_share"]["value"]),
        idle_host_w=float(power["idle_host_w"]["value"]),
        people_share={name: float(value) for name, value in vocabulary["people"]["full_time_share"].items()},
        minimum_replicas=int(vocabulary["redundancy"]["minimum_replicas"]["value"]),
    )


def price_columns(prices: Sequence[Price]) -> PriceColumns:
    """Prices as arrays in their order; an offer without an output price (embedding) charges none."""

    def column(name: str) -> Floats:
        values = (getattr(price, name) for price in prices)
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)

    return PriceColumns(
        input=column("input_usd_per_mtok"),
        output=np.nan_to_num(column("output_usd_per_mtok")),
        cached_input=column("cached_input_usd_per_mtok"),
        batch_input=column("batch_input_usd_per_mtok"),
        batch_output=column("batch_output_usd_per_mtok"),
        long_threshold_tokens=column("long_context_threshold_tokens"),
        long_input=column("long_context_input_usd_per_mtok"),
        long_output=column("long_context_output_usd_per_mtok"),
    )


def api_month_usd(
    prices: PriceColumns, volume: Volume, *, thinking_multiplier: Numbers = 1.0, batch: bool = False
) -> Floats:
    """US dollars a month over an API.

    Cached input costs its own price, or the full one where there is no cache price. A request whose
    input exceeds the long-context threshold is charged at the long prices as a whole. Thinking models
    bill their thoughts: `thinking_multiplier` on the output. `batch` takes batch prices where offered.
    """
    full_input, output = prices.input, prices.output
    if batch:
        full_input = np.where(np.isnan(prices.batch_input), full_input, prices.batch_input)
        output = np.where(np.isnan(prices.batch_output), output, prices.batch_output)
    cached = np.where(np.isnan(prices.cached_input), full_input, np.minimum(prices.cached_input, full_input))
    is_long = floats(volume.input_tokens) > prices.long_threshold_tokens  # False against NaN
    long_input = is_long & ~np.isnan(prices.long_input)
    step = np.where(long_input, prices.long_input / np.where(prices.input > 0, prices.input, 1.0), 1.0)
    long_output = is_long & ~np.isnan(prices.long_output)
    batch_share = np.where(prices.output > 0, output / np.where(prices.output > 0, prices.output, 1.0), 1.0)
    output = np.where(long_output, prices.long_output * batch_share, output)
    share = floats(volume.cached_share)
    input_price = ((1 - share) * full_input + share * cached) * step
    millions = floats(volume.requests) / MILLION
    billed_output = floats(volume.output_tokens) * floats(thinking_multiplier)
    return millions * (floats(volume.input_tokens) * input_price + billed_output * output)


def api_month(prices: PriceColumns, volume: Volume, *, thinking: Ranges) -> Ranges:
    """US dollars a month over an API with a range of thinking multipliers."""
    return Ranges(
        low=api_month_usd(prices, volume, thinking_multiplier=thinking.low),
        likely=api_month_usd(prices, volume, thinking_multiplier=thinking.likely),
        high=api_month_usd(prices, volume, thinking_multiplier=thinking.high),
    )


def _range(record: Mapping[str, Any]) -> Range:
    return Range(float(record["low"]), float(record["value"]), float(record["high"]))
