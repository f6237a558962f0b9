"""Find a model: three picks at once, the questions, and the result with its reasons."""

from __future__ import annotations

import streamlit as st

from pages.parts import cards, frame, nav, questions, result, state, summary, tables
from pages.parts.picks import home_answers, picks
from pages.parts.state import View
from pages.parts.text import safe


def draw() -> None:
    """Picks first, then what was opened for: the questions, or the result of a link."""
    view = state.view()
    is_home = not view.answers.to_dict()
    answers = home_answers() if is_home else view.answers
    found = state.recommended(answers)
    picked = picks(answers, found)

    st.title(state.say("page.find.title"), anchor="top")
    st.markdown(safe(state.say("page.find.lead")))
    _notices(view)
    with st.container(key="situation"):
        known = safe(state.say("page.find.assuming" if is_home else "page.find.answered"))
        change = f"[{safe(state.say('page.find.to_questions'))}](#questions)"
        st.markdown(f"{known} {safe(summary.assumption(answers))} · {change}")
    result.draw_summary(found)
    if found.best is None:
        result.draw_nothing(found)
    else:
        cards.row_of_picks(picked, view.answers)
    _examples(is_home=is_home)

    places: questions.Places = {}
    if not view.result_first:
        places = questions.draw(view.answers)
    st.header(state.say("page.find.check"), anchor="check")
    summary.draw(view.answers)
    result.draw_details(found, picked, view.answers)
    tables.share(found, view.answers)
    if view.result_first:
        places = questions.draw(view.answers)
    else:
        result.draw_bar(found)
    if not is_home:  # last, since it costs most and the picks do not wait for it
        questions.say_effects(places, state.effect(view.answers))


def _notices(view: View) -> None:
    """What the link held that is not used, and whether it was made on other data."""
    if view.refused:
        st.warning(safe(state.say("page.find.refused", why=view.refused)))
    told = list(view.notices)
    if view.link_catalog:
        version = state.catalog().version
        told.append(state.say("page.find.other_catalog", then=view.link_catalog, today=version))
    for notice in told:
        st.info(safe(notice))


def _examples(*, is_home: bool) -> None:
    """Links with the answers of an example in them, and one that clears all answers."""
    same_page = {state.SAME_PAGE: nav.HOME}
    with st.container(horizontal=True, key="examples", vertical_alignment="center", gap="small"):
        st.markdown(safe(state.say("page.find.examples")), width="content")
        for example in state.catalog().vocabulary["questions"]["examples"]:
            nav.link(nav.HOME, example["label"], state.answers_of(example["answers"]), **same_page)
        if not is_home:
            nav.link(nav.HOME, state.say("page.find.start_over"), state.answers_of({}), **same_page)


frame.show(draw)
