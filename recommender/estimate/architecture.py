"""What the formulas need to know about models, as arrays with one row per model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.catalog.types import Model, Shape
from recommender.estimate.ranges import Floats, floats

# Typical shapes where none is known, anchored at Llama 3.1 8B (32 layers, width 4096, 65,536 cached values
# per token); exponents read off the Llama 3 family (1B to 405B). Only ever shown with low confidence.
_TYPICAL_AT_B = 8.03
_TYPICAL_LAYERS, _LAYERS_EXPONENT = 32.0, 0.35
_TYPICAL_WIDTH, _WIDTH_EXPONENT = 4096.0, 0.33
_TYPICAL_CACHE, _CACHE_EXPONENT = 65_536.0, 0.42
# Active parameters of a sparse model that states none lie between a twentieth and a fifth of the total
# (a tenth is the geometric middle).
_ACTIVE_SHARE_GUESS = 0.1
_ENCODERS = ("encoder",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """Parameters and shapes of models, one array per figure; unknown figures are NaN.

    Counts are plain numbers. `kv_values_full` is cached values per token over all full-attention layers
    (key and value together, or the compressed width); `kv_values_window` the same for windowed layers.
    """

    total_parameters: Floats
    active_parameters: Floats
    hidden_size: Floats
    layers: Floats
    vocabulary_size: Floats
    tied_embeddings: NDArray[np.bool_]
    shared_layers: NDArray[np.bool_]
    kv_values_full: Floats
    kv_values_window: Floats
    sliding_window: Floats
    state_values: Floats
    is_sparse: NDArray[np.bool_]
    is_encoder: NDArray[np.bool_]
    active_known: NDArray[np.bool_]
    shape_known: NDArray[np.bool_]

    def column(self) -> Architecture:
        """The same figures with an axis added at the end, to broadcast against formats."""
        return self._each(lambda array: array[..., None])

    def take(self, index: Any) -> Architecture:
        """Some rows, by an index as numpy takes it."""
        return self._each(lambda array: array[index])

    def _each(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Architecture:
        return Architecture(**{each.name: change(getattr(self, each.name)) for each in fields(self)})

    @property
    def embedding_parameters(self) -> Floats:
        """Size of one embedding matrix, vocabulary x width; 0 where either is unknown."""
        size: Floats = np.nan_to_num(self.vocabulary_size * self.hidden_size)
        return size

    @property
    def typical_parameters_b(self) -> Floats:
        """Size in billions by which a typical shape is guessed: the geometric mean of total and active."""
        return np.sqrt(self.total_parameters * self.active_parameters) / 1e9

    @property
    def layers_or_typical(self) -> Floats:
        """Layers, or the number usual for the size."""
        guess = _TYPICAL_LAYERS * (self.typical_parameters_b / _TYPICAL_AT_B) ** _LAYERS_EXPONENT
        return np.where(np.isnan(self.layers), guess, self.layers)

    @property
    def width_or_typical(self) -> Floats:
        """Hidden size, or the one usual for the size."""
        guess = _TYPICAL_WIDTH * (self.typical_parameters_b / _TYPICAL_AT_B) ** _WIDTH_EXPONENT
        return np.where(np.isnan(self.hidden_size), guess, self.hidden_size)

    @property
    def typical_kv_values(self) -> Floats:
        """Cached values per token of a plain grouped-query model of this size: the full-formula guess."""
        return _TYPICAL_CACHE * (self.typical_parameters_b / _TYPICAL_AT_B) ** _CACHE_EXPONENT


def architecture(models: Sequence[Model]) -> Architecture:
    """The figures of these models, in their order; undisclosed sizes use the outside estimate's middle."""
    shapes = [model.shape or Shape() for model in models]
    total = floats(np.array([_total(model) for model in models], dtype=np.float64))
    stated = np.array([_number(model.parameters_active) for model in models], dtype=np.float64)
    sparse = np.array(["moe" in model.architecture or _experts(model) for model in models], dtype=np.bool_)
    active = np.where(np.isnan(stated), np.where(sparse, _ACTIVE_SHARE_GUESS, 1.0) * total, stated)
    encoder = np.array([model.architecture in _ENCODERS for model in models], dtype=np.bool_)
    kv_full = _column(shapes, "kv_values_per_token_full")
    kv_window = _column(shapes, "kv_values_per_token_window")
    has_cache_figures = ~(np.isnan(kv_full) & np.isnan(kv_window))
    return Architecture(
        total_parameters=total,
        active_parameters=active,
        hidden_size=_column(shapes, "hidden_size"),
        layers=_column(shapes, "layers"),
        vocabulary_size=_column(shapes, "vocabulary_size"),
        shared_layers=np.array([bool(shape.shared_layers) for shape in shapes], dtype=np.bool_),
        tied_embeddings=np.array([bool(shape.tied_embeddings) for shape in shapes], dtype=np.bool_),
        kv_values_full=kv_full,
        kv_values_window=kv_window,
        sliding_window=_column(shapes, "sliding_window"),
        state_values=_column(shapes, "state_values"),
        is_sparse=sparse,
        is_encoder=encoder,
        active_known=~(np.isnan(stated) & sparse),
        shape_known=has_cache_figures | encoder,
    )


def _column(shapes: Sequence[Shape], name: str) -> Floats:
    return np.array([_number(getattr(shape, name)) for shape in shapes], dtype=np.float64)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _total(model: Model) -> float:
    if model.parameters_total is None and model.parameters_estimate is not None:
        return model.parameters_estimate.likely
    return _number(model.parameters_total)


def _experts(model: Model) -> bool:
    return model.shape is not None and (model.shape.experts_total or 0) > 1
