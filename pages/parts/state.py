"""One visitor's answers, between the address and the pages, and the catalog that all visitors share.

The address is read at the start of a run and written at most once, by `begin`; everything in between
works on the answers kept in the session, so losing the session loses nothing.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

import recommender
from recommender import Answers, Catalog, Effect, Recommendation, words
from recommender.answers import resolve
from recommender.answers_fields import FIELDS
from recommender.catalog.snapshot import load_details
from recommender.share.link import OF_THE_APP, LinkError, Notice, decode, encode

LOG = logging.getLogger("openweigh")
# Streamlit gives a link to the page one is on to the script, but leaves the address as it was. Such
# links carry this key, so that we know to write the address ourselves.
SAME_PAGE = "page"
_ERROR_ID_BYTES = 4
_KEPT_LINKS = 100
_LINK_KEYS = frozenset({"v", "c", "k", *(spec.link for spec in FIELDS)})
Pairs = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from."""

    title: str
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page may know about this visitor."""

    answers: Answers
    notices: tuple[str, ...]  # what the link held that we could not use
    refused: str | None  # why the whole link could not be read
    link_catalog: str | None  # the catalog version the link was made with, where it is not today's
    result_first: bool  # opened with answers in the link: show the result before the questions


@st.cache_resource(show_spinner=False)
def _loaded() -> tuple[Catalog, Mapping[str, Any]]:
    """The newest catalog with its details, read together and once per process: a snapshot that is built
    anew while the app runs replaces the files, and the app goes on with what it has."""
    newest = recommender.load_catalog()
    known = newest, load_details(newest.version)
    gc.freeze()  # a million objects that stay: a full collection need not walk them again
    return known


def catalog() -> Catalog:
    """The newest catalog."""
    return _loaded()[0]


def details() -> Mapping[str, Any]:
    """Every fact of the catalog with its source and day."""
    return _loaded()[1]


@st.cache_resource(show_spinner=False)
def sources() -> Mapping[str, Source]:
    """Every source of the catalog by its key."""
    listed = details()["sources"]
    return {
        key: Source(title=str(entry["title"]), address=entry.get("address")) for key, entry in listed.items()
    }


def say(sentence: str, /, **params: Any) -> str:
    """A sentence of data/strings in the language of the page."""
    return words.say(catalog().vocabulary["strings"]["en"], sentence, **params)


def day() -> date:
    """The day that questions are asked on: today, or the catalog's day where that is later."""
    return max(date.today(), catalog().date)


def dated(answers: Answers) -> Answers:
    """The answers with the day they are judged on; a link without it would show another day's result."""
    return answers if answers.as_of is not None else answers.changed(as_of=day().isoformat())


def recommended(answers: Answers) -> Recommendation:
    """The recommendation for these answers today, from a cache that all visitors share."""
    return _recommended(catalog().version, json.dumps(dated(answers).to_dict()))


@st.cache_resource(show_spinner=False, max_entries=64)
def _recommended(version: str, answers: str) -> Recommendation:
    return recommender.recommend(json.loads(answers), catalog=catalog())


def effect(answers: Answers) -> Effect:
    """What these answers take out, from a cache that all visitors share."""
    return _effect(catalog().version, json.dumps(dated(answers).to_dict()))


@st.cache_resource(show_spinner=False, max_entries=256)
def _effect(version: str, answers: str) -> Effect:
    return recommender.effect_of(Answers.parse(json.loads(answers)), catalog())


def link_of(answers: Answers) -> str | None:
    """The query that shows these answers again; None when they are too long for a link."""
    return link_to_share(answers) if answers.to_dict() else ""


def link_to_share(answers: Answers) -> str | None:
    """The same, with the day and the catalog even where nothing is answered yet."""
    with contextlib.suppress(LinkError):
        return encode(dated(answers), catalog_version=catalog().version)
    return None


def query_of(answers: Answers, **app_keys: str) -> dict[str, str]:
    """The same as parameters of st.page_link; `app_keys` such as id=... are put in front."""
    return {**app_keys, **_pairs_of_link(link_of(answers) or "")}


def _pairs_of_link(link: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in link.split("&") if part)
    return {key: value for key, _, value in pairs}


def tail_of(answers: Answers) -> str:
    """What carries the answers along behind `model?id=...`: empty, or a query that begins with &."""
    link = link_of(answers)
    return f"&{link}" if link else ""


def current() -> Answers:
    """The visitor's answers as they are now."""
    return Answers.parse(st.session_state.get("answers", {}))


def begin(*, on_find: bool) -> View:
    """Read the address into the answers if it is new, or write the answers to it if they are."""
    pairs = _pairs_of_address(only_known=not on_find)
    session = st.session_state
    if session.pop("answers_changed", False):
        if on_find:
            _write_address()
    elif pairs != session.get("pairs") and (pairs or on_find):
        _adopt(pairs)
        if SAME_PAGE in st.query_params:
            _write_address()
    return view()


def view() -> View:
    """What `begin` found in this run."""
    session = st.session_state
    return View(
        answers=current(),
        notices=tuple(_told(notice) for notice in session.get("notices", [])),
        refused=_told(session["refused"]) if session.get("refused") else None,
        link_catalog=session.get("link_catalog"),
        result_first=session.get("result_first", False),
    )


def put(changes: Mapping[str, Any]) -> None:
    """Answer, change or clear (None) questions. What cannot be used is kept as a fault of its question."""
    session = st.session_state
    asked = {**session.get("answers", {}), **changes}
    answers, found = Answers.parse_all(asked)
    session["answers"] = answers.to_dict()
    faults = {key: text for key, text in session.get("faults", {}).items() if key not in changes}
    for fault in found:
        faults[fault.field.split("[")[0].split(".")[0]] = fault.allowed
    session["faults"] = faults
    session["notices"], session["refused"], session["link_catalog"] = [], None, None
    session["answers_changed"] = True


def replace_all(answers: Answers) -> None:
    """Take a whole set of answers, as from a file; the widgets are drawn anew."""
    put({**dict.fromkeys(st.session_state.get("answers", {})), **answers.to_dict()})
    forget_widgets()


def forget_widgets() -> None:
    """Let every question show the answers again rather than what was last typed."""
    for key in [key for key in st.session_state if str(key).startswith("w_")]:
        del st.session_state[key]
    st.session_state["faults"] = {}


def faults() -> Mapping[str, str]:
    """What is allowed, for each question whose typed value cannot be used."""
    found: Mapping[str, str] = st.session_state.get("faults", {})
    return found


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Turn what a page did not expect into a short message with an id; the traceback goes to the log."""
    try:
        yield
    except Exception:
        error = secrets.token_hex(_ERROR_ID_BYTES)
        LOG.exception("Uncaught app execution: error %s", error)
        with st.container(key="crash"):
            st.error(say("page.common.crash", error=error))
            st.page_link(
                "pages/find.py", label=say("page.common.crash_back"), query_params=query_of(current())
            )


def _pairs_of_address(*, only_known: bool) -> Pairs:
    """The part of the address that concerns the answers."""
    pairs = {key: st.query_params.get_all(key) for key in st.query_params if key not in OF_THE_APP}
    return {key: value for key, value in pairs.items() if not only_known or key in _LINK_KEYS}


def _adopt(pairs: Pairs) -> None:
    """Take the answers of an address that we did not write ourselves in this run."""
    session = st.session_state
    session["pairs"] = pairs
    session["notices"], session["refused"], session["link_catalog"] = [], None, None
    forget_widgets()
    try:
        decoded = decode(pairs)
    except LinkError as error:
        session["answers"], session["refused"] = {}, _plain(error.notice)
        return
    answers, unknown = resolve(decoded.answers, catalog())
    dropped = {fault.field.split("[")[0]: fault for fault in unknown}
    kept = {key: value for key, value in answers.to_dict().items() if key not in dropped}
    if kept.get("as_of") == day().isoformat():
        del kept["as_of"]
    session["answers"] = kept
    session["notices"] = [_plain(notice) for notice in decoded.notices]
    session["notices"] += [("page.find.unknown_id", {"fault": fault.sentence()}) for fault in unknown]
    if decoded.catalog_version not in (None, catalog().version):
        session["link_catalog"] = decoded.catalog_version
    if pairs not in session.get("own_links", []):
        session["result_first"] = bool(kept)


def _write_address() -> None:
    """Put the answers into the address; the browser keeps the old address as a step back."""
    link = link_of(current())
    if link is None:
        return
    query = _pairs_of_link(link)
    pairs = {key: [value] for key, value in query.items()}
    session = st.session_state
    session["own_links"] = [*session.get("own_links", []), session.get("pairs", {}), pairs][-_KEPT_LINKS:]
    session["pairs"] = pairs
    app_keys = OF_THE_APP - {SAME_PAGE}
    kept = {key: st.query_params.get_all(key) for key in st.query_params if key in app_keys}
    st.query_params.from_dict({**kept, **query})


def _plain(notice: Notice) -> tuple[str, dict[str, str]]:
    return notice.id, dict(notice.params)


def _told(notice: tuple[str, dict[str, str]]) -> str:
    return say(notice[0], **notice[1])


def answers_of(mapping: Mapping[str, Any]) -> Answers:
    """The answers of a mapping in data/, such as an example."""
    return Answers.parse(mapping)
