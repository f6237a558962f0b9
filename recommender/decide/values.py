"""From quantities to values: piecewise-linear curves on fixed anchors, never on the candidates.

Every cell has four numbers: floor and ceiling of what is possible, and the point
taken in the cautious and in the typical stance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Units = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Curve:
    """Value 0..1 by linear interpolation between anchors; on log10(x) when `log`. Clipped outside."""

    x: tuple[float, ...]
    v: tuple[float, ...]
    log: bool = False

    def __call__(self, quantity: Floats | float) -> Floats:
        """The value of each quantity; quantities of 0 or less clip to the low end of a log axis."""
        at, to = np.asarray(quantity, dtype=np.float64), np.array(self.x)
        if self.log:
            with np.errstate(divide="ignore"):
                at, to = np.log10(np.maximum(at, 1e-12)), np.log10(to)
        return np.asarray(np.interp(at, to, np.array(self.v)))


def curve(anchors: Sequence[Sequence[float]], *, log: bool = False, times: float = 1.0) -> Curve:
    """A curve from [x, v] pairs in any order, each x multiplied by `times`."""
    pairs = sorted((float(x) * times, float(v)) for x, v in anchors)
    return Curve(tuple(x for x, _ in pairs), tuple(v for _, v in pairs), log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing candidates are judged by, as in data/criteria.yaml."""

    id: str
    name: str
    group: str
    share: int
    unit: str
    log: bool
    anchors: tuple[tuple[float, float], ...]
    anchors_without_answer: tuple[tuple[float, float], ...] | None
    times_answer: str | None
    only_with_answer: str | None
    not_checked: tuple[float, float, float]
    reason: str
    seed: tuple[str, ...]

    def curve_for(self, answers: Mapping[str, Any], defaults: Mapping[str, float]) -> Curve:
        """The curve with its anchors set by the answers (a budget, a context need)."""
        if self.times_answer is None:
            return curve(self.anchors, log=self.log)
        answer = answers.get(self.times_answer) or defaults.get(self.times_answer)
        if answer:
            return curve(self.anchors, log=self.log, times=float(answer))
        return curve(self.anchors_without_answer or self.anchors, log=self.log)


def load_criteria(vocabulary: Mapping[str, Any]) -> tuple[Criterion, ...]:
    """The criteria of data/criteria.yaml in their order."""
    return tuple(
        Criterion(
            id=entry["id"],
            name=entry["name"],
            group=entry["group"],
            share=int(entry["share"]),
            unit=entry["unit"],
            log=entry["scale"] == "log",
            anchors=_pairs(entry["anchors"]),
            anchors_without_answer=_pairs(entry.get("anchors_without_answer", ())) or None,
            times_answer=entry.get("times_answer"),
            only_with_answer=entry.get("only_with_answer"),
            not_checked=_three(entry["not_checked"]),
            reason=entry["reason"],
            seed=tuple(entry["seed"]),
        )
        for entry in vocabulary["criteria"]
    )  # fmt: skip


def _three(raw: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = (float(number) for number in raw)
    return low, middle, high


def _pairs(raw: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(v)) for x, v in raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """One criterion's raw quantity for every candidate.

    `worse`, `likely`, `better` are ends in the criterion's unit, ordered by preference.
    `state` says why there may be no single figure: see the constants below.
    """

    worse: Floats
    likely: Floats
    better: Floats
    state: NDArray[np.int8]


KNOWN, ESTIMATED, UNDISCLOSED, UNCHECKED, NOT_APPLICABLE, UNMEASURED = (np.int8(code) for code in range(6))
STATE_WORDS = ("known", "estimated", "undisclosed", "unchecked", "not-applicable", "not-yet-measured")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Values of every candidate (rows) on every criterion (columns), in integer units of 1/1000."""

    floor: Units
    cautious: Units
    typical: Units
    ceiling: Units
    applicable: NDArray[np.bool_]
    state: NDArray[np.int8]

    def point(self, stance: str) -> Units:
        """The values that count in this stance."""
        return self.typical if stance == "typical" else self.cautious


def cells(
    quantities: Sequence[Quantities], curves: Sequence[Curve], criteria: Sequence[Criterion], *, units: int
) -> Cells:
    """All values. Not applicable cells hold 0 and are marked; their weight goes elsewhere in the group."""
    parts = [_cell(q, c, k) for q, c, k in zip(quantities, curves, criteria, strict=True)]

    def stacked(index: int) -> Units:
        return np.rint(np.stack([part[index] for part in parts], axis=1) * units).astype(np.int64)

    state = np.stack([q.state for q in quantities], axis=1)
    return Cells(
        floor=stacked(0), cautious=stacked(1), typical=stacked(2), ceiling=stacked(3),
        applicable=state != NOT_APPLICABLE, state=state,
    )  # fmt: skip


def _cell(q: Quantities, to_value: Curve, criterion: Criterion) -> tuple[Floats, Floats, Floats, Floats]:
    low10, median, high90 = (to_value(number) for number in criterion.not_checked)
    unchecked, hidden = q.state == UNCHECKED, np.isin(q.state, (UNDISCLOSED, UNMEASURED))
    off = q.state == NOT_APPLICABLE
    worse, likely, better = to_value(q.worse), to_value(q.likely), to_value(q.better)
    floor = np.where(unchecked, low10, worse)
    typical = np.where(unchecked, median, likely)
    ceiling = np.where(unchecked, high90, better)
    # An estimate counts at its likeliest value in both stances; what is hidden, not looked up or not
    # yet measured counts at its low end for the cautious.
    cautious = np.where(unchecked | hidden, floor, likely)
    zero = np.zeros_like(floor)
    return tuple(np.where(off, zero, part) for part in (floor, cautious, typical, ceiling))  # type: ignore[return-value]
