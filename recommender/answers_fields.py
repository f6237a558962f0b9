"""What each answer may hold: one table that parsing, the link codec and the documentation read.

Bounds are sanity limits (a slipped key, not an opinion): wide enough for any real
organisation, narrow enough that no later sum overflows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

TASKS = ("chat", "writing", "summarisation", "rag", "coding", "code-completion", "agents", "reasoning",
         "extraction", "classification", "embedding", "translation", "moderation")  # fmt: skip
MODALITIES = ("text", "image", "audio", "video")
REGIONS = ("eu", "us", "uk", "ch", "ca", "cn", "sg", "in", "jp", "au", "apac")
ATTESTATIONS = ("soc2", "iso27001", "hipaa", "gdpr-dpa", "fedramp", "iso42001", "pci", "c5")
MEMORY_KINDS = ("vram", "unified", "ram")
GROUPS = ("quality", "economy", "control", "assurance")


class Kind(StrEnum):
    """How a value is read, written and put into a link."""

    ENUM = "enum"
    LIST = "list"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXT = "text"
    HARDWARE = "hardware"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A pattern that free text has to match, after its letter case has been settled."""

    name: str  # "a model id, such as openai/gpt-4"
    pattern: re.Pattern[str]
    case: str = "lower"  # lower, upper, keep, grid


_ID = r"[a-z0-9][a-z0-9._-]*"
# Wider than ids: aliases such as llama3.1:8b or "NVIDIA GeForce RTX 4090" are answers too, until resolved.
MODEL = Form(
    name="a model id, such as openai/gpt-4", pattern=re.compile(r"[a-z0-9@](?:[a-z0-9@:._/ -]*[a-z0-9:._-])?")
)
DEVELOPER = Form(name="a developer id, such as mistral", pattern=re.compile(_ID))
# In a link vram24 is a card of 24 GB, so no device may be called that; 1x24gb is a slip for it.
_DEVICE = r"(?!(?:vram|unified|ram|memory)(?:[0-9]|$)|[0-9]+x[0-9])[a-z0-9][a-z0-9 ._()/-]*(?<! )"
DEVICE = Form(name="a device id, such as rtx-4090, or none", pattern=re.compile(_DEVICE))
LANGUAGE = Form(name="a language code of two or three lower-case letters, such as de",
                pattern=re.compile(r"[a-z]{2,3}"), case="keep")  # fmt: skip
COUNTRY = Form(
    name="a country code of two letters, such as CN", pattern=re.compile(r"[A-Z]{2}"), case="upper"
)
AREA = Form(name="a region or country code, such as eu or us", pattern=re.compile(r"[a-z]{2,4}"))
GRID = Form(name="a region code of data/carbon.yaml, such as DEU",
            pattern=re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{1,39}"), case="grid")  # fmt: skip
CRITERION = Form(name="a criterion id, such as C02", pattern=re.compile(r"C[0-9]{2}"), case="upper")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One answer: its key, its key in a link, and the values it may have."""

    name: str
    link: str
    kind: Kind
    options: tuple[str | int, ...] = ()  # closed set: of the value, of the items, or of the keys of a mapping
    form: Form | None = None  # open set: what the text, the items, or the keys look like
    low: float = 0
    high: float = 0
    step: int = 1  # of the values of a mapping
    ordered: bool = False  # a list whose order means something; the others are sorted
    case: str = "keep"  # "lower": options may be typed in capitals
    longest: int = 60  # items in a list

    def allowed(self) -> str:
        """The allowed values in words, the same in every message and in the documentation."""
        several = self.form.name if self.form else ", ".join(map(str, self.options))
        match self.kind:
            case Kind.ENUM:
                return f"one of {several}"
            case Kind.LIST:
                return f"a list of {several}" if self.options else f"a list, each {several}"
            case Kind.INTEGER:
                return f"a whole number from {self.low:,.0f} to {self.high:,.0f}"
            case Kind.NUMBER:
                return f"a number from {self.low:,g} to {self.high:,.0f}"
            case Kind.BOOLEAN:
                return "true or false"
            case Kind.DATE:
                return f"a date written YYYY-MM-DD, from {FIRST_DAY} to {LAST_DAY}"
            case Kind.TEXT:
                return several
            case Kind.HARDWARE:
                return "a list of {device, memory_gb, memory_kind, count, ram_gb}; [] means no hardware"
        return f"a mapping from {several} to {'tens' if self.step == 10 else 'whole numbers'} from 0 to 100"


FIRST_DAY = date(2018, 10, 1)
LAST_DAY = date(2099, 12, 31)


def _enum(name: str, link: str, *options: str | int) -> FieldSpec:
    return FieldSpec(name=name, link=link, kind=Kind.ENUM, options=options)


def _int(name: str, link: str, low: int, high: int) -> FieldSpec:
    return FieldSpec(name=name, link=link, kind=Kind.INTEGER, low=low, high=high)


def _number(name: str, link: str, low: float, high: float) -> FieldSpec:
    return FieldSpec(name=name, link=link, kind=Kind.NUMBER, low=low, high=high)


def _bool(name: str, link: str) -> FieldSpec:
    return FieldSpec(name=name, link=link, kind=Kind.BOOLEAN)


def _some(
    name: str, link: str, options: tuple[str, ...], *, ordered: bool = False, case: str = "keep"
) -> FieldSpec:
    return FieldSpec(name=name, link=link, kind=Kind.LIST, options=options, ordered=ordered, case=case)


def _many(name: str, link: str, form: Form, longest: int = 60) -> FieldSpec:
    return FieldSpec(name=name, link=link, kind=Kind.LIST, form=form, longest=longest)


def _text(name: str, link: str, form: Form) -> FieldSpec:
    return FieldSpec(name=name, link=link, kind=Kind.TEXT, form=form)


FIELDS: tuple[FieldSpec, ...] = (  # the order here is the canonical order, in to_dict and in links
    _some("tasks", "use", TASKS, ordered=True),
    _enum("labelled_examples", "lab", "none", "hundreds", "thousands"),
    _some("input_modalities", "in", MODALITIES),
    _some("output_modalities", "out", MODALITIES),
    _many("languages", "lang", LANGUAGE),
    _int("context_tokens", "ctx", 1, 100_000_000),
    _int("requests_per_month", "req", 0, 10_000_000_000),
    _int("input_tokens_per_request", "tin", 0, 100_000_000),
    _int("output_tokens_per_request", "tout", 0, 10_000_000),
    _int("concurrent_users", "usr", 1, 100_000_000),
    _number("budget_usd_month", "bud", 0, 1e12),
    _enum("data_boundary", "where", "anywhere", "region", "own-cloud", "own-machines", "offline"),
    _some("region", "reg", REGIONS, case="lower"),
    _bool("no_training_on_data", "nt"),
    _int("retention_days_max", "ret", 0, 36_500),
    _some("attestations", "att", ATTESTATIONS, case="lower"),
    FieldSpec(name="hardware", link="hw", kind=Kind.HARDWARE, longest=20),
    _enum("min_bits", "bits", 16, 8, 4, 3, 2),
    _number("decode_tps_min", "tps", 0, 1e6),
    _number("ttft_max_s", "ttft", 0.001, 1e6),
    _enum("openness", "open", "any", "weights", "commercial", "permissive", "fully-open"),
    _int("disclosure_min", "dis", 0, 10),
    _bool("commercial_use", "com"),
    _int("monthly_active_users", "mau", 0, 10_000_000_000),
    _number("annual_revenue_usd", "rev", 0, 1e13),
    _text("organisation_region", "org", AREA),
    _enum("support", "sup", "none", "community", "vendor", "sla"),
    _enum("ops_skill", "ops", "none", "some", "expert"),
    _enum("fine_tune", "ft", "no", "wanted", "must"),
    _int("lifetime_months", "life", 0, 600),
    _bool("several_hosts", "sev"),
    _many("only_models", "only", MODEL, 500),
    _many("not_models", "not", MODEL, 500),
    _many("not_developers", "nodev", DEVELOPER, 200),
    _many("not_countries", "noco", COUNTRY, 250),
    _text("quality_at_least", "like", MODEL),
    _enum("energy", "en", "no", "some", "much"),
    _text("grid", "grid", GRID),
    FieldSpec(name="weights", link="w", kind=Kind.MAPPING, options=GROUPS, high=100, step=10),
    FieldSpec(name="weights_within", link="wi", kind=Kind.MAPPING, form=CRITERION, high=100),
    _enum("certainty", "sure", "sure", "fairly", "unsure", "none"),
    _enum("stance", "st", "cautious", "typical"),
    FieldSpec(name="as_of", link="asof", kind=Kind.DATE),
)
BY_NAME: Mapping[str, FieldSpec] = {spec.name: spec for spec in FIELDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """One kind of machine or card that is at hand, `count` times.

    Either `device` or `memory_gb` is given (GB = 10^9 bytes; of one card); both means that
    memory_gb overrides the device's own. ram_gb is the main memory beside a card.
    """

    device: str | None = None
    memory_gb: float | None = None
    memory_kind: str | None = None  # vram, unified, ram; None = not said
    count: int = 1
    ram_gb: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The given keys as plain JSON values; a count of one is left out."""
        given = {field.name: plain(getattr(self, field.name)) for field in fields(self)}
        return {
            key: value for key, value in given.items() if value is not None and (key, value) != ("count", 1)
        }


def plain(value: Any) -> Any:
    """A value as plain JSON types; 500.0 becomes 500."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, tuple):
        return [item.to_dict() if isinstance(item, Hardware) else item for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value
