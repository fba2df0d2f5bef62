"""DOCX: a book with headings, quotations and sources; or a table (`kb.export.docx_table`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.export import docx_frame as frame
from kb.export.book import BOOK, FINDING_COLUMNS, Finding, Heading, Item, parts
from kb.export.docx_frame import paragraph
from kb.export.docx_table import write_table
from kb.export.job import Job
from kb.export.rows import Row
from kb.models import OWN_MARK

_SHARES = (27, 40, 18, 15)  # of a finding's columns, in hundredths: the rationale is the longest text


def write(rows: Iterable[Row], path: Path, job: Job) -> None:
    """Write the document; the same rows give the same bytes."""
    if job.own == BOOK:
        _write_book(rows, path, job)
    else:
        write_table(rows, path, job)


# --- a book ---


def _write_book(rows: Iterable[Row], path: Path, job: Job) -> None:
    document = frame.new_document(job)
    document.add_paragraph(frame.MARK)
    frame.method(document, job)
    ids = {name: document.styles[name].style_id for name in (frame.QUOTATION, frame.OWN, frame.SOURCE, frame.ABOUT)}
    # a book has five levels of headings
    heads = {level: document.styles[f"Heading {level + 1}"].style_id for level in range(5)}
    width = frame.text_width(document) // 635  # twentieths of a point
    frame.stream(document, path, "w:p", _pieces(rows, job, ids, heads, int(width)))


def _pieces(rows: Iterable[Row], job: Job, ids: dict[str, str], heads: dict[int, str], width: int) -> Iterator[str]:
    level = 0
    for part in parts(rows, job.provenance):
        if isinstance(part, Heading):
            level = part.level
            yield paragraph(part.text, heads[level])
        elif isinstance(part, Item):
            yield "".join(_item(part, ids, heads[level + 1]))
        elif isinstance(part, Finding):
            yield _finding(part, ids, width)
        else:
            yield paragraph(f"{part.name}: {' · '.join(part.lines)}", ids[frame.ABOUT])


def _item(item: Item, ids: dict[str, str], head: str = "") -> Iterator[str]:
    """The name in the style `head`, one level below the heading above it, the words, the source under them, and the
    small print."""
    if head:
        yield paragraph(item.name, head)
    yield from _words(item, ids)
    yield paragraph("\n".join(item.source), ids[frame.SOURCE], last=not item.about)
    if item.about:
        yield paragraph("\n".join(item.about), ids[frame.ABOUT])


def _words(item: Item, ids: dict[str, str]) -> Iterator[str]:
    if item.own:
        yield paragraph(OWN_MARK.strip(), ids[frame.OWN], bold=True)
    if item.words:
        yield paragraph(item.words, ids[frame.OWN if item.own else frame.QUOTATION], language=item.language)


def _finding(part: Finding, ids: dict[str, str], width: int) -> str:
    """A table of one criterion: its head, its four cells, and a row for each piece of evidence."""
    widths = [width * share // 100 for share in _SHARES]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    head = "".join(_cell(paragraph(name, bold=True), each) for name, each in zip(FINDING_COLUMNS, widths))
    cells = zip((part.criterion, part.finding, part.body, part.who), widths)
    body = "".join(_cell("".join(paragraph(line) for line in lines) or "<w:p/>", each) for lines, each in cells)
    evidence = "".join(
        f"<w:tr>{_cell(''.join(_item(each, ids)), width, span=len(widths))}</w:tr>" for each in part.evidence
    )
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="767676"/>' for side in ("top", "left", "bottom", "right")
    )
    inner = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="767676"/>' for side in ("insideH", "insideV"))
    properties = (
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{borders}{inner}</w:tblBorders><w:tblLayout '
        f'w:type="fixed"/>'
    )
    repeated = '<w:trPr><w:tblHeader w:val="true"/></w:trPr>'
    return (
        f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr>{repeated}{head}</w:tr>"
        f"<w:tr>{body}</w:tr>{evidence}</w:tbl><w:p/>"
    )


def _cell(inner: str, width: int, span: int = 1) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>{inner}</w:tc>'
