"""A small catalog that tests may break, and the real one, read once."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from recommender.catalog.build import build
from recommender.catalog.load import load_tree
from recommender.catalog.snapshot import DATA_DIR, catalog_of

SEEN = "source: card, as_of: 2026-11-20"
FILES = {
    "sources.yaml": 'card: {title: A card, address: "https://example.org/card", accessed: "2026-11-20"}\n',
    "developers.yaml": f"acme: {{name: Acme, country: {{value: CH, {SEEN}}}}}\nother: {{name: Other}}\n",
    "licences.yaml": (
        f"mit: {{name: MIT, spdx: MIT, osi_approved: {{value: true, {SEEN}}}, permissive: true,"
        f" commercial_use: {{value: yes, {SEEN}}}, {SEEN}}}\n"
    ),
    "hardware.yaml": (
        f"card-24: {{name: Card 24 GB, category: consumer GPU, memory_kind: vram, memory_gib: 24.0,"
        f" aliases: [Card 24], {SEEN}}}\n"
    ),
    "carbon.yaml": f"CHE: {{name: Switzerland, gco2e_per_kwh: 30.5, {SEEN}}}\n",
    "speeds.yaml": "speeds: []\n",
    "retired_ids.yaml": "{}\n",
    "rules.yaml": "limits: {small_parameters_max: 4_000_000_000}\n",
    # The estimates of ability read their constants from here; the real file is the only copy.
    "assumptions.yaml": (DATA_DIR / "assumptions.yaml").read_text(encoding="utf-8"),
    "strings/en.yaml": "hello: Hello\n",
    "models/acme/large.yaml": f"""name: Large
aliases: [large-1]
kind: {{value: closed, {SEEN}}}
architecture: {{status: undisclosed, {SEEN}}}
parameters:
  total: {{status: undisclosed, {SEEN}}}
  active: {{status: undisclosed, {SEEN}}}
  total_estimate: {{low: 100_000_000_000, high: 400_000_000_000, kind: third-party, {SEEN}}}
released: {{value: 2025-03-01, {SEEN}}}
status: {{value: active, {SEEN}}}
ends: {{value: 2027-01-31, {SEEN}}}
successor: {{value: acme/tiny, {SEEN}}}
""",
    "models/acme/tiny.yaml": f"""name: Tiny
aliases: [Acme/Tiny-Hub, tiny-1]
kind: {{value: open-weight, {SEEN}}}
architecture: {{value: decoder, {SEEN}}}
parameters:
  total: {{value: 3_000_000_000, {SEEN}}}
  active: {{status: not-applicable, {SEEN}, note: dense model}}
released: {{value: 2026-01-15, {SEEN}}}
status: {{value: weights-available, {SEEN}}}
languages: {{value: [de, "no"], {SEEN}}}
licence: {{value: mit, {SEEN}}}
files:
  - {{quantisation: Q4_K_M, size_gb: 2.0, publisher: one, {SEEN}}}
  - {{quantisation: Q4_K_M, size_gb: 2.2, publisher: two, {SEEN}}}
  - {{quantisation: Q4_K_M, size_gb: 9.0, publisher: three, inferred: true, {SEEN}}}
  - {{quantisation: Q8_0, size_gb: 3.9, publisher: three, inferred: true, {SEEN}}}
openness:
  - {{assessor: derived, system: Tiny, match: same-system, ratings: {{end_weights: closed}}, {SEEN}}}
  - {{assessor: european-index, system: Tiny, match: same-family, ratings: {{a: open, b: partial}}, {SEEN}}}
""",
    "offers/acme.yaml": f"""name: Acme API
kind: {{value: first-party, {SEEN}}}
regions: {{value: [eu], {SEEN}}}
retention_days: {{status: undisclosed, {SEEN}}}
attestations: {{soc2: {{value: true, {SEEN}}}, hipaa: {{status: not-applicable, {SEEN}}}}}
offers:
  - model: acme/large
    name: large-1
    relation: first-party
    prices:
      - {{from: 2025-03-01, to: 2025-12-31, input_usd_per_mtok: 4.0, output_usd_per_mtok: 8.0,
         precedence: 1, date_basis: exact, {SEEN}}}
      - {{from: 2025-03-01, input_usd_per_mtok: 0.4, unusable: true,
         precedence: 1, date_basis: exact, {SEEN}}}
      - {{input_usd_per_mtok: 3.0, output_usd_per_mtok: 6.0, precedence: 9, date_basis: current-list, {SEEN}}}
""",
    "benchmarks/vectara-hallucination-hhem.yaml": f"""name: Vectara hallucination (HHEM)
unit: percent
higher_is_better: false
scores:
  - {{model: acme/large, metric: rate, score: 4.5, {SEEN}}}
""",
}


@pytest.fixture
def data_dir(tmp_path):
    """A folder with a faultless small catalog."""
    folder = tmp_path / "data"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def edit(data_dir):
    """Replaces text in one file of the small catalog; fails if the text is not there."""

    def replace(name: str, old: str, new: str) -> Path:
        path = data_dir / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return data_dir

    return replace


@pytest.fixture(scope="session")
def real_tree():
    """The catalog of this repository, read and validated once."""
    return load_tree(DATA_DIR)


@pytest.fixture(scope="session")
def real_built(real_tree):
    """Core and details of the real catalog, built in memory."""
    return build(real_tree)


@pytest.fixture(scope="session")
def real_catalog(real_built):
    """The frozen objects of the real catalog."""
    return catalog_of(deepcopy(real_built[0]))  # it takes the core apart, and others compare its bytes
