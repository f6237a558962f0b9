"""Filters from an address and back: readable, checked, and every bad value named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.answers_fields import FIELDS
from recommender.catalog.selection import KEYS, ORDERS, SCALES, VIEWS, Selection, chosen, read, write
from recommender.catalog.tables import LICENCE_KINDS
from recommender.catalog.types import ModelClass
from tests.catalog.test_tables import ROWS

DEVELOPERS = sorted({row.developer for row in ROWS})


def some(options):
    """Several of the options, in their order."""
    return st.sets(st.sampled_from(options)).map(
        lambda found: tuple(each for each in options if each in found)
    )


selections = st.builds(
    Selection,
    classes=some([str(each) for each in ModelClass]),
    developers=some(DEVELOPERS),
    since=st.none() | st.dates(),
    licences=some(LICENCE_KINDS),
    hide_retired=st.booleans(),
    estimates=st.booleans(),
    scale=st.sampled_from(SCALES),
    view=st.sampled_from(VIEWS),
    order=st.sampled_from(ORDERS),
    text=st.text("abc 4o-/.", max_size=30).map(str.strip),
)


@given(selections)
def test_reading_takes_back_writing(selection):
    """Every selection survives its address."""
    assert read(write(selection), DEVELOPERS) == (selection, ())


@given(st.dictionaries(st.sampled_from([*KEYS.values(), "x_other", "v"]), st.text(max_size=200)))
def test_any_address_is_read(query):
    """Whatever an address holds, a selection comes out and only our keys are named as bad."""
    selection, bad = read(query, DEVELOPERS)
    assert read(write(selection), DEVELOPERS)[0] == selection
    assert {each.key for each in bad} <= {key for key in query if key.startswith("x_")}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("x_class", "open"), ("x_class", "closed.small"), ("x_dev", "nobody"), ("x_since", "2026-13-01"),
        ("x_since", "yesterday"), ("x_lic", "gpl"), ("x_retired", "yes"), ("x_est", "1"), ("x_view", "gap"),
        ("x_sort", "best"), ("x_q", "a" * 81), ("x_q", "a\x00b"), ("x_new", "1"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_and_left_out(key, value):
    """The bad part is named with what is allowed; the good part beside it still counts."""
    selection, bad = read({key: value, **({} if key == "x_class" else {"x_class": "small"})}, DEVELOPERS)
    assert [each.key for each in bad] == [key]
    assert bad[0].allowed
    assert selection == Selection(classes=() if key == "x_class" else ("small",))


def test_keys_never_meet_those_of_answers():
    """An answer link and a filter can stand in one address."""
    assert set(KEYS.values()) & {spec.link for spec in FIELDS} == set()
    assert all(key.startswith("x_") for key in KEYS.values())
    assert set(KEYS) == {*Selection.__dataclass_fields__}


def passes(row, selection):
    """The filters written out once more, by hand."""
    return (
        (not selection.classes or row.model_class in selection.classes)
        and (not selection.developers or row.developer in selection.developers)
        and (selection.since is None or not row.released < selection.since)
        and (not selection.licences or row.licence_kind in selection.licences)
        and not (selection.hide_retired and row.status in ("retired", "never-released"))
    )


@given(selections, st.sampled_from(ROWS))
def test_a_row_is_chosen_exactly_if_it_passes(selection, one):
    """Nothing that passes is lost, nothing else appears; the day itself counts as since that day."""
    wanted = replace(selection, text="", since=selection.since and one.released)
    assert sorted(row.id for row in chosen(ROWS, wanted)) == sorted(
        row.id for row in ROWS if passes(row, wanted)
    )


def test_open_weight_since_2026():
    """The analyst's filter gives what counting by hand gives."""
    wanted, _ = read({"x_class": "open-weight", "x_since": "2026-01-01"}, DEVELOPERS)
    by_hand = {
        row.id for row in ROWS
        if row.model_class == ModelClass.OPEN_WEIGHT and row.released >= date(2026, 1, 1)
    }  # fmt: skip
    assert {row.id for row in chosen(ROWS, wanted)} == by_hand
    assert by_hand


@pytest.mark.parametrize("order", ORDERS)
def test_orders_put_gaps_last(order):
    """Rows without the figure come after all that have it."""
    figures = {"size": "parameters_total", "openness": "openness", "ability": "ability", "price": "price"}
    gaps = [getattr(row, figures.get(order, "id")) is None for row in chosen(ROWS, Selection(order=order))]
    assert gaps == sorted(gaps)
