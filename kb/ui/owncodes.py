"""A researcher's own codes in the app: the group of them, and a field that names a new one and gives it at once."""

from __future__ import annotations

import streamlit as st

from kb.coding import codes
from kb.coding.codebook import Codebook
from kb.coding.own import LONGEST, OWN, own_code, own_name, with_own
from kb.i18n import t
from kb.models import Passage
from kb.ui import resources
from kb.ui.giving import Hand

FIELD = "kb-own-code"


def group_name(facet: str) -> str:
    """The name of a group of codes."""
    return t("Own codes") if facet == OWN else resources.labels().facet(facet)


def code_name(facet: str, code: str) -> str:
    """The name of a code."""
    return own_name(code) if facet == OWN else resources.labels().term(facet, code)


def book_for(by: str) -> Codebook:
    """The codebook with the own codes that this person may see: in a blind round their own."""
    return with_own(resources.codebook(), codes.codings(resources.workspace(), viewer=by))


def show_new(passage: Passage, hand: Hand) -> None:
    """The field for a code that is not there yet, and the button that makes it and gives it."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="kb-own"):
        st.text_input(
            t("A code of your own"),
            key=FIELD,
            max_chars=LONGEST,
            placeholder=t("a few words, e.g. housing cost"),
        )
        st.button(t("Give this code"), key="give-own", on_click=_give, args=(passage, hand))


def _give(passage: Passage, hand: Hand) -> None:
    """Give the code that the field names."""
    name = str(st.session_state.get(FIELD) or "")
    hand.word(
        t("Give it"),
        lambda how: codes.add_code(
            resources.workspace(), passage, OWN, own_code(name), of_machine=None, more=hand.more, **how
        ),
    )
    st.session_state[FIELD] = ""
