"""Models: every model of the catalog in one table that can be searched, filtered and sorted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts import facts, frame, nav, picker, state
from pages.parts.text import safe
from recommender.catalog.selection import Selection, chosen, write
from recommender.catalog.tables import Row, coverage, nearest

say = state.say
FEW = 12  # so many hits are also listed as links, which a keyboard or a screen reader reaches at once


def page() -> None:
    """Search and filters, then the rows, then how complete they are."""
    st.title(say("page.models.title"))
    st.markdown(say("page.models.intro", count=len(facts.rows())))
    wanted = picker.selection()
    picker.search(wanted)
    picker.filters(wanted)
    kept = chosen(facts.rows(), wanted)
    if kept:
        _found(kept, wanted)
    else:
        _nothing(wanted)
    _coverage(facts.rows())


def _found(kept: Sequence[Row], wanted: Selection) -> None:
    st.subheader(say("page.models.found", count=len(kept), total=len(facts.rows())))
    if len(kept) <= FEW:
        facts.links([row.id for row in kept])
    facts.table(kept, key="models", alt=say("page.models.alt", count=len(kept)), height=620)
    with st.container(horizontal=True, vertical_alignment="center"):
        facts.downloads(kept, wanted, name="openweigh-models")
        nav.link("explore", say("page.models.to_explore"), state.current(), **write(wanted))


def _nothing(wanted: Selection) -> None:
    st.info(say("page.models.nothing"))
    near = nearest(state.catalog(), wanted.text) if wanted.text else ()
    if near:
        st.markdown(say("page.models.near", text=safe(wanted.text)))
        facts.links(near)


def _coverage(rows: Sequence[Row]) -> None:
    """How many models have each figure, and why the others have not."""
    st.subheader(say("page.models.coverage"))
    st.markdown(say("page.models.coverage_intro"))
    counted = coverage(rows)
    kinds = list(next(iter(counted.values())))
    table = {say(f"page.models.column_{field}"): counts for field, counts in counted.items()}
    lines = [
        {say("page.models.fact"): name}
        | {say(f"page.models.missing_{kind}"): str(counts[kind]) for kind in kinds}
        for name, counts in table.items()
    ]
    st.table(lines, hide_index=True, alt=say("page.models.coverage"))


frame.show(page)
