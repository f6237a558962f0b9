"""The form of the catalog's files as JSON Schema, made from the classes that check them.

pydantic is imported on use: whoever only reads a snapshot does without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"


_PLACES = {
    "models": "data/models/<developer>/<model>.yaml",
    "offers": "data/offers/<provider>.yaml",
    "benchmarks": "data/benchmarks/<id>.yaml",
}


def schemas() -> Mapping[str, Any]:
    """File (data/models/<developer>/<model>.yaml, data/carbon.yaml, ...) -> its JSON Schema."""
    from pydantic import TypeAdapter

    from recommender.catalog.load import _PER_FILE, _SINGLE  # the one list of which class checks which file

    forms = {_PLACES[part]: form for part, form in _PER_FILE.items()}
    forms |= {f"data/{part}.yaml": form for part, form in _SINGLE.items()}
    return {
        place: _as_written(TypeAdapter(form).json_schema()) | {"$schema": DIALECT, "title": place}
        for place, form in forms.items()
    }


def _as_written(node: Any) -> Any:
    """The schema of what a file may say, not of what is made of it: one source needs no list."""
    if isinstance(node, list):
        return [_as_written(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {key: _as_written(each) for key, each in node.items()}
    source = made.get("properties", {}).get("source")
    if isinstance(source, dict) and source.get("type") == "array":
        made["properties"]["source"] = {"anyOf": [source["items"], source]}
    return made
