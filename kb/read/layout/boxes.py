"""Collect what a PDF page draws beside its words: bars, thick strokes and boxes; find tables whose cells are boxes.

Browsers draw each cell of a table as a box of its own, with a border or a background, where borders are not collapsed.

Numbers: points, unless a name says otherwise. Chosen by eye on pages printed from browsers and word processors.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.read.layout.grids import MOST, THIN, Bar, Grid, bounds, distinct, things, touching

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from kb.read.layout.words import PageWord, Place

THICK = 9.0
"""Height from which a drawn box is no stroke through words, whatever their size."""
MOST_BOXES = 800
"""Maximum number of boxes that are compared with each other; a drawing or a map has more."""
LEAST_CELL = 1.4
"""Minimum height of a cell that has a background only, in heights of words: Word paints each line of a cell."""
WHITE = 250
"""Of 255 in red, green and blue: a background from here on is not seen on paper."""
Box = tuple[float, float, float, float]


@dataclass(slots=True)
class PageDrawing:
    """Horizontal and vertical bars; strokes `(y, x0, x1, height)` thicker than a bar; boxes with a border (`framed`) or
    with a background only (`filled`)."""

    level: list[Bar] = field(default_factory=list)
    upright: list[Bar] = field(default_factory=list)
    thick: list[tuple[float, float, float, float]] = field(default_factory=list)
    framed: list[Box] = field(default_factory=list)
    filled: list[Box] = field(default_factory=list)


def drawn(page: PdfPage, place: Place) -> PageDrawing:
    """Return what a pdfium page draws, in points; `place` maps its boxes to the page. A page with too many shapes is a
    drawing: nothing is returned."""
    import pypdfium2.raw as pdfium

    found, rect = PageDrawing(), pdfium.FS_RECTF()
    for n, (_, path) in enumerate(things(page, frozenset((pdfium.FPDF_PAGEOBJ_PATH,)))):
        if n > MOST:
            return PageDrawing()
        if not bounds(path, rect):
            continue
        x0, y0, x1, y1 = place(rect)
        if y1 - y0 < THIN and x1 - x0 > 4:  # points, by eye: a shorter stroke is a dash
            found.level.append(((y0 + y1) / 2, x0, x1))
        elif x1 - x0 < THIN and y1 - y0 > 4:  # points, by eye: a shorter stroke is a dash
            found.upright.append(((x0 + x1) / 2, y0, y1))
        elif pdfium.FPDFPath_CountSegments(path) in (4, 5):  # the sides of a box
            _add_box(found, path, (x0, y0, x1, y1))
    return found


def _add_box(found: PageDrawing, path: object, box: Box) -> None:
    """Add a box by its looks: a stroke, a frame or a background."""
    import pypdfium2.raw as pdfium

    x0, y0, x1, y1 = box
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if y1 - y0 < THICK:
        if fill.value and x1 - x0 > y1 - y0:
            found.thick.append(((y0 + y1) / 2, x0, x1, y1 - y0))
    elif stroke.value:
        found.framed.append(box)
    elif fill.value:
        ink = [ctypes.c_uint() for _ in range(4)]  # red, green, blue and how much they cover
        pdfium.FPDFPageObj_GetFillColor(path, *(ctypes.byref(each) for each in ink))
        if min(each.value for each in ink[:3]) < WHITE:
            found.filled.append(box)


def box_grids(found: PageDrawing, ruled: list[Grid], words: list[PageWord]) -> list[Grid]:
    """Return the tables whose cells are drawn as boxes, outside the tables `ruled` by lines.

    A table has at least two rows and two columns, and a box in at least half of its cells (some cells are merged).
    `words` give the usual height, below which a box with only a background is no cell.
    """
    heights = sorted(w.height for w in words)
    least = LEAST_CELL * heights[len(heights) // 2] if heights else 0.0
    boxes = [*found.framed, *(b for b in found.filled if b[3] - b[1] >= least)]
    if not 4 <= len(boxes) <= MOST_BOXES:  # two rows of two columns
        return []
    middles = [((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in boxes]
    cells = [
        box
        for n, box in enumerate(boxes)
        if not any(_holds(box, *middle) and _is_larger(box, boxes[k]) for k, middle in enumerate(middles) if k != n)
        and not any(_holds(grid.box, *middles[n]) for grid in ruled)
    ]
    sides = [(y, x0, x1) for x0, y0, x1, y1 in cells for y in (y0, y1)]
    uprights = [(x, y0, y1) for x0, y0, x1, y1 in cells for x in (x0, x1)]
    return [grid for grid in touching(sides, uprights) if _is_table(grid, cells)]


def _holds(box: Box, x: float, y: float) -> bool:
    """Return whether a point is in a box."""
    return box[0] < x < box[2] and box[1] < y < box[3]


def _is_larger(a: Box, b: Box) -> bool:
    """Return whether the area of box `a` is more than 1.5 times that of box `b`: `a` is then the frame of a table and
    `b` the background of a cell."""
    # half as large again: chosen by eye on drawn tables, whose cells are a small part of the frame
    return (a[2] - a[0]) * (a[3] - a[1]) > 1.5 * (b[2] - b[0]) * (b[3] - b[1])


def _is_table(grid: Grid, cells: list[Box]) -> bool:
    """Return whether the cells inside a grid form two rows and two columns or more, and fill at least half of them."""
    inside = [b for b in cells if _holds(grid.box, (b[0] + b[2]) / 2, (b[1] + b[3]) / 2)]
    rows, columns = (len(distinct([box[side] for box in inside])) for side in (1, 0))
    return rows > 1 and columns > 1 and len(inside) >= max(4, 0.5 * rows * columns)  # by eye: some are merged
