"""The sections of a model's page, each a table of everything the catalog's files say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import facts, state
from pages.parts.text import safe
from recommender import words
from recommender.catalog.fact_rows import About, FactRow, about, columns, source_keys, unchecked
from recommender.catalog.types import Ability, Missing, Model

say = state.say
_LONG_INTEGER = 10_000  # from here on, thousands get a comma: years do not
_LONG_TITLE = 44
_FIRM_HYPHEN, _FIRM_SPACE = "\u2011", "\u00a0"
_PARAMETERS = "parameters."
_OPEN = "https://", "http://"


@st.cache_resource(show_spinner=False, max_entries=64)
def everything(version: str, model_id: str) -> About:
    """Everything the files say about one model."""
    return about(state.details(), model_id)


def label(path: str) -> str:
    """A field of the catalog in words: its own sentence where there is one, else its name with spaces."""
    known = state.catalog().vocabulary["strings"]["en"]
    for name in (path, path.rpartition(".")[2]):
        if f"page.model.field_{name}" in known:
            return say(f"page.model.field_{name}")
    words_of = path.replace(".", ": ").replace("_", " ").replace("usd per mtok", "USD per million tokens")
    return words_of[:1].upper() + words_of[1:]


def plain(value: Any) -> str:
    """A value as text, not yet escaped."""
    match value:
        case bool():
            return say("page.model.yes") if value else say("page.model.no")
        case int() if abs(value) >= _LONG_INTEGER:
            return f"{value:,}"
        case float():
            return f"{value:,g}"
        case list() | tuple():
            return ", ".join(plain(each) for each in value)
        case None:
            return ""
    return str(value)


def _value(row: FactRow) -> str:
    """The value of a fact as Markdown."""
    if row.status is not None:
        return f"*{safe(facts.missing_word(row.status))}*"
    in_words = words.parameters if row.field.startswith(_PARAMETERS) else plain
    if row.low is not None or row.high is not None:
        parts = {"low": in_words(row.low), "high": in_words(row.high)}
        return safe(say("page.model.range", **parts))
    if row.field == "successor" and row.value in state.catalog().models:
        return f"[{safe(state.catalog().models[row.value].name)}](model?id={row.value})"
    if row.field == "licence" and row.value in state.catalog().licences:
        return safe(state.catalog().licences[row.value].name)
    if isinstance(row.value, str) and row.value.startswith(_OPEN):
        return link(row.value)
    return safe(in_words(row.value))


def link(address: str, title: str | None = None) -> str:
    """A Markdown link; an address that is no web address stays text."""
    shown = title or address.split("://")[-1]
    if not address.startswith(_OPEN):
        return safe(shown)
    target = address.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    return f"[{safe(shown)}]({target})"


def sources(keys: Sequence[str]) -> str:
    """The titles of sources as Markdown, linked where they have an address; long ones are cut."""
    found = [(key, state.sources().get(key)) for key in keys]
    return "; ".join(
        safe(key) if each is None else link(each.address or "", _cut(each.title)) for key, each in found
    )


def _cut(title: str) -> str:
    """A title short enough for one line, which its spaces do not end: the table scrolls, rows stay low."""
    shown = title if len(title) <= _LONG_TITLE else f"{title[:_LONG_TITLE].rstrip()}…"
    return shown.replace(" ", _FIRM_SPACE).replace("-", _FIRM_HYPHEN)


def day(text: str | None) -> str:
    """A date that no narrow column breaks: with hyphens that do not end a line."""
    return safe(text or "").replace("-", _FIRM_HYPHEN)


def _fact_line(row: FactRow) -> dict[str, str]:
    return {
        say("page.model.fact"): safe(label(row.field)),
        say("page.model.value"): _value(row),
        say("page.model.kind"): safe(say(f"page.model.kind_{row.kind}")),
        say("page.model.source"): sources(row.sources),
        say("page.model.as_of"): day(row.as_of),
        say("page.model.note"): safe(row.note or ""),
    }


def _table(rows: Sequence[FactRow], alt: str) -> None:
    if rows:
        st.table([_fact_line(row) for row in rows], hide_index=True, alt=alt)


def facts_table(made: About) -> None:
    """Every fact with its source, then what nobody has looked up yet, then the architecture's figures."""
    st.header(say("page.model.facts"))
    st.markdown(say("page.model.facts_intro"))
    shape = [row for row in made.facts if row.field.startswith("shape.")]
    _table([row for row in made.facts if row not in shape], say("page.model.facts"))
    gaps = unchecked(made.facts)
    if gaps:
        named = ", ".join(label(field) for field in gaps)
        st.markdown(
            safe(say("page.model.unchecked", word=facts.missing_word(Missing.UNCHECKED), fields=named))
        )
    if shape:
        with st.expander(say("page.model.shape", count=len(shape))):
            _table(shape, say("page.model.shape_alt"))


def ability(model: Model) -> None:
    """Ability per task with interval, grade and what it rests on."""
    st.header(say("page.model.ability"))
    if not model.ability:
        st.markdown(say("page.model.no_ability"))
        return
    st.markdown(say("page.model.ability_intro"))
    lines = [
        {
            # The link also lets a keyboard reach the table where it scrolls on a phone.
            say("page.model.task"): f"[{safe(_task(task))}](learn?part=tasks)",
            say("page.model.value"): safe(f"{words.number(each.likely)} {_unit(each)}"),
            say("page.model.interval"): safe(say("page.model.range", low=each.low, high=each.high)),
            say("page.model.grade"): each.grade,
            say("page.model.grade_means"): say(f"page.model.grade_{each.grade}"),
            say("page.model.basis"): safe(basis_words(each)),
        }
        for task, each in model.ability.items()
    ]
    st.table(lines, hide_index=True, alt=say("page.model.ability"))
    if model.hallucination_rate is not None:
        st.markdown(safe(say("page.model.hallucination", rate=model.hallucination_rate)))


def _task(task: str) -> str:
    return say("page.model.general") if task == "general" else say(f"task.{task}")


def _unit(each: Ability) -> str:
    return say(f"page.model.unit_{each.unit}")


def basis_words(each: Ability) -> str:
    """What an ability rests on, in words."""
    parts = [_evidence(basis) for basis in each.basis]
    if each.text_only:
        parts.append(say("page.model.basis_text_only"))
    return "; ".join(parts)


def _evidence(basis: str) -> str:
    """One piece of evidence: a rule of ours, or the name of a benchmark."""
    kind, _, detail = basis.partition(":")
    if f"page.model.basis_{kind}" in state.catalog().vocabulary["strings"]["en"]:
        catalog = state.catalog()
        named = catalog.models.get(detail) or catalog.developers.get(detail)
        return say(f"page.model.basis_{kind}", detail=named.name if named else detail)
    equated = state.catalog().vocabulary["assumptions"]["ability"]["equating"].get(basis, {})
    listed = state.details()["benchmarks"]
    return next(
        (listed[name]["name"] for name in (basis, *equated.get("benchmarks", ())) if name in listed), basis
    )


def records(rows: Sequence[Mapping[str, Any]], *, key: str, alt: str, first: Sequence[str] = ()) -> None:
    """Records as a table with every field that any of them has; the fields of `first` lead."""
    fields = [*first, *(field for field in columns(rows) if field not in first)]
    lines = [{label(field): _cell(field, row) for field in fields} for row in rows]
    frame = pd.DataFrame(lines)
    links = {label(field) for field in fields if field.endswith("address")}
    config = {name: st.column_config.LinkColumn(name) for name in links}
    height = "content" if len(lines) <= facts.SHORT else facts.TALL
    st.dataframe(
        frame, key=key, alt=alt, hide_index=True, column_config=config, placeholder="", height=height
    )


def _cell(field: str, row: Mapping[str, Any]) -> Any:
    value = row.get(field)
    if field == "source":
        return "; ".join(facts.source_words(each) for each in source_keys(row))
    return plain(value) if isinstance(value, bool | list) else value


def scores(made: About) -> None:
    """Every benchmark score with source and day."""
    st.header(say("page.model.scores"))
    if made.scores:
        st.markdown(safe(say("page.model.scores_intro", count=len(made.scores))))
        first = ("name", "metric", "score", "unit", "setting", "maker_reported", "source", "as_of")
        records(made.scores, key="scores", alt=say("page.model.scores"), first=first)
    else:
        st.markdown(say("page.model.no_scores"))


def prices(made: About) -> None:
    """Every price of every offer, dated."""
    st.header(say("page.model.prices"))
    if made.prices:
        st.markdown(say("page.model.prices_intro"))
        first = ("provider", "input_usd_per_mtok", "output_usd_per_mtok", "from", "to", "as_of", "source")
        records(made.prices, key="prices", alt=say("page.model.prices"), first=first)
    else:
        st.markdown(say("page.model.no_prices"))


def openness(model: Model, made: About) -> None:
    """Ratings per dimension with their evidence, and the components of the Model Openness Tool."""
    st.header(say("page.model.openness"))
    index = model.openness.get("index")
    if index is not None:
        rated = model.openness["rated"]
        st.markdown(safe(say("page.model.openness_index", index=round(index), rated=rated)))
        st.markdown(safe(say(f"page.model.basis_of_{model.openness['basis']}")))
    elif not made.records.get("openness"):
        st.markdown(say("page.model.no_openness"))
    else:
        st.markdown(say("page.model.few_openness"))
    for each in made.records.get("openness", ()):
        _ratings(each, "ratings", "evidence")
    for each in made.records.get("mof", ()):
        _ratings(each, "components", "derived")


def _ratings(record: Mapping[str, Any], rated: str, beside: str) -> None:
    """One assessment: a line per dimension, and what the assessment itself is."""
    dimensions = dict.fromkeys(
        field.partition(".")[2] for field in record if field.startswith((f"{rated}.", f"{beside}."))
    )
    st.subheader(say(f"page.model.by_{record.get('assessor', 'mof')}"))
    about = [
        f"{label(field)}: {plain(value)}"
        for field, value in record.items()
        if "." not in field and field != "source"
    ]
    st.markdown(f"{safe(' · '.join(about))} · {sources(source_keys(record))}")
    lines = [
        {
            say(f"page.model.{rated}"): safe(label(dimension)),
            say(f"page.model.{rated}_value"): safe(_rating(record.get(f"{rated}.{dimension}"))),
            say(f"page.model.{beside}"): link(plain(record.get(f"{beside}.{dimension}"))),
        }
        for dimension in dimensions
    ]
    st.table(lines, hide_index=True, alt=say(f"page.model.by_{record.get('assessor', 'mof')}"))


def _rating(value: Any) -> str:
    known = state.catalog().vocabulary["strings"]["en"]
    return say(f"page.model.rating_{value}") if f"page.model.rating_{value}" in known else plain(value)


def files(made: About) -> None:
    """Sizes of published files, and any other list of records a model's file holds."""
    for key, rows in made.records.items():
        if key not in ("openness", "mof"):
            st.header(label(key))
            first = [field for field in ("quantisation", "size_gb", "publisher") if field in columns(rows)]
            records(rows, key=f"records_{key}", alt=label(key), first=first)


def promises(made: About) -> None:
    """What the providers of this model say of themselves."""
    if not made.promises:
        return
    st.header(say("page.model.promises"))
    with st.expander(say("page.model.promises_open", count=len(made.promises))):
        lines = [{say("page.model.provider"): provider} | _plain_line(row) for provider, row in made.promises]
        st.dataframe(pd.DataFrame(lines), hide_index=True, alt=say("page.model.promises"), height=facts.TALL)


def _plain_line(row: FactRow) -> dict[str, str]:
    """A fact as text without Markdown, for tables that are drawn on a canvas."""
    value = facts.missing_word(row.status) if row.status else plain(row.value)
    if row.low is not None:
        value = say("page.model.range", low=plain(row.low), high=plain(row.high))
    return {
        say("page.model.fact"): label(row.field),
        say("page.model.value"): value,
        say("page.model.kind"): say(f"page.model.kind_{row.kind}"),
        say("page.model.source"): "; ".join(facts.source_words(key) for key in row.sources),
        say("page.model.as_of"): row.as_of or "",
        say("page.model.note"): row.note or "",
    }


def speeds(made: About) -> None:
    """Speeds that readers measured on their machines."""
    if made.speeds:
        st.header(say("page.model.speeds"))
        first = ("hardware", "quantisation", "output_tokens_per_second")
        records(made.speeds, key="speeds", alt=say("page.model.speeds"), first=first)


def licence_and_developer(made: About) -> None:
    """What is known of the licence and of the maker."""
    st.header(say("page.model.licence_and_developer"))
    _table([*made.licence, *made.developer], say("page.model.licence_and_developer"))
    if made.transparency:
        st.subheader(say("page.model.transparency"))
        records(made.transparency, key="transparency", alt=say("page.model.transparency"))
