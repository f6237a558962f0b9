"""Situations with the answers an expert would accept, on the real catalog (tests/decide/golden.yaml)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recommender import Answers, recommend
from recommender.catalog.strict_yaml import read_yaml
from recommender.catalog.types import Catalog
from recommender.decide.describe import quantisation_of
from recommender.decide.engine import evaluate_all

CASES: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("golden.yaml"))  # type: ignore[assignment]
IDS = [case["name"] for case in CASES]


def answers_of(case: dict[str, Any]) -> Answers:
    """The case's answers, checked."""
    return Answers.parse(case["answers"])


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_first_pick_is_one_an_expert_accepts(case: dict[str, Any], catalog: Catalog) -> None:
    """The first rank (or the first two) holds an accepted model."""
    made = recommend(answers_of(case), catalog=catalog)
    assert made.status == "ok"
    ranks = {row.model: row.rank for row in made.ranking}
    if "first" in case:
        assert {m for m, rank in ranks.items() if rank == 1} & set(case["first"]), made.ranking[0].way.text
    if "second" in case:
        assert {m for m, rank in ranks.items() if rank <= 2} & set(case["second"]), made.ranking[0].way.text
    if "provider_of_first" in case:
        assert made.ranking[0].way.provider in case["provider_of_first"]
    if "not_in_first_ten" in case:
        assert not {row.model for row in made.ranking[:10]} & set(case["not_in_first_ten"])


@pytest.mark.parametrize("case", [case for case in CASES if "out" in case], ids=lambda case: case["name"])
def test_exclusions_that_must_happen(case: dict[str, Any], catalog: Catalog) -> None:
    """Each named model is out, and the named rule is among those it breaks."""
    out = {
        row.model: {one.rule for one in row.failed}
        for row in recommend(answers_of(case), catalog=catalog).excluded
    }
    for model, rule in case["out"].items():
        assert model in out, f"{model} should be excluded"
        assert rule in out[model], f"{model} breaks {sorted(out[model])}, not {rule}"


@pytest.mark.parametrize("case", [case for case in CASES if "ways" in case], ids=lambda case: case["name"])
def test_single_ways_fare_as_they_must(case: dict[str, Any], catalog: Catalog) -> None:
    """405 billion parameters fit eight 80 GB cards at four and eight bits, not at sixteen."""
    made = evaluate_all(answers_of(case), catalog)
    for model, expected in case["ways"].items():
        rows = [
            row for row in made.ways_in_order[made.table.index[model]] if made.ways.rows.machine[row] >= 0
        ]
        own = {quantisation_of(made, row): row for row in rows if made.ways.rows.kind[row] == 2}
        admitted = made.admission.admitted
        assert all(admitted[own[name]] for name in expected["admitted"])
        assert not any(admitted[own[name]] for name in expected["refused"])
        for row in own.values():
            parts = made.ways.rows
            total = parts.weights_gb[row] + parts.cache_gb[row] + parts.overhead_gb[row]
            assert total == pytest.approx(parts.memory_gb[row])


def test_no_seed_case_names_its_model() -> None:
    """Golden answers never point at models by name."""
    for case in CASES:
        assert not {"only_models", "not_models"} & set(case["answers"])


def test_the_order_of_offers_decides_nothing(catalog: Catalog) -> None:
    """The same offers in reverse give the same ranking, ways included."""
    turned = replace(catalog, offers=tuple(reversed(catalog.offers)))
    for answers in ({"tasks": ["chat"]}, {"tasks": ["rag"], "data_boundary": "region", "region": ["eu"]}):
        there, here = recommend(answers, catalog=turned), recommend(answers, catalog=catalog)
        assert [(r.model, r.score, r.way) for r in there.ranking] == [
            (r.model, r.score, r.way) for r in here.ranking
        ]
