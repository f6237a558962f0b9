"""Sentences and numbers in words."""

from __future__ import annotations

from datetime import date
from string import Formatter

import pytest

from recommender import load_catalog
from recommender.words import (
    UnknownSentence,
    fill,
    joined,
    money,
    money_range,
    number,
    parameters,
    plain,
    say,
    tokens,
)


def test_fill_puts_parameters_into_a_sentence():
    """Numbers get separators, lists are joined, days are written out."""
    text = fill(
        "{model} costs {cost} USD since {day} in {places}.",
        {"model": "One", "cost": 12345.6, "day": date(2026, 1, 2), "places": ("eu", "us", "ch")},
    )
    assert text == "One costs 12,346 USD since 2026-01-02 in eu, us and ch."


def test_fill_says_what_is_missing():
    """A parameter that nobody gave, or that is None, is not known; nothing is left in curly braces."""
    assert fill("{model} needs {memory} GB", {"model": None}) == "not known needs not known GB"


def test_fill_takes_words_as_they_are():
    """Braces inside a value are text, not a parameter, and further parameters are ignored."""
    assert fill("Not {name}.", {"name": "{secret}", "secret": "x"}) == "Not {secret}."


def test_fill_leaves_a_sentence_without_parameters_alone():
    """Nothing to fill in, nothing changed."""
    assert fill("No model meets all your limits.", {}) == "No model meets all your limits."


def test_say_finds_the_sentence_by_id():
    """The id chooses the sentence, the parameters fill it."""
    assert say({"a.b": "Hello {name}"}, "a.b", name="you") == "Hello you"


def test_say_refuses_an_unknown_id():
    """A sentence that does not exist is a mistake of ours, not an empty text."""
    with pytest.raises(UnknownSentence, match=r"a\.c"):
        say({"a.b": "Hello"}, "a.c")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"), (1234.5, "1,234"), (1234567, "1,234,567"), (12.34, "12.3"), (3.0, "3"), (0.0451, "0.045"),
        (-12.34, "-12.3"), (float("inf"), "unlimited"), (float("nan"), "not known"),
    ],
)  # fmt: skip
def test_numbers_show_the_digits_that_matter(value, expected):
    """Whole numbers with separators, others with as many digits as a reader needs."""
    assert number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "not known"), (True, "yes"), (False, "no"), ([], "none"), (["a"], "a"), ("x", "x")],
)
def test_plain_words_for_any_value(value, expected):
    """Yes and no, lists, and nothing."""
    assert plain(value) == expected


@pytest.mark.parametrize(
    ("usd", "expected"), [(0, "$0"), (0.0123, "$0.012"), (5, "$5.00"), (99.994, "$99.99"), (1234.5, "$1,234")]
)
def test_money(usd, expected):
    """Cents where they matter, none where they do not."""
    assert money(usd) == expected


def test_money_range_shows_one_figure_where_ends_agree():
    """A range that no reader can see is not shown."""
    assert money_range(5.001, 5.002, 5.003) == "$5.00"
    assert money_range(5, 10, 20) == "$10.00 ($5.00 to $20.00)"


@pytest.mark.parametrize(
    ("count", "expected"),
    [(None, "not disclosed"), (14_500_000, "14.5 million"), (405_900_000_000, "405.9 billion")],
)
def test_parameter_counts(count, expected):
    """Millions or billions, and three kinds of reader understand both."""
    assert parameters(count) == expected


def test_tokens():
    """Token counts are written out."""
    assert (tokens(131_072), tokens(None)) == ("131,072 tokens", "not known")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_in_words(parts, expected):
    """A list reads like a sentence."""
    assert joined(parts) == expected


def test_every_sentence_can_be_filled():
    """No sentence has a parameter without a name, a format or a conversion, which fill would not honour."""
    for words in load_catalog().vocabulary["strings"].values():
        for key, text in words.items():
            for _, name, form, conversion in Formatter().parse(str(text)):
                assert name is None or (name.isidentifier() and not form and not conversion), key
