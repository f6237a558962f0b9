"""A regularised factor model, fitted by expectation and maximisation: numpy only, fixed steps, no chance.

Unknowns x (abilities, group deviations, developer effects) have a Gaussian prior made of linear terms.
Each benchmark item sees y = level + slope x (loads . x) + noise, with its own level, slope and noise,
all shrunk to a prior. The E-step solves for x with its covariance; the M-step refits every item on it
by ridge regression, counting the uncertainty of x, so that noisy abilities do not flatten the slopes.

Units: hundreds of points around `ORIGIN`, the middle of the scale; y in log odds or in the unit of the
test. Source of the method: maximum likelihood factor analysis (Rubin and Thayer, 1982) with linked items.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Loads = tuple[tuple[int, float], ...]  # column and weight
ORIGIN = 1400.0
UNIT = 100.0
STEPS = 20  # the next ten steps move no ability by as much as a point


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Prior knowledge of the unknown of the first load: loads . x is `mean` with standard deviation `sd`."""

    loads: Loads
    mean: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A benchmark and what is believed of it before the fit; `fixed` items define the scale."""

    slope: float
    level: float
    noise: float
    slope_sd: float = 0.0
    level_sd: float = 0.0
    noise_weight: float = 4.0  # the prior of the noise counts as this many scores
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One score of one item. `spread` multiplies the variance of its noise; `extra` is added to it."""

    item: str
    loads: Loads
    y: float
    spread: float = 1.0
    extra: float = 0.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Posterior mean and covariance of the unknowns, and the items as fitted."""

    mean: Floats
    covariance: Floats
    items: Mapping[str, Item]

    def value(self, loads: Loads) -> tuple[float, float]:
        """Mean and standard deviation of a combination of unknowns."""
        columns = [column for column, _ in loads]
        weights = np.array([weight for _, weight in loads])
        variance = weights @ self.covariance[np.ix_(columns, columns)] @ weights
        return float(weights @ self.mean[columns]), float(np.sqrt(max(variance, 0.0)))


def fit(
    size: int,
    terms: Iterable[Term],
    observations: Sequence[Observation],
    items: Mapping[str, Item],
    *,
    steps: int = STEPS,
) -> Fit:
    """The posterior of `size` unknowns. The terms must leave no unknown without a prior."""
    precision, pull = np.zeros((size, size)), np.zeros(size)
    for term in terms:
        _add(precision, pull, term.loads, term.mean, 1.0 / term.sd**2)
    by_item: dict[str, list[Observation]] = {}
    for observation in observations:
        by_item.setdefault(observation.item, []).append(observation)
    fitted = dict(items)
    for _ in range(steps):
        found = _abilities(precision, pull, by_item, fitted)
        for name, seen in by_item.items():
            if not items[name].fixed:
                fitted[name] = _refitted(items[name], fitted[name], seen, found)
    return _abilities(precision, pull, by_item, fitted)


def extended(found: Fit, size: int, terms: Iterable[Term]) -> Fit:
    """The same with unknowns that no score speaks of, up to `size`, each drawn from those before it.

    They follow from the rest and do not act upon it: a cheap successor nobody measured says nothing
    of its predecessor. Terms of an unknown may load only on columns below it.
    """
    start = len(found.mean)
    mean, covariance = np.zeros(size), np.zeros((size, size))
    mean[:start], covariance[:start, :start] = found.mean, found.covariance
    own: dict[int, list[Term]] = {}
    for term in terms:
        own.setdefault(term.loads[0][0], []).append(term)
    for column in range(start, size):
        total = sum(1.0 / term.sd**2 for term in own[column])
        before = np.zeros(column)
        for term in own[column]:
            weight = 1.0 / term.sd**2 / total
            mean[column] += weight * term.mean
            for other, load in term.loads[1:]:
                before[other] -= weight * load
        mean[column] += before @ mean[:column]
        covariance[column, :column] = before @ covariance[:column, :column]
        covariance[:column, column] = covariance[column, :column]
        covariance[column, column] = before @ covariance[:column, column] + 1.0 / total
    return Fit(mean, covariance, found.items)


def _abilities(
    precision: Floats, pull: Floats, by_item: Mapping[str, list[Observation]], items: Mapping[str, Item]
) -> Fit:
    precision, pull = precision.copy(), pull.copy()
    for name, seen in by_item.items():
        item = items[name]
        for one in seen:
            loads = tuple((column, weight * item.slope) for column, weight in one.loads)
            weight = 1.0 / (item.noise**2 * one.spread + one.extra)
            _add(precision, pull, loads, one.y - item.level, weight)
    covariance: Floats = np.linalg.inv(precision).astype(np.float64)
    return Fit(covariance @ pull, covariance, dict(items))


def _add(precision: Floats, pull: Floats, loads: Loads, mean: float, weight: float) -> None:
    for column, load in loads:
        pull[column] += weight * load * mean
        for other, with_ in loads:
            precision[column, other] += weight * load * with_


def _refitted(prior: Item, now: Item, seen: Sequence[Observation], found: Fit) -> Item:
    """Ridge regression of the scores on the abilities, then the noise that is left."""
    values = np.array([found.value(one.loads) for one in seen])
    theta, doubt = values[:, 0], values[:, 1] ** 2
    y = np.array([one.y for one in seen])
    weights = 1.0 / (now.noise**2 * np.array([one.spread for one in seen]))
    cross = float(weights @ theta)
    left = np.array(
        [
            [weights @ (theta**2 + doubt) + prior.slope_sd**-2, cross],
            [cross, weights.sum() + prior.level_sd**-2],
        ]
    )
    right = np.array(
        [
            weights @ (theta * y) + prior.slope * prior.slope_sd**-2,
            weights @ y + prior.level * prior.level_sd**-2,
        ]
    )
    slope, level = np.linalg.solve(left, right)
    missed = ((y - level - slope * theta) ** 2 + slope**2 * doubt) * weights * now.noise**2
    variance = (prior.noise_weight * prior.noise**2 + missed.sum()) / (prior.noise_weight + len(seen))
    return Item(
        slope=float(slope),
        level=float(level),
        noise=float(np.sqrt(variance)),
        slope_sd=prior.slope_sd,
        level_sd=prior.level_sd,
        noise_weight=prior.noise_weight,
    )
