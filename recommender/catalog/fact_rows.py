"""Everything a catalog file says, as rows: fact, value, kind, sources, day, note. Nothing is dropped.

A fact is a mapping with a source and value, low and high, or status. A record is a mapping that
carries one source for all its figures. Whatever keys a file holds, each ends in a row: the walker
knows no field by name, so that a new field is shown from its first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommender import words

_ABOUT = ("source", "as_of", "kind", "note")  # said once for the row, not part of the value
_VALUE = ("value", "low", "high", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact as written. Exactly one of value, ends or status is set."""

    field: str  # dotted path: parameters.total
    value: Any = None
    low: float | None = None
    high: float | None = None
    status: str | None = None  # undisclosed, not-applicable
    kind: str = "published"
    sources: tuple[str, ...] = ()
    as_of: str | None = None
    note: str | None = None


def fact_rows(file: Mapping[str, Any], *, skip: Iterable[str] = ()) -> tuple[FactRow, ...]:
    """A row for every fact, figure of a record, and plain entry of a file, in its order.

    Lists of records (files, openness, prices, ...) are left to `records`; so are the keys in `skip`.
    """
    left = set(skip)
    return tuple(row for key, entry in file.items() if key not in left for row in _walk(key, entry))


def record_fields(file: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of a file that hold lists of records."""
    return tuple(key for key, entry in file.items() if is_records(entry))


def is_records(entry: Any) -> bool:
    """Whether an entry is a list of mappings."""
    return isinstance(entry, list) and bool(entry) and all(isinstance(each, Mapping) for each in entry)


def _walk(path: str, entry: Any) -> Iterator[FactRow]:
    if is_records(entry):
        return
    if not isinstance(entry, Mapping):
        yield FactRow(field=path, value=entry)
    elif any(key in entry for key in _VALUE) and "source" in entry:
        yield _fact(path, entry)
    else:
        yield from _record(path, entry)


def _fact(path: str, entry: Mapping[str, Any]) -> FactRow:
    about = _about(entry)
    # What narrows a fact, such as the clause of a licence, is said with its note.
    beside = [
        f"{key.replace('_', ' ')}: {words.plain(each)}"
        for key, each in entry.items()
        if key not in (*_ABOUT, *_VALUE)
    ]
    about["note"] = "; ".join([*beside, *filter(None, [about["note"]])]) or None
    return FactRow(
        field=path,
        value=entry.get("value"),
        low=entry.get("low"),
        high=entry.get("high"),
        status=entry.get("status"),
        **about,
    )


def _record(path: str, entry: Mapping[str, Any]) -> Iterator[FactRow]:
    """A group of facts, or a record whose figures share the source that stands beside them."""
    about = _about(entry) if "source" in entry else {}
    for key, inner in entry.items():
        if about and key in _ABOUT:
            continue
        if isinstance(inner, Mapping) or is_records(inner):
            yield from _walk(f"{path}.{key}", inner)
        else:
            yield FactRow(field=f"{path}.{key}", value=inner, **about)


def _about(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": entry.get("kind", "published"),
        "sources": source_keys(entry),
        "as_of": entry.get("as_of"),
        "note": entry.get("note"),
    }


def source_keys(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The source keys of a fact or record; a file may give one or several."""
    found = entry.get("source", ())
    return (found,) if isinstance(found, str) else tuple(found)


def flat(record: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """A record with its inner mappings spread out: {signals: {a: 1}} -> {signals.a: 1}. Lists stay."""
    spread: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            spread |= flat(value, prefix=f"{prefix}{key}.")
        else:
            spread[f"{prefix}{key}"] = value
    return spread


def columns(records: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Every key that any of the flat records holds, in the order of first appearance."""
    return tuple(dict.fromkeys(key for record in records for key in record))


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Everything the catalog's files say about one model."""

    facts: tuple[FactRow, ...]
    records: Mapping[str, tuple[Mapping[str, Any], ...]]  # files, openness, mof
    scores: tuple[Mapping[str, Any], ...]  # of every benchmark, with its name and unit
    prices: tuple[Mapping[str, Any], ...]  # of every offer, newest last within an offer
    promises: tuple[tuple[str, FactRow], ...]  # provider name and what it says of itself
    developer: tuple[FactRow, ...]
    transparency: tuple[Mapping[str, Any], ...]
    licence: tuple[FactRow, ...]
    speeds: tuple[Mapping[str, Any], ...]


def about(details: Mapping[str, Any], model_id: str) -> About:
    """Everything about one model, from all files that name it."""
    file = details["models"][model_id]
    maker = details["developers"].get(model_id.split("/")[0], {})
    licence_key = file.get("licence", {}).get("value")
    licence = details["licences"].get(licence_key)
    records = {key: tuple(flat(each) for each in file[key]) for key in record_fields(file)}
    return About(
        facts=_usual_order(fact_rows(file, skip=("name", "aliases"))),
        records=records,
        scores=tuple(_scores(details, model_id)),
        prices=tuple(_prices(details, model_id)),
        promises=tuple(_promises(details, model_id)),
        developer=fact_rows(maker, skip=("transparency",)),
        transparency=tuple(flat(each) for each in maker.get("transparency", ())),
        licence=tuple(_record("licence", licence)) if licence else (),
        speeds=tuple(
            flat({key: value for key, value in each.items() if key != "model"})
            for listed in details["speeds"].values()
            for each in listed
            if each.get("model") == model_id
        ),
    )


def _scores(details: Mapping[str, Any], model_id: str) -> Iterator[Mapping[str, Any]]:
    for benchmark in details["benchmarks"].values():
        head = {key: benchmark[key] for key in ("name", "unit", "higher_is_better")}
        for score in benchmark.get("scores", ()):
            if score.get("model") == model_id:
                # Where both have a field, the score's own one comes last and wins.
                yield head | flat({key: value for key, value in score.items() if key != "model"})


def _prices(details: Mapping[str, Any], model_id: str) -> Iterator[Mapping[str, Any]]:
    for provider in details["offers"].values():
        for offer in provider.get("offers", ()):
            if offer["model"] == model_id:
                own = {key: value for key, value in offer.items() if key not in ("model", "prices")}
                head = {"provider": provider["name"]} | flat(own, prefix="offer.")
                yield from (head | flat(price) for price in offer.get("prices", ()))


def _promises(details: Mapping[str, Any], model_id: str) -> Iterator[tuple[str, FactRow]]:
    for provider in details["offers"].values():
        if any(offer["model"] == model_id for offer in provider.get("offers", ())):
            for row in fact_rows(provider, skip=("name", "offers")):
                yield provider["name"], row


ASKED = (
    "parameters.total",
    "parameters.active",
    "context_tokens",
    "max_output_tokens",
    "licence",
    "commercial_use",
    "languages",
    "input_modalities",
    "output_modalities",
    "knowledge_cutoff",
    "tool_calling",
    "structured_output",
    "reasoning",
    "instruction_tuned",
    "fine_tuning",
    "open_data",
    "open_training_code",
)
"""Facts that every model can be asked for; the others arise for some only (an end date, a successor)."""


_FIRST = ("kind", "family", "architecture", "released", "status", "ends", "successor")


def _usual_order(facts: Iterable[FactRow]) -> tuple[FactRow, ...]:
    """What most readers look for first, then the rest as it stands in the file."""
    places = {field: place for place, field in enumerate((*_FIRST, *ASKED))}
    return tuple(sorted(facts, key=lambda row: places.get(row.field, len(places))))


def unchecked(facts: Iterable[FactRow]) -> tuple[str, ...]:
    """The facts of ASKED that a file does not hold: nobody has looked them up yet."""
    held = {row.field for row in facts}
    return tuple(field for field in ASKED if field not in held)
