"""The hard limits: typed rules from data/rules.yaml, evaluated over all candidates at once.

Each rule gives every candidate false, unknown or true (Kleene's logic). What an
unknown means is the rule's own choice: `exclude` or `admit_flagged`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.decide.columns import FALSE, TRUE, UNKNOWN, Column, Truth, all_of, any_of, negation, truth

COMBINATORS = ("all", "any", "not")
FIELD_OPERATORS = (
    "is_true", "is_false", "ge", "le", "in", "contains_all", "intersects", "disjoint",
)  # fmt: skip
ANSWER_OPERATORS = ("answered", "not_empty", "is_true", "in", "intersects", "positive")
RIGHT_SIDES = ("answer", "answer_level", "value", "values", "field_required", "assumption", "reference")
UNKNOWN_POLICIES = ("exclude", "admit_flagged")
MAX_DEPTH = 3


class RuleError(ValueError):
    """A rule in data/rules.yaml that cannot be used: where, what was found, what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """One comparison, or a combination of them."""

    combinator: str | None = None
    parts: tuple[Predicate, ...] = ()
    field: str | None = None
    answer: str | None = None  # a question about the answers alone, when field is None
    op: str = ""
    right: str | None = None  # which of RIGHT_SIDES
    right_value: Any = None
    known_members: str | None = None  # column saying which members of a set were looked up

    def fields(self) -> set[str]:
        """All candidate columns this predicate reads."""
        own = {name for name in (self.field, self.known_members) if name}
        if self.right == "field_required":
            own.add(str(self.right_value))
        return own.union(*(part.fields() for part in self.parts))

    def leaves(self) -> tuple[Predicate, ...]:
        """The comparisons inside, in the order of the file."""
        if not self.combinator:
            return (self,)
        return tuple(leaf for part in self.parts for leaf in part.leaves())

    def answers(self) -> set[str]:
        """All answer keys this predicate reads."""
        own = {self.answer} if self.answer else set()
        if self.right in ("answer", "answer_level", "reference"):
            own.add(str(self.right_value))
        return own.union(*(part.answers() for part in self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One hard limit."""

    id: str
    title: str
    when: Predicate | None  # None = always
    require: Predicate
    on_unknown: str
    reason: str
    unknown_reason: str
    relax: str
    seed: tuple[str, ...] = ()

    def answers(self) -> set[str]:
        """The answer keys that can switch this rule on or move its limit."""
        return self.require.answers() | (self.when.answers() if self.when else set())


@dataclass(frozen=True, slots=True)
class Inputs:
    """What predicates are compared with: answers by key, level tables, references, assumptions."""

    answers: Mapping[str, Any]
    levels: Mapping[str, Mapping[str, Mapping[str, Any]]]
    references: Mapping[str, float | None]
    assumptions: Mapping[str, float]


def load_rules(
    vocabulary: Mapping[str, Any], *, fields: Sequence[str], answers: Sequence[str]
) -> tuple[Rule, ...]:
    """The rules of data/rules.yaml, checked: known fields, answers and operators, unique ids, depth."""
    seen: set[str] = set()
    rules = []
    for entry in vocabulary["rules"]:
        rule = _rule(entry, fields=frozenset(fields), answers=frozenset(answers))
        if rule.id in seen:
            raise RuleError(f"data/rules.yaml: the id {rule.id} stands twice; ids are unique")
        seen.add(rule.id)
        rules.append(rule)
    return tuple(rules)


def _rule(entry: Mapping[str, Any], *, fields: frozenset[str], answers: frozenset[str]) -> Rule:
    where = f"data/rules.yaml: {entry.get('id', 'a rule without id')}"
    required = {"id", "title", "when", "require", "on_unknown", "reason", "unknown_reason", "relax", "seed"}
    if set(entry) != required:
        off = sorted(set(entry) ^ required)
        raise RuleError(
            f"{where}: the keys {', '.join(off)} are missing or unknown; "
            f"allowed are {', '.join(sorted(required))}"
        )
    if entry["on_unknown"] not in UNKNOWN_POLICIES:
        raise RuleError(
            f"{where}: on_unknown is {entry['on_unknown']!r}; allowed are {', '.join(UNKNOWN_POLICIES)}"
        )
    when = None if entry["when"] == "always" else _predicate(entry["when"], where, fields, answers, depth=1)
    require = _predicate(entry["require"], where, fields, answers, depth=1)
    texts = {
        key: str(entry[key]) for key in ("id", "title", "on_unknown", "reason", "unknown_reason", "relax")
    }
    return Rule(when=when, require=require, seed=tuple(entry["seed"]), **texts)


def _predicate(
    raw: Any, where: str, fields: frozenset[str], answers: frozenset[str], *, depth: int
) -> Predicate:
    if depth > MAX_DEPTH:
        raise RuleError(f"{where}: conditions are nested {depth} deep; {MAX_DEPTH} are allowed")
    if not isinstance(raw, Mapping):
        raise RuleError(f"{where}: a condition is {raw!r}; it must name a field, an answer, all, any or not")
    for name in COMBINATORS:
        if name in raw:
            inner = raw[name] if name != "not" else [raw[name]]
            parts = tuple(_predicate(part, where, fields, answers, depth=depth + 1) for part in inner)
            return Predicate(combinator=name, parts=parts)
    if "field" in raw:
        return _comparison(raw, where, fields, answers)
    return _about_answers(raw, where, answers)


def _comparison(
    raw: Mapping[str, Any], where: str, fields: frozenset[str], answers: frozenset[str]
) -> Predicate:
    _check(raw["field"], fields, f"{where}: field")
    _check(raw.get("op"), FIELD_OPERATORS, f"{where}: operator")
    sides = [side for side in RIGHT_SIDES if side in raw]
    if len(sides) > 1 or set(raw) - {"field", "op", "known_members", *RIGHT_SIDES}:
        raise RuleError(
            f"{where}: {dict(raw)!r} must hold field, op and at most one of {', '.join(RIGHT_SIDES)}"
        )
    side = sides[0] if sides else None
    if side in ("answer", "answer_level", "reference"):
        _check(raw[side], answers, f"{where}: answer")
    if side == "field_required":
        _check(raw[side], fields, f"{where}: field")
    return Predicate(
        field=raw["field"], op=raw["op"], right=side, right_value=raw[side] if side else None,
        known_members=raw.get("known_members"),
    )  # fmt: skip


def _about_answers(raw: Mapping[str, Any], where: str, answers: frozenset[str]) -> Predicate:
    _check(raw.get("answer"), answers, f"{where}: answer")
    _check(raw.get("op"), ANSWER_OPERATORS, f"{where}: operator")
    if set(raw) - {"answer", "op", "values"}:
        raise RuleError(f"{where}: {dict(raw)!r} must hold answer, op and perhaps values")
    return Predicate(
        answer=raw["answer"],
        op=raw["op"],
        right="values" if "values" in raw else None,
        right_value=raw.get("values"),
    )


def _check(found: Any, allowed: Sequence[str] | frozenset[str], what: str) -> None:
    if found not in allowed:
        raise RuleError(f"{what} is {found!r}; allowed are {', '.join(sorted(allowed))}")


def in_force(rule: Rule, inputs: Inputs) -> bool:
    """Whether the answers switch this rule on."""
    return rule.when is None or bool(_scalar(rule.when, inputs) == TRUE)


def evaluate(rule: Rule, columns: Mapping[str, Column], inputs: Inputs) -> Truth:
    """False, unknown or true for every candidate. Call only for rules in force."""
    return _evaluate(rule.require, columns, inputs)


def _evaluate(predicate: Predicate, columns: Mapping[str, Column], inputs: Inputs) -> Truth:
    if predicate.combinator:
        parts = [_evaluate(part, columns, inputs) for part in predicate.parts]
        if predicate.combinator == "not":
            return negation(parts[0])
        return all_of(parts) if predicate.combinator == "all" else any_of(parts)
    if predicate.field is None:
        size = len(next(iter(columns.values())).known)
        return np.full(size, _scalar(predicate, inputs), dtype=np.int8)
    column = columns[predicate.field]
    if predicate.op in ("is_true", "is_false"):
        return truth(column.values.astype(bool) == (predicate.op == "is_true"), column.known)
    limit = right_side(predicate, columns, inputs)
    if limit is None:
        return np.full(len(column.known), TRUE, dtype=np.int8)  # nothing was asked
    if predicate.op in ("ge", "le"):
        return _ordered(column, predicate.op, limit)
    return _membership(predicate, column, limit, columns)


def evaluate_one(predicate: Predicate, columns: Mapping[str, Column], inputs: Inputs, row: int) -> np.int8:
    """The truth of one comparison for one candidate."""
    only = np.array([row], dtype=np.intp)
    names = predicate.fields()
    truths = _evaluate(predicate, {name: columns[name].take(only) for name in names}, inputs)
    return np.int8(truths[0])


def right_side(predicate: Predicate, columns: Mapping[str, Column], inputs: Inputs) -> Any:
    """What the field is compared with; None when the answer was not given."""
    value = predicate.right_value
    match predicate.right:
        case "answer":
            answer = inputs.answers.get(value)
            return None if answer is None or answer == () else answer
        case "answer_level":
            answer = inputs.answers.get(value)
            return None if answer is None else inputs.levels[value][answer]["level"]
        case "field_required":
            return columns[value]
        case "assumption":
            return inputs.assumptions[value]
        case "reference":
            return inputs.references.get(value)
        case _:
            return value


def _ordered(column: Column, op: str, limit: Any) -> Truth:
    other, known = (
        (limit.values, column.known & limit.known) if isinstance(limit, Column) else (limit, column.known)
    )
    holds = column.values >= other if op == "ge" else column.values <= other
    return truth(holds, known)


def _membership(predicate: Predicate, column: Column, limit: Any, columns: Mapping[str, Column]) -> Truth:
    wanted = [limit] if isinstance(limit, str) else list(limit)
    if not column.is_set:
        codes = [column.members.index(word) for word in wanted if word in column.members]
        return truth(np.isin(column.values, codes), column.known)
    mask = sum(1 << column.members.index(word) for word in set(wanted) if word in column.members)
    hits = column.values.astype(np.int64) & mask
    if predicate.op == "intersects":
        return truth(hits != 0, column.known)
    if predicate.op == "disjoint":
        return truth(hits == 0, column.known)
    complete = all(word in column.members for word in wanted)
    held = truth((hits == mask) & complete, column.known)
    if predicate.known_members is None:
        return held
    looked = columns[predicate.known_members]
    known_mask = sum(1 << looked.members.index(word) for word in set(wanted) if word in looked.members)
    missing_known = (looked.values.astype(np.int64) & known_mask & ~column.values.astype(np.int64)) != 0
    refuted = truth(~missing_known)  # a member that was looked up and is not held settles it
    return np.where(held == TRUE, TRUE, np.where(refuted == FALSE, FALSE, UNKNOWN)).astype(np.int8)


def _scalar(predicate: Predicate, inputs: Inputs) -> np.int8:
    if predicate.combinator:
        parts = [_scalar(part, inputs) for part in predicate.parts]
        if predicate.combinator == "not":
            return np.int8(TRUE - parts[0])
        return min(parts) if predicate.combinator == "all" else max(parts)
    answer = inputs.answers.get(str(predicate.answer))
    given = answer is not None and answer != () and answer != {}
    match predicate.op:
        case "answered" | "not_empty":
            holds = given
        case "is_true":
            holds = answer is True
        case "positive":
            holds = given and isinstance(answer, int | float) and answer > 0
        case "in":
            holds = given and answer in (predicate.right_value or ())
        case _:
            holds = given and not set(answer or ()).isdisjoint(predicate.right_value or ())
    return TRUE if holds else FALSE
