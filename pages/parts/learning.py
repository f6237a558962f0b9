"""The chapters of Learn. Everything in them is read from the vocabulary and the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import facts, figures, nav, rule_words, state
from pages.parts.model_sections import label, plain
from pages.parts.text import safe
from recommender import Answers, words
from recommender.answers_fields import GROUPS, TASKS
from recommender.catalog.charts import class_figures
from recommender.catalog.types import Missing, ModelClass
from recommender.catalog.vocabulary import assumptions, criterion_parts, points_of

say = state.say
_LICENCE = Path(__file__).resolve().parents[2] / "data" / "LICENSE.md"
_FILES = ("criteria", "hosting", "hardware_assumptions", "quantisation", "assumptions")
_GOOD_AND_BAD = ("for_1", "for_2", "against_1", "against_2")
_DECIMALS = 2
_BLANK_LINE = "\n\n"


def chapter_name(chapter: str) -> str:
    """The name of a chapter."""
    return say(f"page.learn.part_{chapter}")


def _vocabulary(name: str) -> Any:
    return state.catalog().vocabulary[name]


def _table(lines: Iterable[Mapping[str, Any]], alt: str) -> None:
    """Rows of texts as a table in HTML; the texts are shown as they are."""
    shown = [{safe(head): safe(plain(cell)) for head, cell in line.items()} for line in lines]
    if shown:
        st.table(shown, hide_index=True, alt=alt)


def classes() -> None:
    """What the three classes mean, with what the catalog holds of each today."""
    rule = _vocabulary("rules")["class"]
    limit = words.parameters(rule["small_parameters_max"])
    st.markdown(safe(say("page.learn.classes_intro", limit=limit)))
    for each, name in facts.class_names().items():
        _class(each, name, limit)
    unknown = [row for row in facts.rows() if row.model_class is None]
    if unknown:
        st.markdown(safe(say("page.learn.classes_unknown", names=[row.name for row in unknown])))


def _class(each: ModelClass, name: str, limit: str) -> None:
    found = class_figures(row for row in facts.rows() if row.model_class == each)
    st.subheader(f"{figures.MARKS[each].letter} {name}")
    st.markdown(safe(say(f"page.learn.class_{each}", limit=limit)))
    best = found.ability_best
    lines = {
        "models": say("page.learn.live_models", models=found.models, available=found.available),
        "size": say("page.learn.live_size", sized=found.sized, models=found.models),
        "openness": say("page.learn.live_openness", median=found.openness_median, rated=found.openness_rated),
        "price": say(
            "page.learn.live_price",
            price=words.money(found.price_median) if found.price_median is not None else None,
            priced=found.priced,
        ),
    }
    if best is not None and best.ability is not None:
        lines["ability"] = say("page.learn.live_ability", name=best.name, points=round(best.ability.likely))
    _table(
        [
            {say("page.learn.today"): say(f"page.learn.live_head_{key}"), say("page.model.value"): text}
            for key, text in lines.items()
        ],
        alt=say("page.learn.live_alt", name=name),
    )
    st.markdown("\n".join(f"- {safe(say(f'page.learn.class_{each}_{part}'))}" for part in _GOOD_AND_BAD))


def scoring() -> None:
    """The pipeline, groups, criteria with their curves, deductions, scales."""
    st.markdown("\n".join(f"1. {safe(say(f'page.learn.step_{step}'))}" for step in _STEPS))
    found = _vocabulary("criteria")
    st.subheader(say("page.learn.groups"))
    _table(
        [
            {
                say("page.learn.group"): group["name"],
                say("page.learn.default_weight"): group["default_weight"],
                say("page.learn.span"): group["span"],
            }
            for group in (found["groups"][name] for name in GROUPS)
        ],
        alt=say("page.learn.groups"),
    )
    st.subheader(say("page.learn.criteria"))
    st.markdown(say("page.learn.criteria_intro"))
    for entry in found["criteria"]:
        _criterion(entry, found["groups"][entry["group"]]["name"])
    st.subheader(say("page.learn.deductions"))
    _table([_deduction(entry) for entry in found["malus"]], alt=say("page.learn.deductions"))


_STEPS = ("answers", "ways", "rules", "values", "weights", "sum", "tie")


def _deduction(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        say("page.learn.id"): entry["id"],
        say("page.learn.name"): entry["name"],
        say("page.learn.points_off"): points_of(entry["share"], 1.0),
        say("page.learn.reason"): entry["reason"],
    }


def _criterion(entry: Mapping[str, Any], group: str) -> None:
    title = say("page.learn.criterion", id=entry["id"], name=entry["name"], group=group, share=entry["share"])
    box = st.expander(safe(title), key=f"open_{entry['id']}", on_change="rerun")
    with box:
        st.markdown(safe(entry["reason"]))
        if "only_with_answer" in entry:
            asked = rule_words.question(entry["only_with_answer"])
            st.markdown(safe(say("page.learn.only_with", question=asked)))
        unit = say("page.learn.unit", unit=entry["unit"])
        if "times_answer" in entry:
            unit = say(
                "page.learn.times", question=rule_words.question(entry["times_answer"]), unit=entry["unit"]
            )
        for key, anchors in criterion_parts(entry).items():
            if key != "anchors":
                st.markdown(safe(say("page.learn.without_answer")))
            shown_unit = unit if key == "anchors" else say("page.learn.unit", unit=entry["unit"])
            _curve(
                f"{entry['id']}_{key}",
                anchors,
                log=entry["scale"] == "log",
                unit=shown_unit,
                drawn=bool(box.open),
            )
        worst, middle, best = entry["not_checked"]
        st.markdown(safe(say("page.learn.not_checked", worst=worst, middle=middle, best=best)))


def _curve(key: str, anchors: Sequence[tuple[float, float]], *, log: bool, unit: str, drawn: bool) -> None:
    """The anchors as a table, and drawn where the reader has opened the box."""
    sentence = say("page.learn.curve_alt", anchors=[f"{x:,g}: {v:g}" for x, v in sorted(anchors)], unit=unit)
    if drawn:
        figure = figures.curve(anchors, log=log, words={"x": unit, "y": say("page.learn.value")})
        st.plotly_chart(figure, key=f"curve_{key}", alt=sentence, config=figures.CONFIG)
    _table([{unit: f"{x:,g}", say("page.learn.value"): f"{v:g}"} for x, v in sorted(anchors)], alt=sentence)


def rules() -> None:
    """Every limit: when it is asked, what it asks, what happens when nobody knows, and the words."""
    found = _vocabulary("rules")["rules"]
    st.markdown(safe(say("page.learn.rules_intro", count=len(found))))
    for entry in found:
        st.subheader(safe(f"{entry['id']} · {entry['title']}"), anchor=entry["id"].lower())
        lines = {
            "when": rule_words.condition(entry["when"]),
            "require": rule_words.condition(entry["require"]),
            "unknown": say(f"page.learn.unknown_{entry['on_unknown']}"),
            "says": entry["reason"],
            "says_unknown": entry["unknown_reason"],
            "relax": entry["relax"],
        }
        text = [f"- **{safe(say(f'page.learn.rule_{key}'))}** {safe(line)}" for key, line in lines.items()]
        st.markdown("\n".join(text))
    st.subheader(say("page.learn.levels"))
    st.markdown(say("page.learn.levels_intro"))
    for name, steps in _vocabulary("rules")["levels"].items():
        _table(
            [
                {rule_words.field(name): step["level"], say("page.learn.means"): step["words"]}
                for step in steps.values()
            ],
            alt=rule_words.field(name),
        )


def tasks() -> None:
    """What each task assumes of the work, how ability becomes a value, and the usual minimum."""
    st.markdown(say("page.learn.tasks_intro"))
    work, judged = _vocabulary("questions")["tasks"], _vocabulary("criteria")
    lines = []
    for name in TASKS:
        entry = work[name]
        spread = {key: _spread(value) for key, value in entry.items() if key != "reason"}
        lines.append(
            {say("page.model.task"): say(f"task.{name}")}
            | {label(key): value for key, value in spread.items()}
            | {label(key): plain(value) for key, value in judged["tasks"].get(name, {}).items()}
            | {say("page.learn.reason"): entry["reason"]}
        )
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        placeholder="",
        alt=say("page.learn.tasks_alt"),
        height="content",
    )
    st.subheader(say("page.learn.curves"))
    st.markdown(say("page.learn.curves_intro"))
    for name, entry in judged["curves"].items():
        box = st.expander(safe(label(name)), key=f"open_curve_{name}", on_change="rerun")
        with box:
            st.markdown(safe(entry["reason"]))
            unit = say("page.learn.unit", unit=entry["unit"])
            _curve(name, criterion_parts(entry)["anchors"], log=False, unit=unit, drawn=bool(box.open))
    st.subheader(say("page.learn.labels"))
    _assumption_table("labels", judged["labels"])


def _spread(value: Any) -> str:
    """A setting of a task as text: 'try 500, team 10,000'."""
    if isinstance(value, Mapping):
        parts = sorted(value.items(), key=lambda part: part[1])
        return ", ".join(f"{key} {plain(each)}" for key, each in parts)
    return plain(value)


def _assumption_table(key: str, tree: Mapping[str, Any]) -> None:
    rows = assumptions(tree)
    lines = [
        {
            say("page.learn.what"): row.path.replace("_", " ").replace(".", " › "),
            say("page.model.value"): plain(row.value),
            say("page.learn.low"): plain(row.low),
            say("page.learn.high"): plain(row.high),
            say("page.learn.reason"): row.reason or "",
        }
        for row in rows
    ]
    height = "content" if len(lines) <= facts.SHORT else facts.TALL
    st.dataframe(pd.DataFrame(lines), key=f"table_{key}", hide_index=True, alt=label(key), height=height)


def assumed() -> None:
    """Every number that is a choice of ours, with its reason."""
    st.markdown(say("page.learn.assumed_intro"))
    for name in _FILES:
        tree = _vocabulary(name)
        blocks = {key: value for key, value in tree.items() if isinstance(value, Mapping | list)}
        if name == "criteria":
            # The rest of that file has chapters of its own.
            blocks = {key: blocks[key] for key in ("scales", "caveat_limits")}
        if name == "assumptions":
            blocks = {
                key: value for key, value in tree["ability"].items() if isinstance(value, Mapping | list)
            }
        st.subheader(say(f"page.learn.file_{name}"))
        st.markdown(say(f"page.learn.file_{name}_is"))
        loose = {
            key: value
            for key, value in (tree["ability"] if name == "assumptions" else tree).items()
            if key not in blocks
        }
        if loose and name != "criteria":
            _assumption_table(name, loose)
        for key, block in blocks.items():
            box = st.expander(safe(label(key)), key=f"open_{name}_{key}", on_change="rerun")
            if box.open:
                with box:
                    _assumption_table(f"{name}_{key}", {key: block})


def gaps() -> None:
    """The three kinds of missing facts, and what each does to a score."""
    st.markdown(say("page.learn.gaps_intro"))
    for kind in Missing:
        st.subheader(facts.missing_word(kind))
        st.markdown(safe(say(f"page.learn.gap_{kind}")))
    st.markdown(say("page.learn.gap_unmeasured"))
    nav.link("models", say("page.learn.gap_counts"), state.current())


def example() -> None:
    """One score taken apart and put together again, live."""
    asked = Answers.parse(_vocabulary("questions")["home"]["answers"])
    found = state.recommended(asked)
    best = found.best
    if best is None:
        st.markdown(say("page.learn.example_none"))
        return
    answers = [f"{rule_words.question(key)} {_answer(key, value)}" for key, value in asked.to_dict().items()]
    st.markdown(safe(say("page.learn.example_answers", answers=answers)))
    st.markdown(safe(say("page.learn.example_intro", name=best.name, score=round(best.score, _DECIMALS))))
    parts = [
        (each, points_of(each.value, each.weight) if each.value is not None else each.points)
        for each in best.contributions
    ]
    _table(
        [
            {
                say("page.learn.criterion_head"): f"{each.criterion} {each.name}",
                say("page.learn.raw"): _raw(each.raw, each.unit),
                say("page.learn.value"): "" if each.value is None else f"{each.value:.3f}",
                say("page.learn.weight"): f"{each.weight:.4f}",
                say("page.learn.points"): f"{points:.4f}",
            }
            for each, points in parts
        ],
        alt=say("page.learn.example_alt", name=best.name),
    )
    total = sum(points for _, points in parts)
    st.markdown(safe(say("page.learn.example_sum", total=f"{total:.4f}", score=f"{best.score:.4f}")))
    st.page_link("pages/find.py", label=say("page.learn.example_open"), query_params=state.query_of(asked))


def _raw(raw: float | None, unit: str) -> str:
    return "" if raw is None else say("page.learn.raw_cell", raw=raw, unit=unit)


def _answer(key: str, value: Any) -> str:
    """An answer by the labels of its options."""
    labels = rule_words.options(key)
    given = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(each) or plain(each) for each in given)


def credits() -> None:
    """The licence of the data and whom it comes from."""
    catalog = state.catalog()
    counts = {"version": catalog.version, "models": len(catalog.models), "sources": len(state.sources())}
    st.markdown(safe(say("page.learn.credits_intro", **counts)))
    for block in _LICENCE.read_text(encoding="utf-8").split(_BLANK_LINE):
        if block.startswith("|"):
            _markdown_table(block)
        else:
            # Two levels down: the page has a heading of the first level already.
            st.markdown(f"##{block}" if block.startswith("#") else block)


def _markdown_table(block: str) -> None:
    """A table of a text file as one that scrolls in its own box on a phone."""
    head, _, *lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in block.strip().splitlines()
    ]
    _table([dict(zip(head, cells, strict=True)) for cells in lines], alt=", ".join(head))
