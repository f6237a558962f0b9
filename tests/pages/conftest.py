"""Pages without a browser: run the app once with a query, on a page, and insist on no exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 30  # a cold import of pandas on a busy machine passes AppTest's own 3 s

RunApp = Callable[..., AppTest]


@pytest.fixture
def run_app() -> RunApp:
    """run_app(query=None, page=None): the app after its first run with that query on that page file.

    `query` maps a key to one text or to several; `page` is a path such as "pages/explore.py".
    """
    return _run_app


def _run_app(query: Mapping[str, str | Sequence[str]] | None = None, page: str | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
    for key, value in (query or {}).items():
        app.query_params[key] = value if isinstance(value, str) else list(value)
    if page is not None:
        app.switch_page(page)
    app.run()
    problems = [f"{found.message}\n{found.stack_trace}" for found in app.exception]
    problems += [found.value for found in app.error if "This page could not be drawn" in found.value]
    assert not problems, f"{page or 'app.py'} with {dict(query or {})}: {problems}"
    return app
