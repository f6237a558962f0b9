"""Values that many entries of the core share are written once, in tables, and named by number.

15,000 facts share a few hundred pairs of source and day, 5,000 abilities some 150 lists of
evidence. Without tables the core is half as large again and takes twice as long to load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any


class Table:
    """Distinct rows, numbered in the order of their first use."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, row: tuple[Any, ...]) -> int:
        """The number of `row`, which is added if it is new."""
        if row not in self._numbers:
            self._numbers[row] = len(self.rows)
            self.rows.append(row)
        return self._numbers[row]


def pack(
    models: Mapping[str, dict[str, Any]],
    providers: Mapping[str, dict[str, Any]],
    offers: list[dict[str, Any]],
) -> dict[str, list[Any]]:
    """Replaces shared values of the entries by numbers; the tables they stand in."""
    pairs, field_sets, abilities, bases = Table(), Table(), Table(), Table()
    for entry in (*models.values(), *providers.values()):
        entry["sources"] = _packed_sources(entry["sources"], pairs, field_sets)
    for model in models.values():
        for task, (*figures, basis, text_only) in model.get("ability", {}).items():
            row = (*figures, bases.number(basis), text_only)
            model["ability"][task] = abilities.number(row)
    for offer in offers:
        offer["prices"] = [(*row, pairs.number(pair)) for *row, pair in offer["prices"]]
    return {
        "pairs": pairs.rows,
        "field_sets": field_sets.rows,
        "abilities": abilities.rows,
        "bases": bases.rows,
    }


def _packed_sources(sources: Mapping[str, tuple[str, str]], pairs: Table, field_sets: Table) -> list[Any]:
    """The fields, the pair most of them share, and the fields with another pair."""
    numbers = {field: pairs.number(pair) for field, pair in sources.items()}
    usual = Counter(numbers.values()).most_common(1)[0][0]
    others = {field: number for field, number in numbers.items() if number != usual}
    return [field_sets.number(tuple(sources)), usual, others]
