"""Why a way is out: for every broken rule the fact that decided, the limit, and where the fact comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from recommender import words
from recommender.catalog.types import Model
from recommender.decide.columns import FALSE, UNKNOWN
from recommender.decide.describe import (
    machine_name,
    model_of,
    provider_name,
    provider_of,
    quantisation_of,
    strings,
    way_text,
)
from recommender.decide.engine import Evaluation
from recommender.decide.facets import kind_of_work
from recommender.decide.licence_terms import COLUMN as LICENCE
from recommender.decide.licence_terms import found_and_answer, licence, reason_words, term_source
from recommender.decide.result import Failure
from recommender.decide.rules import Predicate, Rule, evaluate_one, right_side

# Which fact stands behind a column: the catalog's field whose source is shown.
_FACT_OF = {
    "available": "status", "days_to_end": "ends", "weights_available": "kind", "openness_level": "licence",
    "covers_languages": "languages", "fits_task": "architecture", "memory_gb": "parameters_total",
    "support_level": "sla", "attestations": "attestations",
    "enough_labels": "architecture",
}  # fmt: skip
_PROVIDER_FIELDS = (
    "trains_on_inputs",
    "regions",
    "retention_days",
    "zero_retention",
    "attestations",
    "support_level",
)
_GUARDS = ("way_kind", "fits_task")  # say where a rule applies; they decide only where nothing else does
_CODES = {"regions": "region", "covers_languages": "language", "countries": "country"}
_REACHED = {"openness_level": "openness_level", "boundary_level": "boundary_reached"}
_NEAR = 0.2  # a numeric limit missed by less than a fifth is a near miss


def failures(evaluation: Evaluation, row: int) -> tuple[Failure, ...]:
    """Every rule that takes this way out, with all that a reader needs to check it."""
    admission = evaluation.admission
    return tuple(
        failure(evaluation, rule, row)
        for index, rule in enumerate(admission.rules)
        if admission.failed[index, row]
    )


def failure(evaluation: Evaluation, rule: Rule, row: int) -> Failure:
    """One broken rule of one way."""
    leaf = deciding_leaf(evaluation, rule, row)
    unknown = bool(evaluation.admission.truths[rule.id][row] == UNKNOWN)
    found, required = found_and_required(evaluation, leaf, row)
    params = _params(evaluation, rule, leaf, row, found, required)
    text = words.fill(rule.unknown_reason if unknown else rule.reason, params)
    source, as_of = source_of(evaluation, leaf, row)
    return Failure(
        rule=rule.id, title=rule.title, reason=text, found=found, required=required, unknown=unknown,
        source=source, as_of=as_of,
    )  # fmt: skip


def deciding_leaf(evaluation: Evaluation, rule: Rule, row: int) -> Predicate:
    """The comparison that decided: the first that is false (else unknown) and does not only say where the
    rule applies."""
    compared = [leaf for leaf in rule.require.leaves() if leaf.field]
    leaves = [leaf for leaf in compared if leaf.field not in _GUARDS] or compared
    truths = [evaluate_one(leaf, evaluation.columns, evaluation.admission.inputs, row) for leaf in leaves]
    for wanted in (FALSE, UNKNOWN):
        for leaf, truth in zip(leaves, truths, strict=True):
            if truth == wanted:
                return leaf
    return leaves[0]


def found_and_required(evaluation: Evaluation, leaf: Predicate, row: int) -> tuple[Any, Any]:
    """What the fact is and what the limit is, as plain values."""
    column = evaluation.columns[str(leaf.field)]
    found = column.at(row)
    limit = right_side(leaf, evaluation.columns, evaluation.admission.inputs)
    if leaf.right == "field_required":
        limit = evaluation.columns[str(leaf.right_value)].at(row)
    if limit is None and leaf.op in ("is_true", "is_false"):
        limit = leaf.op == "is_true"
    if leaf.field == "fits_task":
        found, limit = kind_of_work(model_of(evaluation, row)), list(evaluation.situation.tasks)
    if leaf.field == "covers_languages":
        found, limit = (
            list(model_of(evaluation, row).languages) or None,
            list(evaluation.situation.given["languages"]),
        )
    if leaf.field == LICENCE:
        found, limit = found_and_answer(evaluation, model_of(evaluation, row))
    return _plain(found), _plain(limit)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return round(value, 6)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    return value.item() if isinstance(value, np.generic) else value


def source_of(evaluation: Evaluation, leaf: Predicate, row: int) -> tuple[str | None, str | None]:
    """Source key and day of the fact that decided."""
    field = str(leaf.field)
    if field in _PROVIDER_FIELDS:
        provider = evaluation.table.catalog.providers.get(provider_of(evaluation, row) or "")
        found = provider.sources.get(_FACT_OF.get(field, field)) if provider else None
    elif field == "monthly_cost_usd":
        return price_source(evaluation, row)
    elif field == LICENCE:
        found = term_source(evaluation, model_of(evaluation, row))
    else:
        found = model_of(evaluation, row).sources.get(_FACT_OF.get(field, field))
    return (found[0], found[1]) if found else (None, None)


def price_source(evaluation: Evaluation, row: int) -> tuple[str | None, str | None]:
    """Source and day of the price behind an offer."""
    from recommender.catalog.history import price_on

    position = int(evaluation.ways.rows.offer[row])
    if position < 0:
        return None, None
    priced = price_on(evaluation.table.catalog.offers[position], evaluation.situation.day)
    if priced is None:
        return None, None
    price = priced[0]
    return price.source or None, price.as_of.isoformat() if price.as_of else None


def _params(
    evaluation: Evaluation, rule: Rule, leaf: Predicate, row: int, found: Any, required: Any
) -> dict[str, Any]:
    model, say = model_of(evaluation, row), strings(evaluation)
    quantisation = quantisation_of(evaluation, row)
    named = evaluation.situation.given.get("quality_at_least")
    reference = evaluation.table.catalog.models.get(
        evaluation.table.catalog.aliases.get(str(named).lower(), str(named))
    )
    params = {
        "model": model.name,
        "provider": provider_name(evaluation, row) or words.say(say, "provider.none"),
        "machine": machine_name(evaluation, row) or "your machine",
        "way": way_text(evaluation, row),
        "licence": licence(evaluation, model).name,
        "quantisation": _at(quantisation),
        "availability": availability(evaluation, model),
        "successor": successor_name(evaluation, model),
        "reference": reference.name if reference else None,
        "task": words.say(say, f"task.{evaluation.situation.tasks[0]}"),
        "found": found,
        "required": required,
    }
    if rule.id == "R14":
        params["found"] = words.say(say, f"work.{found}")
        params["required"] = [words.say(say, f"task.{task}") for task in required]
    if leaf.field in _CODES:
        params["found"] = _named(evaluation, _CODES[leaf.field], found)
        params["required"] = _named(evaluation, _CODES[leaf.field], required)
    if rule.id == "R16":
        params |= _speed_words(leaf, found, required)
    if leaf.field == LICENCE:
        params |= reason_words(evaluation, model)
    if rule.id == "R25":
        params["required"] = "none" if evaluation.situation.labels == "none" else evaluation.situation.labels
    if rule.id == "R28":
        params |= {"found": _hundred(found), "required": _hundred(required)}
    return params | _level_words(evaluation, leaf, found, required)


def _at(quantisation: str | None) -> str:
    if not quantisation:
        return ""
    return f" {quantisation}" if quantisation.startswith("as published") else f" at {quantisation}"


def _named(evaluation: Evaluation, kind: str, codes: Any) -> Any:
    """Codes of regions or languages as words."""
    say = strings(evaluation)
    return [say.get(f"{kind}.{code}", code) for code in codes] if isinstance(codes, list) else codes


def _hundred(value: Any) -> Any:
    return None if value is None else round(float(value) * 100)


def _speed_words(leaf: Predicate, found: Any, required: Any) -> dict[str, str]:
    unit = "tokens a second" if leaf.field == "decode_tps" else "seconds to the first token"
    return {"found": f"{words.plain(found)} {unit}", "required": f"{words.plain(required)} {unit}"}


def _level_words(evaluation: Evaluation, leaf: Predicate, found: Any, required: Any) -> dict[str, Any]:
    """Ladder steps in words, for rules that compare with a step."""
    if leaf.right != "answer_level":
        return {}
    levels = evaluation.admission.inputs.levels
    name = _REACHED.get(str(leaf.field), str(leaf.right_value))
    return {
        "found_words": step_words(levels[name], found),
        "required_words": step_words(levels[str(leaf.right_value)], required),
    }


def step_words(ladder: Mapping[str, Mapping[str, Any]], level: Any) -> str | None:
    """The words of the highest step of a ladder that is not above a level."""
    if level is None:
        return None
    steps = [step for step in ladder.values() if step["level"] <= level]
    return str(max(steps, key=lambda step: step["level"])["words"]) if steps else None


def availability(evaluation: Evaluation, model: Model) -> str:
    """Why a model cannot be had on the day."""
    say, day = strings(evaluation), evaluation.situation.day
    if model.status == "never-released" or model.kind == "unknown":
        return words.say(say, "available.never")
    if model.ends is None:
        return words.say(say, "available.retired_undated")
    if model.ends < day:
        return words.say(say, "available.retired", day=model.ends)
    within = evaluation.admission.inputs.assumptions["retirement_excludes_days"]
    return words.say(say, "available.ending", day=model.ends, days=within)


def successor_name(evaluation: Evaluation, model: Model) -> str:
    """Name of what the maker names as replacement, or that none is named."""
    known = evaluation.table.catalog.models.get(model.successor or "")
    return known.name if known else "not named"


def is_near_miss(failed: tuple[Failure, ...]) -> bool:
    """Exactly one broken rule, or every broken limit is a number missed by less than a fifth."""
    if len(failed) == 1:
        return True
    return bool(failed) and all(_nearly(one.found, one.required) for one in failed)


def _nearly(found: Any, required: Any) -> bool:
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in (found, required))
    return bool(numbers and required and abs(found - required) <= _NEAR * abs(required))
