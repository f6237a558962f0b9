"""The general (text) ability of every decoder: the rules of `ability` in order, first that applies.

0 text board, 1 another board or benchmark, 2 predecessor (3 widens it), 4 old knowledge test, then size,
5 price neighbours. Nothing known: no estimate at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

from recommender.catalog.ability_equate import TEXT
from recommender.catalog.ability_facts import Assumptions, Estimate, Evidence, ModelFacts
from recommender.catalog.ability_lineage import Lineage, inherited
from recommender.catalog.ability_size import from_price, from_size

EvidenceOf = Mapping[str, Mapping[str, Evidence]]
DECODER_KINDS = frozenset({"decoder", "moe", "hybrid", "hybrid-moe", "diffusion", "undisclosed"})


def general_estimates(
    models: Iterable[ModelFacts],
    evidence: EvidenceOf,
    assumptions: Assumptions,
    *,
    newest: date | None = None,
) -> dict[str, Estimate]:
    """Points on the text scale by model id, for every decoder that anything is known of.

    Base models are estimated as if tuned; `decoder_abilities` takes off what they lack.
    """
    decoders = sorted((m for m in models if generates_text(m)), key=lambda m: m.id)
    newest = newest or max(
        (e.as_of for own in evidence.values() for e in own.values() if e.as_of), default=None
    )
    known: dict[str, Estimate] = {}
    for model in decoders:
        measured = from_evidence(evidence.get(model.id, {}), assumptions, newest=newest, last_resort=False)
        if measured is not None:
            known[model.id] = measured
    lineage = Lineage(decoders, assumptions)
    derived = {
        m.id: _derived(m, lineage, known, evidence, assumptions) for m in decoders if m.id not in known
    }
    found = known | {id_: estimate for id_, estimate in derived.items() if estimate is not None}
    priced = {m.id: _last(m, lineage, decoders, found, assumptions) for m in decoders if m.id not in found}
    found |= {id_: estimate for id_, estimate in priced.items() if estimate is not None}
    return {id_: found[id_] for id_ in sorted(found)}


def generates_text(model: ModelFacts) -> bool:
    """Whether the model writes text of its own: no embedding, guard labels or translation-only encoder."""
    return model.architecture in DECODER_KINDS and "text" in model.outputs


def is_base(model: ModelFacts) -> bool:
    """A decoder that was never tuned to follow instructions; unchecked counts as tuned."""
    return model.instruction_tuned is False


def from_evidence(
    evidence: Mapping[str, Evidence], assumptions: Assumptions, *, newest: date | None, last_resort: bool
) -> Estimate | None:
    """Points from the text board, else from the other boards and benchmarks, weighed by 1 / error squared."""
    text = evidence.get(TEXT)
    if text is not None:
        grade = _grade(evidence.values(), assumptions, newest)
        low, high = text.points - text.half, text.points + text.half
        return Estimate(low=low, likely=text.points, high=high, grade=grade, basis=(TEXT,), measured=True)
    usable = _usable(evidence, assumptions, last_resort=last_resort)
    if not usable:
        return None
    weights = [1 / e.error**2 for e in usable]
    shares = [w / sum(weights) for w in weights]
    likely = sum(s * e.points for s, e in zip(shares, usable, strict=True))
    half = math.sqrt(
        sum(s**2 * (e.half**2 + (e.points - likely) ** 2) for s, e in zip(shares, usable, strict=True))
    )
    half = max(
        half, assumptions["shared_error"] * median(e.half for e in usable)
    )  # errors are not independent
    grade = "B" if any(e.independent for e in usable) else "B-"
    basis = tuple(e.key for e in usable)
    return Estimate(low=likely - half, likely=likely, high=likely + half, grade=grade, basis=basis)


def _usable(
    evidence: Mapping[str, Evidence], assumptions: Assumptions, *, last_resort: bool
) -> list[Evidence]:
    table = assumptions["equating"]
    refused = assumptions["general_evidence_refused"]
    return [
        e
        for key, e in sorted(evidence.items())
        if key not in refused
        and "only_tasks" not in table[key]
        and bool(table[key].get("last_resort", False)) == last_resort
    ]


def _derived(
    model: ModelFacts,
    lineage: Lineage,
    known: Mapping[str, Estimate],
    evidence: EvidenceOf,
    assumptions: Assumptions,
) -> Estimate | None:
    ancestor = lineage.scored_ancestor(model, known)
    if ancestor is not None:
        return inherited(ancestor, known[ancestor.id], assumptions)
    old_test = from_evidence(evidence.get(model.id, {}), assumptions, newest=None, last_resort=True)
    size = from_size(model, assumptions)
    if old_test is None:
        return size
    return replace(old_test, grade="C") if size is None else _joined(old_test, size, assumptions)


def _joined(test: Estimate, size: Estimate, assumptions: Assumptions) -> Estimate:
    """An old test and the size formula together: each errs, in different ways."""
    errors = (
        min(assumptions["equating"][key]["error_median"] for key in test.basis),
        assumptions["size"]["error_median"],
    )
    share = errors[1] ** 2 / (errors[0] ** 2 + errors[1] ** 2)
    low, likely, high = (
        share * t + (1 - share) * s
        for t, s in zip((test.low, test.likely, test.high), (size.low, size.likely, size.high), strict=True)
    )
    return Estimate(low=low, likely=likely, high=high, grade="C", basis=(*test.basis, *size.basis))


def _last(
    model: ModelFacts,
    lineage: Lineage,
    models: list[ModelFacts],
    found: Mapping[str, Estimate],
    assumptions: Assumptions,
) -> Estimate | None:
    """A predecessor that is itself only estimated, else the prices of the same maker."""
    ancestor = lineage.scored_ancestor(model, found)
    if ancestor is not None:
        before = found[ancestor.id]  # no gain is claimed over what nobody measured; the interval keeps it
        heir = inherited(ancestor, before, assumptions)
        return replace(heir, low=min(heir.low, before.low), likely=before.likely, grade="C-", ancestor=None)
    return from_price(model, models, found, assumptions)


def _grade(evidence: Iterable[Evidence], assumptions: Assumptions, newest: date | None) -> str:
    """A: independent, enough boards, recent. B: independent. B-: the maker's own only."""
    table = assumptions["equating"]
    independent = [e for e in evidence if e.independent and table[e.key].get("counts_for_grade", True)]
    if not independent:
        return "B-"
    recent = [e for e in independent if is_recent(e, assumptions, newest)]
    return "A" if len(recent) >= assumptions["independent_boards"] else "B"


def is_recent(evidence: Evidence, assumptions: Assumptions, newest: date | None) -> bool:
    """Whether the score was taken within a year of the newest score in the catalog; undated counts as old."""
    if newest is None or evidence.as_of is None:
        return False
    return evidence.as_of >= newest - timedelta(days=int(assumptions["independent_days"]))
