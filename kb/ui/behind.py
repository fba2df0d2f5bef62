"""The library is not what the index was made of: shown where answers are read, as every command shows it."""

from __future__ import annotations

import streamlit as st

from kb.config import settings
from kb.i18n import Words, t, tn
from kb.index.behind import SHOWN, library_behind
from kb.ui import accounts, markup, shell, work

KINDS = Words({"altered": "altered", "deleted": "deleted", "new": "new"})
"""What became of a file."""


def show_behind() -> None:
    """Name the files that were altered, deleted or put in since the index was made, with the way to make it anew.

    Who may not see every country reads how many they are, and no name.
    """
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
            work.ask("build", t("The index"), {}, by="")
            st.rerun()


def _words(row: str) -> str:
    """'library/a.pdf (altered)' in the reader's language."""
    name, _, what = row.rpartition(" (")
    return f"{name} ({KINDS[what.rstrip(')')]})"
