"""The reader's situation with its assumptions, and the columns that rules read."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from recommender.answers import Answers
from recommender.decide.engine import evaluate_all, rule_names
from recommender.decide.fields import FIELDS
from recommender.decide.model_table import model_table
from recommender.decide.rule_file import load_rules
from recommender.decide.situation import situation


@pytest.fixture
def here(catalog):
    """The situation of an answers mapping."""
    return lambda **answers: situation(Answers.parse(answers), catalog, model_table(catalog).hardware)


def test_nothing_answered_is_assumed_and_said(here):
    """Without answers: chat on the catalog's day, every sum's ingredients assumed by name, no machine."""
    made = here()
    assert made.given == {}
    assert made.tasks == ("chat",)
    assert set(made.assumed) == {
        "tasks", "requests_per_month", "input_tokens_per_request", "output_tokens_per_request",
        "context_tokens", "concurrent_users",
    }  # fmt: skip
    assert made.machines == ()


@pytest.mark.parametrize(
    ("key", "value", "of_work"),
    [
        ("requests_per_month", 77, "requests_per_month"),
        ("input_tokens_per_request", 77, "input_tokens"),
        ("output_tokens_per_request", 77, "output_tokens"),
        ("context_tokens", 77, "context_tokens"),
        ("concurrent_users", 7, "concurrent_users"),
    ],
)
def test_an_answer_is_taken_and_no_longer_assumed(here, key, value, of_work):
    """Each figure of the work comes from its answer, and is then not among the assumptions."""
    made = here(tasks=["rag"], **{key: value})
    assert getattr(made.workload, of_work) == value
    assert key not in made.assumed
    assert "tasks" not in made.assumed


def test_held_context_is_never_shorter_than_the_texts(here):
    """What a request brings must fit into what the sequence holds."""
    made = here(tasks=["chat"], input_tokens_per_request=50_000, output_tokens_per_request=4_000)
    assert made.workload.context_tokens == 54_000


def test_day_is_the_catalogs_unless_named(here, catalog):
    """No clock: the day is the catalog's, or the one answered."""
    assert here().day == catalog.date
    assert here(as_of="2025-01-31").day == date(2025, 1, 31)


@pytest.mark.parametrize("boundary", ["own-machines", "offline"])
def test_machines_are_assumed_only_where_own_ones_are_demanded(here, boundary):
    """A boundary of own machines without a machine tries a ladder of them, marked as assumed."""
    made = here(data_boundary=boundary)
    assert made.machines
    assert all(machine.assumed for machine in made.machines)
    assert made.assumed["hardware"] == [machine.name for machine in made.machines]
    assert here(data_boundary="own-cloud").machines == ()


@pytest.mark.parametrize("hardware", [[], [{"device": "none"}]])
def test_having_no_machine_is_an_answer(here, hardware):
    """None at all: nothing is assumed in its place."""
    made = here(data_boundary="own-machines", hardware=hardware)
    assert made.machines == ()
    assert "hardware" not in made.assumed


def test_stated_machines_are_not_assumed(here):
    """A device by id, two of a kind, and memory alone."""
    made = here(hardware=[{"device": "rtx-4090", "count": 2}, {"memory_gb": 16, "memory_kind": "unified"}])
    assert [machine.device for machine in made.machines] == ["rtx-4090", None]
    assert [machine.count for machine in made.machines] == [2, 1]
    assert not any(machine.assumed for machine in made.machines)
    assert made.machines[0].machine.memory_gb == pytest.approx(2 * 24 * 1.073741824)


def test_weights_not_stated_are_those_of_the_task(here, catalog):
    """Stated groups count as stated, the others as usual for the task."""
    usual = catalog.vocabulary["questions"]["tasks"]["classification"]["weights"]
    made = here(tasks=["classification"], weights={"economy": 0})
    assert made.groups == {**usual, "economy": 0}


@pytest.mark.parametrize(("requests", "usage"), [(500, "try"), (10_000, "team"), (300_000, "product")])
def test_usage_is_the_nearest_stage(here, requests, usage):
    """The usual volume of a stage is that stage."""
    assert here(tasks=["chat"], requests_per_month=requests).workload.usage == usage


EVERYTHING = Answers.parse(
    {
        "tasks": ["chat"],
        "languages": ["de"],
        "hardware": [{"device": "rtx-4090"}],
        "quality_at_least": "openai/gpt-4",
    }
)


@pytest.fixture(scope="module")
def evaluation(catalog):
    """An evaluation with ways of all three kinds."""
    return evaluate_all(EVERYTHING, catalog)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_made_and_knows_something(evaluation, field):
    """Each name of FIELDS has one value per way, known for at least one of them."""
    column = evaluation.columns[field]
    assert len(column.values) == len(column.known) == len(evaluation.ways)
    assert column.known.any()


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_read_by_a_rule(evaluation, catalog, field):
    """A column that no rule reads is dead weight."""
    rules = load_rules(catalog.vocabulary["rules"], rule_names(catalog.vocabulary))
    assert field in set().union(*(rule.require.fields() for rule in rules))


def test_no_field_is_made_in_vain(evaluation):
    """Nothing but FIELDS is made."""
    assert set(evaluation.columns) == set(FIELDS)


def test_known_values_are_numbers(evaluation):
    """No column holds NaN."""
    for name, column in evaluation.columns.items():
        assert not np.isnan(column.values[column.known].astype(float)).any(), name
