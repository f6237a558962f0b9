"""What the commands share: unusable input, the catalog, files, and the one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommender.answers import Answers
    from recommender.catalog.types import Catalog, Model


class Unusable(Exception):
    """Input that cannot be used. The message is one line: what, what was found, what is allowed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(" ".join(sentence.split()))


def show(as_json: bool, document: Callable[[], Any], text: Callable[[], str]) -> None:
    """One JSON document, or text for people, on standard output."""
    print(dumped(document()) if as_json else text().rstrip())


def dumped(document: Any) -> str:
    """The one way a document is written: finite numbers, characters beyond ASCII escaped."""
    return json.dumps(document, indent=2, allow_nan=False)


def catalog_in(folder: Path) -> Catalog:
    """The newest snapshot of a data folder."""
    from recommender.catalog.snapshot import load_catalog, newest_snapshot

    require_folder(folder)
    path = newest_snapshot(folder / "snapshots")
    if path is None:
        remedy = "Run `python -m recommender snapshot`."
        raise Unusable(f"{folder / 'snapshots'} holds no snapshot; allowed: a snapshot of data/. {remedy}")
    try:
        return load_catalog(path)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        remedy = "Remove it and run `python -m recommender snapshot`."
        found = f"{type(error).__name__}: {error}"[:80]
        raise Unusable(f"{path} is damaged ({found}); allowed: a snapshot of data/. {remedy}") from None


def require_folder(folder: Path) -> None:
    """Refuses a data folder that is not there."""
    if not folder.is_dir():
        raise Unusable(
            f"--data is {str(folder)!r}, which is no folder; allowed: the folder with the catalog."
        )


def answers_in(path: str, catalog: Catalog, as_of: str | None) -> Answers:
    """The answers of a file (`-` = standard input), ids checked and aliases replaced; `as_of` goes first."""
    from recommender.answers import AnswersError, read_answers, resolve

    name = "standard input" if path == "-" else path
    try:
        answers = read_answers(text_of(path), where=name)
        if as_of is not None:
            answers = answers.changed(as_of=as_of)
    except AnswersError as error:
        raise Unusable(str(error)) from None
    resolved, faults = resolve(answers, catalog)
    if faults:
        raise Unusable(str(AnswersError(faults)))
    return resolved


def text_of(path: str) -> str:
    """The text of a file or of standard input, as UTF-8."""
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Unusable(f"--answers {path!r} is no text; allowed: a YAML or JSON file in UTF-8.") from None
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or str(error)
        raise Unusable(
            f"--answers {path!r} cannot be read ({found}); "
            "allowed: a YAML or JSON file, or - for standard input."
        ) from None


def model_named(catalog: Catalog, name: str) -> Model:
    """The model of an id or an alias, or a refusal with the nearest names."""
    from recommender.answers_values import shown

    typed = name.strip().lower()
    found = catalog.models.get(typed) or catalog.models.get(catalog.aliases.get(typed, ""))
    if found is not None:
        return found
    if typed in catalog.tombstones:
        raise Unusable(f"ID is {shown(name)}, which was removed: {catalog.tombstones[typed]}")
    close = nearest_ids(catalog, typed)
    hint = f"; nearest: {', '.join(close)}" if close else ""
    raise Unusable(
        f"ID is {shown(name)}, which is no model of the catalog{hint}; "
        "allowed: an id or alias listed by `python -m recommender models`."
    )


def nearest_ids(catalog: Catalog, typed: str) -> list[str]:
    """Up to three ids whose own or other names are close to what was typed."""
    from difflib import get_close_matches

    names = {**catalog.aliases, **{key: key for key in catalog.models}}
    names |= {key.partition("/")[2]: key for key in catalog.models}
    close = get_close_matches(typed[:100], names, n=12, cutoff=0.6)
    return list(dict.fromkeys(names[name] for name in close))[:3]
