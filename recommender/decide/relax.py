"""What single answers take out, and the smallest single changes that bring models back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from recommender import words
from recommender.answers import Answers, AnswersError
from recommender.decide.describe import strings
from recommender.decide.engine import Evaluation, admit, evaluate_all
from recommender.decide.fields import columns
from recommender.decide.result import Relaxation, Removal
from recommender.decide.situation import situation

# Answers that change what is compared, not only the limit: the ways are made again without them.
_REMAKES = frozenset(
    ("tasks", "labelled_examples", "languages", "context_tokens", "hardware", "min_bits", "concurrent_users",
     "requests_per_month", "input_tokens_per_request", "output_tokens_per_request", "data_boundary", "as_of",
     "fine_tune", "support", "input_modalities", "output_modalities")
)  # fmt: skip
_NEVER_RELAXED = frozenset(
    ("tasks", "as_of", "weights", "weights_within", "certainty", "stance", "energy", "grid")
)


def removals(answers: Answers, evaluation: Evaluation) -> tuple[Removal, ...]:
    """For every limiting answer: how many more models there would be without it, most first."""
    here = set(evaluation.best)
    made = []
    for key in limiting(evaluation):
        without = admitted_models(answers, evaluation, key, None)
        made.append(Removal(answer=key, removed=len(without - here)))
    return tuple(sorted(made, key=lambda one: (-one.removed, one.answer)))


def limiting(evaluation: Evaluation) -> list[str]:
    """Answered keys that a rule in force reads, in the order of the questions."""
    read = {"context_tokens", "concurrent_users", "hardware", "min_bits"}
    for rule in evaluation.admission.rules:
        read |= rule.answers()
    return [key for key in evaluation.situation.given if key in read and key not in _NEVER_RELAXED]


def admitted_models(answers: Answers, evaluation: Evaluation, key: str, value: Any) -> set[int]:
    """Models that pass when one answer is replaced (None = left open)."""
    try:
        changed = answers.changed(**{key: value})
    except AnswersError:
        return set()
    if key in _REMAKES:
        return set(evaluate_all(changed, evaluation.table.catalog).best)
    there = situation(changed, evaluation.table.catalog, evaluation.table.hardware)
    ability = evaluation.columns["ability_value"]
    known = np.where(ability.known, ability.values, np.nan)
    fields = columns(evaluation.table, evaluation.ways, there, known)
    admitted = admit(evaluation.table, there, fields).admitted
    return set(evaluation.ways.rows.model[admitted].tolist())


def relaxations(answers: Answers, evaluation: Evaluation) -> tuple[Relaxation, ...]:
    """Single changes that readmit models, most readmitted first; a smaller step before leaving it open."""
    made = [one for key in limiting(evaluation) for one in _changes(answers, evaluation, key)]
    return tuple(sorted(made, key=lambda one: (-one.readmits, one.after is None, one.answer)))


def _changes(answers: Answers, evaluation: Evaluation, key: str) -> list[Relaxation]:
    """The smallest step of one answer that helps, and leaving it open where that helps more."""
    here = set(evaluation.best)
    made: list[Relaxation] = []
    for value in [*steps(answers, evaluation, key), None]:
        back = len(admitted_models(answers, evaluation, key, value) - here)
        if back and (not made or (value is None and back > made[0].readmits)):
            made.append(_relaxation(answers, evaluation, key, value, back))
    return made


def steps(answers: Answers, evaluation: Evaluation, key: str) -> list[Any]:
    """Smaller changes of an answer than leaving it open, smallest first."""
    current = getattr(answers, key)
    maker = _STEPS.get(key)
    if maker is None:
        return []
    return [value for value in maker(evaluation, current) if value != current]


def _ladder(key: str) -> Callable[[Evaluation, Any], list[Any]]:
    def down(evaluation: Evaluation, current: Any) -> list[Any]:
        ladder: Mapping[str, Any] = evaluation.admission.inputs.levels[key]
        level = ladder[current]["level"]
        lower = sorted(
            (name for name in ladder if ladder[name]["level"] < level), key=lambda n: -ladder[n]["level"]
        )
        return [name for name in lower if ladder[name]["level"] > 0]

    return down


def _nearest_number(field: str, rule: str, *, up: bool) -> Callable[[Evaluation, Any], list[Any]]:
    """The nearest limit at which a way passes that breaks nothing but this rule."""

    def find(evaluation: Evaluation, current: Any) -> list[Any]:
        admission = evaluation.admission
        index = next((i for i, one in enumerate(admission.rules) if one.id == rule), None)
        if index is None:
            return []
        only = admission.failed[index] & (admission.failed.sum(axis=0) == 1)
        column = evaluation.columns[field]
        values = column.values[only & column.known].astype(float)
        values = values[np.isfinite(values)]
        if not len(values):
            return []
        return [_rounded_up(values.min()) if up else math.floor(values.max())]

    return find


def _rounded_up(value: float) -> float:
    """A limit that a person would type: two significant digits, rounded up."""
    if value <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    limit = math.ceil(value / step) * step
    return int(limit) if limit >= 1 and float(limit).is_integer() else round(limit, 6)


_STEPS: Mapping[str, Callable[[Evaluation, Any], list[Any]]] = {
    "budget_usd_month": _nearest_number("monthly_cost_usd", "R03", up=True),
    "context_tokens": _nearest_number("context_tokens", "R11", up=False),
    "disclosure_min": _nearest_number("disclosure_items", "R19", up=False),
    "retention_days_max": _nearest_number("retention_days", "R07", up=True),
    "ttft_max_s": _nearest_number("ttft_s", "R16", up=True),
    "decode_tps_min": _nearest_number("decode_tps", "R16", up=False),
    "openness": _ladder("openness"),
    "support": _ladder("support"),
    "data_boundary": _ladder("data_boundary"),
    "labelled_examples": lambda _, current: {
        "none": ["hundreds", "thousands"],
        "hundreds": ["thousands"],
    }.get(current, []),
}


def _relaxation(answers: Answers, evaluation: Evaluation, key: str, value: Any, back: int) -> Relaxation:
    say = strings(evaluation)
    question = question_of(evaluation, key)
    before = answers.to_dict()[key]
    sentence = (
        "relax.drop" if value is None else "relax.number" if isinstance(value, int | float) else "relax.step"
    )
    said = _speaker(evaluation, key)
    text = words.say(say, sentence, question=question, before=said(before), after=said(value))
    return Relaxation(answer=key, before=before, after=value, readmits=back, text=text)


def _speaker(evaluation: Evaluation, key: str) -> Callable[[Any], Any]:
    """A function that puts values of an answer into the words of its options."""
    labels = {
        str(option["id"]): option["label"] for option in question_entry(evaluation, key).get("options", ())
    }

    def said(value: Any) -> Any:
        if isinstance(value, list):
            return [said(part) for part in value]
        if isinstance(value, Mapping):
            return " ".join(f"{name} {part}" for name, part in value.items())
        return f"\u201c{labels[str(value)]}\u201d" if str(value) in labels else value

    return said


def question_of(evaluation: Evaluation, key: str) -> str:
    """The question of the page behind an answer key."""
    return str(question_entry(evaluation, key).get("question", key))


def question_entry(evaluation: Evaluation, key: str) -> Mapping[str, Any]:
    """The entry of data/questions.yaml for an answer key; empty where the page does not ask it."""
    entries = evaluation.table.catalog.vocabulary["questions"]["questions"]
    return next((entry for entry in entries if entry["id"] == key), {})
