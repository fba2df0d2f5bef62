"""Struck-out words: a thin line through their middle, drawn or set as an annotation, takes them out of the text."""

from __future__ import annotations

from collections.abc import Sequence

from kb.read.layout.grids import Bar
from kb.read.layout.words import Word

MIDDLE = (0.3, 0.72)
"""Where in a word's height, from its top, a line strikes it out; an underline stands at 0.85 and below."""
COVER = 0.8
"""Share of a word's width that the line must cover."""
OVERHANG = 20.0
"""Points by which the line may stand out past its words, the ends of its stroke included; a rule of a table goes
further."""


def struck(words: list[Word], level: Sequence[Bar], marks: Sequence[Bar] = ()) -> set[int]:
    """The ids of the words of a page that its level bars `(y, x0, x1)` strike out.

    `marks` are the bars of struck-out marks: what they cross is struck out however far they stand out past the words.
    """
    taken: set[int] = set()
    for n, (y, x0, x1) in enumerate([*level, *marks]):
        hit = [
            w
            for w in words
            if w.top < y < w.bottom
            and MIDDLE[0] < (y - w.top) / w.height < MIDDLE[1]
            and min(w.x1, x1) - max(w.x0, x0) > COVER * (w.x1 - w.x0)
        ]
        if (
            hit
            and (n >= len(level) or min(w.x0 for w in hit) - x0 < OVERHANG and x1 - max(w.x1 for w in hit) < OVERHANG)
            and any(c.isalnum() for w in hit for c in w.text)
        ):
            taken.update(id(w) for w in hit)
    return taken
