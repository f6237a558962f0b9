"""What every model is able to do, per task, estimated once when the snapshot is built.

Scores become observations (`ability_equate`) of one factor model, in which predecessors, size and price
stand for what nobody measured (`ability_latent`); tasks are mixtures of its groups (`ability_tasks`), grades
say what is behind them (`ability_general`); encoders have their own units (`ability_encoders`,
`ability_embedding`). Every constant stands in data/assumptions.yaml with its reason.

Grades: A independent, two boards or more, within a year; B one independent; B- the maker's own only;
C derived; C- derived with little to compare; D class only. Rank by `low` and break ties by grade, so that
no D stands above an A on its midpoint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from recommender.catalog.ability_embedding import embedding_abilities
from recommender.catalog.ability_encoders import specialist_abilities
from recommender.catalog.ability_equate import evidence_by_model
from recommender.catalog.ability_facts import Assumptions, ModelFacts, Score
from recommender.catalog.ability_general import generates_text, standings
from recommender.catalog.ability_latent import latent_abilities
from recommender.catalog.ability_tasks import decoder_abilities
from recommender.catalog.ability_tree import facts_of, scores_of
from recommender.catalog.tree import Tree
from recommender.catalog.types import Ability


def estimate_abilities(tree: Tree) -> dict[str, dict[str, Ability]]:
    """Abilities by model id and task, "general" among the tasks; a task without a basis is absent."""
    assumptions = tree.vocabulary["assumptions"]["ability"]
    return abilities(facts_of(tree), scores_of(tree), assumptions)


def abilities(
    models: Iterable[ModelFacts], scores: Iterable[Score], assumptions: Assumptions
) -> dict[str, dict[str, Ability]]:
    """The same from plain objects. Pure; the order of the inputs does not matter."""
    ordered = sorted(models, key=lambda m: m.id)
    scores = list(scores)
    own: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        own[score.model].append(score)
    found = _decoders(ordered, scores, assumptions)
    for id_, ability in embedding_abilities(ordered, own, assumptions["mteb"]).items():
        found[id_]["embedding"] = ability
    for model in ordered:
        found[model.id].update(specialist_abilities(model, own[model.id], assumptions))
    return {id_: _rounded(tasks) for id_, tasks in sorted(found.items()) if tasks}


def _decoders(
    models: list[ModelFacts], scores: list[Score], assumptions: Assumptions
) -> dict[str, dict[str, Ability]]:
    evidence = evidence_by_model(scores, assumptions)
    newest = max((e.as_of for parts in evidence.values() for e in parts.values() if e.as_of), default=None)
    found: dict[str, dict[str, Ability]] = {model.id: {} for model in models}
    writing = [
        m
        for m in models
        if generates_text(m) and not m.specialised_for.startswith(("embedding", "moderation"))
    ]
    if not writing:
        return found
    latent = latent_abilities(writing, evidence, assumptions)
    known = standings(writing, evidence, latent.placed, assumptions, newest=newest)
    for model in writing:
        if model.id in known:
            found[model.id] = decoder_abilities(
                model, latent, known[model.id], evidence, assumptions, newest=newest
            )
    return found


def _rounded(tasks: Mapping[str, Ability]) -> dict[str, Ability]:
    return {task: _round(ability) for task, ability in sorted(tasks.items())}


def _round(ability: Ability) -> Ability:
    digits = 1 if ability.unit == "points" else 2 if ability.unit == "mteb" else 3
    low, likely, high = (round(x, digits) for x in (ability.low, ability.likely, ability.high))
    return replace(ability, low=low, likely=likely, high=high)
