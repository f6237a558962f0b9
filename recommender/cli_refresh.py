"""`refresh`: newer prices from the installed price package, as a list to read and, if wanted, as files."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, TextIO

from recommender.cli_common import Unusable, require_folder, show

if TYPE_CHECKING:
    from recommender.catalog.refresh import Change
    from recommender.catalog.refresh_sources import PriceList
    from recommender.catalog.refresh_write import Written

_TITLES = {
    "new-price": "New prices",
    "new-figures": "Same price, with figures for cached, batch or long input",
    "announced": "Announced prices",
    "gone": "No longer listed: check whether the offer has ended",
    "fewer-models": "Fewer models",
    "seen-again": "Same price seen again",
    "unknown-model": "Models of the catalog that the provider has and we do not list",
}
_BAR_WIDTH = 30
_NAMED = 3  # names shown per provider where there are many


def refresh(options: argparse.Namespace) -> int:
    """Compares, prints, and writes unless it is a dry run or something waits for a review."""
    from recommender.catalog.load import load_tree
    from recommender.catalog.refresh import anomalies, changes

    require_folder(options.data)
    today = _today(options.today)
    prices = _prices(today)
    tree = load_tree(options.data)
    _refuse_older(tree, prices)
    found = changes(tree, prices, today, progress=progress_bar(sys.stderr, "Comparing prices"))
    left_out = _named(options.leave_out, "--leave-out", [change.id for change in found if change.writes])
    found = [change for change in found if change.id not in left_out]
    open_ids = [change.id for change in anomalies(found)]
    reviewed = _named(options.reviewed, "--reviewed", open_ids)
    waiting = [name for name in open_ids if name not in reviewed]
    written = None if options.dry_run or waiting else _written(options, found, prices, today)
    document = {
        "package": prices.package, "version": prices.version, "day": prices.day.isoformat(),
        "changes": [change.to_dict() for change in found], "waiting": waiting, "dry_run": options.dry_run,
        "written": list(written.files) if written else [], "snapshot": written.snapshot if written else None,
    }  # fmt: skip
    show(options.json, lambda: document, lambda: refresh_text(found, prices, waiting, written))
    if waiting and not options.dry_run:
        raise Unusable(
            f"refresh found {len(waiting)} anomalies, listed on standard output, and wrote nothing; "
            "allowed: each of them named in --reviewed (right) or --leave-out (wrong)."
        )
    return 0


def progress_bar(stream: TextIO, label: str) -> Callable[[int, int], None] | None:
    """What draws a bar on a terminal; None elsewhere, so that logs and pipes stay clean."""
    if not stream.isatty():
        return None

    def draw(done: int, total: int) -> None:
        filled = _BAR_WIDTH * done // total
        bar = "#" * filled + "." * (_BAR_WIDTH - filled)
        stream.write(f"\r{label} [{bar}] {done}/{total}" + ("\n" if done == total else ""))
        stream.flush()

    return draw


def refresh_text(
    found: Sequence[Change], prices: PriceList, waiting: Sequence[str], written: Written | None
) -> str:
    """The list of changes for people: what needs a decision first, then kind by kind."""
    lines = [f"{prices.package} {prices.version}, dated {prices.day}: {_counted(found)}."]
    if waiting:
        lines += ["", "Needs a review (--reviewed ID,... if right, --leave-out ID,... if wrong):"]
        lines += [f"  {change.id}: {change.anomaly}" for change in found if change.id in waiting]
    for kind, title in _TITLES.items():
        shown = [change for change in found if change.kind == kind and _is_shown(change)]
        told = _unlisted(shown) if kind == "unknown-model" else [_line(change) for change in shown]
        if told:
            lines += ["", f"{title}:", *(f"  {line}" for line in told)]
    if written:
        files = ", ".join(written.files)
        lines += ["", f"Written: {files}; snapshot {written.snapshot}."]
    else:
        lines += ["", "Nothing was written."]
    return "\n".join(lines)


def _counted(found: Sequence[Change]) -> str:
    counts = Counter[str](change.kind for change in found)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in _TITLES if counts[kind])
    return told or "nothing new"


def _is_shown(change: Change) -> bool:
    """A model that is not in the catalog, or a sighting too early to enter, is only counted."""
    if change.kind == "unknown-model":
        return change.model is not None
    return change.kind != "seen-again" or change.writes


def _unlisted(shown: Sequence[Change]) -> list[str]:
    """A line per provider: there are too many to list, and --json has them all."""
    lines = []
    for provider, group in groupby(shown, key=lambda change: change.provider):
        names = [change.name for change in group]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        lines.append(f"{provider}: {', '.join(names[:_NAMED])}{more}")
    return lines


def _figures_line(change: Change) -> str:
    """The figures that are new or differ: cached_input 0.3 -> 0.14, batch_input 0.5."""
    told = []
    for name, value in change.after.items():
        old = change.before.get(name)
        if old != value:
            was = "" if old is None else f"{old:g} -> "
            told.append(f"{name.removesuffix('_usd_per_mtok')} {was}{value:g}")
    return ", ".join(told)


def _line(change: Change) -> str:
    from recommender.catalog.refresh import shown_price

    if change.found:
        return f"{change.provider}: {change.found}"
    parts = [f"{change.id} ({change.model})"]
    if change.kind == "new-figures":
        parts.append(_figures_line(change))
    elif change.after:
        before = f"{shown_price(change.before)} -> " if change.before else ""
        parts.append(f"{before}{shown_price(change.after)}")
    parts += [f"from {change.start}"] if change.start else []
    parts += [f"last seen {change.last_seen}"] if change.last_seen else []
    parts += [f"agrees with {change.agrees_with}"] if change.agrees_with else []
    parts += [f"DISAGREES with {change.disagrees_with}"] if change.disagrees_with else []
    parts += ["single source"] if change.after and not (change.agrees_with or change.disagrees_with) else []
    return "; ".join(parts)


def _today(text: str | None) -> date:
    """The day of --today; a command line, unlike the library, may look at the clock."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unusable(f"--today is {text[:40]!r}; allowed: a day as YYYY-MM-DD.") from None


def _prices(today: date) -> PriceList:
    from recommender.catalog.refresh_sources import PackageMissing, installed_prices

    try:
        return installed_prices(today)
    except PackageMissing as missing:
        raise Unusable(str(missing)) from None


def _refuse_older(tree: Any, prices: PriceList) -> None:
    from recommender.catalog.refresh import newest_sighting

    known = newest_sighting(tree, prices.package)
    if known is not None and prices.day < known:
        raise Unusable(
            f"{prices.package} {prices.version} is dated {prices.day}, older than its prices in data/; "
            f"allowed: a version dated {known} or later."
        )


def _named(text: str | None, option: str, allowed: Sequence[str]) -> set[str]:
    """The ids of an option; an id that this run does not have is refused."""
    names = [name for part in (text or "").split(",") if (name := part.strip())]
    unknown = [name for name in names if name not in allowed]
    if unknown:
        known = ", ".join(allowed[:5]) + (", ..." if len(allowed) > 5 else "")
        raise Unusable(f"{option} names {unknown[0][:80]!r}; allowed in this run: {known or 'none'}.")
    return set(names)


def _written(
    options: argparse.Namespace, found: Sequence[Change], prices: PriceList, today: date
) -> Written | None:
    from recommender.catalog.refresh_write import write_changes

    return write_changes(options.data, options.data.parent / "CHANGELOG.md", found, prices, today=today)
