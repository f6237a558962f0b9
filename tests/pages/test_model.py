"""A model's page without a browser: known, alias, unknown, retired, and every field in words."""

from __future__ import annotations

import re

import pytest

from recommender import load_catalog
from recommender.catalog.fact_rows import about
from recommender.catalog.snapshot import load_details

PAGE = "pages/model.py"
CATALOG = load_catalog()


def told(app):
    """All text of the page, tables too."""
    parts = [part.value for part in (*app.title, *app.markdown, *app.caption, *app.warning, *app.header)]
    tables = [str(cell) for table in (*app.table, *app.dataframe) for cell in table.value.to_numpy().ravel()]
    text = re.sub(r"\\(.)", r"\1", "\n".join([*parts, *tables]))
    return text.replace("\u2011", "-").replace("\u00a0", " ")


@pytest.mark.parametrize(
    "model_id",
    [
        "meta/llama-3.1-405b", "openai/gpt-4", "google/bert-base", "deepseek/deepseek-v3.1",
        "anthropic/claude-opus-5", "google/palm-2", "alibaba/qwen3.6-35b-a3b", "moonshot-ai/kimi-k3.1-pro",
    ],
)  # fmt: skip
def test_every_fact_stands_on_the_page(run_app, model_id):
    """Values of all facts, scores, prices, files and ratings are on the page, with their days."""
    if model_id not in CATALOG.models:
        model_id = next(key for key, model in CATALOG.models.items() if model.kind == "unknown")
    text = told(run_app({"id": model_id}, page=PAGE))
    made = about(load_details(CATALOG.version), model_id)
    assert CATALOG.models[model_id].name in text
    for row in made.facts:
        assert row.as_of is None or row.as_of in text
        assert row.note is None or row.note in text
    for score in made.scores:
        assert str(score["name"]) in text
    for price in made.prices:
        assert price["provider"] in text
    for record in made.records.get("openness", ()):
        assert record["system"] in text


def test_facts_stand_with_day_and_source(run_app):
    """Each fact's line has its own day, kind and the title of its source."""
    app = run_app({"id": "meta/llama-3.1-405b"}, page=PAGE)
    details = load_details(CATALOG.version)
    made = about(details, "meta/llama-3.1-405b")
    wanted = [row for row in made.facts if not row.field.startswith("shape.")]
    table = app.table[0].value
    assert [day.replace("\u2011", "-") for day in table["As of"]] == [row.as_of for row in wanted]
    for row, cell in zip(wanted, table["Source"], strict=True):
        title = details["sources"][row.sources[0]]["title"]
        assert title[:20] in re.sub(r"\\(.)", r"\1", cell).replace("\u2011", "-").replace("\u00a0", " ")


def test_sources_are_named_and_linked(run_app):
    """A fact from a source with an address links to it."""
    text = told(run_app({"id": "meta/llama-3.1-405b"}, page=PAGE))
    assert "https://huggingface.co/meta-llama/Llama-3.1-405B-Instruct" in text


def test_an_alias_opens_the_model(run_app):
    """Another spelling leads to the model and says so."""
    app = run_app({"id": "llama-3-405b"}, page=PAGE)
    assert app.title[0].value.endswith("405B")
    assert "another spelling" in told(app)


@pytest.mark.parametrize(
    "asked", ["", "no/such-model", "gpt-4oo", "<script>alert(1)</script>", "x" * 3000, "a\nb", "$x$"]
)
def test_unknown_ids_get_a_page(run_app, asked):
    """An id nobody knows is named, with the way to the table and no fault."""
    app = run_app({"id": asked}, page=PAGE)
    assert app.title[0].value == "Model not found"


def test_a_slip_leads_to_the_nearest(run_app):
    """The nearest names are offered as links."""
    app = run_app({"id": "openai/gpt-4p"}, page=PAGE)
    assert any("gpt-4" in link.proto.query_string for link in app.get("page_link"))


def test_retired_models_name_their_successor(run_app):
    """A model that was switched off says when and what replaced it."""
    gone = next(m for m in CATALOG.models.values() if m.status == "retired" and m.successor and m.ends)
    app = run_app({"id": gone.id}, page=PAGE)
    assert gone.ends.isoformat() in app.warning[0].value
    assert any(gone.successor in link.proto.query_string.replace("%2F", "/") for link in app.get("page_link"))


def test_abilities_stand_with_interval_grade_and_basis(run_app):
    """Each task of the catalog is a line with its grade."""
    app = run_app({"id": "openai/gpt-4o"}, page=PAGE)
    table = next(found.value for found in app.table if "Grade" in found.value.columns)
    assert len(table) == len(CATALOG.models["openai/gpt-4o"].ability)
    assert all(table["Rests on"])


def test_every_basis_has_words(run_app):
    """No evidence of any ability is shown as a bare key."""
    from pages.parts.model_sections import _evidence

    bases = {
        basis for model in CATALOG.models.values() for each in model.ability.values() for basis in each.basis
    }
    run_app({"id": "openai/gpt-4o"}, page=PAGE)
    assert [basis for basis in sorted(bases) if _evidence(basis) == basis] == []
