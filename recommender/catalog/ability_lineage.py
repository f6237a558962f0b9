"""Which model a model follows, and how much a successor gains.

Patterns of names and measured gains: data/assumptions.yaml (`ability.lineage`, `ability.successor`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from recommender.catalog.ability_facts import Assumptions, ModelFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """A scored model that another descends from, and what changed on the way."""

    id: str
    unlike: tuple[str, ...] = ()  # price, size, tier: nothing comparable was seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The step from a model to its direct predecessor: days between them, and how far gains scatter."""

    id: str
    days: int
    sd: float


class Lineage:
    """Predecessors within the same tier, found by name, date and size."""

    def __init__(self, models: Iterable[ModelFacts], assumptions: Assumptions) -> None:
        self._rules = assumptions["lineage"]
        self._widening = assumptions["widening"]
        self._steps_max = int(assumptions["successor"]["steps_max"])
        self._gains = assumptions["successor"]
        self._patterns = [(re.compile(rule["pattern"]), rule) for rule in self._rules["series"]]
        self._rule: dict[str, Mapping[str, Any]] = {}
        self._members: dict[str, list[ModelFacts]] = {}
        for model in sorted(models, key=lambda m: (m.released, m.id)):
            rule = self._match(model)
            if rule is not None and model.instruction_tuned is not False:
                self._rule[model.id] = rule
                self._members.setdefault(rule["series"], []).append(model)

    def _match(self, model: ModelFacts) -> Mapping[str, Any] | None:
        return next((rule for pattern, rule in self._patterns if pattern.fullmatch(model.name)), None)

    def predecessor(self, model: ModelFacts) -> ModelFacts | None:
        """The newest earlier model of the same tier and of similar size; None if there is none."""
        rule = self._rule.get(model.id)
        if rule is None:
            return None
        own = self._nearest(model, self._members[rule["series"]], ladder=rule.get("ladder", False))
        if own is not None:
            return own
        others = (
            self._nearest(model, self._members.get(s, []), same_day=True) for s in rule.get("after", [])
        )
        return next((other for other in others if other is not None), None)

    def _nearest(
        self, model: ModelFacts, series: list[ModelFacts], *, ladder: bool = False, same_day: bool = False
    ) -> ModelFacts | None:
        apart = 0 if same_day else self._gains["days_min_ladder" if ladder else "days_min"]
        latest = model.released - timedelta(days=int(apart))
        earlier = [m for m in series if m.released <= latest and self._comparable(m, model, ladder=ladder)]
        if not earlier:
            return None
        if not ladder:
            return max(earlier, key=lambda m: (m.released, -_distance(m, model), m.id))
        newest = max(m.released for m in earlier) - timedelta(days=int(self._rules["same_generation_days"]))
        generation = [m for m in earlier if m.released >= newest]
        return min(generation, key=lambda m: (_distance(m, model), -m.released.toordinal(), m.id))

    def _comparable(self, m: ModelFacts, model: ModelFacts, *, ladder: bool) -> bool:
        if m.id == model.id or m.developer != model.developer or m.specialised_for != model.specialised_for:
            return False
        if not ladder:
            return bool(_ratio(m.total_b, model.total_b) <= self._rules["size_ratio"])
        limit = self._rules["size_ratio_ladder"]
        if m.total_b is None or model.total_b is None:
            return False
        return bool(max(_ratio(m.total_b, model.total_b), _ratio(m.active_b, model.active_b)) <= limit)

    def link(self, model: ModelFacts) -> Link | None:
        """The direct predecessor as a term of the fit; None where there is none of comparable date."""
        previous = self.predecessor(model)
        if previous is None or self._too_long_ago(previous, model):
            return None
        sd = next(row["sd"] for row in self._gains["scatter"] if model.released >= row["since"])
        if self._unlike(model, previous):
            sd = math.hypot(sd, self._widening["points"])
        return Link(id=previous.id, days=(model.released - previous.released).days, sd=float(sd))

    def scored_ancestor(self, model: ModelFacts, known: Collection[str]) -> Ancestor | None:
        """The nearest predecessor, predecessor of a predecessor and so on, that is known."""
        unlike: set[str] = set()
        current = model
        for _ in range(self._steps_max):
            previous = self.predecessor(current)
            if previous is None or self._too_long_ago(previous, model):
                return None
            unlike |= self._unlike(current, previous)
            if previous.id in known:
                return Ancestor(id=previous.id, unlike=tuple(sorted(unlike)))
            current = previous
        return None

    def _too_long_ago(self, previous: ModelFacts, model: ModelFacts) -> bool:
        """Open models: the gains were measured over shorter spans, and the size formula knows the date."""
        span = (model.released - previous.released).days
        return model.total_b is not None and bool(span > self._gains["span_days"])

    def _unlike(self, model: ModelFacts, previous: ModelFacts) -> set[str]:
        found = set()
        ratio = _ratio(previous.total_b, model.total_b)
        if model.price and previous.price and model.price <= self._widening["price_ratio"] * previous.price:
            found.add("price")
        if ratio >= self._widening["size_ratio"]:
            found.add("size")
        if self._rule[model.id]["series"] != self._rule[previous.id]["series"]:
            found.add("tier")
        return found


def _ratio(a: float | None, b: float | None) -> float:
    """How many times larger the larger of two sizes is; 1 where one is undisclosed."""
    if a is None or b is None:
        return 1.0
    return max(a / b, b / a)


def _distance(a: ModelFacts, b: ModelFacts) -> float:
    return math.log(_ratio(a.total_b, b.total_b)) + math.log(_ratio(a.active_b, b.active_b))
