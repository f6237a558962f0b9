"""Random damage to the catalog is refused by name, or changes what the snapshot is compared with."""

from __future__ import annotations

import random
import re

import pytest

from recommender.catalog import build as builder
from recommender.catalog.build import build, canonical, snapshot_is_current, write_snapshot
from recommender.catalog.faults import CatalogError
from recommender.catalog.load import VOCABULARY, load_tree, tree_of
from recommender.catalog.snapshot import DATA_DIR, catalog_of
from recommender.catalog.strict_yaml import MAX_BYTES
from tests.catalog.conftest import FILES

SEED = 20261126
PER_DAMAGE = 50  # times ten kinds of damage
SINGLE_FILES = {"developers", "licences", "hardware", "carbon", "sources", "retired_ids", "speeds"}
KINDS = SINGLE_FILES | {*VOCABULARY, "models", "offers", "benchmarks", "strings"}
KEY = re.compile(r"(?<=[ {\n])[A-Za-z][A-Za-z0-9_./-]*(?=: )")
FLOW_KEY = re.compile(r"(?<=: {)[A-Za-z][A-Za-z0-9_-]*(?=: )")
PLAIN = re.compile(r"(?<=: )[^\s,{}\[\]\"'|>][^,{}\[\]\n]*")
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OTHER_TYPES = ("[1]", "{a: 1}", "null", "true", "7", "-0.5", "2026-01-01", '"7"')
BOMB = "b0: &b0 [x, x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 9))
NAMED = re.compile(r'(?m)^([^#\n]*\b(?:name|title|hardware): "?)')
TOMBSTONE = "gone/gone: {reason: Moved, removed: 2026-01-01}\n"


def truncated(text, rng):
    """The file ends early."""
    return text[: rng.randrange(len(text))]


def doubled_key(text, rng):
    """A key stands a second time: inside braces, or one of the first column again at the end."""
    first_column = re.findall(r"(?m)^[A-Za-z][A-Za-z0-9_./-]*(?=:)", text) or [
        "again: 1\nagain"
    ]  # an empty mapping
    again = text.removesuffix("{}\n") + rng.choice(first_column) + ": 1\n"
    if rng.random() < 0.5:
        return again
    return spliced(text, rng, FLOW_KEY, lambda key: f"{key}: 1, {key}", or_else=again)


def not_a_number(text, rng):
    """A value becomes what YAML writes for no number, or for an endless one."""
    return spliced(text, rng, PLAIN, lambda _: rng.choice([".nan", ".inf", "-.inf"]), or_else=".nan\n")


def wrong_type(text, rng):
    """A value becomes a list, a mapping, nothing, true, a number, a day or a text."""
    return spliced(text, rng, PLAIN, lambda _: rng.choice(OTHER_TYPES), or_else="[1]\n")


def unknown_key(text, rng):
    """A key is misspelt."""
    return spliced(text, rng, KEY, lambda key: key + "x", or_else="surprise: 1\n")


def alias_bomb(text, rng):
    """Nine levels of aliases, 9^9 nodes when they are followed."""
    return text.removesuffix("{}\n") + BOMB


def deep_nesting(text, rng):
    """A value is 5,000 lists, or mappings, inside each other."""
    opening, closing = rng.choice([("[", "]"), ("{a: ", "}")])
    nested = opening * 5000 + "1" + closing * 5000
    return spliced(text, rng, PLAIN, lambda _: nested, or_else=f"a: {nested}\n")


def bidi_character(text, rng):
    """A character that turns the direction of text around."""
    spot = rng.randrange(len(text) + 1)
    return text[:spot] + rng.choice(BIDI) + text[spot:]


def tabulator(text, rng):
    """A tabulator instead of a space."""
    return spliced(text, rng, re.compile(" "), lambda _: "\t", or_else="\t" + text)


def lost_line(text, rng):
    """A line is missing."""
    lines = text.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return "".join(lines)


DAMAGES = (
    truncated,
    doubled_key,
    not_a_number,
    wrong_type,
    unknown_key,
    alias_bomb,
    deep_nesting,
    bidi_character,
    tabulator,
    lost_line,
)

NEVER_VALID = {doubled_key, alias_bomb, bidi_character, tabulator}  # in whatever file, at whatever spot


def spliced(text, rng, pattern, change, *, or_else):
    """The text with one match of the pattern changed; `or_else` where there is none."""
    spots = list(pattern.finditer(text))
    if not spots:
        return or_else
    spot = rng.choice(spots)
    return text[: spot.start()] + change(spot.group()) + text[spot.end() :]


def kind_of(name):
    """The kind of file: models/a/b.yaml -> models, carbon.yaml -> carbon."""
    return name.split("/")[0].removesuffix(".yaml")


def damaged_files(files, damage, count, seed=SEED):
    """`count` times the name of a file and its damaged bytes, over all kinds, facts twice as often."""
    rng = random.Random(f"{seed} {damage.__name__}")
    by_kind = {}
    for name in files:
        by_kind.setdefault(kind_of(name), []).append(name)
    kinds = [*sorted(by_kind), *sorted(by_kind.keys() - {*VOCABULARY, "strings"})]
    for number in range(count):
        name = rng.choice(by_kind[kinds[number % len(kinds)]])
        text = files[name].decode()
        yield name, damage(text, rng).encode("utf-8", "surrogatepass")


def assert_refused_by_name(error, name):
    """The file, the place in it and a remedy; a fault elsewhere names the file it points to."""
    for fault in error.faults:
        assert fault.file == f"data/{name}" or f"data/{name}" in fault.allowed, str(fault)
        assert fault.field or fault.allowed == "a mapping", str(fault)
        assert fault.found, str(fault)
        assert re.match(r"[A-Z].*[.}]$", fault.remedy), str(fault)


@pytest.fixture(scope="module")
def files():
    """Name -> bytes of every YAML file of the real catalog."""
    paths = {path.relative_to(DATA_DIR).as_posix(): path for path in sorted(DATA_DIR.rglob("*.yaml"))}
    return {name: path.read_bytes() for name, path in paths.items() if kind_of(name) != "snapshots"}


@pytest.fixture
def small_read():
    """The small catalog as bytes, and its tree with some files changed."""
    files = {name: text.encode() for name, text in FILES.items()}
    return files, lambda changed: tree_of({**files, **changed})


@pytest.fixture(scope="module")
def read(files):
    """read(**changed): the tree of the real catalog with some files changed; the others are read once."""
    seen = {}
    tree_of(files, seen=seen)
    return lambda changed: tree_of({**files, **changed}, seen=seen)


def outcome(read, name, damaged):
    """The tree with the damaged file, or the refusal. Any other exception fails the test."""
    try:
        return read({name: damaged}), None
    except CatalogError as error:
        return None, error


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_refused_by_name_or_noticed(files, read, damage):
    """Fifty random spots for each kind of damage, over all kinds of files: never a silent one."""
    sound = read({})
    for name, damaged in damaged_files(files, damage, PER_DAMAGE):
        assert damaged != files[name], name
        tree, error = outcome(read, name, damaged)
        if error is not None:
            assert_refused_by_name(error, name)
            continue
        assert damage not in NEVER_VALID, name
        assert tree.fingerprint != sound.fingerprint, name
        others = {other: content for other, content in tree.raw.items() if other != name}
        assert others == {other: sound.raw[other] for other in others}


def test_damage_is_spread_over_all_kinds_of_files(files):
    """None of the eighteen kinds is left out, whichever the damage."""
    assert {kind_of(name) for name in files} == KINDS
    for damage in DAMAGES:
        assert {kind_of(name) for name, _ in damaged_files(files, damage, PER_DAMAGE)} == KINDS


def test_refused_and_accepted_damage_both_occur(files, read):
    """The test above looks at both sides: most damage is refused, some leaves a valid file."""
    outcomes = [outcome(read, *each)[1] for each in damaged_files(files, wrong_type, len(KINDS))]
    assert 4 <= sum(error is None for error in outcomes) <= 14


def test_oversized_file_is_refused(files, read):
    """A file that somebody filled up is named with its size."""
    _, error = outcome(read, "carbon.yaml", files["carbon.yaml"] + b"#" * MAX_BYTES)
    assert [(fault.file, fault.field) for fault in error.faults] == [("data/carbon.yaml", "size")]


def test_every_kind_of_file_reaches_the_snapshot(files, read, monkeypatch):
    """A changed content changes the bytes of core or details, whatever file it stands in."""
    monkeypatch.setattr(builder, "estimate_abilities", lambda tree: {})  # 10 s each; they follow the files
    changed = {}
    for kind in sorted(KINDS):
        name = min(name for name in files if kind_of(name) == kind)
        changed[name] = with_news(kind, files[name].decode()).encode()
    before, after = build(read({})), build(read(changed))
    assert before[0]["version"] != after[0]["version"]
    for name in changed:
        part, _, rest = name.removesuffix(".yaml").partition("/")
        assert canonical(found(before, part, rest)) != canonical(found(after, part, rest)), name


def with_news(kind, text):
    """The text with another name in it, or with one more entry where it has no names."""
    if kind in {*VOCABULARY, "strings", "retired_ids"}:
        return text.removesuffix("{}\n") + (TOMBSTONE if kind == "retired_ids" else "added: Added\n")
    return NAMED.sub(r"\1Other ", text, count=1)


def found(built, part, rest):
    """What core and details hold of a file."""
    core, details = built
    held = details.get(part, core["vocabulary"].get(part))
    return held[rest] if rest else held


def test_snapshot_comparison_sees_damage_on_disk(data_dir):
    """A snapshot is no longer current once a file of any kind differs in one byte."""
    write_snapshot(data_dir)
    for path in sorted(data_dir.rglob("*.yaml")):
        sound = path.read_bytes()
        path.write_bytes(sound[:-1] + b" ")
        assert not snapshot_is_current(data_dir), path
        path.write_bytes(sound)
    assert snapshot_is_current(data_dir)


@pytest.mark.parametrize("damage", DAMAGES)
def test_accepted_damage_still_makes_a_catalog(small_read, damage):
    """What the files may say can be built and loaded; else the build refuses it by name."""
    files, read = small_read
    for name, damaged in damaged_files(files, damage, PER_DAMAGE):
        tree, _ = outcome(read, name, damaged)
        if tree is None:
            continue
        try:
            catalog_of(build(tree)[0])
        except CatalogError as error:
            assert_refused_by_name(error, "assumptions.yaml")


@pytest.mark.parametrize(
    ("name", "field"),
    [("models/acme/tiny.yaml", field) for field in ("kind", "released", "status")]
    + [("offers/acme.yaml", "kind")],
)
def test_facts_that_all_else_is_built_on_need_a_value(small_read, name, field):
    """A model without a day of release would pass the schema and stop the app at its next start."""
    files, read = small_read
    text = re.sub(rf"(?m)^({field}: {{)value: [^,]*,", r"\1status: undisclosed,", files[name].decode())
    _, error = outcome(read, name, text.encode())
    assert [(fault.file, fault.field) for fault in error.faults] == [(f"data/{name}", field)]


def test_files_read_before_are_not_read_again(data_dir, monkeypatch):
    """With the same memory a second tree costs one file, and equals a full load."""
    files = {name: text.encode() for name, text in FILES.items()}
    seen = {}
    assert tree_of(files, seen=seen) == load_tree(data_dir)
    monkeypatch.setattr("recommender.catalog.load.parse_yaml", lambda *_, **__: pytest.fail("read again"))
    assert tree_of(files, seen=seen) == tree_of(dict(files), seen=seen)


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        ("strings/en.yaml", "hello: [1]\n", "hello"),
        ("quantisation.yaml", "aliases: {fp16: [1]}\n", "aliases.fp16"),
        ("rules.yaml", "- 1\n", ""),
    ],
)
def test_what_the_build_reads_of_the_vocabulary_is_checked(small_read, name, text, field):
    """Sentences are text, names of formats are text, each file is a mapping."""
    _, error = outcome(small_read[1], name, text.encode())
    assert [(fault.file, fault.field) for fault in error.faults] == [(f"data/{name}", field)]
