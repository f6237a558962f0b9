"""How long the engine takes, as ratios to a bare matrix product over the same table in the same run.

Run: python benchmarks/engine.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from recommender import Answers, effect_of, load_catalog, recommend  # noqa: E402
from recommender.catalog.types import Catalog  # noqa: E402
from recommender.decide.ability_values import ability_quantities  # noqa: E402
from recommender.decide.candidates import candidates  # noqa: E402
from recommender.decide.engine import Evaluation, admit, evaluate_all, operates, representatives, tie_ranks  # noqa: E402
from recommender.decide.fields import columns  # noqa: E402
from recommender.decide.model_table import model_table  # noqa: E402
from recommender.decide.quantities import quantities  # noqa: E402
from recommender.decide.ranking import best_ways, order, score  # noqa: E402
from recommender.decide.situation import situation  # noqa: E402
from recommender.decide.values import cells  # noqa: E402

SITUATIONS = {
    "own machine": {"tasks": ["summarisation"], "data_boundary": "own-machines",
                    "hardware": [{"memory_gb": 24, "memory_kind": "vram"}]},
    "anything": {"tasks": ["chat"], "requests_per_month": 10_000, "budget_usd_month": 100},
}  # fmt: skip
ROUNDS = 15
WEIGHT_VECTORS = 1000


def median_ms(call: Callable[[], object]) -> float:
    """Median of some rounds, in milliseconds, after one to warm up."""
    call()
    taken = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def decide(made: Evaluation, answers: Answers, catalog: Catalog) -> object:
    """Rules, values and ranking over ways that are there already."""
    table, here, ways = made.table, made.situation, made.ways
    ability = ability_quantities(table, here, ways.rows)
    fields = columns(table, ways, here, ability.likely)
    admission = admit(table, here, fields)
    raw = quantities(table, ways, here, fields, ability)
    curves = [
        k.curve_for(here.given, {"context_tokens": here.workload.context_tokens}) for k in made.criteria
    ]
    grid = cells([raw[k.id] for k in made.criteria], curves, made.criteria, units=1000)
    scores = score(grid, made.weights, np.sum(list(made.malus.values()), axis=0), stance=here.stance)
    preferred = representatives(table, ways, admission.admitted, scores.score, can_operate=operates(here))
    cost = np.nan_to_num(ways.rows.cost_usd, nan=np.inf)
    best = best_ways(ways.rows.model, admission.admitted & preferred, scores, cost, tie_ranks(table, ways))
    ids = {row: table.models[model].id for model, row in best.items()}
    return order(list(best.values()), scores, admission.flagged, cost, ids, margin=1)


def import_seconds() -> float:
    """Median time of `import recommender` in a fresh process, less an empty one."""

    def run(code: str) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
        return time.perf_counter() - begin

    return statistics.median(run("import recommender") - run("pass") for _ in range(5))


def main() -> None:
    """Prints one line per figure."""
    catalog = load_catalog()
    print(f"import recommender: {import_seconds():.3f} s (goal: under 0.3 s)")
    print(f"load the catalog:   {median_ms(load_catalog):.1f} ms")
    for name, given in SITUATIONS.items():
        answers = Answers.parse(given)
        made = evaluate_all(answers, catalog)
        values = made.cells.cautious.astype(np.float64)
        weights = np.random.default_rng(0).random((values.shape[1], WEIGHT_VECTORS))
        floor = median_ms(lambda v=values, w=weights: v @ w)
        print(
            f"{name}: {len(made.ways):,} ways of {len(made.table.models)} models x {values.shape[1]} criteria"
        )
        print(f"  floor, float64 matrix product with {WEIGHT_VECTORS:,} weight vectors: {floor:.2f} ms")
        parts = {
            "rules, values, ranking": lambda m=made, a=answers: decide(m, a, catalog),
            "ways": lambda a=answers: candidates(
                model_table(catalog), situation(a, catalog, model_table(catalog).hardware)
            ),
            "whole evaluation": lambda a=answers: evaluate_all(a, catalog),
            "recommendation": lambda a=answers: recommend(a, catalog=catalog),
            "effect of each answer": lambda a=answers: effect_of(a, catalog),
        }
        for part, call in parts.items():
            taken = median_ms(call)
            print(f"  {part}: {taken:.1f} ms = {taken / floor:.1f} x the floor")


if __name__ == "__main__":
    main()
