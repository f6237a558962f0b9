"""Small inputs for the ability tests: the real assumptions, made-up models and scores."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from recommender.catalog.ability_facts import Estimate, ModelFacts, Score

ROOT = Path(__file__).resolve().parents[2]
ASSUMPTIONS = yaml.safe_load((ROOT / "data" / "assumptions.yaml").read_text(encoding="utf-8"))["ability"]


def score(
    benchmark: str, value: float, *, model: str = "lab/a", metric: str = "accuracy", **more: Any
) -> Score:
    """A score of 2026-08-22 unless said otherwise."""
    more.setdefault("as_of", date(2026, 8, 22))
    return Score(model=model, benchmark=benchmark, score=value, metric=metric, **more)


def text(model: str, points: float, half: float = 5.0) -> Score:
    """A row of the text board."""
    return score("arena-text", points, model=model, low=points - half, high=points + half)


def facts(id_: str, released: str, **more: Any) -> ModelFacts:
    """A closed chat model unless said otherwise."""
    more = {"kind": "closed", "instruction_tuned": True} | more
    return ModelFacts(id=id_, developer=id_.partition("/")[0], released=date.fromisoformat(released), **more)


def estimate(likely: float, half: float = 5.0, grade: str = "B") -> Estimate:
    """A general estimate measured on the text board."""
    return Estimate(
        low=likely - half,
        likely=likely,
        high=likely + half,
        grade=grade,
        basis=("arena-text",),
        measured=True,
    )
