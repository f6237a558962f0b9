"""YAML without surprises: text, whole numbers, plain decimals, dates, true, false, null.

Built on PyYAML's event stream, not on its constructors: those let the last of two equal
keys win, read `no` as False and `12:30` as 750, and follow aliases that expand to billions
of nodes. Here each of these is either plain text or an error that names the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from recommender.catalog.faults import CatalogError, Fault, shown

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_DIGITS = 18
"""Whole numbers beyond 10^18 are typing errors; the longest count in use is a training compute figure."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*(_[0-9]+)*)")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
# Control characters other than the line feed, marks that reorder text on screen, and
# the line and paragraph separators that YAML 1.1 reads as line ends.
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, *, name: str | None = None) -> Any:
    """The content of one YAML file as dicts, lists, text, numbers, dates, booleans, None.

    `name` is the file's name in messages (the path by default). Raises CatalogError.
    """
    name = name or str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise CatalogError([Fault(name, "", "missing", "a readable file", "Add the file.")]) from None
    return parse_yaml(raw, name=name)


def parse_yaml(raw: bytes, *, name: str) -> Any:
    """The content of a YAML document given as bytes; see `read_yaml`."""
    if len(raw) > MAX_BYTES:
        raise _error(name, "size", f"{len(raw)} bytes", f"at most {MAX_BYTES} bytes", "Split the file.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _error(name, f"line {line}", "not UTF-8", "UTF-8 text", "Save the file as UTF-8.") from None
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise _forbidden(name, line, bad.group())
    return _Reader(name, text).document()


def _error(name: str, field: str, found: str, allowed: str, remedy: str) -> CatalogError:
    return CatalogError([Fault(name, field, found, allowed, remedy)])


def _forbidden(name: str, line: int, character: str) -> CatalogError:
    found = f"the character U+{ord(character):04X}"
    allowed = "visible characters, spaces and line feeds"
    return _error(name, f"line {line}", found, allowed, "Remove it; indent with spaces, end lines with LF.")


class _Reader:
    """Turns the events of one document into plain objects; lives for one call of `parse_yaml`."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._events = self._checked(text)

    def document(self) -> Any:
        """The only document of the stream."""
        self._expect(yaml.StreamStartEvent)
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise self._fault(event, "an empty file", "one mapping", "Write {} for an empty mapping.")
        if event.version or event.tags:
            raise self._fault(event, "a directive", "plain YAML", "Remove the line that starts with %.")
        content = self._node(next(self._events), 1)
        self._expect(yaml.DocumentEndEvent)
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise self._fault(event, "a second document", "one document per file", "Remove the line ---.")
        return content

    def _checked(self, text: str) -> Iterator[Any]:
        """Events of the text; what the parser itself refuses becomes our kind of error."""
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            found = f"not readable as YAML ({error.problem or error.context})"
            allowed = "well-formed YAML"
            remedy = "Check quotes, brackets and indentation on this line."
            raise _error(self._name, f"line {line}", found, allowed, remedy) from None
        except yaml.YAMLError as error:
            found = f"not readable as YAML ({error})"
            raise _error(self._name, "line 1", found, "well-formed YAML", "Check the file.") from None

    def _expect(self, kind: type) -> None:
        event = next(self._events)
        if not isinstance(event, kind):
            raise self._fault(event, "out of place", "one document", "Check the file.")

    def _fault(self, event: Any, found: str, allowed: str, remedy: str) -> CatalogError:
        return _error(self._name, f"line {event.start_mark.line + 1}", found, allowed, remedy)

    def _node(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            raise self._fault(event, f"the alias *{event.anchor}", "no aliases", "Write the value out.")
        if event.anchor is not None:
            raise self._fault(event, f"the anchor &{event.anchor}", "no anchors", "Remove it.")
        if event.tag is not None:
            raise self._fault(event, f"the tag {event.tag}", "no tags", "Remove it; quote what is text.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth > MAX_DEPTH:
            found = f"nested deeper than {MAX_DEPTH} levels"
            raise self._fault(event, found, f"at most {MAX_DEPTH} levels", "Flatten it.")
        return self._mapping(depth) if isinstance(event, yaml.MappingStartEvent) else self._sequence(depth)

    def _sequence(self, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            if not isinstance(key, str) or key == "<<":
                raise self._fault(event, f"the key {shown(key)}", "text as key", "Quote the key.")
            if key in entries:
                raise self._fault(event, f"a second key {shown(key)}", "each key once", "Remove one of them.")
            entries[key] = self._node(next(self._events), depth + 1)
        return entries

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if not event.implicit[0]:
            # Quoted: always text. Escapes such as "\u202e" appear only here, after parsing.
            bad = _FORBIDDEN.search(text)
            if bad:
                raise _forbidden(self._name, event.start_mark.line + 1, bad.group())
            return text
        if text in _WORDS:
            return _WORDS[text]
        if not text:
            raise self._fault(event, "an empty value", "a value", 'Write null, "" or leave the key out.')
        if text[0] not in "-0123456789":
            return text
        return self._number_or_date(event, text)

    def _number_or_date(self, event: Any, text: str) -> int | float | date | str:
        integer, decimal = _INTEGER.fullmatch(text), _DECIMAL.fullmatch(text)
        if (integer or decimal) and len(text) > MAX_DIGITS * 2:
            raise self._fault(
                event, f"the number {shown(text)}", f"at most {MAX_DIGITS} digits", "Correct it."
            )
        if integer:
            number = int(text)
            if abs(number) >= 10**MAX_DIGITS:
                raise self._fault(event, f"the number {text}", f"at most {MAX_DIGITS} digits", "Correct it.")
            return number
        if decimal:
            return float(text)
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise self._fault(
                    event, f"the date {text}", "a day that exists", "Correct the date."
                ) from None
        return text
