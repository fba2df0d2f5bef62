"""The words of several passages as one continuous text: with numbers in square brackets where the passage's own words
lack them, and a sign where the source has more words in between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.models import Passage

LEFT_OUT = "[…]"
"""Stands where the source has words between two passages that belong to neither: a heading, a lead-in, a page head."""
AROUND = 8
"""Signs between two passages beyond the number of the second that are no words: '\\n', a bracket, a full stop, spaces.
Read off the official texts of Madrid (Spanish, 5), Beijing (4), CRPD (7)."""


def printed(passages: Sequence[Passage]) -> Iterator[tuple[Passage | None, str]]:
    """Each passage with its text as it is shown, in their order; None and `[…]` where the source says more in between.

    A number stands in square brackets, as editors mark what they place themselves: the source may print 53., (53) or
    53) there."""
    before: Passage | None = None
    for passage in passages:
        if before is not None and _between(before, passage) > len(passage.number or "") + AROUND:
            yield None, LEFT_OUT
        number = (passage.number or "").strip("(). ")
        has_it = re.match(rf"\(?{re.escape(number)}[).\s]", passage.text.lstrip())
        numbered = number and passage.kind != "heading" and not has_it
        yield passage, f"[{number}] {passage.text}" if numbered else passage.text
        before = passage


def in_one(passages: Sequence[Passage]) -> str:
    """All of them on one line, for a quotation."""
    if len(passages) == 1:
        return passages[0].text
    return " ".join(text for _, text in printed(passages))


def _between(before: Passage, after: Passage) -> int:
    """Signs of the file between two passages; 0 where they are not of one file, or not in its order."""
    if before.place.file != after.place.file or not (before.place.chars and after.place.chars):
        return 0
    return max(0, after.place.chars[0] - before.place.chars[1])
