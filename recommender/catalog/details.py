"""Questions to the details of a snapshot: what the core leaves out, with source and day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def scores_of(details: Mapping[str, Any], model_id: str) -> list[dict[str, Any]]:
    """Every score of one model, as written, with benchmark id, name, unit and direction.

    Sorted by benchmark id, within a benchmark in the order of its file.
    """
    found = []
    for name, benchmark in sorted(details["benchmarks"].items()):
        about = {"benchmark": name, "name": benchmark["name"], "unit": benchmark["unit"]}
        about["higher_is_better"] = benchmark["higher_is_better"]
        found += [about | row for row in benchmark.get("scores", ()) if row.get("model") == model_id]
    return found
