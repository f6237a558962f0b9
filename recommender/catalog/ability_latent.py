"""One latent ability per model and group, on the scale of the text board, from everything that is known.

theta(model, task) = general + shares of the group deviations (coding, reasoning, agents, ...). Scores are
stitched together by `ability_latent_fit`; a model without any is placed by its predecessor, its size or
its price, which are terms of the same fit, so that a score moves not only its model but its relatives.
Constants and reasons: data/assumptions.yaml (`ability`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recommender.catalog.ability_facts import Assumptions, Evidence, ModelFacts
from recommender.catalog.ability_latent_fit import (
    ORIGIN,
    UNIT,
    Fit,
    Item,
    Loads,
    Observation,
    Term,
    extended,
    fit,
)
from recommender.catalog.ability_lineage import Lineage, Link
from recommender.catalog.ability_size import closed_points, open_points

GENERAL = "general"
EvidenceOf = Mapping[str, Mapping[str, Evidence]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latent:
    """The fitted abilities: points with standard deviation, for any mixture of groups."""

    fit: Fit
    columns: Mapping[tuple[str, str], int]  # (model, group)
    spreads: Mapping[str, float]  # standard deviation of a deviation nobody measured, by group
    links: Mapping[str, Link]
    placed: Mapping[str, str]  # which formula placed the model: size, price

    def points(self, model: str, groups: Mapping[str, float], error: float = 0.0) -> tuple[float, float]:
        """Likely points and their standard deviation; `error` is what the groups do not explain."""
        loads = _loads(self.columns, model, groups)
        mean, sd = self.fit.value(loads)
        unseen = sum((groups[g] * self.spreads[g]) ** 2 for g in groups if (model, g) not in self.columns)
        return ORIGIN + UNIT * mean, math.sqrt((UNIT * sd) ** 2 + unseen + error**2)


def latent_abilities(models: Iterable[ModelFacts], evidence: EvidenceOf, assumptions: Assumptions) -> Latent:
    """Fit the abilities of the given decoders. Pure; the order of the inputs does not matter."""
    ordered = sorted(models, key=lambda m: m.id)
    lineage = Lineage(ordered, assumptions)
    links = {m.id: link for m in ordered if (link := lineage.link(m)) is not None}
    columns, core = _columns(ordered, links, evidence, assumptions)
    placed: dict[str, str] = {}
    terms = [
        *_formula_terms(ordered, columns, placed, assumptions),
        *_link_terms(ordered, columns, links, assumptions),
        *_deviation_terms(columns, links, assumptions),
    ]
    table = assumptions["equating"]
    items = {key: item_of(entry) for key, entry in sorted(table.items())}
    observations = [
        _observation(e, _loads(columns, m.id, table[key].get("loads", {})))
        for m in ordered
        for key, e in sorted(evidence.get(m.id, {}).items())
    ]
    found = fit(core, [term for term in terms if term.loads[0][0] < core], observations, items)
    found = extended(found, len(columns), [term for term in terms if term.loads[0][0] >= core])
    spreads = {group: float(rule["sd"]) for group, rule in assumptions["groups"].items()}
    return Latent(fit=found, columns=columns, spreads=spreads, links=links, placed=placed)


def item_of(entry: Mapping[str, Any]) -> Item:
    """What is believed of a benchmark before the fit: points = a + b x score, turned round."""
    slope, level = UNIT / entry["b"], (ORIGIN - entry["a"]) / entry["b"]
    return Item(
        slope=slope,
        level=level,
        noise=entry["error"] / abs(entry["b"]),
        slope_sd=abs(slope) * 0.4,
        level_sd=abs(slope),
        fixed=entry["scale"] == "points",
    )


def _columns(
    models: list[ModelFacts], links: Mapping[str, Link], evidence: EvidenceOf, assumptions: Assumptions
) -> tuple[dict[tuple[str, str], int], int]:
    """Columns of the unknowns, and how many scores can speak of; those after them only follow.

    A deviation has a column only where a model or a predecessor of it was tested in the group.
    """
    core = [(house, "developer") for house in sorted({_house(m) for m in models})]
    rest: list[tuple[str, str]] = []
    order = sorted(models, key=lambda m: (_depth(m.id, links), m.id))
    for group in (GENERAL, *assumptions["groups"]):
        keys = {k for k, e in assumptions["equating"].items() if group in (GENERAL, *e.get("loads", {}))}
        seen = {m.id for m in models if keys & set(evidence.get(m.id, {}))}
        spoken = _with_ancestors(seen, links)
        core += [(m.id, group) for m in order if m.id in spoken]
        follows = _heirs(spoken, order, links) if group != GENERAL else {m.id for m in models}
        rest += [(m.id, group) for m in order if m.id in follows - spoken]
    return {key: column for column, key in enumerate(core + rest)}, len(core)


def _depth(model: str, links: Mapping[str, Link]) -> int:
    """How many predecessors stand before a model."""
    return 1 + _depth(links[model].id, links) if model in links else 0


def _with_ancestors(seen: set[str], links: Mapping[str, Link]) -> set[str]:
    found = set(seen)
    for model in seen:
        while model in links and links[model].id not in found:
            model = links[model].id
            found.add(model)
    return found


def _heirs(spoken: set[str], order: list[ModelFacts], links: Mapping[str, Link]) -> set[str]:
    found = set(spoken)
    for model in order:  # predecessors first
        if model.id in links and links[model.id].id in found:
            found.add(model.id)
    return found


def _house(model: ModelFacts) -> str:
    """A developer's closed and open models each have an effect of their own."""
    return f"{model.developer}:{'closed' if model.is_closed else 'open'}"


def _loads(columns: Mapping[tuple[str, str], int], model: str, groups: Mapping[str, float]) -> Loads:
    shares = ((columns[model, g], float(w)) for g, w in groups.items() if (model, g) in columns)
    return ((columns[model, GENERAL], 1.0), *shares)


def _formula_terms(
    models: list[ModelFacts],
    columns: Mapping[tuple[str, str], int],
    placed: dict[str, str],
    assumptions: Assumptions,
) -> list[Term]:
    rule = assumptions["developer"]
    houses = sorted({_house(m) for m in models})
    terms = [
        Term(loads=((columns[house, "developer"], 1.0),), mean=0.0, sd=rule["sd"] / UNIT) for house in houses
    ]
    for model in models:
        guess = open_points(model, assumptions) or closed_points(model, assumptions)
        if guess.basis:
            placed[model.id] = guess.basis
        loads = ((columns[model.id, GENERAL], 1.0), (columns[_house(model), "developer"], -1.0))
        terms.append(Term(loads=loads, mean=(guess.points - ORIGIN) / UNIT, sd=guess.sd / UNIT))
    return terms


def _link_terms(
    models: list[ModelFacts],
    columns: Mapping[tuple[str, str], int],
    links: Mapping[str, Link],
    assumptions: Assumptions,
) -> list[Term]:
    rule = assumptions["successor"]
    terms = []
    for model in models:
        link = links.get(model.id)
        if link is None:
            continue
        loads = ((columns[model.id, GENERAL], 1.0), (columns[link.id, GENERAL], rule["regression"] - 1.0))
        gain = rule["gain"] + rule["per_100_days"] * link.days / 100
        terms.append(Term(loads=loads, mean=gain / UNIT, sd=link.sd / UNIT))
    return terms


def _deviation_terms(
    columns: Mapping[tuple[str, str], int], links: Mapping[str, Link], assumptions: Assumptions
) -> list[Term]:
    terms = []
    for (model, group), column in columns.items():
        if group not in assumptions["groups"]:
            continue
        sd, kept = (assumptions["groups"][group][name] for name in ("sd", "kept"))
        link = links.get(model)
        if link is None:
            terms.append(Term(loads=((column, 1.0),), mean=0.0, sd=sd / UNIT))
        else:
            loads = ((column, 1.0), (columns[link.id, group], -kept))
            terms.append(Term(loads=loads, mean=0.0, sd=sd * math.sqrt(1 - kept**2) / UNIT))
    return terms


def _observation(evidence: Evidence, loads: Loads) -> Observation:
    return Observation(
        item=evidence.key, loads=loads, y=evidence.y, spread=evidence.spread, extra=evidence.extra
    )
