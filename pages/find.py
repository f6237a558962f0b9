"""Find a model: three picks at once, the questions, and the result with its reasons."""

from __future__ import annotations

import streamlit as st

from pages.parts import cards, nav, questions, result, state, summary, tables
from pages.parts.picks import home_answers, picks
from pages.parts.text import safe

view = state.view()
answers = view.answers if view.answers.to_dict() else home_answers()
is_home = not view.answers.to_dict()

st.title(state.say("page.find.title"), anchor="top")
st.markdown(safe(state.say("page.find.lead")))
if view.refused:
    st.warning(safe(state.say("page.find.refused", why=view.refused)))
for notice in view.notices:
    st.info(safe(notice))
if view.link_catalog:
    st.info(safe(state.say("page.find.other_catalog", then=view.link_catalog, today=state.catalog().version)))

found = state.recommended(answers)
picked = picks(answers, found)
st.markdown(
    f"{safe(state.say('page.find.assuming' if is_home else 'page.find.answered'))} "
    f"{safe(summary.assumption(answers))} · [{safe(state.say('page.find.to_questions'))}](#questions)"
)
result.draw_summary(found)
if found.best is None:
    result.draw_nothing(found, answers)
cards.row_of_picks(picked, answers)
with st.container(horizontal=True, key="examples", vertical_alignment="center", gap="small"):
    st.markdown(safe(state.say("page.find.examples")), width="content")
    for example in state.catalog().vocabulary["questions"]["examples"]:
        nav.link("find", example["label"], state.answers_of(example["answers"]))
    if not is_home:
        nav.link("find", state.say("page.find.start_over"), state.answers_of({}))

places: questions.Places = {}
if not view.result_first:
    places = questions.draw(view.answers)
st.header(state.say("page.find.check"), anchor="check")
summary.draw(view.answers)
result.draw_details(found, picked, answers)
tables.share(found, view.answers)
if view.result_first:
    places = questions.draw(view.answers)
if places and not is_home:
    questions.say_effects(places, state.effect(view.answers))
if not view.result_first:
    result.draw_bar(found)
