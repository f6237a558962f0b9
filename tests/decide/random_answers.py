"""Plausible random situations with a fixed seed: what readers might answer, limits seldom and mild."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from recommender.answers_fields import TASKS

_MACHINES = (
    [],
    [{"memory_gb": 16, "memory_kind": "ram"}],
    [{"memory_gb": 24, "memory_kind": "vram"}],
    [{"memory_gb": 48, "memory_kind": "vram", "count": 2}],
    [{"memory_gb": 80, "memory_kind": "vram", "count": 8}],
)
_VOLUMES = (500, 10_000, 100_000, 1_000_000)


def situations(count: int, *, seed: int) -> Iterator[dict[str, Any]]:
    """So many answer mappings; the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(count):
        answers: dict[str, Any] = {"tasks": [dice.choice(TASKS)], "requests_per_month": dice.choice(_VOLUMES)}
        if dice.random() < 0.5:
            answers["hardware"] = dice.choice(_MACHINES)
        if dice.random() < 0.3:
            answers["labelled_examples"] = dice.choice(("none", "hundreds", "thousands"))
        if dice.random() < 0.3:
            answers["budget_usd_month"] = dice.choice((50, 500, 5_000))
        if dice.random() < 0.2:
            answers["languages"] = dice.choice((["de"], ["fr", "es"], ["ja"]))
        if dice.random() < 0.2:
            answers["no_training_on_data"] = True
        if dice.random() < 0.2:
            answers["commercial_use"] = True
        yield answers
