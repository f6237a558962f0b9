"""What a provider file may say: `data/offers/<provider>.yaml`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from recommender.catalog.schema_facts import (
    Country,
    Days,
    Fact,
    ModelId,
    Name,
    Percent,
    Quantity,
    Sourced,
    Strict,
    Text,
    Tokens,
    YesNo,
    listed,
)

ProviderKind = Literal["first-party", "cloud", "host", "router"]
Region = Literal["eu", "us", "uk", "ch", "ca", "cn", "sg", "in", "jp", "au", "apac"]
Attestation = Literal["soc2", "iso27001", "hipaa", "gdpr-dpa", "fedramp", "iso42001", "pci", "c5"]
DateBasis = Literal["exact", "announced", "package-snapshots", "exact-end", "current-list"]
ZeroRetention = Literal["self-serve", "by-approval", "none"]
Sla = Literal["published", "contract", "none"]
Support = Literal["community", "vendor"]
UsdPerMtok = Annotated[float, Field(ge=0, le=10_000)]
Seats = Annotated[tuple[Country, ...], BeforeValidator(listed), Field(min_length=1)]
Regions = Annotated[tuple[Region, ...], BeforeValidator(listed)]


class PriceRecord(Sourced):
    """A price during one period, in US dollars per million tokens."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    input_usd_per_mtok: UsdPerMtok | None = None
    output_usd_per_mtok: UsdPerMtok | None = None
    cached_input_usd_per_mtok: UsdPerMtok | None = None
    batch_input_usd_per_mtok: UsdPerMtok | None = None
    batch_output_usd_per_mtok: UsdPerMtok | None = None
    long_context_threshold_tokens: Tokens | None = None
    long_context_input_usd_per_mtok: UsdPerMtok | None = None
    long_context_output_usd_per_mtok: UsdPerMtok | None = None
    precedence: Annotated[int, Field(ge=1, le=9)] = 9
    date_basis: DateBasis
    unusable: bool = False
    cross_check: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise PydanticCustomError(
                "period",
                "ends before it starts",
                {
                    "found": f"a period from {self.from_} to {self.to}",
                    "allowed": "from <= to",
                    "remedy": "Swap or correct the dates.",
                },
            )
        return self


class OfferRecord(Strict):
    """A model served by this provider."""

    model: ModelId
    name: Name
    relation: Literal["first-party", "host"]
    context_tokens: Quantity[Tokens] | None = (
        None  # where the offer takes less, or more, than the model's window
    )
    # Where this model is under other terms than the provider's.
    regions: Fact[Regions] | None = None
    sla: Fact[Literal["published", "contract", "none"]] | None = None
    retention_days: Quantity[Days] | None = None
    ended: bool = False
    outlier: bool = False
    free: bool = False
    note: Text | None = None
    prices: Annotated[tuple[PriceRecord, ...], BeforeValidator(listed), Field(min_length=1)]


TierName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^.]+$")]


class Tiers(Strict):
    """Where a promise differs by plan, deployment or group of models: fact -> tier -> what holds there.

    Shown with the provider and never weighed: a rule reads the fact of the whole provider only. The
    name of a tier is part of the path under which a page shows it, so it holds no full stop.
    """

    regions: dict[TierName, Fact[Regions]] = Field(default_factory=dict)
    trains_on_inputs: dict[TierName, Fact[bool]] = Field(default_factory=dict)
    retention_days: dict[TierName, Quantity[Days]] = Field(default_factory=dict)
    zero_retention: dict[TierName, Fact[ZeroRetention]] = Field(default_factory=dict)
    sla: dict[TierName, Fact[Sla]] = Field(default_factory=dict)
    sla_uptime_percent: dict[TierName, Quantity[Percent]] = Field(default_factory=dict)
    support: dict[TierName, Fact[Support]] = Field(default_factory=dict)
    deprecation_notice_days: dict[TierName, Quantity[Days]] = Field(default_factory=dict)


class OffersFile(Strict):
    """A provider, what it promises, and what it serves. The id is the file's name."""

    name: Name
    kind: Fact[ProviderKind]
    seat: Fact[Seats] | None = None
    regions: Fact[Regions] | None = None
    eu_processing: Fact[YesNo] | None = None
    trains_on_inputs: Fact[bool] | None = None
    retention_days: Quantity[Days] | None = None
    zero_retention: Fact[ZeroRetention] | None = None
    attestations: dict[Attestation, Fact[bool]] = Field(default_factory=dict)
    sla: Fact[Sla] | None = None
    sla_uptime_percent: Quantity[Percent] | None = None
    sla_document: Fact[Text] | None = None
    support: Fact[Support] | None = None
    support_tiers: Fact[Text] | None = None
    deprecation_notice_days: Quantity[Days] | None = None
    trust_centre: Fact[Text] | None = None
    eu_gpai_code: Fact[Text] | None = None
    tiers: Tiers = Field(default_factory=Tiers)
    offers: Annotated[tuple[OfferRecord, ...], BeforeValidator(listed)] = ()
