"""How well abilities are estimated where nobody measured them: hold scores out and predict them.

Ten folds over the models of the text board, in order of release: a fold loses its text score, the factor
model is fitted on the rest and predicts it. Also without any board of the arena, and without any score at
all; by time (models of before March 2026 predict later ones); and the other way round, other tests from
the text board. Baselines are fitted on the same folds. What the assumptions know beforehand (data/
assumptions.yaml) was read from the whole catalog, so the figures stay a little flattering.

Run: python benchmarks/ability.py
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import mean, median

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from recommender.catalog.ability_equate import TEXT, evidence_by_model  # noqa: E402
from recommender.catalog.ability_general import generates_text, standings  # noqa: E402
from recommender.catalog.ability_latent import latent_abilities  # noqa: E402
from recommender.catalog.ability_size import open_points  # noqa: E402
from recommender.catalog.ability_tasks import Z80  # noqa: E402
from recommender.catalog.ability_tree import facts_of, scores_of  # noqa: E402
from recommender.catalog.load import load_tree  # noqa: E402

FOLDS = 10
SPLIT = date(2026, 3, 1)
OTHERS = ("arena-webdev", "arena-agent", "aider-polyglot", "gpqa-diamond", "mmlu-pro", "arena-vision")


def main() -> None:
    """Print the figures."""
    tree = load_tree(ROOT / "data")
    rules = tree.vocabulary["assumptions"]["ability"]
    models = [m for m in facts_of(tree) if generates_text(m)]
    evidence = evidence_by_model(scores_of(tree), rules)
    evidence = {m.id: evidence[m.id] for m in models if m.id in evidence}
    text_board(models, evidence, rules)
    other_tests(models, evidence, rules)


def text_board(models, evidence, rules):
    """Predict the text score of held-out models."""
    by_id = {m.id: m for m in models}
    truth = {i: own[TEXT].y for i, own in evidence.items() if TEXT in own}
    order = sorted(truth, key=lambda i: (by_id[i].released, i))
    folds = [set(order[k::FOLDS]) for k in range(FOLDS)]
    ours = predicted(models, evidence, rules, folds, lambda key: key == TEXT)
    rescaled, sized = {}, {}
    for fold in folds:
        rescaled |= mean_of_rescaled(truth, evidence, fold)
        sized |= size_formula(truth, by_id, rules, fold)
    known = {i: e[:1][0] for i, e in ours.items()}
    print(f"{len(truth)} models with a text score, held out in {FOLDS} folds")
    report("all", truth, {"latent": known})
    report("models with a benchmark", truth, {"latent": known, "mean of rescaled benchmarks": rescaled})
    report("models of known size", truth, {"latent": known, "size formula": sized})
    recent = {i: t for i, t in truth.items() if by_id[i].released.year == 2026}
    report("released in 2026", recent, {"latent": known})
    coverage("text score held out", truth, ours)
    by_evidence(truth, ours, models, evidence, rules)
    boards = predicted(models, evidence, rules, folds, lambda key: key.startswith("arena-"))
    report("no board of the arena", truth, {"latent": {i: e[0] for i, e in boards.items()}})
    coverage("no board of the arena", truth, boards)
    nothing = predicted(models, evidence, rules, folds, lambda key: True)
    report("no score at all", truth, {"latent": {i: e[0] for i, e in nothing.items()}})
    coverage("no score at all", truth, nothing)
    later = {i for i in truth if by_id[i].released >= SPLIT}
    for title, drop in (("text", lambda key: key == TEXT), ("every score", lambda key: True)):
        ahead = predicted(models, evidence, rules, [later], drop)
        recent = {i: truth[i] for i in later}
        report(f"after {SPLIT} without {title}", recent, {"latent": {i: e[0] for i, e in ahead.items()}})
        coverage("  same", recent, ahead)


def predicted(models, evidence, rules, folds, drop):
    """Points and standard deviation of each model of each fold, fitted without what `drop` names."""
    found = {}
    for fold in folds:
        latent = latent_abilities(models, without(evidence, fold, drop), rules)
        found |= {i: latent.points(i, {}) for i in fold}
    return found


def without(evidence, ids, drop):
    """The evidence less some keys of some models."""
    return {
        i: {k: e for k, e in own.items() if not drop(k)} if i in ids else own for i, own in evidence.items()
    }


def mean_of_rescaled(truth, evidence, fold):
    """Baseline: each benchmark stretched to 0..1 over its models, averaged, then fitted to points."""
    raw = defaultdict(dict)
    for i in truth:
        for key, e in evidence[i].items():
            if key != TEXT:
                raw[key][i] = e.y
    parts = defaultdict(list)
    for scores in raw.values():
        low, high = min(scores.values()), max(scores.values())
        for i, y in scores.items():
            parts[i].append((y - low) / (high - low) if high > low else 0.5)
    x = {i: mean(values) for i, values in parts.items()}
    train = [i for i in x if i not in fold]
    slope, intercept = np.polyfit([x[i] for i in train], [truth[i] for i in train], 1)
    return {i: intercept + slope * x[i] for i in x if i in fold}


def size_formula(truth, by_id, rules, fold):
    """Baseline: the size formula with the median residual of the developer in the other folds."""
    residuals = defaultdict(list)
    guess = {i: g.points for i in truth if (g := open_points(by_id[i], rules)) is not None}
    for i, points in guess.items():
        if i not in fold:
            residuals[by_id[i].developer].append(truth[i] - points)
    return {i: p + median(residuals[by_id[i].developer] or [-12.0]) for i, p in guess.items() if i in fold}


def other_tests(models, evidence, rules):
    """Predict other tests of held-out models: by the latent ability and by the text board alone."""
    print("\nother tests of held-out models, error in standard deviations of the test")
    for key in OTHERS:
        truth = {i: own[key].y for i, own in evidence.items() if key in own and TEXT in own}
        folds = [set(sorted(truth)[k::FOLDS]) for k in range(FOLDS)]
        ours, alone = {}, {}
        loads = rules["equating"][key].get("loads", {})
        for fold in folds:
            latent = latent_abilities(models, without(evidence, fold, lambda k, key=key: k == key), rules)
            item = latent.fit.items[key]
            ours |= {i: item.level + item.slope * (latent.points(i, loads)[0] - 1400) / 100 for i in fold}
            train = [i for i in truth if i not in fold]
            line = np.polyfit([evidence[i][TEXT].y for i in train], [truth[i] for i in train], 1)
            alone |= {i: float(np.polyval(line, evidence[i][TEXT].y)) for i in fold}
        scale = np.std(list(truth.values()))
        scaled = [{i: v / scale for i, v in d.items()} for d in (truth, ours, alone)]
        report(key, scaled[0], {"latent": scaled[1], "text board alone": scaled[2]}, digits=2)


def report(title, truth, methods, digits=1):
    """Spearman and errors of several methods on the models that all of them cover."""
    common = sorted(set(truth).intersection(*methods.values()))
    print(f"\n{title} (n = {len(common)})")
    for name, guess in methods.items():
        errors = [abs(guess[i] - truth[i]) for i in common]
        rho = spearman([guess[i] for i in common], [truth[i] for i in common])
        worst = np.percentile(errors, 90)
        print(
            f"  {name:30} Spearman {rho:.3f}  median error {median(errors):5.{digits}f}"
            f"  p90 {worst:5.{digits}f}"
        )


def coverage(title, truth, ours):
    """How often the 80 % interval holds the truth."""
    inside = mean(abs(ours[i][0] - t) <= Z80 * ours[i][1] for i, t in truth.items())
    width = median(2 * Z80 * ours[i][1] for i in truth)
    print(f"  {title}: {inside:.0%} inside the 80 % interval, median width {width:.0f}")


def by_evidence(truth, ours, models, evidence, rules):
    """The same by what is left once the text score is gone."""
    left = without(evidence, set(truth), lambda key: key == TEXT)
    groups = defaultdict(list)
    for i in truth:
        alone = without(evidence, {i}, lambda key: key == TEXT)
        standing = standings(models, alone, {}, rules, newest=None).get(i)
        first = standing.basis[0].partition(":")[0] if standing else "formula"
        own = "old test" if first == "mmlu" else "benchmarks"
        groups[first if first in ("predecessor", "formula") or not left[i] else own].append(i)
    for name, ids in sorted(groups.items()):
        errors = [ours[i][0] - truth[i] for i in ids]
        inside = mean(abs(e) <= Z80 * ours[i][1] for e, i in zip(errors, ids, strict=True))
        print(
            f"  {name:12} n {len(ids):3}  median error {median(map(abs, errors)):5.1f}"
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
