"""Find ruled tables and frames: grids of thin drawn lines whose cells contain words.

A line is a drawn path under 2.5 points thick. Lines that touch form a grid; one of two columns and two rows or more is
a table, one of a single cell a frame whose text is separate from the text around it.

Numbers: points. A stroke shorter than four is a dash or part of a letter, not a table rule. Chosen by eye on ruled
tables of plans.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage
    from pypdfium2.raw import FPDF_PAGE, FPDF_PAGEOBJECT

    from kb.read.layout.words import Rect

THIN = 2.5  # points: a drawn shape that is narrower is a rule of a table
TOUCH = 3.5  # points between two rules that are meant to meet
MOST = 6_000  # shapes of a page: a drawing or a map has more, no table
Bar = tuple[float, float, float]


@dataclass(slots=True)
class Grid:
    """A grid of touching bars: horizontal ones `(y, x0, x1)`, vertical ones `(x, y0, y1)`, and the box around them, in
    points."""

    level: list[Bar] = field(default_factory=list)
    upright: list[Bar] = field(default_factory=list)
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def xs(self) -> list[float]:
        """Return the left edges of the columns, and the right edge of the last."""
        return distinct([bar[0] for bar in self.upright])

    @property
    def ys(self) -> list[float]:
        """Return the top edges of the rows, and the lower edge of the last."""
        return distinct([bar[0] for bar in self.level])

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """Return `(row, column)` of the cell at a point, by the nearest bars above and left of it that reach it; None
        outside the grid."""
        x0, y0, x1, y1 = self.box
        if not (x0 - 1 <= x <= x1 + 1 and y0 - 1 <= y <= y1 + 1):
            return None
        left = max((b[0] for b in self.upright if b[0] <= x and b[1] - TOUCH <= y <= b[2] + TOUCH), default=x0)
        top = max((b[0] for b in self.level if b[0] <= y and b[1] - TOUCH <= x <= b[2] + TOUCH), default=y0)
        return bisect_right(self.ys, top + TOUCH), bisect_right(self.xs, left + TOUCH)


def distinct(values: list[float]) -> list[float]:
    """Return the values sorted, without those within 3.5 points of the one before."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > TOUCH:
            found.append(value)
    return found


def grids(level: list[Bar], upright: list[Bar], width: float, height: float) -> list[Grid]:
    """Return the grids formed by the bars of a page of this size in points."""
    if len(level) < 2 or len(upright) < 2 or len(level) + len(upright) > MOST:
        return []
    return [
        g for g in touching(level, upright) if len(g.level) > 1 and len(g.upright) > 1 and not _border(g, width, height)
    ]


def _border(grid: Grid, width: float, height: float) -> bool:
    """Return whether a grid is only the page's border."""
    x0, y0, x1, y1 = grid.box
    return len(grid.xs) < 3 and len(grid.ys) < 3 and (x1 - x0) * (y1 - y0) > 0.5 * width * height


def things(page: PdfPage, kinds: frozenset[int], depth: int = 2) -> Iterator[tuple[int, FPDF_PAGEOBJECT]]:
    """Yield `(kind, object)` of the objects on a pdfium page in printing order, including those inside form XObjects
    nested up to `depth`. Only objects whose pdfium type (`kind`) is in `kinds` are yielded.

    pdfium is called directly, without a Python object for each piece of text, because a page has thousands of them.
    """
    import pypdfium2.raw as pdfium

    yield from _inside(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, kinds, depth)


def _inside(
    holder: FPDF_PAGE | FPDF_PAGEOBJECT,
    count: Callable[[FPDF_PAGE | FPDF_PAGEOBJECT], int],
    get: Callable[[FPDF_PAGE | FPDF_PAGEOBJECT, int], FPDF_PAGEOBJECT],
    kinds: frozenset[int],
    depth: int,
) -> Iterator[tuple[int, FPDF_PAGEOBJECT]]:
    """Yield `(kind, object)` for the objects of a page or form, using pdfium's functions `count` and `get` for it."""
    import pypdfium2.raw as pdfium

    for n in range(max(0, count(holder))):
        thing = get(holder, n)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind in kinds:
            yield kind, thing
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth > 1:
            yield from _inside(thing, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, kinds, depth - 1)


def bounds(thing: FPDF_PAGEOBJECT, rect: Rect) -> bool:
    """Write an object's box in user space to `rect` (an FS_RECTF); return False when pdfium has no box for it."""
    import ctypes

    import pypdfium2.raw as pdfium

    sides = [ctypes.c_float() for _ in range(4)]  # sides of a box
    if not pdfium.FPDFPageObj_GetBounds(thing, *sides):
        return False
    rect.left, rect.bottom, rect.right, rect.top = (side.value for side in sides)
    return True


def touching(level: list[Bar], upright: list[Bar]) -> list[Grid]:
    """Group bars that touch into grids, and return the grids."""
    boxes = [(x0, y, x1, y, 0, n) for n, (y, x0, x1) in enumerate(level)]
    boxes += [(x, y0, x, y1, 1, n) for n, (x, y0, y1) in enumerate(upright)]
    found: list[Grid] = []
    for x0, y0, x1, y1, kind, n in sorted(boxes, key=lambda b: b[1]):
        mine = Grid([level[n]] if kind == 0 else [], [upright[n]] if kind else [], (x0, y0, x1, y1))
        rest = []
        for grid in found:
            if _meet(grid.box, mine.box):
                mine.level += grid.level
                mine.upright += grid.upright
                mine.box = (
                    min(grid.box[0], mine.box[0]),
                    min(grid.box[1], mine.box[1]),
                    max(grid.box[2], mine.box[2]),
                    max(grid.box[3], mine.box[3]),
                )
            else:
                rest.append(grid)
        found = [*rest, mine]
    return found


def _meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Return whether two boxes touch or overlap."""
    return a[0] <= b[2] + TOUCH and b[0] <= a[2] + TOUCH and a[1] <= b[3] + TOUCH and b[1] <= a[3] + TOUCH
