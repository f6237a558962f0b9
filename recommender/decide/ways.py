"""Ways: a model in one way of running it. One row each; figures that do not apply are NaN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.decide.situation import OwnMachine

API, RENTED, OWN = (np.int8(code) for code in range(3))
KINDS = ("api", "rented", "own")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Columns of ways, all of one length. Memory in GB (10^9 bytes), money in US dollars a month,
    speed in output tokens per second for one user, energy in Wh per 1,000 output tokens."""

    model: Ints  # position in the model table
    kind: NDArray[np.int8]
    offer: Ints  # position in catalog.offers, -1 for none
    machine: Ints  # position in Ways.machines, -1 for none
    format: Ints  # position in Ways.formats, -1 for none
    weights_gb: Floats
    cache_gb: Floats
    overhead_gb: Floats
    memory_low_gb: Floats
    memory_gb: Floats
    memory_high_gb: Floats
    usable_gb: Floats
    decode_low_tps: Floats
    decode_tps: Floats
    decode_high_tps: Floats
    work_low_tps: Floats  # what criterion C04 judges: decode speed, or tokens handled when little is written
    work_tps: Floats
    work_high_tps: Floats
    ttft_s: Floats
    cost_low_usd: Floats
    cost_usd: Floats
    cost_high_usd: Floats
    wh_low: Floats
    wh: Floats
    wh_high: Floats
    load_share: Floats  # share of the month's hours that the work takes; above 1 it is not done in time
    replicas: Floats
    later_price: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """All ways, with the machines and formats that their rows point to."""

    rows: Rows
    machines: tuple[OwnMachine, ...]
    formats: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows.model)


_EMPTY: dict[str, int | bool] = {"offer": -1, "machine": -1, "format": -1, "later_price": False}
_DTYPES: dict[str, np.dtype[Any]] = {
    **dict.fromkeys(("model", "offer", "machine", "format"), np.dtype(np.int64)),
    "kind": np.dtype(np.int8),
    "later_price": np.dtype(bool),
}


def rows(count: int, **columns: object) -> Rows:
    """Rows with the given columns; numbers broadcast, what is left out is NaN, -1 or False."""
    made: dict[str, NDArray[np.generic]] = {}
    for each in fields(Rows):
        value = columns.get(each.name, _EMPTY.get(each.name, np.nan))
        dtype = _DTYPES.get(each.name, np.dtype(np.float64))
        made[each.name] = np.array(np.broadcast_to(np.asarray(value, dtype=dtype), (count,)))
    return Rows(**made)  # type: ignore[arg-type]


def stacked(parts: Sequence[Rows]) -> Rows:
    """Several blocks of rows, one after the other."""
    columns = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Rows)
    }
    return Rows(**columns)
