"""Reading the part of a link that says how a page is shown, as opposed to the answers in it.

Each page has keys with a prefix of its own (x_, d_). A value that cannot be read is left out and named;
whatever else the link says still counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TEXT_MAX = 80
"""Characters of a search text; the longest name in the catalog has half as many."""
_KEY_MAX = 20  # characters of an unknown key that are shown back


@dataclass(frozen=True, slots=True, kw_only=True)
class BadValue:
    """A part of a link that was not understood: what was found and what is allowed."""

    key: str
    found: str
    allowed: str


class Unreadable(ValueError):
    """The text has no such value in it; the message says what is allowed."""


def read_keys(
    query: Mapping[str, str],
    keys: Mapping[str, str],
    readers: Mapping[str, Callable[[str], Any]],
    *,
    prefix: str,
) -> tuple[dict[str, Any], tuple[BadValue, ...]]:
    """Values by field name (`keys`: field -> key in the link), and what could not be used."""
    values: dict[str, Any] = {}
    bad = []
    for name, key in keys.items():
        if key in query:
            try:
                values[name] = readers[name](query[key])
            except Unreadable as error:
                bad.append(BadValue(key=key, found=query[key][:TEXT_MAX], allowed=str(error)))
    unknown = sorted(key for key in query if key.startswith(prefix) and key not in keys.values())
    bad += [BadValue(key=key[:_KEY_MAX], found=query[key][:TEXT_MAX], allowed="not used") for key in unknown]
    return values, tuple(bad)


def one_of(text: str, options: Sequence[str], *, say: str | None = None) -> str:
    """The text, where it is one of the options. Raises Unreadable, with `say` or the options in it."""
    if text not in options:
        raise Unreadable(say or " or ".join(options))
    return text


def search_text(text: str) -> str:
    """A printable text of at most 80 characters. Raises Unreadable."""
    if len(text) > TEXT_MAX or not text.isprintable():
        raise Unreadable(f"up to {TEXT_MAX} characters")
    return text.strip()
