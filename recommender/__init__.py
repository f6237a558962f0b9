"""Openweigh: which language model fits, why, why not the others, and where every number comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from recommender.answers import Answers, AnswersError, resolve
from recommender.catalog.snapshot import load_catalog
from recommender.catalog.types import Catalog
from recommender.decide.recommend import effect_of, recommendation
from recommender.decide.result import Effect, Recommendation
from recommender.share.link import LinkError, encode

__all__ = [
    "Answers", "AnswersError", "Catalog", "Effect", "Recommendation",
    "effect_of", "load_catalog", "recommend",
]  # fmt: skip


def recommend(answers: Answers | Mapping[str, object], *, catalog: Catalog | None = None) -> Recommendation:
    """The recommendation for these answers, with the link that shows it again.

    `answers` may be a plain mapping (keys of the README); raises AnswersError naming each fault,
    unknown models and devices included.
    `catalog` defaults to the newest snapshot.
    """
    checked = answers if isinstance(answers, Answers) else Answers.parse(answers)
    known = catalog or load_catalog()
    resolved, faults = resolve(checked, known)
    if faults:
        raise AnswersError(faults)
    made = recommendation(resolved, known)
    try:
        link = encode(resolved, catalog_version=known.version)
    except LinkError:  # more answers than a link holds: the result stands without one
        return made
    return replace(made, link=link)
