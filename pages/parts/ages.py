"""How old facts are, in words: of the whole catalog in the frame, of prices beside them."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.parts import state
from pages.parts.text import safe
from recommender.catalog import freshness

say = state.say


def in_words(day: date) -> str:
    """How long ago a day is: today, 3 days ago, 4 months ago."""
    unit, count = freshness.age_unit(freshness.age_days(day, state.day()))
    return say(f"page.common.age_{unit}", count=count)


@st.cache_data(show_spinner=False, max_entries=4)
def of_catalog(version: str, today: date) -> freshness.Freshness:
    """Oldest and newest fact in use, and how old the newest is today."""
    return freshness.freshness(state.catalog(), today)


def banner() -> None:
    """A word on top of the page once nobody has looked at the facts for too long."""
    found = of_catalog(state.catalog().version, state.day())
    limit = state.catalog().vocabulary["criteria"]["caveat_limits"]["catalog_old_days"]
    if found.age_days > limit:
        age = in_words(found.newest)
        st.warning(safe(say("page.common.old_data", day=found.newest, age=age)))


def old_prices(model_id: str) -> None:
    """The prices in force of a model that nobody has looked at for long, each with its age."""
    ages = freshness.price_ages(state.catalog(), state.day())
    old = [each for each in ages if each.model == model_id and each.mark != "fresh"]
    if old:
        providers = state.catalog().providers
        listed = [
            say(
                "page.model.old_price", provider=providers[each.provider].name, name=each.name,
                age=in_words(each.seen),
            )
            for each in old
        ]  # fmt: skip
        st.warning(safe("; ".join(listed)))
