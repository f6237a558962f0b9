"""The columns that rules read: one value per way, known or unknown, from catalog, answers, estimates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.catalog.history import available_on
from recommender.catalog.types import Model, Provider
from recommender.decide.ability_values import main_task_points
from recommender.decide.columns import Column, categories, flags, numbers, sets
from recommender.decide.facets import (
    covers_languages,
    disclosure,
    fits_task,
    has_weights,
    licence_verdict,
    needs_labels,
    openness_level,
)
from recommender.decide.model_table import ModelTable
from recommender.decide.situation import Situation
from recommender.decide.terms import offer_terms
from recommender.decide.ways import API, KINDS, OWN, RENTED, Ways

NO_END_DAYS = 1e6  # no end announced, or weights that nobody can switch off
CLOUDS = ("azure", "amazon-bedrock", "google-vertex")
FIELDS = (
    "available", "days_to_end", "input_modalities", "output_modalities", "monthly_cost_usd", "way_kind",
    "memory_gb", "usable_gb", "trains_on_inputs", "reseller", "regions", "zero_retention", "retention_days",
    "attestations", "attestations_known", "weights_available", "openness_level", "context_tokens",
    "covers_languages", "support_level", "fits_task", "independent_hosts", "decode_tps", "ttft_s",
    "fine_tuning", "licence_covers_you", "disclosure_items",
    "listed", "countries", "boundary_level", "instruction_tuned", "enough_labels", "fim_trained",
    "tool_calling", "ability_value", "ability_points", "load_share",
)  # fmt: skip
SET_FIELDS = (
    "input_modalities",
    "output_modalities",
    "regions",
    "attestations",
    "attestations_known",
    "countries",
)
FIELD_MEMBERS = {
    "way_kind": KINDS,
    "zero_retention": ("self-serve", "by-approval", "none"),
    "fine_tuning": ("weights", "provider", "none"),
}
_OWN_CLOUD, _OWN_MACHINES, _OFFLINE = 2.0, 3.0, 4.0  # steps of data_boundary in data/rules.yaml
_NO_HELP, _COMMUNITY, _VENDOR, _SLA = 0.0, 1.0, 2.0, 3.0  # steps of support


def columns(
    table: ModelTable, ways: Ways, situation: Situation, ability_value: NDArray[np.float64]
) -> dict[str, Column]:
    """Every column of FIELDS for these ways. `ability_value` is 0..1, NaN where nothing is known."""
    rows = ways.rows
    model = table.once(("model columns",), lambda: _model_columns(table))
    today = table.once(("day columns", situation.day), lambda: _day_columns(table, situation.day))
    asked = _asked_columns(table, situation)
    made = {name: column.take(rows.model) for name, column in {**model, **today, **asked}.items()}
    made |= _provider_columns(table, ways)
    made |= _way_columns(ways)
    made["context_tokens"] = _context(table, ways, made["context_tokens"])
    made["countries"] = _countries(table, ways)
    made["ability_points"] = _points(table, ways, situation)
    made["ability_value"] = Column(np.nan_to_num(ability_value), ~np.isnan(ability_value))
    return made


def _each(table: ModelTable, get: Callable[[Model], Any]) -> list[Any]:
    return [get(model) for model in table.models]


def _model_columns(table: ModelTable) -> dict[str, Column]:
    licences = table.catalog.licences
    levels = [openness_level(model, licences.get(model.licence)) for model in table.models]
    return {
        "input_modalities": sets(_each(table, lambda m: m.input_modalities or None)),
        "output_modalities": sets(_each(table, lambda m: _made_of_text(m.output_modalities) or None)),
        "weights_available": flags(_each(table, has_weights)),
        "openness_level": numbers(list(levels)),
        "context_tokens": numbers(_each(table, lambda m: m.max_input_tokens or m.context_tokens)),
        "fine_tuning": categories(_each(table, lambda m: m.fine_tuning)),
        "disclosure_items": numbers(_each(table, lambda m: disclosure(m)[0])),
        "instruction_tuned": flags(_each(table, lambda m: m.instruction_tuned)),
        "fim_trained": flags(_each(table, lambda m: m.fim_trained)),
        "tool_calling": flags(_each(table, lambda m: m.tool_calling)),
    }


def _made_of_text(modalities: tuple[str, ...]) -> tuple[str, ...]:
    """Labels, spans and vectors are read by programs as text is; nobody asks for them by name."""
    return tuple(
        dict.fromkeys("text" if m in ("labels", "spans", "embedding", "json") else m for m in modalities)
    )


def _day_columns(table: ModelTable, day: date) -> dict[str, Column]:
    left = [
        float((model.ends - day).days) if model.ends and model.kind == "closed" else NO_END_DAYS
        for model in table.models
    ]
    return {
        "available": flags(_each(table, lambda m: available_on(m, day))),
        "days_to_end": numbers(list(left)),
        "independent_hosts": numbers(list(independent_hosts(table, day))),
    }


def independent_hosts(table: ModelTable, day: date) -> list[float]:
    """Places each model can be had from on the day; running it yourself counts as one, resellers do not."""
    from recommender.decide.ways_api import usable_offers

    positions = table.once(("offers", day), lambda: usable_offers(table.catalog, day))[0]
    hosts: list[set[str]] = [set() for _ in table.models]
    for position in positions:
        offer = table.catalog.offers[position]
        provider = table.catalog.providers.get(offer.provider)
        if provider is None or provider.kind != "router":
            hosts[table.index[offer.model]].add(offer.provider)
    own = [1 if has_weights(model) else 0 for model in table.models]
    return [float(len(found) + self_hosting) for found, self_hosting in zip(hosts, own, strict=True)]


def _asked_columns(table: ModelTable, situation: Situation) -> dict[str, Column]:
    languages = tuple(situation.given.get("languages") or ())
    key = ("asked", situation.tasks, situation.labels, languages)
    made: dict[str, Column] = dict(table.once(key, lambda: _task_columns(table, situation, languages)))
    made["listed"] = flags(_listed(table, situation.given))
    licences = table.catalog.licences
    made["licence_covers_you"] = flags(
        _each(table, lambda m: licence_verdict(m, licences, situation.given).covered)
    )
    return made


def _task_columns(table: ModelTable, situation: Situation, languages: tuple[str, ...]) -> dict[str, Column]:
    tuned = situation.labels != "none"

    def fits(model: Model) -> bool | None:
        answers = [fits_task(model, task) for task in situation.tasks]
        return False if False in answers else None if None in answers else True

    def enough(model: Model) -> bool:
        return tuned or not any(needs_labels(model, task) for task in situation.tasks)

    covers = [covers_languages(model, languages) if languages else True for model in table.models]
    return {
        "fits_task": flags(_each(table, fits)),
        "enough_labels": flags(_each(table, enough)),
        "covers_languages": flags(list(covers)),
    }


def _listed(table: ModelTable, given: Mapping[str, Any]) -> list[bool | None]:
    resolve = table.catalog.aliases
    only = {resolve.get(name.lower(), name) for name in given.get("only_models") or ()}
    banned = {resolve.get(name.lower(), name) for name in given.get("not_models") or ()}
    developers = set(given.get("not_developers") or ())
    return [
        (not only or m.id in only) and m.id not in banned and m.developer not in developers
        for m in table.models
    ]


def _provider_columns(table: ModelTable, ways: Ways) -> dict[str, Column]:
    """Columns of what the offers' terms say; ways on machines have none."""
    by_offer = table.once(("term columns",), lambda: _term_columns(offer_terms(table)))
    made = {name: column.take(ways.rows.offer) for name, column in by_offer.items()}
    level = made.pop("provider_support")
    on_machine = ways.rows.kind != API
    made["support_level"] = Column(np.where(on_machine, _COMMUNITY, level.values), on_machine | level.known)
    cloud = made.pop("is_cloud").values.astype(bool)
    boundary = np.select(
        [ways.rows.kind == OWN, ways.rows.kind == RENTED, cloud], [_OFFLINE, _OWN_CLOUD, _OWN_CLOUD], 0.0
    )
    made["boundary_level"] = Column(boundary, np.ones(len(ways), dtype=bool))
    return made


def _term_columns(terms: list[Provider | None]) -> dict[str, Column]:
    def each(get: Callable[[Provider], Any]) -> list[Any]:
        return [None if provider is None else get(provider) for provider in terms]

    return {
        "trains_on_inputs": flags(each(lambda p: p.trains_on_inputs)),
        "reseller": flags(each(lambda p: p.kind == "router")),
        "regions": sets(each(lambda p: p.regions)),
        "zero_retention": categories(each(lambda p: p.zero_retention)),
        "retention_days": numbers(each(lambda p: p.retention_days)),
        "attestations": sets(each(lambda p: tuple(k for k, v in p.attestations.items() if v))),
        "attestations_known": sets(each(lambda p: tuple(p.attestations))),
        "provider_support": numbers(each(support_level)),
        "is_cloud": flags(each(lambda p: p.id in CLOUDS)),
    }


def support_level(provider: Provider) -> float:
    """Step of help of a paid offer: a published uptime promise, else the vendor."""
    if provider.sla == "published":
        return _SLA
    return _COMMUNITY if provider.support == "community" else _VENDOR


def _context(table: ModelTable, ways: Ways, window: Column) -> Column:
    """Tokens a way takes at once: the model's window, or what the offer states for itself."""

    def stated() -> NDArray[np.float64]:
        limits = [offer.context_tokens or np.nan for offer in table.catalog.offers]
        return np.array([*limits, np.nan], dtype=np.float64)

    limit = table.once(("offer context",), stated)[ways.rows.offer]
    own = ~np.isnan(limit)
    return Column(np.where(own, np.nan_to_num(limit), window.values), own | window.known)


def _way_columns(ways: Ways) -> dict[str, Column]:
    rows = ways.rows
    kind = Column(rows.kind.astype(np.int64), np.ones(len(ways), dtype=bool), KINDS)

    def measured(values: NDArray[np.float64]) -> Column:
        return Column(np.nan_to_num(values), ~np.isnan(values))

    encoder_like = np.isnan(rows.decode_tps) & ~np.isnan(rows.ttft_s)
    # What does not fit has no speed: the rule about memory says all there is to say.
    fits = ~(rows.memory_gb > rows.usable_gb)
    # Encoders generate nothing: any speed of writing is met.
    speed = np.where(fits, np.where(encoder_like, np.inf, rows.decode_tps), np.nan)
    first = np.where(fits, rows.ttft_s, np.nan)
    load = np.where(fits, np.nan_to_num(rows.load_share, posinf=np.inf), 0.0)
    return {
        "way_kind": kind,
        "monthly_cost_usd": measured(rows.cost_usd),
        "memory_gb": measured(rows.memory_gb),
        "usable_gb": measured(rows.usable_gb),
        "decode_tps": Column(np.nan_to_num(speed, posinf=np.inf), ~np.isnan(speed)),
        "ttft_s": measured(first),
        "load_share": Column(load, np.ones(len(ways), dtype=bool)),
    }


def _points(table: ModelTable, ways: Ways, situation: Situation) -> Column:
    """Ability on the main task in points (MTEB for embedding), less what the format costs; infinite for
    models whose ability is not counted in points: trained specialists and guards."""
    points, lost = main_task_points(table, situation, ways.rows)
    left = points - lost
    return Column(np.nan_to_num(left, posinf=np.inf), np.ones(len(ways), dtype=bool))


def _countries(table: ModelTable, ways: Ways) -> Column:
    """Country of the developer and, over an API, seat of the provider; unknown when one of them is."""
    developers, providers = table.catalog.developers, table.catalog.providers

    def home(model: Model) -> str | None:
        developer = developers.get(model.developer)
        return developer.country if developer else None

    def made() -> tuple[Column, Column]:
        seats = [providers[o.provider].seat if o.provider in providers else () for o in table.catalog.offers]
        codes = sorted({c for seat in seats for c in seat} | {h for h in map(home, table.models) if h})
        # Both columns share their members, so that sets can be joined bit by bit.
        everything = [tuple(codes)]
        by_model = sets([*((h,) if (h := home(m)) else None for m in table.models), *everything])
        by_offer = sets([*(seat or None for seat in seats), (), *everything])
        return by_model, by_offer

    by_model, by_offer = table.once(("countries",), made)
    nowhere = len(table.catalog.offers)
    offer = np.where(ways.rows.offer < 0, nowhere, ways.rows.offer)
    first, second = by_model.take(ways.rows.model), by_offer.take(offer)
    joined = first.values.astype(np.int64) | second.values.astype(np.int64)
    return Column(joined, first.known & second.known, by_model.members, is_set=True)
