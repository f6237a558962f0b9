"""Which decoders there are, what is known of each, and the grade of it.

A independent, two boards or more, within a year; B one independent; B- the maker's own only; C from the
predecessor or an old test; C- from a predecessor unlike it or from size; D from the price alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from recommender.catalog.ability_equate import TEXT
from recommender.catalog.ability_facts import Assumptions, Evidence, ModelFacts, Standing
from recommender.catalog.ability_latent import EvidenceOf
from recommender.catalog.ability_lineage import Lineage

DECODER_KINDS = frozenset({"decoder", "moe", "hybrid", "hybrid-moe", "diffusion", "undisclosed"})


def generates_text(model: ModelFacts) -> bool:
    """Whether the model writes text of its own: no embedding, guard labels or translation-only encoder."""
    return model.architecture in DECODER_KINDS and "text" in model.outputs


def is_base(model: ModelFacts) -> bool:
    """A decoder that was never tuned to follow instructions; unchecked counts as tuned."""
    return model.instruction_tuned is False


def standings(
    models: Iterable[ModelFacts],
    evidence: EvidenceOf,
    placed: Mapping[str, str],
    assumptions: Assumptions,
    *,
    newest: date | None,
) -> dict[str, Standing]:
    """Grade and basis by model id; a model of which nothing is known is absent.

    `placed` names the formula (size or price) that speaks of a model.
    """
    ordered = sorted(models, key=lambda m: m.id)
    lineage = Lineage(ordered, assumptions)
    scored = {id_ for id_, own in evidence.items() if TEXT in own or _usable(own, assumptions)}
    found = {}
    for model in ordered:
        own = evidence.get(model.id, {})
        measured = _measured(own, assumptions, newest)
        standing = measured or _derived(model, own, lineage, scored, placed, assumptions)
        if standing is not None:
            found[model.id] = standing
    return found


def is_recent(evidence: Evidence, assumptions: Assumptions, newest: date | None) -> bool:
    """Whether the score was taken within a year of the newest score in the catalog; undated counts as old."""
    if newest is None or evidence.as_of is None:
        return False
    return evidence.as_of >= newest - timedelta(days=int(assumptions["independent_days"]))


def _measured(own: Mapping[str, Evidence], assumptions: Assumptions, newest: date | None) -> Standing | None:
    if TEXT in own:
        return Standing(grade=_grade(own.values(), assumptions, newest), basis=(TEXT,), measured=True)
    usable = _usable(own, assumptions)
    if not usable:
        return None
    grade = "B" if any(own[key].independent for key in usable) else "B-"
    return Standing(grade=grade, basis=tuple(usable))


def _derived(
    model: ModelFacts,
    own: Mapping[str, Evidence],
    lineage: Lineage,
    scored: set[str],
    placed: Mapping[str, str],
    assumptions: Assumptions,
) -> Standing | None:
    table = assumptions["equating"]
    old_tests = tuple(key for key in sorted(own) if "only_tasks" not in table[key])
    formula = {"size": ("size",), "price": (f"price-neighbours:{model.developer}",)}.get(
        placed.get(model.id, ""), ()
    )
    ancestor = lineage.scored_ancestor(model, scored)
    if ancestor is not None:
        unlike = tuple(f"unlike:{what}" for what in ancestor.unlike)
        return Standing(
            grade="C-" if unlike and not old_tests else "C",
            basis=(*old_tests, f"predecessor:{ancestor.id}", *unlike),
            ancestor=ancestor.id,
        )
    if old_tests:
        return Standing(grade="C", basis=(*old_tests, *formula))
    if formula:
        return Standing(grade="C-" if formula == ("size",) else "D", basis=formula)
    older = lineage.scored_ancestor(model, set(placed))
    return None if older is None else Standing(grade="D", basis=(f"predecessor:{older.id}",))


def _usable(own: Mapping[str, Evidence], assumptions: Assumptions) -> list[str]:
    """Tests that say something of a model in general: no old knowledge test, no test of one task."""
    table = assumptions["equating"]
    return [
        key
        for key in sorted(own)
        if "only_tasks" not in table[key] and not table[key].get("last_resort", False)
    ]


def _grade(evidence: Iterable[Evidence], assumptions: Assumptions, newest: date | None) -> str:
    """A: independent, enough boards, recent. B: independent. B-: the maker's own only."""
    table = assumptions["equating"]
    independent = [e for e in evidence if e.independent and table[e.key].get("counts_for_grade", True)]
    if not independent:
        return "B-"
    recent = [e for e in independent if is_recent(e, assumptions, newest)]
    return "A" if len(recent) >= assumptions["independent_boards"] else "B"
