"""Reads the built snapshot into frozen objects. No YAML, no validation: the build did that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

from recommender.catalog.faults import CatalogError, Fault
from recommender.catalog.types import (
    Ability,
    Catalog,
    Developer,
    Device,
    Licence,
    Model,
    Offer,
    Price,
    Provider,
    Range,
    Shape,
)

DATA_DIR = Path(__file__).resolve().parents[2] / "data"
DETAILS_SUFFIX = ".details.json"
FORMAT = 1
"""Raised by one when cores are written in another way; code reads only the format it knows."""

_TUPLES = ("input_modalities", "output_modalities", "languages", "zero_shot", "aliases")
_RANGES = ("parameters_estimate", "parameters_active_estimate")


def load_catalog(path: Path | None = None, *, as_of: date | None = None) -> Catalog:
    """The catalog of one snapshot: the newest in data/snapshots, or the file `path`.

    `as_of` replaces the catalog's own date as the day that questions are asked on.
    Raises CatalogError when there is no snapshot or it is not readable.
    """
    file = path or newest_snapshot(DATA_DIR / "snapshots")
    if file is None:
        raise _unusable(DATA_DIR / "snapshots", "without a snapshot")
    core = _read(Path(file))
    if not isinstance(core, dict) or core.get("format") != FORMAT:
        raise _unusable(Path(file), "no snapshot of this version of the program")
    catalog = catalog_of(core)
    return replace(catalog, date=as_of) if as_of else catalog


def load_details(catalog_version: str, *, data_dir: Path | None = None) -> Mapping[str, Any]:
    """Every file of the catalog as it was written, with sources, days and notes.

    Keys: models, offers, benchmarks (id -> content), developers, licences, hardware, speeds,
    carbon, sources, retired_ids.
    """
    details: Mapping[str, Any] = _read(
        (data_dir or DATA_DIR) / "snapshots" / f"{catalog_version}{DETAILS_SUFFIX}"
    )
    return details


def newest_snapshot(folder: Path) -> Path | None:
    """The core file with the highest date in `folder`; None when there is none."""
    files = [path for path in folder.glob("*.json") if not path.name.endswith(DETAILS_SUFFIX)]
    return max(files, key=lambda path: path.name, default=None)


def catalog_of(core: Mapping[str, Any]) -> Catalog:
    """The frozen objects of a core as `build.build` makes it. Uses the core up: pass a copy to keep it."""
    tables = _tables(core["tables"])
    models = {name: _model(name, entry, tables) for name, entry in core["models"].items()}
    return Catalog(
        version=core["version"],
        date=date.fromisoformat(core["date"]),
        models=models,
        aliases={alias.lower(): name for name, model in models.items() for alias in model.aliases},
        offers=tuple(_offer(entry, tables) for entry in core["offers"]),
        providers={name: _provider(name, entry, tables) for name, entry in core["providers"].items()},
        developers={name: Developer(id=name, **entry) for name, entry in core["developers"].items()},
        licences={name: _licence(name, entry) for name, entry in core["licences"].items()},
        devices={name: Device(id=name, **entry) for name, entry in core["devices"].items()},
        device_aliases=core["device_aliases"],
        carbon=core["carbon"],
        vocabulary=core["vocabulary"],
        tombstones=core["tombstones"],
    )


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except FileNotFoundError:
        raise _unusable(file, "missing") from None
    except ValueError:
        raise _unusable(file, "not readable as JSON") from None


def _unusable(file: Path, found: str) -> CatalogError:
    remedy = "Run `python -m recommender snapshot`."
    return CatalogError([Fault(str(file), "", found, "a snapshot built from data/", remedy)])


class _Tables(NamedTuple):
    """What entries of the core name by number; see `build_tables`."""

    pairs: list[tuple[str, str]]  # source, day
    days: list[date]  # of the pairs
    field_sets: list[list[str]]
    abilities: list[Ability]


def _tables(stored: Mapping[str, Any]) -> _Tables:
    bases = [tuple(basis) for basis in stored["bases"]]
    return _Tables(
        pairs=[(source, day) for source, day in stored["pairs"]],
        days=[date.fromisoformat(day) for _, day in stored["pairs"]],
        field_sets=stored["field_sets"],
        abilities=[
            Ability(low, likely, high, grade, unit, bases[basis], text_only)
            for low, likely, high, grade, unit, basis, text_only in stored["abilities"]
        ],
    )


def _sources(packed: tuple[int, int, dict[str, int]], tables: _Tables) -> dict[str, tuple[str, str]]:
    fields, usual, others = packed
    sources = dict.fromkeys(tables.field_sets[fields], tables.pairs[usual])
    for field, number in others.items():
        sources[field] = tables.pairs[number]
    return sources


def _keywords(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields under the very names that the class has: JSON's are equal but other objects, and each
    would be compared with all of the forty. A third of the time that a model takes."""
    return {intern(name): value for name, value in fields.items()}


def _model(name: str, fields: dict[str, Any], tables: _Tables) -> Model:
    fields["sources"] = _sources(fields["sources"], tables)
    fields["released"] = date.fromisoformat(fields["released"])
    if "ends" in fields:
        fields["ends"] = date.fromisoformat(fields["ends"])
    for key in _TUPLES:
        if key in fields:
            fields[key] = tuple(fields[key])
    for key in _RANGES:
        if key in fields:
            fields[key] = Range(**fields[key])
    if "shape" in fields:
        fields["shape"] = Shape(**fields["shape"])
    if "ability" in fields:
        fields["ability"] = {task: tables.abilities[number] for task, number in fields["ability"].items()}
    return Model(id=name, **_keywords(fields))


def _offer(fields: dict[str, Any], tables: _Tables) -> Offer:
    fields["prices"] = tuple(_price(price, tables) for price in fields["prices"])
    return Offer(**fields)


def _price(row: Sequence[Any], tables: _Tables) -> Price:
    """The price of a row of `build_offers`."""
    figures, (precedence, start, end, seen) = row[:-4], row[-4:]
    paid, output, cached, batch_input, batch_output, threshold, long_input, long_output = figures
    return Price(
        input_usd_per_mtok=paid,
        output_usd_per_mtok=output,
        cached_input_usd_per_mtok=cached,
        batch_input_usd_per_mtok=batch_input,
        batch_output_usd_per_mtok=batch_output,
        long_context_threshold_tokens=threshold,
        long_context_input_usd_per_mtok=long_input,
        long_context_output_usd_per_mtok=long_output,
        precedence=precedence,
        valid_from=date.fromisoformat(start) if start else None,
        valid_to=date.fromisoformat(end) if end else None,
        as_of=tables.days[seen],
        source=tables.pairs[seen][0],
    )


def _provider(name: str, fields: dict[str, Any], tables: _Tables) -> Provider:
    fields["sources"] = _sources(fields["sources"], tables)
    for key in ("seat", "regions"):
        if key in fields:
            fields[key] = tuple(fields[key])
    return Provider(id=name, **fields)


def _licence(name: str, fields: dict[str, Any]) -> Licence:
    for key in ("regions_excluded", "fields_of_use_restricted"):
        if key in fields:
            fields[key] = tuple(fields[key])
    fields["sources"] = {term: (source, day) for term, (source, day) in fields["sources"].items()}
    return Licence(id=name, **fields)
