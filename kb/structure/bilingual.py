"""A text printed in two languages side by side: the columns of a page come one after the other, and each is read by
itself."""

from __future__ import annotations

import itertools
from collections import Counter

from kb.structure.blocks import Block
from kb.structure.division_names import language_of

LONG = 8
"""Words from which on a block shows its language by itself; a shorter one is taken to be that of the text that follows
it."""
SHARE = 0.25
"""Least share of the long blocks in the second language; quotations in a text of one language stay below it."""


def split(blocks: list[Block], language: str) -> tuple[list[Block], list[Block]]:
    """`(blocks in the language, the others)` of pages with two languages; all and none where it is one text.

    The languages must change more than once, page by page; a translation that follows as a whole is an instrument of
    its own.
    """
    if not all(block.page for block in blocks):
        return blocks, []
    spoken = [language_of(block.text) if len(block.text.split()) >= LONG else None for block in blocks]
    counts = Counter(code for code in spoken if code)
    two = [code for code, count in counts.most_common(2) if count >= SHARE * sum(counts.values())]
    runs = [code for code in spoken if code in two]
    changes = sum(a != b for a, b in itertools.pairwise(runs))
    if len(two) < 2 or language not in two or changes < 3:
        return blocks, []
    each = _filled(spoken, two)
    return (
        [b for b, code in zip(blocks, each, strict=True) if code == language],
        [b for b, code in zip(blocks, each, strict=True) if code != language],
    )


def _filled(spoken: list[str | None], two: list[str]) -> list[str]:
    """A language for every block: its own, else that of the next block that has one, else of the one before."""
    each: list[str] = []
    after = next(code for code in reversed(spoken) if code in two)
    for code in reversed(spoken):
        after = code if code in two else after
        each.append(after or two[0])
    return each[::-1]
