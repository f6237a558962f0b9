"""What the engine answers, as plain frozen objects that turn into JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

SCHEMA_VERSION = 1
ENGINE_VERSION = "2026.11.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of running a model. Memory in GB (10^9 bytes), cost in US dollars a month."""

    kind: str  # api, rented, own
    text: str
    provider: str | None = None
    device: str | None = None
    machine: str | None = None
    quantisation: str | None = None
    count: int | None = None
    memory_gb: Mapping[str, float] | None = None  # weights, kv_cache, overhead, total, low, high, usable
    decode_tps: Mapping[str, float] | None = None  # low, likely, high
    ttft_s: float | None = None
    monthly_cost_usd: Mapping[str, float] | None = None  # low, likely, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one criterion, or one deduction, adds to a score. `points` of all rows sum to the score."""

    criterion: str
    name: str
    group: str
    raw: float | None
    unit: str
    value: float | None
    weight: float
    points: float
    state: str  # known, estimated, undisclosed, unchecked, not-applicable, not-yet-measured
    source: str | None
    as_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with the id it was made from."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One rule a way breaks: what was found, what is required, and where the fact comes from."""

    rule: str
    title: str
    reason: str
    found: Any
    required: Any
    unknown: bool
    source: str | None
    as_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherWay:
    """A further way of a model: its score where it passes, else the rules it breaks."""

    way: Way
    admitted: bool
    score: float
    failed: tuple[Failure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A model in its best admitted way."""

    model: str
    name: str
    developer: str
    model_class: str
    parameters_total: int | None
    way: Way
    rank: int
    tied_with: tuple[str, ...]
    score: float
    floor: float
    ceiling: float
    contributions: tuple[Contribution, ...]
    monthly_cost_usd: Mapping[str, float] | None
    p_first: float | None
    p_top3: float | None
    flagged: bool
    caveats: tuple[Sentence, ...]
    good_for: tuple[str, ...]
    poor_for: tuple[str, ...]
    other_ways: tuple[OtherWay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A model that the limits took out, by the way that breaks the fewest of them."""

    model: str
    name: str
    model_class: str | None
    way: Way
    failed: tuple[Failure, ...]
    near_miss: bool
    would_rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """One single change of an answer and how many models it brings back."""

    answer: str
    before: Any
    after: Any  # None = leave the question open
    readmits: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """How many models one answer takes out on its own."""

    answer: str
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the answers do to the catalog: models left by class, and removals by single answers."""

    left: Mapping[str, int]
    removals: tuple[Removal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The answer to a reader's situation."""

    schema_version: int = SCHEMA_VERSION
    engine_version: str = ENGINE_VERSION
    catalog_version: str
    as_of: date
    answers: Mapping[str, Any]
    link: str | None = None  # None where the answers are too many for a link
    status: str  # ok, nothing-qualifies, no-data
    ranking: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]
    counterfactuals: tuple[Any, ...] = ()
    robustness: Mapping[str, Any] | None = None
    relax: tuple[Relaxation, ...] = ()
    conflicts: tuple[Any, ...] = ()
    pareto: Mapping[str, Any] | None = None
    data_quality: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[Sentence, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the `recommend` command."""
        made = plain(self)
        assert isinstance(made, dict)
        return made

    @property
    def best(self) -> Ranked | None:
        """The first of the ranking."""
        return self.ranking[0] if self.ranking else None

    def best_of(self, model_class: str) -> Ranked | None:
        """The best of one class."""
        return next((row for row in self.ranking if row.model_class == model_class), None)


_RENAMED = {"model_class": "class", "before": "from", "after": "to"}


def plain(value: Any) -> Any:
    """Frozen objects as plain JSON types; field names as the JSON has them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            _RENAMED.get(each.name, each.name): plain(getattr(value, each.name)) for each in fields(value)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return [plain(part) for part in value]
    return value
