"""DOCX: headings, the query and method, one table whose head row is repeated on each page.

python-docx makes the document with its styles, properties and an empty table; the table's rows are then written into
the file one by one, because a tree of 100,000 rows in memory would take gigabytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from kb.coding.cells import printable
from kb.export.job import Job
from kb.export.layouts import Cell
from kb.export.rows import Row
from kb.export.zips import member
from kb.files import scratch

_MARK = "kb-rows-stand-here"
_WIDE = {"text": 8, "citation": 4, "tags": 4, "place": 6, "force": 3}  # shares of the page width; others have 2


def _run(text: str) -> str:
    lines = printable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)


def _right_to_left(text: str) -> bool:
    """Whether the first strong letter is of a script written from right to left (Hebrew to Arabic blocks)."""
    for char in text[:200]:
        if char.isalpha():
            return "\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc"
    return False


def _cell(cell: Cell, language: str | None) -> str:
    text = "" if cell is None else str(cell)
    rtl = _right_to_left(text)
    inner = f'<w:lang w:val="{escape(language)}" w:bidi="{escape(language)}"/>' if language else ""
    style = f"<w:rPr>{'<w:rtl/>' if rtl else ''}{inner}</w:rPr>" if inner or rtl else ""
    return f"<w:tc><w:p>{'<w:pPr><w:bidi/></w:pPr>' if rtl else ''}<w:r>{style}{_run(text)}</w:r></w:p></w:tc>"


def _records(rows: Iterable[Row], job: Job) -> Iterator[str]:
    spoken = [column.name == "text" for column in job.layout.columns]
    for row in rows:
        for record in job.layout.records(row):
            cells = "".join(_cell(v, row.language if s else None) for v, s in zip(record, spoken))
            yield f"<w:tr>{cells}</w:tr>"


def _table(document: Any, job: Job) -> None:
    """A table with its head row and one row that holds the mark."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = document.add_table(rows=2, cols=len(job.layout.columns), style="Table Grid")
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for cell, column in zip(table.rows[0].cells, job.layout.columns):
        cell.paragraphs[0].add_run(column.title or column.name).bold = True
    table.rows[1].cells[0].text = _MARK
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), f"{job.provenance.kind}, one record a line")
    table._tbl.tblPr.append(caption)
    shares = [_WIDE.get(column.name, 2) for column in job.layout.columns]
    section = document.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    for column, share in zip(table.columns, shares):
        column.width = int(width * share / sum(shares))


def _frame(path: Path, job: Job) -> None:
    """The document with everything but the rows."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    document.styles["Normal"].font.size = Pt(9)
    title = printable(f"{job.provenance.kind.capitalize()}: {job.provenance.query or 'everything'}")
    properties = document.core_properties
    properties.title, properties.language, properties.author = title[:250], "en", job.provenance.tool
    properties.comments = job.provenance.licence[:250]
    properties.created = properties.modified = _date(job.provenance.date)
    document.add_heading(title, level=1)
    document.add_heading("Query and method", level=2)
    for label, value in [*job.provenance.lines(), *(("Note", note) for note in job.layout.notes)]:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(printable(value))
    document.add_heading("Rows", level=2)
    _table(document, job)
    document.save(str(path))


def _date(date: str) -> datetime:
    try:
        return datetime.fromisoformat(date).replace(tzinfo=None)
    except ValueError:
        return datetime(1980, 1, 1)


def write(rows: Iterable[Row], path: Path, job: Job) -> None:
    """Write the document; the same rows give the same bytes."""
    with scratch("docx") as folder:
        frame = folder / "frame.docx"
        _frame(frame, job)
        with zipfile.ZipFile(frame) as old, zipfile.ZipFile(path, "w") as new:
            for info in sorted(old.infolist(), key=lambda i: i.filename != "[Content_Types].xml"):
                if info.filename != "word/document.xml":
                    new.writestr(member(info.filename), old.read(info))
                    continue
                before, _, after = old.read(info).decode().rpartition(_MARK)
                with new.open(member(info.filename), "w", force_zip64=True) as stream:
                    stream.write(before[: before.rindex("<w:tr>")].encode())
                    for record in _records(rows, job):
                        stream.write(record.encode("utf-8", "replace"))
                    stream.write(after[after.index("</w:tr>") + len("</w:tr>") :].encode())
