"""Invariants of scores, order and weights, on small catalogs: the numbers are those of the design's list."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.answers_fields import GROUPS
from recommender.cli_recommend import rounded
from recommender.decide.engine import evaluate_all
from recommender.decide.recommend import recommendation
from tests.catalog_strategies import asked, moved, smalls
from tests.decide.property_tools import (
    FEWER,
    HALF,
    changed_model,
    copied,
    fresh,
    model_at,
    scores,
    standings,
    standings_of,
    with_models,
)

GROUP_OF = dict(zip("qeca", GROUPS, strict=True))


@given(smalls(), asked())
def test_13_no_worse_anywhere_is_no_worse(small, answers):
    """Invariant 13: with the same weights, deductions and marks, no worse on any criterion that counts and
    better on one is a better rank; equal on all is an equal score."""
    made = evaluate_all(answers, small.catalog)
    values, weights = made.cells.point(made.situation.stance), made.weights
    rank = dict(zip(made.order.rows, made.order.ranks, strict=True))
    marks = {row: (bool(made.admission.flagged[row]), int(made.scores.malus[row])) for row in rank}
    for one in rank:
        for other in rank:
            if one == other or marks[one] != marks[other] or (weights[one] != weights[other]).any():
                continue
            better = (values[one] - values[other])[weights[one] > 0]
            if (better >= 0).all():
                assert (rank[one] < rank[other]) == bool((better > 0).any())


@given(smalls(), asked(), st.integers(0, 30), st.sampled_from([0.9, 0.5, 0.01]))
def test_14_cheaper_never_hurts(small, answers, place, factor):
    """Invariant 14: a model sold in one place only never falls when that place lowers its price.

    With several hosts the one nearest the median price stands for the model, so a lower price may hand
    that part to a host with less to offer: that is the rule, not a property of the score.
    """
    sold = [offer.model for offer in small.catalog.offers]
    alone = [index for index, name in enumerate(sold) if sold.count(name) == 1]
    if not alone:
        return
    index = alone[place % len(alone)]
    offers = list(small.catalog.offers)
    offers[index] = replace(offers[index], prices=tuple(cheaper(p, factor) for p in offers[index].prices))
    never_worse(answers, small.catalog, replace(small.catalog, offers=tuple(offers)), sold[index])


def cheaper(price, factor):
    """The price with both its figures multiplied."""
    output = price.output_usd_per_mtok
    return replace(
        price,
        input_usd_per_mtok=price.input_usd_per_mtok * factor,
        output_usd_per_mtok=None if output is None else output * factor,
    )


def never_worse(answers, before, after, name):
    """A model that passed still passes, at the same rank or a better one, with no lower score."""
    old, new = standings(answers, before), standings(answers, after)
    if name in old:
        assert name in new
        assert new[name][0] <= old[name][0]
        assert new[name][1] >= old[name][1]


RAISED = {
    "open_data": {"no": "partial", "partial": "yes"},
    "open_training_code": {"no": "partial", "partial": "yes"},
    "commercial_use": {"no": "yes-with-conditions", "yes-with-conditions": "yes"},
    "kind": {"open-weight": "fully-open"},
    "licence": {"llama-3.1": "mit"},
}


@given(smalls(), asked(), st.integers(0, 11), st.sampled_from(sorted(RAISED)))
def test_15_more_open_never_hurts(small, answers, place, fact):
    """Invariant 15: a model that opens one thing more never falls."""
    models = small.catalog.models
    could = [name for name, model in models.items() if getattr(model, fact) in RAISED[fact]]
    if could:
        name = could[place % len(could)]
        after = changed_model(small.catalog, name, **{fact: RAISED[fact][getattr(models[name], fact)]})
        never_worse(answers, small.catalog, after, name)


@given(smalls(), asked(), st.integers(0, 11), st.sampled_from([2, 40]))
def test_16_a_longer_context_never_hurts(small, answers, place, times):
    """Invariant 16: a model whose window grows never falls.

    Windows are let grow only where the text to be held fits already: below that, a longer window holds
    more of the text, which takes memory that the shorter one did not need.
    """
    name = list(small.catalog.models)[place % len(small.catalog.models)]
    window = small.catalog.models[name].context_tokens
    held = evaluate_all(answers, small.catalog).situation.workload.context_tokens
    if window is not None and window >= held:
        after = changed_model(small.catalog, name, context_tokens=window * times)
        never_worse(answers, small.catalog, after, name)


@HALF
@given(smalls(), asked(), st.sampled_from(["support", "sla", "notice"]))
def test_16_more_support_never_hurts(small, answers, what):
    """Invariant 16: where every host of one provider only promises more, none of its models falls."""
    name = sorted(small.catalog.providers)[0]
    provider = small.catalog.providers[name]
    facts = {
        "support": {"support": "vendor"},
        "sla": {"sla": "published"},
        "notice": {"deprecation_notice_days": (provider.deprecation_notice_days or 0.0) + 300.0},
    }[what]
    after = replace(small.catalog, providers={**small.catalog.providers, name: replace(provider, **facts)})
    hosts = {
        model: {o.provider for o in small.catalog.offers if o.model == model}
        for model in small.catalog.models
    }
    old, new = scores(answers, small.catalog), scores(answers, after)
    for model in old:
        if hosts[model] == {name}:
            assert new[model] >= old[model]


@HALF
@given(smalls(smallest=3), asked(), st.integers(0, 11))
def test_17_others_do_not_depend_on_a_model(small, answers, place):
    """Invariant 17: taking a model away leaves the scores and the relative ranks of the rest as they were."""
    catalog = small.catalog
    gone = list(catalog.models)[place % len(catalog.models)]
    if gone == catalog.aliases.get(answers.quality_at_least or ""):
        return  # the reference that the reader named is part of the question
    old = standings(answers, catalog)
    new = standings(answers, with_models(catalog, {k: m for k, m in catalog.models.items() if k != gone}))
    rest = {name: place for name, place in old.items() if name != gone}
    assert {name: score for name, (_, score) in new.items()} == {n: score for n, (_, score) in rest.items()}
    assert [name for name in old if name != gone] == list(new)
    gap = [name for name in rest if new[name][0] != rest[name][0]]
    assert all(rest[name][0] > old[gone][0] and new[name][0] == rest[name][0] - 1 for name in gap)


@given(smalls(), asked(), st.integers(0, 11), st.sampled_from([5, 60]))
def test_18_a_dominated_model_never_takes_the_first_place(small, answers, place, worse):
    """Invariant 18: a copy of any model with less ability, and nothing better, never changes the first."""
    catalog = small.catalog
    name = list(catalog.models)[place % len(catalog.models)]
    less = {task: moved(ability, -worse) for task, ability in catalog.models[name].ability.items()}
    after = copied(catalog, name, "zz/copy", ability=less)
    old, new = list(standings(answers, catalog)), list(standings(answers, after))
    if not answers.only_models:
        assert new[:1] == old[:1]


@given(smalls(), asked(), st.integers(0, 11))
def test_19_a_copy_ties_and_changes_nobody(small, answers, place):
    """Invariant 19: a copy under another id has the same rank, stands beside its twin by id, and leaves all
    other scores as they were."""
    if answers.only_models or answers.not_models:
        return  # the copy has no alias to be listed by
    catalog = small.catalog
    name = list(catalog.models)[place % len(catalog.models)]
    old = scores(answers, catalog)
    new = standings(answers, copied(catalog, name, "zz/copy"))
    assert {n: score for n, (_, score) in new.items() if n != "zz/copy"} == old
    assert (name in new) == ("zz/copy" in new)
    if name in new:
        order = list(new)
        assert new[name] == new["zz/copy"]
        assert order.index("zz/copy") > order.index(name)
        between = order[order.index(name) + 1 : order.index("zz/copy")]
        assert all(new[other] == new[name] for other in between)


@HALF
@given(smalls(), asked(), st.lists(st.sampled_from([0, 10, 20]), min_size=4, max_size=4), st.integers(2, 5))
def test_20_weights_count_in_proportion(small, answers, weights, times):
    """Invariant 20: all weights times the same number: same scores, same order."""
    one = dict(zip(GROUPS, weights, strict=True))
    several = {name: weight * times for name, weight in one.items()}
    assert standings(answers.changed(weights=one), small.catalog) == standings(
        answers.changed(weights=several), small.catalog
    )


@HALF
@given(smalls(), asked(), st.sampled_from([0.3, 3.0]))
def test_21_without_weight_cost_changes_nothing(small, answers, factor):
    """Invariant 21: with no weight on economy and no budget, all prices may move together without effect."""
    asked_for = answers.changed(weights=only("qca"), budget_usd_month=None)
    offers = tuple(
        replace(offer, prices=tuple(cheaper(price, factor) for price in offer.prices))
        for offer in small.catalog.offers
    )
    kept = scores(asked_for, small.catalog)
    assert scores(asked_for, replace(small.catalog, offers=offers)) == kept
    made = evaluate_all(asked_for, small.catalog)
    for column, criterion in enumerate(made.criteria):
        if criterion.group == "economy":
            assert not made.scores.contributions[:, column].any()


def only(groups: str) -> dict[str, int]:
    """Weights of 50 for the groups with these first letters, 0 for the others."""
    return {name: 50 if letter in groups else 0 for letter, name in GROUP_OF.items()}


@HALF
@given(smalls(), asked(), st.integers(0, 11), st.sampled_from(["ability", "openness", "support"]))
def test_21_without_weight_facts_change_nothing(small, answers, place, what):
    """Invariant 21: with no weight on a group, the facts behind it may change without effect on what any way
    gets from any criterion. (Limits and deductions that read the same facts have no weight to be zero.)"""
    catalog = small.catalog
    name = list(catalog.models)[place % len(catalog.models)]
    if what == "ability":
        better = {task: moved(one, 30) for task, one in catalog.models[name].ability.items()}
        after, groups = changed_model(catalog, name, ability=better), "eca"
    elif what == "openness":
        after = changed_model(
            catalog, name, open_data="yes", open_training_code="yes", knowledge_cutoff="2026-01"
        )
        groups = "qea"
    else:
        hosts = {key: replace(p, sla="published", attestations={}) for key, p in catalog.providers.items()}
        after, groups = replace(catalog, providers=hosts), "qec"
    asked_for = answers.changed(weights=only(groups))
    old, new = evaluate_all(asked_for, catalog), evaluate_all(asked_for, after)
    assert (old.scores.contributions == new.scores.contributions).all()


ROUNDING = 14 * 1000  # a criterion's weight may move by one of 16,384 units when weights are made whole


@HALF
@given(smalls(), asked(), st.sampled_from("qeca"), st.sampled_from([10, 50]))
def test_22_more_weight_never_hurts_who_is_best_there(small, answers, letter, more):
    """Invariant 22: raising a group's weight never lets a way that is worse in this group overtake one that
    is better there, and was not behind. (Gaps within the rounding of whole weights are left out.)"""
    old_weights = {**dict.fromkeys(GROUPS, 40), GROUP_OF[letter]: 30}
    new_weights = {**old_weights, GROUP_OF[letter]: 30 + more}
    before = evaluate_all(answers.changed(weights=old_weights), small.catalog)
    after = evaluate_all(answers.changed(weights=new_weights), small.catalog)
    inside = np.array([criterion.group == GROUP_OF[letter] for criterion in before.criteria])
    share = before.weights[:, inside].sum(axis=1)
    kept = np.flatnonzero((share > 0) & (before.scores.malus == 0))
    part = before.scores.contributions[:, inside].sum(axis=1)[kept] / share[kept]
    old, new = before.scores.score[kept], after.scores.score[kept]
    same = np.equal.outer(share[kept], share[kept])
    ahead = np.subtract.outer(old, old) >= ROUNDING
    better = np.subtract.outer(part, part) > 0
    overtaken = np.subtract.outer(new, new) < -ROUNDING
    assert not (same & ahead & better & overtaken).any()


@HALF
@given(smalls(), asked())
def test_23_no_weight_at_all_is_no_preference(small, answers):
    """Invariant 23: all weights zero counts as all the same; every score is a number."""
    none = answers.changed(weights=dict.fromkeys(GROUPS, 0), weights_within=None)
    same = answers.changed(weights=dict.fromkeys(GROUPS, 70), weights_within=None)
    assert standings(none, small.catalog) == standings(same, small.catalog)


@given(smalls(), asked(), st.sampled_from(["C01", "C02", "C08", "C14"]))
def test_23_no_weight_inside_a_group_is_no_crash(small, answers, criterion):
    """Invariant 23: a group whose only shares are zero leaves finite scores and a defined order."""
    made = evaluate_all(answers.changed(weights_within={criterion: 0, "C05": 0, "C15": 0}), small.catalog)
    assert np.isfinite(made.scores.score).all()
    assert list(made.order.ranks) == sorted(made.order.ranks)


@given(smalls(), asked())
def test_24_scores_stay_in_bounds(small, answers):
    """Invariant 24: 0 <= floor <= score <= ceiling <= 100 for every way; each part within its weight; a
    deduction is negative."""
    made = evaluate_all(answers, small.catalog)
    every, weights = made.scores, made.weights
    assert (every.floor >= 0).all()
    assert (every.floor <= every.score).all()
    assert (every.score <= every.ceiling).all()
    assert (every.ceiling <= made.all_units).all()
    assert (every.contributions >= 0).all()
    assert (every.contributions <= weights * 1000).all()
    assert (every.malus <= 0).all()
    assert set(weights.sum(axis=1).tolist()) <= {16384}


@given(smalls(), asked())
def test_24_25_parts_sum_to_the_score_and_deductions_are_named(small, answers):
    """Invariants 24 and 25: contributions sum to the score within 1e-9; what is shown, rounded, sums to the
    score as shown; only rows named M.. are negative."""
    for row in recommendation(answers, small.catalog).ranking:
        parts = [part.points for part in row.contributions]
        assert math.isclose(sum(parts), row.score, rel_tol=0, abs_tol=1e-9)
        assert f"{sum(rounded(parts, row.score)):.1f}" == f"{row.score:.1f}"
        assert all(part.criterion.startswith("M") for part in row.contributions if part.points < 0)
        assert all(part.points <= 0 for part in row.contributions if part.criterion.startswith("M"))


@FEWER
@given(smalls(), asked())
def test_24_every_number_of_the_result_is_finite(small, answers):
    """Invariant 24: the result is a JSON document without NaN or infinity."""
    made = recommendation(answers, fresh(small.catalog))
    assert json.loads(json.dumps(made.to_dict(), allow_nan=False))["status"] == made.status


@given(smalls(), asked())
def test_ranks_follow_scores_and_marks(small, answers):
    """Equal place means equal score and equal mark; a marked model stands below every unmarked one that is
    within two points."""
    made = evaluate_all(answers, small.catalog)
    found = standings_of(made)
    marked = {model_at(made, row).id: bool(made.admission.flagged[row]) for row in made.order.rows}
    for one, (rank, score) in found.items():
        for other, (other_rank, other_score) in found.items():
            if rank == other_rank:
                assert (score, marked[one]) == (other_score, marked[other])
            if marked[one] and not marked[other] and score - other_score <= made.all_units // 50:
                assert other_rank < rank
