"""Split plain text laid out in two columns in two languages, as `pdftotext -layout` writes them.

The columns are read one after the other, and this is reported.

Numbers: lines, letters and blanks, and shares of lines. Chosen by eye; columns are split only where the language
identifier of `kb.read.language` is sure of two different languages.
"""

from __future__ import annotations

import itertools
import re

from kb.read.draft import Reading
from kb.read.language import language_of

LINES = 4
"""Minimum number of lines with words in both columns for a page of plain text to have two columns."""
WIDEST = 250
"""Maximum number of characters of a line that can hold two columns."""
_GAP = re.compile(r"\S {2,}\S")


def unfolded(source: str, reading: Reading) -> str:
    """Return plain text with the two columns of each page one after the other, if they are in different languages, and
    report it in `reading`; otherwise return `source` unchanged."""
    pages = source.split("\f")
    reported = False
    for at, page in enumerate(pages):
        found = _columns(page)
        if found is None:
            continue
        pages[at], pair = found
        if not reported:
            reading.trouble(
                f"two columns hold the text in two languages ({pair[0]}, {pair[1]}); they were read one after the "
                "other",
                "Quote each language by itself.",
                at + 1 if len(pages) > 1 else None,
            )
            reported = True
    return "\f".join(pages)


def _columns(page: str) -> tuple[str, tuple[str, str]] | None:
    """Return (text of the page with one column after the other, their two languages), or None for a page without two
    such columns."""
    lines = [line.expandtabs() for line in page.split("\n")]
    inked = [line for line in lines if line.strip()]
    gaps = [line for line in inked if _GAP.search(line.strip())]
    # by eye: a gap in two lines of five
    if len(gaps) < LINES or len(gaps) < 0.4 * len(inked) or max(map(len, inked)) > WIDEST:
        return None
    gutter = _gutter(inked)
    if gutter is None:
        return None
    across = [bool(line[gutter - 2 : gutter].strip()) for line in lines]
    left = " ".join(line[:gutter].strip() for line, spans_both in zip(lines, across, strict=True) if not spans_both)
    right = " ".join(line[gutter:].strip() for line, spans_both in zip(lines, across, strict=True) if not spans_both)
    pair = language_of(left), language_of(right)
    if not pair[0] or not pair[1] or pair[0] == pair[1]:
        return None
    out: list[str] = []
    for spans_both, group in itertools.groupby(zip(lines, across, strict=True), lambda each: each[1]):
        run = [line for line, _ in group]
        out += (
            run
            if spans_both
            else ["", *(r[:gutter].rstrip() for r in run), "", *(r[gutter:].rstrip() for r in run), ""]
        )
    return "\n".join(out), (pair[0], pair[1])


def _gutter(lines: list[str]) -> int | None:
    """Return the offset in the lines at which the second column begins: on nearly all lines with words on both sides,
    two blanks come before it. None when there is none."""
    best: tuple[int, int] | None = None
    for x in range(12, max(map(len, lines)) - 8):
        both = sum(bool(line[:x].strip()) and bool(line[x:].strip()) for line in lines)
        across = sum(bool(line[x - 2 : x].strip()) and len(line) > x for line in lines)
        begins = sum(line[x - 2 : x] == "  " and line[x : x + 1].strip() != "" for line in lines)
        # by eye: words may stand across the gap in three lines of ten
        if both >= LINES and across <= 0.3 * both and (best is None or begins > best[0]):
            best = (begins, x)
    return best[1] if best and best[0] >= LINES - 1 else None
