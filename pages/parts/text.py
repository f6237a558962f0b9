"""Words and figures made fit for the page: escaped, rounded, and one way to say each kind of fact."""

from __future__ import annotations

import re

from pages.parts import state
from recommender import words
from recommender.decide.result import Contribution

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~:^])")


def safe(text: object) -> str:
    """Text shown as it is: nothing in it is read as Markdown, a formula, an emoji or a colour."""
    return _SPECIAL.sub(r"\\\1", str(text)).replace("\n", " ")


def source_links(keys: str | None, as_of: str | None) -> str:
    """Links to the sources of a figure with the day it was looked at; our own sums link to the method."""
    if not keys:
        return f"[{safe(state.say('page.common.no_source'))}](learn)"
    named = [_source(key) for key in keys.split(", ")]
    return ", ".join(named) + (f" ({safe(as_of)})" if as_of else "")


def _source(key: str) -> str:
    source = state.sources().get(key)
    if source is None:
        return safe(key)
    title = safe(words.shortened(source.title, _TITLE_MAX))
    if source.address and source.address.startswith(("https://", "http://")):
        return f"[{title}]({source.address.replace(')', '%29').replace('(', '%28').replace(' ', '%20')})"
    return title


def fact(part: Contribution, model: str, task: str) -> str:
    """The fact behind a contribution, with its unit and how well it is known."""
    note = state.say(f"page.common.state_{part.state}") if part.state != "known" else ""
    figure = _ability(part, model, task) if part.criterion == "C01" else _figure(part)
    return f"{figure} ({note})" if figure and note else figure or note


def _ability(part: Contribution, model: str, task: str) -> str:
    """What the ability is worth, how sure that is, and what it was read off."""
    ability = state.catalog().models[model].ability.get(task)
    if ability is None or part.raw is None:
        return ""
    return state.say(
        "page.common.ability", share=words.share(part.raw), grade=ability.grade, basis=list(ability.basis)
    )


def _figure(part: Contribution) -> str:
    if part.raw is None:
        return ""
    ladder = _LADDERS.get(part.criterion)
    if ladder is not None:
        steps = state.catalog().vocabulary["rules"]["levels"][ladder].values()
        found = [step["words"] for step in steps if step["level"] == part.raw]
        return str(found[0]) if found else words.number(part.raw)
    known = state.catalog().vocabulary["strings"]["en"]
    if f"page.common.level_{part.criterion}_{part.raw:.0f}" in known:
        return state.say(f"page.common.level_{part.criterion}_{part.raw:.0f}")
    if part.unit == "USD":
        return state.say("page.common.a_month", cost=words.money(part.raw))
    if f"page.common.share_{part.criterion}" in known:
        return state.say(f"page.common.share_{part.criterion}", share=words.share(part.raw))
    return state.say("page.common.with_unit", value=part.raw, unit=part.unit)


_LADDERS = {"C06": "openness_level", "C10": "support"}
_TITLE_MAX = 60
