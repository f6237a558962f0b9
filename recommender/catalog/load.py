"""Reads `data/` strictly: every file against its schema, then the files against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field

from recommender.catalog.checks import cross_faults
from recommender.catalog.faults import CatalogError, Fault
from recommender.catalog.schema import ModelFile
from recommender.catalog.schema_facts import Key, ModelId, Name, Strict, Text
from recommender.catalog.schema_faults import check
from recommender.catalog.schema_offers import OffersFile
from recommender.catalog.schema_shared import (
    BenchmarkFile,
    CarbonEntry,
    DeveloperEntry,
    DeviceEntry,
    LicenceEntry,
    RetiredEntry,
    SourceEntry,
    SpeedsFile,
)
from recommender.catalog.strict_yaml import parse_yaml, read_yaml
from recommender.catalog.tree import Tree

__all__ = ["Seen", "fingerprint", "load_tree", "read_yaml", "tree_of", "validate"]

VOCABULARY = (
    "assumptions",
    "criteria",
    "hardware_assumptions",
    "hosting",
    "quantisation",
    "questions",
    "rules",
)
_SINGLE: Mapping[str, Any] = {
    "developers": dict[Key, DeveloperEntry],
    "licences": dict[Key, LicenceEntry],
    "hardware": dict[Key, DeviceEntry],
    "carbon": dict[Name, CarbonEntry],
    "sources": dict[Key, SourceEntry],
    "retired_ids": dict[ModelId, RetiredEntry],
    "speeds": SpeedsFile,
}
_PER_FILE: Mapping[str, Any] = {"models": ModelFile, "offers": OffersFile, "benchmarks": BenchmarkFile}


class _Quantisation(Strict, extra="allow"):
    """Of this file the build reads the other names of formats; the rest passes through."""

    aliases: dict[Name, Name] = Field(default_factory=dict)


_SCHEMAS: Mapping[str, Any] = {
    **dict.fromkeys(VOCABULARY, dict[str, Any]),
    "quantisation": _Quantisation,
    "strings": dict[str, Text],
    **_SINGLE,
    **_PER_FILE,
}
_NEVER_MISSING: Mapping[str, tuple[str, ...]] = {
    "models": ("kind", "released", "status"),
    "offers": ("kind",),
}
"""Facts that everything else is built on: they need a value, no reason for not having one will do."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


class _File(NamedTuple):
    """One file as read: its content, the same as an object of its schema, and what is wrong in it."""

    content: Any  # None where it is no YAML
    value: Any  # None where there are faults
    faults: tuple[Fault, ...]


Seen = dict[tuple[str, bytes], _File]
"""What `tree_of` has read so far: files by name and bytes."""


def load_tree(data_dir: Path, *, today: date | None = None) -> Tree:
    """Everything in `data_dir`, validated. Raises CatalogError with all faults."""
    tree, faults = _read(Path(data_dir), today)
    if faults:
        raise CatalogError(faults)
    return tree


def tree_of(files: Mapping[str, bytes], *, today: date | None = None, seen: Seen | None = None) -> Tree:
    """The same from files in memory: name ("carbon.yaml") -> bytes. Raises CatalogError.

    Calls that pass the same `seen` read only those files again whose bytes have changed.
    """
    tree, faults = _tree(dict(sorted(files.items())), today, [], {} if seen is None else seen)
    if faults:
        raise CatalogError(faults)
    return tree


def validate(data_dir: Path, *, today: date | None = None) -> list[Fault]:
    """All that is wrong in `data_dir`, sorted by file; empty when all is well.

    With `today`, days in the future of it are faults too.
    """
    return _read(Path(data_dir), today)[1]


def fingerprint(data_dir: Path) -> str:
    """SHA-256 over the names and bytes of all YAML files."""
    return _fingerprint(_contents(Path(data_dir)))


def _read(data_dir: Path, today: date | None) -> tuple[Tree, list[Fault]]:
    if not data_dir.is_dir():
        missing = Fault(
            f"{data_dir}/", "", "missing", "the folder with the catalog", "Restore it or pass its path."
        )
        return Tree(), [missing]
    return _tree(_contents(data_dir), today, _other_ending(data_dir), {})


def _tree(
    files: Mapping[str, bytes], today: date | None, known: list[Fault], seen: Seen
) -> tuple[Tree, list[Fault]]:
    """The tree of the files that are in order, and all faults, those that are `known` among them."""
    faults = [*known, *_misplaced(files)]
    read: dict[str, _File] = {}
    for name, content in files.items():
        if (name, content) not in seen:
            seen[name, content] = _file(name, content)
        read[name] = seen[name, content]
        faults.extend(read[name].faults)
    raw = {name: file.content for name, file in read.items() if file.content is not None}
    tree = Tree(**_parts(read), raw=raw, vocabulary=_vocabulary(raw), fingerprint=_fingerprint(files))
    faults.extend(cross_faults(tree, today=today, complete=not faults))
    return tree, sorted(faults)


def _file(name: str, content: bytes) -> _File:
    try:
        raw = parse_yaml(content, name=f"data/{name}")
    except CatalogError as error:
        return _File(None, None, error.faults)
    place = _kind(name)
    if place is None:
        return _File(raw, None, ())
    value, faults = check(_SCHEMAS[place[0]], raw, file=f"data/{name}")
    if value is not None:
        facts = {field: getattr(value, field) for field in _NEVER_MISSING.get(place[0], ())}
        faults = [
            Fault(f"data/{name}", field, fact.status, "a value", "Find it out, or leave the file out.")
            for field, fact in facts.items()
            if fact.value is None
        ]
    return _File(raw, None if faults else value, tuple(faults))


def _contents(data_dir: Path) -> dict[str, bytes]:
    """Relative name -> bytes of every YAML file, sorted by name; snapshots are no source."""
    paths = {path.relative_to(data_dir).as_posix(): path for path in data_dir.rglob("*.yaml")}
    return {name: paths[name].read_bytes() for name in sorted(paths) if not name.startswith("snapshots/")}


def _fingerprint(contents: Mapping[str, bytes]) -> str:
    digest = sha256()
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _kind(name: str) -> tuple[str, str] | None:
    """Which part of the tree a file belongs to, and its id there; None if it has no business here."""
    folder, _, rest = name.removesuffix(".yaml").partition("/")
    parts = rest.split("/") if rest else []
    if not parts and (folder in _SINGLE or folder in VOCABULARY):
        return folder, ""
    wanted = 2 if folder == "models" else 1
    if folder in (*_PER_FILE, "strings") and len(parts) == wanted and all(map(_NAME.fullmatch, parts)):
        return folder, rest
    return None


def _misplaced(files: Mapping[str, bytes]) -> Iterator[Fault]:
    allowed = "models/<developer>/<model>, offers/<provider>, benchmarks/<id>, strings/<language>"
    for name in files:
        if _kind(name) is None:
            yield Fault(
                f"data/{name}", "", "a file that nothing reads", allowed, "Rename, move or remove it."
            )
    for part in _SINGLE:
        if f"{part}.yaml" not in files:
            yield Fault(f"data/{part}.yaml", "", "missing", "a readable file", "Add it; {} if it is empty.")


def _other_ending(data_dir: Path) -> list[Fault]:
    names = [f"data/{path.relative_to(data_dir).as_posix()}" for path in sorted(data_dir.rglob("*.yml"))]
    return [Fault(name, "", "a file ending in .yml", "files ending in .yaml", "Rename it.") for name in names]


def _parts(read: Mapping[str, _File]) -> dict[str, Any]:
    """The validated files by the part of the tree they belong to; faulty ones are left out."""
    parts: dict[str, Any] = {part: {} for part in _PER_FILE}
    for name, file in read.items():
        place = _kind(name)
        if place is None or file.value is None:
            continue
        part, key = place
        if part in _PER_FILE:
            parts[part][key] = file.value
        elif part in _SINGLE:
            parts[part] = file.value.speeds if part == "speeds" else file.value
    return parts


def _vocabulary(raw: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {part: raw[f"{part}.yaml"] for part in VOCABULARY if f"{part}.yaml" in raw}
    names = [name for name in raw if name.startswith("strings/")]
    words["strings"] = {name.removeprefix("strings/").removesuffix(".yaml"): raw[name] for name in names}
    return words
