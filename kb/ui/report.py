"""The report of one assessment, and the comparison with others, as downloads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import streamlit as st

from kb.assessment.policies import policy_sets
from kb.errors import KBError
from kb.i18n import t
from kb.i18n.refusals import in_words
from kb.jobs.models import Given
from kb.report.assessment import self_assessment
from kb.report.blocks import Report
from kb.report.comparison import comparison
from kb.report.made import asked, assessment_words, comparison_words
from kb.report.writing import formats_here, packed_files
from kb.ui import desk, markup, resources, shell, work
from kb.ui.accounts import author
from kb.ui.job_titles import REPORT_WORDS, every_format
from kb.ui.overview import overview
from kb.ui.sets import countries
from kb.ui.widgets import download

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "pdf": "application/pdf",
}
COMPARISON = "comparison"
"""The key of the buttons under a comparison."""
AT_ONCE = 300
"""Up to this many pieces the Word file is made while the person waits: it takes about half a second, a web page a
fiftieth of that."""


def page() -> None:
    """Draw the report page of one assessment: what the report contains, its downloads, and the comparison with
    others."""
    policy_set = desk.opened("report")
    if policy_set is None:
        return
    now = overview(policy_set.id)
    assert now is not None  # chosen_set found it
    desk.switch_derived()
    ws, framework, derived = resources.workspace(), resources.framework(), desk.derived_on()
    country = countries().get(policy_set.country, policy_set.country)

    def made() -> Report:
        """Return the report of the assessment from the current state of the log."""
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
    pieces = now.decided + sum(len(one.evidence) for one in now.findings.values())
    show_formats("assessment", f"{policy_set.id}-report", policy_set.title, made, pieces=pieces)
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
            """Return the comparison of the chosen assessments from the current state of the log."""
            on = datetime.now(UTC).date()
            report = comparison(ws, framework, columns, on=on, derived=derived)
            return asked(report, comparison_words(columns, derived), on, resources.bench())

        title = ", ".join(others.get(id, policy_set.title) for id in columns)
        cells = now.criteria * len(columns)
        show_formats(COMPARISON, f"{policy_set.id}-comparison", title, beside, pieces=cells)


def show_formats(key: str, name: str, title: str, made: Callable[[], Report], *, pieces: int) -> None:
    """Draw a download button for each format this computer can make; the file is made when the button is pressed.

    `key` is the prefix of the widgets' keys, `name` the file name without extension, `title` the name of the job, and
    `made` returns the report. Slow formats are written by a worker process: PDF, and Word with many `pieces` (number of
    evidence rows, criteria or passages). Only the person's own page calls `made`, so that the report holds what this
    person may see.
    """
    here = formats_here()
    beside = {format for format in here if format == "pdf" or (format == "docx" and pieces > AT_ONCE)}
    with st.container(horizontal=True):
        for format in here:
            kind: Literal["primary", "secondary"] = "primary" if format == "docx" else "secondary"
            if format in beside:
                if st.button(REPORT_WORDS[format], key=f"{key}-{format}", type=kind):
                    _ask(key, title, f"{name}.{format}", format, made)
                continue
            one = partial(_file, made, format)
            download(REPORT_WORDS[format], one, f"{name}.{format}", KINDS[format], key=f"{key}-{format}", type=kind)
        every = every_format()
        if not beside:
            download(every, partial(_every, made, name), f"{name}.zip", key=f"{key}-all")
        elif st.button(every, key=f"{key}-all"):
            _ask(key, title, f"{name}.zip", "zip", made)
    if beside:
        named = ", ".join(REPORT_WORDS[format] for format in here if format in beside)
        words = t(
            "Takes some seconds: {formats}. It is made beside the app and waits at the top of the page; this page can "
            "be closed meanwhile.",
            formats=named,
        )
        st.html(markup.line(words))
    if "pdf" not in here:
        st.html(markup.line(t("PDF needs LibreOffice on this computer. The web page prints well.")))


def _ask(key: str, title: str, name: str, format: str, made: Callable[[], Report]) -> None:
    """Submit a job that writes the report that `made` returns as the file `name` in `format`. `title` is the title
    of the job; `key` tells a report from a comparison."""
    with shell.errors_shown():
        given: Given = {"format": format, "name": name, "compared": key == COMPARISON}
        file = ("report.json", made().model_dump_json().encode())
        work.ask("report", title, given, by=author(), file=file)
        st.rerun()


def file_of(report: Report, format: str) -> bytes:
    """Return the report as bytes of a file; if it cannot be made, a text that says why."""
    try:
        return packed_files(report, "report", format, datetime.now(UTC))
    except KBError as error:
        return t("The report was not made: {error}\n", error=in_words(error)).encode()


def _file(made: Callable[[], Report], format: str) -> bytes:
    return file_of(made(), format)


def _every(made: Callable[[], Report], name: str) -> bytes:
    """Return one report in all formats, as a ZIP file."""
    return packed_files(made(), name, "zip", datetime.now(UTC))
