"""Long lists: the ranking, the excluded models, and the files one can take home."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from pages.parts import nav, state
from pages.parts.cards import class_label, place
from pages.parts.inputs import Labels
from pages.parts.picks import CLASSES, cost_words
from pages.parts.text import safe
from recommender import Answers, Recommendation, words
from recommender.decide.result import Excluded, Ranked, plain

_FIRST_ROWS = 20
_RANGE = ("low", "likely", "high")


def draw_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, alt: str) -> None:
    """Cells of escaped Markdown as a table that scrolls inside its own box where the screen is narrow."""
    listed = list(rows)
    columns = {head: [row[at] for row in listed] for at, head in enumerate(heads)}
    st.table(columns, hide_index=True, border="horizontal", alt=alt)


def ranking(found: Recommendation, answers: Answers) -> None:
    """The first twenty, or all, each with a link to its page."""
    st.subheader(state.say("page.find.ranking", count=len(found.ranking)), anchor="ranking")
    every = st.toggle(state.say("page.find.show_all", count=len(found.ranking)), key="w_show_all")
    rows = found.ranking if every else found.ranking[:_FIRST_ROWS]
    st.caption(safe(state.say("page.find.family_note")))
    heads = [state.say(f"page.find.col_{name}") for name in ("rank", "model", "class", "fit", "cost", "way")]
    tail = state.tail_of(answers)
    draw_table(
        heads,
        [_ranked_cells(row, tail) for row in rows],
        alt=state.say("page.find.ranking_alt", count=len(rows)),
    )
    st.download_button(
        state.say("page.find.ranking_csv"), data=lambda: ranking_csv(found), mime="text/csv",
        file_name="openweigh-ranking.csv", on_click="ignore",
    )  # fmt: skip


def _ranked_cells(row: Ranked, tail: str) -> list[str]:
    name = safe(row.name)
    if nav.exists("model"):
        name = f"[{name}](model?id={row.model}{tail})"
    return [
        str(row.rank), name, class_label(row.model_class), str(round(row.score)),
        safe(cost_words(row.monthly_cost_usd)), safe(place(row)),
    ]  # fmt: skip


def ranking_csv(found: Recommendation) -> str:
    """Every ranked model as a row."""
    rows = [
        {
            "rank": row.rank, "model": row.model, "name": row.name, "class": row.model_class,
            "score": row.score, "way": row.way.text, "parameters_total": row.parameters_total,
            **{f"cost_usd_month_{end}": (row.monthly_cost_usd or {}).get(end) for end in _RANGE},
            "caveats": " ".join(caveat.text for caveat in row.caveats),
        }
        for row in found.ranking
    ]  # fmt: skip
    return _csv(rows)


def excluded(found: Recommendation) -> None:
    """The excluded models, by class, rule and name, drawn once somebody opens the list."""
    opened = st.expander(
        state.say("page.find.excluded_open"), key="excluded_open", on_change="rerun", expanded=False
    )
    if not opened.open:
        return
    with opened:
        rows = excluded_rows(found.excluded)
        rules = sorted({row["rule"] for row in rows})
        left, right = st.columns(_FILTER_COLUMNS)
        wanted_classes = left.pills(
            state.say("page.find.filter_class"), CLASSES, selection_mode="multi", key="w_excluded_class",
            format_func=Labels({name: state.say(f"page.common.class_{name}") for name in CLASSES}),
        )  # fmt: skip
        rule = right.selectbox(
            state.say("page.find.filter_rule"), rules, index=None, key="w_excluded_rule",
            placeholder=state.say("page.find.any_rule"),
        )  # fmt: skip
        name = right.text_input(state.say("page.find.filter_name"), key="w_excluded_name")
        shown = [
            row
            for row in rows
            if (not wanted_classes or row["class"] in wanted_classes)
            and rule in (None, row["rule"])
            and name.lower() in f"{row['name']} {row['model']}".lower()
        ]
        st.caption(state.say("page.find.excluded_shown", shown=len(shown), all=len(rows)))
        st.dataframe(
            shown, hide_index=True, height=_TABLE_HEIGHT, alt=state.say("page.find.excluded_alt"),
            column_order=_EXCLUDED_COLUMNS,
            column_config={name: state.say(f"page.find.excluded_{name}") for name in _EXCLUDED_COLUMNS},
        )  # fmt: skip
        st.download_button(
            state.say("page.find.excluded_csv"), data=lambda: _csv(rows), file_name="openweigh-excluded.csv",
            mime="text/csv", on_click="ignore",
        )  # fmt: skip


def excluded_rows(found: Iterable[Excluded]) -> list[dict[str, Any]]:
    """One row per excluded model and rule it breaks."""
    return [
        {
            "model": one.model, "name": one.name, "class": one.model_class or "", "rule": failure.title,
            "reason": failure.reason, "found": words.plain(failure.found),
            "required": words.plain(failure.required), "source": failure.source or "",
            "as_of": failure.as_of or "",
        }
        for one in found
        for failure in one.failed
    ]  # fmt: skip


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()


def share(found: Recommendation, answers: Answers) -> None:
    """The link to this result, and the answers and result as a file."""
    st.subheader(state.say("page.find.share"), anchor="share")
    link = state.link_to_share(answers)
    if link is None:
        st.markdown(safe(state.say("page.find.link_too_long")))
    else:
        address = (st.context.url or "").partition("?")[0].rstrip("/") + "/"
        st.caption(safe(state.say("page.find.share_lead")))
        st.code(f"{address}?{link}", language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.download_button(
            state.say("page.find.answers_file"), data=lambda: _json(answers.to_dict()),
            file_name="openweigh-answers.json", mime="application/json", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            state.say("page.find.result_file"), data=lambda: _json(plain(found)),
            file_name="openweigh-result.json", mime="application/json", on_click="ignore",
        )  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)


_FILTER_COLUMNS = 2
_EXCLUDED_COLUMNS = ("name", "class", "rule", "reason", "found", "required", "source", "as_of")
_TABLE_HEIGHT = 420  # px
