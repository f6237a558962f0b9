"""Formats of weights: bits, what they cost in quality, and which are offered where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.estimate.architecture import Architecture
from recommender.estimate.ranges import Floats, Numbers, Ranges, floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way of storing weights; bits are per weight, `penalty` is arena points by size column."""

    id: str
    nominal_bits: float
    body_bits: float
    input_bits: float
    output_bits: float
    family: str  # gguf, server, mlx, native
    bits_class: int  # 16, 8, 4, 3 or 2: what the answer `min_bits` is compared with
    decode_factor: float  # speed per byte against 16 bit
    compute_factor: float  # matrix throughput against 16 bit in a server
    penalty: tuple[float, ...]  # NaN = not offered at that size


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatColumns:
    """The figures of several formats as arrays, in one order, to broadcast against models."""

    ids: tuple[str, ...]
    body_bits: Floats
    input_bits: Floats
    output_bits: Floats
    bits_class: Floats
    decode_factor: Floats
    compute_factor: Floats
    penalty: Floats  # formats x size columns


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeWidth:
    """Bits of the weights as published: most weights at `body_bits`, the rest at `rest_bits`."""

    nominal_bits: float
    body_bits: float
    rest_bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """Every known format, the ladders offered, and the quality rules around them."""

    by_id: Mapping[str, Format]
    aliases: Mapping[str, str]
    ladders: Mapping[str, tuple[str, ...]]
    native: Mapping[str, NativeWidth]
    size_borders_b: tuple[float, ...]
    size_values: tuple[int, ...]  # penalty column that holds at each border
    interval_low: float
    interval_high: float
    sparse_below_active_b: float
    sparse_interval_factor: float
    task_factors: Mapping[str, float]
    task_factor_default: float

    def named(self, name: str) -> Format | None:
        """A format by id or alias, whatever the case of its letters; None when unknown."""
        lowered = name.strip().lower()
        return self.by_id.get(self.aliases.get(lowered, lowered.upper())) or self.by_id.get(name)

    def columns(self, ids: Sequence[str]) -> FormatColumns:
        """The figures of these formats as arrays, in this order."""
        chosen = [self.by_id[each] for each in ids]

        def figures(name: str) -> Floats:
            return np.array([getattr(each, name) for each in chosen], dtype=np.float64)

        return FormatColumns(
            ids=tuple(ids),
            body_bits=figures("body_bits"),
            input_bits=figures("input_bits"),
            output_bits=figures("output_bits"),
            bits_class=figures("bits_class"),
            decode_factor=figures("decode_factor"),
            compute_factor=figures("compute_factor"),
            penalty=figures("penalty"),
        )

    def task_factor(self, task: str) -> float:
        """How much harder a task feels lost precision than chat does."""
        return self.task_factors.get(task, self.task_factor_default)

    def native_width(self, native_dtype: str | None) -> NativeWidth | None:
        """Bits of published weights narrower than 16 bit; None for 16 and 32 bit and unknown ones."""
        return None if native_dtype is None else self.native.get(native_dtype.lower())


def load_formats(vocabulary: Mapping[str, Any]) -> Formats:
    """The typed formats from the mapping of data/quantisation.yaml."""
    rules = vocabulary["penalty_rules"]
    by_id = {
        name: _format(name, record, len(rules["columns"])) for name, record in vocabulary["formats"].items()
    }
    aliases = {str(name).lower(): target for name, target in vocabulary["aliases"].items()}
    aliases |= {name.lower(): name for name in by_id}
    return Formats(
        by_id=by_id,
        aliases=aliases,
        ladders={name: tuple(record["formats"]) for name, record in vocabulary["ladders"].items()},
        native={name: _native(record) for name, record in vocabulary["native"].items()},
        size_borders_b=tuple(float(each["parameters_b"]) for each in rules["borders"]),
        size_values=tuple(int(each["column"]) for each in rules["borders"]),
        interval_low=float(rules["interval_low"]),
        interval_high=float(rules["interval_high"]),
        sparse_below_active_b=float(rules["sparse_below_active_b"]),
        sparse_interval_factor=float(rules["sparse_interval_factor"]),
        task_factors={name: float(value) for name, value in vocabulary["task_factors"]["values"].items()},
        task_factor_default=float(vocabulary["task_factors"]["default"]),
    )


def _format(name: str, record: Mapping[str, Any], columns: int) -> Format:
    penalty = record.get("penalty") or [None] * columns
    return Format(
        id=name,
        nominal_bits=float(record["nominal_bits"]),
        body_bits=float(record["body_bits"]),
        input_bits=float(record["input_bits"]),
        output_bits=float(record["output_bits"]),
        family=str(record["family"]),
        bits_class=int(record["bits_class"]),
        decode_factor=float(record["decode_factor"]),
        compute_factor=float(record.get("compute_factor", 1.0)),
        penalty=tuple(float("nan") if value is None else float(value) for value in penalty),
    )


def _native(record: Mapping[str, Any]) -> NativeWidth:
    return NativeWidth(
        nominal_bits=float(record["nominal_bits"]),
        body_bits=float(record["body_bits"]),
        rest_bits=float(record["rest_bits"]),
    )


def native_body_bits(body_bits: Numbers, rest_bits: Numbers, models: Architecture) -> Floats:
    """Mean bits per weight of natively narrow models outside their embedding matrices.

     Experts stand at `body_bits`; attention and shared parts, taken as a quarter of the active
    parameters, at `rest_bits`.
    """
    body = np.maximum(models.total_parameters - 2 * models.embedding_parameters, 1.0)
    rest = np.minimum(0.25 * models.active_parameters / body, 1.0)
    return floats(body_bits) * (1.0 - rest) + floats(rest_bits) * rest


def offered(formats: Formats, ladder: str, native_dtype: str | None = None) -> tuple[str, ...]:
    """Formats of a ladder offered for a model published in this dtype.

    A model published narrower than 16 bit is offered as published ("native") and below, never above:
    wider copies hold no more information.
    """
    ids = formats.ladders[ladder]
    native = formats.native_width(native_dtype)
    if native is None:
        return ids
    return ("NATIVE", *(each for each in ids if formats.by_id[each].nominal_bits < native.nominal_bits))


def offered_mask(
    formats: Formats, ids: Sequence[str], native_dtypes: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Models x formats: may this model be offered in this format? Same rule as `offered`."""
    widths = [formats.native_width(dtype) for dtype in native_dtypes]
    limit = np.array([np.inf if width is None else width.nominal_bits for width in widths])
    bits = np.array([formats.by_id[each].nominal_bits for each in ids])
    is_native = np.array([each == "NATIVE" for each in ids])
    mask: NDArray[np.bool_] = np.where(is_native, np.isfinite(limit)[:, None], bits < limit[:, None])
    return mask


def penalty_points(
    formats: Formats,
    columns: FormatColumns,
    *,
    total_parameters: Numbers,
    active_parameters: Numbers,
    is_sparse: NDArray[np.bool_] | bool,
    task_factor: Numbers = 1.0,
) -> Ranges:
    """Arena points lost to the format: models x formats; NaN where the format is not offered.

    Between size columns the penalty is interpolated over the logarithm of the parameters; sparse models
    below 10 B active count by their active parameters, with a doubled interval.
    """
    active_b, sparse = floats(active_parameters) / 1e9, np.asarray(is_sparse)
    thin = sparse & (active_b < formats.sparse_below_active_b)
    size_b = np.atleast_1d(np.where(thin, active_b, floats(total_parameters) / 1e9))
    borders = np.log(floats(np.array(formats.size_borders_b)))
    at = np.interp(np.log(size_b), borders, np.arange(len(borders), dtype=np.float64))
    lower = np.floor(at).astype(np.intp)
    upper = np.minimum(lower + 1, len(borders) - 1)
    share = (at - lower)[:, None]
    values = columns.penalty[:, list(formats.size_values)].T  # borders x formats
    points = np.where(share == 0, values[lower], values[lower] * (1 - share) + values[upper] * share)
    points = points * floats(task_factor)
    widen = np.where(np.atleast_1d(thin), formats.sparse_interval_factor, 1.0)[:, None]
    low = np.maximum(1.0 + widen * (formats.interval_low - 1.0), 0.0)
    high = 1.0 + widen * (formats.interval_high - 1.0)
    return Ranges.around(points, low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bits:
    """Bits per weight, models x formats."""

    body: Floats
    input: Floats
    output: Floats


def bits_per_weight(
    formats: Formats, columns: FormatColumns, models: Architecture, native_dtypes: Sequence[str | None]
) -> Bits:
    """Bits of every model in every format; no wider than the model was published.

    The format NATIVE is the model as published: 16 bit unless its dtype is narrower.
    """
    widths = [formats.native_width(dtype) or _SIXTEEN for dtype in native_dtypes]
    native = native_body_bits(
        np.array([width.body_bits for width in widths]),
        np.array([width.rest_bits for width in widths]),
        models,
    )[:, None]
    is_native = np.array([each == "NATIVE" for each in columns.ids])
    narrower = np.array([width.nominal_bits < _SIXTEEN.nominal_bits for width in widths])[:, None]
    body = np.where(is_native, native, columns.body_bits)
    body = np.where(narrower, np.minimum(body, native), body)
    shape = body.shape
    return Bits(
        body=body,
        input=np.broadcast_to(columns.input_bits, shape),
        output=np.broadcast_to(columns.output_bits, shape),
    )


_SIXTEEN = NativeWidth(nominal_bits=16.0, body_bits=16.0, rest_bits=16.0)
