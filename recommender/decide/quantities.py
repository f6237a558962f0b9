"""The raw quantity of every criterion for every way, with its ends and the reason for a missing figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recommender.catalog.types import Missing, Model, Provider
from recommender.decide.columns import Column
from recommender.decide.facets import disclosure, language_value
from recommender.decide.fields import NO_END_DAYS
from recommender.decide.model_table import ModelTable
from recommender.decide.situation import Situation
from recommender.decide.terms import offer_terms
from recommender.decide.values import (
    ESTIMATED,
    KNOWN,
    NOT_APPLICABLE,
    UNCHECKED,
    UNDISCLOSED,
    Floats,
    Quantities,
)
from recommender.decide.ways import API, OWN, Ways

DAYS_PER_MONTH = 30.44
_LONG_LIFE_MONTHS = 36.0  # weights that nobody can withdraw
_DATA_CONTROL_OWN, _DATA_CONTROL_RENTED = 4.0, 3.0
State = NDArray[np.int8]


def quantities(
    table: ModelTable, ways: Ways, situation: Situation, columns: dict[str, Column], ability: Quantities
) -> dict[str, Quantities]:
    """Quantities by criterion id."""
    rows = ways.rows
    return {
        "C01": ability,
        "C05": _from_column(columns["context_tokens"], _hidden(table, ways, "context_tokens")),
        "C15": _languages(table, ways, situation),
        "C02": _ends(rows.cost_high_usd, rows.cost_usd, rows.cost_low_usd),
        "C04": _ends(rows.work_low_tps, rows.work_tps, rows.work_high_tps),
        "C03": _hardware_room(ways),
        "C13": _ends(rows.wh_high, rows.wh, rows.wh_low),
        "C06": _from_column(columns["openness_level"], None),
        "C08": _data_control(table, ways, situation),
        "C11": _from_column(columns["independent_hosts"], None),
        "C07": _disclosure(table, ways),
        "C10": _from_column(columns["support_level"], None),
        "C14": _remaining_life(table, ways, columns["days_to_end"]),
        "C09": _attestations(table, ways),
    }


def _ends(worse: Floats, likely: Floats, better: Floats) -> Quantities:
    missing = np.isnan(likely)
    exact = np.isclose(worse, better, rtol=1e-9) | missing
    state = np.where(missing, UNCHECKED, np.where(exact, KNOWN, ESTIMATED)).astype(np.int8)
    return Quantities(
        worse=np.nan_to_num(worse), likely=np.nan_to_num(likely), better=np.nan_to_num(better), state=state
    )


def _from_column(column: Column, hidden: NDArray[np.bool_] | None) -> Quantities:
    values = column.values.astype(np.float64)
    missing = UNCHECKED if hidden is None else np.where(hidden, UNDISCLOSED, UNCHECKED)
    state = np.where(column.known, KNOWN, missing).astype(np.int8)
    values = np.where(column.known, values, 0.0)
    return Quantities(worse=values, likely=values, better=values, state=state)


def _hidden(table: ModelTable, ways: Ways, field: str) -> NDArray[np.bool_]:
    marked = [model.missing.get(field) == Missing.UNDISCLOSED for model in table.models]
    picked: NDArray[np.bool_] = np.array(marked, dtype=bool)[ways.rows.model]
    return picked


def _languages(table: ModelTable, ways: Ways, situation: Situation) -> Quantities:
    asked = tuple(code for code in situation.given.get("languages") or ())

    def made() -> Floats:
        spec = table.catalog.vocabulary["criteria"]["languages"]
        return np.array([language_value(model, asked, spec) if asked else 1.0 for model in table.models])

    value = table.once(("languages", asked), made)[ways.rows.model]
    return Quantities(worse=value, likely=value, better=value, state=np.full(len(ways), KNOWN))


def _hardware_room(ways: Ways) -> Quantities:
    rows = ways.rows
    with np.errstate(divide="ignore", invalid="ignore"):
        high, likely, low = (
            part / rows.usable_gb for part in (rows.memory_high_gb, rows.memory_gb, rows.memory_low_gb)
        )
    made = _ends(high, likely, low)
    state = np.where(rows.kind == API, NOT_APPLICABLE, made.state).astype(np.int8)
    return Quantities(worse=made.worse, likely=made.likely, better=made.better, state=state)


def _by_provider(
    table: ModelTable, ways: Ways, key: str, make: Callable[[Provider], tuple[float, float, float, int]]
) -> tuple[Floats, Floats, Floats, State]:
    """Ends and state per way from its provider; NaN and unchecked where the provider is not known."""

    def made() -> Floats:
        unknown = (0.0, 0.0, 0.0, int(UNCHECKED))
        return np.array([make(p) if p else unknown for p in offer_terms(table)], dtype=np.float64)

    picked = table.once(("provider quantity", key), made)[ways.rows.offer]
    return picked[:, 0], picked[:, 1], picked[:, 2], picked[:, 3].astype(np.int8)


_BOUND_TO_A_REGION = (None, "region", "own-cloud")  # where rule R06 reads the region too


def _data_control(table: ModelTable, ways: Ways, situation: Situation) -> Quantities:
    bound = situation.given.get("data_boundary") in _BOUND_TO_A_REGION
    regions = frozenset((situation.given.get("region") or ()) if bound else ())
    worse, likely, better, state = _by_provider(
        table, ways, f"data control {sorted(regions)}", lambda provider: _control_level(provider, regions)
    )
    kind = ways.rows.kind
    own = np.where(kind == OWN, _DATA_CONTROL_OWN, _DATA_CONTROL_RENTED)
    on_machine = kind != API
    return Quantities(
        worse=np.where(on_machine, own, worse),
        likely=np.where(on_machine, own, likely),
        better=np.where(on_machine, own, better),
        state=np.where(on_machine, KNOWN, state).astype(np.int8),
    )


def _control_level(provider: Provider, regions: frozenset[str]) -> tuple[float, float, float, int]:
    """Level 0 to 4 of C08: no training, then a region that can be pinned, then zero retention."""
    if provider.trains_on_inputs:
        return 0.0, 0.0, 0.0, int(KNOWN)
    pinned = bool(provider.regions) and (not regions or bool(regions & set(provider.regions or ())))
    level = 1.0 + (1.0 if pinned else 0.0)
    if pinned and provider.zero_retention in ("self-serve", "by-approval"):
        level += 1.0
    if provider.trains_on_inputs is None:
        hidden = provider.missing.get("trains_on_inputs") == Missing.UNDISCLOSED
        return 0.0, 0.0 if hidden else 1.0, level, int(UNDISCLOSED if hidden else UNCHECKED)
    return level, level, level, int(KNOWN)


def _disclosure(table: ModelTable, ways: Ways) -> Quantities:
    ends = table.once(
        ("disclosure",), lambda: np.array([disclosure(m) for m in table.models], dtype=np.float64)
    )
    low, high = ends[ways.rows.model, 0], ends[ways.rows.model, 1]
    return Quantities(worse=low, likely=low, better=high, state=np.full(len(ways), ESTIMATED))


def _remaining_life(table: ModelTable, ways: Ways, days_to_end: Column) -> Quantities:
    """Months promised: until an announced end; else between the provider's notice and three years."""
    notice, _, _, _ = _by_provider(
        table, ways, "notice", lambda p: ((p.deprecation_notice_days or 0.0) / DAYS_PER_MONTH, 0.0, 0.0, 0)
    )
    announced = days_to_end.values.astype(np.float64) < NO_END_DAYS
    months = np.maximum(days_to_end.values.astype(np.float64), 0.0) / DAYS_PER_MONTH
    on_machine = ways.rows.kind != API
    fixed = announced | on_machine
    end = np.where(on_machine, _LONG_LIFE_MONTHS, months)
    middle = np.maximum(notice, 12.0)
    return Quantities(
        worse=np.where(fixed, end, notice),
        likely=np.where(fixed, end, middle),
        better=np.where(fixed, end, _LONG_LIFE_MONTHS),
        state=np.where(fixed, KNOWN, ESTIMATED).astype(np.int8),
    )


def _attestations(table: ModelTable, ways: Ways) -> Quantities:
    def count(provider: Provider) -> tuple[float, float, float, int]:
        held = float(sum(provider.attestations.values()))
        unchecked = 8.0 - len(provider.attestations)
        open_points = unchecked - sum(1 for key in provider.missing if key.startswith("attestations."))
        if not provider.attestations:
            return 0.0, 0.0, 8.0, int(UNCHECKED)
        return held, held, held + max(open_points, 0.0), int(ESTIMATED if open_points > 0 else KNOWN)

    worse, likely, better, state = _by_provider(table, ways, "attestations", count)
    on_machine = ways.rows.kind != API
    return Quantities(
        worse=worse,
        likely=likely,
        better=better,
        state=np.where(on_machine, NOT_APPLICABLE, state).astype(np.int8),
    )


def unsettled(model: Model) -> int:
    """How many basic facts of a model have no value (caveat V5)."""
    facts = (model.parameters_total, model.context_tokens, model.languages or None, model.knowledge_cutoff)
    return sum(1 for fact in facts if fact is None)
