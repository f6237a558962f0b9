"""The reader's situation: the answers, and what is assumed where a question was not answered.

An assumption serves sums only (a cost needs a volume); it never becomes a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from recommender import words
from recommender.answers import Answers, Hardware
from recommender.catalog.types import Catalog
from recommender.estimate.fit import GB_PER_GIB, HardwareAssumptions, Machine, machine_of, typed_machine

DEFAULT_TASK = "chat"
OWN_BOUNDARIES = ("own-machines", "offline")
_RACK_CARD_GB = 70.0  # 80 GB cards and larger are sold in servers
USAGES = ("try", "team", "product")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One month of work. Tokens are per request; `cached_share` of the input is read from a cache."""

    requests_per_month: int
    input_tokens: int
    output_tokens: int
    cached_share: float
    context_tokens: int  # held in memory per sequence
    concurrent_users: int
    usage: str  # try, team, product


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMachine:
    """A machine of the reader's, or one assumed for them."""

    machine: Machine
    name: str
    device: str | None
    count: int
    assumed: bool
    price_usd: float | None
    released_year: int | None
    data_centre: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything about the reader that the engine works with."""

    given: Mapping[str, Any]  # answered keys only
    tasks: tuple[str, ...]
    labels: str  # none, hundreds, thousands
    day: date
    workload: Workload
    machines: tuple[OwnMachine, ...]
    groups: Mapping[str, int]
    within: Mapping[str, int]
    stance: str
    lifetime_months: int
    assumed: Mapping[str, Any]  # answer key -> what was taken in its place


def situation(answers: Answers, catalog: Catalog, hardware: HardwareAssumptions) -> Situation:
    """The situation these answers describe, on the day they name (default: the catalog's)."""
    given = {key: getattr(answers, key) for key in answers.to_dict()}
    tasks = answers.tasks or (DEFAULT_TASK,)
    defaults = catalog.vocabulary["questions"]["tasks"][tasks[0]]
    assumed: dict[str, Any] = {} if answers.tasks else {"tasks": [DEFAULT_TASK]}
    workload = _workload(answers, defaults, assumed)
    machines = _machines(answers, catalog, hardware)
    if machines and machines[0].assumed:
        assumed["hardware"] = [one.name for one in machines]
    stated = dict(answers.weights or {})
    groups = {name: int(stated.get(name, defaults["weights"][name])) for name in defaults["weights"]}
    lifetime = catalog.vocabulary["criteria"]["caveat_limits"]["lifetime_default_months"]
    return Situation(
        given=given,
        tasks=tasks,
        labels=answers.labelled_examples or "none",
        day=answers.as_of or catalog.date,
        workload=workload,
        machines=machines,
        groups=groups,
        within=dict(answers.weights_within or {}),
        stance=answers.stance or "cautious",
        lifetime_months=answers.lifetime_months or lifetime,
        assumed=assumed,
    )


def _workload(answers: Answers, defaults: Mapping[str, Any], assumed: dict[str, Any]) -> Workload:
    requests = answers.requests_per_month
    if requests is None:
        requests = assumed["requests_per_month"] = int(defaults["requests"]["try"])
    tokens_in, tokens_out = answers.input_tokens_per_request, answers.output_tokens_per_request
    if tokens_in is None:
        tokens_in = assumed["input_tokens_per_request"] = int(defaults["input_tokens"])
    if tokens_out is None:
        tokens_out = assumed["output_tokens_per_request"] = int(defaults["output_tokens"])
    held = answers.context_tokens
    if held is None:
        # What the sequence holds in memory: the usual context of the task, or the texts themselves if longer.
        held = assumed["context_tokens"] = max(int(defaults["context_tokens"]), tokens_in + tokens_out)
    if answers.concurrent_users is None:
        assumed["concurrent_users"] = 1
    return Workload(
        requests_per_month=requests,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        cached_share=float(defaults["cached_share"]),
        context_tokens=held,
        concurrent_users=answers.concurrent_users or 1,
        usage=_usage(requests, defaults["requests"]),
    )


def _usage(requests: int, steps: Mapping[str, int]) -> str:
    """The stage whose usual volume is nearest in ratio."""
    return min(USAGES, key=lambda name: abs(_ratio(requests, int(steps[name]))))


def _ratio(a: int, b: int) -> float:
    low, high = sorted((max(a, 1), max(b, 1)))
    return high / low


def _machines(answers: Answers, catalog: Catalog, hardware: HardwareAssumptions) -> tuple[OwnMachine, ...]:
    if answers.hardware is not None:
        return tuple(_own(entry, catalog, hardware) for entry in answers.hardware)
    if answers.data_boundary not in OWN_BOUNDARIES:
        return ()
    rungs = hardware.assumed_ladder
    return tuple(
        _own(Hardware(device=rung.device, count=rung.count), catalog, hardware, assumed=True)
        for rung in rungs
    )


def _own(
    entry: Hardware, catalog: Catalog, hardware: HardwareAssumptions, *, assumed: bool = False
) -> OwnMachine:
    count = entry.count or 1
    device = (
        catalog.devices.get(catalog.device_aliases.get(entry.device, entry.device)) if entry.device else None
    )
    if device is None:
        kind = entry.memory_kind or "ram"
        machine = typed_machine(entry.memory_gb or 0.0, kind, hardware, count=count, ram_gb=entry.ram_gb)
        say = catalog.vocabulary["strings"]["en"]
        name = words.say(
            say, f"machine.{kind}.{'one' if count == 1 else 'many'}", memory=entry.memory_gb, count=count
        )
        return OwnMachine(
            machine=machine, name=name, device=None, count=count, assumed=assumed,
            price_usd=None, released_year=None, data_centre=_in_rack(machine),
        )  # fmt: skip
    memory = entry.memory_gb * GB_PER_GIB if entry.memory_gb else None
    machine = machine_of(device, hardware, count=count, memory_gb=memory, ram_gb=entry.ram_gb)
    return OwnMachine(
        machine=machine,
        name=_counted(device.name, count),
        device=device.id,
        count=count,
        assumed=assumed,
        price_usd=device.price_usd,
        released_year=device.released_year,
        data_centre=_in_rack(machine),
    )


def _in_rack(machine: Machine) -> bool:
    """Whether a machine is of the kind that stands in a data centre: cards too large for a desk."""
    return machine.memory_kind == "vram" and machine.memory_gb / machine.cards >= _RACK_CARD_GB


def _counted(name: str, count: int) -> str:
    return name if count == 1 else f"{count} x {name}"
