"""Read PDF: opened with pypdfium2, laid out by kb.read.layout; pages without text are read by OCR and marked so.

Numbers: 595 by 842 points is A4, used for a page whose size cannot be read; a picture of more than seven tenths of a
page is a scan below a text layer. Chosen by eye.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kb.amounts import some
from kb.errors import InputError
from kb.read.archive import printable
from kb.read.draft import Reading
from kb.read.formats import PageProgress, ReadOptions, SourceFile
from kb.read.formats.pdf_layers import Layers, layers
from kb.read.layout import forms, replaced
from kb.read.layout.document import build
from kb.read.layout.fonts import Fonts
from kb.read.layout.lines import PageLines, page_lines
from kb.read.layout.margins import Margins
from kb.read.layout.words import placer
from kb.read.limits import Limits

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

REPLACED = 20
"""Maximum number of reports per page on words whose text in the file differs from the printed words; one more report
counts the rest."""

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
"""Superscript digits mapped to plain ones: replacement text (ActualText) has no size, so a digit may have been read as
superscript."""


@dataclass
class PagesSoFar:
    """What was found on the pages read so far: line numbers and side notes in `margins`, words by font in `fonts`, and
    in `given` the replacement text (ActualText) as (page, text). `layered`: words on switched-off layers are marked."""

    layered: bool = False
    margins: Margins = field(default_factory=Margins)
    fonts: Fonts = field(default_factory=Fonts)
    given: list[tuple[int, str]] = field(default_factory=list)


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Return the reading of a PDF. Raises InputError when it is encrypted, damaged beyond reading, or has no page."""
    path, password, limits = source.path, options.password, options.limits
    off = layers(path, password)
    document = _open(path, password, off.marked)
    reading = Reading("pdf")
    try:
        count = len(document)
        reading.pages = count
        if not count:
            raise InputError("the PDF has no page", where=path.name, do="Get the file again from its source.")
        if count > limits.pages:
            reading.trouble(
                f"the PDF has {count} pages; only the first {limits.pages} were read",
                "Split the file, or raise the page limit.",
                limits.pages + 1,
            )
        if document.get_formtype():
            document.init_forms()
        pages: list[PageLines] = []
        seen = PagesSoFar(layered=off.marked is not None)
        for index in range(min(count, limits.pages)):
            pages.append(_page(document, index, reading, limits, seen))
            if options.progress:
                options.progress(index + 1, min(count, limits.pages))
        _scanned(document, pages, reading, options.ocr, limits, options.progress, options.digest)
        build(pages, reading)
        _mark_replaced(seen.given, reading)
        _report_unreadable(seen.fonts.unreadable(), reading)
        _report_layers(off, reading)
        return reading
    finally:
        document.close()


def _open(path: Path, password: str | None, marked: bytes | None) -> PdfDocument:
    """Open the document, or from bytes its copy with marked layers. Raises InputError with a remedy when it cannot be
    opened."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(marked or str(path), password=None if marked else password)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            what = "the password is wrong" if password else "the PDF is encrypted and needs a password"
            raise InputError(
                what,
                where=path.name,
                do="Give its password with --password to kb read. To add it, save it without its password.",
            ) from error
        if "security" in str(error).lower():
            raise InputError(
                "the PDF is encrypted in a way that is not supported",
                where=path.name,
                do="Get an unencrypted copy from its publisher.",
            ) from error
        raise InputError(
            "the PDF is damaged and cannot be opened",
            where=path.name,
            do="Get the file again from its source, or print it to a new PDF.",
        ) from error
    return document


def _page(document: PdfDocument, index: int, reading: Reading, limits: Limits, seen: PagesSoFar) -> PageLines:
    """Return the lines of one page; a damaged page is reported and has no lines, so that the other pages can still be
    read."""
    from pypdfium2 import PdfiumError

    try:
        page = document[index]
    except PdfiumError:
        reading.trouble("the page is damaged and cannot be read", "Get the file again from its source.", index + 1)
        return PageLines(index + 1, [], 595.0, 842.0)  # points: an A4 page, for one whose size cannot be read
    try:
        given = replaced.settle(document, page, index + 1, limits.chars_per_page)
        written, comments, struck = forms.annotations_of(page, document.formenv, index + 1, placer(page))
        sheet = page_lines(page, index + 1, limits.chars_per_page, seen.margins, struck, seen.fonts, seen.layered)
        sheet.asides += [line for _, line in given]
        _report_replaced([(words, line.text) for words, line in given if words], index + 1, reading)
        seen.given += [(index + 1, words) for words, _ in given if words]
        forms.add(sheet, written)
        sheet.asides += comments
        _say_lifted(sheet, index + 1, reading)
        _report_written({line.role for line in [*written, *comments]}, index + 1, reading)
        return sheet
    except PdfiumError:
        reading.trouble("the text of the page cannot be read", "Get the file again from its source.", index + 1)
        return PageLines(index + 1, [], 595.0, 842.0)  # points: an A4 page, for one whose size cannot be read
    finally:
        page.close()


def _say_lifted(sheet: PageLines, number: int, reading: Reading) -> None:
    """Report struck-out, hidden, rotated and slanted words of a page, which are kept apart from its text."""
    roles = {line.role for line in sheet.asides}
    if "struck-out" in roles:
        reading.trouble(
            "words on the page are struck out; they are kept apart and are no part of the text",
            "Look at the page before you quote it.",
            number,
        )
    if "hidden" in roles:
        reading.trouble(
            "the page holds words that it does not show (without ink, covered, cut off, or too small to read); they "
            "are kept "
            "apart and are no part of the text",
            "Look at the page, and at the leftovers.",
            number,
        )
    if "odd-angle" in roles:
        reading.trouble(
            "letters on the page stand at an angle, as on a seal or in a watermark; they are kept apart",
            "Look at the page to see what they say.",
            number,
        )
    if sheet.turned or sheet.turn:
        reading.trouble(
            "text on the page is turned sideways; it was read in its own direction",
            "Check quotations from it against the page.",
            number,
        )


def _report_layers(off: Layers, reading: Reading) -> None:
    """Report layers that are switched off, and whether the words on them were kept apart."""
    if off.names:
        shown = ", ".join(repr(printable(name)) for name in off.names)
        done = "they are kept apart and are no part of the text" if off.marked else "they may stand in the text here"
        reading.trouble(
            f"the file has layers that are switched off ({shown}); a reader does not see their words, and {done}",
            "Read them among the leftovers." if off.marked else "Look at the page before you quote it.",
        )


def _report_replaced(places: list[tuple[str, str]], number: int, reading: Reading) -> None:
    """Report the words of a page, as (text given by the file, printed text), for which the two differ."""
    for given, words in places[:REPLACED]:
        reading.trouble(
            f"the file gives {printable(given[:80])!r} where the page prints {printable(words[:80])!r}; the text here "
            "has what the file gives",
            "Do not quote it; look at the page. The printed words are among the leftovers.",
            number,
        )
    if len(places) > REPLACED:
        reading.trouble(
            f"the file gives other words than the page prints in {some(len(places) - REPLACED, 'more place')}",
            "Look at the page before you quote it. The printed words are among the leftovers.",
            number,
        )


def _mark_replaced(given: list[tuple[int, str]], reading: Reading) -> None:
    """Add a note to the paragraphs that contain words which differ from what is printed; `given` has (page, words)."""
    for number, words in given:
        for draft in reading.drafts:
            if draft.page in (number, number - 1) and words and words in draft.text.translate(RAISED):
                draft.notes = (*draft.notes, "some words are not what the page prints; do not quote them")


def _report_unreadable(pages: dict[int, list[str]], reading: Reading) -> None:
    """Report pages with damaged fonts, whose characters decode to other letters than printed, and add a note to the
    paragraphs on them."""
    for number, words in sorted(pages.items()):
        shown = " ".join(words)[:60]
        reading.trouble(
            f"letters on the page mean something else than they print, since their font is damaged: "
            f"{printable(shown)!r}",
            "Do not quote them; look at the page, or read it with OCR from a picture of it.",
            number,
        )
        strange = {word for word in words if len(word) > 2}
        for draft in reading.drafts:
            if draft.page in (number, number - 1) and len(strange.intersection(draft.text.split())) > 1:
                draft.notes = (*draft.notes, "some letters are not what the page prints; do not quote them")


def _report_written(roles: set[str], number: int, reading: Reading) -> None:
    """Report filled-in form fields, and text or comments added to the page; `roles` names which occur."""
    if "typed" in roles:
        reading.trouble(
            "words were written onto the page after it was made; they were read as text",
            "Look at the page, and say in a quotation that the words were added.",
            number,
        )
    if "form-value" in roles:
        reading.trouble(
            "the page is a form; its values were read as text, ☑ for a ticked box and ☐ for an empty one",
            "Say in a quotation that the words were filled in.",
            number,
        )
    if "comment" in roles:
        reading.trouble(
            "comments are written onto the page; they are kept apart and are no part of the text",
            "Read them among the leftovers.",
            number,
        )


def _scanned(
    document: PdfDocument,
    pages: list[PageLines],
    reading: Reading,
    ocr: bool,
    limits: Limits,
    progress: PageProgress | None,
    digest: str,
) -> None:
    """Report pages without text or with a poor text layer; read pages without text by OCR if `ocr` and if it is
    installed."""
    from kb.read import ocr as engine
    from kb.read.quality import letters, poor

    images = {p.number: _images(document, p) for p in pages}
    empty = [p for p in pages if letters(p.lines) < 3 and images[p.number] > 0]
    for page in pages:
        if letters(page.lines) >= 3 and (reason := poor(page.lines)):
            reading.trouble(
                f"the text layer is poor: {reason}", "Check this page against its image before quoting it.", page.number
            )
    # share of a page, by eye: a larger picture lies under all of it
    _overlaid([p.number for p in pages if letters(p.lines) >= 3 and images[p.number] > 0.7], reading)
    if not empty:
        return
    if not ocr or not engine.available():
        what = "OCR is switched off" if not ocr else "no OCR engine is installed"
        do = "Read it with OCR on." if not ocr else "Install the extra `ocr` (pip install 'kb[ocr]') and read it again."
        for page in empty:
            reading.trouble(f"the page is an image without text, and {what}", do, page.number)
        return
    engine.read_pages(document, empty, reading, limits, progress, digest)


def _overlaid(numbers: list[int], reading: Reading) -> None:
    """Report the pages with these numbers as scans with a text layer made by another OCR program; that layer is used as
    the text."""
    if numbers:
        shown = ", ".join(map(str, numbers[:12])) + (f" and {len(numbers) - 12} more" if len(numbers) > 12 else "")
        what = "a page is an image" if len(numbers) == 1 else f"{len(numbers)} pages are images"
        reading.trouble(
            f"{what} with a text layer that some OCR program made: page {shown}",
            "Check quotations from them against the page image.",
            numbers[0],
        )


def _images(document: PdfDocument, page: PageLines) -> float:
    """Return the share (0 to 1) of the page that its largest image covers."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        sheet = document[page.number - 1]
    except pypdfium2.PdfiumError:
        return 0.0
    try:
        boxes = [o.get_bounds() for o in sheet.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3)]
    except pypdfium2.PdfiumError:
        return 0.0
    finally:
        sheet.close()
    area = max(page.width * page.height, 1.0)
    # a picture takes some room, also where its box says none
    return max((max(0.001, abs((x1 - x0) * (y1 - y0)) / area) for x0, y0, x1, y1 in boxes), default=0.0)
