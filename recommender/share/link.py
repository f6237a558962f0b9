"""Answers as a readable link, and back: `v=1&c=2026.11.23-1a2b3c4d&use=chat&bud=500&k=abcdefgh`.

The link holds inputs only; the result is computed again wherever it is opened. Equal answers
have equal links: keys in the order of the field table, sets sorted, nothing written that was
not answered. `k` finds slips, it is no signature: anybody may write a link by hand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recommender.answers import Answers
from recommender.answers_fields import FIELDS
from recommender.answers_values import read_value
from recommender.share.link_fields import Unreadable, allowed, pack, unpack

LONGEST_LINK = 2048  # characters; chat programs refuse links not much longer than this
MOST_FIELDS = 64  # the 43 answers, version, catalog, check, and room for answers to come
OF_THE_APP = frozenset({"ui", "id", "m", "embed", "embed_options", "page"})  # never part of the answers

_BY_LINK = {spec.link: spec for spec in FIELDS}
_CATALOG = re.compile(r"[0-9]{4}\.[0-9]{2}\.[0-9]{2}-[0-9a-f]{8}")
_ADDRESS = re.compile(r"(?:(?:https?:/)?/[^?]*)?\?")  # what stands before the query of a whole address
_TRACKING = re.compile(r"utm_.*|fbclid|gclid")  # added by mail and news programs, not by the reader


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of a link should know: the id of a sentence, and what to fill in."""

    id: str
    params: Mapping[str, str] = field(default_factory=dict)


class LinkError(Exception):
    """The whole link is refused, or answers do not fit into one; `notice` says why."""

    def __init__(self, sentence: str, **params: str) -> None:
        self.notice = Notice(sentence, params)
        super().__init__(f"{sentence} {params}" if params else sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a link says. `intact` is None where the link carries no check."""

    answers: Answers
    catalog_version: str | None
    notices: tuple[Notice, ...]
    version: int
    intact: bool | None


Migration = Callable[[Mapping[str, str]], tuple[dict[str, str], tuple[Notice, ...]]]
MIGRATIONS: tuple[Migration, ...] = ()
"""Step n turns the fields of version n + 1 into those of version n + 2. Never removed, never reordered."""


def link_version(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """The version that is written today."""
    return len(migrations) + 1


def encode(answers: Answers, *, catalog_version: str | None = None) -> str:
    """The query string of the answers, without '?'. Raises LinkError beyond 2,048 characters."""
    pairs = {"v": str(link_version(MIGRATIONS))}
    if catalog_version is not None:
        if not _CATALOG.fullmatch(catalog_version):
            raise LinkError("link.bad_catalog_version", found=_safe(catalog_version))
        pairs["c"] = catalog_version
    for spec in FIELDS:
        if (value := getattr(answers, spec.name)) is not None:
            pairs[spec.link] = pack(spec, value)
    pairs["k"] = _check(pairs)
    query = "&".join(f"{key}={_quoted(value)}" for key, value in pairs.items())
    if len(query) > LONGEST_LINK:
        raise LinkError("link.too_long", length=str(len(query)), most=str(LONGEST_LINK))
    return query


def decode(query: str | Mapping[str, str | list[str]]) -> Decoded:
    """The answers of a query string, a whole address, or a mapping of decoded query parameters.

    One bad value leaves its question unanswered and is reported; the rest applies. Raises
    LinkError only where the link as a whole cannot be trusted to mean anything: a key twice,
    characters beyond ASCII, too long, too many fields, broken percent-encoding.
    """
    pairs = _fields(_pairs_of_text(query) if isinstance(query, str) else _pairs_of_mapping(query))
    version, notices = _version(pairs)
    intact = _check(pairs) == pairs["k"] if "k" in pairs else None
    if pairs and version <= link_version(MIGRATIONS) and not intact:
        notices.append(Notice("link.unchecked" if intact is None else "link.edited"))
    current, told = migrate(pairs, version, MIGRATIONS)
    answers, faults = _answers(current)
    catalog = current.get("c")
    if catalog is not None and not _CATALOG.fullmatch(catalog):
        faults.append(Notice("link.bad_catalog_version", {"found": _safe(catalog)}))
        catalog = None
    return Decoded(
        answers=answers,
        catalog_version=catalog,
        notices=(*notices, *told, *faults),
        version=version,
        intact=intact,
    )


def migrate(
    pairs: Mapping[str, str], version: int, migrations: Sequence[Migration]
) -> tuple[dict[str, str], tuple[Notice, ...]]:
    """Fields of an older version as fields of the current one, step by step, with what got lost."""
    current = dict(pairs)
    notices: tuple[Notice, ...] = ()
    for step in migrations[version - 1 :]:
        current, told = step(current)
        notices += told
    return current, notices


def _version(pairs: Mapping[str, str]) -> tuple[int, list[Notice]]:
    """The version a link claims, and a notice where that is none of ours."""
    known = link_version(MIGRATIONS)
    text = pairs.get("v", str(known))
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        return known, [Notice("link.bad_version", {"found": _safe(text), "known": str(known)})]
    newer = int(text) > known
    return int(text), [Notice("link.newer_version", {"version": text, "known": str(known)})] if newer else []


def _answers(pairs: Mapping[str, str]) -> tuple[Answers, list[Notice]]:
    values: dict[str, Any] = {}
    notices: list[Notice] = []
    for key, text in pairs.items():
        if key in ("v", "c", "k"):
            continue
        spec = _BY_LINK.get(key)
        if spec is None:
            notices.append(Notice("link.unknown_key", {"key": _safe(key)}))
            continue
        try:
            value, faults = read_value(spec, unpack(spec, text))
        except Unreadable:
            value, faults = None, []
        if value is None or faults:
            told = {"key": key, "answer": spec.name, "found": _safe(text), "allowed": allowed(spec)}
            notices.append(Notice("link.bad_value", told))
        else:
            values[spec.name] = value
    return Answers(**values), notices


def _pairs_of_text(query: str) -> Iterator[tuple[str, str]]:
    """The pairs of a query string or of a whole address, percent-decoded."""
    if len(query) > LONGEST_LINK * 2:  # a whole address may be longer than its query
        raise LinkError("link.too_long", length=str(len(query)), most=str(LONGEST_LINK))
    if address := _ADDRESS.match(query):
        query = query[address.end() :].partition("#")[0]
    if len(query) > LONGEST_LINK:
        raise LinkError("link.too_long", length=str(len(query)), most=str(LONGEST_LINK))
    if re.search(r"%(?![0-9A-Fa-f]{2})", query):
        raise LinkError("link.malformed")
    for part in query.split("&"):
        if part:
            key, _, value = part.partition("=")
            yield _unquoted(key), _unquoted(value)


def _pairs_of_mapping(query: Mapping[str, str | list[str]]) -> Iterator[tuple[str, str]]:
    length = 0
    for key, values in query.items():
        for value in [values] if isinstance(values, str) else values:
            length += len(key) + len(value) + 2
            if length > LONGEST_LINK + 1:
                raise LinkError("link.too_long", length=f"more than {LONGEST_LINK}", most=str(LONGEST_LINK))
            yield key, value


def _fields(found: Iterator[tuple[str, str]]) -> dict[str, str]:
    """The pairs that concern the answers, each key once and in ASCII."""
    pairs: dict[str, str] = {}
    for key, value in found:
        if not (key + value).isascii():
            raise LinkError("link.not_ascii")
        if key in OF_THE_APP or _TRACKING.fullmatch(key):
            continue
        if key in pairs:
            raise LinkError("link.duplicate_key", key=_safe(key))
        pairs[key] = value
    if len(pairs) > MOST_FIELDS:
        raise LinkError("link.too_many_fields", found=str(len(pairs)), most=str(MOST_FIELDS))
    return pairs


def _check(pairs: Mapping[str, str]) -> str:
    """40 bits over all fields but the check itself, whatever their order and percent-encoding."""
    content = json.dumps(sorted((key, value) for key, value in pairs.items() if key != "k"))
    return base64.b32encode(hashlib.sha256(content.encode()).digest())[:8].decode().lower()


def _quoted(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._~/:-]", lambda found: f"%{ord(found[0]):02X}", text)


def _unquoted(text: str) -> str:
    return re.sub(r"%(..)", lambda found: chr(int(found[1], 16)), text.replace("+", " "))


def _safe(text: str) -> str:
    """What was found, fit to be shown anywhere: 40 harmless characters, '?' for all others."""
    shortened = text if len(text) <= 40 else text[:37] + "..."
    return re.sub(r"[^A-Za-z0-9 ._~/:=+,-]", "?", shortened)
