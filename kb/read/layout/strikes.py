"""Find struck-out words: those crossed in the middle by a thin line that is drawn on the page or is an annotation."""

from __future__ import annotations

from collections.abc import Sequence

from kb.read.layout.grids import Bar
from kb.read.layout.words import PageWord

MIDDLE = (0.3, 0.72)
"""Range of a word's height, from its top, in which a line strikes it out; an underline is at 0.85 and below."""
COVER = 0.8
"""Minimum share of a word's width that the line must cover."""
THICKEST = 0.45
"""Maximum height of a stroke that strikes words out, as a share of their height: a higher one highlights or covers
them."""
OVERHANG = 20.0
"""Maximum number of points by which the line may extend beyond its words, including the ends of its stroke; table rules
extend further."""


def struck(
    words: list[PageWord],
    level: Sequence[Bar],
    marks: Sequence[Bar] = (),
    thick: Sequence[tuple[float, float, float, float]] = (),
) -> set[int]:
    """Return the ids of the words of a page that its horizontal bars `(y, x0, x1)` strike out.

    `marks` are the bars of strike-out annotations: words they cross are struck out however far the bars extend. `thick`
    are strokes `(y, x0, x1, height)` thicker than a bar.
    """
    taken: set[int] = set()
    level = [*level, *(stroke[:3] for stroke in thick)]
    height = dict.fromkeys(range(len(level) - len(thick)), 0.0) | {
        len(level) - len(thick) + n: stroke[3] for n, stroke in enumerate(thick)
    }
    for n, (y, x0, x1) in enumerate([*level, *marks]):
        hit = [
            w
            for w in words
            if w.top < y < w.bottom
            and height.get(n, 0.0) < THICKEST * w.height
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
