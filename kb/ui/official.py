"""A form to add an official text, as `kb add FILE --as ID` does."""

from __future__ import annotations

from html import escape

import streamlit as st

from kb.errors import InputError
from kb.i18n import t
from kb.ui import markup, resources, shell, work
from kb.ui.accounts import author
from kb.ui.taking import check_upload

KEYS = {"id": "official-id", "file": "official-file"}
"""Names of the form's fields to the keys of their widgets."""


def show_add(missing: dict[str, str]) -> None:
    """Draw the form: which text, and its file. If something is refused, the error is shown at its field and nothing is
    saved."""
    st.markdown(
        t(
            "Get the text from its publisher, then give the file here. It is checked, kept on this "
            "computer and made searchable; nothing is sent away."
        )
    )
    id = st.selectbox(
        t("It is the text of"),
        list(missing),
        index=None,
        format_func=lambda one: resources.name_in_full(one),
        key="official-id",
        placeholder=t("Choose"),
        filter_mode="contains",
    )
    shell.show_wrong(KEYS["id"])
    if id is not None:
        _where_published(id)
    given = st.file_uploader(t("The file"), type=list(resources.UPLOADS), key="official-file")
    shell.show_wrong(KEYS["file"])
    if st.button(t("Add it"), key="official-add", type="primary"):
        with shell.errors_shown(KEYS):
            with shell.at("id"):
                if id is None:
                    raise InputError(t("It is not said which text it is."), do=t("Choose one."))
            check_upload(given)
            assert given is not None  # it was checked
            work.ask("add-text", missing[id], {"official": id}, by=author(), file=(given.name, given.getvalue()))
            st.rerun()


def _where_published(id: str) -> None:
    """Draw the address where the official text is published. The person opens it; the program does not."""
    source = resources.source(id)
    if source is None or not source.url:
        return
    link = (
        f'<a href="{escape(source.url, quote=True)}" target="_blank" rel="noopener noreferrer">{escape(source.url)}</a>'
    )
    published = t(
        "It is published at {address}, in English and other languages: save it from there as PDF, Word or web page.",
        address=link,
    )
    st.html(
        f"<p>{published}</p>"
        + (
            ""
            if source.url_verified
            else markup.line(
                t("This address was not opened by us. If it fails, search for {symbol}.", symbol=source.symbol)
            )
        )
    )
