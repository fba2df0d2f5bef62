"""Column widths of a table: words are kept unbroken where possible, and columns with most text get the remaining room.

All widths are in em, so that they serve paper and screen. The widths of letters are those of DejaVu Sans and Verdana,
the widest usual typefaces, rounded up: these often replace a missing typeface, and in a narrower one a word needs less
room than computed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from unicodedata import east_asian_width

NARROW = frozenset("ijlI.,:;'’‘|/\\ ·\u00a0")
SLIM = frozenset('frt()[]{}!-‑–“”"*')
WIDE = frozenset("mwMW@%—&œæŒÆ…")
SIGNS = frozenset("●◐◔○⊠⊘")
LETTERS = {"narrow": 0.4, "slim": 0.5, "plain": 0.72, "capital": 0.85, "wide": 1.1, "sign": 1.25}
"""em of the widest letter of each kind, bold; a sign comes from another typeface, a size larger."""
REGULAR = 0.88
"""Width of a regular letter relative to bold: 0.61 to 0.70 em for most in DejaVu Sans."""
UNBROKEN = 24
"""Letters that are kept together in a cell. A longer piece is a hash or an address, or has no spaces between its
words."""
STEPS = 40
"""Halvings until the widths fill the room to far below a point."""

SIZES = (9.0, 8.0, 7.0)
"""Font sizes of a table in points, the first by default; smaller only where words would be broken."""
BESIDE = 4.0
"""Empty points at the left and at the right of the text in a cell of a document."""

Rows = Sequence[Sequence[str]]


def text_width(text: str, bold: bool = False) -> float:
    """Return the em that a text needs on one line, in bold letters if `bold`."""
    return sum(map(_letter, text)) * (1 if bold else REGULAR)


def _letter(one: str) -> float:
    if one in WIDE or east_asian_width(one) in "WF":
        return LETTERS["wide"]
    if one in SIGNS:
        return LETTERS["sign"]
    if one in NARROW or one in SLIM:
        return LETTERS["narrow" if one in NARROW else "slim"]
    return LETTERS["capital" if one.isupper() else "plain"]


def word_width(text: str, most: int | None = None, bold: bool = False) -> float:
    """Return the width in em of the widest unbreakable piece of a text, in bold letters if `bold`; of each piece the
    first `most` letters count."""
    words = re.split(r"[ \t\r\n]+|(?<=\w-)(?=\w)", text)
    return max((text_width(word[:most], bold) for word in words), default=0.0)


def least_widths(heads: Sequence[str], rows: Rows, padding: float) -> list[float]:
    """Return the smallest width of each column, in em, that breaks no word of its head and no usual word of its
    cells."""
    return [
        padding + max([word_width(head, bold=True), *(word_width(cell, UNBROKEN) for cell in cells)])
        for head, cells in _columns(heads, rows)
    ]


def fitting_size(heads: Sequence[str], rows: Rows, room: float) -> float | None:
    """Return the largest of SIZES that breaks no word in a table of `room` points; None if none fits."""
    fitting = (size for size in SIZES if sum(least_widths(heads, rows, 2 * BESIDE / size)) * size <= room)
    return next(fitting, None)


def point_widths(heads: Sequence[str], rows: Rows, room: float, size: float) -> list[float]:
    """Return the width of each column in points, for letters of `size` points in a table of `room` points."""
    return [width * size for width in column_widths(heads, rows, room / size, 2 * BESIDE / size)]


def column_widths(heads: Sequence[str], rows: Rows, room: float, padding: float) -> list[float]:
    """Return the width of each column in em; together they are `room`. `padding` is left empty in each cell.

    Each column has room for its longest word, and none is wider than its longest text while another needs the room. In
    between, widths are proportional to the root mean square of the text lengths: long cells, which make a row high,
    count more than short and empty ones. Where not all words fit, the heads have priority over the cells.
    """
    columns = _columns(heads, rows)
    least = least_widths(heads, rows, padding)
    if sum(least) > room:
        in_heads = [padding + word_width(head, bold=True) for head in heads]
        spare = room - sum(in_heads)
        if spare < 0:
            return [one * room / sum(in_heads) for one in in_heads]
        over = [one - head for one, head in zip(least, in_heads)]
        return [head + spare * more / sum(over) for head, more in zip(in_heads, over)]
    most = [
        max(low, padding + max([text_width(head, True), *map(text_width, cells)]))
        for low, (head, cells) in zip(least, columns)
    ]
    if sum(most) <= room:
        return [one * room / sum(most) for one in most]
    usual = [math.sqrt(sum(text_width(cell) ** 2 for cell in cells) / max(len(cells), 1)) for _, cells in columns]
    return _filled(least, most, usual, room)


def _filled(least: list[float], most: list[float], usual: list[float], room: float) -> list[float]:
    """Return widths in proportion to `usual`, within `least` and `most`, as large as the room allows."""
    # an empty column has no width to divide by
    low, high = 0.0, max(top / max(one, 0.01) for top, one in zip(most, usual))

    def at(scale: float) -> list[float]:
        """Return the widths, in em, with each usual one multiplied by `scale`."""
        return [min(top, max(bottom, scale * one)) for bottom, top, one in zip(least, most, usual)]

    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(at(middle)) <= room else (low, middle)
    return at(low)


def _columns(heads: Sequence[str], rows: Rows) -> list[tuple[str, list[str]]]:
    return [(head, [row[n] for row in rows if n < len(row)]) for n, head in enumerate(heads)]
