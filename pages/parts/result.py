"""The result: the pick and its reasons, what else there is, and what fell out and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.parts import charts, nav, state, tables
from pages.parts.cards import class_label, memory_line
from pages.parts.picks import (
    CLASSES,
    Pick,
    cost_words,
    excluded_by_rule,
    headline,
    nearest_miss,
    tie,
)
from pages.parts.text import fact, safe, source_links
from recommender import Answers, Recommendation, words
from recommender.decide.result import Ranked


def draw_summary(found: Recommendation) -> None:
    """The result in one or two sentences, and what it was judged on."""
    tied = tie(found)
    st.markdown(f"**{safe(tied or headline(found))}**")
    if found.best is not None:
        if tied:
            st.markdown(safe(state.say("page.find.tie_first", sentence=headline(found))))
        sure = found.robustness
        if sure and not tied:
            verdict = state.say(f"robust.{sure['verdict']}")
            share = words.of_hundred(sure["p_first"])
            st.markdown(safe(state.say("robust.sentence", share=share, verdict=verdict)))
        if len(found.ranking) == len(found.ranking[:1]):
            st.markdown(safe(state.say("page.find.one_left")))
        if found.best.flagged and found.best.caveats:
            st.markdown(safe(state.say("headline.flag", caveat=found.best.caveats[0].text)))


def draw_details(found: Recommendation, picked: tuple[Pick, ...], answers: Answers) -> None:
    """Why, flaws, runners-up, hardware, ranking, excluded."""
    st.header(state.say("page.find.result"), anchor="result")
    _judged_on(found)
    if found.best is not None:
        _why(found, picked)
        _flaws(found.best)
        _runners_up(found, picked, answers)
        _hardware(found.best)
        tables.ranking(found, answers)
    _excluded(found)


def _judged_on(found: Recommendation) -> None:
    """What was assumed where a question was skipped, and the day."""
    parts = [notice.text for notice in found.notices]
    if found.as_of != state.catalog().date:
        parts.append(state.say("page.find.as_of", day=found.as_of, catalog=state.catalog().date))
    if parts:
        st.caption(safe(" ".join(parts)))


def _why(found: Recommendation, picked: Sequence[Pick]) -> None:
    st.subheader(state.say("page.find.why_title"), anchor="why")
    st.markdown(safe(state.say("page.find.why_lead")))
    others = [pick.row for pick in picked if pick.row is not found.best]
    rows = [row for row in (found.best, *others) if row is not None]
    for tab, row in zip(st.tabs([row.name for row in rows]), rows, strict=True):
        with tab, st.container(key=f"why_{row.model_class}"):
            _contributions(row, main_task(found))
    charts.draw(picked)


def main_task(found: Recommendation) -> str:
    """The task the ability was judged on."""
    skipped = state.catalog().vocabulary["questions"]["when_unanswered"]
    first, *_ = found.answers.get("tasks") or skipped["tasks"]
    return str(first)


def _contributions(row: Ranked, task: str) -> None:
    """One line per criterion that counts; the rounded points add up to the rounded score."""
    counting = [part for part in row.contributions if part.weight or part.points]
    rounded = words.rounded_parts([part.points for part in counting])
    heads = [state.say(f"page.find.col_{name}") for name in ("criterion", "points", "weight", "source")]
    lines = [
        [
            safe(part.name), words.number(points), words.share(part.weight),
            f"{safe(fact(part, row.model, task))} · {source_links(part.source, part.as_of)}",
        ]
        for part, points in zip(counting, rounded, strict=True)
    ]  # fmt: skip
    lines.append([f"**{state.say('page.find.total')}**", f"**{words.number(sum(rounded))}**", "", ""])
    tables.draw_table(heads, lines, alt=state.say("page.find.why_alt", name=row.name, score=round(row.score)))


def _flaws(best: Ranked) -> None:
    st.subheader(state.say("page.find.flaws"), anchor="flaws")
    lines = [f"- {safe(caveat.text)}" for caveat in best.caveats]
    st.markdown("\n".join(lines) if lines else safe(state.say("page.find.no_flaws", name=best.name)))


def _runners_up(found: Recommendation, picked: Sequence[Pick], answers: Answers) -> None:
    st.subheader(state.say("page.find.runners_up"), anchor="runners-up")
    for pick in picked:
        if pick.is_best:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            told = pick.why_none
            if pick.row is not None:
                told = state.say(
                    "page.find.runner", name=pick.row.name, score=round(pick.row.score),
                    cost=cost_words(pick.row.monthly_cost_usd), minus=pick.minus,
                )  # fmt: skip
            st.markdown(f"{class_label(pick.model_class)}: {safe(told)}", width="content")
            if pick.row is not None:
                label = state.say("page.find.model_page_of", name=pick.row.name)
                nav.link("model", label, answers, id=pick.row.model)


def _hardware(best: Ranked) -> None:
    memory = best.way.memory_gb
    if not memory or best.way.kind == "api":
        return
    st.subheader(state.say("page.find.hardware"), anchor="hardware")
    st.markdown(safe(memory_line(best)))
    st.progress(min(memory["total"] / memory["usable"], float(True)))
    way = best.way
    lines = [
        state.say("page.find.memory_range", low=memory["low"], high=memory["high"]),
        state.say("page.find.quantisation", quantisation=way.quantisation, machine=way.machine),
    ]
    if way.decode_tps:
        lines.append(state.say("page.find.speed", **way.decode_tps))
    st.markdown(safe(" ".join(lines)))


def _excluded(found: Recommendation) -> None:
    st.subheader(state.say("page.find.excluded", count=len(found.excluded)), anchor="excluded")
    st.markdown(safe(state.say("page.find.excluded_lead")))
    by_rule = excluded_by_rule(found)
    st.markdown("\n".join(f"- {safe(rule)}: {count}" for rule, count in by_rule))
    tables.excluded(found)


def draw_nothing(found: Recommendation) -> None:
    """No model is left: the single changes that bring most back, and the nearest miss of each class."""
    changes = found.relax[:_CHANGES_SHOWN]
    st.markdown(safe(state.say("page.find.changes" if changes else "page.find.no_single_change")))
    for one in changes:
        label = state.say("page.find.relax", text=one.text, count=one.readmits)
        key = f"relax_{one.answer}_{one.after}"
        st.button(safe(label), key=key, on_click=_relax, args=(one.answer, one.after))
    for name in CLASSES:
        missed = nearest_miss(found, name)
        if missed is not None:
            reasons = " ".join(failure.reason for failure in missed.failed)
            st.markdown(f"{class_label(name)}: {safe(state.say('page.find.nearest', reasons=reasons))}")


def _relax(answer: str, after: Any) -> None:
    """Take a single change; the questions show it."""
    state.put({answer: after})
    state.forget_widgets()


_CHANGES_SHOWN = 3


def draw_bar(found: Recommendation) -> None:
    """The pick in one line at the foot of the window, while questions are being answered."""
    told, link = state.say("page.find.bar_none"), f"[{safe(state.say('page.find.bar_link_none'))}](#top)"
    if found.best is not None:
        told = state.say(
            "page.find.bar", name=found.best.name, score=round(found.best.score), count=len(found.ranking)
        )
        link = f"[{safe(state.say('page.find.bar_link'))}](#result)"
    with st.bottom:
        st.markdown(f"**{safe(told)}** · {link}")
