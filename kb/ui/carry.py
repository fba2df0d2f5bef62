"""A complete assessment as one file: export to another workspace, and import with its history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from kb.assessment.double import sealed
from kb.assessment.models import PolicySet
from kb.errors import InputError
from kb.files import scratch
from kb.i18n import t
from kb.ui import markup, resources, shell
from kb.ui.form import Form
from kb.ui.widgets import download
from kb.workspace.exchange import export_assessment, import_assessment, read_assessment

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def show_out(policy_set: PolicySet) -> None:
    """Draw the download of the assessment; the file is made when the button is pressed."""
    download(
        t("The whole assessment as one file"),
        lambda: _file(policy_set.id),
        f"{policy_set.id}.assessment.json",
        "application/json",
        key=f"out-{policy_set.id}",
        icon=":material/archive:",
    )
    with resources.workspace().reading() as reader:
        back = dict.fromkeys(sealed(reader, policy_set=policy_set.id).values())
    if back:
        names = "; ".join(f"{criterion}: {by}" for criterion, by in back)
        st.caption(
            t("Not in the file until both have handed in: sheets of {names}.", names=markup.plain_markdown(names))
        )


def _file(id: str) -> bytes:
    content = export_assessment(resources.workspace(), id)
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def show_in(by: str) -> None:
    """Draw the form that imports an assessment from a file in the name of `by`; it is disabled without a name."""
    form = Form("carry-in", {"name": ""}, by=by)
    given = st.file_uploader(t("An assessment that was taken out as one file"), type=["json"], key="carried-file")
    shell.show_wrong("carried-file")
    name = form.line("name", t("Name here"), placeholder=t("only if its own name is taken"))
    if form.submit(t("Bring it in"), disabled=not by):
        with shell.errors_shown({"file": "carried-file", "name": form.key("name")}):
            _take(given, name, by)
            form.recorded()


def _take(given: UploadedFile | None, name: str, by: str) -> None:
    """Check the uploaded file `given`, then import the complete assessment or nothing; `name` is its new id ('': as in
    the file). Raises InputError for a missing or wrong file."""
    with shell.at("file"):
        if given is None:
            raise InputError(t("There is no file."), do=t("Choose one."))
        with scratch("carry") as folder:
            file = folder / "assessment.json"
            file.write_bytes(given.getbuffer())
            try:
                content = read_assessment(file)
            except InputError as error:  # of the person's file, not of the copy here
                raise InputError(error.what, where=given.name, do=error.do) from error
    brought = import_assessment(resources.workspace(), content, by=by, as_set=name or None)
    st.success(
        t(
            "Came in: findings {findings}, entries of their history {events}. Run the checks on them now.",
            findings=brought.findings,
            events=brought.events,
        )
    )
