"""Headings of the background paper: which lines are headings, at which level, and the identifiers of their sections."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from kb.models import Place, Section
from kb.structure.lift import SECTION
from kb.structure.lines import SourceLine
from kb.text import slug, squeeze

WRAP = 72
"""Column of the paper's hand-made line breaks (about 80) by which full lines are recognised: a line is full when its
text with the next word would pass this column.

Chosen between the longest bare heading (column 69) and the shortest full lines with their next word (column 76).
"""
WORDS = 14  # words of a heading without a number: two lines of an A4 page

_NOT_AT_END = (".", ":", ",", ";", "?")


def is_bare_heading(line: SourceLine, following: SourceLine | None) -> bool:
    """Return whether a line is a heading without a number: short, beginning with a capital, without punctuation at its
    end, and ended although the first word of the next line would have fitted. False without a next line."""
    text = line.text
    if not following or not text[0].isupper() or text.endswith(_NOT_AT_END) or len(text.split()) > WORDS:
        return False
    return len(text) + 1 + len(following.text.split()[0]) <= WRAP


class Outline:
    """The headings read so far. Their sequence distinguishes numbered headings from numbered list items."""

    def __init__(self, document: str, levels: Mapping[str, int]) -> None:
        self.document, self.levels = document, levels
        self.sections: list[Section] = []
        self._open: list[Section] = []
        self._top, self._sub = 0, 0
        self._last_line = -1

    def numbered(self, text: str) -> bool:
        """Return whether `text` is the next numbered heading: 3 after 2, 3.1 under 3, 3.2 after 3.1."""
        found = SECTION.match(text)
        if not found:
            return False
        top, sub = int(found["top"]), int(found["sub"] or 0)
        return (top, sub) in ((self._top + 1, 0), (self._top, self._sub + 1 if sub else -1))

    def enter(self, line: SourceLine, place: Place) -> Section:
        """Open the section of the heading `line`, close the sections that it ends, and return the new one."""
        heading = squeeze(line.text)
        found = SECTION.match(line.text) if self.numbered(line.text) else None
        if found:
            self._top, self._sub = int(found["top"]), int(found["sub"] or 0)
        level = self._level(heading, found is not None, line)
        self._open = [s for s in self._open if s.level < level]
        section = Section(
            id=self._id(heading, found is not None),
            heading=heading,
            level=level,
            place=place,
            path=(*(s.heading for s in self._open), heading),
            lines=(line.number, line.number),
        )
        self._open.append(section)
        self.sections.append(section)
        self._last_line = line.number
        return section

    def _level(self, heading: str, numbered: bool, line: SourceLine) -> int:
        """Return the level of a heading: from its number if it is `numbered`; else as given in the corpus; else one
        deeper than a heading directly above, or the same as before."""
        if numbered:
            return 2 if self._sub else 1
        if heading in self.levels:
            return self.levels[heading]
        current = self._open[-1].level if self._open else 0
        return current + 1 if line.number - self._last_line <= 2 else max(2, current)

    def _id(self, heading: str, numbered: bool) -> str:
        if numbered:
            return f"{self.document}/s{self._top}" + (f".{self._sub}" if self._sub else "")
        above = self._open[-1].id if self._open else self.document
        return f"{above}/{slug(heading)}"

    @property
    def path(self) -> tuple[str, ...]:
        """Return the headings above the next passage, outermost first; () before the first heading."""
        return self._open[-1].path if self._open else ()

    @property
    def locator(self) -> str:
        """Return the identifier of the section to which the next passage belongs."""
        return self._open[-1].id if self._open else f"{self.document}/front"

    def closed(self, text_lines: Sequence[int]) -> tuple[Section, ...]:
        """Return all sections with the lines that they cover; `text_lines` are the numbers of the lines that have text,
        in order."""
        return tuple(
            s.model_copy(update={"lines": (_first(s), self._end(i, text_lines))}) for i, s in enumerate(self.sections)
        )

    def _end(self, i: int, text_lines: Sequence[int]) -> int:
        """Return the last line with text before the next heading of the same or a higher level than section `i`."""
        stop = next((_first(s) for s in self.sections[i + 1 :] if s.level <= self.sections[i].level), None)
        at = bisect_left(text_lines, stop) if stop else len(text_lines)
        return text_lines[at - 1]


def _first(section: Section) -> int:
    return section.lines[0] if section.lines else 0
