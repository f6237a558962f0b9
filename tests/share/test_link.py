"""Result links: the way there and back, old and damaged ones, and what the reader is told."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import string
import time
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.answers import Answers, Hardware
from recommender.answers_fields import BY_NAME, FIELDS
from recommender.catalog.strict_yaml import read_yaml
from recommender.share import link
from recommender.share.link import Decoded, LinkError, Notice, decode, encode, migrate
from tests.strategies import answers, realistic_answers

CATALOG = "2026.11.23-1a2b3c4d"
SENTENCES = read_yaml(Path(__file__).parents[2] / "data" / "strings" / "en.yaml")

# Links as they went out, with the answers they stand for. Version 1; they are never changed, only added to.
GOLDEN: list[tuple[str, str | None, Answers]] = [
    ("v=1&k=zazkkgzh", None, Answers()),
    ("v=1&c=2026.11.23-1a2b3c4d&use=chat&k=4f6c3r5b", CATALOG, Answers(tasks=("chat",))),
    (
        "v=1&use=rag.chat&lang=de.no&bud=500&k=hn3s6bcq",
        None,
        Answers(tasks=("rag", "chat"), languages=("de", "no"), budget_usd_month=500.0),
    ),
    (
        "v=1&use=summarisation&req=5000&where=own-machines&hw=vram24&com=yes&k=npixxkrb",
        None,
        Answers(
            tasks=("summarisation",),
            requests_per_month=5000,
            data_boundary="own-machines",
            hardware=(Hardware(memory_gb=24.0, memory_kind="vram"),),
            commercial_use=True,
        ),
    ),
    (
        "v=1&use=rag&req=30000&bud=100&where=anywhere&hw=none&com=yes&w=80-100-30-30&k=cpslfsn2",
        None,
        Answers(
            tasks=("rag",),
            requests_per_month=30_000,
            budget_usd_month=100.0,
            data_boundary="anywhere",
            hardware=(),
            commercial_use=True,
            weights={"quality": 80, "economy": 100, "control": 30, "assurance": 30},
        ),
    ),
    (
        "v=1&use=chat.writing&lang=de&req=10000&where=own-machines&hw=vram80x2&open=fully-open"
        "&w=70-40-100-50&k=fg4n666u",
        None,
        Answers(
            tasks=("chat", "writing"),
            languages=("de",),
            requests_per_month=10_000,
            data_boundary="own-machines",
            hardware=(Hardware(memory_gb=80.0, memory_kind="vram", count=2),),
            openness="fully-open",
            weights={"quality": 70, "economy": 40, "control": 100, "assurance": 50},
        ),
    ),
    (
        "v=1&use=coding&where=offline&hw=rtx-4090X2M48KvramR128~unified64~memory12.5&bits=4&k=xvj6g27m",
        None,
        Answers(
            tasks=("coding",),
            data_boundary="offline",
            min_bits=4,
            hardware=(
                Hardware(device="rtx-4090", count=2, memory_gb=48.0, memory_kind="vram", ram_gb=128.0),
                Hardware(memory_gb=64.0, memory_kind="unified"),
                Hardware(memory_gb=12.5),
            ),
        ),
    ),
    (
        "v=1&use=classification&lab=hundreds&tin=400&tout=5&usr=20&ret=0&att=gdpr-dpa.soc2"
        "&ft=must&life=24&k=uahwlnjy",
        None,
        Answers(
            tasks=("classification",),
            labelled_examples="hundreds",
            input_tokens_per_request=400,
            output_tokens_per_request=5,
            concurrent_users=20,
            retention_days_max=0,
            attestations=("gdpr-dpa", "soc2"),
            fine_tune="must",
            lifetime_months=24,
        ),
    ),
    (
        "v=1&in=image.text&out=text&ctx=128000&tps=10.5&ttft=0.3&dis=5&mau=10000&rev=2500000&org=eu&sup=sla&ops=some"
        "&k=db7ivdez",
        None,
        Answers(
            input_modalities=("image", "text"),
            output_modalities=("text",),
            context_tokens=128_000,
            decode_tps_min=10.5,
            ttft_max_s=0.3,
            disclosure_min=5,
            monthly_active_users=10_000,
            annual_revenue_usd=2_500_000.0,
            organisation_region="eu",
            support="sla",
            ops_skill="some",
        ),
    ),
    (
        "v=1&where=region&reg=ch.eu&nt=no&sev=yes&only=meta/llama-3.1-405b~openai/gpt-4&not=openai/gpt-4"
        "&nodev=mistral-ai&noco=CN.RU&k=hgat6x23",
        None,
        Answers(
            data_boundary="region",
            region=("ch", "eu"),
            no_training_on_data=False,
            several_hosts=True,
            only_models=("meta/llama-3.1-405b", "openai/gpt-4"),
            not_models=("openai/gpt-4",),
            not_developers=("mistral-ai",),
            not_countries=("CN", "RU"),
        ),
    ),
    (
        "v=1&like=openai/gpt-4&en=much&grid=DEU&w=100---&wi=c02-60.c04-0&sure=none&st=typical"
        "&asof=2024-07-23&k=k2ugfdli",
        None,
        Answers(
            quality_at_least="openai/gpt-4",
            energy="much",
            grid="DEU",
            weights={"quality": 100},
            weights_within={"C02": 60, "C04": 0},
            certainty="none",
            stance="typical",
            as_of=date(2024, 7, 23),
        ),
    ),
    (
        "v=1&c=2026.11.23-1a2b3c4d&only=gpt%204~llama3.1:8b&grid=gcp:europe-west1&k=lxxap4n3",
        CATALOG,
        Answers(only_models=("gpt 4", "llama3.1:8b"), grid="gcp:europe-west1"),
    ),
    (
        "v=1&hw=8x-h100-sxm~ram256&k=7xptuicl",
        None,
        Answers(hardware=(Hardware(device="8x-h100-sxm"), Hardware(memory_gb=256.0, memory_kind="ram"))),
    ),
]


def opened(query: Any) -> Decoded | Notice:
    """What a link says, or why it is refused."""
    try:
        return decode(query)
    except LinkError as error:
        return error.notice


def told(decoded: Decoded) -> list[str]:
    """The ids of the notices."""
    return [notice.id for notice in decoded.notices]


@pytest.mark.parametrize(("query", "catalog", "state"), GOLDEN)
def test_golden_links_keep_their_meaning(query, catalog, state):
    """A link that went out once opens to the same answers for ever, without a word of doubt."""
    assert decode(query) == Decoded(
        answers=state, catalog_version=catalog, notices=(), version=1, intact=True
    )


@pytest.mark.parametrize(("query", "catalog", "state"), GOLDEN)
def test_golden_links_are_still_written(query, catalog, state):
    """The same answers give the same link to the letter."""
    assert encode(state, catalog_version=catalog) == query


def test_golden_links_use_every_answer():
    """No answer is missing from the golden links."""
    assert {name for _, _, state in GOLDEN for name in state.to_dict()} == set(BY_NAME)


@given(answers(), st.sampled_from([None, CATALOG]))
def test_round_trip(state, catalog):
    """A link opens to the answers it was made from, intact, and is written again to the letter."""
    query = encode(state, catalog_version=catalog)
    found = decode(query)
    assert (found.answers, found.catalog_version, found.notices, found.intact) == (state, catalog, (), True)
    assert encode(found.answers, catalog_version=found.catalog_version) == query


@given(answers(), answers())
def test_different_answers_have_different_links(one, other):
    """Two sets of answers share a link only if they are equal."""
    assert (encode(one) == encode(other)) == (one == other)


@given(answers(), st.randoms(use_true_random=False))
def test_spelling_does_not_matter(state, random):
    """Other key order, percent-encoding and the address around it change nothing."""
    query = encode(state, catalog_version=CATALOG)
    parts = query.split("&")
    random.shuffle(parts)
    spelt = "&".join(re.sub(r"[-./~:]", lambda found: f"%{ord(found[0]):02x}", part) for part in parts)
    assert set(told(decode("&".join(parts)))) == set()
    address = f"https://example.org/?{spelt[:1900]}#top" if len(spelt) <= 1900 else query
    assert decode(address) == decode(query)


@given(answers())
def test_parameters_already_decoded(state):
    """What a web framework makes of the query means the same, as text or as lists."""
    query = encode(state)
    pairs = dict(part.replace("%20", " ").split("=") for part in query.split("&"))
    assert decode(pairs) == decode({key: [value] for key, value in pairs.items()}) == decode(query)


def test_links_use_safe_characters():
    """Every key is short and lower case; a link needs no encoding beyond what it has."""
    assert all(re.fullmatch("[a-z]{1,5}", spec.link) for spec in FIELDS)
    assert not {spec.link for spec in FIELDS} & (link.OF_THE_APP | {"v", "c", "k"})
    for query, _, _ in GOLDEN:
        assert re.fullmatch(r"[A-Za-z0-9._~/:%&=-]+", query)


def test_check_value_recipe():
    """K is 40 bits of SHA-256 over the sorted fields as JSON, in lower-case base32; worked out apart."""
    content = '[["bud", "500"], ["lang", "de.no"], ["use", "rag.chat"], ["v", "1"]]'
    digest = base64.b32encode(hashlib.sha256(content.encode()).digest()).decode().lower()
    assert encode(GOLDEN[2][2]).endswith("&k=" + digest[:8])


_PIECES = st.sampled_from(
    [*(spec.link for spec in FIELDS), "v", "c", "k", "x", "ui", "", "&", "=", "%", "~", ".", "-"]
)
_LINKISH = st.lists(st.one_of(_PIECES, st.text(max_size=8), st.integers().map(str)), max_size=30).map("".join)
_PAIRS = st.lists(
    st.builds("{}={}".format, _PIECES, st.text(string.printable, max_size=12)), max_size=12
).map("&".join)


@given(st.one_of(st.text(), _LINKISH, _PAIRS))
def test_any_text_is_answers_or_a_refusal(text):
    """Any text opens to valid answers or is refused by our own error, quickly."""
    start = time.process_time()
    found = opened(text)
    if isinstance(found, Notice):
        assert found.id in SENTENCES
    else:
        assert Answers.parse(found.answers.to_dict()) == found.answers
        assert decode(encode(found.answers)).answers == found.answers
    assert time.process_time() - start < 0.05


@given(
    st.dictionaries(
        st.one_of(_PIECES, st.text(max_size=5)), st.one_of(st.text(), st.lists(st.text(), max_size=3))
    )
)
def test_any_parameters_are_answers_or_a_refusal(parameters):
    """The same holds for parameters that a framework has taken apart."""
    found = opened(parameters)
    if isinstance(found, Notice):
        assert found.id in SENTENCES
    else:
        assert Answers.parse(found.answers.to_dict()) == found.answers


@pytest.mark.parametrize(
    "text", ["\0", "\ud800", "９", "v=" + "9" * 5000, "&" * 2000, "%" * 2000, "hw=" + "9x" * 900, "=" * 9]
)
def test_hostile_texts_are_quick(text):
    """Null bytes, lone surrogates, wide digits, long numbers and repeated signs do no harm."""
    start = time.process_time()
    found = opened(text)
    assert isinstance(found, Notice) or found.answers == Answers()
    assert time.process_time() - start < 0.05


@pytest.mark.parametrize("query", [encode(state, catalog_version=CATALOG) for _, _, state in GOLDEN])
def test_one_wrong_character_is_noticed(query):
    """No edit of a single character passes as intact with another meaning."""
    meant, random = (decode(query).answers, decode(query).catalog_version), Random(query)
    for place in range(len(query)):
        new = random.sample("abcxyzAXM0123459.~-_/&=%?# ", 9)
        edits = [query[:place] + query[place + 1 :]]
        edits += [query[:place] + sign + query[place + skip :] for sign in new for skip in (0, 1)]
        for edit in edits:
            found = opened(edit)
            if isinstance(found, Decoded) and (found.answers, found.catalog_version) != meant:
                assert found.notices, edit
                assert not found.intact, edit


def test_lengths():
    """99 of 100 realistic links have at most 500 characters, catalog version included."""
    random = Random(20261123)
    lengths = sorted(len(encode(realistic_answers(random), catalog_version=CATALOG)) for _ in range(2000))
    print(f"median {lengths[1000]}, 99 % {lengths[1980]}, longest {lengths[-1]}")
    assert 150 < lengths[1000] < 350
    assert lengths[1980] <= 500


BAD = [
    ("hw", "1x25x"),
    ("hw", ""),
    ("hw", "none~l4"),
    ("hw", "vram"),
    ("hw", "l4X0"),
    ("ctx", "32k"),
    ("ctx", "0"),
    ("ctx", "-1"),
    ("ctx", "1e3"),
    ("bud", "inf"),
    ("bud", "1.1234567"),
    ("nt", "true"),
    ("bits", "5"),
    ("bits", "x"),
    ("use", ""),
    ("use", "chat.chatt"),
    ("use", "chat.chat"),
    ("lang", "DE"),
    ("not", "a~~b"),
    ("w", "100"),
    ("w", "100-70-50-45"),
    ("w", "110-0-0-0"),
    ("w", "---"),
    ("wi", "c02"),
    ("wi", "c02-10.c02-20"),
    ("wi", "c02-101"),
    ("asof", "2017-01-01"),
    ("asof", "2026-02-30"),
    ("open", "weigths"),
    ("like", "<script>"),
    ("grid", "\0\0"),
]


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_bad_value_leaves_its_question_open(key, value):
    """One value that cannot be used is named with what is allowed; the other answers apply."""
    found = decode({"v": "1", "sup": "sla", key: value})
    name = next(spec.name for spec in FIELDS if spec.link == key)
    assert found.answers == Answers(support="sla")
    notice = found.notices[-1]
    assert (notice.id, notice.params["key"], notice.params["answer"]) == ("link.bad_value", key, name)
    assert notice.params["allowed"]
    assert re.fullmatch(r"[A-Za-z0-9 ._~/:=+,?-]{0,40}", notice.params["found"])


def test_what_was_found_is_cut_and_cleaned():
    """Nothing from a link is shown that could be markup, and not much of it."""
    found = decode("ctx=" + "%3Cb%3E%60*" * 30).notices[-1].params["found"]
    assert found == "?b???" * 7 + "?b..."


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", []),
        ("ui=de&embed=true&embed_options=a&embed_options=b&id=x&m=a,b&page=2&utm_source=mail", []),
        ("use=chat", ["link.unchecked"]),
        ("v=1&use=chat&k=aaaaaaaa", ["link.edited"]),
        ("v=1&use=chat&k=", ["link.edited"]),
        ("v=7&use=chat&k=aaaaaaaa", ["link.newer_version"]),
        ("v=0&use=chat", ["link.bad_version", "link.unchecked"]),
        ("v=x&use=chat", ["link.bad_version", "link.unchecked"]),
        ("v=1&use=chat&zz=1", ["link.unchecked", "link.unknown_key"]),
        ("v=1&c=yesterday&use=chat", ["link.unchecked", "link.bad_catalog_version"]),
        ("v=1&v=1", "link.duplicate_key"),
        ("use=chat&use=rag", "link.duplicate_key"),
        ("use=ch%C3%A4t", "link.not_ascii"),
        ("use=chät", "link.not_ascii"),
        ("use=%4", "link.malformed"),
        ("use=%zz", "link.malformed"),
        ("use=" + "a" * 2045, "link.too_long"),
        ("https://example.org/" + "a" * 5000, "link.too_long"),
        ("&".join(f"a{n}=1" for n in range(65)), "link.too_many_fields"),
    ],
)
def test_notices_and_refusals(query, ids):
    """Each doubtful link is opened with the right words, or refused as a whole."""
    if isinstance(ids, str):
        with pytest.raises(LinkError) as caught:
            decode(query)
        assert caught.value.notice.id == ids
    else:
        assert told(decode(query)) == ids


@pytest.mark.parametrize(
    "query", ["use=chat", "v=1&use=chat&k=aaaaaaaa", "v=7&use=chat&new=1", "use=chat&ui=de&zz=1", "?use=chat"]
)
def test_doubtful_links_still_open(query):
    """A link that was edited, comes from a newer version or holds more than we know keeps its answers."""
    assert decode(query).answers == Answers(tasks=("chat",))


def test_limits_are_met_exactly():
    """2,048 characters and 64 fields are read, and all answers together stay below the fields."""
    assert told(decode("x=" + "a" * 2046)) == ["link.unchecked", "link.unknown_key"]
    assert len(decode("&".join(f"a{n}=1" for n in range(64))).notices) == 65
    assert len(FIELDS) + 3 <= link.MOST_FIELDS
    with pytest.raises(LinkError):
        decode({"x": ["a" * 2047]})
    with pytest.raises(LinkError):
        decode({f"a{n}": "1" for n in range(65)})


def test_answers_too_long_for_a_link():
    """Answers that no link can hold are refused when it is written, not when it is opened."""
    many = Answers(only_models=tuple(f"developer/model-number-{number}" for number in range(200)))
    with pytest.raises(LinkError) as caught:
        encode(many)
    assert caught.value.notice.id == "link.too_long"


def test_catalog_version_is_checked_when_written():
    """A link never goes out with a catalog version that it would not read."""
    with pytest.raises(LinkError):
        encode(Answers(), catalog_version="today")


def _renamed(pairs: Any) -> tuple[dict[str, str], tuple[Notice, ...]]:
    return {("open" if key == "free" else key): value for key, value in pairs.items()}, ()


def _dropped(pairs: Any) -> tuple[dict[str, str], tuple[Notice, ...]]:
    kept = {key: value for key, value in pairs.items() if key != "mood"}
    return kept, (Notice("link.dropped_question", {"key": "mood"}),) if "mood" in pairs else ()


def test_old_links_are_lifted_step_by_step(monkeypatch):
    """With two later versions, each older link passes the steps after it; a dropped question is told."""
    monkeypatch.setattr(link, "MIGRATIONS", (_renamed, _dropped))
    assert encode(Answers()).startswith("v=3&")
    first, second = decode("v=1&free=weights&mood=good"), decode("v=2&open=weights&mood=good")
    assert first.answers == second.answers == Answers(openness="weights")
    assert told(first) == told(second) == ["link.unchecked", "link.dropped_question"]
    assert told(decode("v=3&open=weights&mood=good")) == ["link.unchecked", "link.unknown_key"]
    assert told(decode("v=4&open=weights")) == ["link.newer_version"]
    assert decode(GOLDEN[2][0]).intact


def test_migrations_compose():
    """From version 1 to 3 is from 1 to 2, then from 2 to 3; the current version passes unchanged."""
    steps = (_renamed, _dropped)
    old = {"free": "weights", "mood": "good", "use": "chat"}
    middle, _ = migrate(old, 1, steps[:1])
    assert migrate(middle, 2, steps) == migrate(old, 1, steps)
    assert migrate(middle, 3, steps) == (middle, ())


def test_every_notice_has_a_sentence():
    """Each id in the code stands in the strings file with exactly the parameters it gets."""
    source = Path(link.__file__).read_text()
    assert set(re.findall(r'"(link\.[a-z_]+)"', source)) | {"link.dropped_question"} <= set(SENTENCES)
    for query in [
        "c=x&zz=1&ctx=x",
        "v=7",
        "v=x",
        "use=x&use=x",
        "x" * 2049,
        "&".join(f"a{n}" for n in range(65)),
        "ä",
        "%",
    ]:
        found = opened(query)
        for notice in (found,) if isinstance(found, Notice) else found.notices:
            assert set(re.findall(r"{(\w+)}", SENTENCES[notice.id])) == set(notice.params)
            assert json.dumps(dict(notice.params))
