"""The frame of a Word document: page, styles and title, and query and method at its end; rows are streamed into it.

python-docx makes a document with a placeholder; the rows then replace the placeholder in the saved file piece by
piece, because a tree of 100,000 rows in memory would take gigabytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from kb.coding.cells import printable
from kb.export.book import title_of
from kb.export.job import ExportJob
from kb.export.zips import member, streamed
from kb.files import scratch
from kb.languages import MAIN
from kb.log.noted import own_mark

if TYPE_CHECKING:
    from docx.document import Document as Docx

MARK = "kb-rows-stand-here"
QUOTATION, OWN, SOURCE, ABOUT, CELL = "Quotation", "Own words", "Source", "About", "Cell"
"""Names of the paragraph styles, which people see in Word."""


def new_document(job: ExportJob) -> Docx:
    """Create an A4 page in portrait with title, properties and styles."""
    from docx import Document
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    # A4
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)  # two centimetres
    document.styles["Normal"].font.size = Pt(10.5)  # letters that print well
    _styles(document)
    title = printable(title_of(job.provenance))
    properties = document.core_properties
    properties.title, properties.language, properties.author = title[:250], MAIN, job.provenance.tool
    properties.identifier = own_mark(job.provenance.log)
    properties.comments = job.provenance.licence[:250]
    properties.created = properties.modified = _date(job.provenance.date)
    document.add_heading(title, level=1)
    number_pages(document)
    return document


def text_width(document: Docx) -> int:
    """Return the width between the margins, in the units of python-docx (914,400 to the inch)."""
    section = document.sections[0]
    return (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)


def number_pages(document: Docx) -> None:
    """Add the page number at the foot of each page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = document.sections[0].footer.paragraphs[0]
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _styles(document: Docx) -> None:
    """Add the styles: quotation with a bar beside it, own words with a dashed bar, and two sizes of small print."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Mm, Pt

    # points of letters, millimetres of indent, points of space below: quotations as the text, small print smaller
    sizes = ((QUOTATION, 10.5, 6, 2), (OWN, 10.5, 6, 2), (SOURCE, 9.5, 6, 2), (ABOUT, 8, 6, 8))
    for name, size, indent, after in sizes:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size = document.styles["Normal"], Pt(size)
        style.paragraph_format.left_indent, style.paragraph_format.space_after = Mm(indent), Pt(after)
        style.paragraph_format.keep_with_next = name != ABOUT
        style.font.italic = False
    cell = document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style, cell.paragraph_format.space_after = document.styles["Normal"], Pt(3)
    bar = '<w:pBdr {}><w:left w:val="{}" w:sz="18" w:space="8" w:color="{}"/></w:pBdr>'
    for name, line, colour in ((QUOTATION, "single", "0B4A8F"), (OWN, "dashed", "595959")):
        properties = document.styles[name].element.get_or_add_pPr()
        properties.insert_element_before(
            parse_xml(bar.format(nsdecls("w"), line, colour)), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
        )


def method(document: Docx, job: ExportJob) -> None:
    """Add the query and the method, on a page of their own at the end."""
    document.add_page_break()
    document.add_heading("Query and method", level=1)
    for label, value in [*job.provenance.lines(), *(("Note", note) for note in job.layout.notes)]:
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(printable(value))


def _date(date: str) -> datetime:
    try:
        return datetime.fromisoformat(date).replace(tzinfo=None)
    except ValueError:
        return datetime(1980, 1, 1)  # the first day that a zip can write


def stream(document: Docx, path: Path, around: str, pieces: Iterable[str]) -> None:
    """Save the document to `path`, with `pieces` instead of the element `around` (w:p or w:tr) that holds the
    placeholder.

    The same pieces give the same bytes.
    """
    with scratch("docx") as folder:
        frame = folder / "frame.docx"
        document.save(str(frame))
        with zipfile.ZipFile(frame) as old, zipfile.ZipFile(path, "w") as new:
            for info in sorted(old.infolist(), key=lambda i: i.filename != "[Content_Types].xml"):
                if info.filename != "word/document.xml":
                    new.writestr(member(info.filename), old.read(info))
                    continue
                with streamed(new, info.filename) as out:
                    _between(old.read(info).decode(), around, pieces, out.write)


def _between(text: str, around: str, pieces: Iterable[str], write: Callable[[bytes], object]) -> None:
    before, _, after = text.rpartition(MARK)
    write(before[: before.rindex(f"<{around}>")].encode())
    for piece in pieces:
        write(piece.encode("utf-8", "replace"))
    write(after[after.index(f"</{around}>") + len(f"</{around}>") :].encode())


def run(text: str, *, bold: bool = False, language: str = "") -> str:
    """Return a run of text as WordprocessingML, with line breaks, in bold letters if `bold`, marked as right to left if
    its script is."""
    rtl = right_to_left(text)
    inner = (
        ("<w:b/>" if bold else "")
        + ("<w:rtl/>" if rtl else "")
        + (f'<w:lang w:val="{escape(language)}" w:bidi="{escape(language)}"/>' if language else "")
    )
    lines = printable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{f'<w:rPr>{inner}</w:rPr>' if inner else ''}{words}</w:r>"


def paragraph(
    text: str, style: str = "", *, bold: bool = False, language: str = "", last: bool = False, held: bool = False
) -> str:
    """Return a paragraph as WordprocessingML; `style` is a style's identifier, `language` a language code.

    `last` allows a page break after it even if its style does not: otherwise items kept together would leave pages
    half empty. `held` prevents a page break after it.
    """
    inner = (
        (f'<w:pStyle w:val="{style}"/>' if style else "")
        + ('<w:keepNext w:val="0"/>' if last else "<w:keepNext/>" if held else "")
        + ("<w:bidi/>" if right_to_left(text) else "")
    )
    return f"<w:p>{f'<w:pPr>{inner}</w:pPr>' if inner else ''}{run(text, bold=bold, language=language)}</w:p>"


def right_to_left(text: str) -> bool:
    """Return whether the first letter belongs to a script written from right to left (Hebrew to Arabic blocks)."""
    for char in text[:200]:
        if char.isalpha():
            return "\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc"
    return False
