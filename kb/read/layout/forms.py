"""Read form values and annotations of a page: values, check boxes, typed text, comments, strike-out marks.

A value is placed among the lines at its position, so that it follows its label; a ticked box is shown as ☑, an empty
one as ☐.

Numbers: points on the page: text in a field higher than two lines is assumed to start at its top, and a letter to be
five points wide. Chosen by eye on the test forms.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from kb.read.layout.grids import Bar
from kb.read.layout.lines import Line, PageLines
from kb.read.layout.words import Place

if TYPE_CHECKING:
    from pypdfium2 import PdfFormEnv, PdfPage

VALUES = {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
BOXES = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}
COMMENTS = {
    pdfium.FPDF_ANNOT_TEXT,
    pdfium.FPDF_ANNOT_HIGHLIGHT,
    pdfium.FPDF_ANNOT_UNDERLINE,
    pdfium.FPDF_ANNOT_STRIKEOUT,
    pdfium.FPDF_ANNOT_SQUIGGLY,
    pdfium.FPDF_ANNOT_CARET,
}
MOST = 2_000  # annotations of one page that are read: a page made to be slow has more


def annotations_of(
    page: PdfPage, form: PdfFormEnv | None, number: int, place: Place
) -> tuple[list[Line], list[Line], list[Bar]]:
    """Return `(lines, asides, bars)` of a pdfium page: form values and typed text, comments, and the bars of strike-out
    marks.

    `form` is the document's form environment (None when it has no form); `place` maps user space to the page as shown.
    """
    lines: list[Line] = []
    asides: list[Line] = []
    bars: list[Bar] = []
    for n in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, n)
        if not annotation:
            continue
        try:
            kind, box = pdfium.FPDFAnnot_GetSubtype(annotation), _box(annotation, place)
            if kind == pdfium.FPDF_ANNOT_WIDGET and form is not None:
                lines += _line(_value(annotation, form), box, number, "form-value")
            elif kind == pdfium.FPDF_ANNOT_FREETEXT:
                lines += _line(_string(annotation, "Contents"), box, number, "typed")
            elif kind in COMMENTS:
                asides += _line(_string(annotation, "Contents"), box, number, "comment")
                bars += _strikes(annotation, place) if kind == pdfium.FPDF_ANNOT_STRIKEOUT else []
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return lines, asides, bars


def _box(annotation: pdfium.FPDF_ANNOTATION, place: Place) -> tuple[float, float, float, float]:
    """Return the box of an annotation on the page as shown."""
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rect)
    return place(rect)


def _line(text: str, box: tuple[float, float, float, float], number: int, role: str) -> list[Line]:
    """Return a list with the text as one line, [] for blank text; the height of its box gives its size."""
    if not text.strip():
        return []
    x0, top, x1, bottom = box
    size = min(bottom - top, 12.0)
    # points, by eye: a field higher than two lines is written from its top
    middle = (top + bottom) / 2 if bottom - top < 30 else top + size / 2
    words = text.split()
    return [
        Line(
            [],
            x0,
            middle - size / 2,
            x1,
            middle + size / 2,
            size=size,
            text=" ".join(words),
            page=number,
            role=role,
            head=min(x1 - x0, 5.0 * len(words[0])),  # points, by eye: about the width of a letter
            count=len(words),
        )
    ]


def _value(annotation: pdfium.FPDF_ANNOTATION, form: PdfFormEnv) -> str:
    """Return the text of a form field, or ☑ or ☐ for a check box; '' for a hidden field."""
    if pdfium.FPDFAnnot_GetFlags(annotation) & pdfium.FPDF_ANNOT_FLAG_HIDDEN:
        return ""
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in BOXES:
        return "☑" if pdfium.FPDFAnnot_IsChecked(form, annotation) else "☐"
    if kind not in VALUES:
        return ""
    return _read(lambda buffer, length: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, length))


def _string(annotation: pdfium.FPDF_ANNOTATION, key: str) -> str:
    """Return the text entry `key` of an annotation; '' when there is none."""
    name = key.encode()
    return _read(lambda buffer, length: pdfium.FPDFAnnot_GetStringValue(annotation, name, buffer, length))


def _read(get: Callable[[ctypes.Array[ctypes.c_ushort] | None, int], int]) -> str:
    """Return the text that a pdfium function (`get`: buffer, length in bytes) writes as UTF-16; `get` returns its
    size."""
    length = get(None, 0)
    if length <= 2:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    get(buffer, length)
    return bytes(buffer)[:length].decode("utf-16-le", "replace").rstrip("\0")


def _strikes(annotation: pdfium.FPDF_ANNOTATION, place: Place) -> list[Bar]:
    """Return a horizontal bar through the middle of each piece of text that a strike-out annotation covers."""
    found: list[Bar] = []
    points, rect = pdfium.FS_QUADPOINTSF(), pdfium.FS_RECTF()
    for n in range(pdfium.FPDFAnnot_CountAttachmentPoints(annotation)):
        if pdfium.FPDFAnnot_GetAttachmentPoints(annotation, n, points):
            xs, ys = (points.x1, points.x2, points.x3, points.x4), (points.y1, points.y2, points.y3, points.y4)
            rect.left, rect.right, rect.bottom, rect.top = min(xs), max(xs), min(ys), max(ys)
            x0, top, x1, bottom = place(rect)
            found.append(((top + bottom) / 2, x0, x1))
    return found


def add(sheet: PageLines, lines: list[Line]) -> None:
    """Insert form values among a page's lines; a value beside a label is appended to the label's line."""
    for value in lines:
        beside = [
            r
            for r in sheet.lines
            if r.cell is None
            and min(r.bottom, value.bottom) - max(r.top, value.top) > 0.5 * min(r.size, value.size)
            and (r.x1 <= value.x0 + 3 or value.x1 <= r.x0 + 3)
        ]
        left = max((r for r in beside if r.x1 <= value.x0 + 3), key=lambda r: r.x1, default=None)
        right = min((r for r in beside if r.x0 >= value.x1 - 3), key=lambda r: r.x0, default=None)
        label, before = (
            (right, True)
            if value.text in "☑☐" and right is not None and (left is None or right.x0 - value.x1 < value.x0 - left.x1)
            else (left, False)
        )
        if label is None:
            sheet.lines.append(value)
            continue
        label.text = f"{value.text} {label.text}" if before else f"{label.text} {value.text}"
        label.x0, label.x1 = min(label.x0, value.x0), max(label.x1, value.x1)
        label.count += value.count
    sheet.lines.sort(key=lambda r: (round(r.middle), r.x0))
