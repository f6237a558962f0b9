"""Neither a class nor a gap in our data decides by itself (200 random situations each)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from recommender import Answers
from recommender.answers_fields import GROUPS
from recommender.catalog.types import Catalog, ModelClass
from recommender.decide.engine import Evaluation, evaluate_all, tie_ranks
from recommender.decide.ranking import best_ways, order, score
from recommender.decide.values import UNCHECKED
from tests.decide.random_answers import situations

SITUATIONS = 200


def first_class(evaluation: Evaluation, row: int) -> ModelClass | None:
    """The class of the model in this row."""
    return evaluation.table.classes[int(evaluation.ways.rows.model[row])]


@pytest.mark.parametrize("group", GROUPS)
def test_no_single_weight_hands_everything_to_one_class(group: str, catalog: Catalog) -> None:
    """At a single group's weight the winners come from at least two classes."""
    only = {name: 100 if name == group else 0 for name in GROUPS}
    winners: Counter[ModelClass | None] = Counter()
    for answers in situations(SITUATIONS, seed=1):
        made = evaluate_all(Answers.parse({**answers, "weights": only}), catalog)
        if made.order.rows:
            winners[first_class(made, made.order.rows[0])] += 1
    assert len(winners) >= 2, winners


def refilled_winner(made: Evaluation) -> int:
    """The winning row when every not-checked cell counts at its median."""
    gaps = made.cells.state == UNCHECKED
    cells = replace(made.cells, cautious=np.where(gaps, made.cells.typical, made.cells.cautious))
    scores = score(cells, made.weights, np.sum(list(made.malus.values()), axis=0), stance="cautious")
    cost = np.nan_to_num(made.ways.rows.cost_usd, nan=np.inf)
    best = best_ways(
        made.ways.rows.model,
        made.admission.admitted & made.preferred,
        scores,
        cost,
        tie_ranks(made.table, made.ways),
    )
    ids = {row: made.table.models[model].id for model, row in best.items()}
    margin = made.all_units * 2 // 100
    return order(list(best.values()), scores, made.admission.flagged, cost, ids, margin=margin).rows[0]


def test_gaps_in_our_data_do_not_choose_the_class(catalog: Catalog) -> None:
    """Filling every not-checked cell with its median changes the winner's class in at most 5 % of cases."""
    changed = ranked = 0
    for answers in situations(SITUATIONS, seed=2):
        made = evaluate_all(Answers.parse(answers), catalog)
        if not made.order.rows:
            continue
        ranked += 1
        changed += first_class(made, made.order.rows[0]) != first_class(made, refilled_winner(made))
    assert ranked > SITUATIONS // 2
    assert changed <= 0.05 * ranked, f"{changed} of {ranked}"
