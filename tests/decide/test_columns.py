"""Columns of candidates, and Kleene's three-valued logic over them."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.decide.columns import (
    FALSE,
    TRUE,
    UNKNOWN,
    all_of,
    any_of,
    categories,
    flags,
    negation,
    numbers,
    sets,
    truth,
)

# Kleene 1952, section 64: false, unknown, true.
VALUES = [FALSE, UNKNOWN, TRUE]
AND = [[FALSE, FALSE, FALSE], [FALSE, UNKNOWN, UNKNOWN], [FALSE, UNKNOWN, TRUE]]
OR = [[FALSE, UNKNOWN, TRUE], [UNKNOWN, UNKNOWN, TRUE], [TRUE, TRUE, TRUE]]
PAIRS = [(row, column) for row in range(3) for column in range(3)]


def one(value):
    """A column of a single truth value."""
    return np.array([value], dtype=np.int8)


@pytest.mark.parametrize(("row", "column"), PAIRS)
def test_and_is_kleenes(row, column):
    """One false decides; else one unknown."""
    assert all_of([one(VALUES[row]), one(VALUES[column])])[0] == AND[row][column]


@pytest.mark.parametrize(("row", "column"), PAIRS)
def test_or_is_kleenes(row, column):
    """One true decides; else one unknown."""
    assert any_of([one(VALUES[row]), one(VALUES[column])])[0] == OR[row][column]


@pytest.mark.parametrize(("value", "expected"), [(FALSE, TRUE), (UNKNOWN, UNKNOWN), (TRUE, FALSE)])
def test_not_is_kleenes(value, expected):
    """Not knowing whether it holds is not knowing whether it does not."""
    assert negation(one(value))[0] == expected


@pytest.mark.parametrize(("row", "column"), PAIRS)
def test_de_morgan_holds(row, column):
    """Not (a and b) is (not a) or (not b), for unknown values too."""
    a, b = one(VALUES[row]), one(VALUES[column])
    assert negation(all_of([a, b]))[0] == any_of([negation(a), negation(b)])[0]


def test_what_is_not_known_is_unknown_whatever_it_says():
    """A mask of what is known goes before the value."""
    holds, known = np.array([True, False, True, False]), np.array([True, True, False, False])
    assert truth(holds, known).tolist() == [TRUE, FALSE, UNKNOWN, UNKNOWN]


def test_numbers_keep_what_is_missing():
    """None is unknown, and 0 is a number."""
    column = numbers([1, None, 0.0])
    assert [column.at(row) for row in range(3)] == [1.0, None, 0.0]


def test_flags_keep_what_is_missing():
    """False and unknown are two things."""
    column = flags([True, None, False])
    assert [column.at(row) for row in range(3)] == [True, None, False]


def test_categories_give_back_their_words():
    """Words go in and come out; the members are sorted."""
    column = categories(["own", None, "api"])
    assert [column.at(row) for row in range(3)] == ["own", None, "api"]
    assert column.members == ("api", "own")


def test_sets_give_back_their_words_and_tell_empty_from_unknown():
    """An empty set is known to be empty; None is not known."""
    column = sets([("eu", "us"), (), None, ("us", "us")])
    assert [column.at(row) for row in range(4)] == [["eu", "us"], [], None, ["us"]]


def test_a_set_of_too_many_words_is_refused():
    """Sixty-four words do not fit into a bit set of 63, and the message says so."""
    with pytest.raises(ValueError, match="64 different words; 63 fit"):
        sets([tuple(f"w{number:02d}" for number in range(64))])


def test_taking_rows_keeps_order_and_repeats():
    """Rows may be taken in any order and more than once."""
    taken = categories(["a", None, "b"]).take(np.array([2, 2, 1, 0]))
    assert [taken.at(row) for row in range(4)] == ["b", "b", None, "a"]
