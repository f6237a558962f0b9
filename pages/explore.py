"""Explore: how open models of each size are, and what ability costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts import facts, figures, frame, picker, state
from pages.parts.text import safe
from recommender import words
from recommender.catalog.charts import (
    PriceChart,
    SizeChart,
    SizeFinding,
    price_chart,
    size_chart,
    size_finding,
)
from recommender.catalog.selection import VIEWS, Selection, chosen
from recommender.catalog.tables import Row
from recommender.catalog.types import ModelClass

say = state.say


def page() -> None:
    """The filters, then one chart with its finding, its table and its download."""
    st.title(say("page.explore.title"))
    wanted = picker.selection()
    picker.view(wanted, VIEWS)
    picker.filters(wanted)
    kept = chosen(facts.rows(), wanted)
    if not kept:
        st.info(say("page.explore.nothing"))
    elif wanted.view == "size":
        _size(kept, wanted)
    else:
        _price(kept, wanted)


def _size(kept: Sequence[Row], wanted: Selection) -> None:
    chart = size_chart(kept, scale=wanted.scale)
    st.header(say("page.explore.size_title"))
    # Medians over two scales would mean nothing: the sentence is about one of them.
    judged = size_chart(kept, scale="outside") if wanted.scale == "both" else chart
    finding = size_sentence(judged if judged.drawn else chart)
    st.markdown(safe(finding))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picker.scale(wanted)
        picker.estimates(wanted)
    if chart.drawn:
        names = facts.class_names()
        figure = figures.size_openness(
            chart, hover={row.id: _size_hover(row) for row in chart.drawn}, classes=names,
            words={
                "x": say("page.explore.size_x"),
                "y": say(f"page.explore.size_y_{wanted.scale}"),
                "strip": say("page.explore.size_strip"),
            },
            estimates=wanted.estimates,
        )  # fmt: skip
        st.plotly_chart(figure, key="size", alt=finding, config=figures.CONFIG)
        st.caption(say("page.explore.size_legend"))
    _left_out(len(kept), len(chart.drawn), chart.left_out)
    _rows_and_download(chart.drawn, wanted)


def size_sentence(chart: SizeChart) -> str:
    """The finding of the size chart in one or two sentences, from the rows drawn."""
    found = size_finding(chart)
    if not chart.drawn:
        return say("page.explore.finding_empty")
    names = facts.class_names()
    parts = [
        say(
            "page.explore.finding_class",
            count=found.counts[each],
            name=names[each].lower(),
            median=round(median),
        )
        for each, median in found.medians.items()
    ]
    sentences = [say("page.explore.finding_classes", parts=parts), *_extremes(found)]
    if found.correlation is not None:
        direction = "up" if found.rises else "down"
        strength = found.strength if found.strength == "none" else f"{found.strength}_{direction}"
        sentences.append(say(f"page.explore.finding_{strength}", correlation=f"{found.correlation:+.2f}"))
    return " ".join(sentences)


def _extremes(found: SizeFinding) -> list[str]:
    best = found.most_open_closed
    if best is None or best.openness is None or ModelClass.CLOSED not in found.medians:
        return []
    return [say("page.explore.finding_closed", name=best.name, index=round(best.openness))]


def _size_hover(row: Row) -> str:
    source, day = row.sources.get("openness", ("", ""))
    lines = [
        row.name,
        f"{row.developer_name} · {facts.class_word(row.model_class)}",
        say("page.explore.hover_size", size=facts.size_words(row)),
    ]
    if row.parameters_active is not None:
        lines.append(say("page.explore.hover_active", size=words.parameters(row.parameters_active)))
    if row.parameters_estimate is not None:
        guess, (whose, _) = row.parameters_estimate, row.sources.get("parameters_estimate", ("", ""))
        ends = {end: words.parameters(round(getattr(guess, end))) for end in ("low", "high")}
        lines.append(say("page.explore.hover_estimate", source=facts.source_words(whose), **ends))
    lines += [
        say("page.explore.hover_openness", index=round(row.openness or 0), dimensions=row.dimensions_rated),
        say("page.explore.hover_released", day=row.released),
        say("page.explore.hover_source", source=facts.source_words(source), day=day),
    ]
    if row.match not in (None, "same-system"):
        lines.append(say("page.explore.hover_family"))
    return figures.hover_text(lines)


def _price(kept: Sequence[Row], wanted: Selection) -> None:
    chart = price_chart(kept)
    st.header(say("page.explore.price_title"))
    finding = price_sentence(chart)
    st.markdown(safe(finding))
    if chart.drawn:
        figure = figures.ability_price(
            chart, hover={row.id: _price_hover(row) for row in chart.drawn}, classes=facts.class_names(),
            words={part: say(f"page.explore.price_{part}") for part in ("x", "y")},
        )  # fmt: skip
        st.plotly_chart(figure, key="price", alt=finding, config=figures.CONFIG)
        st.caption(say("page.explore.price_legend"))
        st.caption(safe(say("page.explore.price_unbeaten", models=_frontier(chart))))
    _left_out(len(kept), len(chart.drawn), chart.left_out)
    _rows_and_download(chart.drawn, wanted)


def price_sentence(chart: PriceChart) -> str:
    """How many models nothing beats on both price and ability, and the two ends of them."""
    if not chart.frontier:
        return say("page.explore.price_empty")
    named = _frontier(chart)
    ends = {"cheapest": named[0], "strongest": named[-1]}
    form = "page.explore.price_finding" if named[1:] else "page.explore.price_finding_one"
    return say(form, drawn=len(chart.drawn), count=len(named), **ends)


def _frontier(chart: PriceChart) -> list[str]:
    return [
        say(
            "page.explore.frontier_model",
            name=row.name,
            price=words.money(row.price.usd_per_mtok),
            points=round(row.ability.likely),
        )
        for row in chart.frontier
        if row.price and row.ability
    ]


def _price_hover(row: Row) -> str:
    ability = facts.ability_words(row.ability) if row.ability else ""
    lines = [
        row.name,
        f"{row.developer_name} · {facts.class_word(row.model_class)}",
        say("page.explore.hover_ability", ability=ability),
        facts.price_words(row),
        say("page.explore.hover_released", day=row.released),
    ]
    if row.price is not None:
        lines.append(
            say("page.explore.hover_source", source=facts.source_words(row.price.source), day=row.price.as_of)
        )
    return figures.hover_text(lines)


def _left_out(kept: int, drawn: int, reasons: Mapping[str, int]) -> None:
    """Every model is either drawn or counted here with the reason."""
    parts = [say(f"page.explore.out_{reason}", count=count) for reason, count in reasons.items()]
    sentence = "page.explore.left_out" if parts else "page.explore.all_drawn"
    st.caption(safe(say(sentence, drawn=drawn, kept=kept, count=kept - drawn, reasons=parts)))


def _rows_and_download(drawn: Sequence[Row], wanted: Selection) -> None:
    """The table twin of a chart, and the same rows as files."""
    if not drawn:
        return
    st.subheader(say("page.explore.table_title", count=len(drawn)))
    facts.table(drawn, key="twin", alt=say("page.explore.table_alt", count=len(drawn)))
    with st.container(horizontal=True):
        facts.downloads(drawn, wanted, name="openweigh-explore")


frame.show(page)
