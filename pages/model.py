"""One model: every fact of the catalog about it, with value, kind, source and day."""

from __future__ import annotations

import streamlit as st

from pages.parts import ages, facts, frame, nav, state
from pages.parts.model_sections import (
    ability,
    everything,
    facts_table,
    files,
    licence_and_developer,
    openness,
    prices,
    promises,
    scores,
    speeds,
)
from pages.parts.text import safe
from recommender import words
from recommender.catalog.tables import Row, nearest, resolve
from recommender.catalog.types import Model

say = state.say
CARD_WIDTH = 165  # px: two beside each other on a phone, five on a desk
LONGEST = 100  # characters of an unknown id that are shown again


def page() -> None:
    """The model that the address names, or the nearest names."""
    asked = st.query_params.get("id", "")
    model_id = resolve(state.catalog(), asked)
    if model_id is None:
        _unknown(asked)
    else:
        _model(state.catalog().models[model_id], asked)


def _unknown(asked: str) -> None:
    st.title(say("page.model.unknown_title"))
    catalog = state.catalog()
    if not asked.strip():
        st.markdown(say("page.model.none_asked"))
    else:
        st.markdown(say("page.model.unknown", asked=safe(asked[:LONGEST])))
        if asked in catalog.tombstones:
            st.markdown(say("page.model.removed", reason=safe(catalog.tombstones[asked])))
        near = nearest(catalog, asked)
        if near:
            st.markdown(say("page.model.nearest"))
            facts.links(near)
    nav.link("models", say("page.model.to_table"), state.current())


def _model(model: Model, asked: str) -> None:
    row = next(row for row in facts.rows() if row.id == model.id)
    st.title(safe(model.name), anchor=False)
    if asked not in (model.id, ""):
        st.caption(say("page.model.by_alias", asked=safe(asked[:LONGEST]), id=safe(model.id)))
    _head(model, row)
    _ending(model)
    with st.container(horizontal=True):
        nav.link("compare", say("page.model.compare"), state.current(), m=model.id)
        nav.link("models", say("page.model.to_table"), state.current())
    about = everything(state.catalog().version, model.id)
    facts_table(about)
    ability(model)
    scores(about)
    prices(about)
    ages.old_prices(model.id)
    openness(model, about)
    files(about)
    promises(about)
    speeds(about)
    licence_and_developer(about)
    st.header(say("page.model.aliases"))
    st.markdown(safe(" · ".join([model.id, *model.aliases])))


def _head(model: Model, row: Row) -> None:
    licence = row.licence_name or facts.missing_word(row.missing["licence"])
    line = " · ".join([facts.class_word(row.model_class), row.developer_name, licence])
    st.markdown(f"**{safe(line)}**")
    openness = facts.missing_word(row.missing["openness"]) if row.openness is None else f"{row.openness:.0f}"
    rated = say("page.model.of_dimensions", rated=row.dimensions_rated) if row.dimensions_rated else ""
    context = facts.missing_word(row.missing["context_tokens"]) if row.context_tokens is None else ""
    figures = [
        ("parameters", facts.size_words(row), _active(row)),
        ("openness", openness, rated),
        ("context", context or f"{row.context_tokens:,}", say("page.model.tokens")),
        ("released", model.released.isoformat(), ""),
        ("status", facts.status_word(model.status), ""),
    ]
    with st.container(horizontal=True, key="head"):
        for name, figure, note in figures:
            with st.container(width=CARD_WIDTH, height="stretch", border=True, gap=None):
                st.markdown(f":small[{safe(say(f'page.model.head_{name}'))}]")
                st.markdown(f"**{safe(figure)}**")
                if note:
                    st.markdown(f":small[{safe(note)}]")


def _active(row: Row) -> str:
    if row.parameters_active is None:
        return ""
    return say("page.model.active", size=words.parameters(row.parameters_active))


def _ending(model: Model) -> None:
    """Until when it can be used, and what takes its place."""
    if model.ends is None and model.status not in ("retired", "deprecated", "never-released"):
        return
    today = state.day()
    if model.status == "never-released":
        st.warning(say("page.model.never"))
    elif model.status == "retired" or (model.ends is not None and model.ends < today):
        st.warning(say("page.model.ended" if model.ends else "page.model.ended_undated", day=model.ends))
    elif model.ends is not None:
        st.warning(say("page.model.ends", day=model.ends))
    else:
        st.warning(say("page.model.deprecated"))
    if model.successor in state.catalog().models:
        st.markdown(say("page.model.replaced_by"))
        facts.links([model.successor])
    elif model.status != "never-released":
        st.markdown(say("page.model.no_successor"))


frame.show(page)
