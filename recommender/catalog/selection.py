"""Which rows a reader picked: the filters of the tables, from link text and back.

Keys begin with x_ so that they never meet those of an answer link. A value that cannot be read is
left out and named; whatever else the link says still counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from recommender.catalog.tables import LICENCE_KINDS, Row, search
from recommender.catalog.types import ModelClass

VIEWS = ("size", "price")
SCALES = ("both", "outside", "own")
"""Whose openness ratings are drawn: they are two scales, which no chart mixes."""
ORDERS = ("newest", "name", "size", "openness", "ability", "price")
TEXT_MAX = 80
"""Characters of a search text; the longest name in the catalog has half as many."""
_LIST_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a reader wants to see. The defaults select everything."""

    classes: tuple[str, ...] = ()
    developers: tuple[str, ...] = ()
    since: date | None = None  # released on that day or later
    licences: tuple[str, ...] = ()
    hide_retired: bool = False
    estimates: bool = False  # draw outside estimates of undisclosed sizes
    scale: str = "both"
    view: str = "size"
    text: str = ""
    order: str = "newest"


KEYS: Mapping[str, str] = {
    "classes": "x_class",
    "developers": "x_dev",
    "since": "x_since",
    "licences": "x_lic",
    "hide_retired": "x_retired",
    "estimates": "x_est",
    "scale": "x_index",
    "view": "x_view",
    "text": "x_q",
    "order": "x_sort",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BadValue:
    """A part of a link that was not understood: what was found and what is allowed."""

    key: str
    found: str
    allowed: str


class _Unreadable(ValueError):
    """The text has no such value in it; the message says what is allowed."""


def read(query: Mapping[str, str], developers: Iterable[str]) -> tuple[Selection, tuple[BadValue, ...]]:
    """The selection that a query describes, and every value of it that cannot be used."""
    known = frozenset(developers)
    readers: Mapping[str, Callable[[str], Any]] = {
        "classes": lambda text: _several(text, [str(each) for each in ModelClass]),
        "developers": lambda text: _several(text, sorted(known), say="ids of developers in the catalogue"),
        "since": _day,
        "licences": lambda text: _several(text, LICENCE_KINDS),
        "hide_retired": lambda text: _one(text, ("hide",)) == "hide",
        "estimates": lambda text: _one(text, ("show",)) == "show",
        "scale": lambda text: _one(text, SCALES),
        "view": lambda text: _one(text, VIEWS),
        "text": _text,
        "order": lambda text: _one(text, ORDERS),
    }
    values, bad = {}, []
    for name, key in KEYS.items():
        if key in query:
            try:
                values[name] = readers[name](query[key])
            except _Unreadable as error:
                bad.append(BadValue(key=key, found=query[key][:TEXT_MAX], allowed=str(error)))
    unknown = [key for key in query if key.startswith("x_") and key not in KEYS.values()]
    bad += [
        BadValue(key=key[:20], found=query[key][:TEXT_MAX], allowed="not used") for key in sorted(unknown)
    ]
    return Selection(**values), tuple(bad)


def write(selection: Selection) -> dict[str, str]:
    """The query of a selection; what is as by default is left out. `read` gives the selection back."""
    query = {}
    for field in fields(Selection):
        value = getattr(selection, field.name)
        if value != field.default:
            query[KEYS[field.name]] = _written(field.name, value)
    return query


def _written(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "hide" if name == "hide_retired" else "show"
    if isinstance(value, tuple):
        return "~".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _one(text: str, options: Sequence[str]) -> str:
    if text not in options:
        raise _Unreadable(" or ".join(options))
    return text


def _several(text: str, options: Sequence[str], *, say: str | None = None) -> tuple[str, ...]:
    """Parts joined by ~, each an option; in the order of the options, so that equal choices have one link."""
    parts = text.split("~")
    if len(parts) > _LIST_MAX or not set(parts) <= set(options):
        raise _Unreadable(f"{say or ', '.join(options)}; several joined by ~")
    return tuple(option for option in options if option in parts)


def _day(text: str) -> date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise _Unreadable("a day such as 2026-01-01")


def _text(text: str) -> str:
    if len(text) > TEXT_MAX or not text.isprintable():
        raise _Unreadable(f"up to {TEXT_MAX} characters")
    return text.strip()


GONE = ("retired", "never-released")


def chosen(rows: Iterable[Row], selection: Selection) -> tuple[Row, ...]:
    """The rows that pass every filter of a selection, in its order."""
    kept = [
        row
        for row in rows
        if (not selection.classes or str(row.model_class) in selection.classes)
        and (not selection.developers or row.developer in selection.developers)
        and (selection.since is None or row.released >= selection.since)
        and (not selection.licences or row.licence_kind in selection.licences)
        and not (selection.hide_retired and row.status in GONE)
    ]
    found = search(kept, selection.text) if selection.text else kept
    return tuple(sorted(found, key=lambda row: _rank(row, selection.order)))


def _rank(row: Row, order: str) -> tuple[bool, float | str, str]:
    """Sort key: rows without the figure come last, whatever the direction."""
    figures: Mapping[str, float | None] = {
        "newest": -row.released.toordinal(),
        "size": row.parameters_total,
        "openness": None if row.openness is None else -row.openness,
        "ability": None if row.ability is None else -row.ability.likely,
        "price": row.price.usd_per_mtok if row.price else None,
    }
    if order == "name":
        return False, row.name.casefold(), row.id
    figure = figures[order]
    return figure is None, 0.0 if figure is None else figure, row.id
