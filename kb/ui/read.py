"""A stub."""

import streamlit as st


def page() -> None:
    """x"""
    st.title("Read a document")
