"""Decide whether text is visible, from its colour, background, size and opacity.

PDF pages are examined as printed (`kb.read.layout.hidden`); for formats with styles, visibility is computed from the
styles: text in the colour of its background, without colour, or too small to read is hidden. Where the background is
not in the file (a picture, an external style sheet), light text is doubtful and is kept as text.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

from kb.read.colours import Colour

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
UNKNOWN: Colour = (-1, -1, -1)
"""A background that the file does not determine: a picture, a gradient, an external style sheet."""
AUTO: Colour = (-2, -2, -2)
"""A text colour that a program picks to contrast with the background."""
SMALLEST = 2.0
"""Points: text of this size or below is unreadable; the smallest superscripts of real files have 3."""
CONTRAST = 12
"""Of 255: text that differs from its background by less in red, green and blue is invisible (as in PDF pages)."""
LIGHT = 200
"""Of 255 in red, green and blue: lighter text than this may be meant for white paper or for a dark background."""
FAINT = 0.12
"""Opacity below which text is invisible (30 of 255, as in PDF pages)."""

Sight = Literal["seen", "hidden", "doubtful"]


@dataclass(frozen=True, slots=True)
class TextLook:
    """The visual properties that a style sets for text: text colour (`ink`), background colour (`ground`), `size` in
    points, `opacity` from 0 to 1; None for one that it does not set."""

    ink: Colour | None = None
    ground: Colour | None = None
    size: float | None = None
    opacity: float | None = None

    def over(self, below: TextLook) -> TextLook:
        """Return these properties, with those of `below` where these are None."""
        if self == NOTHING:
            return below
        mine = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        return replace(below, **mine)

    def sight(self) -> Sight:
        """Return whether text with this look is visible ('seen', 'hidden' or 'doubtful'); unset properties count as
        black text of twelve points on white."""
        if self.size is not None and self.size <= SMALLEST or self.opacity is not None and self.opacity < FAINT:
            return "hidden"
        ink = BLACK if self.ink is None else self.ink
        ground = WHITE if self.ground is None else self.ground
        if ink == AUTO:
            return "seen"
        if ground == UNKNOWN:
            return "doubtful" if min(ink) > LIGHT else "seen"
        return "hidden" if all(abs(a - b) < CONTRAST for a, b in zip(ink, ground)) else "seen"


NOTHING = TextLook()
