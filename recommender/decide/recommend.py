"""The recommendation: the evaluation of a situation, put into the result that people and programs read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from recommender import words
from recommender.answers import Answers
from recommender.catalog.types import Catalog, ModelClass
from recommender.decide.describe import model_of, strings, way_of
from recommender.decide.engine import Evaluation, evaluate_all
from recommender.decide.explain import caveats, contributions, good_and_poor
from recommender.decide.ranking import spread_families
from recommender.decide.reasons import failures, is_near_miss
from recommender.decide.relax import relaxations, removals
from recommender.decide.result import Effect, Excluded, OtherWay, Ranked, Recommendation, Sentence
from recommender.decide.robustness import Robustness, robustness
from recommender.decide.values import NOT_APPLICABLE, STATE_WORDS

_NO_DATA_BELOW = 5  # a task with fewer rated models is answered with "no data", not with a guess
_OTHER_WAYS = 8
SHARE_DIGITS = 4
_RIVALS = 5


def recommendation(answers: Answers, catalog: Catalog) -> Recommendation:
    """The recommendation for these answers on this catalog. Pure; the link is left to the caller."""
    evaluation = evaluate_all(answers, catalog)
    status = status_of(evaluation)
    sure = robustness(evaluation) if status == "ok" else None
    ranking = () if status == "no-data" else ranked_rows(evaluation, sure)
    return Recommendation(
        catalog_version=catalog.version,
        as_of=evaluation.situation.day,
        answers=answers.to_dict(),
        status=status,
        ranking=ranking,
        excluded=excluded_rows(evaluation),
        robustness=robustness_of(evaluation, sure) if sure else None,
        relax=relaxations(answers, evaluation) if status == "nothing-qualifies" else (),
        data_quality=data_quality(evaluation),
        notices=notices(evaluation),
    )


def effect_of(answers: Answers, catalog: Catalog) -> Effect:
    """How many models are left, by class, and how many each answer takes out on its own."""
    evaluation = evaluate_all(answers, catalog)
    left = {name.value: 0 for name in ModelClass}
    for position in evaluation.best:
        found = evaluation.table.classes[position]
        if found is not None:
            left[found.value] += 1
    return Effect(left=left, removals=removals(answers, evaluation))


def robustness_of(evaluation: Evaluation, sure: Robustness) -> dict[str, Any]:
    """The robustness of the first place as the JSON has it; models by id, shares rounded."""

    def name(row: int) -> str:
        return model_of(evaluation, row).id

    first = evaluation.order.rows[0]
    rivals = sorted(
        (row for row in sure.first if row != first), key=lambda row: (-sure.first[row], name(row))
    )
    return {
        "samples": sure.samples,
        "certainty": sure.certainty,
        "verdict": sure.verdict,
        "is_tie": sure.is_tie,
        "p_first": round(sure.first[first], SHARE_DIGITS),
        "rivals": [
            {"model": name(row), "p_first": round(sure.first[row], SHARE_DIGITS)} for row in rivals[:5]
        ],
        "pairwise": [
            {"model": name(one), "beats": name(other), "share": round(share, SHARE_DIGITS)}
            for (one, other), share in sure.pairwise.items()
        ],
        "central_weights": {
            name(row): {group: round(share, SHARE_DIGITS) for group, share in sure.central[row].items()}
            for row in (first, *rivals)
            if row in sure.central
        },
        "weight_intervals": {
            group: [round(low, SHARE_DIGITS), round(high, SHARE_DIGITS)]
            for group, (low, high) in sure.intervals.items()
        },
    }


def status_of(evaluation: Evaluation) -> str:
    """ok, nothing-qualifies, or no-data where too few models were ever rated for the main task."""
    task = evaluation.situation.tasks[0]
    rated = sum(task in model.ability for model in evaluation.table.models)
    if rated < _NO_DATA_BELOW:
        return "no-data"
    return "ok" if evaluation.best else "nothing-qualifies"


def ranked_rows(evaluation: Evaluation, sure: Robustness | None) -> tuple[Ranked, ...]:
    """The admitted models, best first; a family's third and further ones follow after the tenth place."""
    scales = evaluation.table.catalog.vocabulary["criteria"]["scales"]
    families = [model_of(evaluation, row).family for row in evaluation.order.rows]
    shown = spread_families(families, first=10, limit=int(scales["family_in_first_ten"]))
    return tuple(_ranked(evaluation, position, sure) for position in shown)


def _ranked(evaluation: Evaluation, position: int, sure: Robustness | None) -> Ranked:
    row = evaluation.order.rows[position]
    model = model_of(evaluation, row)
    good, poor = good_and_poor(evaluation, model)
    way = way_of(evaluation, row)
    developer = evaluation.table.catalog.developers.get(model.developer)
    return Ranked(
        model=model.id,
        name=model.name,
        developer=developer.name if developer else model.developer,
        model_class=_class_of(evaluation, row) or "",
        parameters_total=model.parameters_total,
        way=way,
        rank=evaluation.order.ranks[position],
        tied_with=tuple(model_of(evaluation, other).id for other in evaluation.order.tied[position]),
        score=evaluation.points(int(evaluation.scores.score[row])),
        floor=evaluation.points(int(evaluation.scores.floor[row])),
        ceiling=evaluation.points(int(evaluation.scores.ceiling[row])),
        contributions=contributions(evaluation, row),
        monthly_cost_usd=way.monthly_cost_usd,
        p_first=round(sure.first.get(row, 0.0), SHARE_DIGITS) if sure else None,
        p_top3=round(sure.top3.get(row, 0.0), SHARE_DIGITS) if sure else None,
        flagged=bool(evaluation.admission.flagged[row]),
        caveats=caveats(evaluation, row),
        good_for=good,
        poor_for=poor,
        other_ways=other_ways(evaluation, row),
    )


def _class_of(evaluation: Evaluation, row: int) -> str | None:
    found = evaluation.table.classes[int(evaluation.ways.rows.model[row])]
    return found.value if found else None


def other_ways(evaluation: Evaluation, best: int) -> tuple[OtherWay, ...]:
    """The model's other ways, admitted ones first by score, then those that fail, fewest rules first."""
    rows = [row for row in evaluation.ways_in_order[int(evaluation.ways.rows.model[best])] if row != best]
    return tuple(other_way(evaluation, row) for row in rows[:_OTHER_WAYS])


def other_way(evaluation: Evaluation, row: int) -> OtherWay:
    """One way with its score, or the rules it breaks."""
    failed = failures(evaluation, row)
    return OtherWay(
        way=way_of(evaluation, row),
        admitted=not failed,
        score=evaluation.points(int(evaluation.scores.score[row])),
        failed=failed,
    )


def excluded_rows(evaluation: Evaluation) -> tuple[Excluded, ...]:
    """Every model that no way gets past the limits, nearest misses first."""
    made = []
    would_rank = places(evaluation)
    for position, row in nearest_rows(evaluation).items():
        failed = failures(evaluation, row)
        model = evaluation.table.models[position]
        made.append(
            Excluded(
                model=model.id,
                name=model.name,
                model_class=_class_of(evaluation, row),
                way=way_of(evaluation, row),
                failed=failed,
                near_miss=is_near_miss(failed),
                would_rank=would_rank(row),
            )
        )
    return tuple(sorted(made, key=lambda one: (len(one.failed), one.would_rank or 0, one.model)))


def nearest_rows(evaluation: Evaluation) -> dict[int, int]:
    """For each excluded model the way that breaks the fewest rules; of equals the first in order."""
    return {m: rows[0] for m, rows in evaluation.ways_in_order.items() if m not in evaluation.best}


def places(evaluation: Evaluation) -> Callable[[int], int]:
    """The place a way would have if its broken rules were lifted."""
    scores = np.sort(evaluation.scores.score[list(evaluation.best.values())])
    return lambda row: (
        len(scores) - int(np.searchsorted(scores, evaluation.scores.score[row], side="right")) + 1
    )


def data_quality(evaluation: Evaluation) -> dict[str, Any]:
    """How many cells behind the ranking are known, estimated or missing; and for the first pick."""
    rows = list(evaluation.order.rows)
    states = evaluation.cells.state[rows] if rows else evaluation.cells.state[:0]
    total = int((states != NOT_APPLICABLE).sum())
    counted = {word: int((states == code).sum()) for code, word in enumerate(STATE_WORDS)}
    first = dict.fromkeys(STATE_WORDS, 0)
    for code in states[0].tolist() if rows else []:
        first[STATE_WORDS[code]] += 1
    return {"cells": total, "by_state": counted, "first": first}


def notices(evaluation: Evaluation) -> tuple[Sentence, ...]:
    """What was assumed in place of answers."""
    say: Mapping[str, str] = strings(evaluation)
    made = [
        Sentence(id=f"notice.assumed.{key}", text=words.say(say, f"notice.assumed.{key}", value=value))
        for key, value in evaluation.situation.assumed.items()
    ]
    if not any(evaluation.situation.groups.values()):
        made.append(Sentence(id="notice.no_weights", text=words.say(say, "notice.no_weights")))
    named = evaluation.situation.given.get("quality_at_least")
    if named and evaluation.admission.inputs.references.get("quality_at_least") is None:
        text = words.say(say, "notice.unknown_reference", model=named)
        made.append(Sentence(id="notice.unknown_reference", text=text))
    return tuple(made)
