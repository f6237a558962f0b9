"""Turns pydantic's error records into faults that name file, field, found and allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from recommender.catalog.faults import Fault, shown

_TYPES = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "text (quote it)",
    "bool_type": "true or false",
    "date_type": "a date YYYY-MM-DD, not quoted",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_LIMITS = {"ge": "{} or more", "gt": "more than {}", "le": "{} or less", "lt": "less than {}"}
_LENGTHS = {
    "too_short": "{min_length} or more entries",
    "string_too_short": "{min_length} or more characters",
    "string_too_long": "{max_length} characters or less",
}
_PATTERNS = {
    "^https://": "an address that starts with https://",
    "^[A-Z]{2}$": "a country code of two capital letters",
    "^[a-z]{2,3}(": "an ISO 639 language code in small letters",
    "^[a-z0-9][a-z0-9._-]*$": "a key of a-z 0-9 . _ -",
    "^[a-z0-9][a-z0-9._-]*/": "<developer>/<model> in a-z 0-9 . _ -",
    "^[0-9]{4}(": 'a year, month or day as text ("2025-04")',
}

Location = tuple[int | str, ...]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def check(kind: Any, content: object, *, file: str) -> tuple[Any, list[Fault]]:
    """`content` as an object of type `kind` and no faults, or None and the faults."""
    try:
        return _adapter(kind).validate_python(content), []
    except ValidationError as error:
        return None, [_fault(kind, file, record) for record in error.errors(include_url=False)]


def field_name(location: Iterable[int | str]) -> str:
    """A place in a file as people write it: `offers[3].prices[0].from`."""
    name = ""
    for part in location:
        if isinstance(part, int):
            name += f"[{part}]"
        elif part != "[key]":
            name += f".{part}" if name else part
    return name


def _fault(kind: Any, file: str, record: Mapping[str, Any]) -> Fault:
    location: Location = record["loc"]
    context: Mapping[str, Any] = record.get("ctx", {})
    where, found, error = field_name(location), shown(record["input"]), str(record["type"])
    if error == "missing":
        return Fault(file, where, "missing", "a value", "Add it.")
    if error == "extra_forbidden":
        names = ", ".join(_keys_at(kind, location[:-1]))
        return Fault(file, where, "an unknown key", f"one of {names}", "Correct the spelling or remove it.")
    if "allowed" in context:
        return Fault(file, where, str(context["found"]), str(context["allowed"]), str(context["remedy"]))
    return Fault(
        file, where, found, _allowed(error, context, str(record["msg"])), "Correct it or remove the entry."
    )


def _allowed(error: str, context: Mapping[str, Any], message: str) -> str:
    if error in _TYPES:
        return _TYPES[error]
    if error == "literal_error":
        return f"one of {context['expected']}"
    for limit, words in _LIMITS.items():
        if limit in context:
            bound = context[limit]
            return words.format(int(bound) if bound == int(bound) else bound)
    if error in _LENGTHS:
        return _LENGTHS[error].format(**context)
    if error == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        # The longest start wins: the pattern of a model id begins like that of a key.
        starts = [start for start in _PATTERNS if pattern.startswith(start)]
        return _PATTERNS[max(starts, key=len)] if starts else f"text like {pattern}"
    return message


def _keys_at(kind: Any, location: Location) -> list[str]:
    """Names of the keys that a mapping at `location` may have."""
    model = _model_in(kind)
    for part in location:
        if isinstance(part, int) or model is None:
            continue
        names = {info.alias or name: info for name, info in model.model_fields.items()}
        if part in names:
            model = _model_in(names[part].annotation)
    if model is None:
        return []
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
