"""The models as rows, and one model with every fact, its source and its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from recommender import words
from recommender.catalog.types import Catalog, Model

_NOT_FACTS = ("name", "aliases")
_CLASS_WIDTH, _ID_WIDTH, _SIZE_WIDTH = 12, 44, 16


def models_document(catalog: Catalog, day: date | None) -> list[dict[str, Any]]:
    """Every model that was released by the day, sorted by id."""
    day = day or catalog.date
    return [
        row_of(catalog.models[key], catalog, day)
        for key in sorted(catalog.models)
        if catalog.models[key].released <= day
    ]


def row_of(model: Model, catalog: Catalog, day: date) -> dict[str, Any]:
    """One model as the `models` command lists it. null = not known."""
    from recommender.catalog.history import available_on
    from recommender.decide.facets import model_class

    found = model_class(model, catalog.vocabulary["rules"]["class"])
    return {
        "id": model.id,
        "name": model.name,
        "developer": model.developer,
        "family": model.family,
        "class": found.value if found else None,
        "parameters_total": model.parameters_total,
        "parameters_active": model.parameters_active,
        "released": model.released.isoformat(),
        "retired": model.ends.isoformat() if model.ends else None,
        "status": model.status,
        "available": available_on(model, day),
        "openness": {
            "index": model.openness.get("index"),
            "dimensions_rated": model.openness.get("rated", 0),
        },
        "ability": {task: _ability(one) for task, one in sorted(model.ability.items())},
        "context_tokens": model.context_tokens,
        "licence": model.licence,
        "input_modalities": list(model.input_modalities),
        "output_modalities": list(model.output_modalities),
        "aliases": list(model.aliases),
    }


def _ability(one: Any) -> dict[str, Any]:
    return {"value": one.likely, "low": one.low, "high": one.high, "grade": one.grade, "unit": one.unit}


def models_text(rows: list[dict[str, Any]]) -> str:
    """One line for each model."""
    lines = [
        f"{row['id']:<{_ID_WIDTH}} {row['class'] or 'unknown':<{_CLASS_WIDTH}}"
        f"{words.parameters(row['parameters_total']):>{_SIZE_WIDTH}}  {row['released']}  {row['status']}"
        for row in rows
    ]
    return "\n".join([*lines, f"{len(rows)} models."])


def model_document(
    model: Model, catalog: Catalog, details: Mapping[str, Any], day: date | None
) -> dict[str, Any]:
    """All facts of one model as written, with sources and days; what is computed from them beside it."""
    facts: dict[str, Any] = details["models"][model.id]
    return {
        **row_of(model, catalog, day or catalog.date),
        "facts": {key: value for key, value in facts.items() if key not in _NOT_FACTS},
        "scores": _scores(details, model.id),
        "offers": _offers(details, model.id),
        "catalog_version": catalog.version,
    }


def _scores(details: Mapping[str, Any], model_id: str) -> list[dict[str, Any]]:
    return [
        {"benchmark": name, "name": benchmark["name"], "unit": benchmark["unit"], **row}
        for name, benchmark in sorted(details["benchmarks"].items())
        for row in benchmark.get("scores", ())
        if row.get("model") == model_id
    ]


def _offers(details: Mapping[str, Any], model_id: str) -> list[dict[str, Any]]:
    return [
        {"provider": provider, **offer}
        for provider, file in sorted(details["offers"].items())
        for offer in file.get("offers", ())
        if offer["model"] == model_id
    ]


def model_text(document: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    """Every fact on a line, with where it comes from and the day somebody looked."""
    head = [f"{document['name']} ({document['id']}), {document['class'] or 'class not known'}"]
    if document["aliases"]:
        head.append(f"Also called: {', '.join(document['aliases'])}")
    facts = [f"  {line}" for line in _fact_lines(document["facts"], "")]
    ability = [
        f"  {task}: {one['value']:.4g} ({one['low']:.4g} to {one['high']:.4g}) {one['unit']}, "
        f"grade {one['grade']}"
        for task, one in document["ability"].items()
    ]
    scores = [f"  {_score_line(row)}" for row in document["scores"]]
    offers = [f"  {line}" for offer in document["offers"] for line in _offer_lines(offer)]
    named = [f"  {key}: {_source_line(details, key)}" for key in sorted(_sources(document))]
    parts = [
        ("Facts", facts), ("Ability, estimated from the scores", ability), ("Scores", scores),
        ("Offers, US dollars per million tokens", offers), ("Sources", named),
    ]  # fmt: skip
    return "\n\n".join(["\n".join(head), *("\n".join([title, *lines]) for title, lines in parts if lines)])


def _fact_lines(facts: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for key, fact in facts.items():
        entries = fact if isinstance(fact, list) else [fact]
        for entry in entries:
            if isinstance(entry, Mapping) and "source" not in entry:
                yield from _fact_lines(entry, f"{prefix}{key}.")
            elif isinstance(entry, Mapping):
                yield f"{prefix}{key}: {_value(entry)} {_origin(entry)}"


def _value(entry: Mapping[str, Any]) -> str:
    if "value" in entry:
        found = entry["value"]
        text = ", ".join(map(str, found)) if isinstance(found, list) else _plain(found)
    elif "status" in entry:
        text = str(entry["status"])
    elif "low" in entry:
        text = f"{_plain(entry['low'])} to {_plain(entry['high'])}"
    else:
        figures = {key: value for key, value in entry.items() if key not in ("source", "as_of", "note")}
        text = ", ".join(f"{key} {_plain(value)}" for key, value in figures.items())
    kind = f" ({entry['kind']})" if "kind" in entry else ""
    note = f"; {entry['note']}" if "note" in entry else ""
    return f"{text}{kind}{note}"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} {part}" for key, part in value.items()) + "}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _origin(entry: Mapping[str, Any]) -> str:
    return f"[{', '.join(_keys(entry))}, {entry.get('as_of', 'no day')}]"


def _keys(entry: Mapping[str, Any]) -> list[str]:
    found = entry.get("source", ())
    return [found] if isinstance(found, str) else list(found)


def _score_line(row: Mapping[str, Any]) -> str:
    setting = f", {row['setting']}" if row.get("setting") else ""
    maker = ", by the maker" if row.get("maker_reported") else ""
    return f"{row['name']}: {row.get('score', 'no figure')} {row['unit']}{setting}{maker} {_origin(row)}"


def _offer_lines(offer: Mapping[str, Any]) -> Iterator[str]:
    ended = ", ended" if offer.get("ended") else ""
    for price in offer.get("prices", ()):
        since = f" from {price['from']}" if "from" in price else ""
        until = f" to {price['to']}" if "to" in price else ""
        figures = f"{price.get('input_usd_per_mtok', '?')} in, {price.get('output_usd_per_mtok', '?')} out"
        yield f"{offer['provider']} ({offer['name']}{ended}): {figures}{since}{until} {_origin(price)}"


def _sources(content: Any) -> set[str]:
    if isinstance(content, list):
        return set().union(*map(_sources, content))
    if not isinstance(content, Mapping):
        return set()
    return set(_keys(content)).union(*map(_sources, content.values()))


def _source_line(details: Mapping[str, Any], key: str) -> str:
    entry = details["sources"].get(key, {})
    return " ".join(str(entry[part]) for part in ("title", "address") if part in entry) or "not listed"
