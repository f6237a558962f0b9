"""Where a model stands by what is known without any score: open weights by size and date, closed by price.

Constants and their reasons: data/assumptions.yaml (`ability.size`, `ability.price`). Both are terms of the
fit, each with its standard deviation; what a developer adds is an unknown of the fit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from recommender.catalog.ability_facts import Assumptions, ModelFacts

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Points by a formula with their standard deviation; `basis` is empty where next to nothing is known."""

    points: float
    sd: float
    basis: str


def open_points(model: ModelFacts, assumptions: Assumptions) -> Guess | None:
    """By total and active parameters and release; None where the size is undisclosed."""
    if model.total_b is None:
        return None
    rule = assumptions["size"]
    shares = rule["active_share"]
    known = model.active_b
    ends = (known,) * 3 if known else tuple(model.total_b * shares[end] for end in ("low", "likely", "high"))
    low, likely, high = (_size_points(model.total_b, active, rule) for active in ends)
    years = _years(model, assumptions)
    sd = _spread(math.sqrt(model.total_b * ends[1]), years, rule)
    points = likely + _age_points(years, rule) + (rule["fully_open"] if model.kind == "fully-open" else 0.0)
    return Guess(points=points, sd=math.hypot(sd, (high - low) / 4), basis="size")


def closed_points(model: ModelFacts, assumptions: Assumptions) -> Guess:
    """By list price and release; by the release alone, very wide, where there is no price."""
    rule = assumptions["price"]
    years = max(_years(model, assumptions), rule["years_min"])
    if not model.price:
        return Guess(
            points=rule["intercept"] + rule["per_year"] * years, sd=rule["sd_without_price"], basis=""
        )
    points = rule["intercept"] + rule["per_year"] * years + rule["per_log10_usd"] * math.log10(model.price)
    return Guess(points=points, sd=rule["sd"], basis="price")


def _years(model: ModelFacts, assumptions: Assumptions) -> float:
    return float((model.released - assumptions["size"]["origin"]).days / DAYS_PER_YEAR)


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


def _spread(effective_b: float, years: float, rule: Mapping[str, float]) -> float:
    sds = [rule["earlier_sd" if years < 0 else "sd"]]
    sds += [rule["small_sd"]] if effective_b < rule["small_below_b"] else []
    sds += [rule["tiny_sd"]] if effective_b < rule["tiny_below_b"] else []
    return max(sds)
