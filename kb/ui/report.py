"""The report of one assessment, and the comparison with others, as files for people."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import streamlit as st

from kb.assessment.policies import policy_sets
from kb.errors import KBError
from kb.files import scratch
from kb.i18n import Words, t
from kb.i18n.refusals import in_words
from kb.office import program as office
from kb.report.assessment import self_assessment
from kb.report.blocks import Report
from kb.report.comparison import comparison
from kb.report.made import asked, assessment_words, comparison_words
from kb.report.writing import FORMATS, write
from kb.ui import desk, markup, resources
from kb.ui.overview import overview
from kb.ui.sets import countries
from kb.ui.widgets import download

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "pdf": "application/pdf",
}
WORDS = Words({"docx": "Word file (docx)", "html": "Web page in one file (html)", "pdf": "PDF"})


def page() -> None:
    """Draw what the report holds, and the ways to take it."""
    policy_set = desk.opened("report")
    if policy_set is None:
        return
    now = overview(policy_set.id)
    assert now is not None  # chosen_set found it
    desk.switch_derived()
    ws, framework, derived = resources.workspace(), resources.framework(), desk.derived_on()
    country = countries().get(policy_set.country, policy_set.country)

    def made() -> Report:
        """The report as the log is now."""
        on = datetime.now(UTC).date()
        report = self_assessment(ws, framework, policy_set.id, on=on, country=country, derived=derived)
        return asked(report, assessment_words(policy_set.id, derived), on, resources.bench())

    st.header(t("Self-assessment"))
    st.markdown(
        t(
            "{decided} of {criteria} criteria are decided. The report has a summary on one page, the "
            "method and its limits, each decided criterion with its words, the actions by date, the "
            "history, and the evidence with hashes. It has no score.",
            decided=now.decided,
            criteria=now.criteria,
        )
    )
    show_formats("assessment", f"{policy_set.id}-report", made)
    st.header(t("Beside another assessment"))
    others = {one.id: one.title for one in policy_sets(ws) if one.id != policy_set.id and not one.archived}
    if not others:
        st.html(markup.line(t("There is no other assessment yet.")))
        return
    chosen = st.multiselect(
        t("Compare it with"),
        list(others),
        format_func=others.__getitem__,
        key="report-others",
        placeholder=t("Choose"),
        select_all=False,
        filter_mode="contains",
    )
    if chosen:
        columns = [policy_set.id, *chosen]

        def beside() -> Report:
            """The comparison as the log is now."""
            on = datetime.now(UTC).date()
            report = comparison(ws, framework, columns, on=on, derived=derived)
            return asked(report, comparison_words(columns, derived), on, resources.bench())

        show_formats("comparison", f"{policy_set.id}-comparison", beside)


def show_formats(key: str, name: str, made: Callable[[], Report]) -> None:
    """A button for each format that can be made here; the file is made when it is pressed."""
    here = [format for format in FORMATS if format != "pdf" or office()]
    with st.container(horizontal=True):
        for format in here:
            download(
                WORDS[format],
                partial(_file, made, format),
                f"{name}.{format}",
                KINDS[format],
                key=f"{key}-{format}",
                type="primary" if format == "docx" else "secondary",
            )
        download(t("All of these (ZIP)"), partial(_all_files, made, here, name), f"{name}.zip", key=f"{key}-all")
    if not office():
        st.html(markup.line(t("PDF needs LibreOffice on this computer. The web page prints well.")))


def file_of(report: Report, format: str) -> bytes:
    """The report as bytes of a file; where it cannot be made, a text that says why, so that nothing is silent."""
    with scratch("report") as folder:
        path = Path(folder) / f"report.{format}"
        try:
            return write(report, path, format, made=datetime.now(UTC)).read_bytes()
        except KBError as error:
            return t("The report was not made: {error}\n", error=in_words(error)).encode()


def _file(made: Callable[[], Report], format: str) -> bytes:
    return file_of(made(), format)


def _all_files(made: Callable[[], Report], formats: Sequence[str], name: str) -> bytes:
    """One report in all its forms, as a zip: it is made once, so that all say the same."""
    report, packed = made(), BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for format in formats:
            archive.writestr(f"{name}.{format}", file_of(report, format))
    return packed.getvalue()
