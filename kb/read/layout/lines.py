"""Build lines of a PDF page: words on one baseline, separated at gutters and table cells.

Numbers: distances are multiples of the letter height, at least that of four points, since some files give letters
without height. Chosen by eye on the sample pages, not fitted; benchmarks/paragraphs.py measures the modules of this
folder together. A weight of 600 is where CSS and OpenType begin to call a font semi-bold.
"""

from __future__ import annotations

import ctypes
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from kb.read.layout import hidden, initials, margins, strikes
from kb.read.layout.boxes import box_grids, drawn
from kb.read.layout.fonts import Fonts
from kb.read.layout.grids import Bar, Grid, grids
from kb.read.layout.margins import Margins
from kb.read.layout.rightward import item_mended
from kb.read.layout.turning import by_turn, placed, size, turn_words
from kb.read.layout.words import ODD, PageWord, Place, page_words, placer, right_to_left, with_signs_behind
from kb.read.raised import lowered, raised

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Line:
    """Words on one baseline without a wide gap between them, with box in points and print. `role` is '' for text,
    `cell` (table, row, column), `head` the width of the first word, `sheet` the size of the page as shown."""

    words: list[PageWord]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    text: str = ""
    page: int = 0
    marks: list[str] = field(default_factory=list)
    head: float = 0.0
    count: int = 0
    confidence: float | None = None
    cell: tuple[int, int, int] | None = None
    role: str = ""
    turn: int = 0
    sheet: tuple[float, float] = (0.0, 0.0)

    @property
    def width(self) -> float:
        """Return the width in points."""
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        """Return the vertical centre of the line in points."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class PageLines:
    """The lines of the page `number`, counted from 1.

    `lines` are the text, upright; `width` and `height` (points) are those of the page rotated for it, by `turn`.
    `turned` is text in other directions, `notes` are side notes, `asides` are what is not text to quote: line numbers,
    struck-out words, slanted letters. `rules` are the horizontal rules drawn outside its tables.
    """

    number: int
    lines: list[Line]
    width: float
    height: float
    turned: list[list[Line]] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    asides: list[Line] = field(default_factory=list)
    turn: int = 0
    rules: list[Bar] = field(default_factory=list)


def page_lines(
    page: PdfPage,
    number: int,
    limit: int = 200_000,  # runs of letters, by eye: a bound for a damaged page
    known: Margins | None = None,
    marks: Sequence[Bar] = (),
    fonts: Fonts | None = None,
    layered: bool = False,
) -> PageLines:
    """Return the lines of one pdfium page, from top to bottom. A row across two columns gives two lines; a line never
    spans table cells.

    `known` holds the line numbers and side notes of earlier pages, and is updated; `marks` are further bars, on the
    page as shown, that strike out words; `fonts` collects the text of each font; `limit` is the most characters that
    are read. `layered`: words on switched-off layers are marked.
    """
    textpage = page.get_textpage()
    try:
        width, height = page.get_size()
        place = placer(page)
        off = hidden.layer_off(textpage.raw) if layered else None
        words = page_words(place, textpage.raw, min(textpage.count_chars(), limit), page.get_rotation(), off)
        sheet = PageLines(number, [], width, height)
        gone = hidden.unseen(page, textpage.raw, words, place, off)
        sheet.asides += _roled([w for w in words if id(w) in gone], "hidden")
        _ready(sheet.asides, number, textpage.raw, 0, (width, height))
        words = [w for w in words if id(w) not in gone]
        if fonts is not None:
            fonts.add(words, textpage.raw, number)
        for n, (turn, group) in enumerate(by_turn(words).items()):
            if turn == ODD:
                sheet.asides += _odd(group, number, textpage.raw)
            elif n == 0:
                _main(sheet, turn_words(group, turn, width, height), turn, page, place, known or Margins(), marks)
                _ready([*sheet.lines, *sheet.notes, *sheet.asides], number, textpage.raw, turn, (width, height))
            else:
                lines = merge(_split(turn_words(group, turn, width, height)))
                _ready(lines, number, textpage.raw, turn, (width, height))
                sheet.turned.append(lines)
        return sheet
    finally:
        textpage.close()


def _main(
    sheet: PageLines, words: list[PageWord], turn: int, page: PdfPage, place: Place, seen: Margins, marks: Sequence[Bar]
) -> None:
    """Fill a sheet with the lines of the main text direction (`turn`), whose words are already upright."""
    shown = (sheet.width, sheet.height)
    sheet.turn, (sheet.width, sheet.height) = turn, size(turn, *shown)
    shapes = drawn(page, placed(place, turn, *shown))
    struck = strikes.struck(words, shapes.level, marks if not turn else (), shapes.thick)
    found = grids(shapes.level, shapes.upright, sheet.width, sheet.height)
    found += box_grids(shapes, found, words)
    sheet.rules = [bar for bar in shapes.level if not any(bar in grid.level for grid in found)]
    numbers = margins.line_numbers(words, seen) if not found else set()
    words, figures = [w for w in words if id(w) not in numbers], [w for w in words if id(w) in numbers]
    noted = margins.side_notes(words, seen) if not found else set()
    words, beside = [w for w in words if id(w) not in noted], [w for w in words if id(w) in noted]
    for cell, inside in _by_cell(initials.joined(words), found).items():
        for line in merge(_split(inside)):
            line.cell, out = cell, [w for w in line.words if id(w) in struck]
            line.words = [w for w in line.words if id(w) not in struck]
            sheet.lines += [line] if line.words else []
            sheet.asides += _roled(out, "struck-out")
    sheet.notes = _roled(beside, "side-note")
    sheet.asides += _roled(figures, "line-number")


def _roled(words: list[PageWord], role: str) -> list[Line]:
    """Return the lines of `words` that are not part of the text, each with this role."""
    lines = merge(_split(words))
    for line in lines:
        line.role = role
    return lines


def _odd(words: list[PageWord], number: int, raw: object) -> list[Line]:
    """Return letters at odd angles, as on seals, as one line in content order; [] when there are none."""
    line = Line(
        words,
        min(w.x0 for w in words),
        min(w.top for w in words),
        max(w.x1 for w in words),
        max(w.bottom for w in words),
        role="odd-angle",
        page=number,
    )
    _finish(line, raw, " ".join(w.text for w in words))
    return [line]


def _ready(lines: list[Line], number: int, raw: object, turn: int, sheet: tuple[float, float]) -> None:
    """Set page, turn, text and print of lines that lack them; `sheet` is the size of the page as shown."""
    for line in lines:
        if not line.text:
            line.page, line.turn, line.sheet = number, turn, sheet
            _finish(line, raw)


def _by_cell(words: list[PageWord], found: list[Grid]) -> dict[tuple[int, int, int] | None, list[PageWord]]:
    """Group words by table cell, (table, row, column); those under None are running text."""
    if not found:
        return {None: words}
    groups: dict[tuple[int, int, int] | None, list[PageWord]] = {None: []}
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        cell = next(((n, *c) for n, grid in enumerate(found) if (c := grid.cell(x, y)) is not None), None)
        groups.setdefault(cell, []).append(word)
    return groups


def same_row(a: Line | PageWord, b: Line | PageWord) -> bool:
    """Return whether two boxes overlap vertically by more than half the height of the one that is less high."""
    overlap = min(a.bottom, b.bottom) - max(a.top, b.top)
    return overlap > 0.5 * min(a.bottom - a.top, b.bottom - b.top)


def _split(words: list[PageWord]) -> list[Line]:
    """Group words in content order into runs; a new run begins on another row or after a gap."""
    runs: list[Line] = []
    for word in words:
        run = runs[-1] if runs else None
        if run is not None and same_row(run, word) and _near(run, word):
            run.words.append(word)
            run.x0, run.x1 = min(run.x0, word.x0), max(run.x1, word.x1)
            run.top, run.bottom = min(run.top, word.top), max(run.bottom, word.bottom)
        else:
            runs.append(Line([word], word.x0, word.top, word.x1, word.bottom))
    return runs


def _near(a: Line, b: Line | PageWord) -> bool:
    """Return whether the gap between two boxes on one row is a gap between words, not columns (below 1.4 heights of the
    font)."""
    height = max(min(a.bottom - a.top, b.bottom - b.top), 4.0)  # points, by eye: some files give letters without height
    return b.x0 - a.x1 < 1.4 * height and a.x0 - b.x1 < 1.4 * height


def merge(runs: list[Line]) -> list[Line]:
    """Join runs of words to lines, from top to bottom: those on one row that are near, or that follow a short marker
    such as `12.` or `(a)`."""
    rows: list[list[Line]] = []
    for run in sorted(runs, key=lambda r: (r.middle, r.x0)):
        row = next((r for r in reversed(rows[-3:]) if same_row(r[0], run)), None)
        if row is None:
            rows.append([run])
        else:
            row.append(run)
    edges, ends = _shared(runs, "x0"), _shared(runs, "x1")
    return [line for row in rows for line in _joined(sorted(row, key=lambda r: r.x0), edges, ends)]


def _joined(row: list[Line], edges: set[int], ends: set[int]) -> list[Line]:
    """Return the lines of one row: runs are joined when they are near, after a number and a tab, or in justified print.
    `edges` and `ends` are shared left and right edges."""
    from kb.read.numbering import is_marker

    lines: list[Line] = []
    for n, run in enumerate(row):
        last = lines[-1] if lines else None
        if last is not None and (
            _near(last, run)
            and not _across(last, run, edges)
            or _tabbed(last, run, is_marker)
            or _justified(last, row[n:], edges, ends)
        ):
            last.words = run.words + last.words if right_to_left(last.words + run.words) else last.words + run.words
            last.x1 = max(last.x1, run.x1)
            last.top, last.bottom = min(last.top, run.top), max(last.bottom, run.bottom)
            if run.confidence is not None:
                last.confidence = min(last.confidence or 1.0, run.confidence)
        else:
            lines.append(run)
    return lines


def _justified(line: Line, rest: list[Line], edges: set[int], ends: set[int]) -> bool:
    """Return whether the runs `rest` of a row belong to `line`, as in justified print: the row reaches a right edge of
    many lines (`ends`) by gaps of at most eleven heights, and no column (`edges`) begins at a gap."""
    height = max(line.bottom - line.top, 4.0)  # points, by eye: some files give letters without height
    last = line
    for run in rest:
        # heights, by eye: a gap that no line of text has
        if run.x0 - last.x1 > 11 * height or round(run.x0) in edges or _is_shared(last.x1, ends):
            return False
        last = run
        if _is_shared(run.x1, ends):
            return True
    return False


def _is_shared(x: float, ends: set[int]) -> bool:
    """Return whether a right edge is within a point of one at which many lines end."""
    return any(round(x) + d in ends for d in (-1, 0, 1))


def _shared(runs: list[Line], side: str) -> set[int]:
    """Return the left (`x0`) or right (`x1`) edges, in whole points, that at least six runs and a tenth of all runs
    share; the page's left margin is left out."""
    places = Counter(round(getattr(r, side)) for r in runs)
    # by eye: an edge of a column has six lines, or one in ten
    least, left = max(6, len(runs) // 10), min(places, default=0)
    return {
        x for x in places if (x > left + 60 or side == "x1") and places[x] + max(places[x - 1], places[x + 1]) >= least
    }


def _across(a: Line, b: Line, edges: set[int]) -> bool:
    """Return whether the gap between two runs is a narrow gutter: wider than a space, with the left edge of a column
    after it."""
    # heights, by eye: wider than a space
    return b.x0 - a.x1 > 0.45 * max(min(a.bottom - a.top, b.bottom - b.top), 4.0) and round(b.x0) in edges


def _tabbed(marker: Line, body: Line, is_marker: Callable[[str], bool]) -> bool:
    """Return whether `marker` is a number or bullet separated by a tab (up to 6 heights) from its text `body`."""
    height = max(body.bottom - body.top, 4.0)  # points, by eye: some files give letters without height
    text = "".join(w.text for w in marker.words)
    # heights, by eye: how far a mark of an item stands from its text
    if len(marker.words) > 2 or body.x0 - marker.x1 > (2.5 if text.isdigit() else 6) * height:
        return False
    return is_marker(" ".join(w.text for w in marker.words)) and any(c.isalpha() for w in body.words for c in w.text)


def _finish(line: Line, raw: object, given: str = "") -> None:
    """Set the text (or use `given`), size and weight of a line; raised digits become superscript digits, as printed."""
    words = line.words
    backward = right_to_left(words)
    heights = sorted(w.height for w in words for _ in range(len(w.text)))
    line.size = heights[len(heights) // 2]
    base = sorted(w.bottom for w in words for _ in range(len(w.text)))[len(heights) // 2]
    if not backward:
        words.sort(key=lambda w: w.x0)
    elif sum(b.x0 > a.x0 for a, b in itertools.pairwise(words)) * 2 > len(words) - 1:  # written as the page shows it
        line.words = words = _from_right(words)
    if backward:
        words = with_signs_behind(words)
    parts: list[str] = []
    last: PageWord | None = None
    for word in words:
        text = word.text
        # by eye: smaller letters that end above the base line are raised
        if word.height < 0.85 * line.size and word.bottom < base - 0.12 * line.size and _is_raised(text, last):
            line.marks.append(text)
            text = (
                text.translate(SUPERSCRIPTS) if any(map(str.isdigit, text)) else raised(text, last.text if last else "")
            )
        # by eye: smaller letters that end below the base line are lowered
        elif last is not None and word.height < 0.85 * line.size and word.bottom > base + 0.08 * line.size:
            low = lowered(text)
            # sizes of letters, by eye: no space between
            text = low if low != text and word.x0 - last.x1 < 0.15 * line.size else text
        # sizes of letters, by eye: no space between
        if last is not None and not (text is not word.text and word.x0 - last.x1 < 0.15 * line.size):
            glued = word.x0 - last.x1 < 0.08 * line.size and not backward  # sizes of letters, by eye: no space between
            parts.append("" if glued and word.height != last.height else " ")
        parts.append(text)
        last = word
    line.text = given or "".join(parts)
    line.text = item_mended(line.text) if backward else line.text
    if line.marks:
        line.top, line.bottom = base - line.size, base
    line.bold, line.italic = _weight(raw, words)
    line.head, line.count = words[0].x1 - words[0].x0, len(words)
    line.words = []


def _is_raised(text: str, last: PageWord | None) -> bool:
    """Return whether small letters above the base line are the mark of a note: digits, or one letter after digits ("52ᵃ
    per cent")."""
    return (
        any(map(str.isdigit, text))
        or len(text) == 1
        and text in _MARKS
        and last is not None
        and last.text[-1].isdigit()
    )


_MARKS = "abcdefgh"
"""Letters that are note marks after figures; others, such as `o`, make an ordinal (see `kb.read.raised`)."""


def _from_right(words: list[PageWord]) -> list[PageWord]:
    """Return the words of a right-to-left line in reading order; words in it that are written from left to right, such
    as a date, keep their own order."""
    ordered: list[PageWord] = []
    for backward, run in itertools.groupby(
        sorted(words, key=lambda w: -w.x0), lambda w: right_to_left([w]) or not any(c.isalnum() for c in w.text)
    ):
        found = list(run)
        ordered += found if backward else found[::-1]
    return ordered


def _weight(raw: object, words: list[PageWord]) -> tuple[bool, bool]:
    """Return `(bold, italic)`, by the font's name and weight at the middle word and at the last word."""
    bold = italic = 0
    probes = (words[len(words) // 2].first, words[-1].first)
    for index in probes:
        flags, buffer = ctypes.c_int(), ctypes.create_string_buffer(96)  # bytes: longer than any name of a font at hand
        pdfium.FPDFText_GetFontInfo(raw, index, buffer, 96, ctypes.byref(flags))  # the same bytes
        name = buffer.value.decode("utf-8", "replace").lower()
        # CSS and OpenType call a font of 600 semi-bold
        bold += "bold" in name or "black" in name or "heavy" in name or pdfium.FPDFText_GetFontWeight(raw, index) >= 600
        italic += "italic" in name or "oblique" in name
    return bold == len(probes), italic == len(probes)
