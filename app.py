"""Entry point: the page frame, the list of pages, and the address of each answer."""

from __future__ import annotations

import streamlit as st

from pages.parts import nav, state

st.set_page_config(page_title="Openweigh", layout="wide")

with st.container(horizontal_alignment="center"), st.container(width=nav.PAGE_WIDTH):
    page = st.navigation(nav.pages(), position="hidden")
    view = state.begin(on_find=not page.url_path)
    nav.header(view.answers)
    with state.guarded():
        page.run()
    nav.footer(view.answers)
