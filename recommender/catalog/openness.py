"""How open a model is: whose assessment counts, its index, the second index, the maker's transparency.

Four kinds of assessment are kept apart by `basis`: assessed (an outside index rated this very system),
same-family (it rated a sibling), derived (our ratings of an index's dimensions) and own (our ratings of
eight factual items, each with a link). Nothing here reads files, so that pages may import it.

Own and outside indices are two scales. We note that a thing is published, the European index also how
well. On the 51 open-weight models it rated itself our eight items give a median of 33 points more
(quartiles 25 and 39), on the 11 fully open ones 11 more; the order agrees (r = 0.87). Whoever draws both
marks which is which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the schema needs pydantic, which the pages do without
    from recommender.catalog.schema import FrameworkRecord, ModelFile, OpennessRecord
    from recommender.catalog.types import Model

RATED_MIN = 10
"""An index of somebody else's dimensions is shown only with at least this many rated."""

OWN_RATED_MIN = 5
"""An index of our own eight items is shown only with at least this many rated."""

OWN_NEEDED = ("base_training_data", "training_code")
"""Without these two, every open-weight model would look as open as a fully open one: no own index."""

OWN = "openweigh"
_ASSESSORS = ("european-index", "predecessor-index", "derived", OWN)
_OUTSIDE = ("european-index", "predecessor-index")
_MATCHES = ("same-system", "same-family", "same-family-largest")
_RATING_POINTS = {"open": 1.0, "partial": 0.5, "closed": 0.0}

OPEN_LICENCES = ("apache-2.0", "mit", "cc-by-4.0", "cc-by-sa-4.0", "odc-by-1.0")
"""Licences of the Model Openness Tool's records that let anyone use, change and pass on a component."""

_NEVER_OUT_OF_A_CLOSED_MODEL = (
    "Data preprocessing code",
    "Datasets",
    "Inference code",
    "Model architecture",
    "Model parameters (Final)",
    "Model parameters (Intermediate)",
    "Training code",
)
_DATA = ("Datasets",)
_CODE = ("Training code", "Data preprocessing code")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkIndex:
    """A record of the Model Openness Tool, read by its licence column."""

    record: str
    open: int  # components under an open licence
    listed: int  # components that count
    contradicted: tuple[str, ...] = ()  # listed, but known facts say they were never released: not counted

    @property
    def index(self) -> float | None:
        """0 to 100: share of the listed components that have an open licence."""
        return round(100 * self.open / self.listed, 2) if self.listed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transparency:
    """A developer's points in one edition of the FMTI. Editions are not comparable with each other."""

    edition: int
    score: float  # of `indicators` points
    indicators: int | None = None
    source: str = ""
    as_of: str = ""


def best_assessment(records: tuple[OpennessRecord, ...]) -> OpennessRecord | None:
    """The assessment that says most about this model: outside before ours, same system before family."""

    def distance(record: OpennessRecord) -> tuple[int, int]:
        return _ASSESSORS.index(record.assessor), _MATCHES.index(record.match)

    return min(records, key=distance, default=None)


def basis_of(assessor: str, match: str) -> str:
    """assessed, same-family, derived or own; none of them is ever shown as another."""
    if assessor in _OUTSIDE:
        return "assessed" if match == "same-system" else "same-family"
    return "own" if assessor == OWN else "derived"


def index_of(ratings: Mapping[str, str], *, assessor: str) -> float | None:
    """100 x mean(open 1, partial 0.5, closed 0) over the rated items; None where too little is rated."""
    if assessor == OWN:
        enough = len(ratings) >= OWN_RATED_MIN and all(item in ratings for item in OWN_NEEDED)
    else:
        enough = len(ratings) >= RATED_MIN
    if not enough:
        return None
    return round(100 * sum(_RATING_POINTS[rating] for rating in ratings.values()) / len(ratings), 2)


def openness_core(model: ModelFile) -> dict[str, Any]:
    """`types.Model.openness`: the best assessment with its index, and the framework's index beside it."""
    best = best_assessment(model.openness)
    core: dict[str, Any] = {}
    if best is not None:
        core = {
            "assessor": best.assessor,
            "match": best.match,
            "basis": basis_of(best.assessor, best.match),
            "rated": len(best.ratings),
            "index": index_of(best.ratings, assessor=best.assessor),
            "ratings": dict(sorted(best.ratings.items())),
        }
    if model.mof:
        second = framework_of(model)
        core["mof"] = {
            "record": second.record,
            "index": second.index,
            "open": second.open,
            "listed": second.listed,
            "contradicted": list(second.contradicted),
        }
    return core


def framework_of(model: ModelFile) -> FrameworkIndex:
    """The index of the model's first record of the Model Openness Tool, held against its own facts."""
    return mof_index(
        model.mof[0],
        kind=model.kind.value,
        open_data=model.open_data.value if model.open_data else None,
        open_training_code=model.open_training_code.value if model.open_training_code else None,
    )


def mof_index(
    record: FrameworkRecord,
    *,
    kind: str | None,
    open_data: str | None = None,
    open_training_code: str | None = None,
) -> FrameworkIndex:
    """Components with an open licence among those listed; what known facts contradict does not count.

    A closed model's weights, architecture, data and code were never released, whatever licence the
    record gives them; nor were the data or code that the catalog knows to be unpublished.
    """
    unreleased = set(_NEVER_OUT_OF_A_CLOSED_MODEL) if kind == "closed" else set()
    claimed = {name for name, licence in record.components.items() if is_open_licence(licence)}
    if open_data == "no":
        unreleased |= claimed.intersection(_DATA)
    if open_training_code == "no":
        unreleased |= claimed.intersection(_CODE)
    counted = set(record.components) - unreleased
    return FrameworkIndex(
        record=record.record,
        open=len(counted & claimed),
        listed=len(counted),
        contradicted=tuple(sorted(unreleased.intersection(record.components))),
    )


def is_open_licence(licence: str) -> bool:
    """Whether the licence column names an open licence; "unlicensed" and vendor terms are not."""
    return licence.lower().removesuffix(" license").strip().replace(" ", "-") in OPEN_LICENCES


def disagreement(model: Model) -> float | None:
    """Points by which the first index lies above the framework's; None where one of the two is missing."""
    first = model.openness.get("index")
    second = model.openness.get("mof", {}).get("index")
    return None if first is None or second is None else round(float(first) - float(second), 2)


def transparency_of(details: Mapping[str, Any], developer: str) -> tuple[Transparency, ...]:
    """The developer's FMTI points, the newest edition first; `details` are those of a snapshot."""
    entries = details["developers"].get(developer, {}).get("transparency", ())
    found = [
        Transparency(
            edition=int(entry["edition"]),
            score=float(entry["score"]),
            indicators=entry.get("indicators"),
            source=_first(entry["source"]),
            as_of=str(entry["as_of"]),
        )
        for entry in entries
        if entry["index"] == "fmti"
    ]
    return tuple(sorted(found, key=lambda each: -each.edition))


def _first(source: Any) -> str:
    return str(source if isinstance(source, str) else source[0])
