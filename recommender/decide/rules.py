"""The hard limits: rules as typed conditions, evaluated over all candidates at once.

Each rule gives every candidate false, unknown or true (Kleene's logic). What an
unknown means is the rule's own choice: `exclude` or `admit_flagged`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.decide.columns import FALSE, TRUE, UNKNOWN, Column, Truth, all_of, any_of, negation, truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """One comparison, or a combination of them."""

    combinator: str | None = None
    parts: tuple[Predicate, ...] = ()
    field: str | None = None
    answer: str | None = None  # a question about the answers alone, when field is None
    op: str = ""
    right: str | None = None  # what it is compared with: answer, answer_level, value, field_required ...
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
