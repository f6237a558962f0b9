"""Answers: what is accepted, what is refused, and in which words."""

from __future__ import annotations

import copy
import json
import math
import subprocess
import sys
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.answers import Answers, AnswersError, Hardware, check_against, read_answers, resolve
from recommender.answers_fields import BY_NAME, FIELDS, Kind
from recommender.catalog.strict_yaml import read_yaml
from tests.strategies import answers, raw_answers

QUESTIONS = read_yaml(Path(__file__).parents[1] / "data" / "questions.yaml")


def refusal(mapping: Any) -> str:
    """The message with which the answers are refused."""
    with pytest.raises(AnswersError) as caught:
        Answers.parse(mapping)
    return str(caught.value)


def test_keys_are_those_of_the_table():
    """The class and the field table name the same answers in the same order."""
    assert [field.name for field in fields(Answers)] == [spec.name for spec in FIELDS]
    assert len({spec.link for spec in FIELDS}) == len(FIELDS)


def test_nothing_answered():
    """An empty mapping, and null for every key, answer nothing."""
    assert Answers.parse({}) == Answers() == Answers.parse(dict.fromkeys(BY_NAME))
    assert Answers().to_dict() == {}


@given(raw_answers())
def test_key_order_does_not_matter(mapping):
    """The same answers in another order are equal, with equal hashes and equal text."""
    turned = Answers.parse(dict(reversed(mapping.items())))
    assert turned == Answers.parse(mapping)
    assert hash(turned) == hash(Answers.parse(mapping))
    assert json.dumps(turned.to_dict()) == json.dumps(Answers.parse(mapping).to_dict())


@given(answers())
def test_written_answers_are_read_back(state):
    """to_dict through JSON and back is the identity; so is a deep copy."""
    text = json.dumps(state.to_dict(), allow_nan=False)
    assert Answers.parse(json.loads(text)) == state
    assert read_answers(text) == state
    assert copy.deepcopy(state) == state


@given(
    st.dictionaries(
        st.sampled_from([*BY_NAME, "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        max_size=4,
    )
)
def test_any_mapping_is_read_or_refused(mapping):
    """Whatever stands in a file, the outcome is answers or faults that name their field."""
    state, faults = Answers.parse_all(mapping)
    assert Answers.parse(state.to_dict()) == state
    assert all(
        fault.field and "\n" not in fault.sentence() and len(fault.sentence()) < 1000 for fault in faults
    )


@pytest.mark.parametrize(
    ("mapping", "field", "message"),
    [
        ({"bugdet": 1}, '"bugdet"', 'Unknown answer "bugdet": did you mean "budget_usd_month"?'),
        ({5: 1}, "5", "Unknown answer 5: allowed: tasks, "),
        (
            {"budget_usd_month": -5},
            "budget_usd_month",
            "budget_usd_month is -5; allowed: a number from 0 to 1,000",
        ),
        ({"budget_usd_month": "500"}, "budget_usd_month", 'budget_usd_month is "500"; allowed: a number'),
        ({"budget_usd_month": math.nan}, "budget_usd_month", "budget_usd_month is not a finite number"),
        ({"budget_usd_month": math.inf}, "budget_usd_month", "budget_usd_month is not a finite number"),
        ({"budget_usd_month": 10**400}, "budget_usd_month", "is a number with more than 30 digits"),
        ({"budget_usd_month": True}, "budget_usd_month", "budget_usd_month is true"),
        ({"context_tokens": 0}, "context_tokens", "allowed: a whole number from 1 to 100,000,000"),
        ({"context_tokens": 8000.0}, "context_tokens", "context_tokens is 8000.0"),
        ({"context_tokens": True}, "context_tokens", "context_tokens is true"),
        ({"requests_per_month": 10**10 + 1}, "requests_per_month", "from 0 to 10,000,000,000"),
        ({"min_bits": 5}, "min_bits", "allowed: one of 16, 8, 4, 3, 2"),
        ({"min_bits": "4"}, "min_bits", 'min_bits is "4"'),
        ({"openness": "wieghts"}, "openness", 'did you mean "weights"?'),
        ({"fine_tune": False}, "fine_tune", 'write "no" in quotation marks'),
        ({"commercial_use": "yes"}, "commercial_use", "allowed: true or false"),
        ({"commercial_use": 1}, "commercial_use", "commercial_use is 1"),
        ({"tasks": "chat"}, "tasks", 'tasks is "chat"; allowed: a list of chat, writing'),
        ({"tasks": ["chat", "chatt"]}, "tasks[1]", 'did you mean "chat"?'),
        ({"tasks": ["chat", "chat"]}, "tasks[1]", "each item once"),
        ({"tasks": [None]}, "tasks[0]", "tasks[0] is null"),
        ({"languages": ["German"]}, "languages[0]", "a language code of two or three lower-case letters"),
        ({"languages": ["de"] * 61}, "languages (number of items)", "is 61; allowed: at most 60"),
        ({"not_countries": ["CHN"]}, "not_countries[0]", "a country code of two letters"),
        ({"only_models": ["a" * 101]}, "only_models[0]", "a model id, such as openai/gpt-4"),
        ({"only_models": ["<b>"]}, "only_models[0]", 'is "<b>"'),
        ({"quality_at_least": ["openai/gpt-4"]}, "quality_at_least", "quality_at_least is a list"),
        ({"grid": "D\u202eE"}, "grid", 'grid is "D\\u202eE"'),
        ({"as_of": "2018-09-30"}, "as_of", "from 2018-10-01"),
        ({"as_of": "20261123"}, "as_of", "a date written YYYY-MM-DD"),
        ({"as_of": "2026-02-30"}, "as_of", 'as_of is "2026-02-30"'),
        ({"as_of": datetime(2026, 11, 23)}, "as_of", "as_of is 2026-11-23T00:00:00"),
        ({"weights": [1]}, "weights", "a mapping from quality, economy, control, assurance to tens"),
        ({"weights": {"qualty": 10}}, "weights key", 'did you mean "quality"?'),
        (
            {"weights": {"quality": 55}},
            "weights.quality",
            "is 55; allowed: a whole number from 0 to 100 in tens",
        ),
        ({"weights": {"quality": 110}}, "weights.quality", "weights.quality is 110"),
        ({"weights_within": {"cost": 10}}, "weights_within key", "a criterion id, such as C02"),
        ({"weights_within": {"C02": 1, "c02": 2}}, "weights_within key", "each key once"),
        ({"hardware": {"device": "l4"}}, "hardware", "hardware is a mapping; allowed: a list of {device"),
        ({"hardware": ["l4"]}, "hardware[0]", "a mapping with device, memory_gb"),
        ({"hardware": [{"memory": 24}]}, "hardware[0] key", 'did you mean "memory_gb"?'),
        ({"hardware": [{"memory_gb": "24"}]}, "hardware[0].memory_gb", 'is "24"; allowed: a number of GB'),
        ({"hardware": [{"memory_gb": 0}]}, "hardware[0].memory_gb", "from 0.001 to 1,000,000"),
        ({"hardware": [{"device": "l4", "count": 0}]}, "hardware[0].count", "from 1 to 100,000"),
        (
            {"hardware": [{"device": "l4", "memory_kind": "hbm"}]},
            "hardware[0].memory_kind",
            "one of vram, unified, ram",
        ),
        ({"hardware": [{"count": 2}]}, "hardware[0]", "an entry with device or memory_gb"),
        (
            {"hardware": [{"device": "l4"}, {"device": "none"}]},
            "hardware[1].device",
            "none only as the whole list",
        ),
        ({"hardware": [{"device": "vram24"}]}, "hardware[0].device", "a device id, such as rtx-4090"),
        ([], "answers", "answers is a list; allowed: a mapping of answer keys to values"),
    ],
)
def test_each_fault_is_named(mapping, field, message):
    """A fault says where, what was found and what is allowed, in one sentence, and nothing else is wrong."""
    state, faults = Answers.parse_all(mapping)
    assert [fault.field for fault in faults] == [field]
    assert message in refusal(mapping)
    assert state == Answers()


def test_all_faults_are_collected():
    """The good answers are kept, every fault is reported, a long list is cut."""
    mapping = {"tasks": ["chat"], "openness": "x", "budget_usd_month": -1, **{f"q{n}q": 1 for n in range(6)}}
    state, faults = Answers.parse_all(mapping)
    assert state == Answers(tasks=("chat",))
    assert len(faults) == 8
    assert refusal(mapping).endswith("And 3 more.")


def test_normal_form():
    """Sets are sorted, tasks keep their order, codes get their case, empty lists are no answer."""
    state = Answers.parse(
        {
            "tasks": ["rag", "chat"],
            "languages": ["no", "de"],
            "not_countries": ["cn"],
            "region": ["EU"],
            "attestations": [],
            "only_models": ["OpenAI/GPT-4"],
            "weights": {"control": 40, "quality": 100},
            "as_of": "2026-11-23",
            "grid": "deu",
            "budget_usd_month": 0.12345678,
            "organisation_region": "EU",
        }
    )
    assert state == Answers(
        tasks=("rag", "chat"),
        languages=("de", "no"),
        not_countries=("CN",),
        region=("eu",),
        only_models=("openai/gpt-4",),
        weights={"quality": 100, "control": 40},
        as_of=date(2026, 11, 23),
        grid="DEU",
        budget_usd_month=0.123457,
        organisation_region="eu",
    )
    assert list(state.weights or {}) == ["quality", "control"]


@pytest.mark.parametrize("bounded", [spec for spec in FIELDS if spec.kind in (Kind.INTEGER, Kind.NUMBER)])
def test_bounds_are_inclusive(bounded):
    """Both ends are allowed, one step beyond is not."""
    low, high = (
        (int(bounded.low), int(bounded.high)) if bounded.kind == Kind.INTEGER else (bounded.low, bounded.high)
    )
    for end in (low, high):
        assert getattr(Answers.parse({bounded.name: end}), bounded.name) == end
    for beyond in (low - 1, high + 1):
        assert bounded.name in refusal({bounded.name: beyond})


@pytest.mark.parametrize(
    ("given_entry", "expected"),
    [
        ([], ()),
        ([{"device": "none"}], ()),
        ([{"device": "none", "count": 1}], ()),
        ([{"device": "RTX-4090"}], (Hardware(device="rtx-4090"),)),
        ([{"device": None, "memory_gb": 24}], (Hardware(memory_gb=24.0),)),
        (
            [{"device": "none", "memory_gb": 24, "memory_kind": "vram"}],
            (Hardware(memory_gb=24.0, memory_kind="vram"),),
        ),
        ([{"device": "none", "ram_gb": 16}], (Hardware(memory_gb=16.0, memory_kind="ram"),)),
        ([{"device": "l4", "count": 2, "ram_gb": 64}], (Hardware(device="l4", count=2, ram_gb=64.0),)),
    ],
)
def test_hardware_forms(given_entry, expected):
    """No hardware is an empty tuple; a machine is known by its device, its memory, or both."""
    assert Answers.parse({"hardware": given_entry}).hardware == expected


def test_plain_values_leave_out_what_was_not_said():
    """to_dict holds JSON types only, whole amounts as whole numbers, a single machine without a count."""
    state = Answers(
        budget_usd_month=500.0, hardware=(Hardware(device="l4", ram_gb=0.5),), as_of=date(2026, 11, 23)
    )
    assert json.dumps(state.to_dict()) == (
        '{"budget_usd_month": 500, "hardware": [{"device": "l4", "ram_gb": 0.5}], "as_of": "2026-11-23"}'
    )


def test_changed_answers_are_checked():
    """A change replaces or removes an answer, and is refused like any other."""
    state = Answers(budget_usd_month=500.0, openness="any")
    assert state.changed(budget_usd_month=None, openness="weights") == Answers(openness="weights")
    with pytest.raises(AnswersError, match="openness"):
        state.changed(openness="x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("  \n", {}),
        ("\ufeffopenness: any\r\n", {"openness": "any"}),
        ("languages: [no, de]\nfine_tune: no\n", {"languages": ["de", "no"], "fine_tune": "no"}),
        ("{tasks: [chat]}", {"tasks": ["chat"]}),
        ('{"tasks": ["chat"], "budget_usd_month": 1e3}', {"tasks": ["chat"], "budget_usd_month": 1000}),
        ("as_of: 2026-11-23\nhardware: []\n", {"hardware": [], "as_of": "2026-11-23"}),
    ],
)
def test_files_are_read(text, expected):
    """YAML and JSON texts are read; a file saved on Windows too."""
    assert read_answers(text).to_dict() == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"tasks": ["chat"], "tasks": []}', 'my.json has the key "tasks" twice'),
        ('{"budget_usd_month": NaN}', "my.json holds NaN"),
        ("tasks: [", "my.json: line 2 is not readable"),
        ("openness: any\nopenness: any", "second key"),
        ("[chat]", "answers is a list"),
        ('{"a":' * 50_000, "nested deeper"),
        ("x" * 300_000, "my.json is 300,000 characters long"),
    ],
)
def test_unreadable_files_are_refused_in_one_line(text, message):
    """A file that cannot be read is refused by name and place."""
    with pytest.raises(AnswersError) as caught:
        read_answers(text, "my.json")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


CATALOG: Any = SimpleNamespace(
    models={"openai/gpt-4": 1, "meta/llama-3.1-405b": 1},
    aliases={"gpt-4": "openai/gpt-4", "llama-3-405b": "meta/llama-3.1-405b"},
    tombstones={"old/one": "withdrawn by its maker"},
    devices={"rtx-4090": 1},
    device_aliases={"rtx 4090 24gb": "rtx-4090"},
    carbon={"DEU": 300.0},
    developers={"openai": 1},
    vocabulary={"criteria": {"criteria": [{"id": "C02"}]}},
)


def test_aliases_are_resolved():
    """Other names of models, devices and grids become ids, each once, and nothing is reported."""
    state = Answers.parse(
        {
            "only_models": ["gpt-4", "openai/gpt-4", "llama-3-405b"],
            "not_models": ["GPT-4"],
            "quality_at_least": "gpt-4",
            "hardware": [{"device": "RTX 4090 24GB", "count": 2}, {"device": "RTX 4090"}, {"memory_gb": 8}],
            "grid": "DEU",
            "not_developers": ["openai"],
            "weights_within": {"C02": 10},
        }
    )
    found, faults = resolve(state, CATALOG)
    assert faults == []
    assert found.only_models == ("meta/llama-3.1-405b", "openai/gpt-4")
    assert found.not_models == ("openai/gpt-4",)
    assert found.quality_at_least == "openai/gpt-4"
    assert [entry.device for entry in found.hardware or ()] == ["rtx-4090", "rtx-4090", None]


@pytest.mark.parametrize(
    ("mapping", "field", "hint"),
    [
        ({"only_models": ["openai/gpt4"]}, "only_models", 'did you mean "openai/gpt-4"?'),
        ({"not_models": ["old/one"]}, "not_models", "removed: withdrawn by its maker"),
        ({"quality_at_least": "zzzz"}, "quality_at_least", ""),
        ({"hardware": [{"device": "rtx-4091"}]}, "hardware[0].device", 'did you mean "rtx-4090"?'),
        ({"grid": "XYZ"}, "grid", ""),
        ({"not_developers": ["opnai"]}, "not_developers", 'did you mean "openai"?'),
        ({"weights_within": {"C99": 10}}, "weights_within", ""),
    ],
)
def test_unknown_ids_are_named(mapping, field, hint):
    """An id that the catalog does not hold is reported with the nearest name, and kept."""
    state = Answers.parse(mapping)
    faults = check_against(state, CATALOG)
    assert [(fault.field, fault.hint) for fault in faults] == [(field, hint)]
    assert resolve(state, CATALOG)[0] == state


def test_import_is_light():
    """Answers, and the package with them, load without YAML, pydantic, pandas, scipy or Streamlit."""
    heavy = "{'yaml', 'pydantic', 'pandas', 'scipy', 'streamlit'}"
    code = f"import sys, recommender.answers; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_answer_has_a_question():
    """The questions file asks for every answer key once, in order, with the options of the field table."""
    questions = QUESTIONS["questions"]
    assert sorted(question["id"] for question in questions) == sorted(BY_NAME)
    assert [question["order"] for question in questions] == list(range(1, len(questions) + 1))
    for question in questions:
        spec, options = BY_NAME[question["id"]], [option["id"] for option in question.get("options", ())]
        allowed = [True, False] if spec.kind == Kind.BOOLEAN else list(spec.options)
        assert options == allowed or (
            not spec.options and Answers.parse({spec.name: options} if options else {})
        )
        assert question["question"].endswith("?")
        assert not question["hint"].endswith(".")
        assert question["used_by"]


def test_core_questions():
    """Six questions are core: task, place, machine, use, budget, openness."""
    core = [question["id"] for question in QUESTIONS["questions"] if question.get("core")]
    assert core == [
        "tasks",
        "data_boundary",
        "hardware",
        "requests_per_month",
        "budget_usd_month",
        "openness",
    ]


def test_every_task_has_numbers():
    """Each task has a workload, three sizes, weights and a reason, and makes valid answers."""
    assert list(QUESTIONS["tasks"]) == list(BY_NAME["tasks"].options)
    for name, preset in QUESTIONS["tasks"].items():
        assert list(preset["requests"]) == list(QUESTIONS["sizes"]) == ["try", "team", "product"]
        assert preset["reason"]
        Answers.parse(
            {
                "tasks": [name],
                "requests_per_month": preset["requests"]["product"],
                "context_tokens": preset["context_tokens"],
                "input_tokens_per_request": preset["input_tokens"],
                "output_tokens_per_request": preset["output_tokens"],
                "ttft_max_s": preset["first_token_s"],
                "decode_tps_min": preset["tokens_per_second"],
                "weights": preset["weights"],
            }
        )


@pytest.mark.parametrize(
    "example", [*QUESTIONS["examples"], {"id": "home", **QUESTIONS["home"]}], ids=lambda e: e["id"]
)
def test_examples_are_valid_answers(example):
    """The starting points and the home page's assumption can be parsed and are in normal form."""
    assert Answers.parse(example["answers"]).to_dict().keys() == example["answers"].keys()
