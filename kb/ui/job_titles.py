"""The title of a job on a page, in the language of the person who reads, not of the person who started the job."""

from __future__ import annotations

from kb.export import FORMATS
from kb.export.request import Request
from kb.i18n import TranslatedLabels, t
from kb.jobs.models import Job

FILE_WORDS = TranslatedLabels(
    {
        "csv": "CSV, UTF-8 with byte order mark",
        "xlsx": "Excel workbook",
        "html": "one accessible HTML page",
        "docx": "Word document",
        "qdpx": "REFI-QDA project",
    }
)
"""Formats with a description that is translated; the others are names, the same in every language."""
ROWS_WORDS = TranslatedLabels(
    {
        "results": "Search results",
        "passages": "Passages",
        "codes": "Passages that people coded",
        "commitments": "Commitments",
        "findings": "Findings of an assessment",
        "actions": "Actions",
    }
)
REPORT_WORDS = TranslatedLabels({"docx": "Word file (docx)", "html": "Web page in one file (html)", "pdf": "PDF"})


def file_words(format: str) -> str:
    """Return the description of an export format in the reader's language."""
    return FILE_WORDS[format] if format in FILE_WORDS else FORMATS[format].about


def every_format() -> str:
    """Return the words for a report in every format at once."""
    return t("All of these (ZIP)")


def title_of(job: Job) -> str:
    """Return the title of a job in the reader's language. What people named (a file, an assessment) keeps its name."""
    if job.kind == "export":
        kind = Request.model_validate_json(job.given["request"]).kind
        return f"{ROWS_WORDS[kind]}, {file_words(job.given['format'])}"
    if job.kind == "report":
        of = t("Comparison: {titles}", titles=job.title) if job.given.get("compared") else job.title
        format = job.given["format"]
        return f"{of}, {REPORT_WORDS[format] if format in REPORT_WORDS else every_format()}"
    if job.kind == "build":
        return t("The index")
    return t("The sample") if job.kind == "sample" else job.title
