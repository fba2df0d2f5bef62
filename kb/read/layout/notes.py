"""Footnotes: the small print or what follows a short rule at a page's foot, lifted out of the flow of the text."""

from __future__ import annotations

import re

from kb.read.layout.lines import Line

RULE = re.compile(r"[_\-–—=]{5,}|[_\s]{8,}|(?:- ){4,}-?")
LEADER = re.compile(r"(?:\.\s?){6,}|…{2,}")
STAR = re.compile(r"\s*(\*{1,3}|[†‡])(?=\s|$|[^\W\d_])")
NUMBERED = re.compile(r"\s*(\d{1,2})[.)]\s+\S")
MARK = re.compile(r"\s*(\*{1,3}|[†‡§]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\[?\d{1,3}[\]/)]?|[a-z]/)(?=[\s ]|[^\W\d_]|[“\"«(])")


def note_mark(text: str) -> str | None:
    """The mark that a footnote begins with: `1/`, `*`, `¹²`, `[3]`; None where there is none."""
    match = MARK.match(text)
    return match.group(1) if match else None


def split(
    lines: list[Line], height: float, body_size: float, open_note: bool = False
) -> tuple[list[Line], list[Line], list[Line]]:
    """`(body, notes, rules)` of one page, each in order from the top."""
    rows = sorted(lines, key=lambda r: (r.middle, r.x0))
    rules = [r for r in rows if RULE.fullmatch(r.text.strip())]
    rest = [r for r in rows if not RULE.fullmatch(r.text.strip())]
    start = _after_rule(rules, rest, height)
    if start is None:
        start = _small_print(rest, height, body_size, open_note)
    if start is None:
        start = _starred(rest, height)
    if start is None:
        start = _called(rest, height)
    if start is None:
        return rest, [], rules
    return [r for r in rest if r.middle < start], [r for r in rest if r.middle >= start], rules


def _after_rule(rules: list[Line], rest: list[Line], height: float) -> float | None:
    """Where notes begin below a typed rule: it stands at the left, is short, and a note's mark follows it."""
    left = min((r.x0 for r in rest), default=0)
    for rule in rules:
        below = [r for r in rest if r.middle > rule.middle]
        if rule.x0 < left + 60 and rule.width < 250 and below and note_mark(below[0].text):
            return rule.middle
    return None


def _small_print(rest: list[Line], height: float, body_size: float, open_note: bool) -> float | None:
    """Where the last run of smaller lines begins that starts with a note's mark, in the lower four fifths; where the
    page before ended in a note, small lines above the first mark go on with it.
    """
    start: float | None = None
    for row in reversed(rest):
        if row.size > 0.93 * body_size or row.middle < height / 5 or LEADER.search(row.text):
            break
        if note_mark(row.text) or open_note:
            start = row.top
    return start


def _called(rest: list[Line], height: float) -> float | None:
    """Where notes in the size of the text begin that raised figures call: the last run of rows from "1." on, below a
    gap, low on the page, each with a number that a line above carries raised.
    """
    raised = {mark.strip("()[].,") for row in rest for mark in row.marks}
    for at in range(len(rest) - 1, 0, -1):
        found = NUMBERED.match(rest[at].text)
        if found is None or rest[at].middle < height / 2:
            return None
        gap = rest[at].top - rest[at - 1].bottom
        if found.group(1) == "1" and gap > 0.8 * rest[at].size:
            wanted = {m.group(1) for row in rest[at:] if (m := NUMBERED.match(row.text))}
            return rest[at].top if wanted <= raised else None
    return None


def _starred(rest: list[Line], height: float) -> float | None:
    """Where a note in the size of the text begins: low on the page, with a star that a line above it carries too."""
    for row in rest:
        match = STAR.match(row.text)
        if match and row.middle > 0.5 * height:
            called = any(r.middle < row.middle - row.size and r.text.rstrip().endswith(match.group(1)) for r in rest)
            return row.top if called else None
    return None
