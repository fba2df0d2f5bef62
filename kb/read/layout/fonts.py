"""Find fonts of a PDF whose characters decode to other letters than they print, so that their text is unusable.

A font with a missing or wrong character table prints "constatación" and decodes to "FRQVWDWDFLyQ". It is detected from
its text in the whole file: meaningless characters, or combinations of Latin letters that no language has.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from kb.read.layout.words import PageWord

LEAST = 40
"""Minimum number of letters of a font that is judged: list marks and initials have fewer."""
MEANINGLESS = 0.2
"""Minimum share of meaningless characters: symbol fonts have only those, a damaged table some."""
VOWELS = 0.26
"""Share of vowels among Latin letters below which text is of no language; fonts of real files had 0.30 and more from
40 letters on."""
MANY, ALIKE = 60, 0.65
"""Minimum number of letters of a font for comparing letter frequencies, and the cosine with those of the languages
below under which the text is of no language: fonts of real files had 0.65 and more, substituted letters mostly less."""
FREQUENT = dict(
    zip(
        "eaionsrtlducmpvghqbfyzjkxw",
        (13.0, 9.9, 8.0, 7.5, 7.2, 6.9, 6.4, 6.4, 5.0, 4.4, 3.9, 3.7, 3.0, 2.7)
        + (1.2, 1.2, 1.6, 0.8, 1.3, 1.4, 1.1, 0.4, 0.4, 0.4, 0.4, 0.6),
    )
)
"""Letters per hundred, mean of English, Spanish, French and Portuguese prose."""
_ODD = {"Co", "Cn", "Cc", "Cs"}


@dataclass
class Fonts:
    """The words of each font of a PDF, by font name and page number."""

    words: dict[str, dict[int, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, words: list[PageWord], raw: pdfium.FPDF_TEXTPAGE, number: int) -> None:
        """Add the words of page `number`, given its pdfium text page `raw`."""
        names: dict[int, str] = {}
        for word in words:
            thing = pdfium.FPDFText_GetTextObject(raw, word.first)
            font = pdfium.FPDFTextObj_GetFont(thing) if thing else None
            key = ctypes.cast(font, ctypes.c_void_p).value or 0 if font else 0
            if key and key not in names:
                names[key] = f"{_name(font)} {key:x}"
            if key:
                self.words[names[key]][number].append(word.text)

    def unreadable(self) -> dict[int, list[str]]:
        """Return for each page its words in fonts that decode to other letters than they print."""
        found: dict[int, list[str]] = defaultdict(list)
        for pages in self.words.values():
            if is_soup([word for words in pages.values() for word in words]):
                for number, words in pages.items():
                    found[number] += words
        return dict(found)


def _name(font: pdfium.FPDF_FONT) -> str:
    """Return the name of a font."""
    size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def is_soup(words: list[str]) -> bool:
    """Return whether the words of one font are text of no language, as when the font's table decodes to wrong letters.

    True when many characters are meaningless (see MEANINGLESS), when too few letters are vowels (VOWELS), or when
    letter frequencies are unlike those of languages (ALIKE). False for fewer than LEAST letters. Words with digits or
    under three letters, as in formulas, are ignored; repeated words count once.
    """
    signs = Counter(c for word in words for c in word)
    total = signs.total()
    odd = sum(n for c, n in signs.items() if unicodedata.category(c) in _ODD or c == "\ufffd")
    if total >= LEAST and MEANINGLESS * total < odd < total:
        return True
    known = {word for word in words if sum(map(str.isalpha, word)) > 2 and not any(map(str.isdigit, word))}
    bases = Counter(unicodedata.normalize("NFD", c.lower())[:1] for word in known for c in word if c.isalpha())
    letters = Counter({c: n for c, n in bases.items() if c in FREQUENT})
    many = letters.total()
    if many < LEAST or many < 0.5 * bases.total():
        return False
    if sum(letters[c] for c in "aeiouy") < VOWELS * many:
        return True
    return many >= MANY and _likeness(letters) < ALIKE


def _likeness(letters: Counter[str]) -> float:
    """Return the cosine (0 to 1) between these letter counts and the letter frequencies of languages in FREQUENT."""
    product = sum(letters[c] * share for c, share in FREQUENT.items())
    return product / (math.hypot(*letters.values()) * math.hypot(*FREQUENT.values()))
