"""Add to RTF what its reader computes or looks up: the numbers of notes, letters of symbol fonts, levels of headings.

Calls of notes and levels of headings become characters of the private use area, which `call_marks` and `heading_level`
find again in the converted text.

Numbers: characters of the private use area that no text has of its own; those of symbol fonts begin at F000.
"""

from __future__ import annotations

import re

from kb.read.counting import roman
from kb.read.symbols import character, is_symbol_font

_FOOTNOTES, _ENDNOTES, _LEVELS = 0xE100, 0xE800, 0xEF00  # first characters of this module's marks
MOST_NOTES = 0x6FF
"""Maximum number of notes of a kind that are counted."""
_CALL = re.compile("[\ue100-\ueeff]")
_LEVEL = re.compile("[\uef00-\uef09]")
_FONT = re.compile(r"\{\\f(\d+)[^{};]*?\s([^{};\\]+);?\}")
_STYLE = re.compile(r"\{(?:\\\*)?\\s(\d+) ?((?:\\[a-z]+-?\d* ?)*)([^{};\\]*);\}")
_HEADING = re.compile(r"(?:heading|título|titre|título|überschrift)\s*([1-9])", re.IGNORECASE)
SKIPPED = ("stylesheet", "fonttbl", "info", "listtable", "generator", "pnseclvl")
"""Groups that hold no text."""


class Counted:
    """Follows the control words of a file, and returns what is to be written for each."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.fonts = {number: name.strip() for number, name in _FONT.findall(source)}
        self.levels = _levels(source)
        self.roman = "\\aftnnrlc" in source
        self.counts = {False: 0, True: 0}
        self.last = ""
        self.font: list[tuple[int, str]] = []
        self.skipped = 0
        self.level: int | None = None
        self.headed = self.replaced = False

    def read(self, token: str, word: str | None, number: str | None, end: int, *, in_note: bool, depth: int) -> str:
        """Return the RTF for one token, which ends at offset `end`; `depth` is how many groups are open, `in_note`
        whether one of them is a note."""
        if word in SKIPPED and not self.skipped:
            self.skipped = depth
        if self.skipped:
            return token
        if word == "chftn":
            return self.call(end, in_note)
        if word == "f":
            self.font.append((depth, self.fonts.get(number or "0", "")))
        elif word in ("pard", "s", "outlinelevel", "par") and not in_note:
            return token + self.heading(word, number)
        elif self.font and is_symbol_font(self.font[-1][1]):
            return self.symbol(token, word, number)
        return token

    def close(self, depth: int) -> None:
        """Forget what held in groups that have ended; `depth` are still open."""
        while self.font and self.font[-1][0] > depth:
            self.font.pop()
        self.skipped = self.skipped if depth >= self.skipped else 0

    def call(self, end: int, in_note: bool) -> str:
        """Return the mark of a note: a new one where it is called, the same again in the note itself."""
        if not in_note:
            after = self.source[end : end + 400]  # letters, by eye: the note follows its mark
            note = after.find("\\footnote")
            at_end = note >= 0 and "\\ftnalt" in after[note : note + 40]
            self.counts[at_end] = min(self.counts[at_end] + 1, MOST_NOTES)
            first = _ENDNOTES if at_end else _FOOTNOTES
            self.last = f"{{\\uc0\\u{first + self.counts[at_end] - 65_536} }}"  # RTF writes these as negative numbers
        return self.last

    def heading(self, word: str | None, number: str | None) -> str:
        """Return the mark of a heading where a paragraph has its style or level."""
        if word == "pard":
            self.level = None
        elif word == "s":
            self.level = self.levels.get(number or "")
        elif word == "outlinelevel":
            self.level = int(number or 0) + 1 if int(number or 0) < 9 else None  # RTF has nine levels
        self.headed = self.headed or self.level is not None
        # zero: the level that the end of the paragraph before has set does not go on
        return f"{{\\uc0\\u{_LEVELS + (self.level or 0) - 65_536} }}" if self.headed else ""

    def symbol(self, token: str, word: str | None, number: str | None) -> str:
        """Return a letter of a symbol font as the character that it shows."""
        font = self.font[-1][1]
        if self.replaced and token.startswith("\\'"):
            self.replaced = False
            return token  # what old readers show in its place
        self.replaced = word == "u"
        if token.startswith("\\'"):
            code = int(token[2:4], 16)  # RTF: two hexadecimal digits
        elif word == "u":
            code = int(number or 0) % 65_536  # RTF writes characters above 32,767 as negative numbers
        else:
            return token
        shown = character(font, code)
        if word == "u":  # what stands for it in old readers follows
            return f"\\u{ord(shown)} " if shown and ord(shown) < 32_768 else token  # RTF: whole numbers of 16 bits
        return f"{{\\uc0\\u{ord(shown)} }}" if shown and ord(shown) < 32_768 else token  # RTF: whole numbers of 16 bits


def _levels(source: str) -> dict[str, int]:
    """Return the heading level of each paragraph style that has one, by its outline level or its name."""
    found: dict[str, int] = {}
    for number, words, name in _STYLE.findall(source):
        outline = re.search(r"\\outlinelevel([0-8])", words)
        named = _HEADING.fullmatch(name.strip())
        if outline or named:
            # RTF counts outline levels from 0; 9, the deepest, for a style that is neither
            found[number] = int(outline[1]) + 1 if outline else int(named[1]) if named else 9
    return found


def call_marks(text: str, upper: bool, is_roman: bool) -> tuple[str, tuple[str, ...]]:
    """Return a text with its note marks as printed, and the marks; `upper` writes them as superscript, `is_roman` those
    of endnotes as small Roman numerals."""
    found: list[str] = []

    def shown(match: re.Match[str]) -> str:
        """Return one mark."""
        code = ord(match.group())
        count = code - (_ENDNOTES if code >= _ENDNOTES else _FOOTNOTES)
        mark = roman(count).lower() if is_roman and code >= _ENDNOTES else str(count)
        found.append(mark)
        return mark.translate(_UP) if upper else mark

    return _CALL.sub(shown, text), tuple(found)


_UP = str.maketrans("0123456789ivxlc", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡᶜ")


def heading_level(text: str) -> tuple[str, int | None]:
    """Return a text without its marks of headings, and the level of the last one; None without one."""
    marks = _LEVEL.findall(text)
    return _LEVEL.sub("", text), (ord(marks[-1]) - _LEVELS or None) if marks else None
