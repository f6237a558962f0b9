"""How long the catalog takes to read from its snapshot, as ratios to bare JSON of the same bytes.

The core is read when the app starts, the details when a page first asks for provenance. Times are
medians of processor time, so that a busy machine changes them little.

Run: python benchmarks/catalog.py
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from recommender.catalog.snapshot import DATA_DIR, DETAILS_SUFFIX, load_catalog, load_details, newest_snapshot  # noqa: E402

ROUNDS = 25


def median_ms(call: Callable[[], object]) -> float:
    """Median processor time of some rounds, in milliseconds, each with a clean heap."""
    taken = []
    for _ in range(ROUNDS):
        gc.collect()
        begin = time.process_time()
        kept = call()
        taken.append((time.process_time() - begin) * 1000)
        del kept
    return statistics.median(taken)


def main() -> None:
    """Prints one line for the core and one for the details."""
    core = newest_snapshot(DATA_DIR / "snapshots")
    if core is None:
        raise SystemExit("data/snapshots is empty: run `python -m recommender snapshot`")
    details = core.with_name(core.stem + DETAILS_SUFFIX)
    parts = (
        ("core", core, load_catalog, 20),
        ("details", details, lambda: load_details(core.stem), 150),
    )
    for name, file, load, goal in parts:
        content = file.read_bytes()
        floor = median_ms(lambda c=content: json.loads(c))
        taken = median_ms(load)
        size = len(content) / 1e6
        print(
            f"{name} ({size:.1f} MB): {taken:.1f} ms = {taken / floor:.2f} x bare JSON of {floor:.1f} ms"
            f" (goal: under {goal} ms)"
        )


if __name__ == "__main__":
    main()
