"""What the property tests of the engine share: results as plain mappings, and rules told anew from facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import settings

from recommender.answers import Answers
from recommender.catalog.types import Catalog, Model, Provider
from recommender.decide.engine import Evaluation, evaluate_all
from recommender.decide.facets import fits_task
from recommender.decide.recommend import recommendation
from recommender.decide.result import Way

# Tests that build the whole result with its sentences, or several results, take this share of the profile's
# examples: one result costs as much as three evaluations. Never under 100 in the suite's profile.
FEWER = settings(max_examples=max(100, settings.default.max_examples // 3))
HALF = settings(max_examples=max(100, settings.default.max_examples // 2))


def fresh(catalog: Catalog) -> Catalog:
    """An equal catalog of which nothing has been worked out yet."""
    return replace(catalog)


def document(answers: Answers, catalog: Catalog) -> str:
    """The whole result as canonical text."""
    return json.dumps(recommendation(answers, catalog).to_dict(), sort_keys=True, allow_nan=False)


def admitted(answers: Answers, catalog: Catalog) -> set[str]:
    """Ids of the models that pass the limits."""
    evaluation = evaluate_all(answers, catalog)
    return {evaluation.table.models[position].id for position in evaluation.best}


def standings(answers: Answers, catalog: Catalog) -> dict[str, tuple[int, int]]:
    """Id -> (rank, score in integer units) of the models that pass, best first."""
    return standings_of(evaluate_all(answers, catalog))


def standings_of(evaluation: Evaluation) -> dict[str, tuple[int, int]]:
    """The same, read off an evaluation."""
    ranked = zip(evaluation.order.rows, evaluation.order.ranks, strict=True)
    return {model_at(evaluation, row).id: (rank, int(evaluation.scores.score[row])) for row, rank in ranked}


def scores(answers: Answers, catalog: Catalog) -> dict[str, int]:
    """Id -> score in integer units."""
    return {name: score for name, (_, score) in standings(answers, catalog).items()}


def model_at(evaluation: Evaluation, row: int) -> Model:
    """The model of a way."""
    return evaluation.table.models[int(evaluation.ways.rows.model[row])]


def with_models(catalog: Catalog, models: Mapping[str, Model]) -> Catalog:
    """The catalog with other models; offers of models that are gone go with them."""
    sold = tuple(offer for offer in catalog.offers if offer.model in models)
    aliases = {alias: model.id for model in models.values() for alias in model.aliases}
    return replace(catalog, models=dict(models), offers=sold, aliases=aliases)


def changed_model(catalog: Catalog, name: str, **facts: Any) -> Catalog:
    """The catalog with some facts of one model replaced."""
    return replace(catalog, models={**catalog.models, name: replace(catalog.models[name], **facts)})


def copied(catalog: Catalog, name: str, copy: str, **facts: Any) -> Catalog:
    """The catalog with a copy of a model under another id, sold as the first one is."""
    made = replace(catalog.models[name], id=copy, aliases=(), **facts)
    sold = tuple(replace(offer, model=copy) for offer in catalog.offers if offer.model == name)
    return replace(catalog, models={**catalog.models, copy: made}, offers=catalog.offers + sold)


CLOUDS = ("azure", "amazon-bedrock", "google-vertex")
OPEN = ("open-weight", "fully-open")
TALKING = {"chat", "writing", "summarisation", "rag", "coding", "agents", "reasoning", "translation"}
BOUNDARY = {"own-cloud": 2, "own-machines": 3, "offline": 4}
SUPPORT = {"community": 1, "vendor": 2, "sla": 3}
RETOLD = frozenset(
    ["R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R11", "R13", "R16", "R17", "R18", "R20", "R21",
     "R23", "R24", "R27"]
)  # fmt: skip


def broken(model: Model, way: Way, catalog: Catalog, answers: Answers) -> set[str]:
    """The rules of RETOLD that a way breaks, worked out from the plain facts, one model at a time.

    Deliberately another program than the engine: no columns, no three-valued logic, no rules.yaml but
    for what an unknown fact does. None among the conditions = the fact is not known.
    """
    policy = {rule["id"]: rule["on_unknown"] for rule in catalog.vocabulary["rules"]["rules"]}
    provider = catalog.providers.get(way.provider or "")
    found = {**_model_limits(model, answers, catalog), **_way_limits(model, way, provider, answers, catalog)}
    return {
        rule
        for rule, holds in found.items()
        if holds is False or (holds is None and policy[rule] == "exclude")
    }


def _model_limits(model: Model, a: Answers, catalog: Catalog) -> dict[str, bool | None]:
    made: dict[str, bool | None] = {}
    if a.input_modalities:
        made["R02"] = (
            set(a.input_modalities) <= set(model.input_modalities) if model.input_modalities else None
        )
    if a.openness not in (None, "any"):
        made["R09"] = None if model.kind == "unknown" else model.kind in OPEN
    if a.context_tokens is not None:
        window = model.max_input_tokens or model.context_tokens
        made["R11"] = None if window is None else window >= a.context_tokens
    if a.fine_tune == "must":
        made["R17"] = None if model.fine_tuning is None else model.fine_tuning != "none"
    if a.only_models or a.not_models or a.not_developers:
        names = {model.id, *model.aliases}
        listed = not a.only_models or bool(names & set(a.only_models))
        made["R20"] = (
            listed and not names & set(a.not_models or ()) and model.developer not in (a.not_developers or ())
        )
    tasks = set(a.tasks or ())
    if tasks & TALKING and a.fine_tune != "must":
        made["R24"] = _of_the_fit(model, tasks, model.instruction_tuned)
    if "agents" in tasks:
        made["R27"] = _of_the_fit(model, tasks, model.tool_calling)
    return made


def _of_the_fit(model: Model, tasks: set[str], holds: bool | None) -> bool | None:
    """A demand on models that are made for the tasks; of the others R14 tells."""
    suits = {fits_task(model, task) for task in tasks}
    if False in suits:
        return True
    return None if None in suits and not holds else holds


def _way_limits(
    model: Model, way: Way, provider: Provider | None, a: Answers, catalog: Catalog
) -> dict[str, bool | None]:
    api = way.kind == "api"
    made: dict[str, bool | None] = {"R04": api or (way.memory_gb is not None and fits(way))}
    if a.budget_usd_month is not None and way.monthly_cost_usd is not None:
        made["R03"] = way.monthly_cost_usd["likely"] <= a.budget_usd_month
    if a.data_boundary == "region" or (a.region and a.data_boundary in (None, "own-cloud")):
        inside = provider and provider.kind != "router" and set(provider.regions or ()) & set(a.region or ())
        made["R06"] = not api or bool(inside)
    if a.data_boundary in BOUNDARY:
        reached = {"own": 4, "rented": 2, "api": 2 if way.provider in CLOUDS else 0}[way.kind]
        made["R23"] = reached >= BOUNDARY[a.data_boundary]
    if a.support in SUPPORT:
        made["R13"] = helped(way, provider) >= SUPPORT[a.support]
    if a.decode_tps_min is not None or a.ttft_max_s is not None:
        known = api or (way.memory_gb is not None and fits(way))  # what does not fit has no speed
        slow = way.decode_tps is not None and way.decode_tps["likely"] < (a.decode_tps_min or 0)
        late = a.ttft_max_s is not None and way.ttft_s is not None and way.ttft_s > a.ttft_max_s
        made["R16"] = not known or (not slow and not late)
    return made | _data_limits(provider, api, a) | _law_limits(model, provider, api, a, catalog)


def fits(way: Way) -> bool:
    """Whether the memory of a way is within what the machine can use."""
    memory = way.memory_gb or {}
    return memory["total"] <= memory["usable"]


def helped(way: Way, provider: Provider | None) -> int:
    """The step of help that a way comes with; 0 where nobody knows."""
    if way.kind != "api":
        return 1
    if provider is None:
        return 0
    return 3 if provider.sla == "published" else 1 if provider.support == "community" else 2


def _data_limits(provider: Provider | None, api: bool, a: Answers) -> dict[str, bool | None]:
    made: dict[str, bool | None] = {}
    if a.no_training_on_data:
        made["R05"] = not api or (provider is not None and provider.trains_on_inputs is False)
    if a.retention_days_max is not None:
        days = None if provider is None else provider.retention_days
        zero = provider is not None and provider.zero_retention in ("self-serve", "by-approval")
        made["R07"] = not api or zero or (days is not None and days <= a.retention_days_max)
    if a.attestations:
        held = provider.attestations if provider else {}
        made["R08"] = not api or all(held.get(name) for name in a.attestations)
    return made


def _law_limits(
    model: Model, provider: Provider | None, api: bool, a: Answers, catalog: Catalog
) -> dict[str, bool | None]:
    made: dict[str, bool | None] = {}
    if a.commercial_use or a.monthly_active_users is not None:
        licence = catalog.licences.get(model.licence)
        use = licence.commercial_use if licence else model.commercial_use
        allowed = not a.commercial_use or {"no": False, "yes": True, "yes-with-conditions": True}.get(use)
        limit = licence.monthly_active_users_max if licence else None
        within = limit is None or limit >= (a.monthly_active_users or 0)
        # Conditions that nobody has read may hold a limit of users.
        unread = licence is None and a.commercial_use and a.monthly_active_users is not None
        made["R18"] = api or (bool(allowed) and within and not (unread and use != "yes"))
    if a.not_countries:
        maker = catalog.developers.get(model.developer)
        home = maker.country if maker else None
        seats = provider.seat if provider else ()
        settled = home is not None and (not api or provider is None or bool(seats))
        made["R21"] = not {home, *seats} & set(a.not_countries) if settled else None
    return made
