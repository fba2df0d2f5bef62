"""Fonts of a PDF whose letters mean something else than they print: what such a font writes is no text.

A font that gives no table of its characters, or a wrong one, prints "constatación" and says "FRQVWDWDFLyQ". It is told
by what it says over the whole file: signs without meaning, or Latin letters that no language puts together so.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from kb.read.layout.words import Word

LEAST = 40
"""Letters of a font from which it is judged: marks of lists and initials have fewer."""
MEANINGLESS = 0.2
"""Share of signs without meaning: fonts of signs have all, a damaged table some letters."""
VOWELS = 0.26
"""Share of vowels among Latin letters below which no language is written; fonts of real files had 0.30 and more from
40 letters on."""
MANY, ALIKE = 60, 0.65
"""Letters of a font from which the frequencies of all letters are compared, and the cosine with those of the languages
below under which they are of none: fonts of real files had 0.65 and more, letters moved at random mostly less."""
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
    """The words of each font of a file, by page."""

    words: dict[str, dict[int, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, words: list[Word], raw: pdfium.FPDF_TEXTPAGE, number: int) -> None:
        """Take the words of a page."""
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
        """Page to the words on it that stand in a font which says something else than it prints."""
        found: dict[int, list[str]] = defaultdict(list)
        for pages in self.words.values():
            if is_soup([word for words in pages.values() for word in words]):
                for number, words in pages.items():
                    found[number] += words
        return dict(found)


def _name(font: pdfium.FPDF_FONT) -> str:
    """The name of a font, without the letters before it that tell one part of a font from another."""
    size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def is_soup(words: list[str]) -> bool:
    """Whether the words of a font are no text of any language, as where its letters stand for others. Single letters,
    as in formulas, and words with figures are not counted; a word that occurs often counts once."""
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
    """Cosine between the frequencies of letters and those of the languages above."""
    product = sum(letters[c] * share for c, share in FREQUENT.items())
    return product / (math.hypot(*letters.values()) * math.hypot(*FREQUENT.values()))
