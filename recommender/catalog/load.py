"""Reads `data/` strictly: every file against its schema, then the files against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from recommender.catalog.checks import cross_faults
from recommender.catalog.faults import CatalogError, Fault
from recommender.catalog.schema import ModelFile
from recommender.catalog.schema_facts import Key, ModelId, Name
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

__all__ = ["fingerprint", "load_tree", "read_yaml", "validate"]

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
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def load_tree(data_dir: Path, *, today: date | None = None) -> Tree:
    """Everything in `data_dir`, validated. Raises CatalogError with all faults."""
    tree, faults = _read(Path(data_dir), today)
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
    contents = _contents(data_dir)
    raw: dict[str, Any] = {}
    faults = list(_misplaced(data_dir, contents))
    for name, content in contents.items():
        try:
            raw[name] = parse_yaml(content, name=f"data/{name}")
        except CatalogError as error:
            faults.extend(error.faults)
    parts, schema_faults = _typed(raw)
    faults.extend(schema_faults)
    tree = Tree(**parts, raw=raw, vocabulary=_vocabulary(raw), fingerprint=_fingerprint(contents))
    faults.extend(cross_faults(tree, today=today, complete=not faults))
    return tree, sorted(faults)


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


def _misplaced(data_dir: Path, contents: Mapping[str, bytes]) -> Iterator[Fault]:
    allowed = "models/<developer>/<model>, offers/<provider>, benchmarks/<id>, strings/<language>"
    for name in contents:
        if _kind(name) is None:
            yield Fault(
                f"data/{name}", "", "a file that nothing reads", allowed, "Rename, move or remove it."
            )
    for path in sorted(data_dir.rglob("*.yml")):
        name = f"data/{path.relative_to(data_dir).as_posix()}"
        yield Fault(name, "", "a file ending in .yml", "files ending in .yaml", "Rename it.")
    for part in _SINGLE:
        if f"{part}.yaml" not in contents:
            yield Fault(f"data/{part}.yaml", "", "missing", "a readable file", "Add it; {} if it is empty.")


def _typed(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    parts: dict[str, Any] = {part: {} for part in _PER_FILE}
    faults: list[Fault] = []
    for name, content in raw.items():
        place = _kind(name)
        if place is None or place[0] in VOCABULARY or place[0] == "strings":
            continue
        part, key = place
        schema = _SINGLE.get(part) or _PER_FILE[part]
        value, wrong = check(schema, content, file=f"data/{name}")
        faults.extend(wrong)
        if wrong:
            continue
        if part in _PER_FILE:
            parts[part][key] = value
        else:
            parts[part] = value.speeds if part == "speeds" else value
    return parts, faults


def _vocabulary(raw: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {part: raw[f"{part}.yaml"] for part in VOCABULARY if f"{part}.yaml" in raw}
    names = [name for name in raw if name.startswith("strings/")]
    words["strings"] = {name.removeprefix("strings/").removesuffix(".yaml"): raw[name] for name in names}
    return words
