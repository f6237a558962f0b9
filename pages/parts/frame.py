"""Every page inside the app's frame, also when its address is the first one that a fresh server sees."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager

_APP = Path(__file__).resolve().parents[2] / "app.py"


def show(page: Callable[[], None]) -> None:
    """Draw a page; start the app around it where Streamlit ran the page's file by itself.

    Until app.py has called st.navigation once, Streamlit takes the folder pages/ for a list of pages of
    its own and runs a file of it without app.py: no header, no footer, no answers.
    """
    if PagesManager.uses_pages_directory:
        runpy.run_path(str(_APP), run_name="__main__")
    else:
        page()
