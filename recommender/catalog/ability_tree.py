"""The tree of YAML files as the plain inputs of the ability estimates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from recommender.catalog.ability_facts import BILLION, ModelFacts, Score
from recommender.catalog.schema import ModelFile
from recommender.catalog.schema_facts import Fact, Quantity
from recommender.catalog.schema_offers import OfferRecord, PriceRecord
from recommender.catalog.tree import Tree

T = TypeVar("T")


def facts_of(tree: Tree) -> list[ModelFacts]:
    """Every model of the tree, with its first-party price."""
    prices = _first_party_prices(tree)
    return [_facts(id_, model, prices.get(id_)) for id_, model in sorted(tree.models.items())]


def scores_of(tree: Tree) -> list[Score]:
    """Every score of a model of the catalog; on boards only the row marked as used."""
    return [
        Score(
            model=row.model,
            benchmark=benchmark,
            score=row.score,
            metric=row.metric or "",
            setting=row.setting or "",
            low=row.low,
            high=row.high,
            maker_reported=row.maker_reported,
            recalled=row.recalled,
            as_of=row.as_of,
        )
        for benchmark, file in sorted(tree.benchmarks.items())
        for row in file.scores
        if row.model is not None and row.score is not None and row.used is not False
    ]


def _facts(id_: str, model: ModelFile, price: float | None) -> ModelFacts:
    parameters = model.parameters
    total = _billions(parameters.total)
    dense = parameters.active is not None and parameters.active.status == "not-applicable"
    active = (
        _billions(parameters.active) or _billions(parameters.active_derived) or (total if dense else None)
    )
    outputs = model.output_modalities
    zero_shot = {"classification": model.zero_shot_classification, "extraction": model.zero_shot_extraction}
    return ModelFacts(
        id=id_,
        developer=id_.partition("/")[0],
        released=_required(model.released),
        family=_value(model.family) or "",
        kind=model.kind.value or "unknown",
        architecture=model.architecture.value or "undisclosed",
        total_b=total,
        active_b=active,
        instruction_tuned=_value(model.instruction_tuned),
        reasoning=_value(model.reasoning),
        fim_trained=_value(model.fim_trained),
        zero_shot=frozenset(task for task, fact in zero_shot.items() if _value(fact)),
        specialised_for=_value(model.specialised_for) or "",
        outputs=frozenset(outputs.value or ("text",)) if outputs is not None else frozenset({"text"}),
        price=price,
    )


def _value(fact: Fact[T] | None) -> T | None:
    return None if fact is None else fact.value


def _required(fact: Fact[T]) -> T:
    if fact.value is None:
        raise ValueError("a release date is required; the schema refuses a model without one")
    return fact.value


def _billions(quantity: Quantity[int] | None) -> float | None:
    if quantity is None:
        return None
    if quantity.value is not None:
        return quantity.value / BILLION
    if quantity.low is not None and quantity.high is not None:
        return (quantity.low + quantity.high) / 2 / BILLION
    return None


def _first_party_prices(tree: Tree) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for _, file in sorted(tree.offers.items()):
        for offer in file.offers:
            price = _blended(offer)
            if price is not None:
                found.setdefault(offer.model, []).append(price)
    return {model: min(prices) for model, prices in found.items()}


def _blended(offer: OfferRecord) -> float | None:
    """The newest list price, input to output 3:1; None for hosts, free listings and missing figures."""
    if offer.relation != "first-party" or offer.free:
        return None
    latest = _latest(offer.prices)
    if latest is None or latest.input_usd_per_mtok is None or latest.output_usd_per_mtok is None:
        return None
    blended = (3 * latest.input_usd_per_mtok + latest.output_usd_per_mtok) / 4
    return blended or None


def _latest(prices: Iterable[PriceRecord]) -> PriceRecord | None:
    usable = [price for price in prices if not price.unusable]
    return usable[-1] if usable else None
