"""Lines of a PDF page: words that stand on one baseline, kept apart by gutters and table cells."""
from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from kb.read.layout.grids import Grid, grids
from kb.read.layout.words import Word, page_words, placer, right_to_left

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Line:
    """Words that stand on one baseline without a wide gap."""

    words: list[Word]
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

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        """Height of the line's centre on the page."""
        return (self.top + self.bottom) / 2


def page_lines(page: object, number: int, limit: int = 200_000) -> list[Line]:
    """Lines of one pdfium page, top to bottom; a row of two columns gives two lines, and lines keep to their table cell."""
    textpage = page.get_textpage()
    try:
        place = placer(page)
        words = page_words(place, textpage.raw, min(textpage.count_chars(), limit))
        lines: list[Line] = []
        for cell, inside in _by_cell(words, grids(page, place, *page.get_size())).items():
            for line in merge(_split(inside)):
                line.page, line.cell = number, cell
                _finish(line, textpage.raw)
                lines.append(line)
        return lines
    finally:
        textpage.close()


def _by_cell(words: list[Word], found: list[Grid]) -> dict[tuple[int, int, int] | None, list[Word]]:
    """Words by the table cell that they stand in, None for the running text."""
    if not found:
        return {None: words}
    groups: dict[tuple[int, int, int] | None, list[Word]] = {None: []}
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        cell = next(((n, *c) for n, grid in enumerate(found) if (c := grid.cell(x, y)) is not None), None)
        groups.setdefault(cell, []).append(word)
    return groups


def same_row(a: Line | Word, b: Line | Word) -> bool:
    """Whether two boxes overlap by more than half of the lower one's height."""
    overlap = min(a.bottom, b.bottom) - max(a.top, b.top)
    return overlap > 0.5 * min(a.bottom - a.top, b.bottom - b.top)


def _split(words: list[Word]) -> list[Line]:
    """Words in content order as runs: a new run where the row changes or a gap opens."""
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


def _near(a: Line, b: Line | Word) -> bool:
    """Whether the gap between two boxes on one row is that of words, not of columns (1.4 heights of the font)."""
    height = max(min(a.bottom - a.top, b.bottom - b.top), 4.0)
    return b.x0 - a.x1 < 1.4 * height and a.x0 - b.x1 < 1.4 * height


def merge(runs: list[Line]) -> list[Line]:
    """Runs of one row that touch, or that follow a short marker such as `12.` or `(a)`, as one line, top to bottom."""
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
    """The lines of one row: runs that are near, that a number and a tab part, or that justified print has drawn apart."""
    from kb.read.numbering import is_marker

    lines: list[Line] = []
    for n, run in enumerate(row):
        last = lines[-1] if lines else None
        if last is not None and (_near(last, run) and not _across(last, run, edges) or _tabbed(last, run, is_marker)
                                 or _justified(last, row[n:], edges, ends)):
            last.words = run.words + last.words if right_to_left(last.words + run.words) else last.words + run.words
            last.x1 = max(last.x1, run.x1)
            last.top, last.bottom = min(last.top, run.top), max(last.bottom, run.bottom)
            if run.confidence is not None:
                last.confidence = min(last.confidence or 1.0, run.confidence)
        else:
            lines.append(run)
    return lines


def _justified(line: Line, rest: list[Line], edges: set[int], ends: set[int]) -> bool:
    """Whether what follows on the row goes on to the column's right edge, which many lines share, by gaps of up to
    eleven heights (two words on a narrow line), at none of which a column begins or ends.
    """
    height = max(line.bottom - line.top, 4.0)
    last = line
    for run in rest:
        if run.x0 - last.x1 > 11 * height or round(run.x0) in edges or _is_shared(last.x1, ends):
            return False
        last = run
        if _is_shared(run.x1, ends):
            return True
    return False


def _is_shared(x: float, ends: set[int]) -> bool:
    """Whether a right edge is one of the shared ones, to a point."""
    return any(round(x) + d in ends for d in (-1, 0, 1))


def _shared(runs: list[Line], side: str) -> set[int]:
    """Left (`x0`) or right (`x1`) edges, in whole points, that six runs and a tenth of all share; the page's left margin
    is none.
    """
    places = Counter(round(getattr(r, side)) for r in runs)
    least, left = max(6, len(runs) // 10), min(places, default=0)
    return {x for x in places if (x > left + 60 or side == "x1") and places[x] + max(places[x - 1], places[x + 1]) >= least}


def _across(a: Line, b: Line, edges: set[int]) -> bool:
    """Whether the gap between two runs is a narrow gutter: wider than a space, and a column begins after it."""
    return b.x0 - a.x1 > 0.45 * max(min(a.bottom - a.top, b.bottom - b.top), 4.0) and round(b.x0) in edges


def _tabbed(marker: Line, body: Line, is_marker) -> bool:
    """Whether `marker` is a number or bullet set off by a tab from the text that it numbers (up to 6 heights)."""
    height = max(body.bottom - body.top, 4.0)
    text = "".join(w.text for w in marker.words)
    if len(marker.words) > 2 or body.x0 - marker.x1 > (2.5 if text.isdigit() else 6) * height:
        return False
    return is_marker(" ".join(w.text for w in marker.words)) and any(c.isalpha() for w in body.words for c in w.text)


def _finish(line: Line, raw: object) -> None:
    """Give the line its text, size, weight; raised figures become superscript figures, as printed."""
    words = line.words
    backward = right_to_left(words)
    heights = sorted(w.height for w in words for _ in range(len(w.text)))
    line.size = heights[len(heights) // 2]
    base = sorted(w.bottom for w in words for _ in range(len(w.text)))[len(heights) // 2]
    if not backward:
        words.sort(key=lambda w: w.x0)
    parts: list[str] = []
    last: Word | None = None
    for word in words:
        text = word.text
        if word.height < 0.85 * line.size and word.bottom < base - 0.12 * line.size and any(c.isdigit() for c in text):
            line.marks.append(text)
            text = text.translate(SUPERSCRIPTS)
        if last is not None and not (text is not word.text and word.x0 - last.x1 < 0.15 * line.size):
            glued = word.x0 - last.x1 < 0.08 * line.size and not backward
            parts.append("" if glued and word.height != last.height else " ")
        parts.append(text)
        last = word
    line.text = "".join(parts)
    if line.marks:
        line.top, line.bottom = base - line.size, base
    line.bold, line.italic = _weight(raw, words)
    line.head, line.count = words[0].x1 - words[0].x0, len(words)
    line.words = []


def _weight(raw: object, words: list[Word]) -> tuple[bool, bool]:
    """Bold and italic by the font's name and weight at the line's middle word and its last."""
    bold = italic = 0
    probes = (words[len(words) // 2].first, words[-1].first)
    for index in probes:
        flags, buffer = ctypes.c_int(), ctypes.create_string_buffer(96)
        pdfium.FPDFText_GetFontInfo(raw, index, buffer, 96, ctypes.byref(flags))
        name = buffer.value.decode("utf-8", "replace").lower()
        bold += "bold" in name or "black" in name or "heavy" in name or pdfium.FPDFText_GetFontWeight(raw, index) >= 600
        italic += "italic" in name or "oblique" in name
    return bold == len(probes), italic == len(probes)
