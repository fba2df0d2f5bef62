"""Adding an official text from the app: the same door as `kb add FILE --as ID`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from kb.config import Settings
from kb.errors import InputError
from kb.files import scratch
from kb.ui import resources, shell
from kb.workspace.intake import Arrival, take
from kb.workspace.shelf import Publishing


def show_add(missing: dict[str, str], settings: Settings) -> None:
    """The form: which text, and its file. What is refused is said beside it, and nothing is kept then."""
    st.markdown(
        "Get the text from its publisher, then give the file here. It is checked, kept on this computer and made "
        "searchable; nothing is sent away."
    )
    id = st.selectbox(
        "It is the text of",
        list(missing),
        index=None,
        format_func=missing.__getitem__,
        key="official-id",
        placeholder="Choose",
        filter_mode="contains",
    )
    given = st.file_uploader("The file", type=list(resources.UPLOADS), key="official-file")
    if st.button("Add it", key="official-add", type="primary"):
        with shell.told():
            if id is None or given is None:
                raise InputError("The file, or which text it is, is missing.", do="Choose both.")
            with st.status(f"Reading {given.name}", expanded=True) as status, scratch("official") as folder:
                file = folder / (Path(given.name).name or "text")
                file.write_bytes(given.getbuffer())
                taken = take(settings, Arrival(file, official=id), publishing=Publishing(say=st.write))
                status.update(label=taken.note or f"{missing[id]} can be searched now", state="complete")
