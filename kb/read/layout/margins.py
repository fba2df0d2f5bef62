"""Find line numbers of bills and side notes of acts in the margin. Both are separated before lines are built.

Line numbers are digits in a column of their own at the edge of the text; they count every row, or every fifth one. Side
notes are short words in a narrow column beside numbered sections, whose titles they are; the text continues past them.

Numbers: line numbers count in steps of 1, 2, 5 or 10; distances are shares of the step between them or of a word's
height, shares are of lines or rows. Chosen by eye on bills and acts with numbers and notes in the margin; cases:
tests/read/test_read_margins.py.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from kb.read.layout.words import PageWord

FIGURE = re.compile(r"\d{1,3}")
SECTION = re.compile(
    r"(?:section|art(?:icle|ículo|igo)?\.?|§)|\d{1,3}[A-Z]{0,2}\s?\.(?!\d)|\d{1,3}[A-Z]{0,2}\.?$", re.IGNORECASE
)
NUMERAL = re.compile(r"(?:[IVXLC]+|[A-Z]|\d{1,3})\s?[.)]")
ALIGN = 4.0
"""Maximum number of points by which numbers of one column may differ at their aligned edge."""
NARROW = 0.3
"""Maximum share of the text's width that a column of side notes takes."""
WordsOfLine = list[PageWord]
"""The words on one row, from left to right."""


@dataclass
class Margins:
    """What was found on earlier pages: the columns of line numbers as (x, step), and the sides of the page with side
    notes."""

    numbers: list[tuple[float, int]] = field(default_factory=list)
    sides: set[str] = field(default_factory=set)


def rows_of(words: list[PageWord]) -> list[WordsOfLine]:
    """Group words into rows, from the top, each row from left to right."""
    found: list[WordsOfLine] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom, w.x0)):
        row = found[-1] if found else None
        if row and min(row[0].bottom, word.bottom) - max(row[0].top, word.top) > 0.5 * min(row[0].height, word.height):
            row.append(word)
        else:
            found.append([word])
    for row in found:
        row.sort(key=lambda w: w.x0)
    return found


def line_numbers(words: list[PageWord], known: Margins) -> set[int]:
    """Return the ids of the words that are line numbers; their column is added to `known`."""
    rows = rows_of(words)
    for side in (0, -1):
        figures = [(at, row[side]) for at, row in enumerate(rows) if FIGURE.fullmatch(row[side].text)]
        for group in _aligned(figures):
            free = _free([word for _, word in group], words, side)
            chain = _counting(free and group or [], rows, side, known)
            if chain:
                return {id(word) for word in chain}
    return set()


def _aligned(figures: list[tuple[int, PageWord]]) -> list[list[tuple[int, PageWord]]]:
    """Group numbers into columns with a common right, or else left, edge; the largest column first."""
    columns: list[list[tuple[int, PageWord]]] = []
    for edge in ("x1", "x0"):
        for _, first in figures:
            column = [(at, w) for at, w in figures if abs(getattr(w, edge) - getattr(first, edge)) < ALIGN]
            if column not in columns:
                columns.append(column)
    return sorted(columns, key=len, reverse=True)[:6]


def _free(column: list[PageWord], words: list[PageWord], side: int) -> bool:
    """Return whether nothing but a few stray words is in the column, or beyond it, between its first and last row;
    `side` is 0 for a column left of the text, 1 for one right of it."""
    top, bottom = min(w.top for w in column) - 1, max(w.bottom for w in column) + 1
    mine = {id(w) for w in column}
    edge = max(w.x1 for w in column) if side == 0 else min(w.x0 for w in column)
    beside = [w for w in words if id(w) not in mine and w.top > top and w.bottom < bottom]
    across = [w for w in beside if (w.x0 < edge + 1 if side == 0 else w.x1 > edge - 1)]
    return len(across) <= len(beside) // 40  # by eye: one word in forty may cross


def _counting(column: list[tuple[int, PageWord]], rows: list[WordsOfLine], side: int, known: Margins) -> list[PageWord]:
    """Return the numbers of a column that count the rows of the page; [] when they number something else."""
    edge = max((w.x1 for _, w in column), default=0.0)
    at_home = next((step for x, step in known.numbers if abs(x - edge) < 2 * ALIGN), None)
    chain: list[tuple[int, PageWord]] = []
    for at, word in column:
        if not chain or int(word.text) > int(chain[-1][1].text):
            chain.append((at, word))
    values = [int(word.text) for _, word in chain]
    steps = [b - a for a, b in itertools.pairwise(values)]
    step = at_home or (min(steps) if steps else 0)
    if (
        step not in (1, 2, 5, 10)  # steps in which lines are numbered
        or any(each % step for each in values)
        or any(each not in (step, 2 * step) for each in steps)
    ):
        return []
    counted = [(b[0] - a[0]) * step / (int(b[1].text) - int(a[1].text)) for a, b in itertools.pairwise(chain)]
    if step > 1:
        # by eye: between half a step and one and a half
        apart = all(0.55 * step <= each <= 1.6 * step for each in counted)
        exact = len(chain) > 1 and values[0] == step and all(each == step for each in counted)
        good = apart and (at_home is not None or exact or len(chain) >= 3 or _paced(chain, rows, side, step))
    else:
        good = (
            (at_home is not None or len(chain) >= 5)  # by eye: fewer than five numbers prove nothing
            and all(each < 2.1 for each in counted)  # by eye: one number may be missing
            and _running(chain, rows, side)
        )
    if not good:
        return []
    if at_home is None:
        known.numbers.append((edge, step))
    return [word for _, word in chain]


def _paced(chain: list[tuple[int, PageWord]], rows: list[WordsOfLine], side: int, step: int) -> bool:
    """Return whether the numbers of a chain are as many rows apart as their difference (empty rows included), from the
    first row on, and number running text; False for a single number."""
    tops = [row[0].top for row in rows]
    steps = sorted(b - a for a, b in itertools.pairwise(tops))
    if len(chain) < 2 or int(chain[0][1].text) != step or not steps:
        return False
    pitch = steps[len(steps) // 2]
    if pitch <= 0:
        return False
    apart = [(b[1].top - a[1].top) / pitch - (int(b[1].text) - int(a[1].text)) for a, b in itertools.pairwise(chain)]
    return all(abs(each) < HALF for each in apart) and _running(chain, rows, side)


HALF = 0.5
"""Maximum number of lines by which two numbers may be off from the lines that they count."""


def _running(chain: list[tuple[int, PageWord]], rows: list[WordsOfLine], side: int) -> bool:
    """Return whether the numbered rows are running text: at least half have text, and a fifth of those begin in lower
    case."""
    rest = [[w for w in rows[at] if w is not word] for at, word in chain]
    begins = [row[0].text for row in rest if row]
    inside = sum(text[:1].islower() for text in begins)
    # by eye: half begin rows, and a fifth stand inside a sentence
    return len(begins) >= 0.5 * len(chain) and inside >= 0.2 * len(begins)


def side_notes(words: list[PageWord], known: Margins) -> set[int]:
    """Return the ids of the words that belong to side notes; their side of the page is added to `known`."""
    # words, by eye: fewer prove nothing
    if len(words) < 30 or not any(_opens([w, *words[n + 1 : n + 2]]) for n, w in enumerate(words)):
        return set()  # no numbered section begins on the page, so there can be no side notes
    low, high = min(w.x0 for w in words), max(w.x1 for w in words)
    rows = rows_of(words)
    for side, x in _candidates(words, rows, low, high):
        notes = [w for w in words if (w.x0 >= x if side == "right" else w.x1 <= x)]
        if _are_notes(notes, words, rows, side, x, side in known.sides):
            known.sides.add(side)
            return {id(w) for w in notes}
    return set()


def _candidates(words: list[PageWord], rows: list[WordsOfLine], low: float, high: float) -> list[tuple[str, float]]:
    """Return empty gutters as `(side, x)`: at the right of the text, the x where side notes begin; at its left, where
    they end. `low` and `high` are the outermost edges."""
    width = high - low
    lefts, rights = sorted(w.x0 for w in words), sorted(w.x1 for w in words)
    found: list[tuple[str, float]] = []
    for side in ("right", "left"):
        edges = sorted(
            {
                round(w.x0 if side == "right" else w.x1, 1)
                for w in words
                if (w.x0 > high - NARROW * width if side == "right" else w.x1 < low + NARROW * width)
            }
        )
        for edge in edges if side == "right" else reversed(edges):
            x = edge - 0.5 if side == "right" else edge + 0.5
            crossing = bisect_left(lefts, x) - bisect_right(
                rights, x
            )  # words that begin before x, less those that end by it
            if crossing <= len(rows) // 15:  # by eye: one row in fifteen may cross
                found.append((side, x))
    return found[:24]


def _are_notes(
    notes: list[PageWord], words: list[PageWord], rows: list[WordsOfLine], side: str, x: float, known: bool
) -> bool:
    """Return whether the words `notes` beyond a gutter at `x` are side notes: few, in short blocks that begin beside
    numbered sections, and separated from prose by a gap. `known`: earlier pages have notes on this side."""
    mine = {id(w) for w in notes}
    texts = [[w for w in row if id(w) not in mine and not w.x0 < x < w.x1] for row in rows]
    noted = [[w for w in row if id(w) in mine] for row in rows]
    with_notes = [at for at, row in enumerate(noted) if row]
    with_text = [at for at, row in enumerate(texts) if row]
    letters = sum(c.isalpha() for w in notes for c in w.text)
    # shares of letters and words, by eye: notes are the smaller part
    if not with_notes or letters < 0.6 * sum(len(w.text) for w in notes) or len(notes) > 0.4 * len(words):
        return False
    if any(NUMERAL.fullmatch(" ".join(w.text for w in noted[at])) and texts[at] for at in with_notes):
        return False  # the number of a heading or section that hangs in the margin
    counts = sorted(len(texts[at]) for at in with_text)
    if counts[len(counts) // 2] < 5:  # words of a row, by eye: fewer are no prose
        return False
    gaps = [
        (noted[at][0].x0 - texts[at][-1].x1 if side == "right" else texts[at][0].x0 - noted[at][-1].x1)
        for at in with_notes
        if texts[at]
    ]
    if gaps and min(gaps) < 0.5 * notes[0].height:
        return False
    starts = [at for at in with_notes if at == 0 or not noted[at - 1] or _new_note(noted[at - 1], noted[at])]
    named = sum(any(_opens(texts[near]) for near in (at - 1, at, at + 1) if 0 <= near < len(rows)) for at in starts)
    many = len(with_notes) > 0.6 * len(with_text)  # as the first column of a table would have
    # shares of the notes, by eye: how sure one must be
    return named >= (0.9 if many else 0.3 if known else 0.5) * len(starts) and not (many and len(starts) < 2)


def _new_note(above: WordsOfLine, row: WordsOfLine) -> bool:
    """Return whether a row of a margin begins a new note: after a wide gap, or after a full stop."""
    # heights, by eye: a gap between two notes
    return row[0].top - above[0].bottom > 0.7 * row[0].height or above[-1].text.endswith(".")


def _opens(row: WordsOfLine) -> bool:
    """Return whether a row of text begins with the number of a section."""
    return bool(row) and bool(SECTION.match(row[0].text)) and any(c.isdigit() for w in row[:2] for c in w.text)
