"""Find footnotes at the foot of a page (small print, or lines below a short rule), and separate them from the text.

Functions described as returning where notes begin return the y of the top of the first note in points, or None.

Numbers: positions are shares of the page's height, distances multiples of the letter size, widths points; the letters
of a note are at least a fourteenth smaller than the body text. Chosen by eye on the sample pages, not fitted;
benchmarks/paragraphs.py measures the modules of this folder together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.read.layout.grids import Bar
from kb.read.layout.lines import Line

RULE = re.compile(r"[_\-–—=]{5,}|[_\s]{8,}|(?:- ){4,}-?")
LEADER = re.compile(r"(?:\.\s?){6,}|…{2,}")
STAR = re.compile(r"\s*(\*{1,3}|[†‡])(?=\s|$|[^\W\d_])")
NUMBERED = re.compile(r"\s*(\d{1,2})[.)]\s+\S")
DRESSED = re.compile(r"\s*\(?(\d{1,2})[.)](?=\s+\S)")
ENDED = re.compile(r"[.!?][”»\"’)\s]*$")
SHORT = 0.5
"""Maximum share of the text's width of a bar above notes; a wider one may separate sections."""
MARK = re.compile(r"\s*(\*{1,3}|[†‡§]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\[?\d{1,3}[\]/)]?|[a-z]/)(?=[\s ]|[^\W\d_]|[“\"«(])")


def note_mark(text: str) -> str | None:
    """Return the mark with which a footnote begins: `1/`, `*`, `¹²`, `[3]`; None when there is none."""
    match = MARK.match(text)
    return match.group(1) if match else None


def printed_mark(text: str) -> str | None:
    """Return the mark with which a footnote begins, as `note_mark`, and also `(1)` and `1.`, which may be paragraph
    numbers too. None for text that begins with no mark."""
    dressed = DRESSED.match(text)
    return note_mark(text) or (dressed.group().strip() if dressed else None)


def split(
    lines: list[Line], height: float, body_size: float, before: str = "", drawn: Sequence[Bar] = ()
) -> tuple[list[Line], list[Line], list[Line]]:
    """Split a page's lines into `(body, notes, rules)`, each from the top down; `rules` are typed lines of dashes.

    `before` is the last line of the previous page's notes, which may continue here; `drawn` are the horizontal bars
    that the page draws.
    """
    open_note = bool(before)
    rows = sorted(lines, key=lambda r: (r.middle, r.x0))
    rules = [r for r in rows if RULE.fullmatch(r.text.strip())]
    rest = [r for r in rows if not RULE.fullmatch(r.text.strip())]
    start = _after_rule(rules, rest, height, open_note)
    if start is None:
        start = _small_print(rest, height, body_size, open_note)
    if start is None:
        start = _below_bar(drawn, rest, height)
    if start is None:
        start = _starred(rest, height)
    if start is None:
        start = _called(rest, height)
    if start is None and before and not ENDED.search(before):
        start = _going_on(rest, height)
    if start is None:
        return rest, [], rules
    return [r for r in rest if r.middle < start], [r for r in rest if r.middle >= start], rules


def _after_rule(rules: list[Line], rest: list[Line], height: float, open_note: bool) -> float | None:
    """Return the y at which notes begin below a typed rule (points from the top of the page), or None if there is no
    such rule. It is short and at the left, and is followed by a note's mark or, in the lower half of the page, by the
    continuation of the previous page's unfinished note."""
    left = min((r.x0 for r in rest), default=0)
    for rule in rules:
        below = [r for r in rest if r.middle > rule.middle]
        # points, by eye: a rule over notes is short, and at the left
        if rule.x0 < left + 60 and rule.width < 250 and below:
            goes_on = open_note and rule.middle > height / 2 and below[0].text[:1].islower()
            if goes_on or note_mark(below[0].text):
                return rule.middle
    return None


def _below_bar(drawn: Sequence[Bar], rest: list[Line], height: float) -> float | None:
    """Return the y at which notes in the print size of the text begin below a drawn bar (points from the top of the
    page), or None if there is no such bar. It is at the left in the lower half of the page, with a gap above it and a
    note's mark below; it is short, or the text above refers to the mark."""
    left, right = min((r.x0 for r in rest), default=0.0), max((r.x1 for r in rest), default=0.0)
    for y, x0, x1 in sorted(drawn):
        above, below = [r for r in rest if r.middle < y], [r for r in rest if r.middle > y]
        # points, by eye: a rule over notes begins at the left
        if y < height / 2 or x0 > left + 30 or not above or not below:
            continue
        mark = note_mark(below[0].text) or _dressed(below[0].text, above)
        clear = y - max(r.bottom for r in above) > 0.2 * below[0].size  # sizes of letters, by eye: a gap over the rule
        if mark and clear and below[0].top - y < 3 * below[0].size:
            end = max(bar[2] for bar in drawn if abs(bar[0] - y) < 1)  # rules of neighbouring cells form one bar
            short = end - x0 < SHORT * (right - left)
            if short or any(r.text.rstrip().endswith(mark) or mark in r.marks for r in above):
                return y
    return None


def _dressed(text: str, above: list[Line]) -> str | None:
    """Return the mark "(1)" or "1." of a line if a line above refers to it, with "(1)" after a word or a superscript 1;
    else None."""
    match = DRESSED.match(text)
    if match is None:
        return None
    figure = match.group(1)
    raised = any(figure in (mark.strip("()[].,") for mark in row.marks) for row in above)
    inside = any(re.search(rf"\S\s?\({figure}\)", row.text) for row in above)
    return match.group().strip() if raised or text.lstrip().startswith("(") and inside else None


def _going_on(rest: list[Line], height: float) -> float | None:
    """Return the y at which the previous page's unfinished note continues in the print size of the text, or None. It is
    the last group of rows below a gap, in the lower two fifths of the page; it begins in lower case, and the row above
    the gap ends a sentence."""
    for above, row in zip(rest[-2::-1], rest[:0:-1], strict=True):
        if row.middle < 0.6 * height:  # share of the height, by eye: notes are in the lower part
            return None
        if row.top - above.bottom > 0.8 * row.size:  # sizes of letters, by eye: a gap over the notes
            return row.top if ENDED.search(above.text) and row.text[:1].islower() else None
    return None


def _small_print(rest: list[Line], height: float, body_size: float, open_note: bool) -> float | None:
    """Return the y of the last group of lines in smaller print, or None. It starts with a note's mark and is in the
    lower four fifths of the page; after a page that ended in a note (`open_note`), small lines above the first mark
    continue that note."""
    start: float | None = None
    for row in reversed(rest):
        # by eye: at least a fourteenth smaller than the body, and not in the uppermost fifth
        if row.size > 0.93 * body_size or row.middle < height / 5 or LEADER.search(row.text):
            break
        if note_mark(row.text) or open_note:
            start = row.top
    return start


def _called(rest: list[Line], height: float) -> float | None:
    """Return the y at which notes in the print size of the text begin, or None. They are the last group of rows below a
    gap in the lower half of the page; its first row begins with a number, and all numbers that begin its rows also
    occur on the page as superscripts."""
    raised = {mark.strip("()[].,") for row in rest for mark in row.marks}
    for at in range(len(rest) - 1, 0, -1):
        found = NUMBERED.match(rest[at].text)
        if rest[at].middle < height / 2:
            return None
        if rest[at].top - rest[at - 1].bottom > 0.8 * rest[at].size:  # sizes of letters, by eye: a gap over the notes
            wanted = {m.group(1) for row in rest[at:] if (m := NUMBERED.match(row.text))}
            return rest[at].top if found is not None and wanted <= raised else None
    return None


def _starred(rest: list[Line], height: float) -> float | None:
    """Return the y at which a note in the print size of the text begins, or None. It is in the lower half of the page
    and begins with a star or dagger that also ends a line above."""
    for row in rest:
        match = STAR.match(row.text)
        if match and row.middle > 0.5 * height:
            called = any(r.middle < row.middle - row.size and r.text.rstrip().endswith(match.group(1)) for r in rest)
            return row.top if called else None
    return None
