"""Reads data/rules.yaml: every name, operator, option and placeholder checked before a rule is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from recommender.decide.rules import Predicate, Rule

COMBINATORS = ("all", "any", "not")
ORDERED = ("ge", "le")
TRUTHS = ("is_true", "is_false")
MEMBERSHIPS = ("in", "contains_all", "intersects", "disjoint")
FIELD_OPERATORS = (*TRUTHS, *ORDERED, *MEMBERSHIPS)
ANSWER_OPERATORS = ("answered", "not_empty", "is_true", "positive", "in", "intersects")
WITH_VALUES = ("in", "intersects")
RIGHT_SIDES = ("answer", "answer_level", "value", "values", "field_required", "assumption", "reference")
UNKNOWN_POLICIES = ("exclude", "admit_flagged")
KEYS = ("id", "title", "when", "require", "on_unknown", "reason", "unknown_reason", "relax", "seed")
MAX_DEPTH = 3


class RuleError(ValueError):
    """A rule in data/rules.yaml that cannot be used: where, what was found, what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What rules may name. `answers` gives the options of answers with a closed set, else nothing."""

    fields: Collection[str]
    set_fields: Collection[str]
    answers: Mapping[str, Collection[Any]]
    assumptions: Collection[str]
    members: Mapping[str, Collection[str]]  # words a column can hold, where they are a closed set
    ladders: Collection[str]
    placeholders: Collection[str]


def load_rules(vocabulary: Mapping[str, Any], names: Names) -> tuple[Rule, ...]:
    """The rules of data/rules.yaml, checked. Raises RuleError: the rule, what was found, what is allowed."""
    entries = vocabulary["rules"]
    if not isinstance(entries, Sequence) or not all(isinstance(entry, Mapping) for entry in entries):
        raise RuleError("data/rules.yaml: rules must be a list of mappings, one for each rule")
    rules = [_rule(entry, names) for entry in entries]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RuleError(f"data/rules.yaml: the id {rule.id} stands twice; ids are unique")
        seen.add(rule.id)
    return tuple(rules)


def _rule(entry: Mapping[str, Any], names: Names) -> Rule:
    where = f"data/rules.yaml: {entry.get('id', 'a rule without id')}"
    if set(entry) != set(KEYS):
        off = ", ".join(sorted(map(str, set(entry) ^ set(KEYS))))
        raise RuleError(f"{where}: the keys {off} are missing or unknown; allowed are {', '.join(KEYS)}")
    _among(entry["on_unknown"], UNKNOWN_POLICIES, f"{where}: on_unknown")
    for key in ("reason", "unknown_reason", "relax"):
        for _, name, _, _ in Formatter().parse(str(entry[key])):
            if name is not None:
                _among(name, names.placeholders, f"{where}: the placeholder in {key}")
    reader = _Reader(where, names)
    when = None if entry["when"] == "always" else reader.predicate(entry["when"], depth=1, about_answers=True)
    require = reader.predicate(entry["require"], depth=1, about_answers=False)
    texts = {
        key: str(entry[key]) for key in ("id", "title", "on_unknown", "reason", "unknown_reason", "relax")
    }
    return Rule(when=when, require=require, seed=tuple(entry["seed"]), **texts)


def _among(found: Any, allowed: Collection[Any], what: str) -> None:
    if found not in allowed:
        raise RuleError(f"{what} is {found!r}; allowed are {', '.join(sorted(map(str, allowed)))}")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the conditions of one rule."""

    where: str
    names: Names

    def predicate(self, raw: Any, *, depth: int, about_answers: bool) -> Predicate:
        if depth > MAX_DEPTH:
            raise RuleError(f"{self.where}: conditions are nested {depth} deep; {MAX_DEPTH} are allowed")
        if not isinstance(raw, Mapping):
            raise RuleError(
                f"{self.where}: a condition is {raw!r}; it must name a field, an answer, all, any or not"
            )
        combinator = next((name for name in COMBINATORS if name in raw), None)
        if combinator:
            return self.combination(raw, combinator, depth=depth, about_answers=about_answers)
        if "field" in raw and not about_answers:
            return self.comparison(raw)
        return self.question(raw)

    def combination(
        self, raw: Mapping[str, Any], combinator: str, *, depth: int, about_answers: bool
    ) -> Predicate:
        inner = raw[combinator] if combinator != "not" else [raw[combinator]]
        if len(raw) > 1 or not isinstance(inner, list) or not inner:
            raise RuleError(
                f"{self.where}: {dict(raw)!r} must hold {combinator} alone, with at least one condition"
            )
        parts = tuple(self.predicate(part, depth=depth + 1, about_answers=about_answers) for part in inner)
        return Predicate(combinator=combinator, parts=parts)

    def comparison(self, raw: Mapping[str, Any]) -> Predicate:
        _among(raw["field"], self.names.fields, f"{self.where}: field")
        _among(raw.get("op"), FIELD_OPERATORS, f"{self.where}: operator")
        sides = [side for side in RIGHT_SIDES if side in raw]
        wanted = 0 if raw["op"] in TRUTHS else 1
        if len(sides) != wanted or set(raw) - {"field", "op", "known_members", *RIGHT_SIDES}:
            need = "nothing else" if wanted == 0 else f"one of {', '.join(RIGHT_SIDES)}"
            raise RuleError(f"{self.where}: {dict(raw)!r} must hold field, op {raw['op']} and {need}")
        if raw["op"] in ORDERED and raw["field"] in self.names.set_fields:
            raise RuleError(
                f"{self.where}: {raw['field']} is a set of words; allowed are {', '.join(MEMBERSHIPS)}"
            )
        if "known_members" in raw:
            _among(raw["known_members"], self.names.fields, f"{self.where}: known_members")
        side = sides[0] if sides else None
        self.right_side(raw, side)
        return Predicate(
            field=raw["field"], op=raw["op"], right=side, right_value=raw[side] if side else None,
            known_members=raw.get("known_members"),
        )  # fmt: skip

    def right_side(self, raw: Mapping[str, Any], side: str | None) -> None:
        allowed: dict[str, Collection[Any]] = {
            "answer": self.names.answers, "reference": self.names.answers, "answer_level": self.names.ladders,
            "field_required": self.names.fields, "assumption": self.names.assumptions,
        }  # fmt: skip
        if side in allowed:
            _among(raw[side], allowed[side], f"{self.where}: {side}")
        if side == "values" and raw["field"] in self.names.members:
            for word in raw["values"]:
                _among(word, self.names.members[raw["field"]], f"{self.where}: a value of {raw['field']}")

    def question(self, raw: Mapping[str, Any]) -> Predicate:
        _among(raw.get("answer"), self.names.answers, f"{self.where}: answer")
        _among(raw.get("op"), ANSWER_OPERATORS, f"{self.where}: operator")
        needs_values = raw["op"] in WITH_VALUES
        if set(raw) != {"answer", "op", "values"} - (set() if needs_values else {"values"}):
            need = "answer, op and values" if needs_values else "answer and op"
            raise RuleError(f"{self.where}: {dict(raw)!r} must hold {need}")
        options = self.names.answers[raw["answer"]]
        for word in raw.get("values", ()) if options else ():
            _among(word, options, f"{self.where}: an option of {raw['answer']}")
        return Predicate(
            answer=raw["answer"], op=raw["op"],
            right="values" if needs_values else None, right_value=raw.get("values"),
        )  # fmt: skip
