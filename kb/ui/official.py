"""Adding an official text from the app: the same door as `kb add FILE --as ID`."""

from __future__ import annotations

import streamlit as st

from kb.errors import InputError
from kb.i18n import t
from kb.ui import resources, shell, work
from kb.ui.desk import author


def show_add(missing: dict[str, str]) -> None:
    """The form: which text, and its file. What is refused is said beside it, and nothing is kept then."""
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
        format_func=missing.__getitem__,
        key="official-id",
        placeholder=t("Choose"),
        filter_mode="contains",
    )
    given = st.file_uploader(t("The file"), type=list(resources.UPLOADS), key="official-file")
    if st.button(t("Add it"), key="official-add", type="primary"):
        with shell.told():
            if id is None or given is None:
                raise InputError(t("The file, or which text it is, is missing."), do=t("Choose both."))
            work.ask("add-text", missing[id], {"official": id}, by=author(), file=(given.name, given.getvalue()))
            st.rerun()
