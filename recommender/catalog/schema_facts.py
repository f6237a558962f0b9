"""The smallest pieces of the YAML files: facts with a source, and the texts and numbers in them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

T = TypeVar("T")


def listed(value: object) -> object:
    """A list of the YAML as the tuple that frozen objects hold."""
    return tuple(value) if isinstance(value, list) else value


def _keys(value: object) -> object:
    return (value,) if isinstance(value, str) else listed(value)


Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=120)]
ModelId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*$", max_length=120)
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s/]+\S*$", max_length=500)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Moment = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
Names = Annotated[tuple[Name, ...], BeforeValidator(listed)]
Sources = Annotated[tuple[Key, ...], BeforeValidator(_keys), Field(min_length=1)]

Count = Annotated[int, Field(ge=0)]
Year = Annotated[int, Field(ge=1800, le=2100)]
Amount = Annotated[float, Field(ge=0, le=1e15)]
Parameters = Annotated[int, Field(ge=100_000, le=100_000_000_000_000)]
Tokens = Annotated[int, Field(ge=1, le=100_000_000)]
Days = Annotated[float, Field(ge=0, le=36_500)]
Percent = Annotated[float, Field(ge=0, le=100)]
YesNo = Literal["yes", "partial", "no"]
CommercialUse = Literal["yes", "yes-with-conditions", "no", "api-terms", "unknown"]

Kind = Literal["published", "third-party", "measured", "estimate"]
Status = Literal["undisclosed", "not-applicable"]


class Strict(BaseModel):
    """Frozen, no unknown keys, no conversion of types, finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Sourced(Strict):
    """A record whose figures all come from one source, looked at on one day."""

    source: Sources
    as_of: date
    note: Text | None = None


class Fact(Sourced, Generic[T]):
    """One fact: a value, or why there is none; who says so; the day someone looked."""

    value: T | None = None
    status: Status | None = None
    kind: Kind = "published"

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.value is None) == (self.status is None):
            raise PydanticCustomError(
                "one_of",
                "found {found}",
                {
                    "found": "both value and status" if self.status else "neither value nor status",
                    "allowed": "either value or status",
                    "remedy": "Keep one of them; leave the whole key out if nobody has checked.",
                },
            )
        if self.kind == "estimate" and self.value is not None:
            raise _estimate_without_range()
        return self


class Quantity(Sourced, Generic[T]):
    """A number: known, known between two ends (with or without the likeliest), or missing."""

    value: T | None = None
    low: T | None = None
    high: T | None = None
    status: Status | None = None
    kind: Kind = "published"

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        ranged = self.low is not None and self.high is not None
        half = (self.low is None) != (self.high is None)
        known = self.value is not None or ranged
        if half or known == (self.status is not None):
            found = (
                "only one end of a range" if half else "both a figure and a status" if known else "no figure"
            )
            raise PydanticCustomError(
                "one_of",
                "found {found}",
                {
                    "found": found,
                    "allowed": "value, or low and high, or status",
                    "remedy": "Keep one of them; leave the whole key out if nobody has checked.",
                },
            )
        if self.kind == "estimate" and known and not ranged:
            raise _estimate_without_range()
        if ranged:
            self._check_range()
        return self

    def _check_range(self) -> None:
        if self.kind == "published":
            raise PydanticCustomError(
                "range_kind",
                "a range is never published",
                {
                    "found": "a range of kind published",
                    "allowed": "a range with kind estimate, third-party or measured",
                    "remedy": "Say who estimated it, or give the published value.",
                },
            )
        middle = self.value if self.value is not None else self.low
        if not self.low <= middle <= self.high:  # type: ignore[operator]
            raise PydanticCustomError(
                "range_order",
                "ends in the wrong order",
                {
                    "found": f"low {self.low}, value {self.value}, high {self.high}",
                    "allowed": "low <= value <= high",
                    "remedy": "Put the smaller figure into low.",
                },
            )


def _estimate_without_range() -> PydanticCustomError:
    return PydanticCustomError(
        "estimate_range",
        "an estimate needs a range",
        {
            "found": "an estimate without a range",
            "allowed": "an estimate with low and high",
            "remedy": "Add low and high, or change kind.",
        },
    )
