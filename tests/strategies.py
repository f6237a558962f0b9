"""Generators of valid input for property tests."""

from __future__ import annotations

import string
from datetime import date
from random import Random
from typing import Any

from hypothesis import strategies as st

from recommender.answers import Answers
from recommender.answers_fields import (
    AREA,
    COUNTRY,
    CRITERION,
    DEVELOPER,
    DEVICE,
    FIELDS,
    FIRST_DAY,
    GRID,
    LANGUAGE,
    LAST_DAY,
    MEMORY_KINDS,
    MODEL,
    FieldSpec,
    Kind,
)

_WORD = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=6)
_NAME = st.builds("{}{}{}".format, _WORD, st.sampled_from(["", "-", ".", "_"]), _WORD)
_MODEL = st.one_of(st.builds("{}/{}".format, _NAME, _NAME), _NAME, st.just("llama3.1:8b"), st.just("gpt 4"))
_DEVICE = _NAME.filter(lambda name: DEVICE.pattern.fullmatch(name) is not None)
_TEXTS = {
    MODEL.name: _MODEL,
    DEVELOPER.name: _NAME,
    LANGUAGE.name: st.text(string.ascii_lowercase, min_size=2, max_size=3),
    COUNTRY.name: st.text(string.ascii_uppercase, min_size=2, max_size=2),
    AREA.name: st.text(string.ascii_lowercase, min_size=2, max_size=4),
    GRID.name: st.sampled_from(["DEU", "USA", "us-ca", "gcp:europe-west1"]),
    CRITERION.name: st.sampled_from([f"C{number:02d}" for number in range(1, 16)]),
}


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Finite numbers within bounds, kept to a millionth as answers are."""
    return st.one_of(
        st.integers(int(low) + 1, int(high)).map(float),
        st.floats(max(low, 0.001), min(high, 1000)).map(lambda number: round(number, 6)),
    )


@st.composite
def machines(draw: st.DrawFn) -> dict[str, Any]:
    """One entry of the hardware list, by device, by memory, or both."""
    entry: dict[str, Any] = {}
    kind = draw(st.sampled_from(["device", "memory", "both"]))
    if kind != "memory":
        entry["device"] = draw(_DEVICE)
    if kind != "device":
        entry["memory_gb"] = draw(numbers(0, 1e5))
    optional = {
        "memory_kind": st.sampled_from(MEMORY_KINDS),
        "count": st.integers(1, 99),
        "ram_gb": numbers(0, 1e5),
    }
    return entry | draw(st.fixed_dictionaries({}, optional=optional))


def values(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Every kind of value that one answer may have."""
    item = (
        st.sampled_from(spec.options)
        if spec.options
        else _TEXTS[spec.form.name]
        if spec.form
        else st.nothing()
    )
    match spec.kind:
        case Kind.ENUM | Kind.TEXT:
            return item
        case Kind.LIST:
            return st.lists(item, unique=True, max_size=4 if spec.form else len(spec.options))
        case Kind.INTEGER:
            return st.integers(int(spec.low), int(spec.high))
        case Kind.NUMBER:
            return numbers(spec.low, spec.high)
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.DATE:
            return st.dates(FIRST_DAY, LAST_DAY)
        case Kind.HARDWARE:
            return st.one_of(st.lists(machines(), max_size=3), st.just([{"device": "none"}]))
    return st.dictionaries(
        item, st.integers(0, 100 // spec.step).map(lambda tens: tens * spec.step), max_size=6
    )


def raw_answers() -> st.SearchStrategy[dict[str, Any]]:
    """Mappings that Answers.parse accepts, as they come from a file."""
    return st.fixed_dictionaries({}, optional={spec.name: values(spec) for spec in FIELDS})


def answers() -> st.SearchStrategy[Answers]:
    """Any valid answers, from none to all of them."""
    return raw_answers().map(Answers.parse)


def realistic_answers(random: Random) -> Answers:
    """Answers as a reader gives them: most of the core questions, half of the others' themes, few details."""
    models = [
        "openai/gpt-4",
        "meta/llama-3.1-405b",
        "mistral-ai/mistral-medium-3.5",
        "alibaba/qwen3.6-35b-a3b",
    ]
    core: dict[str, Any] = {
        "tasks": random.sample(
            ["chat", "rag", "coding", "classification", "summarisation"], random.randint(1, 3)
        ),
        "data_boundary": random.choice(["anywhere", "region", "own-cloud", "own-machines", "offline"]),
        "hardware": random.choice(
            [[], [{"device": "rtx-4090", "count": 2}], [{"memory_gb": 24, "memory_kind": "vram"}]]
        ),
        "requests_per_month": random.choice([500, 10_000, 300_000]),
        "input_tokens_per_request": random.choice([400, 1_500, 60_000]),
        "output_tokens_per_request": random.choice([5, 300, 4_000]),
        "budget_usd_month": random.choice([50, 99.5, 1_500]),
        "openness": random.choice(["any", "weights", "permissive", "fully-open"]),
    }
    detail: dict[str, Any] = {
        "support": random.choice(["none", "community", "sla"]),
        "languages": random.sample(["de", "fr", "no", "pl", "uk", "zh"], random.randint(1, 4)),
        "input_modalities": ["text", "image"],
        "context_tokens": random.choice([8_000, 128_000]),
        "decode_tps_min": random.choice([10, 30]),
        "fine_tune": random.choice(["no", "wanted", "must"]),
        "weights": {
            name: random.choice([0, 30, 70, 100]) for name in ("quality", "economy", "control", "assurance")
        },
    }
    expert: dict[str, Any] = {
        "region": ["eu", "ch"],
        "no_training_on_data": True,
        "retention_days_max": 30,
        "attestations": ["soc2", "iso27001", "gdpr-dpa"],
        "commercial_use": True,
        "monthly_active_users": 10_000,
        "only_models": random.sample(models, 3),
        "not_models": random.sample(models, 1),
        "not_countries": ["CN", "RU"],
        "quality_at_least": "openai/gpt-4",
        "energy": "some",
        "grid": "DEU",
        "weights_within": {"C02": 60, "C04": 20},
        "certainty": "fairly",
        "stance": "cautious",
        "as_of": date(2026, 11, 23),
    }
    shares = ((core, 0.9), (detail, 0.5), (expert, 0.25))
    return Answers.parse(
        {key: value for part, share in shares for key, value in part.items() if random.random() < share}
    )
