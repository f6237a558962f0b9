"""The pipeline: answers and catalog -> candidates -> limits -> values -> scores -> order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.answers import Answers
from recommender.answers_fields import FIELDS as ANSWER_FIELDS
from recommender.catalog.types import Catalog
from recommender.decide.ability_values import ability_quantities
from recommender.decide.candidates import candidates
from recommender.decide.columns import FALSE, UNKNOWN, Column, Truth
from recommender.decide.fields import FIELD_MEMBERS, FIELDS, SET_FIELDS, columns
from recommender.decide.malus import malus_parts
from recommender.decide.model_table import ModelTable, model_table
from recommender.decide.quantities import quantities
from recommender.decide.ranking import POINTS, Order, Scores, best_ways, order, score
from recommender.decide.rule_file import Names, load_rules
from recommender.decide.rules import Inputs, Rule, evaluate, in_force
from recommender.decide.situation import Situation, situation
from recommender.decide.values import (
    UNCHECKED,
    UNMEASURED,
    Cells,
    Criterion,
    Quantities,
    Units,
    cells,
    load_criteria,
)
from recommender.decide.ways import API, RENTED, Ways
from recommender.decide.weights import inside_shares, weight_rows

Mask = NDArray[np.bool_]
BOUNDARY_RULE = "R23"
TASK_FLOOR = "task_floor"  # an assumption that depends on the task
# What the sentences of a rule may be filled with: see the parameters made in reasons.py.
PLACEHOLDERS = (
    "model", "provider", "machine", "way", "licence", "quantisation", "availability", "successor",
    "reference", "licence_term", "licence_clause", "task", "found", "required",
    "found_words", "required_words",
)  # fmt: skip
_QUALITY_MARGIN = 0.02  # at least as good = no more than 2 of 100 below


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Admission:
    """Which ways pass the limits, and why the others do not."""

    rules: tuple[Rule, ...]  # those in force
    truths: Mapping[str, Truth]
    failed: NDArray[np.bool_]  # rules in force x ways: taken out by this rule
    flagged: Mask  # passes on an unknown fact
    inputs: Inputs

    @property
    def admitted(self) -> Mask:
        """Ways that no rule takes out."""
        passes: Mask = np.logical_not(np.any(self.failed, axis=0))
        return passes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """Everything the engine worked out for one situation; results and reasons are read off it."""

    table: ModelTable
    situation: Situation
    ways: Ways
    columns: Mapping[str, Column]
    admission: Admission
    criteria: tuple[Criterion, ...]
    quantities: Mapping[str, Quantities]
    cells: Cells
    weights: Units
    malus: Mapping[str, Units]
    scores: Scores
    preferred: Mask
    best: Mapping[int, int]  # model -> row of its best admitted way
    order: Order
    ways_in_order: Mapping[int, Sequence[int]]  # model -> its ways, fewest broken rules first, then by score

    def points(self, units: int) -> float:
        """Integer units as points of 100, exact in binary to 1e-9."""
        return units * POINTS / self.all_units

    @property
    def all_units(self) -> int:
        """The integer units that 100 points stand for."""
        scales = self.table.catalog.vocabulary["criteria"]["scales"]
        return int(scales["value_units"]) * int(scales["weight_units"])


def evaluate_all(answers: Answers, catalog: Catalog) -> Evaluation:
    """The whole evaluation of these answers on this catalog. Pure: same input, same output."""
    table = model_table(catalog)
    here = situation(answers, catalog, table.hardware)
    ways = candidates(table, here)
    ability = ability_quantities(table, here, ways.rows)
    # What nobody measured counts at its low end for the cautious, for limits as for values.
    low_end = (ability.state == UNMEASURED) & (here.stance != "typical")
    known_ability = np.where(
        ability.state == UNCHECKED, np.nan, np.where(low_end, ability.worse, ability.likely)
    )
    fields = columns(table, ways, here, known_ability)
    admission = admit(table, here, fields)
    criteria = table.once(("criteria",), lambda: load_criteria(catalog.vocabulary["criteria"]))
    raw = quantities(table, ways, here, fields, ability)
    defaults = {"context_tokens": float(here.workload.context_tokens)}
    curves = [criterion.curve_for(here.given, defaults) for criterion in criteria]
    scales = catalog.vocabulary["criteria"]["scales"]
    grid = cells([raw[c.id] for c in criteria], curves, criteria, units=int(scales["value_units"]))
    shares = inside_shares(criteria, here.within, here.given)
    weights = weight_rows(criteria, here.groups, shares, grid.applicable, total=int(scales["weight_units"]))
    malus = malus_parts(table, ways, here, units=int(scales["value_units"]) * int(scales["weight_units"]))
    scores = score(grid, weights, np.sum(list(malus.values()), axis=0), stance=here.stance)
    preferred = representatives(table, ways, admission.admitted, scores.score, can_operate=operates(here))
    cost = np.nan_to_num(ways.rows.cost_usd, nan=np.inf)
    tie = tie_ranks(table, ways)
    best = best_ways(ways.rows.model, admission.admitted & preferred, scores, cost, tie)
    margin = int(scales["tie_points"]) * int(scales["value_units"]) * int(scales["weight_units"]) // POINTS
    ids = {row: table.models[model].id for model, row in best.items()}
    ranked = order(list(best.values()), scores, admission.flagged, cost, ids, margin=margin)
    return Evaluation(
        table=table, situation=here, ways=ways, columns=fields, admission=admission, criteria=criteria,
        quantities=raw, cells=grid, weights=weights, malus=malus, scores=scores,
        preferred=preferred, best=best,
        order=ranked,
        ways_in_order=ways_in_order(ways, admission, scores, tie),
    )  # fmt: skip


def ways_in_order(ways: Ways, admission: Admission, scores: Scores, tie: Units) -> dict[int, list[int]]:
    """Per model all its ways: fewest broken rules first, then by score.

    Of ways that break equally many, those within the reader's boundary come first: somebody who wants
    their own machine is told what does not fit on it, not that a cloud is no machine of theirs.
    """
    failed = admission.failed.sum(axis=0)
    outside = np.zeros(len(failed), dtype=bool)
    for index, rule in enumerate(admission.rules):
        if rule.id == BOUNDARY_RULE:
            outside = admission.failed[index]
    order_of_rows = np.lexsort((tie, -scores.score, outside, failed))
    grouped: dict[int, list[int]] = {}
    for row, model in zip(order_of_rows.tolist(), ways.rows.model[order_of_rows].tolist(), strict=True):
        grouped.setdefault(model, []).append(row)
    return grouped


def admit(table: ModelTable, here: Situation, fields: Mapping[str, Column]) -> Admission:
    """All rules in force over all ways."""
    vocabulary = table.catalog.vocabulary
    every = table.once(("rules",), lambda: load_rules(vocabulary["rules"], rule_names(vocabulary)))
    inputs = Inputs(
        answers=here.given,
        levels=vocabulary["rules"]["levels"],
        references=_references(table, here, fields),
        assumptions={
            **vocabulary["criteria"]["caveat_limits"],
            TASK_FLOOR: vocabulary["criteria"]["tasks"][here.tasks[0]]["floor"],
        },
    )
    rules = tuple(rule for rule in every if in_force(rule, inputs))
    truths = {rule.id: evaluate(rule, fields, inputs) for rule in rules}
    failed = np.stack([_fails(rule, truths[rule.id]) for rule in rules])
    unknown = [truths[rule.id] == UNKNOWN for rule in rules if rule.on_unknown == "admit_flagged"]
    size = failed.shape[1]
    flagged = np.logical_or.reduce(unknown) if unknown else np.zeros(size, dtype=bool)
    return Admission(rules=rules, truths=truths, failed=failed, flagged=flagged, inputs=inputs)


def rule_names(vocabulary: Mapping[str, Any]) -> Names:
    """Everything that rules may name: columns, answers with their options, assumptions, ladders."""
    return Names(
        fields=FIELDS,
        set_fields=SET_FIELDS,
        answers={spec.name: spec.options for spec in ANSWER_FIELDS},
        assumptions=(*vocabulary["criteria"]["caveat_limits"], TASK_FLOOR),
        members=FIELD_MEMBERS,
        ladders=vocabulary["rules"]["levels"],
        placeholders=PLACEHOLDERS,
    )


def _fails(rule: Rule, truths: Truth) -> Mask:
    passing = FALSE if rule.on_unknown == "admit_flagged" else UNKNOWN
    out: Mask = np.less_equal(truths, passing)
    return out


def _references(table: ModelTable, here: Situation, fields: Mapping[str, Column]) -> dict[str, float | None]:
    """What `quality_at_least` asks for: the value of the named model at its best way, less the margin."""
    named = here.given.get("quality_at_least")
    if not named:
        return {}
    model_id = table.catalog.aliases.get(str(named).lower(), str(named))
    value = reference_value(table, here, model_id)
    return {"quality_at_least": None if value is None else value - _QUALITY_MARGIN}


def reference_value(table: ModelTable, here: Situation, model_id: str) -> float | None:
    """Ability value of a model as its maker published it, whether or not it can be had today."""
    from recommender.decide.ways import rows

    position = table.index.get(model_id)
    if position is None:
        return None
    alone = ability_quantities(table, here, rows(1, model=np.array([position]), kind=API))
    return None if alone.state[0] == UNCHECKED else float(alone.likely[0])


def representatives(
    table: ModelTable, ways: Ways, admitted: Mask, score: Units, *, can_operate: bool
) -> Mask:
    """Ways that may stand for their model: all on machines; of the offers the first-party one, else
    the admitted host nearest the median price, resellers only where there is nobody else.

    A model that somebody serves is not run on rented GPUs by a reader who did not say that they
    have somebody to operate them.
    """
    rows = ways.rows
    chosen: Mask = np.not_equal(rows.kind, API)
    if not can_operate:
        served = np.unique(rows.model[(rows.kind == API) & admitted & (rows.offer >= 0)])
        chosen &= ~((rows.kind == RENTED) & np.isin(rows.model, served))
    by_model: dict[int, list[int]] = {}
    for row in np.flatnonzero(~chosen & admitted).tolist():
        by_model.setdefault(int(rows.model[row]), []).append(row)
    for offers in by_model.values():
        chosen[_representative(table, ways, offers, score)] = True
    return chosen


def operates(here: Situation) -> bool:
    """Whether somebody runs machines: said so, or the volume is a product's."""
    skill = here.given.get("ops_skill")
    return skill in ("some", "expert") or (skill is None and here.workload.usage == "product")


def _representative(table: ModelTable, ways: Ways, offers: Sequence[int], score: Units) -> int:
    catalog, rows = table.catalog, ways.rows
    listed = [row for row in offers if rows.offer[row] >= 0]
    if not listed:
        return offers[0]

    def standing(row: int) -> int:
        offer = catalog.offers[int(rows.offer[row])]
        provider = catalog.providers.get(offer.provider)
        if provider is not None and provider.kind == "router":
            return 2
        return 0 if offer.first_party else 1

    def cost(row: int) -> tuple[bool, float]:
        return bool(rows.later_price[row]), float(rows.cost_usd[row])

    best = min(standing(row) for row in listed)
    pool = sorted((row for row in listed if standing(row) == best), key=cost)
    # A first-party offer at its lowest price, else the lower median of the hosts; of offers that cost the
    # same the one on better terms, so that the order of the files decides nothing.
    middle = cost(pool[0 if best == 0 else (len(pool) - 1) // 2])
    ranks = tie_ranks(table, ways)
    return min(
        (row for row in pool if cost(row) == middle), key=lambda row: (-int(score[row]), int(ranks[row]))
    )


def tie_ranks(table: ModelTable, ways: Ways) -> Units:
    """A number per way that orders equals by names (provider, offer, machine, format), not by position."""

    def offers() -> Units:
        named = [(offer.provider, offer.name) for offer in table.catalog.offers]
        place = {name: index for index, name in enumerate(sorted(set(named)))}
        return np.array([*(place[name] for name in named), -1], dtype=np.int64)

    rows = ways.rows
    by_offer = table.once(("offer ranks",), offers)[rows.offer]
    made: Units = (by_offer + 1) * 1_000_000 + (rows.machine + 1) * 1_000 + rows.format + 1
    return made
