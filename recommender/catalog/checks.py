"""What a single file cannot know: references, aliases, sources and days, over the whole tree."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from recommender.catalog.faults import Fault
from recommender.catalog.schema_faults import field_name
from recommender.catalog.tree import Tree

_PAST_DAYS = ("as_of", "accessed", "published", "removed", "board_updated")
"""Days on which something was seen; `ends` and announced prices may lie ahead."""

Place = tuple[int | str, ...]
Reference = tuple[str, str, str | None, Container[str], str]  # file, field, named, known, allowed

_A_MODEL = "the id of a model in data/models"
_A_SOURCE = "a key of data/sources.yaml"


def cross_faults(tree: Tree, *, today: date | None, complete: bool = True) -> list[Fault]:
    """Faults between files. `complete` is false when files are left out because they are faulty
    themselves: then references are not checked, as each would be reported a second time."""
    faults = [
        *_alias_faults(tree),
        *_day_faults(tree, today),
        *_repeated_faults(tree),
        *_percent_faults(tree),
    ]
    if complete:
        faults += [*_source_faults(tree), *_reference_faults(tree)]
    return faults


def mappings(content: Any, place: Place = ()) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Every mapping inside `content` with its place, outermost first."""
    if isinstance(content, Mapping):
        yield place, content
        for key, value in content.items():
            yield from mappings(value, (*place, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from mappings(value, (*place, index))


def _facts(tree: Tree) -> Iterator[tuple[str, Place, Mapping[str, Any]]]:
    """Mappings of all files that hold facts; the vocabulary has checks of its own."""
    for name, content in tree.raw.items():
        if name.removesuffix(".yaml") in tree.vocabulary or name.startswith("strings/"):
            continue
        for place, mapping in mappings(content):
            yield f"data/{name}", place, mapping


def _source_faults(tree: Tree) -> Iterator[Fault]:
    for file, place, mapping in _facts(tree):
        if "as_of" not in mapping:
            continue
        named = mapping.get("source", ())
        for key in [named] if isinstance(named, str) else named:
            if key not in tree.sources:
                where = field_name((*place, "source"))
                remedy = "Correct the key or add it to sources.yaml."
                yield Fault(file, where, f"{key!r}", _A_SOURCE, remedy)


def _day_faults(tree: Tree, today: date | None) -> Iterator[Fault]:
    if today is None:
        return
    for file, place, mapping in _facts(tree):
        keys = (*_PAST_DAYS, "value") if place == ("released",) else _PAST_DAYS
        for key in keys:
            day = mapping.get(key)
            # Days, months and years as text compare like dates: "2026-11" < "2026-11-23".
            if isinstance(day, (date, str)) and str(day) > today.isoformat():
                where = field_name((*place, key))
                yield Fault(file, where, str(day), f"a day up to {today}", "Correct the date.")


def _alias_faults(tree: Tree) -> Iterator[Fault]:
    models = {name: model.aliases for name, model in tree.models.items()}
    yield from _alias_faults_in(models, lambda name: (f"data/models/{name}.yaml", "aliases"))
    devices = {name: entry.aliases for name, entry in tree.hardware.items()}
    yield from _alias_faults_in(devices, lambda name: ("data/hardware.yaml", f"{name}.aliases"))


def _alias_faults_in(
    aliases: Mapping[str, tuple[str, ...]], place: Callable[[str], tuple[str, str]]
) -> Iterator[Fault]:
    """Aliases that are unsorted, or mean two things; an id is taken from the start."""
    owners = {name.lower(): name for name in aliases}
    for name, listed in sorted(aliases.items()):
        file, field = place(name)
        unsorted = next((b for a, b in pairwise(listed) if b < a), None)
        if unsorted is not None:
            yield Fault(
                file,
                field,
                f"unsorted at {unsorted!r}",
                "aliases in sorted order",
                "Sort them.",
            )
        seen: set[str] = set()
        for index, alias in enumerate(listed):
            owner = owners.setdefault(alias.lower(), name)
            if owner != name or alias.lower() in seen:
                found = f"{alias!r}, which already means {owner}"
                yield Fault(file, f"{field}[{index}]", found, "an alias of one thing only", "Remove one.")
            seen.add(alias.lower())


def _repeated_faults(tree: Tree) -> Iterator[Fault]:
    """Offers that stand twice, and boards that use two rows of one model."""
    for provider, file in tree.offers.items():
        seen: set[tuple[str, str]] = set()
        for index, offer in enumerate(file.offers):
            if (offer.model, offer.name) in seen:
                found = f"a second offer of {offer.model} as {offer.name!r}"
                place = f"data/offers/{provider}.yaml"
                yield Fault(place, f"offers[{index}]", found, "each offer once", "Join their prices.")
            seen.add((offer.model, offer.name))
    for name, benchmark in tree.benchmarks.items():
        used: set[str] = set()
        for index, score in enumerate(benchmark.scores):
            if score.used and score.model in used:
                found = f"a second used row of {score.model}"
                place = f"data/benchmarks/{name}.yaml"
                yield Fault(place, f"scores[{index}].used", found, "one used row per model", "Choose one.")
            if score.used and score.model:
                used.add(score.model)


def _percent_faults(tree: Tree) -> Iterator[Fault]:
    for name, benchmark in tree.benchmarks.items():
        for index, score in enumerate(benchmark.scores):
            if benchmark.unit == "percent" and score.score is not None and not 0 <= score.score <= 100:
                place = f"data/benchmarks/{name}.yaml"
                yield Fault(
                    place, f"scores[{index}].score", f"{score.score}", "0 to 100 percent", "Correct it."
                )


def _reference_faults(tree: Tree) -> Iterator[Fault]:
    for file, field, name, known, allowed in _references(tree):
        if name is not None and name not in known:
            found = f"{name!r}, which does not exist"
            yield Fault(file, field, found, allowed, "Correct it or add the missing entry.")
    for name in tree.models:
        if name in tree.retired_ids:
            found = f"the retired id {name}"
            yield Fault(f"data/models/{name}.yaml", "(path)", found, "a new id", "Choose another name.")


def _references(tree: Tree) -> Iterator[Reference]:
    """Every place that names something by its id, with what it may name."""
    yield from _model_references(tree)
    for provider, file in tree.offers.items():
        for index, offer in enumerate(file.offers):
            yield f"data/offers/{provider}.yaml", f"offers[{index}].model", offer.model, tree.models, _A_MODEL
    for name, benchmark in tree.benchmarks.items():
        for index, score in enumerate(benchmark.scores):
            yield f"data/benchmarks/{name}.yaml", f"scores[{index}].model", score.model, tree.models, _A_MODEL
    for index, speed in enumerate(tree.speeds):
        yield "data/speeds.yaml", f"[{index}].model", speed.model, tree.models, _A_MODEL
        yield (
            "data/speeds.yaml",
            f"[{index}].device",
            speed.device,
            tree.hardware,
            "a device of data/hardware.yaml",
        )
    for name, device in tree.hardware.items():
        yield "data/hardware.yaml", f"{name}.rent_source", device.rent_source, tree.sources, _A_SOURCE
    for name, grid in tree.carbon.items():
        yield "data/carbon.yaml", f"{name}.second_source", grid.second_source, tree.sources, _A_SOURCE
    for name, entry in tree.retired_ids.items():
        yield "data/retired_ids.yaml", f"{name}.replaced_by", entry.replaced_by, tree.models, _A_MODEL


def _model_references(tree: Tree) -> Iterator[Reference]:
    for name, model in tree.models.items():
        file, developer = f"data/models/{name}.yaml", name.split("/")[0]
        yield file, "(path)", developer, tree.developers, "a developer of data/developers.yaml"
        if model.licence:
            yield file, "licence.value", model.licence.value, tree.licences, "an id of data/licences.yaml"
        if model.successor:
            yield file, "successor.value", model.successor.value, tree.models, _A_MODEL
