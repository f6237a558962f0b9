"""Turns the YAML tree into the snapshot: a small core that starts the app, and the details.

The core holds exactly what `types.Catalog` needs, one JSON object per model with the names of
`types.Model`; a key is absent where the field has its default. The details hold every
file as it was read, so no source, day or note is ever lost on the way.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from recommender.catalog.ability import estimate_abilities
from recommender.catalog.build_licences import licence_core
from recommender.catalog.build_models import model_core
from recommender.catalog.build_offers import device_core, offers_core, provider_core
from recommender.catalog.build_tables import pack
from recommender.catalog.checks import mappings
from recommender.catalog.faults import CatalogError, Fault
from recommender.catalog.load import fingerprint, load_tree
from recommender.catalog.snapshot import DETAILS_SUFFIX, FORMAT, newest_snapshot
from recommender.catalog.tree import Tree
from recommender.catalog.types import Ability

HALLUCINATION_BENCHMARK = "vectara-hallucination-hhem"
ANSWER_RATE_MIN = 75.0
"""The new set of the leaderboard; its first set was easier and is not comparable."""


def build_snapshot(data_dir: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Core and details of the catalog in `data_dir`. Raises CatalogError if it is faulty."""
    return build(load_tree(data_dir))


def build(tree: Tree) -> tuple[dict[str, Any], dict[str, Any]]:
    """Core and details of a tree, as plain JSON objects."""
    details = _plain(_details(tree))
    core = _plain(_core(tree))
    core["details_sha256"] = _sha256(details)
    core["version"] = f"{core['date'].replace('-', '.')}-{_sha256(core)[:8]}"
    # Outside both hashes: a changed comment changes the YAML but nothing that is known.
    details["tree_sha256"] = tree.fingerprint
    return core, details


def write_snapshot(data_dir: Path) -> Path:
    """Builds the snapshot, writes its two files, removes older ones; the path of the core."""
    core, details = build_snapshot(data_dir)
    folder = Path(data_dir) / "snapshots"
    folder.mkdir(exist_ok=True)
    path = folder / f"{core['version']}.json"
    details_path = folder / f"{core['version']}{DETAILS_SUFFIX}"
    # The core goes last: a reader that finds it finds its details too.
    _write(details_path, details)
    _write(path, core)
    for other in folder.glob("*.json"):
        if other not in (path, details_path):
            other.unlink()
    return path


def snapshot_is_current(data_dir: Path) -> bool:
    """Whether the newest snapshot was built from the YAML bytes that are there now."""
    path = newest_snapshot(Path(data_dir) / "snapshots")
    if path is None:
        return False
    details = path.with_name(path.name.removesuffix(".json") + DETAILS_SUFFIX)
    if not details.is_file():
        return False
    try:
        stored = json.loads(details.read_text(encoding="ascii"))
    except ValueError:  # half written or damaged: to be built anew
        return False
    return isinstance(stored, dict) and stored.get("tree_sha256") == fingerprint(data_dir)


def canonical(content: Any) -> str:
    """The one way this content is written as JSON: sorted keys, no spaces, ASCII, finite numbers."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False, default=_iso
    )


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")


def _plain(content: Any) -> Any:
    return json.loads(canonical(content))


def _sha256(content: Any) -> str:
    return sha256(canonical(content).encode("ascii")).hexdigest()


def _write(path: Path, content: Any) -> None:
    temporary = path.with_suffix(".part")
    temporary.write_text(canonical(content) + "\n", encoding="ascii")
    os.replace(temporary, path)


def _core(tree: Tree) -> dict[str, Any]:
    abilities = _abilities(tree)
    quantisations = tree.vocabulary.get("quantisation", {}).get("aliases", {})
    hallucination = _hallucination_rates(tree)
    models = {
        name: model_core(
            name,
            model,
            abilities=abilities.get(name, {}),
            hallucination_rate=hallucination.get(name),
            quantisations=quantisations,
        )
        for name, model in tree.models.items()
    }
    providers = {name: provider_core(file) for name, file in tree.offers.items()}
    offers = [offer for name, file in tree.offers.items() for offer in offers_core(name, file)]
    tables = pack(models, providers, offers)
    return {
        "format": FORMAT,
        "date": _newest_day(tree),
        "tables": tables,
        "models": models,
        "offers": offers,
        "providers": providers,
        "developers": {
            name: {"name": entry.name, "country": entry.country.value if entry.country else None}
            for name, entry in tree.developers.items()
        },
        "licences": {name: licence_core(entry) for name, entry in tree.licences.items()},
        "devices": {name: device_core(entry) for name, entry in tree.hardware.items()},
        "device_aliases": {
            alias.lower(): name for name, entry in tree.hardware.items() for alias in entry.aliases
        },
        "carbon": {name: entry.gco2e_per_kwh for name, entry in tree.carbon.items()},
        "vocabulary": tree.vocabulary,
        "tombstones": {name: entry.reason for name, entry in tree.retired_ids.items()},
    }


def _abilities(tree: Tree) -> dict[str, dict[str, Ability]]:
    """The estimates. Their constants have no schema: what is wrong with them shows when they are used."""
    try:
        return estimate_abilities(tree)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        found = f"not what the estimates of ability need ({type(error).__name__}: {error})"
        remedy = "Correct what was last changed there."
        allowed = "every constant that recommender/catalog/ability*.py names, as a number where it is one"
        raise CatalogError([Fault("data/assumptions.yaml", "ability", found, allowed, remedy)]) from error


def _details(tree: Tree) -> dict[str, Any]:
    details: dict[str, Any] = {"models": {}, "offers": {}, "benchmarks": {}}
    for name, content in tree.raw.items():
        part, _, rest = name.removesuffix(".yaml").partition("/")
        if rest and part in details:
            details[part][rest] = content
        elif not rest and part not in tree.vocabulary:
            details[part] = content
    return details


def _newest_day(tree: Tree) -> date:
    """The newest day on which any fact was looked at."""
    days = (mapping.get("as_of") for content in tree.raw.values() for _, mapping in mappings(content))
    return max((day for day in days if isinstance(day, date)), default=date(1970, 1, 1))


def _hallucination_rates(tree: Tree) -> Mapping[str, float]:
    """Model -> percent of summaries with invented content; the lowest where several settings ran.

    A model that answered less than three tasks in four was measured on the easy ones: no figure.
    """
    rates: dict[str, float] = {}
    benchmark = tree.benchmarks.get(HALLUCINATION_BENCHMARK)
    for row in benchmark.scores if benchmark else ():
        answered = row.answer_rate is None or row.answer_rate >= ANSWER_RATE_MIN
        if row.model is not None and row.score is not None and answered:
            rates[row.model] = min(row.score, rates.get(row.model, row.score))
    return rates
