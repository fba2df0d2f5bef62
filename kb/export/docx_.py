"""DOCX: a book with headings, quotations and sources; or a table (`kb.export.docx_table`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.export import docx_frame as frame
from kb.export.book import BOOK, BookHeading, FindingTable, Item, columns_of, parts
from kb.export.book_columns import on_paper
from kb.export.docx_frame import paragraph
from kb.export.docx_table import write_table
from kb.export.job import ExportJob
from kb.export.rows import Row
from kb.export.widths import BESIDE
from kb.models import OWN_MARK


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write the document; the same rows give the same bytes."""
    if job.own == BOOK:
        _write_book(rows, path, job)
    else:
        write_table(rows, path, job)


# --- a book ---


def _write_book(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    from docx.shared import Pt

    document = frame.new_document(job)
    document.add_paragraph(frame.MARK)
    frame.method(document, job)
    styles = (frame.QUOTATION, frame.OWN, frame.SOURCE, frame.ABOUT, frame.CELL)
    ids = {name: document.styles[name].style_id for name in styles}
    # a book has five levels of headings
    heads = {level: document.styles[f"Heading {level + 1}"].style_id for level in range(5)}
    size, widths = on_paper(rows, job, frame.text_width(document) / Pt(1))
    document.styles[frame.CELL].font.size = Pt(size)
    frame.stream(document, path, "w:p", _pieces(rows, job, ids, heads, widths))


def _pieces(
    rows: Iterable[Row], job: ExportJob, ids: dict[str, str], heads: dict[int, str], widths: list[int]
) -> Iterator[str]:
    level = 0
    for part in parts(rows, job.provenance):
        if isinstance(part, BookHeading):
            level = part.level
            yield paragraph(part.text, heads[level])
        elif isinstance(part, Item):
            yield "".join(_item(part, ids, heads[level + 1]))
        elif isinstance(part, FindingTable):
            yield _finding(part, ids, widths, columns_of(job.provenance))
        else:
            yield paragraph(f"{part.name}: {' · '.join(part.lines)}", ids[frame.ABOUT])


TOGETHER = 3
"""Pieces of evidence that are kept on a page with their finding: a third of a page; more would leave pages half
empty."""


def _item(item: Item, ids: dict[str, str], head: str = "", held: bool = False) -> Iterator[str]:
    """Yield the paragraphs of one item as WordprocessingML: its name (only if the style `head` is given), its text, its
    source and the small print. `ids` maps names of styles to their identifiers; `held` prevents a page break after the
    item."""
    if head:
        yield paragraph(item.name, head)
    yield from _words(item, ids)
    yield paragraph("\n".join(item.source), ids[frame.SOURCE], last=not item.about and not held)
    if item.about:
        yield paragraph("\n".join(item.about), ids[frame.ABOUT], held=held)


def _words(item: Item, ids: dict[str, str]) -> Iterator[str]:
    if item.own:
        yield paragraph(OWN_MARK.strip(), ids[frame.OWN], bold=True)
    if item.words:
        yield paragraph(item.words, ids[frame.OWN if item.own else frame.QUOTATION], language=item.language)


def _finding(part: FindingTable, ids: dict[str, str], widths: list[int], names: tuple[str, ...]) -> str:
    """Return the table of one criterion as WordprocessingML: a head with the column `names`, the four cells, and a row
    for each piece of evidence. `widths` are in twentieths of a point; `ids` maps names of styles to their identifiers.

    No page ends inside a row, between the head and the first row, or between the finding and its first evidence.
    """
    width, style, beside = sum(widths), ids[frame.CELL], round(BESIDE * 20)  # twentieths of a point
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    head = "".join(_cell(paragraph(name, style, bold=True, held=True), each) for name, each in zip(names, widths))
    cells = zip((part.criterion, part.finding, part.body, part.who), widths)
    on = bool(part.evidence)
    body = "".join(
        _cell("".join(paragraph(line, style, held=on) for line in lines or ("",)), each) for lines, each in cells
    )
    whole = "<w:trPr><w:cantSplit/></w:trPr>"
    few = len(part.evidence) <= TOGETHER
    rows = ("".join(_item(each, ids, held=few and each is not part.evidence[-1])) for each in part.evidence)
    evidence = "".join(f"<w:tr>{whole}{_cell(row, width, span=len(widths))}</w:tr>" for row in rows)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="767676"/>' for side in ("top", "left", "bottom", "right")
    )
    inner = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="767676"/>' for side in ("insideH", "insideV"))
    properties = (
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{borders}{inner}</w:tblBorders><w:tblLayout '
        f'w:type="fixed"/><w:tblCellMar><w:left w:w="{beside}" w:type="dxa"/><w:right w:w="{beside}" w:type="dxa"/>'
        "</w:tblCellMar>"
    )
    repeated = '<w:trPr><w:cantSplit/><w:tblHeader w:val="true"/></w:trPr>'
    return (
        f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr>{repeated}{head}</w:tr>"
        f"<w:tr>{whole}{body}</w:tr>{evidence}</w:tbl><w:p/>"
    )


def _cell(inner: str, width: int, span: int = 1) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>{inner}</w:tc>'
