"""The filters above a table or chart. The address is their only memory: widgets show what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from pages.parts import facts, state
from pages.parts.text import safe
from recommender.catalog.selection import KEYS, ORDERS, SCALES, Selection, read, write
from recommender.catalog.tables import LICENCE_KINDS
from recommender.catalog.types import ModelClass
from recommender.catalog.view_query import TEXT_MAX

say = state.say
_PREFIX = "x_"


def selection() -> Selection:
    """What the address asks for; parts of it that cannot be used are named on the page."""
    query = {key: st.query_params[key] for key in st.query_params if key.startswith(_PREFIX)}
    found, bad = read(query, {row.developer for row in facts.rows()})
    for each in bad:
        st.warning(
            say(
                "page.explore.bad_value",
                key=safe(each.key),
                found=safe(each.found),
                allowed=safe(each.allowed),
            )
        )
    return found


def _kept() -> dict[str, Any]:
    """The part of the address that is not ours."""
    return {key: st.query_params.get_all(key) for key in st.query_params if not key.startswith(_PREFIX)}


def _changed(field: str) -> None:
    """Write one changed filter into the address."""
    found, _ = read(
        {key: st.query_params[key] for key in st.query_params if key in KEYS.values()},
        {row.developer for row in facts.rows()},
    )
    value = st.session_state[KEYS[field]]
    if isinstance(value, list):
        value = tuple(value)
    changed = {name: getattr(found, name) for name in KEYS} | {
        field: value if value is not None else _default(field)
    }
    st.query_params.from_dict({**_kept(), **write(Selection(**changed))})


def _default(field: str) -> Any:
    return getattr(Selection(), field)


def reset() -> None:
    """Forget every filter, and nothing else."""
    st.query_params.from_dict(_kept())


def _widget(draw: Callable[..., Any], field: str, value: Any, label: str, **options: Any) -> None:
    """One filter: shows the value of the address, and writes to it when the reader changes it."""
    key = KEYS[field]
    st.session_state[key] = value
    draw(label, key=key, on_change=_changed, args=(field,), **options)


def _developers() -> Mapping[str, str]:
    names = {row.developer: row.developer_name for row in facts.rows()}
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


# Streamlit keeps these in the session, where a lambda could not be stored.
def _view_name(view: str) -> str:
    return say(f"page.explore.view_{view}")


def _class_name(each: str) -> str:
    return facts.class_word(ModelClass(each))


def _licence_name(kind: str) -> str:
    return say(f"page.explore.licence_{kind}")


def _order_name(order: str) -> str:
    return say(f"page.models.order_{order}")


def _scale_name(scale: str) -> str:
    return say(f"page.explore.scale_{scale}")


def scale(chosen: Selection) -> None:
    """Whose openness ratings to draw."""
    _widget(
        st.segmented_control, "scale", chosen.scale, say("page.explore.scale"), options=list(SCALES),
        format_func=_scale_name, required=True, help=say("page.explore.scale_help"),
    )  # fmt: skip


def view(chosen: Selection, options: Sequence[str]) -> None:
    """Which chart to show."""
    _widget(
        st.segmented_control,
        "view",
        chosen.view,
        say("page.explore.view"),
        options=list(options),
        format_func=_view_name,
        required=True,
        label_visibility="collapsed",
    )


def filters(chosen: Selection) -> None:
    """Class, developer, release, licence, retired; the same on every page that lists models."""
    developers = _developers()
    with st.container(key="filters", border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _widget(
                st.pills,
                "classes",
                list(chosen.classes),
                say("page.explore.classes"),
                options=[str(each) for each in ModelClass],
                selection_mode="multi",
                format_func=_class_name,
            )
            _widget(
                st.toggle, "hide_retired", chosen.hide_retired, say("page.explore.hide_retired"),
                help=say("page.explore.hide_retired_help"),
            )  # fmt: skip
            st.button(say("page.explore.reset"), on_click=reset, disabled=not write(chosen), key="reset")
        left, middle, right = st.columns(3)
        with left:
            _widget(
                st.multiselect, "developers", list(chosen.developers), say("page.explore.developers"),
                options=list(developers), format_func=developers.get, placeholder=say("page.explore.any"),
            )  # fmt: skip
        with middle:
            _widget(
                st.date_input, "since", chosen.since, say("page.explore.since"), format="YYYY-MM-DD",
                min_value=date.min.replace(year=oldest().year), max_value=state.catalog().date,
            )  # fmt: skip
        with right:
            _widget(
                st.multiselect, "licences", list(chosen.licences), say("page.explore.licences"),
                options=list(LICENCE_KINDS), placeholder=say("page.explore.any"),
                format_func=_licence_name,
            )  # fmt: skip


def oldest() -> date:
    """The first release in the catalog."""
    return min(row.released for row in facts.rows())


def search(chosen: Selection) -> None:
    """The search box and the order of the table."""
    left, right = st.columns([3, 1])
    with left:
        _widget(
            st.text_input, "text", chosen.text, say("page.models.search"), max_chars=TEXT_MAX,
            placeholder=say("page.models.search_hint"),
        )  # fmt: skip
    with right:
        _widget(
            st.selectbox, "order", chosen.order, say("page.models.order"), options=list(ORDERS),
            format_func=_order_name,
        )  # fmt: skip


def estimates(chosen: Selection) -> None:
    """Whether outside estimates of undisclosed sizes are drawn."""
    _widget(
        st.toggle, "estimates", chosen.estimates, say("page.explore.estimates"),
        help=say("page.explore.estimates_help"),
    )  # fmt: skip
