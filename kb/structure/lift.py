"""Separate page numbers, footnotes and rules from the paper's running text, and determine the break before each
line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from kb.structure.lines import SourceLine

PAGE = 40
"""Minimum lines between page starts: full pages hold 44 to 47 lines, and a line indented by one space opens a page."""

Break = Literal["none", "soft", "hard"]

SECTION = re.compile(r"^(?P<top>\d)\s?\.?(?P<sub>\d)?\.?\s+(?=[A-Z])")
"""Matches the section numbers of the file: '1. ', '5  ', '6 . ', '7 ', '3.1 '."""

_PAGE_NUMBER = re.compile(r"^\d{1,3}$")
_RULE = re.compile(r"^_{5,}$")
_UNIT_END = (".", ":", "?", ")")


@dataclass
class Lifted:
    """The running text as (line, break before it), and the separated lines by kind."""

    body: list[tuple[SourceLine, Break]] = field(default_factory=list)
    notes: list[SourceLine] = field(default_factory=list)
    page_numbers: list[SourceLine] = field(default_factory=list)
    rules: list[SourceLine] = field(default_factory=list)


def _blank(line: SourceLine) -> Break | Literal["rule"]:
    """Return the meaning of a line without words, by its number of spaces: 'soft' (spacing) for an empty line, 'hard'
    (end of a paragraph) for one or two, 'rule' (the rule above footnotes) for many."""
    if len(line.raw) > 10:
        return "rule"
    return "hard" if line.raw else "soft"


def _opens_page(line: SourceLine, page: int) -> bool:
    """Return whether a page starts at a line: one space is before its words, and it is far enough below the start of
    the last page (line number `page`) or begins a section.

    Nine indented list items and one indented paragraph within a page are thereby not taken for page starts.
    """
    indented = line.raw.startswith(" ") and not line.raw.startswith("  ")
    return indented and (line.number - page >= PAGE or page == 0 or bool(SECTION.match(line.text)))


class Lifter:
    """Classifies the lines of the paper in one pass, from top to bottom."""

    def __init__(self) -> None:
        self.out = Lifted()
        self._gap: Break = "hard"
        self._page = 0
        self._in_notes = False
        self._turned = False

    def run(self, lines: list[SourceLine]) -> Lifted:
        """Separate the lines into running text and other kinds, and return them."""
        for line in lines:
            if line.text:
                self._words(line)
            else:
                self._space(line)
        return self.out

    def _space(self, line: SourceLine) -> None:
        kind = _blank(line)
        if kind == "rule":
            self._in_notes = True
            self.out.rules.append(line)
        elif kind == "hard" or self._gap == "none":
            self._gap = kind

    def _words(self, line: SourceLine) -> None:
        if _RULE.match(line.text):
            self.out.rules.append(line)
            return
        if _opens_page(line, self._page):
            self._page, self._in_notes, self._turned = line.number, False, True
            if _PAGE_NUMBER.match(line.text):
                self.out.page_numbers.append(line)
                return
        if self._in_notes:
            self.out.notes.append(line)
            return
        self.out.body.append((line, self._break()))
        self._gap, self._turned = "none", False

    def _break(self) -> Break:
        """Return the break before the next line. An empty line is only spacing, unless the paragraph above it is
        complete.

        At a page turn, the end of the last line decides as well. Joining the lines unless the last ends in . : ? or )
        is right for 42 of the paper's 43 page turns, and the remaining one is before a bullet.
        """
        if self._gap == "hard" or self._gap == "none" and not self._turned:
            return self._gap
        if not self._turned:
            return "hard" if self._ended() else "soft"
        return "hard" if self._ended() else "none"

    def _ended(self) -> bool:
        return not self.out.body or self.out.body[-1][0].text.endswith(_UNIT_END)


def lift(lines: list[SourceLine]) -> Lifted:
    """Return the running text with breaks, and footnotes, page numbers and rules; every line with words is in one of
    these."""
    return Lifter().run(lines)
