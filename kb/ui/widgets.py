"""Choices whose state is the address: what is chosen can be linked to, and the browser's back button works."""
from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from kb.ui import address


def choose(label: str, key: str, options: Sequence[str], words: Callable[[str], str] = str,
           **more: object) -> list[str]:
    """Any number of options, kept under `key` of the address."""
    widget = f"choose-{key}"
    held = address.many(key)
    st.session_state[widget] = [value for value in held if value in options]
    unknown = [value for value in held if value not in options]
    if unknown:
        st.caption(f"In the address, but not known here: {', '.join(unknown)}")
    return st.multiselect(label, options, format_func=words, key=widget, on_change=_put_many, args=(key, widget),
                          **more)


def pick(label: str, key: str, options: Sequence[str], words: Callable[[str], str] = str, **more: object) -> str:
    """One option, kept under `key` of the address; the first one when the address has none."""
    widget = f"pick-{key}"
    value = address.one(key)
    st.session_state[widget] = value if value in options else options[0]
    return st.selectbox(label, options, format_func=words, key=widget, on_change=_put_one, args=(key, widget), **more)


def switch(label: str, key: str, **more: object) -> bool:
    """On or off, kept under `key` of the address as 'yes'."""
    widget = f"switch-{key}"
    st.session_state[widget] = address.one(key) == "yes"
    return st.toggle(label, key=widget, on_change=_put_switch, args=(key, widget), **more)


def _put_many(key: str, widget: str) -> None:
    address.put_many(key, st.session_state[widget])


def _put_one(key: str, widget: str) -> None:
    address.put(key, st.session_state[widget])


def _put_switch(key: str, widget: str) -> None:
    address.put(key, "yes" if st.session_state[widget] else "")
