"""Writes the changes of a refresh: dated lines are added to the files, nothing that stands there goes.

Everything is prepared as text and tried in a copy of the catalog; only a faultless result replaces files.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from recommender.catalog.build import build, write_snapshot
from recommender.catalog.build_offers import PRICE_FIGURES
from recommender.catalog.faults import CatalogError, Fault
from recommender.catalog.load import load_tree
from recommender.catalog.refresh import Change, shown_price
from recommender.catalog.refresh_sources import PriceList

NAMED_IN_CHANGELOG = 12
"""So many new prices get a line of their own; the rest is counted, the diff of data/ has them all."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_THRESHOLD = "long_context_threshold_tokens"
_CURRENT, _EXACT = 9, 1  # precedence of a price without and with its first day


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a refresh wrote."""

    files: tuple[str, ...]
    snapshot: str


def write_changes(
    data_dir: Path, changelog: Path, found: Iterable[Change], prices: PriceList, *, today: date
) -> Written | None:
    """Enters the changes that are to be written, builds the snapshot, and tells the changelog.

    None when there is nothing to enter. Raises CatalogError, with no file touched, when the result
    would be faulty.
    """
    entered = [change for change in found if change.writes]
    if not entered:
        return None
    texts = new_texts(data_dir, entered, prices, today)
    told = changelog_with(_read(changelog), changelog_lines(entered, prices), name=changelog.name)
    _try(data_dir, texts, today)
    for name, text in texts.items():
        _replace(data_dir / name, text)
    snapshot = write_snapshot(data_dir)
    _replace(changelog, told)
    return Written(files=(*texts, changelog.name), snapshot=snapshot.stem)


def new_texts(data_dir: Path, entered: Sequence[Change], prices: PriceList, today: date) -> dict[str, str]:
    """Name of each file in data/ that changes -> its new text."""
    texts = {}
    for provider, group in groupby(sorted(entered, key=_place), key=lambda change: change.provider):
        name = f"offers/{provider}.yaml"
        texts[name] = with_prices(_read(data_dir / name), list(group), prices, file=f"data/{name}")
    texts["sources.yaml"] = with_source(_read(data_dir / "sources.yaml"), prices, today)
    return texts


def with_prices(text: str, entered: Sequence[Change], prices: PriceList, *, file: str) -> str:
    """The offers file with one line for each change at the end of the price list of its offer."""
    lines = text.splitlines(keepends=True)
    ends = _ends_of_lists(text)
    added: dict[int, list[str]] = {}
    for change in entered:
        if change.model is None or (change.model, change.name) not in ends:
            found = f"without a price list in lines for {change.model} as {change.name!r}"
            raise CatalogError([Fault(file, "offers", found, "one price per line, as in the other offers")])
        line, indent = ends[change.model, change.name]
        added.setdefault(line, []).append(f"{' ' * indent}- {price_line(change, prices)}\n")
    for line in sorted(added, reverse=True):
        if not lines[line].endswith("\n"):
            lines[line] += "\n"
        lines[line + 1 : line + 1] = added[line]
    return "".join(lines)


def price_line(change: Change, prices: PriceList) -> str:
    """The entry as one flow mapping, keys in the order of the house."""
    fields = [f"from: {change.start}"] if change.start else []
    fields += [
        f"{name}: {_figure(name, change.after[name])}" for name in PRICE_FIGURES if name in change.after
    ]
    fields.append(f"precedence: {_EXACT if change.start else _CURRENT}")
    fields.append(f"date_basis: {'exact' if change.start else 'current-list'}")
    carried = change.carried_from if change.carried_from != prices.source else None
    fields.append(f"source: [{carried}, {prices.source}]" if carried else f"source: {prices.source}")
    fields.append(f"as_of: {prices.day}")
    note = _note(change, prices)
    return "{" + ", ".join([*fields, *([f'note: "{note}"'] if note else [])]) + "}"


def with_source(text: str, prices: PriceList, today: date) -> str:
    """sources.yaml with the version of the package at its place in the order, accessed today."""
    lines = text.splitlines(keepends=True)
    tops = [number for number, line in enumerate(lines) if re.match(r"[^\s#-]", line)]
    names = [lines[number].partition(":")[0].strip("\"'") for number in tops]
    if prices.source in names:
        first = tops[names.index(prices.source)]
        last = next((number for number in tops if number > first), len(lines))
        block = "".join(lines[first:last])
        block = re.sub(r'accessed: "?[0-9-]+"?', f'accessed: "{today}"', block)
        return "".join([*lines[:first], block, *lines[last:]])
    place = next((tops[at] for at, name in enumerate(names) if name > prices.source), len(lines))
    entry = [
        f"{prices.source}:\n",
        f"  title: {prices.package} {prices.version}\n",
        f"  package: {prices.package}\n",
        f'  version: "{prices.version}"\n',
        f"  licence: {prices.licence}\n",
        f'  accessed: "{today}"\n',
    ]
    return "".join([*lines[:place], *entry, *lines[place:]])


def changelog_lines(entered: Sequence[Change], prices: PriceList) -> list[str]:
    """One line that counts, then the new prices themselves."""
    new = [change for change in entered if change.kind in ("new-price", "announced")]
    counts = {
        "new prices": len(new),
        "with further figures": sum(change.kind == "new-figures" for change in entered),
        "seen again": sum(change.kind == "seen-again" for change in entered),
    }
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    lines = [f"- Prices of {prices.package} {prices.version}, dated {prices.day}: {told}."]
    for change in new[:NAMED_IN_CHANGELOG]:
        before = f"{shown_price(change.before)} to " if change.before else ""
        start = f" from {change.start}" if change.start else ""
        price = f"{before}{shown_price(change.after)} US dollars per million tokens, input/output"
        lines.append(f"- {change.model} at {change.provider}: {price}{start}.")
    return lines + ([f"- And {rest} more."] if (rest := len(new) - NAMED_IN_CHANGELOG) > 0 else [])


def changelog_with(text: str, added: Sequence[str], *, name: str) -> str:
    """The changelog with the lines at the end of the Catalogue part of the unreleased version."""
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("## ")]
    start = next((number for number in heads if "unreleased" in lines[number].lower()), None)
    if start is None:
        raise CatalogError(
            [Fault(name, "", "without an Unreleased version", "a heading ## [...] Unreleased")]
        )
    end = next((number for number in heads if number > start), len(lines))
    part = next((n for n in range(start, end) if lines[n].strip() == "### Catalogue"), None)
    if part is None:
        end = _before_blank(lines, end)
        return "\n".join([*lines[:end], "", "### Catalogue", "", *added, *lines[end:]]) + "\n"
    following = (n for n in range(part + 1, end) if lines[n].startswith("### "))
    place = _before_blank(lines, next(following, end))
    gap = [""] if place == part + 1 else []
    return "\n".join([*lines[:place], *gap, *added, *lines[place:]]) + "\n"


def _before_blank(lines: Sequence[str], end: int) -> int:
    """The place after the last line with text before `end`."""
    while not lines[end - 1].strip():
        end -= 1
    return end


def _place(change: Change) -> tuple[str, str, str]:
    """Of one offer the current price comes before the announced ones."""
    return change.provider, change.name, change.start.isoformat() if change.start else ""


def _ends_of_lists(text: str) -> dict[tuple[str, str], tuple[int, int]]:
    """(model, name) of an offer -> last line of its price list and the column of the list's dashes.

    Lists in flow style have no lines to add to and are left out.
    """
    root = yaml.compose(text, Loader=_LOADER)
    offers = _fields(root).get("offers")
    found = {}
    for node in offers.value if offers else ():
        fields = _fields(node)
        listed = fields["prices"]
        if not listed.flow_style:
            last = listed.value[-1]
            place = last.end_mark.line, listed.start_mark.column
            found[fields["model"].value, fields["name"].value] = place
    return found


def _fields(mapping: Any) -> Mapping[str, Any]:
    return {key.value: value for key, value in mapping.value}


def _figure(name: str, value: float) -> str:
    """A figure as the strict reader takes it: never an exponent, always a decimal point."""
    if name == _THRESHOLD:
        return f"{int(value):_}"
    text = f"{value:.8f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def _note(change: Change, prices: PriceList) -> str:
    parts = []
    if change.agrees_with:
        parts.append(f"agrees: {prices.source}, {change.agrees_with}")
    if change.disagrees_with:
        parts.append(
            f"sources disagree: {prices.source} {shown_price(change.after)}, {change.disagrees_with}"
        )
    if change.is_partial:
        parts.append("later tiers (long context, time of day) not listed")
    if change.anomaly:
        parts.append(f"reviewed: {change.anomaly}")
    return "; ".join(parts)


def _try(data_dir: Path, texts: Mapping[str, str], today: date) -> None:
    """Validates and builds the catalog with the new texts in a copy. Raises CatalogError."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data_dir, copy, ignore=shutil.ignore_patterns("snapshots"))
        for name, text in texts.items():
            _replace(copy / name, text)
        build(load_tree(copy, today=today))


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:  # line ends as they are
        return file.read()


def _replace(path: Path, text: str) -> None:
    """A reader sees the old file or the new one, never half of one."""
    temporary = path.with_name(f"{path.name}.part")
    temporary.write_text(text, encoding="utf-8", newline="")
    shutil.copymode(path, temporary)
    os.replace(temporary, path)
