"""Whether a reader sees words, by the ink, the ground, the size and the opacity that a file gives them.

A PDF page is looked at as it is printed (`kb.read.layout.hidden`); formats with styles say what they print, so it is
worked out from them: words in the ink of their ground, without ink, or too small to read are hidden. Where the ground
cannot be known from the file (a picture, a style sheet elsewhere), light ink is a doubt, and the words stay text.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

from kb.read.colours import Colour

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
UNKNOWN: Colour = (-1, -1, -1)
"""A ground that the file does not tell: a picture, a gradient, a style sheet elsewhere."""
AUTO: Colour = (-2, -2, -2)
"""An ink that a program picks so that it stands out from its ground."""
SMALLEST = 2.0
"""Points: letters of this size and below are read by nobody; the smallest raised figures of real files have 3."""
CONTRAST = 12
"""Of 255: an ink that differs from its ground by less in red, green and blue is seen by nobody (as in PDF pages)."""
LIGHT = 200
"""Of 255 in red, green and blue: lighter ink than this may be meant for white paper or for a dark ground."""
FAINT = 0.12
"""Share of opacity below which an ink is not seen (30 of 255, as in PDF pages)."""

Sight = Literal["seen", "hidden", "doubtful"]


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says of words; None where it says nothing. `size` in points, `opacity` from 0 to 1."""

    ink: Colour | None = None
    ground: Colour | None = None
    size: float | None = None
    opacity: float | None = None

    def over(self, below: Look) -> Look:
        """These properties, and those of `below` where these say nothing."""
        if self == NOTHING:
            return below
        mine = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        return replace(below, **mine)

    def sight(self) -> Sight:
        """Whether words of this look are seen; black ink of twelve points on white paper by default."""
        if self.size is not None and self.size <= SMALLEST or self.opacity is not None and self.opacity < FAINT:
            return "hidden"
        ink = BLACK if self.ink is None else self.ink
        ground = WHITE if self.ground is None else self.ground
        if ink == AUTO:
            return "seen"
        if ground == UNKNOWN:
            return "doubtful" if min(ink) > LIGHT else "seen"
        return "hidden" if all(abs(a - b) < CONTRAST for a, b in zip(ink, ground)) else "seen"


NOTHING = Look()
