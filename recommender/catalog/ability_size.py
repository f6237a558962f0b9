"""Points of models that neither a benchmark nor a predecessor says anything about.

Open weights: from size, release and developer. Closed: from the prices of the same maker.
Constants and their reasons: data/assumptions.yaml (`ability.size`, `residual`, `price_neighbours`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import mean

from recommender.catalog.ability_facts import Assumptions, Estimate, ModelFacts

DAYS_PER_YEAR = 365.25


def from_size(model: ModelFacts, assumptions: Assumptions) -> Estimate | None:
    """Size formula (rule 4), grade C-; None where the size is undisclosed."""
    if model.total_b is None:
        return None
    rule = assumptions["size"]
    shares = rule["active_share"]
    known = model.active_b
    actives = (
        (known,) * 3 if known else tuple(model.total_b * shares[end] for end in ("low", "likely", "high"))
    )
    low, likely, high = (_size_points(model.total_b, active, rule) for active in actives)
    years = (model.released - rule["origin"]).days / DAYS_PER_YEAR
    shift = _age_points(years, rule) + _developer_points(model, assumptions)
    down, up = _spread(math.sqrt(model.total_b * actives[1]), years, rule)
    return Estimate(
        low=low + shift + down, likely=likely + shift, high=high + shift + up, grade="C-", basis=("size",)
    )


def base_model(estimate: Estimate, assumptions: Assumptions) -> Estimate:
    """What a base model may be worth after tuning: lower and wider than the tuned one, grade D."""
    rule = assumptions["size"]
    shift = rule["base_model"]
    return Estimate(
        low=estimate.low + shift + rule["base_low"],
        likely=estimate.likely + shift,
        high=estimate.high + shift + rule["base_high"],
        grade="D",
        basis=("base-model", *estimate.basis),
    )


def from_price(
    model: ModelFacts, models: Iterable[ModelFacts], known: Mapping[str, Estimate], assumptions: Assumptions
) -> Estimate | None:
    """Interval of the maker's models within twice or half the price and two years (rule 5), grade D."""
    rule = assumptions["price_neighbours"]
    mine = [
        m
        for m in models
        if m.developer == model.developer
        and m.id in known
        and m.id != model.id
        and _near(m, model, rule["days"])
    ]
    at_price = [m for m in mine if _price_ratio(m, model) <= rule["ratio"]]
    points = sorted(
        known[m.id].likely for m in (at_price if len(at_price) >= rule["least"] else at_price or mine)
    )
    if not points:
        return None
    margin = rule["margin"]
    return Estimate(
        low=points[0] - margin,
        likely=mean(points),
        high=points[-1] + margin,
        grade="D",
        basis=(f"price-neighbours:{model.developer}",),
    )


def _size_points(total_b: float, active_b: float, rule: Mapping[str, float]) -> float:
    small = rule["small_below_b"]
    effective = math.sqrt(total_b * active_b)  # a sparse model stands between its two sizes
    if effective >= small:
        return (
            rule["intercept"]
            + rule["per_log10_total"] * math.log10(total_b)
            + rule["per_log10_active"] * math.log10(active_b)
        )
    at_limit = rule["intercept"] + (rule["per_log10_total"] + rule["per_log10_active"]) * math.log10(small)
    tiny = max(math.log10(rule["tiny_below_b"] / effective), 0.0) * rule["tiny_extra_per_log10"]
    return at_limit - rule["small_per_log10"] * math.log10(small / effective) - tiny


def _age_points(years: float, rule: Mapping[str, float]) -> float:
    if years >= 0:
        return rule["per_year"] * years
    return rule["earlier_intercept"] + rule["earlier_per_year"] * max(years, rule["earlier_years_min"])


def _developer_points(model: ModelFacts, assumptions: Assumptions) -> float:
    residual = assumptions["residual"]
    own = residual.get(model.developer, residual["fully-open" if model.kind == "fully-open" else "unknown"])
    return float(assumptions["size"]["residual_share"] * own)


def _spread(effective_b: float, years: float, rule: Mapping[str, float]) -> tuple[float, float]:
    lows = [rule["earlier_low" if years < 0 else "low"]]
    lows += [rule["small_low"]] if effective_b < rule["small_below_b"] else []
    lows += [rule["tiny_low"]] if effective_b < rule["tiny_below_b"] else []
    return min(lows), rule["earlier_high" if years < 0 else "high"]


def _near(a: ModelFacts, b: ModelFacts, days: int) -> bool:
    return abs((a.released - b.released).days) <= days


def _price_ratio(a: ModelFacts, b: ModelFacts) -> float:
    if not a.price or not b.price:
        return math.inf
    return max(a.price / b.price, b.price / a.price)
