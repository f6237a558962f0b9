"""The real catalog, loaded once."""

from __future__ import annotations

import pytest

from recommender import load_catalog
from recommender.catalog.types import Catalog


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The newest snapshot."""
    return load_catalog()
