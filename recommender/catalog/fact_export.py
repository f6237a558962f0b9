"""Facts as files to take away: CSV, and JSON that says what it is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from recommender.catalog.all_facts import CatalogFact
from recommender.catalog.disagreements import Disagreement
from recommender.catalog.tables import harmless
from recommender.catalog.types import Catalog

COLUMNS: Mapping[str, str] = {
    "file": "part of the catalogue: models, offers (of providers), benchmarks, developers, licences, ...",
    "entry": "key in that part: id of a model, provider, benchmark, ...",
    "model": "id of the model that the fact is about",
    "within": "of an offer: the provider's name for the model",
    "field": "dotted path in the file; units end its name",
    "value": "text, number, list, or the figures of a record that share one source",
    "low": "lower end of a range",
    "high": "upper end of a range",
    "gap": "known; undisclosed: could be said and is not; not-applicable; unchecked: nobody has looked yet",
    "kind": "published, third-party, measured or estimate",
    "sources": "keys of data/sources.yaml; several joined by spaces in CSV",
    "as_of": "day on which somebody last looked, YYYY-MM-DD",
    "note": "what else is to be said",
}
"""Column -> what it holds."""


def plain_fact(fact: CatalogFact) -> dict[str, Any]:
    """A fact as plain values, one per column."""
    return {name: getattr(fact, name) for name in COLUMNS} | {"sources": list(fact.sources)}


def facts_csv(facts: Sequence[CatalogFact]) -> str:
    """The facts as CSV (RFC 4180, UTF-8); lists and records are JSON in their cell."""
    return _csv(
        [
            plain_fact(fact) | {"sources": " ".join(fact.sources), "value": _cell(fact.value)}
            for fact in facts
        ],
        list(COLUMNS),
    )


_SIDES = ("value", "field", "sources", "as_of")


def disagreements_csv(found: Sequence[Disagreement]) -> str:
    """The disagreements as CSV, both sides in one line."""
    head = ("topic", "subject", "detail", "unit", "share")
    sides = [f"{side}_{name}" for side in ("first", "second") for name in _SIDES]
    return _csv([_both(each) for each in found], [*head, *sides])


def _both(each: Disagreement) -> dict[str, Any]:
    row: dict[str, Any] = {
        "topic": each.topic,
        "subject": each.subject,
        "detail": each.detail,
        "unit": each.unit,
        "share": round(each.share, 4),
    }
    for side, said in (("first", each.first), ("second", each.second)):
        row |= {f"{side}_{name}": getattr(said, name) for name in _SIDES}
        row[f"{side}_sources"] = " ".join(said.sources)
    return row


def _csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return _compact(value) if isinstance(value, list | dict | bool) else value


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def facts_json(
    catalog: Catalog,
    details: Mapping[str, Any],
    facts: Sequence[CatalogFact],
    *,
    selection: Mapping[str, str],
    citation: str,
) -> str:
    """The facts as JSON, one a line, under catalog, day, selection, columns, sources, licence, citation."""
    used = sorted({key for fact in facts for key in fact.sources})
    about = {
        "title": "Openweigh catalogue, facts",
        "catalog_version": catalog.version,
        "catalog_date": catalog.date.isoformat(),
        "selection": dict(selection),
        "facts_count": len(facts),
        "columns": dict(COLUMNS),
        "licence": "CC-BY-4.0",
        "licence_note": "Single facts are their sources' own; see data/LICENSE.md and data/sources.yaml.",
        "citation": citation,
        "sources": {key: details["sources"][key] for key in used},
    }
    head = json.dumps(about, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    lines = ",\n  ".join(_compact(plain_fact(fact)) for fact in facts)
    return f'{head},\n "facts": [\n  {lines}\n ]\n}}\n'
