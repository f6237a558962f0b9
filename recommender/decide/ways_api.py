"""Ways over an API: every offer that could be bought on the day, with its month's cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from recommender.catalog.history import price_on
from recommender.catalog.types import Catalog, Offer, Price
from recommender.decide.model_table import ModelTable
from recommender.decide.situation import Situation, Workload
from recommender.decide.ways import API, Floats, Ints, Rows, rows
from recommender.estimate.cost import Volume, api_month, price_columns
from recommender.estimate.energy import active_range_b, hosted_joules_per_output_token, wh_per_1000_tokens
from recommender.estimate.ranges import Ranges

_MOST_THINKING = 10.0  # shown as a range from 1 to 10
_LATER_LOW, _LATER_HIGH = 0.5, 3.0  # an earlier price may have been this far off


def api_rows(table: ModelTable, situation: Situation) -> Rows:
    """One row per usable offer on the day."""
    picked = table.once(("offers", situation.day), lambda: usable_offers(table.catalog, situation.day))
    positions, prices, later = picked
    model = np.array([table.index[table.catalog.offers[p].model] for p in positions], dtype=np.int64)
    columns = table.once(("prices", situation.day), lambda: price_columns(prices))
    month = api_month(columns, volume(situation.workload), thinking=thinking(table, situation, model))
    low, high = np.where(later, _LATER_LOW, 1.0), np.where(later, _LATER_HIGH, 1.0)
    cheapest = cheapest_host(model, month.low * low, len(table.models))
    energy = hosted_energy(table, model)
    return rows(
        len(positions),
        model=model,
        kind=API,
        offer=np.array(positions, dtype=np.int64),
        cost_low_usd=np.minimum(month.low * low, cheapest),
        cost_usd=month.likely,
        cost_high_usd=month.high * high,
        wh_low=energy.low,
        wh=energy.likely,
        wh_high=energy.high,
        later_price=later,
    )


def usable_offers(catalog: Catalog, day: date) -> tuple[list[int], list[Price], Any]:
    """Positions, prices and later-price marks of the offers that stood on this day.

    Free and outlying listings form no way.
    """
    positions, prices, later = [], [], []
    for position, offer in enumerate(catalog.offers):
        if (
            offer.free
            or offer.outlier
            or offer.model not in catalog.models
            or not _stands(catalog, offer, day)
        ):
            continue
        found = price_on(offer, day)
        if found is None or found[0].input_usd_per_mtok <= 0:
            continue
        positions.append(position)
        prices.append(found[0])
        later.append(found[1])
    return positions, prices, np.array(later, dtype=bool)


def _stands(catalog: Catalog, offer: Offer, day: date) -> bool:
    """Whether an offer could be bought then. One that ended stood until its last dated price,
    else as long as the model itself."""
    model = catalog.models[offer.model]
    if model.released > day:
        return False
    if not offer.ended:
        return True
    last = max((price.valid_to for price in offer.prices if price.valid_to), default=model.ends)
    return last is not None and day <= last


def volume(workload: Workload) -> Volume:
    """The month's work as the cost formulas take it."""
    return Volume(
        requests=workload.requests_per_month,
        input_tokens=workload.input_tokens,
        output_tokens=workload.output_tokens,
        cached_share=workload.cached_share,
    )


def thinking(table: ModelTable, situation: Situation, model: Ints) -> Ranges:
    """How many times the output is billed, for models that think before they answer."""
    task = table.catalog.vocabulary["questions"]["tasks"][situation.tasks[0]]
    factor = float(task.get("thinking_factor", 1))
    if task.get("thinking_counted") and "output_tokens_per_request" not in situation.given:
        factor = 1.0  # the task's own output already holds the thoughts
    low, likely, high = 1.0, factor, max(_MOST_THINKING if factor > 1 else 1.0, factor)
    thinks = np.array([bool(table.models[m].reasoning) for m in model], dtype=bool)
    return Ranges(
        low=np.where(thinks, low, 1.0), likely=np.where(thinks, likely, 1.0), high=np.where(thinks, high, 1.0)
    )


def cheapest_host(model: Ints, cost: Floats, models: int) -> Floats:
    """For each row the lowest cost among the offers of the same model."""
    lowest = np.full(models, np.inf)
    np.minimum.at(lowest, model, cost)
    return lowest[model]


def hosted_energy(table: ModelTable, model: Sequence[int] | Ints) -> Ranges:
    """Wh per 1,000 output tokens of hosted models; wide where the size is not disclosed."""
    every = table.once(("hosted energy",), lambda: _hosted_energy(table))
    chosen = np.asarray(model, dtype=np.int64)
    return Ranges(low=every.low[chosen], likely=every.likely[chosen], high=every.high[chosen])


def _hosted_energy(table: ModelTable) -> Ranges:
    ranges = [
        active_range_b(
            np.nan if m.parameters_total is None else float(table.figures.active_parameters[p]),
            m.parameters_estimate,
        )
        for p, m in enumerate(table.models)
    ]
    active = Ranges(
        low=np.array([float(r.low) for r in ranges]),
        likely=np.array([float(r.likely) for r in ranges]),
        high=np.array([float(r.high) for r in ranges]),
    )
    return wh_per_1000_tokens(hosted_joules_per_output_token(active))
