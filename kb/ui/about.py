"""The about page."""

from __future__ import annotations

import streamlit as st

from kb.ui.promises import show_promises


def page() -> None:
    """Draw the page."""
    st.title("About")
    st.markdown(
        "This is a knowledge base of commitments on social integration: the summits of Copenhagen (1995), "
        "Beijing (1995) and Madrid (2002), the disability convention (2006), and a background paper of 2008. "
        "Search them, quote them, and set national policies against them. Everything runs on this computer; "
        "nothing is sent away."
    )
    show_promises()
