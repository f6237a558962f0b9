"""Loading rules: every mistake in data/rules.yaml is refused with the rule's id and what is allowed."""

from __future__ import annotations

import copy
import re

import numpy as np
import pytest

from recommender import load_catalog
from recommender.decide.columns import FALSE, TRUE, UNKNOWN, Column, categories, flags, numbers, sets
from recommender.decide.engine import rule_names
from recommender.decide.rule_file import RuleError, load_rules
from recommender.decide.rules import Inputs, evaluate, in_force

NAMES = rule_names(load_catalog().vocabulary)
SIMPLE = {
    "id": "R99", "title": "T", "when": "always", "require": {"field": "available", "op": "is_true"},
    "on_unknown": "exclude", "reason": "r", "unknown_reason": "u", "relax": "x", "seed": [],
}  # fmt: skip


@pytest.fixture
def edited(catalog):
    """Loads the real rules with one of them changed by a function."""

    def load(rule_id, change):
        content = copy.deepcopy(catalog.vocabulary["rules"])
        change(next(entry for entry in content["rules"] if entry["id"] == rule_id))
        return load_rules(content, NAMES)

    return load


def nested(depth):
    """A condition with so many levels."""
    inner = {"field": "available", "op": "is_true"}
    for _ in range(depth - 1):
        inner = {"not": inner}
    return inner


def requirement(rule, *path):
    """A part of a rule's requirement."""
    part = rule["require"]
    for step in path:
        part = part[step]
    return part


BAD = [
    (
        "R08",
        lambda rule: requirement(rule, "any", 1).update(known_members="attestations_knwon"),
        "known_members is",
    ),
    ("R01", lambda rule: requirement(rule, "all", 1).update(assumption="retirement_days"), "assumption is"),
    ("R03", lambda rule: rule["require"].pop("answer"), "must hold field, op le and one of answer"),
    (
        "R03",
        lambda rule: rule.update(require={"all": []}),
        "must hold all alone, with at least one condition",
    ),
    (
        "R03",
        lambda rule: rule.update(require={"all": {"field": "available", "op": "is_true"}}),
        "must hold all alone",
    ),
    ("R04", lambda rule: rule["require"].update(field="available"), "must hold any alone"),
    ("R09", lambda rule: rule["when"].update(values=["weigths"]), "an option of openness is 'weigths'"),
    ("R05", lambda rule: requirement(rule, "any", 0).update(values=["onw"]), "a value of way_kind is 'onw'"),
    (
        "R03",
        lambda rule: rule.update(require={"field": "memory_gb", "op": "le", "answer_level": "energy"}),
        "answer_level is 'energy'",
    ),
    ("R09", lambda rule: rule["require"].update(value=5), "must hold field, op is_true and nothing else"),
    ("R06", lambda rule: requirement(rule, "any", 1, "all", 1).update(op="ge"), "regions is a set of words"),
    ("R03", lambda rule: rule.update(reason="{modle} costs"), "the placeholder in reason is 'modle'"),
    ("R09", lambda rule: rule["when"].pop("values"), "must hold answer, op and values"),
    (
        "R24",
        lambda rule: rule["when"]["all"][1].update({"not": [{"answer": "tasks", "op": "not_empty"}]}),
        "a condition is",
    ),
    ("R03", lambda rule: rule.pop("seed"), "the keys seed are missing or unknown"),
    ("R03", lambda rule: rule.update(colour="red"), "the keys colour are missing or unknown"),
    ("R03", lambda rule: rule.update(on_unknown="ask"), "'ask'; allowed are admit_flagged, exclude"),
    (
        "R03",
        lambda rule: rule["require"].update(field="monthly_price"),
        "field is 'monthly_price'; allowed are",
    ),
    ("R03", lambda rule: rule["require"].update(op="lt"), "operator is 'lt'; allowed are"),
    ("R03", lambda rule: rule["require"].pop("op"), "operator is None; allowed are"),
    ("R03", lambda rule: rule["require"].update(answer="budget"), "answer is 'budget'; allowed are"),
    ("R03", lambda rule: rule["require"].update(value=5), "must hold field, op le and one of answer"),
    ("R03", lambda rule: rule["require"].update(unit="USD"), "must hold field, op le and one of answer"),
    ("R03", lambda rule: rule["when"].update(answer="bugdet"), "answer is 'bugdet'; allowed are"),
    ("R03", lambda rule: rule["when"].update(op="given"), "operator is 'given'; allowed are"),
    ("R03", lambda rule: rule["when"].update(colour="red"), "must hold answer and op"),
    ("R03", lambda rule: rule.update(when="never"), "a condition is 'never'; it must name a field"),
    ("R03", lambda rule: rule.update(require=["cost"]), "a condition is ['cost']; it must name a field"),
    ("R03", lambda rule: rule.update(require=nested(4)), "nested 4 deep; 3 are allowed"),
    (
        "R04",
        lambda rule: rule["require"]["any"][1].update(field_required="usable"),
        "field_required is 'usable'; allowed are",
    ),
    ("R13", lambda rule: rule["require"].update(answer_level="help"), "answer_level is 'help'; allowed are"),
    (
        "R28",
        lambda rule: rule["require"]["any"][1].update(reference="like"),
        "reference is 'like'; allowed are",
    ),
]


@pytest.mark.parametrize(("rule_id", "change", "part"), BAD)
def test_a_bad_edit_is_refused_with_its_rule(edited, rule_id, change, part):
    """The message names the file, the rule, what was found and what is allowed."""
    with pytest.raises(RuleError, match=re.escape(f"data/rules.yaml: {rule_id}")) as caught:
        edited(rule_id, change)
    assert part in str(caught.value)


def test_a_rule_without_id_is_refused(edited):
    """A rule needs a name to be told by."""
    with pytest.raises(RuleError, match="a rule without id: the keys id are missing"):
        edited("R03", lambda rule: rule.pop("id"))


def test_an_id_used_twice_is_refused(edited):
    """Two rules never share an id."""
    with pytest.raises(RuleError, match="the id R04 stands twice"):
        edited("R03", lambda rule: rule.update(id="R04"))


def test_three_levels_are_allowed(edited):
    """The depth that the file may use loads."""
    rules = edited("R03", lambda rule: rule.update(require=nested(3)))
    assert len(rules) == len({rule.id for rule in rules})


def test_the_real_rules_load(edited, catalog):
    """Every rule of the file arrives, in its order, with the answers it reads."""
    rules = edited("R03", lambda rule: None)
    assert [rule.id for rule in rules] == [entry["id"] for entry in catalog.vocabulary["rules"]["rules"]]
    assert next(rule for rule in rules if rule.id == "R03").answers() == {"budget_usd_month"}


def inputs(**answers):
    """Answers and a ladder to compare with."""
    levels = {"openness": {"weights": {"level": 1}, "permissive": {"level": 3}}}
    return Inputs(
        answers=answers,
        levels=levels,
        references={"quality_at_least": 0.5},
        assumptions={"retirement_excludes_days": 90},
    )


def rule(**changes):
    """One loaded rule."""
    return load_rules({"rules": [{**SIMPLE, **changes}]}, NAMES)[0]


COLUMNS = {
    "available": flags([True, False, None]),
    "monthly_cost_usd": numbers([10, 30, None]),
    "memory_gb": numbers([10, 30, 10]),
    "usable_gb": numbers([20, 20, None]),
    "way_kind": categories(["api", "own", None]),
    "regions": sets([("eu", "us"), ("us",), None]),
    "attestations": sets([("soc2",), ("hipaa", "soc2"), ()]),
    "attestations_known": sets([("hipaa", "soc2"), ("hipaa", "soc2"), ()]),
    "openness_level": numbers([3, 1, None]),
    "ability_value": numbers([0.7, 0.4, None]),
    "days_to_end": numbers([100, 80, None]),
}
CASES = [
    ({"field": "available", "op": "is_true"}, [TRUE, FALSE, UNKNOWN]),
    ({"field": "available", "op": "is_false"}, [FALSE, TRUE, UNKNOWN]),
    ({"field": "monthly_cost_usd", "op": "le", "answer": "budget_usd_month"}, [TRUE, FALSE, UNKNOWN]),
    ({"field": "monthly_cost_usd", "op": "ge", "value": 30}, [FALSE, TRUE, UNKNOWN]),
    ({"field": "monthly_cost_usd", "op": "le", "answer": "annual_revenue_usd"}, [TRUE, TRUE, TRUE]),
    ({"field": "memory_gb", "op": "le", "field_required": "usable_gb"}, [TRUE, FALSE, UNKNOWN]),
    ({"field": "way_kind", "op": "in", "values": ["api", "rented"]}, [TRUE, FALSE, UNKNOWN]),
    ({"field": "regions", "op": "intersects", "answer": "region"}, [TRUE, FALSE, UNKNOWN]),
    ({"field": "regions", "op": "disjoint", "answer": "region"}, [FALSE, TRUE, UNKNOWN]),
    ({"field": "regions", "op": "contains_all", "values": ["eu", "us"]}, [TRUE, FALSE, UNKNOWN]),
    ({"field": "regions", "op": "contains_all", "values": ["eu", "jp"]}, [FALSE, FALSE, UNKNOWN]),
    ({"field": "openness_level", "op": "ge", "answer_level": "openness"}, [TRUE, FALSE, UNKNOWN]),
    ({"field": "ability_value", "op": "ge", "reference": "quality_at_least"}, [TRUE, FALSE, UNKNOWN]),
    ({"field": "days_to_end", "op": "ge", "assumption": "retirement_excludes_days"}, [TRUE, FALSE, UNKNOWN]),
    ({"not": {"field": "available", "op": "is_true"}}, [FALSE, TRUE, UNKNOWN]),
    (
        {"any": [{"field": "available", "op": "is_true"},
                 {"answer": "openness", "op": "in", "values": ["permissive"]}]},
        [TRUE, TRUE, TRUE],
    ),
    (
        {"field": "attestations", "op": "contains_all", "values": ["hipaa", "soc2"],
         "known_members": "attestations_known"},
        [FALSE, TRUE, UNKNOWN],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("require", "expected"), CASES)
def test_conditions_have_three_values(require, expected):
    """Each operator and each right side, over a fact that holds, one that does not, and one not known."""
    given = inputs(budget_usd_month=20, region=("eu",), openness="permissive")
    assert evaluate(rule(require=require), COLUMNS, given).tolist() == expected


WHEN = [
    ({"answer": "budget_usd_month", "op": "answered"}, {"budget_usd_month": 0}, True),
    ({"answer": "budget_usd_month", "op": "answered"}, {}, False),
    ({"answer": "region", "op": "not_empty"}, {"region": ()}, False),
    ({"answer": "commercial_use", "op": "is_true"}, {"commercial_use": False}, False),
    ({"answer": "commercial_use", "op": "is_true"}, {"commercial_use": True}, True),
    ({"answer": "disclosure_min", "op": "positive"}, {"disclosure_min": 0}, False),
    ({"answer": "disclosure_min", "op": "positive"}, {"disclosure_min": 1}, True),
    ({"answer": "openness", "op": "in", "values": ["weights"]}, {"openness": "any"}, False),
    ({"answer": "tasks", "op": "intersects", "values": ["chat"]}, {"tasks": ("rag", "chat")}, True),
    ({"answer": "tasks", "op": "intersects", "values": ["chat"]}, {}, False),
    ({"not": {"answer": "fine_tune", "op": "in", "values": ["must"]}}, {}, True),
    ({"all": [{"answer": "tasks", "op": "not_empty"}, {"answer": "region", "op": "not_empty"}]},
     {"tasks": ("rag",)}, False),
]  # fmt: skip


@pytest.mark.parametrize(("when", "answers", "expected"), WHEN)
def test_answers_switch_rules_on(when, answers, expected):
    """A rule is in force only where the answers say so; what was not answered never limits."""
    assert in_force(rule(when=when), inputs(**answers)) is expected


def test_columns_of_a_rule_are_named():
    """A rule says which columns and answers it reads, on both sides."""
    loaded = rule(require={"all": [{"field": "memory_gb", "op": "le", "field_required": "usable_gb"},
                                   {"field": "attestations", "op": "contains_all", "answer": "attestations",
                                    "known_members": "attestations_known"}]})  # fmt: skip
    assert loaded.require.fields() == {"memory_gb", "usable_gb", "attestations", "attestations_known"}
    assert loaded.answers() == {"attestations"}


def test_a_wanted_member_that_nobody_has_is_false_not_a_crash():
    """A word that stands in no row is held by none."""
    column = Column(np.array([1]), np.array([True]), ("eu",), is_set=True)
    found = evaluate(
        rule(require={"field": "regions", "op": "intersects", "values": ["mars"]}),
        {"regions": column},
        inputs(),
    )
    assert found.tolist() == [FALSE]
