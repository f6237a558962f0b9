"""Every fact of the catalog as one row, whatever file it stands in.

A row is whatever carries one source and one day: a single fact (a context window), or a record whose
figures were read together (a price, a score, a published file). The walker knows no field by name, so
that a new one is listed from its first day; what has no source (names, ids) is no fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from recommender.catalog.fact_rows import ASKED, fact_rows, source_keys

FILES = ("models", "offers", "benchmarks", "developers", "licences", "hardware", "carbon", "speeds")
KINDS = ("published", "third-party", "measured", "estimate")
KNOWN, UNCHECKED = "known", "unchecked"
GAPS = (KNOWN, "undisclosed", "not-applicable", UNCHECKED)
"""What a row may say instead of a value. Nobody's facts (`unchecked`) have no source and are listed apart."""

_ABOUT = ("source", "as_of", "note")
_VALUE = ("value", "low", "high", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFact:
    """One fact or record with the place it stands in."""

    file: str  # one of FILES
    entry: str  # key in that file: a model, provider, benchmark, ...
    model: str | None = None  # the model it is about, also where it stands in another file
    within: str | None = None  # of an offer: the provider's name for the model
    field: str  # dotted path: parameters.total, offers.prices
    value: Any = None  # a scalar or list; of a record, a mapping of its figures
    low: float | None = None
    high: float | None = None
    gap: str = KNOWN  # one of GAPS
    kind: str = "published"
    sources: tuple[str, ...] = ()
    as_of: str | None = None  # ISO day
    note: str | None = None
    haystack: str = ""  # lower case: what a search looks through


def all_facts(details: Mapping[str, Any]) -> tuple[CatalogFact, ...]:
    """Every fact of a snapshot's details, in the order of FILES and of the files themselves."""
    found = [
        fact
        for file in FILES
        for entry, content in details[file].items()
        for fact in _walk(_start(file, entry), (), content)
    ]
    return _searchable(found, details)


def unchecked_facts(details: Mapping[str, Any]) -> tuple[CatalogFact, ...]:
    """A row for every fact that each model can be asked for and that nobody has looked up."""
    found = [
        CatalogFact(file="models", entry=model, model=model, field=field, gap=UNCHECKED)
        for model, content in details["models"].items()
        for field in ASKED
        if at(content, field) is None
    ]
    return _searchable(found, details)


def at(content: Mapping[str, Any], path: str) -> Mapping[str, Any] | None:
    """The fact under a dotted path of a file; None where nobody has checked."""
    node: Any = content
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else None


@dataclass(frozen=True, slots=True)
class _Where:
    file: str
    entry: str
    model: str | None = None
    within: str | None = None

    def inside(self, node: Mapping[str, Any]) -> _Where:
        """The same place, narrowed to the model and offer that a mapping names."""
        model = node.get("model")
        if not isinstance(model, str):
            return self
        within = node.get("name") if self.file == "offers" else None
        return replace(self, model=model, within=within)


def _start(file: str, entry: str) -> _Where:
    return _Where(file, entry, model=entry if file == "models" else None)


def _walk(where: _Where, path: tuple[str, ...], node: Any, *, listed: bool = False) -> Iterator[CatalogFact]:
    if isinstance(node, list):
        for each in node:
            yield from _walk(where, path, each, listed=True)
    elif isinstance(node, Mapping):
        here = where.inside(node)
        if "source" in node:
            is_fact = not listed and any(key in node for key in _VALUE)
            yield (_fact if is_fact else _record)(here, ".".join(path) or where.file, node)
        for key, inner in node.items():
            yield from _walk(here, (*path, key), inner)


def _fact(where: _Where, field: str, node: Mapping[str, Any]) -> CatalogFact:
    (row,) = fact_rows({field: node})
    return CatalogFact(
        file=where.file, entry=where.entry, model=where.model, within=where.within, field=field,
        value=row.value, low=row.low, high=row.high, gap=row.status or KNOWN, kind=row.kind,
        sources=row.sources, as_of=row.as_of, note=row.note,
    )  # fmt: skip


def _record(where: _Where, field: str, node: Mapping[str, Any]) -> CatalogFact:
    # A grid's kind (country, US state) says nothing about how its figures are known.
    known = node.get("kind") in KINDS
    said = {*_ABOUT, *(["kind"] if known else ()), *(["model"] if where.model == node.get("model") else ())}
    own = {key: each for key, each in node.items() if key not in said and not _holds_facts(each)}
    return CatalogFact(
        file=where.file, entry=where.entry, model=where.model, within=where.within, field=field,
        value=own, kind=node["kind"] if known else "published", sources=source_keys(node),
        as_of=node.get("as_of"), note=node.get("note"),
    )  # fmt: skip


def _holds_facts(node: Any) -> bool:
    """Whether there are facts of their own further in: they have rows of their own."""
    if isinstance(node, list):
        return any(_holds_facts(each) for each in node)
    return isinstance(node, Mapping) and ("source" in node or any(map(_holds_facts, node.values())))


def _searchable(found: Sequence[CatalogFact], details: Mapping[str, Any]) -> tuple[CatalogFact, ...]:
    names = {key: str(content["name"]) for key, content in details["models"].items()}
    titles = {key: str(content["title"]) for key, content in details["sources"].items()}
    return tuple(replace(fact, haystack=_haystack(fact, names, titles)) for fact in found)


def _haystack(fact: CatalogFact, names: Mapping[str, str], titles: Mapping[str, str]) -> str:
    parts = [
        fact.entry, fact.model, names.get(fact.model or ""), fact.within,
        fact.field, fact.field.replace("_", " "),
        written(fact.value), written(fact.low), written(fact.high), fact.note,
        *fact.sources, *(titles.get(key) for key in fact.sources),
    ]  # fmt: skip
    return " ".join(part for part in parts if part).lower()


def written(value: Any) -> str:
    """A value as plain text, every digit kept: lists by commas, records as `key: value` by semicolons."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return "; ".join(f"{key}: {written(each)}" for key, each in value.items())
        case list() | tuple():
            return ", ".join(written(each) for each in value)
    return str(value)
