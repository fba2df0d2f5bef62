"""DOCX: one table whose head row is repeated on each page; or, with too many columns for a page, each record as a
list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from kb.export import docx_frame as frame
from kb.export.docx_frame import paragraph
from kb.export.job import ExportJob
from kb.export.layouts import Cell
from kb.export.rows import Row
from kb.export.widths import BESIDE, fitting_size, point_widths

if TYPE_CHECKING:
    from docx.document import Document

SAMPLE = 200
"""Records that are measured for the column widths: all of a usual table, and few enough for memory."""
_SPOKEN = ("text", "statement", "words")
"""Columns whose text is in the language of the row."""


def write_table(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write the rows as a table, or as lists if no font size leaves each column enough room for its words."""
    from docx.shared import Pt

    document = frame.new_document(job)
    document.add_heading("Rows", level=2)
    room = frame.text_width(document) / Pt(1)
    sample = [[_words(cell) for cell in record] for record in _some(rows, job)]
    heads = _heads(job)
    size = fitting_size(heads, sample, room)
    if size is None:
        document.add_paragraph(frame.MARK)
        frame.method(document, job)
        names = {name: document.styles[name].style_id for name in (frame.ABOUT, "Heading 3")}
        frame.stream(document, path, "w:p", _lists(rows, job, names))
        return
    document.styles["Normal"].font.size = Pt(size)
    widths = [round(width * 20) for width in point_widths(heads, sample, room, size)]  # twentieths of a point
    _table(document, job, widths)
    frame.method(document, job)
    frame.stream(document, path, "w:tr", _records(rows, job, widths))


def _heads(job: ExportJob) -> list[str]:
    return [column.title or column.name for column in job.layout.columns]


def _some(rows: Iterable[Row], job: ExportJob) -> Iterator[list[Cell]]:
    """Return the cells of the first records, from which the column widths are computed."""
    return islice(chain.from_iterable(map(job.layout.records, rows)), SAMPLE)


def _words(cell: Cell) -> str:
    return "" if cell is None else str(cell)


# --- a table ---


def _table(document: Document, job: ExportJob, widths: list[int]) -> None:
    """Add a table with its head row and one row that holds the placeholder for the records."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Twips

    table = document.add_table(rows=2, cols=len(widths), style="Table Grid")
    table.autofit = False
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for cell, head, width in zip(table.rows[0].cells, _heads(job), widths):
        cell.paragraphs[0].add_run(head).bold = True
        cell.width = Twips(width)
    table.rows[1].cells[0].text = frame.MARK
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(BESIDE * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLayout")).addnext(margins)
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), f"{job.provenance.kind}, one record a line")
    table._tbl.tblPr.append(caption)
    for column, width in zip(table.columns, widths):
        column.width = Twips(width)


def _records(rows: Iterable[Row], job: ExportJob, widths: list[int]) -> Iterator[str]:
    spoken = [column.name in _SPOKEN for column in job.layout.columns]
    for row in rows:
        for record in job.layout.records(row):
            cells = (_cell(v, row.language if s else "", w) for v, s, w in zip(record, spoken, widths))
            yield f"<w:tr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, language: str, width: int) -> str:
    inner = paragraph(_words(cell), language=language)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inner}</w:tc>'


# --- lists ---


def _lists(rows: Iterable[Row], job: ExportJob, styles: dict[str, str]) -> Iterator[str]:
    """Yield each record under a numbered heading, with a line for each cell that is not empty."""
    heads = _heads(job)
    spoken = [column.name in _SPOKEN for column in job.layout.columns]
    records = ((row, record) for row in rows for record in job.layout.records(row))
    for n, (row, record) in enumerate(records, 1):
        yield paragraph(f"{n}. {row.id}", styles["Heading 3"])
        for head, cell, language in zip(heads, record, (row.language if each else "" for each in spoken)):
            if _words(cell):
                yield paragraph(f"{head}: {_words(cell)}", styles[frame.ABOUT], language=language)
