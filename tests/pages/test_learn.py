"""Learn without a browser: everything in it is read from the vocabulary, and nothing of it is missing."""

from __future__ import annotations

import re

import pytest

from pages.learn import CHAPTERS
from pages.parts import rule_words
from recommender import load_catalog

PAGE = "pages/learn.py"
CATALOG = load_catalog()
VOCABULARY = CATALOG.vocabulary


def told(app):
    """All text of the page, tables and box titles too."""
    parts = [part.value for part in (*app.title, *app.header, *app.subheader, *app.markdown, *app.caption)]
    tables = [str(cell) for table in (*app.table, *app.dataframe) for cell in table.value.to_numpy().ravel()]
    return re.sub(r"\\(.)", r"\1", "\n".join([*parts, *tables, *(box.label for box in app.expander)]))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_opens(run_app, chapter):
    """Each chapter has one title and its own heading."""
    app = run_app({"part": chapter}, page=PAGE)
    assert len(app.title) == 1
    assert app.header


@pytest.mark.parametrize("bad", ["nothing", "", "<b>", "x" * 900])
def test_unknown_chapters_are_named(run_app, bad):
    """A chapter that does not exist is named, and the first one opens."""
    assert run_app({"part": bad}, page=PAGE).warning


def test_every_criterion_is_told(run_app):
    """Name, reason and every anchor of each criterion stand on the page."""
    text = told(run_app({"part": "scoring"}, page=PAGE))
    for entry in VOCABULARY["criteria"]["criteria"]:
        assert entry["name"] in text
        assert entry["reason"] in text
        assert all(f"{x:,g}" in text for x, _ in entry["anchors"])
    assert all(entry["reason"] in text for entry in VOCABULARY["criteria"]["malus"])


def test_every_rule_is_told(run_app):
    """Id, title, sentence and way back of each rule stand on the page."""
    text = told(run_app({"part": "rules"}, page=PAGE))
    for entry in VOCABULARY["rules"]["rules"]:
        for part in ("id", "title", "reason", "unknown_reason", "relax"):
            assert entry[part] in text


def test_conditions_read_as_words(run_app):
    """No key of the data stands in a rule's condition: every field and answer has words."""
    run_app({"part": "rules"}, page=PAGE)
    for entry in VOCABULARY["rules"]["rules"]:
        for part in ("when", "require"):
            text = rule_words.condition(entry[part])
            assert "_" not in text
            assert "not known" not in text


def test_every_task_and_curve_is_told(run_app):
    """Each task's workload and each curve's reason stand on the page."""
    text = told(run_app({"part": "tasks"}, page=PAGE))
    assert all(entry["reason"] in text for entry in VOCABULARY["questions"]["tasks"].values())
    assert all(entry["reason"] in text for entry in VOCABULARY["criteria"]["curves"].values())


def test_an_opened_box_shows_its_assumptions(run_app):
    """A block of assumptions opens to its numbers and reasons."""
    app = run_app({"part": "assumptions"}, page=PAGE)
    app.session_state["open_hosting_rent"] = True
    app.run()
    assert not app.exception
    assert any(
        "GetDeploying" in str(cell) for table in app.dataframe for cell in table.value.to_numpy().ravel()
    )


def test_an_opened_criterion_draws_its_curve(run_app):
    """A criterion's box draws the anchors it lists."""
    app = run_app({"part": "scoring"}, page=PAGE)
    app.session_state["open_C04"] = True
    app.run()
    assert len(app.get("plotly_chart")) == 1


def test_live_counts_are_the_catalogs(run_app):
    """The chapters on classes count what the catalog holds."""
    text = told(run_app(page=PAGE))
    counts = [int(found) for found in re.findall(r"^(\d+), of which", text, flags=re.MULTILINE)]
    unknown = sum(1 for model in CATALOG.models.values() if model.kind == "unknown")
    assert sum(counts) + unknown == len(CATALOG.models)


def test_the_worked_example_adds_up(run_app):
    """The parts computed on the page sum to the score that the engine gave."""
    text = told(run_app({"part": "example"}, page=PAGE))
    total, score = re.search(
        r"on this page: ([\d.]+)\. Score that the engine gave: ([\d.]+)\.", text
    ).groups()
    assert total == score


def test_credits_come_from_the_licence_file(run_app, root):
    """Licence text and every credited source stand on the page."""
    text = told(run_app({"part": "credits"}, page=PAGE))
    lines = (root / "data" / "LICENSE.md").read_text(encoding="utf-8").splitlines()
    named = [line.strip("|").split("|")[0].strip() for line in lines if line.startswith("| ")]
    assert [name for name in named if name not in text and name != "Source"] == []
