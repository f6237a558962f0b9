"""The models of a catalog as rows: what tables, charts and downloads show. No words, no drawing.

Classes are computed by the engine, so callers pass them in (model id -> class).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from statistics import median
from typing import Any

from recommender.catalog.history import available_on, price_on
from recommender.catalog.types import Ability, Catalog, Missing, Model, ModelClass, Offer, Range

Classes = Mapping[str, ModelClass | None]

_INPUT_SHARE, _OUTPUT_SHARE = 3, 1
"""Tokens in and out of the blended price: three in for one out, the usual ratio of price lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """What a million tokens cost, three in for one out, in US dollars."""

    usd_per_mtok: float
    first_party: bool  # else the median over the hosts
    hosts: int  # offers behind the figure
    source: str
    as_of: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One model as a line of a table or a point of a chart. `missing` says why a field is None."""

    id: str
    name: str
    developer: str  # id
    developer_name: str
    model_class: ModelClass | None  # None: nobody knows whether its weights can be had
    family: str
    parameters_total: int | None
    parameters_active: int | None  # of mixtures of experts
    parameters_estimate: Range | None  # published outside estimate of an undisclosed size
    context_tokens: int | None
    licence: str | None  # id
    licence_name: str | None
    licence_kind: str  # permissive, conditions, non-commercial, api-terms, unchecked
    openness: float | None  # 0 to 100, only with enough rated dimensions
    openness_basis: str | None  # assessed, same-family, derived: one scale; own: another
    dimensions_rated: int
    assessor: str | None
    match: str | None  # same-system, same-family, same-family-largest
    ability: Ability | None
    released: date
    status: str
    ends: date | None
    price: PriceRow | None
    aliases: tuple[str, ...]
    missing: Mapping[str, Missing]
    sources: Mapping[str, tuple[str, str]]  # field -> (source key, day)

    @property
    def openness_scale(self) -> str | None:
        """Whose scale the index is on: `outside` (an index's dimensions), `own` (our eight items)."""
        if self.openness is None:
            return None
        return "own" if self.openness_basis == "own" else "outside"


def rows(catalog: Catalog, classes: Classes) -> tuple[Row, ...]:
    """Every model of the catalog, the newest first; of one day by id."""
    offers = _offers(catalog)
    made = [
        _row(model, catalog, classes.get(model.id), offers.get(model.id, ()))
        for model in catalog.models.values()
    ]
    return tuple(sorted(made, key=lambda row: (-row.released.toordinal(), row.id)))


def _offers(catalog: Catalog) -> Mapping[str, tuple[Offer, ...]]:
    found: dict[str, tuple[Offer, ...]] = {}
    for offer in catalog.offers:
        found[offer.model] = (*found.get(offer.model, ()), offer)
    return found


def _row(model: Model, catalog: Catalog, model_class: ModelClass | None, offers: Sequence[Offer]) -> Row:
    known = model.openness.get("index")
    licence = None if model.licence == "unknown" else model.licence
    here = available_on(model, catalog.date)
    price = blended_price(offers, catalog) if here else None
    return Row(
        id=model.id,
        name=model.name,
        developer=model.developer,
        developer_name=_name(catalog.developers, model.developer),
        model_class=model_class,
        family=model.family,
        parameters_total=model.parameters_total,
        parameters_active=model.parameters_active,
        parameters_estimate=model.parameters_estimate if model.parameters_total is None else None,
        context_tokens=model.context_tokens,
        licence=licence,
        licence_name=_name(catalog.licences, licence) if licence else None,
        licence_kind=licence_kind(model, catalog),
        openness=float(known) if known is not None else None,
        openness_basis=model.openness.get("basis"),
        dimensions_rated=int(model.openness.get("rated", 0)),
        assessor=model.openness.get("assessor"),
        match=model.openness.get("match"),
        ability=model.ability.get("general"),
        released=model.released,
        status=model.status,
        ends=model.ends,
        price=price,
        aliases=model.aliases,
        missing=_missing(model, price, here),
        sources=model.sources,
    )


def _name(known: Mapping[str, Any], key: str) -> str:
    entry = known.get(key)
    return str(entry.name) if entry else key


def _missing(model: Model, price: PriceRow | None, here: bool) -> Mapping[str, Missing]:
    """Why each empty field of a row is empty; the three kinds are never merged."""
    empty = {
        "parameters_total": model.parameters_total is None,
        "parameters_active": model.parameters_active is None,
        "context_tokens": model.context_tokens is None,
        "licence": model.licence == "unknown",
        "openness": model.openness.get("index") is None,
        "ability": "general" not in model.ability,
        "price": price is None,
    }
    kinds = {
        field: Missing(model.missing.get(field, Missing.UNCHECKED)) for field, gone in empty.items() if gone
    }
    if price is None and not here:
        kinds["price"] = Missing.NOT_APPLICABLE
    return kinds


def licence_kind(model: Model, catalog: Catalog) -> str:
    """What a licence allows: permissive, conditions, non-commercial, api-terms, or unchecked."""
    if model.kind == "closed" or model.commercial_use == "api-terms":
        return "api-terms"
    if model.commercial_use == "no":
        return "non-commercial"
    if model.commercial_use == "unknown":
        return "unchecked"
    terms = catalog.licences.get(model.licence)
    return "permissive" if model.commercial_use == "yes" and terms and terms.permissive else "conditions"


LICENCE_KINDS = ("permissive", "conditions", "non-commercial", "api-terms", "unchecked")


def blended_price(offers: Iterable[Offer], catalog: Catalog) -> PriceRow | None:
    """First-party price on the catalog's day, else the median over hosts; None where nobody lists one.

    Offers that ended, that were marked as outliers, or that are free of charge are left out, as in the
    ranking; so are prices that were not in force yet.
    """
    found = [
        (offer, price, blended)
        for offer in offers
        if not (offer.ended or offer.outlier or offer.free)
        for price, later in [price_on(offer, catalog.date) or (None, True)]
        if price is not None and not later
        for blended in [_blend(price.input_usd_per_mtok, price.output_usd_per_mtok)]
        if blended is not None and blended > 0
    ]
    own = [entry for entry in found if entry[0].first_party]
    used = sorted(own or found, key=lambda entry: (entry[2], entry[0].provider))
    if not used:
        return None
    # The source named is that of the middle offer: the one whose price is shown, or the nearest below.
    _, middle, _ = used[(len(used) - 1) // 2]
    return PriceRow(
        usd_per_mtok=median(blended for _, _, blended in used),
        first_party=bool(own),
        hosts=len(used),
        source=middle.source,
        as_of=middle.as_of,
    )


def _blend(paid_in: float, paid_out: float | None) -> float | None:
    """Three tokens in for one out; a model without an output price (embeddings) costs its input price."""
    if paid_out is None:
        return paid_in
    return (_INPUT_SHARE * paid_in + _OUTPUT_SHARE * paid_out) / (_INPUT_SHARE + _OUTPUT_SHARE)


def search(rows: Iterable[Row], text: str) -> tuple[Row, ...]:
    """Rows in which every word of `text` occurs: in the id, name, developer, family or an alias."""
    words = [_folded(word) for word in text.split()]
    return tuple(row for row in rows if all(word in _searchable(row) for word in words))


def _folded(text: str) -> str:
    """Lower case without the signs that spellings differ in: GPT-4o = gpt 4o = gpt4o."""
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign in "./")


@cache
def _folded_once(text: str) -> str:
    return _folded(text)


def _searchable(row: Row) -> str:
    parts = (row.id, row.name, row.developer_name, row.family, *row.aliases)
    return "\n".join(_folded_once(part) for part in parts)


def resolve(catalog: Catalog, text: str) -> str | None:
    """The id behind an id or an alias, whatever its letter case; None where there is none."""
    wanted = text.strip()
    if wanted in catalog.models:
        return wanted
    lower = wanted.lower()
    return lower if lower in catalog.models else catalog.aliases.get(lower)


NEAREST = 5


def nearest(catalog: Catalog, text: str) -> tuple[str, ...]:
    """Ids of the models whose id, name or alias looks most like `text`, the likest first."""
    names = dict(catalog.aliases)
    for key, model in catalog.models.items():
        names |= {key: key, key.rpartition("/")[2]: key, model.name.lower(): key}
    close = get_close_matches(text.strip().lower()[:80], names, n=NEAREST * 4, cutoff=0.5)
    return tuple(dict.fromkeys(names[name] for name in close))[:NEAREST]


COVERED = ("parameters_total", "context_tokens", "licence", "openness", "ability", "price")


def coverage(rows: Sequence[Row]) -> Mapping[str, Mapping[str, int]]:
    """Field -> how many rows have it (`known`), and how many lack it for each of the three reasons."""
    counted = {}
    for field in COVERED:
        kinds = Counter(str(row.missing.get(field, "known")) for row in rows)
        counted[field] = {kind: kinds[kind] for kind in ("known", *map(str, Missing))}
    return counted


def plain_row(row: Row) -> Mapping[str, Any]:
    """A row as plain values, one per column of a download; empty cells say why they are empty."""
    ability, price, guess = row.ability, row.price, row.parameters_estimate

    def cell(field: str, value: Any) -> Any:
        return str(row.missing[field]) if value is None and field in row.missing else value

    return {
        "id": row.id,
        "name": row.name,
        "developer": row.developer_name,
        "class": str(row.model_class) if row.model_class else str(Missing.UNCHECKED),
        "parameters_total": cell("parameters_total", row.parameters_total),
        "parameters_active": cell("parameters_active", row.parameters_active),
        "parameters_estimate_low": guess.low if guess else None,
        "parameters_estimate_high": guess.high if guess else None,
        "context_tokens": cell("context_tokens", row.context_tokens),
        "licence": cell("licence", row.licence),
        "openness_index": cell("openness", row.openness),
        "openness_basis": row.openness_basis,
        "openness_dimensions_rated": row.dimensions_rated,
        "openness_assessor": row.assessor,
        "openness_match": row.match,
        "ability_points": cell("ability", ability.likely if ability else None),
        "ability_low": ability.low if ability else None,
        "ability_high": ability.high if ability else None,
        "ability_grade": ability.grade if ability else None,
        "released": row.released.isoformat(),
        "status": row.status,
        "ends": row.ends.isoformat() if row.ends else None,
        "price_blended_usd_per_mtok": cell("price", price.usd_per_mtok if price else None),
        "price_basis": ("first-party" if price.first_party else "median of hosts") if price else None,
        "price_as_of": price.as_of.isoformat() if price and price.as_of else None,
    }


UNITS: Mapping[str, str] = {
    "parameters_total": "parameters",
    "parameters_active": "parameters used for one token",
    "parameters_estimate_low": "parameters, published guess from outside",
    "parameters_estimate_high": "parameters, published guess from outside",
    "context_tokens": "tokens",
    "openness_index": "0 to 100, mean over the rated dimensions; basis own is another scale than the rest",
    "openness_dimensions_rated": "dimensions",
    "ability_points": "points of the arena text scale",
    "ability_low": "points of the arena text scale",
    "ability_high": "points of the arena text scale",
    "ability_grade": "A to D, A the surest",
    "price_blended_usd_per_mtok": "US dollars per million tokens, three in for one out",
}


def to_csv(rows: Sequence[Row]) -> str:
    """The rows as CSV (RFC 4180, UTF-8), one line per model under a header of column names."""
    written = io.StringIO()
    columns = list(plain_row(rows[0])) if rows else []
    writer = csv.DictWriter(written, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: harmless(value) for key, value in plain_row(row).items()} for row in rows)
    return written.getvalue()


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would read as a formula starts with an apostrophe instead."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def metadata(catalog: Catalog, rows: Sequence[Row], *, selection: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a download is: catalog, day, what was selected, units, licence."""
    return {
        "title": "Openweigh catalogue, selected models",
        "catalog_version": catalog.version,
        "catalog_date": catalog.date.isoformat(),
        "models": len(rows),
        "models_in_catalog": len(catalog.models),
        "selection": dict(selection),
        "units": dict(UNITS),
        "empty_cells": {
            "undisclosed": "the developer could say and does not",
            "not-applicable": "the question does not arise",
            "unchecked": "nobody has looked yet",
        },
        "licence": "CC-BY-4.0",
        "licence_note": "Single facts are their sources' own; see data/LICENSE.md and data/sources.yaml.",
    }
