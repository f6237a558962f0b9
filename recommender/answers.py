"""What somebody answered: types, reading, writing. A missing answer never filters.

Empty lists and mappings count as not answered, with one exception: `hardware: []`
(or `[{device: none}]`) says that there is no hardware. null means not answered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, Self

from recommender.answers_fields import BY_NAME, FIELDS, Hardware, plain
from recommender.answers_values import Fault, nearest, read_value, shown

if TYPE_CHECKING:
    from recommender.catalog.types import Catalog

__all__ = ["Answers", "AnswersError", "Fault", "Hardware", "check_against", "read_answers", "resolve"]

LONGEST_TEXT = 262_144  # characters of an answers file
_FAULTS_TOLD = 5


class AnswersError(Exception):
    """The answers cannot be used. The message is one line: a sentence for each fault."""

    def __init__(self, faults: Iterable[Fault] | str) -> None:
        self.faults: tuple[Fault, ...] = () if isinstance(faults, str) else tuple(faults)
        told = [fault.sentence() for fault in self.faults[:_FAULTS_TOLD]]
        if len(self.faults) > _FAULTS_TOLD:
            told.append(f"And {len(self.faults) - _FAULTS_TOLD} more.")
        super().__init__(faults if isinstance(faults, str) else " ".join(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers, checked. None = not answered; lists are tuples, those without an order are sorted.

    Build it with `parse`, which checks and normalises; the plain constructor trusts its caller.
    """

    tasks: tuple[str, ...] | None = None
    labelled_examples: str | None = None
    input_modalities: tuple[str, ...] | None = None
    output_modalities: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    context_tokens: int | None = None
    requests_per_month: int | None = None
    input_tokens_per_request: int | None = None
    output_tokens_per_request: int | None = None
    concurrent_users: int | None = None
    budget_usd_month: float | None = None
    data_boundary: str | None = None
    region: tuple[str, ...] | None = None
    no_training_on_data: bool | None = None
    retention_days_max: int | None = None
    attestations: tuple[str, ...] | None = None
    hardware: tuple[Hardware, ...] | None = None  # () = has none
    min_bits: int | None = None
    decode_tps_min: float | None = None
    ttft_max_s: float | None = None
    openness: str | None = None
    disclosure_min: int | None = None
    commercial_use: bool | None = None
    monthly_active_users: int | None = None
    annual_revenue_usd: float | None = None
    organisation_region: str | None = None
    support: str | None = None
    ops_skill: str | None = None
    fine_tune: str | None = None
    lifetime_months: int | None = None
    several_hosts: bool | None = None
    only_models: tuple[str, ...] | None = None
    not_models: tuple[str, ...] | None = None
    not_developers: tuple[str, ...] | None = None
    not_countries: tuple[str, ...] | None = None
    quality_at_least: str | None = None
    energy: str | None = None
    grid: str | None = None
    weights: Mapping[str, int] | None = None
    weights_within: Mapping[str, int] | None = None
    certainty: str | None = None
    stance: str | None = None
    as_of: date | None = None

    def __hash__(self) -> int:
        """Equal answers have equal hashes; mappings count by their items."""
        return hash(json.dumps(self.to_dict()))

    @classmethod
    def parse(cls, mapping: object) -> Self:
        """The answers of a mapping. Raises AnswersError naming every fault."""
        answers, faults = cls.parse_all(mapping)
        if faults:
            raise AnswersError(faults)
        return answers

    @classmethod
    def parse_all(cls, mapping: object) -> tuple[Self, list[Fault]]:
        """The usable answers of a mapping, and a fault for each one that is not."""
        if not isinstance(mapping, Mapping):
            return cls(), [
                Fault(field="answers", found=shown(mapping), allowed="a mapping of answer keys to values")
            ]
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for key, value in mapping.items():
            spec = BY_NAME.get(key) if isinstance(key, str) else None
            if spec is None:
                faults.append(_unknown_key(key))
                continue
            value, found = read_value(spec, value)
            values[spec.name] = value
            faults += found
        return cls(**values), faults

    def to_dict(self) -> dict[str, Any]:
        """Only the answered keys, as plain JSON types, in the order of the field table."""
        given = ((spec.name, getattr(self, spec.name)) for spec in FIELDS)
        return {name: plain(value) for name, value in given if value is not None}

    def changed(self, **changes: object) -> Self:
        """The same answers with some replaced (None = not answered any more), checked again."""
        return type(self).parse({**self.to_dict(), **changes})


def _unknown_key(key: object) -> Fault:
    hint = nearest(key, BY_NAME) if isinstance(key, str) else ""
    message = hint or "allowed: " + ", ".join(BY_NAME) + "."
    return Fault(
        field=shown(key),
        found="no answer key",
        allowed=", ".join(BY_NAME),
        hint=hint,
        text=f"Unknown answer {shown(key)}: {message}",
    )


def read_answers(text: str, where: str = "answers") -> Answers:
    """The answers of a YAML or JSON text; an empty text answers nothing. Raises AnswersError."""
    if len(text) > LONGEST_TEXT:
        raise AnswersError(f"{where} is {len(text):,} characters long; allowed: at most {LONGEST_TEXT:,}.")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        return Answers()
    return Answers.parse(
        _read_json(text, where) if text.lstrip().startswith("{") else _read_yaml(text, where)
    )


def _read_json(text: str, where: str) -> object:
    """JSON, read as strictly as our YAML; a YAML flow mapping starts with the same brace."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except _Strict as error:
        raise AnswersError(f"{where} {error}") from None
    except (ValueError, RecursionError):
        return _read_yaml(text, where)


class _Strict(Exception):
    """Well-formed JSON that we refuse all the same."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        twice = next(key for index, (key, _) in enumerate(pairs) if key in dict(pairs[:index]))
        raise _Strict(f"has the key {shown(twice)} twice; allowed: each key once.")
    return mapping


def _no_constant(name: str) -> NoReturn:
    raise _Strict(f"holds {name}; allowed: finite numbers.")


def _read_yaml(text: str, where: str) -> object:
    from recommender.catalog.faults import CatalogError  # PyYAML is slow to import, and only files need it
    from recommender.catalog.strict_yaml import parse_yaml

    try:
        return parse_yaml(text.encode("utf-8", "surrogatepass"), name=where)
    except CatalogError as error:
        raise AnswersError(" ".join(str(error).split())) from None


def check_against(answers: Answers, catalog: Catalog) -> list[Fault]:
    """A fault for each id in the answers that the catalog does not know, with the nearest name."""
    return resolve(answers, catalog)[1]


def resolve(answers: Answers, catalog: Catalog) -> tuple[Answers, list[Fault]]:
    """The answers with aliases replaced by ids, and a fault for each id that is unknown.

    An unknown id stays as it is, so that the caller decides whether to go on.
    """
    names = _Names(catalog)
    changes: dict[str, Any] = {
        key: tuple(sorted({names.model(key, name) for name in given}))
        for key in ("only_models", "not_models")
        if (given := getattr(answers, key)) is not None
    }
    if answers.quality_at_least is not None:
        changes["quality_at_least"] = names.model("quality_at_least", answers.quality_at_least)
    if answers.hardware is not None:
        changes["hardware"] = tuple(names.machine(*entry) for entry in enumerate(answers.hardware))
    if answers.grid is not None:
        regions = {code.lower(): code for code in catalog.carbon}
        changes["grid"] = names.known("grid", answers.grid, regions, "a region of data/carbon.yaml")
    for name in answers.not_developers or ():
        names.known("not_developers", name, {key: key for key in catalog.developers}, "a developer id")
    for name in answers.weights_within or ():
        names.criterion(name)
    return replace(answers, **changes), names.faults


class _Names:
    """Looks names up in one catalog and collects those that are unknown."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.faults: list[Fault] = []

    def known(self, field: str, name: str, ids: Mapping[str, str], allowed: str, hint: str = "") -> str:
        """The id that a lower-case name stands for; the name itself, and a fault, if there is none."""
        found = ids.get(name.lower())
        if found is None:
            hint = hint or nearest(name, ids)
            self.faults.append(
                Fault(
                    field=field,
                    found=f"{shown(name)}, which is not in the catalog",
                    allowed=allowed,
                    hint=hint,
                )
            )
        return found or name

    def model(self, field: str, name: str) -> str:
        """The id of a model given by id or alias."""
        if name in self.catalog.models:
            return name
        removed = self.catalog.tombstones.get(name, "")
        ids = {**self.catalog.aliases, **{key: key for key in self.catalog.models}}
        return self.known(field, name, ids, "a model id or alias", f"removed: {removed}" if removed else "")

    def machine(self, index: int, entry: Hardware) -> Hardware:
        """The entry with its device's id."""
        if entry.device is None:
            return entry
        ids = {**self.catalog.device_aliases, **{key: key for key in self.catalog.devices}}
        name = entry.device if entry.device in ids else entry.device.replace(" ", "-")
        return replace(
            entry, device=self.known(f"hardware[{index}].device", name, ids, "a device of data/hardware.yaml")
        )

    def criterion(self, name: str) -> None:
        """Criteria are listed in the vocabulary, as a list of entries with an id or by id."""
        listed = self.catalog.vocabulary.get("criteria") or ()
        listed = listed.get("criteria", listed) if isinstance(listed, Mapping) else listed
        ids = [entry["id"] if isinstance(entry, Mapping) else str(entry) for entry in listed]
        if ids:
            self.known(
                "weights_within", name, {key.lower(): key for key in ids}, "a criterion of data/criteria.yaml"
            )
