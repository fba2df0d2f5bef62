"""Add to RTF source what a program computes when it shows the file: numbers of notes, letters of symbol fonts, levels
of headings.

References to notes and levels of headings become private-use characters. `call_marks` and `heading_level` replace them
in the text after conversion.

Numbers: private-use characters, which no text has of its own; codes of symbol fonts begin at F000.
"""

from __future__ import annotations

import re

from kb.read.counting import roman
from kb.read.symbols import character, is_symbol_font

_FOOTNOTES, _ENDNOTES, _LEVELS = 0xE100, 0xE800, 0xEF00  # first characters of this module's marks
MOST_NOTES = 0x6FF
"""Maximum number of footnotes, and of endnotes, that get a number of their own; further ones repeat the last number."""
_CALL = re.compile("[\ue100-\ueeff]")
_LEVEL = re.compile("[\uef00-\uef09]")
_FONT = re.compile(r"\{\\f(\d+)[^{};]*?\s([^{};\\]+);?\}")
_STYLE = re.compile(r"\{(?:\\\*)?\\s(\d+) ?((?:\\[a-z]+-?\d* ?)*)([^{};\\]*);\}")
_HEADING = re.compile(r"(?:heading|título|titre|título|überschrift)\s*([1-9])", re.IGNORECASE)
SKIPPED = ("stylesheet", "fonttbl", "info", "listtable", "generator", "pnseclvl")
"""Control words of groups that hold no text: style sheet, font table, lists and the like."""


class RtfCounter:
    """The state of one pass over an RTF file's tokens; `read` returns for each token the RTF to write in its place."""

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
        """Return the RTF to write for one token, usually `token` itself.

        `word` and `number` are the token's control word and its parameter, None when it has none; `end` is the offset
        after the token; `depth` counts the open groups; `in_note`: one of them is a note.
        """
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
        """Drop the fonts that were set, and the skipping that began, in groups that have ended; `depth` counts the open
        groups."""
        while self.font and self.font[-1][0] > depth:
            self.font.pop()
        self.skipped = self.skipped if depth >= self.skipped else 0

    def call(self, end: int, in_note: bool) -> str:
        """Return the mark of a note, as one private-use character in RTF.

        In the text, a reference gets the next number; inside the note itself (`in_note`), the mark of the last
        reference is repeated. `end` is the offset after the reference, where the note follows.
        """
        if not in_note:
            after = self.source[end : end + 400]  # letters, by eye: the note follows its mark
            note = after.find("\\footnote")
            at_end = note >= 0 and "\\ftnalt" in after[note : note + 40]
            self.counts[at_end] = min(self.counts[at_end] + 1, MOST_NOTES)
            first = _ENDNOTES if at_end else _FOOTNOTES
            self.last = f"{{\\uc0\\u{first + self.counts[at_end] - 65_536} }}"  # RTF writes these as negative numbers
        return self.last

    def heading(self, word: str | None, number: str | None) -> str:
        """Return the level mark of a paragraph, in RTF, after a control word for its style, level or end.

        The mark of level 0 ends an earlier level. Returns '' as long as the file has set no level.
        """
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
        """Return the character that a symbol font shows for a token, in RTF; the token itself when that is unknown."""
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
    """Return (text with note marks as printed numbers, those numbers). With `upper`, the numbers in the text are
    superscript; with `is_roman`, endnotes have small Roman numerals."""
    found: list[str] = []

    def shown(match: re.Match[str]) -> str:
        """Return the printed number of one matched mark, and add it to `found`."""
        code = ord(match.group())
        count = code - (_ENDNOTES if code >= _ENDNOTES else _FOOTNOTES)
        mark = roman(count).lower() if is_roman and code >= _ENDNOTES else str(count)
        found.append(mark)
        return mark.translate(_UP) if upper else mark

    return _CALL.sub(shown, text), tuple(found)


_UP = str.maketrans("0123456789ivxlc", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡᶜ")


def heading_level(text: str) -> tuple[str, int | None]:
    """Return (text without level marks, level of the last mark); the level is None when there is no mark, or for level
    0."""
    marks = _LEVEL.findall(text)
    return _LEVEL.sub("", text), (ord(marks[-1]) - _LEVELS or None) if marks else None
