"""The guards of the browser tests themselves: a check that cannot fail proves nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import GUARDS, serve

FAULTY_APP = """
import streamlit as st
fault = st.query_params.get("fault")
if fault == "exception":
    raise RuntimeError("meant to be seen")
if fault == "external":
    st.markdown("![far away](https://example.org/pixel.png)")
st.write("drawn")
"""


@pytest.fixture(scope="module")
def faulty_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A tiny app that misbehaves on request."""
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "app.py").write_text(FAULTY_APP, encoding="utf-8")
    with serve(folder / "app.py", log=folder / "server.log") as url:
        yield url


@pytest.mark.parametrize(
    ("fault", "expected"), [("exception", "exception on the page"), ("external", "external request")]
)
def test_fault_is_noticed(fault, expected, page, guard, wait_ready, faulty_url, request):
    """A page that raises, or asks another machine for an image, is reported."""
    opened = page(base_url=faulty_url)
    opened.goto(f"/?fault={fault}")
    wait_ready(opened)
    opened.wait_for_timeout(200)
    assert [text for text in guard(opened).problems() if text.startswith(expected)]
    request.node.stash[GUARDS].clear()  # the fault was meant: do not fail this test for it


def test_clean_page_passes(visit, guard, faulty_url):
    """A page that only draws has no problem and no console error."""
    opened = visit("/", base_url=faulty_url)
    assert opened.get_by_text("drawn").is_visible()
    assert guard(opened).problems() == []
    assert guard(opened).console_errors == []
