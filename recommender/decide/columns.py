"""Columns of the table of candidates, and three-valued logic over them.

A candidate is one row; a column holds one field for all of them, with a mask of
what is known. Truth values are small integers so that Kleene's logic is plain
minimum and maximum: false 0, unknown 1, true 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FALSE, UNKNOWN, TRUE = np.int8(0), np.int8(1), np.int8(2)
Truth = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Column:
    """One field of every candidate.

    `values` is float (numbers, days, dollars), bool, an integer code into
    `members` (categories) or a bit set over `members` (`is_set`). Where `known` is
    False the value means nothing.
    """

    values: NDArray[Any]
    known: NDArray[np.bool_]
    members: tuple[str, ...] = ()
    is_set: bool = False

    def take(self, rows: NDArray[np.intp]) -> Column:
        """The same field for a choice of rows, in their order."""
        return Column(self.values[rows], self.known[rows], self.members, self.is_set)

    def at(self, row: int) -> object:
        """The plain value of one row; None where it is unknown."""
        if not self.known[row]:
            return None
        value = self.values[row].item()
        if self.is_set:
            return [name for bit, name in enumerate(self.members) if int(value) >> bit & 1]
        if self.members:
            return self.members[int(value)]
        return value


def numbers(values: list[float | int | None]) -> Column:
    """A column of numbers; None is unknown."""
    known = np.array([value is not None for value in values], dtype=bool)
    return Column(np.array([0.0 if v is None else float(v) for v in values]), known)


def flags(values: list[bool | None]) -> Column:
    """A column of yes or no; None is unknown."""
    known = np.array([value is not None for value in values], dtype=bool)
    return Column(np.array([bool(value) for value in values]), known)


def categories(values: list[str | None]) -> Column:
    """A column with one word per row; None is unknown."""
    members = tuple(sorted({value for value in values if value is not None}))
    code = {name: index for index, name in enumerate(members)}
    known = np.array([value is not None for value in values], dtype=bool)
    return Column(np.array([code.get(value or "", 0) for value in values], dtype=np.int64), known, members)


def sets(values: list[tuple[str, ...] | None]) -> Column:
    """A column with a set of words per row; None is unknown. At most 63 different words."""
    members = tuple(sorted({word for value in values if value for word in value}))
    if len(members) > 63:
        raise ValueError(f"a set column holds {len(members)} different words; 63 fit")
    bit = {name: 1 << index for index, name in enumerate(members)}
    known = np.array([value is not None for value in values], dtype=bool)
    masks = [sum(bit[word] for word in set(value or ())) for value in values]
    return Column(np.array(masks, dtype=np.int64), known, members, is_set=True)


def truth(holds: NDArray[np.bool_], known: NDArray[np.bool_] | bool = True) -> Truth:
    """Truth values from a mask of what holds and a mask of what is known."""
    return np.where(known, np.where(holds, TRUE, FALSE), UNKNOWN).astype(np.int8)


def all_of(parts: list[Truth]) -> Truth:
    """Kleene's and: one false decides."""
    lowest: Truth = np.minimum.reduce(parts)
    return lowest


def any_of(parts: list[Truth]) -> Truth:
    """Kleene's or: one true decides."""
    highest: Truth = np.maximum.reduce(parts)
    return highest


def negation(part: Truth) -> Truth:
    """Kleene's not: unknown stays unknown."""
    return (TRUE - part).astype(np.int8)
