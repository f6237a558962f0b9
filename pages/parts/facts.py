"""Models in words and in tables: what Explore, Models and the model page share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import nav, state
from pages.parts.figures import MARKS
from pages.parts.text import safe
from recommender import words
from recommender.catalog.selection import Selection, write
from recommender.catalog.tables import Classes, Row, metadata, to_csv
from recommender.catalog.tables import rows as rows_of
from recommender.catalog.types import Ability, Missing, ModelClass
from recommender.decide.facets import model_class

say = state.say
SHORT, TALL = 10, 420  # rows a table shows without scrolling; height in px of a longer one


@st.cache_resource(show_spinner=False, max_entries=2)
def _rows(version: str) -> tuple[Row, ...]:
    return rows_of(state.catalog(), classes())


def rows() -> tuple[Row, ...]:
    """Every model of the catalog, the newest first; made once per catalog."""
    return _rows(state.catalog().version)


def classes() -> Classes:
    """The class of every model by the one rule of data/rules.yaml."""
    catalog = state.catalog()
    rule = catalog.vocabulary["rules"]["class"]
    return {key: model_class(model, rule) for key, model in catalog.models.items()}


def class_names() -> Mapping[ModelClass, str]:
    """The classes in their order, in words."""
    return {each: say(f"page.common.class_{each}") for each in ModelClass}


def class_word(each: ModelClass | None) -> str:
    """The class with its symbol."""
    name = class_names()[each] if each else missing_word(Missing.UNCHECKED)
    return f"{MARKS[each].letter} {name}"


def missing_word(kind: str) -> str:
    """Not disclosed, Not applicable or Not checked yet: three kinds, never merged."""
    return say(f"page.models.missing_{kind}")


def status_word(status: str) -> str:
    """What the status of a model means."""
    return say(f"page.models.status_{status}")


def ability_words(ability: Ability) -> str:
    """An ability with its interval and grade: '1,446 (1,436 to 1,456, grade A)'."""
    parts = {name: words.number(getattr(ability, name)) for name in ("likely", "low", "high")}
    return say("page.models.ability_cell", grade=ability.grade, **parts)


def price_words(row: Row) -> str:
    """A price with what it is: first-party or the median of hosts."""
    if row.price is None:
        return missing_word(row.missing["price"])
    basis = "first_party" if row.price.first_party else "median"
    figure = words.money(row.price.usd_per_mtok)
    return say(f"page.models.price_{basis}", figure=figure, hosts=row.price.hosts)


def size_words(row: Row) -> str:
    """Total parameters, or why there is no figure."""
    if row.parameters_total is None:
        return missing_word(row.missing["parameters_total"])
    return words.parameters(row.parameters_total)


def source_words(key: str | None) -> str:
    """The title of a source."""
    known = state.sources().get(key or "")
    return known.title if known else say("page.common.no_source")


# Width and decimals of the number columns. Numbers are text of one width with spaces in front, so that they
# sort as numbers beside the three words for a missing one; a number column has but one word for all gaps.
_WIDTH = 12
_DECIMALS: Mapping[str, int] = {
    "parameters_total": 3,
    "parameters_active": 3,
    "context_tokens": 0,
    "openness": 0,
    "ability": 0,
    "price": 3,
}
_IN_BILLIONS = ("parameters_total", "parameters_active")


def _cells(row: Row, answers: str) -> dict[str, Any]:
    """One line of the table, in its order of columns; `answers` is the tail that carries them along."""
    figures = {
        "parameters_total": row.parameters_total,
        "parameters_active": row.parameters_active,
        "openness": row.openness,
        "ability": row.ability.likely if row.ability else None,
        "price": row.price.usd_per_mtok if row.price else None,
        "context_tokens": row.context_tokens,
    }
    shown = {field: _number(row, field, value) for field, value in figures.items()}
    return {
        "name": row.name,
        "open": f"model?id={row.id}{answers}",
        "class": class_word(row.model_class),
        "developer": row.developer_name,
        **{field: shown[field] for field in ("parameters_total", "parameters_active", "openness")},
        "openness_basis": say(f"page.models.rated_{row.openness_basis}") if row.openness_scale else "",
        "ability": shown["ability"],
        "grade": row.ability.grade if row.ability else "",
        "price": shown["price"],
        "price_basis": say(_basis(row)) if row.price else "",
        "context_tokens": shown["context_tokens"],
        "licence": row.licence_name or missing_word(row.missing["licence"]),
        "released": row.released,
        "status": status_word(row.status),
        "id": row.id,
    }


def _number(row: Row, field: str, value: float | None) -> str:
    if value is None:
        return missing_word(row.missing[field])
    figure = value / words.BILLION if field in _IN_BILLIONS else value
    return f"{figure:{_WIDTH},.{_DECIMALS[field]}f}"


def _basis(row: Row) -> str:
    first = row.price is not None and row.price.first_party
    return "page.models.basis_first_party" if first else "page.models.basis_median"


def _columns() -> Mapping[str, Any]:
    config = st.column_config
    named = {name: say(f"page.models.column_{name}") for name in _cells(rows()[0], "")}
    explained = ("openness", "ability", "price", "parameters_active")
    helps = {name: say(f"page.models.help_{name}") for name in explained}
    made = {name: config.Column(label) for name, label in named.items()}
    made["name"] = config.TextColumn(named["name"], pinned=True)
    made["open"] = config.LinkColumn(named["open"], display_text=say("page.models.open_link"), width="small")
    for name in _DECIMALS:
        made[name] = config.TextColumn(named[name], help=helps.get(name), alignment="right")
    made["released"] = config.DateColumn(named["released"], format="YYYY-MM-DD")
    return made


def table(shown: Sequence[Row], *, key: str, alt: str, height: int = TALL) -> None:
    """The rows as a table that the reader can sort; it scrolls inside its own box."""
    if shown:
        tail = state.tail_of(state.current())
        st.dataframe(
            pd.DataFrame([_cells(row, tail) for row in shown]), key=key, alt=alt, hide_index=True,
            column_config=_columns(), height=height if len(shown) > SHORT else "content",
        )  # fmt: skip


def downloads(shown: Sequence[Row], wanted: Selection, *, name: str) -> None:
    """The rows as CSV, and what they are as JSON: `name` begins the names of both files."""
    about = metadata(state.catalog(), shown, selection=write(wanted))
    st.download_button(
        say("page.explore.csv", count=len(shown)), to_csv(shown), file_name=f"{name}.csv",
        mime="text/csv", on_click="ignore", key="csv",
    )  # fmt: skip
    st.download_button(
        say("page.explore.metadata"), json.dumps(about, indent=2, ensure_ascii=False),
        file_name=f"{name}.json", mime="application/json", on_click="ignore", key="json",
    )  # fmt: skip


def links(model_ids: Sequence[str]) -> None:
    """Links to the pages of models, one under another, that keep the visitor's answers."""
    models = state.catalog().models
    for model_id in model_ids:
        nav.link("model", safe(models[model_id].name), state.current(), id=model_id)
