"""The models of a catalog as arrays: what does not depend on the answers, made once per catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.catalog.types import Catalog, Model, ModelClass
from recommender.decide.facets import has_weights, model_class
from recommender.estimate.architecture import Architecture, architecture
from recommender.estimate.cost import Hosting, load_hosting
from recommender.estimate.fit import HardwareAssumptions, load_hardware
from recommender.estimate.quantisation import Formats, load_formats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelTable:
    """All models in the order of their ids, with the figures that estimates need."""

    catalog: Catalog
    models: tuple[Model, ...]
    index: Mapping[str, int]
    classes: tuple[ModelClass | None, ...]
    figures: Architecture
    native_dtypes: tuple[str | None, ...]
    downloadable: NDArray[np.bool_]  # weights exist and the size is known: can be run on a machine
    formats: Formats
    hardware: HardwareAssumptions
    hosting: Hosting
    format_ids: tuple[str, ...]
    format_index: Mapping[str, int]
    _made: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, made at the first call for this key. For pure functions of the catalog only."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


_TABLES: dict[int, ModelTable] = {}
_TABLES_KEPT = 8


def model_table(catalog: Catalog) -> ModelTable:
    """The table of a catalog; kept for the last few catalogs, which are immutable."""
    table = _TABLES.get(id(catalog))
    if table is None or table.catalog is not catalog:
        table = _make(catalog)
        while len(_TABLES) >= _TABLES_KEPT:
            _TABLES.pop(next(iter(_TABLES)))
        _TABLES[id(catalog)] = table
    return table


def _make(catalog: Catalog) -> ModelTable:
    models = tuple(catalog.models[key] for key in sorted(catalog.models))
    figures = architecture(models)
    sized = ~np.isnan(figures.total_parameters)
    open_ones = np.array([has_weights(model) is True for model in models], dtype=bool)
    rule = catalog.vocabulary["rules"]["class"]
    formats = load_formats(catalog.vocabulary["quantisation"])
    format_ids = tuple(formats.by_id)
    return ModelTable(
        catalog=catalog,
        models=models,
        index={model.id: position for position, model in enumerate(models)},
        classes=tuple(model_class(model, rule) for model in models),
        figures=figures,
        native_dtypes=tuple(model.shape.native_dtype if model.shape else None for model in models),
        downloadable=open_ones & sized,
        formats=formats,
        format_ids=format_ids,
        format_index={name: position for position, name in enumerate(format_ids)},
        hardware=load_hardware(catalog.vocabulary["hardware_assumptions"]),
        hosting=load_hosting(catalog.vocabulary["hosting"]),
    )
