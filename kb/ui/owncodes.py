"""A researcher's own codes in the app: their group, and a field that names a new code and gives it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from kb.coding import codes
from kb.coding.codebook import Codebook
from kb.coding.models import Session
from kb.coding.own import LONGEST, OWN, own_code, own_name, with_own
from kb.coding.worklist import Choice
from kb.errors import KBError
from kb.i18n import language, t
from kb.languages import MAIN
from kb.models import Passage
from kb.ui import address, markup, resources, shell
from kb.ui.address import href
from kb.ui.giving import Hand
from kb.ui.pages import address_of

FIELD, NAMED = "kb-own-code", "kb-own-named"
"""Session keys: of the field for a new code, and of a name typed on the page of the codebook."""


def group_name(facet: str) -> str:
    """Return the name of a group of codes."""
    return t("Own codes") if facet == OWN else resources.labels().facet(facet)


def facet_of(session: Session | None) -> str:
    """Return the facet (group of codes) that the sample of a session was drawn for; the first facet without a session,
    or if the facet no longer exists."""
    known, drawn = facets(), session.drawn.get("facet") if session else None
    return str(drawn) if drawn in known else known[0]


def facets() -> list[str]:
    """Return the facets that can be coded, in the order of the search page, then the person's own codes."""
    known = resources.taxonomy().facets
    return [*(facet.name for facet in resources.content().facets if facet.name in known), OWN]


def code_name(facet: str, code: str) -> str:
    """Return the name of a code."""
    return own_name(code) if facet == OWN else resources.labels().term(facet, code)


def in_words(offered: Iterable[Choice]) -> list[Choice]:
    """Return the codes that can be given, each under its name in the language of the page: the one that it has on every
    other page. Codes are kept by their slugs, not by these names."""
    if language() == MAIN:
        return list(offered)
    return [one.model_copy(update={"name": code_name(one.facet, one.code)}) for one in offered]


def book_for(by: str) -> Codebook:
    """Return the codebook with the own codes that this person may see; in a blind round only theirs."""
    return with_own(resources.codebook(), codes.codings(resources.workspace(), viewer=by))


def show_new(passage: Passage, hand: Hand) -> None:
    """Draw the field for a new code, and the button that gives it to the passage."""
    if named := st.session_state.pop(NAMED, ""):
        st.session_state[FIELD] = named
    with st.container(horizontal=True, vertical_alignment="bottom", key="kb-own"):
        st.text_input(
            t("A code of your own"),
            key=FIELD,
            max_chars=LONGEST,
            placeholder=t("a few words, e.g. housing cost"),
        )
        st.button(t("Give this code"), key="give-own", on_click=_give, args=(passage, hand))
    shell.show_wrong(FIELD)


def _give(passage: Passage, hand: Hand) -> None:
    """Give the code that the field names."""
    try:
        code = own_code(str(st.session_state.get(FIELD) or ""))
    except KBError as error:  # in the press of a button, whose words come after it
        shell.mark_wrong(FIELD, error)
        return
    given = hand.word(
        t("Give it"),
        lambda how: codes.add_code(resources.workspace(), passage, OWN, code, of_machine=None, more=hand.more, **how),
    )
    if given:
        st.session_state[FIELD] = ""


def show_way(page: str) -> None:
    """Draw a link from the page `page` to the person's own codes for the same passage."""
    query = {key: address.many(key) for key in st.query_params}
    own = markup.anchor(href(page, {**query, "facet": OWN}), t("Give a code of your own"))
    st.html(f'<p class="k-small">{t("None of these fits?")} {own}</p>')


def show_begin() -> None:
    """Draw the explanation of own codes on the page of the codebook, and the form to begin one.

    A code is created when it is given, so that every code has a passage that shows its meaning.
    """
    st.header(t("A code of your own"), anchor="own-code")
    st.markdown(
        t(
            "Name it, and give it to a passage: it then stands under “Own codes”, in the counts, in the agreement and "
            "in the files."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="kb-own-begin"):
        name = st.text_input(
            t("Name of the code"),
            key=f"{FIELD}-begin",
            max_chars=LONGEST,
            placeholder=t("a few words, e.g. housing cost"),
        )
        pressed = st.button(t("Choose a passage for it"), key="begin-own")
    shell.show_wrong(f"{FIELD}-begin")
    if pressed:
        with shell.errors_shown({"name": f"{FIELD}-begin"}), shell.at("name"):
            own_code(name)  # refuses a name that cannot be one
            st.session_state[NAMED] = name
            st.switch_page(address_of("coding"), query_params={"facet": OWN, "session": address.many("session")})
