"""The command line: what it prints, its exit codes, and one clear line for input that cannot be used."""

from __future__ import annotations

import io
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recommender import load_catalog, recommend
from recommender.catalog.faults import Fault
from recommender.catalog.snapshot import DATA_DIR, newest_snapshot
from recommender.cli import COMMANDS, main
from recommender.cli_recommend import rounded

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = {"tasks": ["chat"], "budget_usd_month": 50, "commercial_use": True}
MACHINE = {"tasks": ["chat"], "data_boundary": "own-machines", "hardware": [{"device": "rtx-4090"}]}
IMPOSSIBLE = {"tasks": ["chat"], "budget_usd_month": 0.01, "openness": "fully-open"}
NAN = json.JSONDecoder(parse_constant=lambda name: math.nan)


@pytest.fixture(scope="module")
def catalog():
    """The newest snapshot of the repository."""
    return load_catalog()


@pytest.fixture
def run(capsys, tmp_path):
    """Runs a command in-process: (code, standard output, standard error). A mapping becomes a file."""

    def call(*argv):
        made = []
        for number, part in enumerate(argv):
            if isinstance(part, dict):
                file = tmp_path / f"answers-{number}.json"
                file.write_text(json.dumps(part), encoding="utf-8")
                part = file
            made.append(str(part))
        code = main(made)
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def data(tmp_path):
    """A data folder that holds the newest snapshot and nothing else."""
    folder = tmp_path / "data"
    (folder / "snapshots").mkdir(parents=True)
    for path in (DATA_DIR / "snapshots").iterdir():
        shutil.copy(path, folder / "snapshots")
    return folder


def document(result):
    """The one JSON document of a successful call; refuses NaN, infinity and anything around it."""
    code, out, err = result
    assert (code, err) == (0, "")
    found, end = NAN.raw_decode(out)
    assert out[end:] == "\n"
    assert "NaN" not in out
    assert "Infinity" not in out
    return found


def refusal(result, *parts):
    """The one line of a refused call, which holds all the parts."""
    code, out, err = result
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert [part for part in parts if part not in err] == []
    return err


def test_recommend_prints_what_the_library_gives(run, catalog):
    """Interface and library agree (invariant 38): the JSON is recommend().to_dict()."""
    printed = document(run("recommend", "--answers", ANSWERS, "--json"))
    assert printed == json.loads(json.dumps(recommend(ANSWERS, catalog=catalog).to_dict()))


def test_recommend_reads_standard_input(run, monkeypatch):
    """`-` reads YAML from standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("tasks: [coding]\n"))
    assert document(run("recommend", "--answers", "-", "--json"))["answers"] == {"tasks": ["coding"]}


def test_as_of_of_the_command_line_goes_before_the_file(run):
    """--as-of moves the day, and the answers say so."""
    made = document(
        run("recommend", "--answers", ANSWERS | {"as_of": "2026-01-01"}, "--as-of", "2025-06-30", "--json")
    )
    assert (made["as_of"], made["answers"]["as_of"]) == ("2025-06-30", "2025-06-30")


def test_aliases_in_answers_are_resolved(run):
    """Another spelling of a model or device is as good as its id."""
    answers = {"only_models": ["llama-3-405b"], "hardware": [{"device": "RTX 4090"}]}
    made = document(run("recommend", "--answers", answers, "--json"))["answers"]
    assert made["only_models"] == ["meta/llama-3.1-405b"]
    assert made["hardware"] == [{"device": "rtx-4090"}]


@pytest.mark.parametrize(
    "part", ["Best of each class", "Why ", "Next", "Excluded: ", "Assumed", "Link: /?v=1", "closed"]
)
def test_recommend_as_text_has_every_part(run, part):
    """A reader finds the pick, the classes, the reasons, the excluded, the assumptions and the link."""
    code, out, _ = run("recommend", "--answers", MACHINE)
    assert code == 0
    assert part in out


def test_recommend_as_text_offers_relaxations(run):
    """Where nothing qualifies, the text says so first and names what would help."""
    _, out, _ = run("recommend", "--answers", IMPOSSIBLE)
    assert out.startswith("No model meets all your limits.")
    assert "What would bring models back" in out


def test_points_in_the_text_add_up(run):
    """Rounded points sum to the rounded score (invariant 25)."""
    _, out, _ = run("recommend", "--answers", ANSWERS)
    lines = iter(out.split("\n"))
    head = next(line for line in lines if line.startswith("Why "))
    points = []
    for line in lines:
        if not line.strip():
            break
        points.append(float(line.split()[0]))
    assert f": {sum(points):.1f} of 100 points" in head


@pytest.mark.parametrize("parts", [[33.34, 33.33, 33.33], [0.05] * 7, [50.04, -3.0, 0.04], [], [99.95, 0.0]])
def test_rounding_keeps_the_sum(parts):
    """Largest remainder: shown parts sum to the shown sum, and none moves by a tenth or more."""
    shown = rounded(parts, sum(parts))
    assert f"{sum(shown):.1f}" == f"{sum(parts):.1f}"
    assert all(abs(a - b) < 0.1 for a, b in zip(shown, parts, strict=True))


def test_link_and_unlink_are_inverse(run):
    """A link gives back the answers it was made from, whole and without a notice."""
    link = document(run("link", "--answers", ANSWERS, "--json"))["link"]
    back = document(run("unlink", f"https://example.org/?{link}", "--json"))
    assert back["answers"] == ANSWERS
    assert (back["intact"], back["notices"]) == (True, [])


def test_link_is_that_of_the_recommendation(run, catalog):
    """Both commands write the same link."""
    code, out, _ = run("link", "--answers", ANSWERS)
    assert (code, out) == (0, recommend(ANSWERS, catalog=catalog).link + "\n")


def test_unlink_tells_what_it_did_not_understand(run):
    """A bad value leaves its question open and is named."""
    made = document(run("unlink", "v=1&use=chat.foo&bud=5", "--json"))
    assert made["answers"] == {"budget_usd_month": 5}
    assert any("use=chat.foo" in notice["text"] for notice in made["notices"])


def test_models_has_every_model_with_every_key(run, catalog):
    """The table of"""
    rows = document(run("models", "--json"))
    assert [row["id"] for row in rows] == sorted(catalog.models)
    keys = {"id", "name", "developer", "class", "parameters_total", "parameters_active", "released"}
    keys |= {"retired", "status", "openness", "ability", "context_tokens", "licence", "input_modalities"}
    keys.add("aliases")
    assert [row["id"] for row in rows if not keys <= set(row)] == []


def test_models_of_an_earlier_day(run):
    """--as-of leaves out what was not released by then."""
    rows = {row["id"]: row for row in document(run("models", "--json", "--as-of", "2023-12-31"))}
    assert "openai/gpt-4" in rows
    assert "meta/llama-3.1-405b" not in rows
    assert max(row["released"] for row in rows.values()) <= "2023-12-31"


def test_models_shows_class_openness_and_ability(run):
    """Facts and what is computed from them stand in one row."""
    row = next(r for r in document(run("models", "--json")) if r["id"] == "meta/llama-3.1-405b")
    assert (row["class"], row["parameters_total"]) == ("open-weight", 405_900_000_000)
    assert set(row["openness"]) == {"index", "dimensions_rated"}
    assert set(row["ability"]["general"]) >= {"value", "low", "high", "grade"}


def test_model_shows_facts_with_source_and_day(run):
    """Every fact comes with its source and the day somebody looked; an alias works."""
    made = document(run("model", "llama-3-405b", "--json"))
    assert made["id"] == "meta/llama-3.1-405b"
    assert set(made["facts"]["licence"]) >= {"value", "source", "as_of"}
    assert made["scores"]
    assert made["offers"]


def test_model_as_text_names_every_fact(run):
    """No fact of the details is lost on the way to the text."""
    made = document(run("model", "openai/gpt-4", "--json"))
    _, out, _ = run("model", "openai/gpt-4")
    assert [key for key in made["facts"] if key not in out] == []
    assert made["facts"]["status"]["source"] in out


def test_why_of_a_ranked_model(run, catalog):
    """The row of the recommendation, and the way that stands for it."""
    best = recommend(ANSWERS, catalog=catalog).ranking[0]
    made = document(run("why", best.model, "--answers", ANSWERS, "--json"))
    assert (made["place"], made["ranking"]["rank"], made["excluded"]) == ("ranked", 1, None)
    assert [way["way"]["text"] for way in made["ways"] if way["is_best"]] == [best.way.text]


def test_why_of_an_excluded_model_names_all_rules_of_all_ways(run):
    """Excluded: every way with every rule it breaks, and the sum of its memory."""
    made = document(run("why", "llama-3-405b", "--answers", MACHINE, "--json"))
    assert made["place"] == "excluded"
    assert all(way["failed"] and not way["admitted"] for way in made["ways"])
    own = next(way for way in made["ways"] if way["way"]["kind"] == "own")
    assert "R04" in [failure["rule"] for failure in own["failed"]]


def test_memory_is_shown_as_a_sum(run):
    """Weights + cache + overhead = total, as printed."""
    made = document(run("why", "google/gemma-4-31b", "--answers", MACHINE, "--json"))
    memory = next(way["way"]["memory_gb"] for way in made["ways"] if way["memory"])
    assert memory["weights"] + memory["kv_cache"] + memory["overhead"] == pytest.approx(
        memory["total"], abs=0.002
    )
    _, out, _ = run("why", "google/gemma-4-31b", "--answers", MACHINE)
    assert "weights " in out
    assert "usable GB" in out


def test_why_before_the_release(run):
    """A model from later than the day asked for is neither ranked nor excluded."""
    made = document(run("why", "llama-3-405b", "--answers", ANSWERS, "--as-of", "2023-01-01", "--json"))
    assert (made["place"], made["ways"]) == ("not-released", [])


@pytest.mark.parametrize("command", ["rules", "criteria", "questions"])
def test_vocabulary_is_printed_as_loaded(run, catalog, command):
    """The JSON is the vocabulary of the snapshot."""
    assert document(run(command, "--json")) == catalog.vocabulary[command]


@pytest.mark.parametrize(
    ("command", "part"), [("rules", "R03"), ("criteria", "C02"), ("questions", "budget_usd_month")]
)
def test_vocabulary_as_text_names_its_entries(run, command, part):
    """A person finds an entry by its id."""
    code, out, _ = run(command)
    assert code == 0
    assert part in out


@pytest.mark.parametrize(
    ("argv", "parts"),
    [
        ((), ("command", "missing", "recommend")),
        (("fly",), ("'fly'", "choose from", "recommend")),
        (("recommend",), ("--answers",)),
        (("models", "--colour"), ("--colour", "--as-of", "--json")),
        (("models", "--js"), ("--js", "--json")),
        (("recommend", "--answers", ANSWERS, "more"), ("'more'", "--json")),
        (("recommend", "--answers", "/no/such/file"), ("--answers", "No such file", "YAML or JSON")),
        (("recommend", "--answers", ROOT), ("Is a directory",)),
        (("recommend", "--answers", {"tasks": ["chatt"]}), ("tasks[0]", '"chatt"', 'did you mean "chat"')),
        (("recommend", "--answers", {"bugdet_usd_month": 5}), ("bugdet_usd_month", "budget_usd_month")),
        (("recommend", "--answers", {"not_models": ["gpt-44"]}), ("not_models", '"gpt-44"', "gpt-4")),
        (("recommend", "--answers", {"hardware": [{"device": "rtx-4091"}]}), ("hardware[0]", "rtx-4090")),
        (("recommend", "--answers", ANSWERS, "--as-of", "yesterday"), ("as_of", '"yesterday"', "YYYY-MM-DD")),
        (("models", "--as-of", "2026-02-30"), ("as_of", '"2026-02-30"', "YYYY-MM-DD")),
        (("model", "lama-3.1-405b"), ('"lama-3.1-405b"', "nearest", "meta/llama-3.1-405b", "allowed")),
        (("why", "zzz", "--answers", ANSWERS), ('"zzz"', "allowed")),
        (("unlink", "v=1&bud=1&bud=2"), ("bud", "twice")),
        (("unlink", "v=1&use=" + "a" * 3000), ("characters",)),
        (("models", "--data", "/no/such/folder"), ("--data", "/no/such/folder", "allowed")),
        (("validate", "--data", "/no/such/folder"), ("--data", "/no/such/folder", "allowed")),
        (("snapshot", "--data", "/no/such/folder"), ("--data", "/no/such/folder", "allowed")),
    ],
)  # fmt: skip
def test_unusable_input_is_named_in_one_line(run, argv, parts):
    """Exit 2 with one line that says what, what was found, and what is allowed."""
    refusal(run(*argv), *parts)


def test_broken_answers_file_is_named(run, tmp_path):
    """A file that is no YAML is refused with its name and line."""
    file = tmp_path / "broken.yaml"
    file.write_text("tasks: [chat\nbudget: }", encoding="utf-8")
    refusal(run("recommend", "--answers", file), "broken.yaml", "line")


def test_binary_answers_file_is_refused(run, tmp_path):
    """Bytes that are no text are refused."""
    file = tmp_path / "answers.bin"
    file.write_bytes(b"\xff\xfe\x00\x80")
    refusal(run("recommend", "--answers", file), "UTF-8")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 1}', '{"format": 99}', '{"format": 1, "tables": 3}', "\x80"]
)
def test_broken_snapshot_is_named(run, data, content):
    """A damaged snapshot says how to make a new one."""
    newest_snapshot(data / "snapshots").write_text(content, encoding="latin-1")
    refusal(run("models", "--data", data), "snapshots", "python -m recommender snapshot")


def test_missing_snapshot_is_named(run, tmp_path):
    """A data folder without a snapshot says how to make one."""
    refusal(run("models", "--data", tmp_path), "no snapshot", "python -m recommender snapshot")


def test_missing_details_are_named(run, data):
    """The details of a model need the second file of the snapshot."""
    for path in (data / "snapshots").glob("*.details.json"):
        path.unlink()
    refusal(run("model", "openai/gpt-4", "--data", data), "details.json")


def test_validate_of_a_faultless_catalog(run, monkeypatch):
    """No fault: exit 0 and an empty list."""
    monkeypatch.setattr("recommender.catalog.load.validate", lambda folder: [])
    assert document(run("validate", "--json")) == {"faults": [], "count": 0}


def test_validate_lists_each_fault(run, monkeypatch):
    """Each fault has file, field, found and allowed; the exit code is 2."""
    fault = Fault("data/offers/acme.yaml", "offers[3].price", "-0.5", "0 or more")
    monkeypatch.setattr("recommender.catalog.load.validate", lambda folder: [fault])
    code, out, err = run("validate", "--json")
    assert code == 2
    assert err.count("\n") == 1
    assert json.loads(out)["faults"][0] == {
        "file": "data/offers/acme.yaml", "field": "offers[3].price", "found": "-0.5", "allowed": "0 or more",
        "remedy": "Correct it.",
    }  # fmt: skip


def test_validate_finds_a_real_fault(run, tmp_path):
    """A folder without any file misses its parts."""
    code, out, _ = run("validate", "--data", tmp_path)
    assert code == 2
    assert "data/sources.yaml is missing" in out


@pytest.mark.parametrize(("current", "rebuilt"), [(True, False), (False, True)])
def test_snapshot_if_changed_exits_0_either_way(run, data, monkeypatch, current, rebuilt):
    """The snapshot is built again only where the YAML changed; both are a success."""
    path = newest_snapshot(data / "snapshots")
    monkeypatch.setattr("recommender.catalog.build.snapshot_is_current", lambda folder: current)
    monkeypatch.setattr("recommender.catalog.build.write_snapshot", lambda folder: path)
    made = document(run("snapshot", "--if-changed", "--json", "--data", data))
    assert made == {"path": str(path), "version": path.stem, "rebuilt": rebuilt}


def test_snapshot_if_changed_mends_a_damaged_one(run, data, monkeypatch):
    """A snapshot that cannot be read is not current, whatever its hash says."""
    path = newest_snapshot(data / "snapshots")
    path.write_text("{", encoding="utf-8")
    monkeypatch.setattr("recommender.catalog.build.snapshot_is_current", lambda folder: True)
    monkeypatch.setattr("recommender.catalog.build.write_snapshot", lambda folder: path)
    assert document(run("snapshot", "--if-changed", "--json", "--data", data))["rebuilt"] is True


def test_snapshot_of_a_faulty_folder_is_refused(run, tmp_path):
    """Nothing is written from files that have faults."""
    refusal(run("snapshot", "--data", tmp_path), "data/", "missing")
    assert not (tmp_path / "snapshots").exists()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(run, command):
    """--help exits 0 and names --json."""
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert "--json" in out


def started(*argv, seed="0"):
    """A real process: its result, with everything it printed as bytes."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "recommender", *map(str, argv)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False)


def test_result_does_not_depend_on_the_hash_seed(tmp_path):
    """Two processes with different hash seeds print the same bytes (invariant 1)."""
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(MACHINE | {"attestations": ["soc2", "hipaa"], "region": ["eu", "us"]}))
    one, other = (started("recommend", "--answers", file, "--json", seed=seed) for seed in ("1", "4242"))
    assert (one.returncode, one.stderr) == (0, b"")
    assert one.stdout == other.stdout


def test_a_wrong_command_ends_the_process_with_2():
    """The module starts, answers in one line and exits 2 without a traceback."""
    ended = started("fly")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.startswith(b"recommender: argument command: invalid choice: 'fly'")
    assert ended.stderr.count(b"\n") == 1
