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
from recommender.catalog.view_query import BadValue, Unreadable, one_of, read_keys, search_text

VIEWS = ("size", "price")
SCALES = ("both", "outside", "own")
"""Whose openness ratings are drawn: they are two scales, which no chart mixes."""
ORDERS = ("newest", "name", "size", "openness", "ability", "price")
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


def read(query: Mapping[str, str], developers: Iterable[str]) -> tuple[Selection, tuple[BadValue, ...]]:
    """The selection that a query describes, and every value of it that cannot be used."""
    known = frozenset(developers)
    readers: Mapping[str, Callable[[str], Any]] = {
        "classes": lambda text: _several(text, [str(each) for each in ModelClass]),
        "developers": lambda text: _several(text, sorted(known), say="ids of developers in the catalogue"),
        "since": _day,
        "licences": lambda text: _several(text, LICENCE_KINDS),
        "hide_retired": lambda text: one_of(text, ("hide",)) == "hide",
        "estimates": lambda text: one_of(text, ("show",)) == "show",
        "scale": lambda text: one_of(text, SCALES),
        "view": lambda text: one_of(text, VIEWS),
        "text": search_text,
        "order": lambda text: one_of(text, ORDERS),
    }
    values, bad = read_keys(query, KEYS, readers, prefix="x_")
    return Selection(**values), bad


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


def _several(text: str, options: Sequence[str], *, say: str | None = None) -> tuple[str, ...]:
    """Parts joined by ~, each an option; in the order of the options, so that equal choices have one link."""
    parts = text.split("~")
    if len(parts) > _LIST_MAX or not set(parts) <= set(options):
        raise Unreadable(f"{say or ', '.join(options)}; several joined by ~")
    return tuple(option for option in options if option in parts)


def _day(text: str) -> date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise Unreadable("a day such as 2026-01-01")


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
