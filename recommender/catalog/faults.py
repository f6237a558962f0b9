"""How the catalog says what is wrong: file, field, found, allowed, remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_FAULTS = 20
"""A message lists this many faults and counts the rest, so that it stays readable."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in `data/`, in words a contributor can act on."""

    file: str
    field: str
    found: str
    allowed: str
    remedy: str = "Correct it."

    def __str__(self) -> str:
        where = f"{self.file}: {self.field}" if self.field else self.file
        return f"{where} is {self.found}; allowed: {self.allowed}. {self.remedy}"


class CatalogError(Exception):
    """The catalog cannot be used; `faults` says why, one entry per place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:SHOWN_FAULTS]]
        if len(self.faults) > SHOWN_FAULTS:
            lines.append(f"... and {len(self.faults) - SHOWN_FAULTS} more.")
        super().__init__("\n".join(lines))


def shown(value: object, limit: int = 80) -> str:
    """A value as it may stand in a message: quoted, on one line, shortened."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
