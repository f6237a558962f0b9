"""Invariants of what passes the limits, on small catalogs: the numbers are those of the design's list."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from random import Random
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from recommender import cli, recommend
from recommender.answers import Answers
from recommender.answers_fields import FIELDS
from recommender.decide.engine import evaluate_all
from recommender.decide.recommend import recommendation
from tests.catalog_strategies import ANSWERS, HARDWARE, asked, smalls
from tests.decide.property_tools import FEWER, HALF, RETOLD, admitted, broken, document, fresh, with_models


@FEWER
@given(smalls(), asked())
def test_01_two_calls_give_the_same_bytes(small, answers):
    """Invariant 1: the same question to an equal catalog has the same answer, byte for byte."""
    assert document(answers, fresh(small.catalog)) == document(answers, fresh(small.catalog))


@FEWER
@given(smalls(), asked(), asked())
def test_01_earlier_questions_leave_no_trace(small, answers, other):
    """Invariant 1: what was worked out for one question never leaks into the answer to another."""
    catalog = fresh(small.catalog)
    document(other, catalog)
    assert document(answers, catalog) == document(answers, fresh(catalog))


@FEWER
@given(smalls(), asked(), st.randoms(use_true_random=False))
def test_02_the_order_of_the_catalog_does_not_matter(small, answers, random):
    """Invariant 2: models, offers and providers in any other order give the same ranking and exclusions."""
    catalog = small.catalog
    models = dict(shuffled(list(catalog.models.items()), random))
    mixed = with_models(catalog, models)
    mixed = type(catalog)(
        **{name: getattr(mixed, name) for name in mixed.__slots__ if name not in ("offers", "providers")},
        offers=tuple(shuffled(list(mixed.offers), random)),
        providers=dict(shuffled(list(mixed.providers.items()), random)),
    )
    assert document(answers, mixed) == document(answers, catalog)


def shuffled(items: list, random: Random) -> list:
    """The items in another order."""
    return random.sample(items, len(items))


@FEWER
@given(smalls(), asked(), st.randoms(use_true_random=False))
def test_03_the_order_of_answers_does_not_matter(small, answers, random):
    """Invariant 3: keys of the answers, and of the weights in them, may stand in any order."""
    given_keys = shuffled(list(answers.to_dict().items()), random)
    mixed = {
        key: dict(shuffled(list(value.items()), random)) if isinstance(value, dict) else value
        for key, value in given_keys
    }
    assert document(Answers.parse(mixed), fresh(small.catalog)) == document(answers, small.catalog)


@HALF
@given(smalls(), asked())
def test_04_each_model_is_ranked_or_excluded(small, answers):
    """Invariant 4: every model that was released by the day is in exactly one list; none is invented.

    Where too few models were ever rated for the task (status no-data) nothing is ranked by design, and
    what breaks no rule cannot be excluded either: there the lists hold no model twice and none besides.
    """
    made = recommendation(answers, small.catalog)
    listed = [row.model for row in made.ranking] + [row.model for row in made.excluded]
    released = [name for name, model in small.catalog.models.items() if model.released <= made.as_of]
    if made.status == "no-data":
        assert len(set(listed)) == len(listed)
        assert set(listed) <= set(released)
    else:
        assert sorted(listed) == sorted(released)


@HALF
@given(smalls(), asked())
def test_05_06_excluded_models_name_all_rules_they_break_and_no_other(small, answers):
    """Invariants 5 and 6: at least one rule, each broken when told anew from the facts, and none left out."""
    for row in recommendation(answers, small.catalog).excluded:
        named = {failure.rule for failure in row.failed}
        assert named
        assert named & RETOLD == broken(small.catalog.models[row.model], row.way, small.catalog, answers)


@HALF
@given(smalls(), asked())
def test_07_ranked_models_break_no_rule(small, answers):
    """Invariant 7: the way that a model is ranked by keeps every limit, told anew from the facts."""
    for row in recommendation(answers, small.catalog).ranking:
        assert broken(small.catalog.models[row.model], row.way, small.catalog, answers) == set()


# Answers that are a limit and nothing else: leaving them open changes no cost, memory or list of ways.
PURE = (
    "budget_usd_month", "no_training_on_data", "retention_days_max", "attestations", "openness",
    "several_hosts", "disclosure_min", "decode_tps_min", "ttft_max_s", "only_models", "not_models",
    "not_developers", "not_countries", "quality_at_least", "input_modalities",
)  # fmt: skip


@HALF
@given(smalls(), asked(most=2), st.sampled_from(PURE), st.data())
def test_08_a_single_cause_is_the_cause(small, answers, key, data):
    """Invariant 8: a model out by one rule alone comes back when the answers of that rule are left open."""
    answers = answers.changed(**{key: data.draw(ANSWERS[key])})
    reads = {rule.id: rule.answers() for rule in evaluate_all(answers, small.catalog).admission.rules}
    for row in recommendation(answers, small.catalog).excluded:
        keys = reads[row.failed[0].rule] & set(answers.to_dict())
        if len(row.failed) == 1 and keys and keys <= set(PURE):
            assert row.model in admitted(answers.changed(**dict.fromkeys(keys)), small.catalog)


@HALF
@given(smalls(), asked(), st.sampled_from([0, 0.5, 3, 30, 500]), st.sampled_from([0.01, 1, 20, 10_000]))
def test_09_a_larger_budget_removes_nobody(small, answers, budget, more):
    """Invariant 9: raising the budget never takes a model out."""
    less = admitted(answers.changed(budget_usd_month=budget), small.catalog)
    assert less <= admitted(answers.changed(budget_usd_month=budget + more), small.catalog)


@given(smalls(), asked(), st.sampled_from(HARDWARE[1:]), st.sampled_from(["count", "memory_gb"]))
def test_10_more_hardware_removes_nobody(small, answers, hardware, what):
    """Invariant 10: more memory, or more devices of the same kind, never takes a model out."""
    larger = [dict(one) for one in hardware]
    if what == "count" or "memory_gb" not in larger[0]:
        larger[0]["count"] = larger[0].get("count", 1) * 2
    else:
        larger[0]["memory_gb"] *= 2
    less = admitted(answers.changed(hardware=hardware), small.catalog)
    assert less <= admitted(answers.changed(hardware=larger), small.catalog)


# From the weakest demand to the strictest; None = not asked. Answers that only set what is assumed otherwise
# (context held in memory, volume, users) start at a figure, since a figure also replaces the assumption.
STRICTER: dict[str, list] = {
    "budget_usd_month": [None, 20_000, 500, 30, 1, 0],
    "context_tokens": [1_000, 8_000, 100_000, 2_000_000],
    "input_modalities": [None, ["text"], ["image", "text"]],
    "languages": [None, ["de"], ["de", "fr"]],
    "no_training_on_data": [None, True],
    "retention_days_max": [None, 30, 0],
    "attestations": [None, ["soc2"], ["hipaa", "soc2"]],
    "decode_tps_min": [None, 5, 40],
    "ttft_max_s": [None, 10, 1],
    "openness": [None, "weights", "commercial", "permissive", "fully-open"],
    "disclosure_min": [None, 2, 4],
    "commercial_use": [None, True],
    "support": [None, "community", "vendor", "sla"],
    "several_hosts": [None, True],
    "not_models": [None, ["model-0"], ["model-0", "model-1"]],
    "only_models": [None, ["model-0", "model-1"], ["model-0"]],
    "not_developers": [None, ["openai"]],
    "not_countries": [None, ["US"], ["CN", "US"]],
    "quality_at_least": [None, "model-0"],
    "data_boundary": [None, "own-cloud", "own-machines", "offline"],
    "min_bits": [None, 4, 8, 16],
}


@st.composite
def tightened(draw: st.DrawFn) -> tuple[Answers, Answers]:
    """Answers, and the same with one demand added or made stricter. Hardware is always stated: without it,
    a stricter boundary makes the engine assume machines that it did not consider before."""
    base = draw(asked()).to_dict()
    base.setdefault("hardware", draw(st.sampled_from(HARDWARE)))
    key = draw(st.sampled_from(sorted(STRICTER)))
    steps = STRICTER[key]
    low = draw(st.integers(0, len(steps) - 2))
    high = draw(st.integers(low + 1, len(steps) - 1))
    return Answers.parse({**base, key: steps[low]}), Answers.parse({**base, key: steps[high]})


@given(smalls(), tightened())
def test_11_a_stricter_demand_admits_nobody(small, pair):
    """Invariant 11: adding or tightening a demand never lets a model in."""
    mild, strict = pair
    assert admitted(strict, small.catalog) <= admitted(mild, small.catalog)


@FEWER
@given(smalls(), tightened())
def test_12_tightening_can_be_undone(small, pair):
    """Invariant 12: tighten, then take it back: the very same result."""
    mild, strict = pair
    changes = {spec.name: mild.to_dict().get(spec.name) for spec in FIELDS}
    assert document(strict.changed(**changes), small.catalog) == document(mild, fresh(small.catalog))


@FEWER
@given(smalls(), asked())
def test_38_the_command_line_prints_what_the_library_gives(small, answers):
    """Invariant 38: the JSON of `recommend` is recommend().to_dict(), number for number."""
    typed, printed = io.StringIO(json.dumps(answers.to_dict())), io.StringIO()
    with (
        mock.patch.object(cli, "catalog_in", return_value=small.catalog),
        mock.patch.object(sys, "stdin", typed),
        contextlib.redirect_stdout(printed),
    ):
        assert cli.main(["recommend", "--answers", "-", "--json"]) == 0
    resolved = Answers.parse(json.loads(printed.getvalue())["answers"])
    assert json.loads(printed.getvalue()) == recommend(resolved, catalog=small.catalog).to_dict()


def test_every_generated_answer_is_a_question():
    """The generator asks about nothing that does not exist."""
    assert set(ANSWERS) | set(STRICTER) <= {spec.name for spec in FIELDS}
