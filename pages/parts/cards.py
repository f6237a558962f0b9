"""Cards: one pick each, in the words and marks of its class."""

from __future__ import annotations

import streamlit as st

from pages.parts import nav, state
from pages.parts.picks import Pick, cost_words, provider_name
from pages.parts.text import safe
from recommender import Answers, words
from recommender.decide.result import Ranked

# Colour never stands alone: each class has its own mark and its name beside it.
MARKS = {"closed": ":orange[●]", "open-weight": ":blue[■]", "small": ":green[◆]"}


def class_label(model_class: str) -> str:
    """Mark and name of a class."""
    return f"{MARKS.get(model_class, '')} **{state.say(f'page.common.class_{model_class}')}**"


def row_of_picks(found: tuple[Pick, ...], answers: Answers) -> None:
    """The picks side by side; below each other on a phone."""
    for column, pick in zip(st.columns(len(found), gap="small"), found, strict=True):
        with column, st.container(border=True, height="stretch", key=f"pick_{pick.model_class}"):
            _draw(pick, answers)


def _draw(pick: Pick, answers: Answers) -> None:
    best = f" :primary-badge[{state.say('page.find.best_fit')}]" if pick.is_best else ""
    st.markdown(f"{class_label(pick.model_class)}{best}")
    if pick.row is None:
        st.markdown(safe(pick.why_none[:1].upper() + pick.why_none[1:]))
        return
    row = pick.row
    st.subheader(safe(row.name), anchor=False)
    st.markdown(
        f"{safe(state.say('page.find.by', developer=row.developer))} {safe(place(row))}  \n"
        f"**{safe(state.say('page.find.cost_line', cost=cost_words(row.monthly_cost_usd)))}**  \n"
        f"**{safe(state.say('page.find.fit', score=round(row.score)))}**"
    )
    lines = [f"▲ {pick.plus}"] if pick.plus else []
    lines += [f"▼ {pick.minus}"] if pick.minus else []
    lines += [f"! {row.caveats[0].text}"] if row.caveats else []
    st.markdown("  \n".join(safe(line) for line in lines))
    if pick.on_laptop:
        st.caption(safe(state.say("page.find.laptop_assumed")))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"[{safe(state.say('page.find.why', name=row.name))}](#why)", width="content")
        nav.link("model", state.say("page.find.model_page"), answers, id=row.model)


def place(row: Ranked) -> str:
    """Where a way runs, in a few words."""
    if row.way.provider is None and row.way.machine is None:
        return row.way.text
    if row.way.kind == "api":
        return state.say("page.find.over", provider=provider_name(row))
    sentence = "page.find.on_rented" if row.way.kind == "rented" else "page.find.on_own"
    return state.say(sentence, machine=row.way.machine, quantisation=row.way.quantisation)


def memory_line(row: Ranked) -> str:
    """Weights, cache and overhead as a sum against the memory that may be used."""
    memory = row.way.memory_gb or {}
    parts = words.rounded_parts([memory[key] for key in ("weights", "kv_cache", "overhead")], decimals=1)
    weights, cache, overhead = (words.gigabytes(part) for part in parts)
    return state.say(
        "page.find.memory", weights=weights, cache=cache, overhead=overhead,
        total=words.gigabytes(sum(parts)), usable=words.gigabytes(memory["usable"]),
    )  # fmt: skip
