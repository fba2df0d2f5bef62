"""Find words of a PDF page that are not visible: outside the page, too small, without ink, covered, or on a layer that
is switched off.

Position and size are tested on a word's box. For the rest, signs on the page (no ink, light ink, transparency, a
clipping path, an area or picture over the words) only select candidates. The rendered page decides: if nothing
contrasts inside a word's box, the word is hidden. A page that is one large picture is left to the rules for scans.

Numbers: points, and shares of the height of a word. A clipping path of more than 200 parts is a drawing and is not
followed; a box under four points is a hairline; a word is examined a seventh of its height inside its box, since boxes
are larger than the letters. Chosen by eye on the files of tests/read/test_read_hidden.py.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from kb.read.layout.grids import bounds, things
from kb.read.layout.words import PageWord, Place

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

SMALLEST = 2.0
"""Height in points below which words are unreadable; the smallest superscripts of real files have 3."""
NARROW = 0.05
"""Width of a letter as a share of its height below which it is only a line; "ill" has a quarter in narrow fonts."""
INKLESS = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
OUTLINED = {pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP}
LIGHT = 200
"""Of 255 in red, green and blue: lighter ink than this is checked on the rendered page."""
FAINT = 30
"""Of 255: less opaque ink than this is checked on the rendered page."""
CONTRAST = 12
"""Of 255 greys: a smaller difference inside a word's box is invisible."""
SCAN = 0.5
"""Minimum share of the page that the picture of a scan covers; an OCR program put the words under or over it."""
PIXELS = 3_000_000
"""Maximum number of pixels of a rendered page: a page of A4 at two pixels a point has 2 million."""
MOST = 3_000
"""Maximum number of areas and pictures that are compared with the words of a page."""

OFF = "KBLayerOff"
"""The mark of content on a switched-off layer, in a copy of the file with marked layers."""

Box = tuple[float, float, float, float]
Look = tuple[bool, list[Box]]
"""`(whether a piece of text is pale, boxes that clip it)`."""


def unseen(
    page: PdfPage,
    raw: pdfium.FPDF_TEXTPAGE,
    words: list[PageWord],
    place: Place,
    off: Callable[[int], bool] | None = None,
) -> set[int]:
    """Return the ids of the words that are not visible on a pdfium page. The boxes of `words` are on the page as shown.

    `raw` is pdfium's text page; `place` maps user space to the page as shown; `off` returns whether the layer of a
    character is switched off.
    """
    width, height = page.get_size()
    found = {
        id(w) for w in words if _is_beyond(w, width, height) or _size(w) < SMALLEST or off is not None and off(w.first)
    }
    rest = [w for w in words if id(w) not in found]
    areas, largest = _areas(page, place)
    if largest > SCAN * width * height:
        return found
    looks: dict[int, Look] = {}
    candidates = [w for w in rest if _is_within(w, areas) or _is_odd(raw, w, place, looks)]
    return found | _without_contrast(page, candidates, width, height) if candidates else found


def layer_off(raw: pdfium.FPDF_TEXTPAGE) -> Callable[[int], bool]:
    """Return a function that returns whether the character at an index of a page's text is on a switched-off layer."""
    known: dict[int, bool] = {}

    def is_off(index: int) -> bool:
        """Return whether the piece of text that contains this character has the mark OFF."""
        thing = pdfium.FPDFText_GetTextObject(raw, index)
        key = ctypes.cast(thing, ctypes.c_void_p).value or 0 if thing else 0
        if key not in known:
            known[key] = bool(thing) and any(name == OFF for name, _ in marks(thing))
        return known[key]

    return is_off


def marks(thing: pdfium.FPDF_PAGEOBJECT) -> list[tuple[str, pdfium.FPDF_PAGEOBJECTMARK]]:
    """Return `(name, mark)` for each mark of a page object, outermost first."""
    found, size = [], ctypes.c_ulong()
    for n in range(max(0, pdfium.FPDFPageObj_CountMarks(thing))):
        mark = pdfium.FPDFPageObj_GetMark(thing, n)
        pdfium.FPDFPageObjMark_GetName(mark, None, 0, size)
        buffer = (ctypes.c_ushort * (size.value // 2 + 1))()
        pdfium.FPDFPageObjMark_GetName(mark, buffer, size.value, size)
        found.append((bytes(buffer).decode("utf-16-le").split("\0")[0], mark))
    return found


def _size(word: PageWord) -> float:
    """Return the height of a word's letters (the width, for a rotated word); 0 when they are squeezed to lines."""
    across, along = word.x1 - word.x0, word.bottom - word.top
    if word.turn:
        return min(along, across)
    return 0.0 if len(word.text) > 1 and across < NARROW * word.height * len(word.text) else word.height


def _is_beyond(word: PageWord, width: float, height: float) -> bool:
    """Return whether the middle of a word is outside the page."""
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return not (-1 <= x <= width + 1 and -1 <= y <= height + 1)


def _is_odd(raw: pdfium.FPDF_TEXTPAGE, word: PageWord, place: Place, looks: dict[int, Look]) -> bool:
    """Return whether a word may be invisible: drawn without ink, with light or faint ink, or outside its clipping path.

    `looks` caches the result for each piece of text of the page; one piece contains many words.
    """
    thing = pdfium.FPDFText_GetTextObject(raw, word.first)
    if not thing:
        return False
    key = ctypes.cast(thing, ctypes.c_void_p).value or 0
    if key not in looks:
        looks[key] = (_is_pale(thing), _clips(thing, place))
    pale, clips = looks[key]
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return pale or not all(x0 - 1 <= x <= x1 + 1 and top - 1 <= y <= bottom + 1 for x0, top, x1, bottom in clips)


def _is_pale(thing: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Return whether a piece of text is drawn without ink, or with light or faint ink."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(thing)
    if mode in INKLESS:
        return True
    ink = [ctypes.c_uint() for _ in range(4)]  # red, green, blue and how much they cover
    get_colour = pdfium.FPDFPageObj_GetStrokeColor if mode in OUTLINED else pdfium.FPDFPageObj_GetFillColor
    if not get_colour(thing, *(ctypes.byref(each) for each in ink)):
        return False
    red, green, blue, opaque = (each.value for each in ink)
    return opaque < FAINT or min(red, green, blue) > LIGHT


def _clips(thing: pdfium.FPDF_PAGEOBJECT, place: Place) -> list[Box]:
    """Return the boxes of the paths that clip a piece of text."""
    found: list[Box] = []
    clip = pdfium.FPDFPageObj_GetClipPath(thing)
    px, py, rect = ctypes.c_float(), ctypes.c_float(), pdfium.FS_RECTF()
    for n in range(max(0, pdfium.FPDFClipPath_CountPaths(clip)) if clip else 0):
        points = []
        # parts, by eye: a path of more is a drawing
        for k in range(min(max(0, pdfium.FPDFClipPath_CountPathSegments(clip, n)), 200)):
            if pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, n, k), px, py):
                points.append((px.value, py.value))
        if not points:
            continue
        xs, ys = zip(*points, strict=True)
        rect.left, rect.right, rect.bottom, rect.top = min(xs), max(xs), min(ys), max(ys)
        found.append(place(rect))
    return found


def _areas(page: PdfPage, place: Place) -> tuple[list[Box], float]:
    """Return the boxes of filled areas and pictures that could cover a word, and the size in square points of the
    largest picture."""
    kinds = frozenset((pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE))
    boxes: list[Box] = []
    largest, rect = 0.0, pdfium.FS_RECTF()
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    for n, (kind, thing) in enumerate(things(page, kinds, 3)):
        if n > MOST:
            break
        is_picture = kind == pdfium.FPDF_PAGEOBJ_IMAGE
        if not is_picture:
            pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)
            if not fill.value:
                continue
        if not bounds(thing, rect):
            continue
        x0, top, x1, bottom = place(rect)
        if bottom - top > 4 and x1 - x0 > 4:  # points, by eye: a smaller box is a hairline
            boxes.append((x0, top, x1, bottom))
            largest = max(largest, (x1 - x0) * (bottom - top)) if is_picture else largest
    return boxes, largest


def _is_within(word: PageWord, areas: list[Box]) -> bool:
    """Return whether the middle of a word is in one of the areas."""
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return any(x0 < x < x1 and y0 < y < y1 for x0, y0, x1, y1 in areas)


def _without_contrast(page: PdfPage, words: list[PageWord], width: float, height: float) -> set[int]:
    """Return the ids of the words in whose boxes the rendered page shows no contrast."""
    import numpy as np

    scale = min(2.0, (PIXELS / max(width * height, 1.0)) ** 0.5)
    sheet = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_numpy()
    sheet = np.asarray(sheet).reshape(sheet.shape[0], sheet.shape[1], -1)[:, :, 0]
    found = set()
    for word in words:
        inset = 0.15 * word.height  # of a word's height, by eye: boxes are drawn wider than ink
        rows = slice(max(0, int((word.top + inset) * scale)), int((word.bottom - inset) * scale) + 1)
        columns = slice(max(0, int(word.x0 * scale)), int(word.x1 * scale) + 1)
        inside = sheet[rows, columns]
        if not inside.size or int(inside.max()) - int(inside.min()) < CONTRAST:
            found.add(id(word))
    return found
