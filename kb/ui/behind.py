"""A warning on pages with answers, as in every command, if files of the library differ from those from which the
index was built."""

from __future__ import annotations

import streamlit as st

from kb.config import settings
from kb.i18n import TranslatedLabels, t, tn
from kb.index.behind import SHOWN, library_behind
from kb.ui import accounts, markup, shell, work

KINDS = TranslatedLabels({"altered": "altered", "deleted": "deleted", "new": "new"})
"""What happened to a file since the index was built."""


def show_behind() -> None:
    """Draw the names of files that were altered, deleted or added since the index was built, and the button to build it
    again. A person who may not see every country gets only their number."""
    found = library_behind(settings())
    if not found:
        return
    count = tn(
        "{n} file of the library is not what these answers are made of.",
        "{n} files of the library are not what these answers are made of.",
        len(found),
    )
    named = [] if accounts.on() and not accounts.person().everywhere else [_words(one) for one in found[:SHOWN]]
    rest = len(found) - len(named)
    if named and rest:
        named.append(t("and {count} more", count=rest))
    files = f" {'; '.join(named)}." if named else ""
    do = t("What is new is found, and what is gone is no longer found, after the index is built again.")
    st.warning(markup.plain_label(f"{count}{files} {do}"), icon=":material/sync_problem:")
    if st.button(t("Build the index"), key="build-behind"):
        with shell.errors_shown():
            work.ask("build", "index", {}, by="")
            st.rerun()


def _words(row: str) -> str:
    """Return a line such as 'library/a.pdf (altered)' in the reader's language."""
    name, _, what = row.rpartition(" (")
    return f"{name} ({KINDS[what.rstrip(')')]})"
