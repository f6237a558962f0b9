"""The vocabulary (criteria, rules, assumptions) as rows for the method page. Nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FULL_SCORE = 100.0
"""Points of a candidate that has the best value on every criterion."""

_REASONS = ("reason", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One number or choice of ours, where it stands and why it is what it is."""

    path: str  # rent.usd_per_gpu_hour.l4
    value: Any  # a scalar or a list of scalars
    low: Any = None
    high: Any = None
    reason: str | None = None  # its own, or that of the block it stands in


def assumptions(tree: Mapping[str, Any]) -> tuple[Assumption, ...]:
    """Every leaf of a vocabulary file with the nearest reason, in the order of the file."""
    return tuple(_walk("", tree, None))


def _walk(path: str, node: Any, reason: str | None) -> Iterator[Assumption]:
    if not isinstance(node, Mapping):
        yield from _leaf(path, node, reason)
        return
    here = next((str(node[key]) for key in _REASONS if isinstance(node.get(key), str)), reason)
    if "value" in node and not isinstance(node["value"], Mapping):
        yield Assumption(
            path=path, value=node["value"], low=node.get("low"), high=node.get("high"), reason=here
        )
        used = {"value", "low", "high"}
    else:
        used = set()
        if set(node) <= set(_REASONS):  # a block that says why it holds no number
            yield Assumption(path=path, value="", reason=here)
    for key, inner in node.items():
        if key in used or (key in _REASONS and isinstance(inner, str)):
            continue
        # "windows_reason" belongs to "windows" and explains nothing else.
        own = node.get(f"{key}_reason")
        if key.endswith("_reason") and key.removesuffix("_reason") in node:
            continue
        yield from _walk(f"{path}.{key}" if path else key, inner, own if isinstance(own, str) else here)


def _leaf(path: str, node: Any, reason: str | None) -> Iterator[Assumption]:
    if isinstance(node, list) and any(isinstance(each, Mapping | list) for each in node):
        for number, each in enumerate(node, start=1):
            yield from _walk(f"{path}.{number}", each, reason)
    else:
        yield Assumption(path=path, value=node, reason=reason)


def points_of(value: float, weight: float) -> float:
    """What a criterion adds to a score: its value (0 to 1) times its share of the weight, of 100 points."""
    return FULL_SCORE * value * weight


def criterion_parts(entry: Mapping[str, Any]) -> Mapping[str, tuple[tuple[float, float], ...]]:
    """The anchors of a criterion or task curve, by name: `anchors`, and `anchors_without_answer` if any."""
    return {
        key: tuple((float(x), float(v)) for x, v in entry[key])
        for key in ("anchors", "anchors_without_answer")
        if key in entry
    }
