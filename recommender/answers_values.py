"""Reading one answer: a value is accepted in its normal form, or refused with a Fault."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from recommender.answers_fields import (
    DEVICE,
    FIRST_DAY,
    LAST_DAY,
    MEMORY_KINDS,
    FieldSpec,
    Form,
    Hardware,
    Kind,
)

DECIMALS = 6  # numbers are kept to a millionth, so that equal answers have equal links
LONGEST_ID = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing in the answers that cannot be used: where, what was found, what is allowed."""

    field: str  # path, e.g. hardware[0].memory_gb
    found: str
    allowed: str
    hint: str = ""
    text: str = ""  # the whole sentence, where the pattern below does not fit

    def sentence(self) -> str:
        """The fault in one sentence, with the remedy where one is known."""
        if self.text:
            return self.text
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.field} is {self.found}; allowed: {self.allowed}{hint}."


class Refused(Exception):
    """A value was refused. Internal to the readers: callers see Fault."""

    def __init__(self, field: str, found: object, allowed: str, hint: str = "") -> None:
        super().__init__(field)
        self.fault = Fault(field=field, found=shown(found), allowed=allowed, hint=hint)


def shown(value: object) -> str:
    """What was found, in at most about 60 characters, without control characters."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return json.dumps(value if len(value) <= 50 else value[:47] + "...")
        case int():
            return str(value) if abs(value) < 10**30 else "a number with more than 30 digits"
        case float():
            return repr(value) if math.isfinite(value) else "not a finite number"
        case date():
            return value.isoformat()
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
    return f"a {type(value).__name__}"


def nearest(name: str, names: Iterable[str]) -> str:
    """'did you mean "..."?' for the closest of the names or of their parts, or nothing."""
    from difflib import get_close_matches  # only wrong input pays for this import

    typed = name[:LONGEST_ID].lower()
    whole = {known.lower(): known for known in names}
    parts = {part: known for low, known in reversed(whole.items()) for part in re.split(r"[_/]", low)}
    close = get_close_matches(typed, whole, n=1) or get_close_matches(typed, parts, n=1, cutoff=0.7)
    return f'did you mean "{whole.get(close[0]) or parts[close[0]]}"?' if close else ""


def read_option(
    value: object, options: Sequence[str | int], *, path: str, allowed: str, case: str = "keep"
) -> str | int:
    """One of a closed set. Text for a number is refused, and so are booleans."""
    if isinstance(value, str) and case == "lower":
        value = value.lower()
    if isinstance(value, str | int) and not isinstance(value, bool) and value in options:
        return value
    if isinstance(value, bool) and {"yes", "no"} & set(options):
        raise Refused(path, value, allowed, 'write "no" in quotation marks')
    known = [str(option) for option in options]
    raise Refused(path, value, allowed, nearest(value, known) if isinstance(value, str) else "")


def read_text(value: object, form: Form, *, path: str) -> str:
    """Text of the given form; letter case is settled where it carries no meaning."""
    if not isinstance(value, str) or len(value) > LONGEST_ID:
        raise Refused(path, value, form.name)
    text = {"lower": value.lower(), "upper": value.upper(), "keep": value, "grid": _grid_case(value)}[
        form.case
    ]
    if not form.pattern.fullmatch(text):
        raise Refused(path, value, form.name)
    return text


def _grid_case(value: str) -> str:
    return value.upper() if len(value) <= 3 else value.lower()


def read_integer(value: object, low: float, high: float, *, path: str, allowed: str) -> int:
    """A whole number within bounds; 3.0, "3" and true are refused."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused(path, value, allowed)
    return int(value)


def read_number(value: object, low: float, high: float, *, path: str, allowed: str) -> float:
    """A finite number within bounds, kept to a millionth."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Refused(path, value, allowed)  # NaN fails the comparison, infinity the bound
    return round(float(value), DECIMALS) + 0.0  # + 0.0 turns -0.0 into 0.0


def read_date(value: object, *, path: str, allowed: str) -> date:
    """A day between FIRST_DAY and LAST_DAY, given as a date or as YYYY-MM-DD."""
    day = value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise Refused(path, value, allowed) from None
    if not isinstance(day, date) or isinstance(day, datetime) or not FIRST_DAY <= day <= LAST_DAY:
        raise Refused(path, value, allowed)
    return day


def read_value(spec: FieldSpec, value: object) -> tuple[Any, list[Fault]]:
    """One answer checked and normalised: (value or None, faults)."""
    if value is None:
        return None, []
    try:
        return _READERS[spec.kind](spec, value), []
    except Refused as refused:
        return None, [refused.fault]


def _read_list(spec: FieldSpec, value: object) -> tuple[Any, ...] | None:
    items = _items(spec, value)
    read = []
    for index, item in enumerate(items):
        path = f"{spec.name}[{index}]"
        one = (
            read_text(item, spec.form, path=path)
            if spec.form
            else read_option(
                item,
                spec.options,
                path=path,
                allowed=f"one of {', '.join(map(str, spec.options))}",
                case=spec.case,
            )
        )
        if one in read:
            raise Refused(path, one, "each item once")
        read.append(one)
    return tuple(read if spec.ordered else sorted(read, key=str)) or None


def _items(spec: FieldSpec, value: object) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise Refused(spec.name, value, spec.allowed())
    if len(value) > spec.longest:
        raise Refused(f"{spec.name} (number of items)", len(value), f"at most {spec.longest}")
    return value


def _read_mapping(spec: FieldSpec, value: object) -> dict[str, int] | None:
    if not isinstance(value, Mapping):
        raise Refused(spec.name, value, spec.allowed())
    read: dict[str, int] = {}
    for key, number in value.items():
        if spec.form:
            name = read_text(key, spec.form, path=f"{spec.name} key")
        else:
            name = str(
                read_option(
                    key,
                    spec.options,
                    path=f"{spec.name} key",
                    allowed=f"one of {', '.join(map(str, spec.options))}",
                )
            )
        if name in read:
            raise Refused(f"{spec.name} key", key, "each key once")
        allowed = "a whole number from 0 to 100" + (" in tens" if spec.step == 10 else "")
        read[name] = read_integer(number, 0, spec.high, path=f"{spec.name}.{name}", allowed=allowed)
        if read[name] % spec.step:
            raise Refused(f"{spec.name}.{name}", number, allowed)
    order = [str(option) for option in spec.options] or sorted(read)
    return {name: read[name] for name in order if name in read} or None


_HARDWARE_KEYS = tuple(field.name for field in fields(Hardware))


def _read_hardware(spec: FieldSpec, value: object) -> tuple[Hardware, ...]:
    entries = [_read_machine(item, f"{spec.name}[{index}]") for index, item in enumerate(_items(spec, value))]
    machines = tuple(entry for entry in entries if entry is not None)
    if machines and len(machines) < len(entries):
        raise Refused(f"{spec.name}[{entries.index(None)}].device", "none", "none only as the whole list")
    return machines


def _read_machine(item: object, path: str) -> Hardware | None:
    """One entry of the hardware list; None for `{device: none}`."""
    if not isinstance(item, Mapping):
        raise Refused(path, item, "a mapping with " + ", ".join(_HARDWARE_KEYS))
    for key in item:
        if key not in _HARDWARE_KEYS:
            hint = nearest(key, _HARDWARE_KEYS) if isinstance(key, str) else ""
            raise Refused(f"{path} key", key, ", ".join(_HARDWARE_KEYS), hint)
    given = {
        key: _MACHINE_READERS[key](part, f"{path}.{key}") for key, part in item.items() if part is not None
    }
    nothing = given.get("device") == "none"
    if nothing:
        del given["device"]
    if "device" not in given and "memory_gb" not in given:
        if "ram_gb" in given and given.get("memory_kind", "ram") == "ram":  # a machine without a card
            given |= {"memory_gb": given.pop("ram_gb"), "memory_kind": "ram"}
        elif nothing and not given.keys() - {"count"}:
            return None
        else:
            raise Refused(path, item, "an entry with device or memory_gb")
    return Hardware(**given)


def _size(value: object, path: str) -> float:
    return read_number(value, 0.001, 1e6, path=path, allowed="a number of GB from 0.001 to 1,000,000")


_MACHINE_READERS: Mapping[str, Callable[[object, str], Any]] = {
    "device": lambda value, path: read_text(value, DEVICE, path=path),
    "memory_gb": _size,
    "memory_kind": lambda value, path: read_option(
        value, MEMORY_KINDS, path=path, allowed="one of vram, unified, ram"
    ),
    "count": lambda value, path: read_integer(
        value, 1, 100_000, path=path, allowed="a whole number from 1 to 100,000"
    ),
    "ram_gb": _size,
}


def _read_boolean(spec: FieldSpec, value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused(spec.name, value, spec.allowed())
    return value


def _read_text(spec: FieldSpec, value: object) -> str:
    assert spec.form is not None
    return read_text(value, spec.form, path=spec.name)


_READERS: Mapping[Kind, Callable[[FieldSpec, object], Any]] = {
    Kind.ENUM: lambda spec, value: read_option(value, spec.options, path=spec.name, allowed=spec.allowed()),
    Kind.LIST: _read_list,
    Kind.INTEGER: lambda spec, value: read_integer(
        value, spec.low, spec.high, path=spec.name, allowed=spec.allowed()
    ),
    Kind.NUMBER: lambda spec, value: read_number(
        value, spec.low, spec.high, path=spec.name, allowed=spec.allowed()
    ),
    Kind.BOOLEAN: _read_boolean,
    Kind.DATE: lambda spec, value: read_date(value, path=spec.name, allowed=spec.allowed()),
    Kind.TEXT: _read_text,
    Kind.HARDWARE: _read_hardware,
    Kind.MAPPING: _read_mapping,
}
