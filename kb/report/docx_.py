"""A report as a Word file: real heading styles, repeated table headers, language tags, page numbers.

A template sets the look: any Word file with the usual styles (Title, Heading 1 to 3, Quote, List Bullet, Table Grid).
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kb.coding.cells import printable
from kb.errors import InputError
from kb.export.docx_frame import number_pages
from kb.export.widths import BESIDE, SIZES, fitting_size, point_widths
from kb.export.zips import settle
from kb.files import readable, scratch
from kb.i18n import t
from kb.models import FORCE_WORDS
from kb.report.blocks import Bullets, FactList, Heading, Quote, Report, ReportBlock, Table, Text, note_words, own_mark
from kb.report.made import Made, in_word

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length
    from docx.table import Table as DocxTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

STYLES = ("Title", "Heading 1", "Heading 2", "Heading 3", "Quote", "List Bullet", "Table Grid")
"""Styles that a template must have."""


SIGN_FACE = "DejaVu Sans"
"""Font that has every symbol of a state at the height of a capital. Word uses its own symbol font if it is missing."""
_SIGNS = re.compile("([\u2295-\u22a0\u25a0-\u25ff]+)")
SHORT = 9.5
"""Font size in points of a report without a title page, so that a brief fits on two pages."""
ABOVE = 12
"""Space in points above a heading of such a report."""
DOWN, NAMES, LINE = 60, 120, 5
"""Points: space above the title of a title page, width of the names beside values, and space between two lines."""


def write(
    report: Report, path: Path, template: Path | None = None, made: datetime | None = None, how: Made | None = None
) -> None:
    """Write the report as a Word file, with the description of how it was made among its properties.

    Raises InputError for a template that is not a Word file or lacks a style.
    """
    document = _opened(template)
    _say_what_it_is(document, report, made)
    title = document.add_paragraph(printable(report.title), style="Title")
    if report.subtitle:
        document.add_paragraph(printable(report.subtitle))
    if own_page := any(isinstance(block, Heading) and block.level == 1 for block in report.blocks):
        title.paragraph_format.space_before = _points(DOWN)
    elif template is None:
        document.styles["Normal"].font.size = _points(SHORT)
        document.styles["Normal"].paragraph_format.space_after = _points(LINE)
        document.styles["Heading 1"].paragraph_format.space_before = _points(ABOVE)
    _facts(document, FactList(rows=report.facts), apart=own_page)
    first = min((block.level for block in report.blocks if isinstance(block, Heading)), default=1)
    for block in report.blocks:
        if isinstance(block, Heading):
            _heading(document, block, first)
        else:
            _block(document, block)
    number_pages(document)
    if how:
        in_word(document, how)
    with scratch("report") as folder:
        document.save(str(folder / "frame.docx"))
        settle(folder / "frame.docx", path)


def _opened(template: Path | None) -> Document:
    """Return an empty document with the look of the template, or with our own. Raises InputError as `write` does."""
    from docx import Document as opened
    from docx.shared import Mm, Pt

    if template:
        readable(template)
    try:
        document = opened(str(template) if template else None)
    except Exception as error:
        raise InputError("The template is no Word file.", where=str(template), do="Give a .docx file.") from error
    held = {style.name for style in document.styles}
    if missing := [name for name in STYLES if name not in held]:
        raise InputError(
            f"The template lacks the style “{missing[0]}”.",
            where=str(template),
            do="Add it in Word, or leave the template out.",
        )
    if template:
        _refuse_what_links_out(document, template)
    if template is None:
        section = document.sections[0]
        # A4, 22 mm of margin, letters of ten and a half points
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(22)  # a column of some 85 letters
        section.top_margin = section.bottom_margin = Mm(18)  # a summary stays on its page in each language
        # ten and a half points print well
        document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Liberation Sans", Pt(10.5)
        for name in STYLES[:4]:
            document.styles[name].font.name = "Liberation Sans"
    else:  # words of the template are a sample of its look, and no part of a report
        body = document.element.body
        for child in [one for one in body if not one.tag.endswith("}sectPr")]:
            body.remove(child)
    return document


def _refuse_what_links_out(document: Document, template: Path) -> None:
    """Raise InputError for a template that loads a part, such as a linked picture, from another address when a report
    is opened.

    Hyperlinks are kept. The path of the template's own template is removed.
    """
    for part in document.part.package.iter_parts():
        for key, link in list(part.rels.items()):
            kind = link.reltype.rsplit("/", 1)[-1]
            if not link.is_external or kind == "hyperlink":
                continue
            if kind != "attachedTemplate":
                raise InputError(
                    f"The template takes a part from another place ({kind}: {link.target_ref}): whoever opens the "
                    f"report "
                    "would ask that place for it.",
                    where=str(template),
                    do="Put the part into the template itself: in Word, insert the picture and do not link it.",
                )
            for named in part.element.xpath("//w:attachedTemplate") if hasattr(part, "element") else ():
                named.getparent().remove(named)
            del part.rels[key]


FIXED = datetime(1980, 1, 1)
"""Creation time of a file if none is known, so that the same report gives the same bytes."""


def _end_of_log(mark: str) -> datetime | None:
    """Return when the last entry of the log was written, read from its mark; None if unknown."""
    try:
        return datetime.fromisoformat(mark.rpartition("/")[2]) if mark else None
    except ValueError:
        return None


def moment_of(report: Report, made: datetime | None) -> datetime:
    """Return the creation time for a file of the report: the time of the last log entry, otherwise the day it was made.
    The same report then gives the same bytes at any hour."""
    day = made.replace(hour=0, minute=0, second=0, microsecond=0) if made else FIXED
    return (_end_of_log(report.log) or day).replace(tzinfo=None)


def _say_what_it_is(document: Document, report: Report, made: datetime | None) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = document.core_properties
    properties.title, properties.language, properties.author = printable(report.title)[:250], report.language, ""
    properties.identifier = report.log  # a template's own would be taken for the mark of a log
    properties.created = properties.modified = moment_of(report, made)
    run = document.styles["Normal"].element.get_or_add_rPr()
    spoken = run.find(qn("w:lang"))
    if spoken is None:
        spoken = OxmlElement("w:lang")
        run.append(spoken)
    spoken.set(qn("w:val"), report.language)


def _heading(document: Document, block: Heading, first: int) -> None:
    """Add a heading. The highest level in the report becomes level 1, so that no level is skipped."""
    made = document.add_heading(printable(block.text), level=block.level - first + 1)
    made.paragraph_format.page_break_before = block.level == 1 and not block.follows


def _block(document: Document, block: ReportBlock) -> None:
    if isinstance(block, Text):
        paragraph = document.add_paragraph()
        if block.strong:
            paragraph.add_run(printable(block.strong) + " ").bold = True
        _words(paragraph, block.text)
    elif isinstance(block, Quote):
        _quote(document, block)
    elif isinstance(block, FactList):
        _facts(document, block)
    elif isinstance(block, Bullets):
        for item in block.items:
            document.add_paragraph(printable(item), style="List Bullet")
    elif isinstance(block, Table):
        _table(document, block)


def _quote(document: Document, block: Quote) -> None:
    """Add a quotation: words, then citation with force, then notes, kept together on one page."""
    mark = own_mark(block)
    words = document.add_paragraph(style="Quote" if block.wording == "verbatim" else None)
    words.paragraph_format.keep_with_next = True
    if mark:
        words.add_run(mark).bold = True
    run = words.add_run(printable(block.text if mark else f"“{block.text}”"))
    _speak(run, block.language)
    force = f"{t(FORCE_WORDS[block.force])}. " if block.force else ""
    cited = document.add_paragraph()
    _small(cited, force + block.citation)
    if block.notes:
        cited.paragraph_format.space_after, cited.paragraph_format.keep_with_next = 0, True
        _small(document.add_paragraph(), " ".join(map(note_words, block.notes)))


def _small(paragraph: Paragraph, text: str) -> None:
    """Add the text under a quotation in small print."""
    from docx.shared import Pt

    paragraph.add_run(printable(text)).font.size = Pt(9)  # small print


def _speak(run: Run, language: str) -> None:
    """Set the language of a run, for screen readers."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language)
    run._r.get_or_add_rPr().append(spoken)


def _points(size: float) -> Length:
    from docx.shared import Pt

    return Pt(size)


def _facts(document: Document, block: FactList, apart: bool = False) -> None:
    """Add names and values, one per line; `apart` aligns the values in a column, as on a title page."""
    for name, value in block.rows:
        if value:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_after = _points(LINE if apart else 0)
            if apart:
                paragraph.paragraph_format.left_indent = _points(NAMES)
                paragraph.paragraph_format.first_line_indent = -_points(NAMES)
                paragraph.paragraph_format.tab_stops.add_tab_stop(_points(NAMES))
            paragraph.add_run(f"{printable(name)}:" + ("\t" if apart else " ")).bold = True
            paragraph.add_run(printable(value))


def _table(document: Document, block: Table) -> None:
    """Add a table with its caption above, a header row that repeats on each page, and rows that do not break across
    pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(printable(block.caption)).bold = True
    table = document.add_table(rows=1, cols=len(block.heads), style="Table Grid")
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), printable(block.caption))
    table._tbl.tblPr.append(described)
    size = _widen(document, table, block)
    for cell, head in zip(table.rows[0].cells, block.heads):
        _fill(cell, head, size, bold=True)
    _mark(table.rows[0], "w:tblHeader")
    _mark(table.rows[0], "w:cantSplit")
    for row in block.rows:
        made = table.add_row()
        _mark(made, "w:cantSplit")
        for cell, value in zip(made.cells, row):
            _fill(cell, value, size)
    below = document.add_paragraph()  # separates two tables; low, so that it never begins a page
    below.paragraph_format.space_after, below.paragraph_format.line_spacing = 0, _points(LINE)


def _fill(cell: _Cell, text: str, size: float, *, bold: bool = False) -> None:
    """Fill a cell, without the usual space below a paragraph."""
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    for run in _words(paragraph, text):
        run.bold, run.font.size = bold or None, Pt(size)
        if run.font.name:
            run.font.size = Pt(max(size, SIZES[1]))


def _words(paragraph: Paragraph, text: str) -> list[Run]:
    """Add a text; symbols of states use a font that has all of them in one size."""
    runs = []
    for piece in filter(None, _SIGNS.split(printable(text))):
        run = paragraph.add_run(piece)
        if _SIGNS.fullmatch(piece):
            run.font.name = SIGN_FACE
        runs.append(run)
    return runs


def _widen(document: Document, table: DocxTable, block: Table) -> float:
    """Set the width of each column and its cells (LibreOffice reads the cells). Return the font size in points: the
    largest of SIZES in which no word is broken."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    section = document.sections[0]
    page, left, right = (each or 0 for each in (section.page_width, section.left_margin, section.right_margin))
    room = (page - left - right) / Pt(1)
    heads, rows = block.heads, block.rows
    size = fitting_size(heads, rows, room) or SIZES[-1]
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(BESIDE * 20)))  # twentieths of a point
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLayout")).addnext(margins)
    for column, width in zip(table.columns, point_widths(heads, rows, room, size)):
        column.width = Pt(width)
        for cell in column.cells:
            cell.width = column.width
    return size


def _mark(row: _Row, what: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    sign = OxmlElement(what)
    sign.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(sign)
