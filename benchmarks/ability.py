"""How well abilities are estimated where nobody measured them: hold the text board out and predict it.

Each scored model loses its own text score in turn; everything else stays. Compared with two simple
guesses on the same models: the mean of rescaled benchmarks, and the size formula alone. The constants
were fitted on the same snapshot, so the figures are somewhat flattering; the order of the methods is not.

Run: python benchmarks/ability.py
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean, median

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from recommender.catalog.ability_equate import TEXT, evidence_by_model  # noqa: E402
from recommender.catalog.ability_general import general_estimates, generates_text  # noqa: E402
from recommender.catalog.ability_size import from_size  # noqa: E402
from recommender.catalog.ability_tree import facts_of, scores_of  # noqa: E402
from recommender.catalog.load import load_tree  # noqa: E402


def main() -> None:
    """Print the figures."""
    tree = load_tree(ROOT / "data")
    rules = tree.vocabulary["assumptions"]["ability"]
    models = [m for m in facts_of(tree) if generates_text(m)]
    evidence = evidence_by_model(scores_of(tree), rules)
    truth = {m.id: evidence[m.id][TEXT].points for m in models if TEXT in evidence.get(m.id, {})}
    ours = {id_: held_out(id_, models, evidence, rules) for id_ in truth}
    ours = {id_: estimate for id_, estimate in ours.items() if estimate is not None}
    likely = {id_: estimate.likely for id_, estimate in ours.items()}
    rescaled = mean_of_rescaled(truth, evidence)
    sized = {m.id: e.likely for m in models if m.id in truth and (e := from_size(m, rules)) is not None}
    print(f"{len(truth)} models with a text score, {len(ours)} predicted without it")
    report("all predicted", truth, {"estimate": likely})
    report("models with a benchmark", truth, {"estimate": likely, "mean of rescaled benchmarks": rescaled})
    report("models of known size", truth, {"estimate": likely, "size formula alone": sized})
    new = {m.id for m in models if m.released.year >= 2026}
    report("released in 2026", {i: t for i, t in truth.items() if i in new}, {"estimate": likely})
    by_rule(truth, ours)
    inside = mean(e.low <= truth[i] <= e.high for i, e in ours.items())
    print(f"text score inside the interval: {inside:.0%}")


def held_out(id_, models, evidence, rules):
    """The estimate of one model with its own text score taken away."""
    without = dict(evidence)
    without[id_] = {key: e for key, e in evidence[id_].items() if key != TEXT}
    return general_estimates(models, without, rules).get(id_)


def mean_of_rescaled(truth, evidence):
    """Baseline: each benchmark stretched to 0..1 over its models, averaged, then fitted to points."""
    raw = defaultdict(dict)
    for id_ in truth:
        for key, e in evidence[id_].items():
            if key != TEXT:
                raw[key][id_] = e.points
    parts = defaultdict(list)
    for scores in raw.values():
        low, high = min(scores.values()), max(scores.values())
        for id_, points in scores.items():
            parts[id_].append((points - low) / (high - low) if high > low else 0.5)
    x = {id_: mean(values) for id_, values in parts.items()}
    slope, intercept = np.polyfit(list(x.values()), [truth[i] for i in x], 1)
    return {id_: intercept + slope * value for id_, value in x.items()}


def report(title, truth, methods):
    """Spearman and errors of several methods on the models that all of them cover."""
    common = sorted(set(truth).intersection(*methods.values()))
    print(f"\n{title} (n = {len(common)})")
    for name, guess in methods.items():
        errors = [abs(guess[i] - truth[i]) for i in common]
        rho = spearman([guess[i] for i in common], [truth[i] for i in common])
        worst = np.percentile(errors, 90)
        print(f"  {name:30} Spearman {rho:.3f}  median error {median(errors):5.1f}  p90 {worst:5.1f}")


def by_rule(truth, ours):
    """The same by the rule that gave the estimate."""
    groups = defaultdict(list)
    for id_, estimate in ours.items():
        first = estimate.basis[0].partition(":")[0]
        rule = first if first in {"predecessor", "size", "price-neighbours", "mmlu"} else "benchmarks"
        groups[rule].append((estimate, truth[id_]))
    print("\nby rule")
    for rule, pairs in sorted(groups.items()):
        errors = [e.likely - t for e, t in pairs]
        inside = mean(e.low <= t <= e.high for e, t in pairs)
        print(
            f"  {rule:18} n {len(pairs):3}  median error {median(map(abs, errors)):5.1f}"
            f"  bias {median(errors):+5.1f}  inside {inside:.0%}"
        )


def spearman(a, b):
    """Rank correlation, ties averaged."""
    ranks = [
        np.array([(sorted(x).index(v) + len(x) - 1 - sorted(x)[::-1].index(v)) / 2 for v in x])
        for x in (a, b)
    ]
    return float(np.corrcoef(*ranks)[0, 1])


if __name__ == "__main__":
    main()
