"""The small plain inputs and results of the ability estimates.

Nothing here knows of files: `ability.py` turns the tree into these objects, tests build them by hand.
All points are on the LMArena text scale.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Assumptions = Mapping[str, Any]  # the `ability` block of data/assumptions.yaml, as read
BILLION = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What the estimates need to know of one model. Parameters in billions, price in USD per Mtok."""

    id: str
    developer: str
    released: date
    family: str = ""
    kind: str = "unknown"
    architecture: str = "decoder"
    total_b: float | None = None
    active_b: float | None = None
    instruction_tuned: bool | None = None
    reasoning: bool | None = None
    fim_trained: bool | None = None
    zero_shot: frozenset[str] = frozenset()  # classification, extraction
    specialised_for: str = ""
    outputs: frozenset[str] = frozenset({"text"})
    price: float | None = None  # first-party list price, input to output blended 3:1

    @property
    def name(self) -> str:
        """The part of the id after the developer."""
        return self.id.rpartition("/")[2]

    @property
    def is_closed(self) -> bool:
        return self.kind == "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One published score: percent, or points where the benchmark is an arena board."""

    model: str
    benchmark: str
    score: float
    metric: str = ""
    setting: str = ""
    low: float | None = None
    high: float | None = None
    maker_reported: bool = False
    recalled: bool = False
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A score as the fit sees it: `y` in the unit of its test, `spread` and `extra` for its noise."""

    key: str
    y: float
    spread: float
    extra: float
    independent: bool
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far to trust what is said of a model, and what it rests on."""

    grade: str
    basis: tuple[str, ...]
    measured: bool = False  # a score of the text board
    ancestor: str | None = None  # nearest predecessor with scores


def logit(share: float) -> float:
    """Log odds of a share between 0 and 1; the ends are pulled in by half a percent."""
    inside = min(max(share, 0.005), 0.995)
    return math.log(inside / (1 - inside))
