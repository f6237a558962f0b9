"""Small inputs for the ability tests: the real assumptions, made-up models and scores."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from recommender.catalog.ability_facts import ModelFacts, Score

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


def crowd(benchmark: str, a: float, b: float) -> tuple[list[ModelFacts], list[Score]]:
    """Twenty other models on the text board and on a test that follows it: points = a + b x score."""
    models = [facts(f"mill/m{i}", "2026-01-01") for i in range(20)]
    points = [1350.0 + 8 * i for i in range(20)]
    scores = [text(m.id, p) for m, p in zip(models, points, strict=True)]
    scores += [score(benchmark, (p - a) / b, model=m.id) for m, p in zip(models, points, strict=True)]
    return models, scores
