"""One answer as a piece of link text, and back.

Packing uses only characters that no program re-encodes: letters, digits, - . _ ~ and /.
Codes are joined by '.', ids (which may hold dots) by '~'. Reading gives plain values, which
the answers' own readers then check, so that a link can hold nothing that a file could not.

A machine is `rtx-4090`, with capital letters for what else is known: X2 = two of them,
M48 = memory_gb, Kvram = memory_kind, R64 = ram_gb. Memory alone is `vram24`, `unified64`,
`ram32`, or `memory24` where the kind was not said, with x2 for two. No hardware is `none`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from recommender.answers import Hardware
from recommender.answers_fields import DEVELOPER, MODEL, FieldSpec, Kind

_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,6})?"
_MEMORY_ONLY = re.compile(rf"(vram|unified|ram|memory)({_NUMBER})(?:[xX]([0-9]{{1,6}}))?(?:R({_NUMBER}))?")
_DEVICE = re.compile(
    rf"([a-z0-9][^A-Z~]*)(?:X([0-9]{{1,6}}))?(?:M({_NUMBER}))?(?:K(vram|unified|ram))?(?:R({_NUMBER}))?"
)


class Unreadable(Exception):
    """The text has not the shape of such a value. Internal: decode turns it into a notice."""


def pack(spec: FieldSpec, value: Any) -> str:
    """The link text of one answer, the same for equal answers; not yet percent-encoded."""
    match spec.kind:
        case Kind.LIST:
            return _joint(spec).join(value if spec.ordered else sorted(value))
        case Kind.NUMBER:
            return _decimal(value)
        case Kind.BOOLEAN:
            return "yes" if value else "no"
        case Kind.HARDWARE:
            return "~".join(map(_pack_machine, value)) or "none"
        case Kind.MAPPING if spec.options:
            return "-".join(str(value.get(name, "")) for name in spec.options)
        case Kind.MAPPING:
            return ".".join(f"{name.lower()}-{value[name]}" for name in sorted(value))
    return str(value)  # options, whole numbers, dates and ids are written as they are


def unpack(spec: FieldSpec, text: str) -> object:
    """The plain value of a link text, still to be checked. Raises Unreadable."""
    match spec.kind:
        case Kind.INTEGER:
            return int(_shaped(r"[0-9]{1,15}", text))
        case Kind.NUMBER:
            return float(_shaped(_NUMBER, text))
        case Kind.BOOLEAN:
            return _shaped("yes|no", text) == "yes"
        case Kind.ENUM if isinstance(spec.options[0], int):
            return int(_shaped("[0-9]{1,3}", text))
        case Kind.LIST:
            return _shaped(".+", text).split(_joint(spec))
        case Kind.HARDWARE:
            return [] if text == "none" else [_unpack_machine(part) for part in text.split("~")]
        case Kind.MAPPING:
            return _unpack_shares(spec, text)
    return _shaped(".+", text)


def allowed(spec: FieldSpec) -> str:
    """What the link text may be, in words."""
    match spec.kind:
        case Kind.BOOLEAN:
            return "yes or no"
        case Kind.HARDWARE:
            return "machines such as rtx-4090, rtx-4090X2 or vram24x2, joined by ~, or none"
        case Kind.MAPPING if spec.options:
            groups = ", ".join(map(str, spec.options))
            return f"importance in tens from 0 to 100, such as 100-70-50-40 for {groups}"
        case Kind.MAPPING:
            return "criteria with a whole number from 0 to 100, such as c01-80.c05-20"
    return spec.allowed()


def _joint(spec: FieldSpec) -> str:
    return "~" if spec.form in (MODEL, DEVELOPER) else "."


def _shaped(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text):
        raise Unreadable
    return text


def _decimal(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _pack_machine(entry: Hardware) -> str:
    ram = f"R{_decimal(entry.ram_gb)}" if entry.ram_gb is not None else ""
    if entry.device is None:
        size = "" if entry.memory_gb is None else _decimal(entry.memory_gb)
        count = f"x{entry.count}" if entry.count != 1 else ""
        return f"{entry.memory_kind or 'memory'}{size}{count}{ram}"
    count = f"X{entry.count}" if entry.count != 1 else ""
    memory = f"M{_decimal(entry.memory_gb)}" if entry.memory_gb is not None else ""
    kind = f"K{entry.memory_kind}" if entry.memory_kind else ""
    return f"{entry.device}{count}{memory}{kind}{ram}"


def _unpack_machine(text: str) -> Mapping[str, object]:
    if found := _MEMORY_ONLY.fullmatch(text):
        kind, memory, count, ram = found.groups()
        device, kind = None, None if kind == "memory" else kind
    elif found := _DEVICE.fullmatch(text):
        device, count, memory, kind, ram = found.groups()
    else:
        raise Unreadable
    return {
        "device": device,
        "memory_gb": None if memory is None else float(memory),
        "memory_kind": kind,
        "count": None if count is None else int(count),
        "ram_gb": None if ram is None else float(ram),
    }


def _unpack_shares(spec: FieldSpec, text: str) -> Mapping[str, int]:
    if spec.options:
        parts = _shaped(r"(?:[0-9]{0,3}-){3}[0-9]{0,3}", text).split("-")
        return {str(name): int(part) for name, part in zip(spec.options, parts, strict=True) if part}
    pairs = [
        part.split("-")
        for part in _shaped(r"c[0-9]{2}-[0-9]{1,3}(?:\.c[0-9]{2}-[0-9]{1,3})*", text).split(".")
    ]
    if len({name for name, _ in pairs}) < len(pairs):
        raise Unreadable
    return {name: int(number) for name, number in pairs}
