"""Join several passages to one continuous text: numbers are added in square brackets, and a sign marks text of the
source that is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.models import Passage

LEFT_OUT = "[…]"
"""Marks words of the source between two passages that belong to neither: a heading, a lead-in, a page head."""
AROUND = 8
r"""Characters between two passages, beyond the number of the second, that are not words: '\n', a bracket, a full stop,
spaces.
Measured in the official texts of Madrid (Spanish, 5), Beijing (4), CRPD (7)."""


def printed(passages: Sequence[Passage]) -> Iterator[tuple[Passage | None, str]]:
    """Yield each passage with its text to show, in order; (None, `[…]`) where the source has more text in between.

    A number is added in square brackets, which mark insertions of an editor, because the source may print it as 53.,
    (53) or 53).
    """
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
    """Join the texts of passages on one line, for a quotation."""
    if len(passages) == 1:
        return passages[0].text
    return " ".join(text for _, text in printed(passages))


def _between(before: Passage, after: Passage) -> int:
    """Return the number of characters of the file between two passages; 0 when they are of different files, or not in
    the file's order."""
    if before.place.file != after.place.file or not (before.place.chars and after.place.chars):
        return 0
    return max(0, after.place.chars[0] - before.place.chars[1])
