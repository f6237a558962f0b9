"""What the licence of a model's weights means for the reader, in words: why it bars, what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recommender import words
from recommender.catalog.licences import Verdict, licence_of
from recommender.catalog.types import Licence, Model
from recommender.decide.describe import model_of, strings
from recommender.decide.engine import Evaluation
from recommender.decide.facets import licence_verdict
from recommender.decide.ways import API

COLUMN = "licence_covers_you"
_ANSWERS = {
    "commercial_use": "commercial_use",
    "monthly_active_users_max": "monthly_active_users",
    "annual_revenue_usd_max": "annual_revenue_usd",
    "regions_excluded": "organisation_region",
}
Made = Iterator[tuple[str, dict[str, object]]]


def licence(evaluation: Evaluation, model: Model) -> Licence:
    """The licence of a model's weights."""
    return licence_of(model, evaluation.table.catalog.licences)


def decided(evaluation: Evaluation, model: Model) -> Verdict:
    """Whether that licence covers the reader, and by which term."""
    return licence_verdict(model, evaluation.table.catalog.licences, evaluation.situation.given)


def found_and_answer(evaluation: Evaluation, model: Model) -> tuple[Any, Any]:
    """What the deciding term says, and the answer it was held against."""
    term = decided(evaluation, model).term or "commercial_use"
    return getattr(licence(evaluation, model), term), evaluation.situation.given.get(_ANSWERS[term])


def term_source(evaluation: Evaluation, model: Model) -> tuple[str, str] | None:
    """Source and day of the deciding term; of the model's licence where nobody has checked the term."""
    term = decided(evaluation, model).term
    return licence(evaluation, model).sources.get(term) or model.sources.get("licence")


def reason_words(evaluation: Evaluation, model: Model) -> dict[str, str]:
    """What the licence does not allow, or what nobody has checked in it, and where its text says so."""
    say, verdict = strings(evaluation), decided(evaluation, model)
    if verdict.covered is True:
        return {}
    terms = licence(evaluation, model)
    limit, answer = found_and_answer(evaluation, model)
    kind = "open" if verdict.covered is None else "no"
    if kind == "no" and terms.applies_to.get(verdict.term) == "multimodal":
        kind = "no.multimodal"
    text = words.say(say, f"licence.{kind}.{verdict.term}", limit=limit, place=_place(say, answer))
    return {"licence_term": text, "licence_clause": _at(verdict.clause)}


def licence_caveats(evaluation: Evaluation, row: int) -> Made:
    """What to know of a licence before running its model oneself; nothing where a host answers for it."""
    if evaluation.ways.rows.kind[row] == API:
        return
    model, given = model_of(evaluation, row), evaluation.situation.given
    terms = licence(evaluation, model)
    named: dict[str, object] = {"model": model.name, "licence": terms.name}
    if model.commercial_use == "no" and "commercial_use" not in given:
        yield "caveat.licence_commercial", named
    if model.commercial_use == "yes-with-conditions":
        yield "caveat.licence_limits", named
    if given.get("commercial_use") is not False:
        yield from _open_limits(evaluation, model, terms, named)
    yield from _attribution(terms, named, given)


def _open_limits(evaluation: Evaluation, model: Model, terms: Licence, named: dict[str, object]) -> Made:
    """Limits that were not tested because the reader did not say how large the organisation is or where."""
    given, say = evaluation.situation.given, strings(evaluation)
    for term, caveat in (("monthly_active_users_max", "users"), ("annual_revenue_usd_max", "revenue")):
        limit = getattr(terms, term)
        if limit is not None and _ANSWERS[term] not in given:
            yield f"licence.caveat.{caveat}", {**named, "limit": limit, "clause": _clause(terms, term)}
    excluded = terms.regions_excluded
    if not excluded or "organisation_region" in given:
        return
    there = licence_verdict(model, {terms.id: terms}, {"organisation_region": excluded[0]})
    if there.covered is not True:
        places = [_place(say, code) for code in excluded]
        clause = _clause(terms, "regions_excluded")
        yield "licence.caveat.region", {**named, "places": places, "clause": clause}


def _attribution(terms: Licence, named: dict[str, object], given: Mapping[str, Any]) -> Made:
    """A name to be shown to users; left out where the organisation is said to be below the threshold."""
    if terms.attribution_required != "display":
        return
    shown = {**named, "shown": terms.attribution_shown, "clause": _clause(terms, "attribution_required")}
    users, revenue = terms.attribution_above_users, terms.attribution_above_revenue_usd
    if users is None or revenue is None:
        yield "licence.caveat.attribution", shown
        return
    below = given.get("monthly_active_users", users + 1) <= users
    below &= given.get("annual_revenue_usd", revenue + 1) <= revenue
    if not below and given.get("commercial_use") is not False:
        yield "licence.caveat.attribution_above", {**shown, "users": users, "revenue": revenue}


def _clause(terms: Licence, term: str) -> str:
    return _at(terms.clauses.get(term, ""))


def _at(clause: str) -> str:
    return f" ({clause})" if clause else ""


def _place(say: Mapping[str, str], code: Any) -> str:
    """A region code in words; a country without words by its code."""
    known = (f"region.{code}", f"licence.place.{code}")
    return next((say[key] for key in known if key in say), str(code).upper())
