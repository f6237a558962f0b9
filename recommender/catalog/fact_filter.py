"""Which facts a reader picked on the data page: from link text and back, and the rows that pass.

Keys begin with d_ so that they never meet those of an answer link. A value that cannot be read is left
out and named; whatever else the link says still counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from recommender.catalog.all_facts import FILES, GAPS, KINDS, CatalogFact
from recommender.catalog.disagreements import TOPICS
from recommender.catalog.view_query import BadValue, Unreadable, one_of, read_keys, search_text

PREFIX = "d_"
PAGE_ROWS = 500
"""Rows that one page of the table holds: more than anybody reads, little enough to send at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFilter:
    """What a reader wants to see. The defaults select everything."""

    file: str | None = None
    field: str | None = None
    source: str | None = None
    kind: str | None = None
    gap: str | None = None
    text: str = ""
    page: int = 1
    topic: str | None = None  # of the disagreements; no filter of the facts


KEYS: Mapping[str, str] = {
    "file": "d_file",
    "field": "d_field",
    "source": "d_source",
    "kind": "d_kind",
    "gap": "d_gap",
    "text": "d_q",
    "page": "d_page",
    "topic": "d_topic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The fields and sources that occur, in the order of the alphabet."""

    fields: Mapping[str, tuple[str, ...]]  # file -> its fields
    sources: tuple[str, ...]

    def fields_of(self, file: str | None) -> tuple[str, ...]:
        """The fields of one file; of all where none is named."""
        if file is not None:
            return self.fields.get(file, ())
        return tuple(sorted({field for each in self.fields.values() for field in each}))


def known(facts: Iterable[CatalogFact]) -> Known:
    """What the filters can be set to."""
    found: dict[str, set[str]] = {}
    sources: set[str] = set()
    for fact in facts:
        found.setdefault(fact.file, set()).add(fact.field)
        sources.update(fact.sources)
    return Known(
        fields={file: tuple(sorted(each)) for file, each in found.items()}, sources=tuple(sorted(sources))
    )


def read(query: Mapping[str, str], options: Known) -> tuple[FactFilter, tuple[BadValue, ...]]:
    """The filter that a query describes, and every value of it that cannot be used."""
    readers: Mapping[str, Callable[[str], Any]] = {
        "file": lambda text: one_of(text, FILES),
        "field": lambda text: one_of(text, options.fields_of(None), say="a field of the catalogue"),
        "source": lambda text: one_of(text, options.sources, say="a key of data/sources.yaml"),
        "kind": lambda text: one_of(text, KINDS),
        "gap": lambda text: one_of(text, GAPS),
        "text": search_text,
        "page": _page,
        "topic": lambda text: one_of(text, TOPICS),
    }
    values, bad = read_keys(query, KEYS, readers, prefix=PREFIX)
    return FactFilter(**values), bad


def write(wanted: FactFilter) -> dict[str, str]:
    """The query of a filter; what is as by default is left out. `read` gives the filter back."""
    values = {field.name: (getattr(wanted, field.name), field.default) for field in fields(FactFilter)}
    return {KEYS[name]: str(value) for name, (value, default) in values.items() if value != default}


def selects(wanted: FactFilter) -> dict[str, str]:
    """The part of the query that decides which facts are listed."""
    return {key: value for key, value in write(wanted).items() if key not in (KEYS["page"], KEYS["topic"])}


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0):
        raise Unreadable("the number of a page, from 1")
    return int(text)


def chosen(facts: Iterable[CatalogFact], wanted: FactFilter) -> tuple[CatalogFact, ...]:
    """The facts that pass every filter, in their order."""
    named = {name: getattr(wanted, name) for name in ("file", "field", "kind", "gap")}
    exact = [(name, value) for name, value in named.items() if value is not None]
    parts = wanted.text.lower().split()
    return tuple(
        fact
        for fact in facts
        if all(getattr(fact, name) == value for name, value in exact)
        and (wanted.source is None or wanted.source in fact.sources)
        and all(part in fact.haystack for part in parts)
    )


def pages(count: int) -> int:
    """How many pages so many rows fill; one even for none."""
    return max(1, -(-count // PAGE_ROWS))


def on_page(facts: Sequence[CatalogFact], page: int) -> Sequence[CatalogFact]:
    """The rows of one page, the last page where there are not so many."""
    first, last = row_numbers(page, len(facts))
    return facts[first - 1 : last]


def row_numbers(page: int, count: int) -> tuple[int, int]:
    """The numbers of the first and last row of a page, counted from one."""
    first = (min(page, pages(count)) - 1) * PAGE_ROWS
    return first + 1, min(first + PAGE_ROWS, count)
