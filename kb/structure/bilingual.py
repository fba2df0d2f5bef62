"""Separate the two languages of a text printed side by side: a reader gives the columns of a page one after the other,
and each language is then read on its own."""

from __future__ import annotations

import itertools
from collections import Counter

from kb.structure.blocks import Block
from kb.structure.division_names import language_of

LONG = 8
"""Minimum number of words of a block whose language is identified; a shorter one gets the language of the text after
it."""
SHARE = 0.25
"""Minimum share of the long blocks in the second language; quotations in a text of one language stay below it."""


def split(blocks: list[Block], language: str) -> tuple[list[Block], list[Block]]:
    """Return `(blocks in the language, other blocks)` of a file in two languages; `(all blocks, [])` when it is one
    text.

    The languages must alternate from page to page; a translation that follows as one part is treated as a separate
    instrument.
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
    """Return one language for each block of `spoken` (its identified language, or None). A block without one gets the
    language of the next block that has one, or else of the previous one; if no block has one, the first of `two`, the
    languages of the file."""
    each: list[str] = []
    after = next(code for code in reversed(spoken) if code in two)
    for code in reversed(spoken):
        after = code if code in two else after
        each.append(after or two[0])
    return each[::-1]
