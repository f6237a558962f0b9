"""The YAML reader takes nothing for anything else than it looks like."""

from __future__ import annotations

import sys
from datetime import date

import pytest
import yaml

from recommender.catalog import strict_yaml
from recommender.catalog.faults import CatalogError
from recommender.catalog.strict_yaml import MAX_BYTES, MAX_DEPTH, parse_yaml, read_yaml


@pytest.fixture(params=["C", "pure"], autouse=True)
def parser(request, monkeypatch):
    """Every test runs with libyaml's parser and with the one in Python."""
    loader = yaml.SafeLoader if request.param == "pure" else yaml.CSafeLoader
    monkeypatch.setattr(strict_yaml, "_LOADER", loader)


def read(text: str):
    """The content of a text, read as the loader reads a file."""
    return parse_yaml(text.encode("utf-8", "surrogatepass"), name="data/x.yaml")


def refused(text: str):
    """The only fault of a text that must not be read."""
    with pytest.raises(CatalogError) as caught:
        read(text)
    (fault,) = caught.value.faults
    assert fault.file == "data/x.yaml"
    assert fault.remedy
    return fault


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("off", "off"),
        ("yes", "yes"),
        ("y", "y"),
        ("1.10", 1.1),
        ("1_000", 1000),
        ("010", "010"),
        ("12:30", "12:30"),
        ("1e3", "1e3"),
        ("1.0e+3", "1.0e+3"),
        ("2025-04-01", date(2025, 4, 1)),
        ("2025-04", "2025-04"),
        ("null", None),
        ("~", "~"),
        ("Null", "Null"),
        ("True", "True"),
        ("true", True),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1__0", "1__0"),
        ("1_", "1_"),
        ("+1", "+1"),
        ("-5", -5),
        ("-0.5", -0.5),
        (".5", ".5"),
        ("5.", "5."),
        ("1,000", "1,000"),
        ("\u0661\u0662", "\u0661\u0662"),
        ("=", "="),
    ],
)
def test_plain_words_mean_what_they_look_like(written, value):
    """Only numbers, days, true, false and null are not text."""
    found = read(f"key: {written}\n")["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("written", ["12", "1.5", "2025-04-01", "true", "null", "no", ""])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_is_always_text(written, quote):
    """Quotes turn every one of the readings off."""
    assert read(f"key: {quote}{written}{quote}\n") == {"key": written}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", "a second key 'a'"),
        ("x: {a: 1, a: 2}\n", "a second key 'a'"),
        ("a: 1\n'a': 2\n", "a second key 'a'"),
        ("1: x\n", "the key 1"),
        ("true: x\n", "the key True"),
        ("null: x\n", "the key None"),
        ("2025-01-01: x\n", "the key datetime.date(2025, 1, 1)"),
        ("? [a, b]\n: x\n", "the key ['a', 'b']"),
        ("<<: {a: 1}\n", "the key '<<'"),
        ("a: &x 1\n", "the anchor &x"),
        ("a: *x\n", "the alias *x"),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "the tag tag:yaml.org,2002:python/object/apply:os.system",
        ),
        ("a: !!str 1\n", "the tag tag:yaml.org,2002:str"),
        ("a: !mine 1\n", "the tag !mine"),
        ("a:\n", "an empty value"),
        ("a: {b: }\n", "an empty value"),
        ("- \n- 1\n", "an empty value"),
        ("a: 2025-02-30\n", "the date 2025-02-30"),
        ("a: 1000000000000000000\n", "the number 1000000000000000000"),
        ("a: 1\n---\nb: 2\n", "a second document"),
        ("%YAML 1.1\n---\na: 1\n", "a directive"),
        ("", "an empty file"),
        ("# only a comment\n", "an empty file"),
    ],
)
def test_surprises_are_refused_by_name(text, found):
    """What was found is named, on its line, with what is allowed."""
    fault = refused(text)
    assert fault.found == found
    assert fault.field.startswith("line ")
    assert fault.allowed


def test_fault_names_the_line_of_the_second_key():
    """The line is that of the repetition, not that of the mapping."""
    assert refused("a: 1\nb: 2\na: 3\n").field == "line 3"


@pytest.mark.parametrize(
    "character",
    [
        "\t",
        "\r",
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\u202e",
        "\u2066",
        "\u200f",
        "\u200b",
        "\ufeff",
        "\u2028",
    ],
)
def test_invisible_characters_are_refused(character):
    """Control characters and marks that reorder text never reach a page."""
    fault = refused(f"ok: 1\na: 'x{character}y'\n")
    assert fault.found == f"the character U+{ord(character):04X}"
    assert fault.field == "line 2"


@pytest.mark.parametrize("escape", ["\\u202e", "\\t", "\\n\\r", "\\0", "\\x1b", "\\ufeff", "\\ud800"])
def test_escapes_do_not_smuggle_invisible_characters(escape):
    """An escape inside quotes is judged by the character it stands for."""
    assert refused(f'ok: 1\na: "x{escape}y"\n').field.startswith("line ")


def test_tab_as_indentation_is_refused():
    """The remedy says to indent with spaces."""
    assert "spaces" in refused("a:\n\tb: 1\n").remedy


def test_alias_bomb_is_refused_at_its_first_anchor():
    """Nine levels of nine aliases would be 9^9 nodes; no level is expanded."""
    levels = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    assert refused(f"a0: &a0 [x,x]\n{levels}").found == "the anchor &a0"


@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_deep_nesting_is_refused_without_recursion(pair):
    """5,000 levels end in a sentence, not in a crash."""
    opening = "[" if pair == "[]" else "{a: "
    text = "x: " + opening * 5000 + "1" + pair[1] * 5000 + "\n"
    assert "nest" in refused(text).found


def test_depth_limit_is_exact():
    """Twelve levels are read, thirteen are not."""
    assert read("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH + "\n")
    assert refused("[" * (MAX_DEPTH + 1) + "1" + "]" * (MAX_DEPTH + 1) + "\n")


def test_large_files_are_refused_before_they_are_parsed():
    """The size is checked on the bytes."""
    assert refused("#" * (MAX_BYTES + 1)).allowed == f"at most {MAX_BYTES} bytes"


def test_long_numbers_are_refused():
    """Digits beyond what any count needs are an error, also for Python's own digit limit."""
    digits = "9" * (sys.get_int_max_str_digits() + 1)
    assert "digits" in refused(f"a: {digits}\n").allowed
    assert "digits" in refused(f"a: {digits}.5\n").allowed


@pytest.mark.parametrize("text", ["a: [1, 2\n", "a: 'x\n", "a: b: c\n", "a: 1\n b: 2\n", "@a: 1\n", "]\n"])
def test_broken_yaml_names_the_line(text):
    """The parser's complaint becomes one fault with a line."""
    fault = refused(text)
    assert fault.field.startswith("line ")
    assert "YAML" in fault.allowed


def test_bytes_that_are_no_utf8_name_the_line():
    """A file saved in another encoding says where."""
    with pytest.raises(CatalogError, match=r"line 2 is not UTF-8"):
        parse_yaml(b"a: 1\nb: \xe9\n", name="data/x.yaml")


def test_missing_file_is_one_sentence(tmp_path):
    """A path that is not there raises the catalog's own error."""
    with pytest.raises(CatalogError, match=r"nothing\.yaml is missing"):
        read_yaml(tmp_path / "nothing.yaml")


def test_nested_content_keeps_its_order_and_types():
    """Mappings stay in the order of the file."""
    text = 'b: {value: 1_000, source: [x, y]}\na:\n  - {on: "no"}\n  - |\n    two\n    lines\n'
    content = read(text)
    assert content == {"b": {"value": 1000, "source": ["x", "y"]}, "a": [{"on": "no"}, "two\nlines\n"]}
    assert list(content) == ["b", "a"]
