"""Read the mark of a log from the place that each file format has for it: a property, field or line that only this
program writes.

A mark anywhere else was written by a person (a reason "agreed on the state kb-log/...", a quotation, an imported
text) and does not show where this log ended, so it is not read. The places are:

- a backup: `head.mark` of its manifest; an exported assessment: `anchor`
- the description beside a data file, and JSON-LD: `log` of the provenance; Parquet: the same, in the file's metadata
- Word: the identifier property; Excel: a custom property; PDF: an entry of the document information
- a web page: a `meta` of its head (in older files: the entry "Log" of the method, or the last line of a report)
- Markdown, BibTeX and REFI-QDA: the entry "Log" of the method
- a calendar: a property before its first entry; a plot: `log` of its `usermeta`
- a codebook: a comment in its first lines (Turtle, YAML, .qdc), `anchor` of JSON-LD, `log` in a table's first row
- any other text that is not a table: a line with the mark and nothing else, as `kb findings anchor` writes it
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kb.errors import InputError
from kb.files import fault_of, read_bytes, readable
from kb.log.anchor import MARK, Anchor, marks_in

PROPERTY = "kb-log"
"""Name of the mark among the properties of a web page or workbook."""
PDF_KEY = "/KbLog"
"""Its name in a PDF."""
BESIDE = ("-metadata.json", ".provenance.json")
"""Suffixes of the file that describes a data file."""

_DATA = (".csv", ".tsv", ".jsonl", ".ris")  # a line of such a file can be a part of a cell that a person filled
_PART = 64 * 1024 * 1024  # bytes of the part of a zipped file that holds the mark; ours are far smaller
_PAGE = re.compile(rf'<meta name="{PROPERTY}" content="({MARK.pattern})">')
_PAGE_BEFORE = re.compile(
    r"(?:<dt>Log</dt><dd>|<p><strong>(?:End of the log|Fin del registro|Fin du journal)[ \u00a0\u202f]?:</strong> )"
    rf"({MARK.pattern})"
)
_MARKDOWN = re.compile(rf"^- \*\*Log:\*\* ({MARK.pattern})$", re.MULTILINE)
_BIBTEX = re.compile(rf"; Index: [^;]*; Log: ({MARK.pattern}); Date: ")
_PROJECT = re.compile(rf"^Log: ({MARK.pattern})$", re.MULTILINE)
_CALENDAR = re.compile(rf"^X-KB-LOG:({MARK.pattern})\r?$", re.MULTILINE)
_COMMENT = re.compile(rf"\A(?:<\?xml[^>]*\?>\s*<!-- |# )({MARK.pattern})(?: -->)?$", re.MULTILINE)
_WORD = re.compile(rf"<dc:identifier>({MARK.pattern})</dc:identifier>")
_EXCEL = re.compile(rf'name="{PROPERTY}"[^>]*><vt:lpwstr>({MARK.pattern})</vt:lpwstr>')


def own_mark(log: str) -> str:
    """Return `log` if it is a mark; '' for other text, such as "no workspace"."""
    return log if MARK.fullmatch(log) else ""


def page_meta(mark: str) -> str:
    """Return the `meta` element with the log's mark (`kb-log/…`, see `kb.log.anchor`) for the head of a web page; ''
    if the text is not a mark."""
    return f'<meta name="{PROPERTY}" content="{mark}">' if own_mark(mark) else ""


def noted(file: Path) -> list[Anchor]:
    """Return the marks in a file, without repeats. Raises InputError for an unreadable file, and for a data file
    whose mark is in the description file beside it."""
    readable(file)
    beside = [file.name + ending for ending in BESIDE if file.with_name(file.name + ending).is_file()]
    if beside:
        raise InputError(
            "This file carries no mark of a log: its mark stands in the file beside it.",
            where=str(file),
            do=f"Give {beside[0]}.",
        )
    return list(dict.fromkeys(anchor for mark in _marks(file) for anchor in marks_in(mark)))


def _marks(file: Path) -> Iterator[str]:
    """Yield the marks in a file, whose format is recognised by its first bytes or by its extension."""
    if zipfile.is_zipfile(file):
        yield from _of_zip(file)
        return
    content = read_bytes(file)
    if content.startswith(b"%PDF-"):
        yield _of_pdf(file)
    elif content.startswith(b"PAR1"):
        yield _of_parquet(file)
    elif file.suffix == ".csv":
        yield _of_codebook(content.decode("utf-8-sig", "replace"))
    elif file.suffix not in _DATA:
        yield from _of_text(content.decode("utf-8-sig", "replace"))


def _of_zip(file: Path) -> Iterator[str]:
    """Yield the marks of a backup, Word file, workbook or REFI-QDA project."""
    with fault_of(file, "the archive is damaged", "Take another copy of it."), zipfile.ZipFile(file) as archive:
        for part in archive.infolist():
            if part.file_size > _PART:
                continue
            if part.filename == "manifest.json":
                head = _json(_words(archive, part)).get("head")
                yield str(head.get("mark", "")) if isinstance(head, dict) else ""
            elif part.filename == "docProps/core.xml":
                yield from _found(_WORD, _words(archive, part))
            elif part.filename == "docProps/custom.xml":
                yield from _found(_EXCEL, _words(archive, part))
            elif part.filename == "project.qde":  # its last description is the project's own
                yield from _found(_PROJECT, _words(archive, part).rpartition("<Description>")[2])


def _words(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    return archive.read(part).decode("utf-8", "replace")


def _found(place: re.Pattern[str], text: str) -> Iterator[str]:
    for match in place.finditer(text):
        yield match[1]


def _of_pdf(file: Path) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    with fault_of(file, "the PDF is damaged", "Take another copy of it."):
        try:
            about = PdfReader(file).metadata
            return str(about.get(PDF_KEY, "")) if about else ""
        except PyPdfError as error:
            raise ValueError(str(error)) from error


def _of_parquet(file: Path) -> str:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    with fault_of(file, "the Parquet file is damaged", "Take another copy of it."):
        try:
            about = (read_schema(file).metadata or {}).get(b"kb.provenance", b"")
        except ArrowException as error:
            raise ValueError(str(error)) from error
    return str(_json(about.decode("utf-8", "replace")).get("log", ""))


def _of_codebook(text: str) -> str:
    """Return the mark in the first row of a codebook table; '' for any other table."""
    with contextlib.suppress(csv.Error, IndexError):
        rows = csv.reader(io.StringIO(text, newline=""))
        next(rows, None)
        first = next(rows, [])
        return str(_json(first[4]).get("log", "")) if first[:1] == ["#"] else ""
    return ""


def _of_text(text: str) -> Iterator[str]:
    start = text.lstrip()[:9].lower()
    if start.startswith("{"):
        content = _json(text)
        for place in (content, content.get("provenance"), content.get("kb:provenance"), content.get("usermeta")):
            if isinstance(place, dict):
                yield str(place.get("anchor" if place is content else "log", ""))
    elif start == "<!doctype":
        yield from list(_found(_PAGE, text.partition("</head>")[0])) or _found(_PAGE_BEFORE, text)
    elif start == "begin:vca":  # long lines of a calendar are folded: a line end and a space
        yield from _found(_CALENDAR, re.sub(r"\r?\n[ \t]", "", text).partition("BEGIN:VEVENT")[0])
    elif start.startswith("@comment{"):
        yield from _found(_BIBTEX, text.partition("\n")[0])
    elif _COMMENT.match(text):
        yield from _found(_COMMENT, text)
    elif start.startswith("# "):  # the method is the block under the title
        yield from _found(_MARKDOWN, text.partition("\n\n")[2].partition("\n\n")[0])
    else:
        yield from (line.strip() for line in text.splitlines() if MARK.fullmatch(line.strip()))


def _json(text: str) -> dict[str, object]:
    """Return the JSON object of a text; an empty one for anything else."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
