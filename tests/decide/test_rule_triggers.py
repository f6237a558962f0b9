"""Every rule of data/rules.yaml takes a real model out for a realistic reader, and says why."""

from __future__ import annotations

import re

import pytest

from recommender import load_catalog, recommend

# Rule -> answers a reader may give, and a model that this rule takes out of the real catalog.
TRIGGERS = {
    "R01": ({"tasks": ["chat"]}, "openai/gpt-4"),
    "R02": ({"tasks": ["chat"], "input_modalities": ["text", "image"]}, "meta/llama-3.1-405b"),
    "R03": ({"tasks": ["chat"], "requests_per_month": 300_000, "budget_usd_month": 100}, "openai/gpt-5.5"),
    "R04": ({"tasks": ["chat"], "data_boundary": "own-machines", "hardware": [{"device": "rtx-4090"}]},
            "meta/llama-3.1-405b"),
    "R05": ({"tasks": ["chat"], "no_training_on_data": True}, None),
    "R06": ({"tasks": ["chat"], "data_boundary": "region", "region": ["ch"]}, None),
    "R07": ({"tasks": ["chat"], "retention_days_max": 0}, None),
    "R08": ({"tasks": ["chat"], "attestations": ["hipaa", "c5"]}, None),
    "R09": ({"tasks": ["chat"], "openness": "weights"}, "openai/gpt-5.5"),
    "R10": ({"tasks": ["chat"], "openness": "permissive"}, "meta/llama-3.1-405b"),
    "R11": ({"tasks": ["summarisation"], "context_tokens": 200_000}, "meta/llama-3.1-405b"),
    "R12": ({"tasks": ["classification"], "labelled_examples": "thousands", "languages": ["de"]},
            "huggingface/distilbert-base"),
    "R13": ({"tasks": ["chat"], "support": "sla"}, None),
    "R14": ({"tasks": ["chat"]}, "google/bert-base"),
    "R15": ({"tasks": ["chat"], "several_hosts": True}, None),
    "R16": ({"tasks": ["chat"], "decode_tps_min": 30, "data_boundary": "own-machines",
             "hardware": [{"memory_gb": 32, "memory_kind": "ram"}]}, None),
    "R17": ({"tasks": ["classification"], "labelled_examples": "hundreds", "fine_tune": "must"}, None),
    "R18": ({"tasks": ["chat"], "commercial_use": True, "data_boundary": "own-machines",
             "hardware": [{"device": "rtx-4090"}]}, None),
    "R19": ({"tasks": ["chat"], "disclosure_min": 4}, "openai/gpt-5.5"),
    "R20": ({"tasks": ["chat"], "not_developers": ["openai"]}, "openai/gpt-5.5"),
    "R21": ({"tasks": ["chat"], "not_countries": ["CN"]}, "alibaba/qwen3.6-35b-a3b"),
    "R23": ({"tasks": ["chat"], "data_boundary": "own-cloud"}, None),
    "R24": ({"tasks": ["chat"]}, "eleutherai/gpt-j-6b"),
    "R25": ({"tasks": ["classification"], "labelled_examples": "none"}, "google/bert-base"),
    "R26": ({"tasks": ["code-completion"]}, "meta/llama-3.1-405b"),
    "R27": ({"tasks": ["agents"]}, None),
    "R28": ({"tasks": ["chat"], "quality_at_least": "openai/gpt-4o"}, None),
    "R29": ({"tasks": ["chat"], "requests_per_month": 3_000_000, "data_boundary": "own-machines",
             "hardware": [{"device": "rtx-4090"}]}, None),
    "R30": ({"tasks": ["chat"]}, None),
    "R31": ({"tasks": ["chat"]}, None),
}  # fmt: skip


def rule_ids():
    """The ids in data/rules.yaml, so that a new rule without an example fails here."""
    return [entry["id"] for entry in load_catalog().vocabulary["rules"]["rules"]]


@pytest.mark.parametrize("rule", rule_ids())
def test_each_rule_takes_somebody_out(rule, catalog):
    """The named model (or any) is out, this rule among its reasons, in a sentence without a gap."""
    answers, named = TRIGGERS[rule]
    made = recommend(answers, catalog=catalog)
    told = {row.model: failure for row in made.excluded for failure in row.failed if failure.rule == rule}
    assert told
    if named is not None:
        assert named in told
    for failure in told.values():
        assert failure.reason
        assert re.search(r"[{}]|\bNone\b|\bnan\b", failure.reason) is None


@pytest.mark.parametrize(
    "rule", [one for one in sorted(TRIGGERS) if one not in ("R01", "R04", "R14", "R24", "R30", "R31")]
)
def test_each_rule_takes_nobody_out_unasked(rule, catalog):
    """A reader who only names a task meets no limit but those that always hold."""
    task = TRIGGERS[rule][0]["tasks"]
    if rule in ("R25", "R26", "R27"):
        task = ["chat"]
    made = recommend({"tasks": task, "labelled_examples": "thousands"}, catalog=catalog)
    assert rule not in {failure.rule for row in made.excluded for failure in row.failed}


@pytest.mark.parametrize("boundary", [{}, {"data_boundary": "region"}, {"data_boundary": "own-cloud"}])
def test_a_region_binds_every_service_wherever_the_boundary_lets_text_leave_the_house(boundary):
    """No service outside the region is recommended, whether or not the boundary itself names a region."""
    found = recommend({**boundary, "region": ["ch"]}, catalog=CATALOG)
    served = {row.way.provider for row in found.ranking if row.way.kind == "api"}
    assert all("ch" in (CATALOG.providers[each].regions or ()) for each in served)
    assert any(failure.rule == "R06" for one in found.excluded for failure in one.failed)


CATALOG = load_catalog()
CONDITIONED = [entry for entry in CATALOG.vocabulary["questions"]["questions"] if "relevant_when" in entry]
TELLING = {
    "annual_revenue_usd": 50_000_000,
    "region": ["ch"],
    "grid": "pol",
    "labelled_examples": "thousands",
}


@pytest.mark.parametrize("key", [entry["id"] for entry in CONDITIONED])
@pytest.mark.parametrize(
    "others", [{"data_boundary": "anywhere"}, {"commercial_use": False, "data_boundary": "own-machines"}]
)
def test_answer_that_the_page_calls_not_used_changes_nothing(key, others):
    """Where the page says that an answer is not used, no rule and no criterion reads it."""
    without, given = (recommend({**others, **more}, catalog=CATALOG) for more in ({}, {key: TELLING[key]}))
    assert [(row.model, row.way.text, row.score) for row in given.ranking] == [
        (row.model, row.way.text, row.score) for row in without.ranking
    ]
    assert [(one.model, [failure.rule for failure in one.failed]) for one in given.excluded] == [
        (one.model, [failure.rule for failure in one.failed]) for one in without.excluded
    ]
