"""The command line: `python -m recommender <command>`. Thin: each command calls the library and prints.

Exit 0 on success; 2 on input that cannot be used, with one line on standard error.
Modules are imported inside the commands, so that a wrong flag is answered at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from recommender.cli_common import Unusable, answers_in, catalog_in, model_named, require_folder, show

UNUSABLE = 2


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        raise Unusable(f"{message}. See `python -m recommender --help`.")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code."""
    from recommender.catalog.faults import CatalogError

    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except SystemExit:  # --help was asked for and given
        return 0
    except BrokenPipeError:
        raise
    except Unusable as error:
        sentence = str(error)
    except CatalogError as error:
        more = len(error.faults) - 1
        rest = f" And {more} more: `python -m recommender validate` lists them." if more else ""
        sentence = f"{error.faults[0]}{rest}"
    except OSError as error:
        sentence = f"{error.filename or 'a file'} cannot be used: {error.strerror or error}."
    print("recommender: " + " ".join(sentence.split()), file=sys.stderr)
    return UNUSABLE


def _run(argv: list[str]) -> int:
    if not argv:
        raise Unusable(f"command is missing; allowed: {', '.join(COMMANDS)}.")
    parser = _parser()
    options, unknown = parser.parse_known_args(argv)
    if unknown:
        known = ", ".join(
            sorted(f for a in options.parser._actions for f in a.option_strings if f[:2] == "--")
        )
        extra = " ".join(unknown)[:80]
        raise Unusable(f"{options.command} does not take {extra!r}; allowed besides its arguments: {known}.")
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m recommender", description="Which language model fits, and why.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, (run, about, arguments) in COMMANDS.items():
        one = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        one.add_argument("--json", action="store_true", help="one JSON document instead of text")
        one.add_argument(
            "--data", type=Path, default=_data_dir(), metavar="FOLDER", help="the catalog's folder"
        )
        for argument in arguments:
            one.add_argument(argument, **_ARGUMENTS[argument])
        one.set_defaults(run=run, parser=one)
    return parser


def _data_dir() -> Path:
    return Path(__file__).resolve().parents[1] / "data"


_ARGUMENTS: dict[str, dict[str, Any]] = {
    "--answers": {"required": True, "metavar": "FILE", "help": "YAML or JSON; - is standard input"},
    "--as-of": {"metavar": "YYYY-MM-DD", "help": "the day to look from; default: the catalog's"},
    "--if-changed": {
        "action": "store_true",
        "help": "only when the YAML files are not those of the snapshot",
    },
    "--dry-run": {"action": "store_true", "help": "only print what would change"},
    "--reviewed": {"metavar": "ID,...", "help": "anomalies that a person has found right"},
    "--leave-out": {"metavar": "ID,...", "help": "changes that a person has found wrong"},
    "--today": {"metavar": "YYYY-MM-DD", "help": "the day of the run; default: the clock's"},
    "id": {"metavar": "ID", "help": "a model id or alias"},
    "query": {"metavar": "QUERY", "help": "the query string or address of a result link"},
}


def _recommend(options: argparse.Namespace) -> int:
    from recommender import recommend
    from recommender.cli_recommend import recommendation_text

    catalog = catalog_in(options.data)
    answers = answers_in(options.answers, catalog, options.as_of)
    made = _linked(lambda: recommend(answers, catalog=catalog), catalog)
    show(options.json, made.to_dict, lambda: recommendation_text(made, catalog))
    return 0


def _linked(make: Any, catalog: Any) -> Any:
    """What `make` gives; answers that no link can hold are refused in the link's own words."""
    from recommender.share.link import LinkError

    try:
        return make()
    except LinkError as error:
        raise Unusable(_notice_text(error.notice, catalog)) from None


def _notice_text(notice: Any, catalog: Any) -> str:
    from recommender import words

    strings = {key: text for part in catalog.vocabulary["strings"].values() for key, text in part.items()}
    return words.say(strings, notice.id, **notice.params)


def _link(options: argparse.Namespace) -> int:
    from recommender.share.link import encode

    catalog = catalog_in(options.data)
    answers = answers_in(options.answers, catalog, options.as_of)
    query = _linked(lambda: encode(answers, catalog_version=catalog.version), catalog)
    document = {"link": query, "address": f"/?{query}", "catalog_version": catalog.version}
    show(options.json, lambda: document, lambda: query)
    return 0


def _unlink(options: argparse.Namespace) -> int:
    from recommender.share.link import decode

    catalog = catalog_in(options.data)
    read = _linked(lambda: decode(options.query), catalog)
    notices = [
        {"id": notice.id, "params": dict(notice.params), "text": _notice_text(notice, catalog)}
        for notice in read.notices
    ]
    document = {
        "answers": read.answers.to_dict(), "catalog_version": read.catalog_version, "version": read.version,
        "intact": read.intact, "notices": notices,
    }  # fmt: skip
    show(options.json, lambda: document, lambda: _unlink_text(document))
    return 0


def _unlink_text(document: dict[str, Any]) -> str:
    lines = [f"{key}: {value}" for key, value in document["answers"].items()] or ["No question is answered."]
    lines += [f"Made with catalog {document['catalog_version']}."] if document["catalog_version"] else []
    return "\n".join([*lines, *(f"Note: {notice['text']}" for notice in document["notices"])])


def _models(options: argparse.Namespace) -> int:
    from recommender.cli_models import models_document, models_text

    rows = models_document(catalog_in(options.data), _day(options.as_of))
    show(options.json, lambda: rows, lambda: models_text(rows))
    return 0


def _model(options: argparse.Namespace) -> int:
    from recommender.catalog.snapshot import load_details
    from recommender.cli_models import model_document, model_text

    catalog = catalog_in(options.data)
    found = model_named(catalog, options.id)
    details = load_details(catalog.version, data_dir=options.data)
    document = model_document(found, catalog, details, _day(options.as_of))
    show(options.json, lambda: document, lambda: model_text(document, details))
    return 0


def _why(options: argparse.Namespace) -> int:
    from recommender.cli_why import why_document, why_text

    catalog = catalog_in(options.data)
    found = model_named(catalog, options.id)
    answers = answers_in(options.answers, catalog, options.as_of)
    document = _linked(lambda: why_document(found, answers, catalog), catalog)
    show(options.json, lambda: document, lambda: why_text(document))
    return 0


def _day(text: str | None) -> Any:
    """The day of --as-of, checked as the answer of that name is."""
    from recommender.answers import Answers, AnswersError

    try:
        return Answers.parse({"as_of": text}).as_of
    except AnswersError as error:
        raise Unusable(str(error)) from None


def _vocabulary(options: argparse.Namespace) -> int:
    from recommender.cli_vocabulary import TEXTS

    content = catalog_in(options.data).vocabulary[options.command]
    show(options.json, lambda: content, lambda: TEXTS[options.command](content))
    return 0


def _validate(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from recommender.catalog.load import validate

    require_folder(options.data)
    faults = validate(options.data)
    document = {"faults": [asdict(fault) for fault in faults], "count": len(faults)}
    show(
        options.json,
        lambda: document,
        lambda: "\n".join(map(str, faults)) or "No fault in the whole of data/.",
    )
    if not faults:
        return 0
    raise Unusable(f"{options.data} holds {len(faults)} faults, listed on standard output; allowed: none.")


def _snapshot(options: argparse.Namespace) -> int:
    from recommender.catalog.build import write_snapshot
    from recommender.catalog.snapshot import newest_snapshot

    require_folder(options.data)
    current = newest_snapshot(options.data / "snapshots")
    rebuilt = not (options.if_changed and current is not None and _is_sound(options.data))
    path = write_snapshot(options.data) if rebuilt else current
    document = {"path": str(path), "version": Path(str(path)).stem, "rebuilt": rebuilt}
    show(options.json, lambda: document, lambda: f"{path} {'written' if rebuilt else 'is current'}.")
    return 0


def _is_sound(folder: Path) -> bool:
    """Whether the newest snapshot can be read and was built from the YAML files as they are."""
    from recommender.catalog.build import snapshot_is_current
    from recommender.catalog.faults import CatalogError

    try:
        catalog_in(folder)
        return snapshot_is_current(folder)
    except (Unusable, CatalogError, ValueError, AttributeError):
        return False


def _refresh(options: argparse.Namespace) -> int:
    from recommender.cli_refresh import refresh

    return refresh(options)


COMMANDS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "recommend": (_recommend, "the recommendation for these answers", ("--answers", "--as-of")),
    "link": (_link, "answers as the query string of a result link", ("--answers", "--as-of")),
    "unlink": (_unlink, "the answers of a result link, with notices", ("query",)),
    "models": (_models, "every model", ("--as-of",)),
    "model": (_model, "all facts of one model with source and day", ("id", "--as-of")),
    "why": (_why, "why a model is, or is not, where it is", ("id", "--answers", "--as-of")),
    "rules": (_vocabulary, "the hard limits, as loaded", ()),
    "criteria": (_vocabulary, "what candidates are judged by, as loaded", ()),
    "questions": (_vocabulary, "what is asked, as loaded", ()),
    "validate": (_validate, "checks the whole of data/", ()),
    "snapshot": (_snapshot, "builds data/snapshots from the YAML files", ("--if-changed",)),
    "refresh": (
        _refresh,
        "takes newer prices and dates from the installed price package",
        ("--dry-run", "--reviewed", "--leave-out", "--today"),
    ),
}
