"""The frame of every page: where one can go, with the answers carried along, and what the data is."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts import ages, state
from pages.parts.text import safe
from recommender import Answers

ROOT = Path(__file__).resolve().parents[2]
PAGE_WIDTH = 1120  # px: three cards side by side, and lines that are still easy to read
_PAGES = ("find", "explore", "compare", "models", "model", "learn", "data", "group", "machine")
HOME = "find"
_ONLY_BY_LINK = frozenset({"model"})


def exists(name: str) -> bool:
    """Whether this page is built."""
    return (ROOT / "pages" / f"{name}.py").exists()


def pages() -> list[st.Page]:
    """The pages that exist, under their addresses."""
    return [
        st.Page(
            f"pages/{name}.py", title=_title(name), default=name == HOME,
            url_path=None if name == HOME else name,
            visibility="hidden" if name in _ONLY_BY_LINK else "visible",
        )
        for name in _PAGES
        if exists(name)
    ]  # fmt: skip


def header(answers: Answers) -> None:
    """The row of pages, above everything else, and whether the data is too old."""
    with st.container(key="nav", horizontal=True, gap="small"):
        for name in _PAGES:
            if exists(name) and name not in _ONLY_BY_LINK:
                link(name, _title(name), answers)
    ages.banner()


def link(name: str, label: str, answers: Answers, **app_keys: str) -> None:
    """A link to a page that keeps the answers; nothing where the page is not built."""
    if exists(name):
        st.page_link(f"pages/{name}.py", label=label, query_params=state.query_of(answers, **app_keys))


def footer(answers: Answers) -> None:
    """How old the data is, how we score, where to report an error."""
    catalog = state.catalog()
    found = ages.of_catalog(catalog.version, state.day())
    st.divider()
    with st.container(key="footer", horizontal=True, vertical_alignment="center"):
        st.caption(
            safe(
                state.say(
                    "page.common.footer",
                    catalog=catalog.version.partition("-")[0].replace(".", "-"),
                    models=len(catalog.models),
                    newest=found.newest,
                    age=ages.in_words(found.newest),
                    oldest=found.oldest,
                )
            ),
            width="content",
        )
        link("learn", state.say("page.common.how_we_score"), answers)


def _title(name: str) -> str:
    return state.say(f"page.common.nav_{name}")
