"""The table of all models without a browser."""

from __future__ import annotations

import pytest

from recommender import load_catalog

PAGE = "pages/models.py"
CATALOG = load_catalog()


def table(app):
    """The table of models."""
    return app.dataframe[0].value


def test_all_models_are_listed(run_app):
    """Without a filter every model of the catalog has a line, and a way to its page."""
    found = table(run_app(page=PAGE))
    assert sorted(found["id"]) == sorted(CATALOG.models)
    assert list(found["open"]) == [f"model?id={key}" for key in found["id"]]


def test_an_alias_finds_its_model(run_app):
    """A spelling that stands nowhere in name or id finds the model."""
    app = run_app({"x_q": "llama-3-405b"}, page=PAGE)
    assert list(table(app)["id"]) == ["meta/llama-3.1-405b"]


def test_gaps_read_differently(run_app):
    """Not disclosed, not applicable and not checked yet are three words."""
    found = table(run_app({"x_dev": "openai~meta"}, page=PAGE)).set_index("id")
    assert found.loc["openai/gpt-4o", "parameters_total"] == "Not disclosed"
    assert found.loc["meta/llama-3.1-405b", "parameters_active"] == "Not applicable"
    unpriced = next(row for row in found["price"] if not row[-1].isdigit())
    assert unpriced in ("Not checked yet", "Not applicable")
    assert "Not checked yet" in set(found["price"])


@pytest.mark.parametrize("column", ["parameters_total", "context_tokens", "price", "ability", "openness"])
def test_sorting_as_text_sorts_as_numbers(run_app, column):
    """Numbers are text of one width, so that the table's own sorting puts them right."""
    texts = [text for text in table(run_app(page=PAGE))[column] if text[-1].isdigit()]
    figures = [float(text.replace(",", "")) for text in sorted(texts)]
    assert figures == sorted(figures)
    assert len({len(text) for text in texts}) == 1


def test_order_in_the_address_counts(run_app):
    """The cheapest first, where the address asks for it."""
    texts = [text for text in table(run_app({"x_sort": "price"}, page=PAGE))["price"] if text[-1].isdigit()]
    assert texts == sorted(texts)


@pytest.mark.parametrize(
    "query",
    [
        {"x_q": "zzzz"},
        {"x_q": "gpt-4oo"},
        {"x_q": "<script>"},
        {"x_q": "a" * 500},
        {"x_sort": "magic"},
        {"x_q": "$$ **"},
    ],
)
def test_odd_searches_are_answered(run_app, query):
    """Any search text gives a table or a sentence, and bad values are named."""
    app = run_app(query, page=PAGE)
    assert app.info or app.warning or app.dataframe


def test_nothing_found_offers_the_nearest(run_app):
    """A slip of the pen leads to the nearest names."""
    app = run_app({"x_q": "gpt-4oo"}, page=PAGE)
    assert any("nearest" in text.value for text in app.markdown)


def test_searching_writes_the_address(run_app):
    """What is typed stands in the address, so that a link shows the same."""
    app = run_app(page=PAGE)
    app.text_input(key="x_q").set_value("distilbert").run()
    assert app.query_params["x_q"] in ("distilbert", ["distilbert"])
    assert "huggingface/distilbert-base" in list(table(app)["id"])
