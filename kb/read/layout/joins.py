"""Find paragraphs that continue in the next column or on the next page.

Numbers: multiples of the letter size; sizes that differ by less than an eighth are treated as equal. Chosen by eye on
the sample pages, not fitted; benchmarks/paragraphs.py measures the modules of this folder together.
"""

from __future__ import annotations

import re

from kb.read.layout.blocks import ENDS, LayoutBlock, ambiguous, follows, number

_CODE_OF_LAW = re.compile(r"(?:\b[A-Z]\.\s?){2,}(?:S\.)?$")
"""Matches a code of law cited before a section number: "26 I.R.C.", "42 U.S.C."."""
CLOSED = ("。", ".", ";", "!", "?", "؟")


def goes_on(before: LayoutBlock, after: LayoutBlock) -> bool:
    """Return whether `after`, the first block of a column or page, continues `before`, the last block of the previous
    one.

    It does when the sentence is not finished and the next line begins like the middle of one, or when the last line is
    full and the next begins, without a number, at the margin of continuing lines.
    """
    if before.closed or before.kind != "paragraph" or after.kind != "paragraph":
        return False
    last, first = before.last, after.first
    cited = first.text.startswith("§") and bool(_CODE_OF_LAW.search(last.text.rstrip()))
    if not cited and _own_number(before, after):
        return False
    # by eye: sizes that differ by less than an eighth are one, printed twice
    if abs(last.size - first.size) > 0.13 * last.size or last.bold != first.bold and (last.bold or first.bold):
        return False
    if cited:
        return True
    text = first.text.lstrip('"“«(‘')
    if last.text.endswith(("-", "\u00ad")) or text[:1].islower():
        return not ENDS.search(last.text) or text[:1].islower() and not last.text.rstrip().endswith(CLOSED)
    if len(after.lines) == 1 and last.text.rstrip().endswith(CLOSED) and not ENDS.search(first.text):
        return False  # a short line without an end after a closed sentence: a heading that begins the page
    full = before.right - last.x1 <= first.head + 0.6 * last.size  # sizes of letters, by eye: the next word had no room
    return full and len(before.lines) > 1 and _margin(before, after)


def _own_number(before: LayoutBlock, after: LayoutBlock) -> bool:
    """Return whether `after` begins with an item number, and not with a number inside an unfinished sentence."""
    found = number(after)
    if found is None:
        return False
    return (
        found.form not in ("arabic", "decimal")
        or not ambiguous(before.last, after.first)
        or follows(found, number(before))
    )


def _margin(before: LayoutBlock, after: LayoutBlock) -> bool:
    """Return whether `after` begins at the margin at which the continuing lines of `before` begin, relative to their
    columns."""
    first = after.first
    if len(after.lines) > 1:
        return first.x0 <= min(r.x0 for r in after.lines[1:]) + 0.6 * first.size  # sizes of letters, by eye: an indent
    # sizes of letters, by eye: one left edge
    return abs(first.x0 - before.last.x0) < 1.5 * first.size or first.page == before.last.page
