"""Correct a typing slip of one letter in a word of a citation ("artcile 12", "Disabilites"), and report what was
corrected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import cached_property

_LEAST_PLACE = 5
"""Letters of a word for a place; below it, one letter makes another word of it ("part", "para")."""
_LEAST_NAME = 5
"""Letters of a word of a name; shorter words are small words, or acronyms, of which one letter makes another."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_SHORT_SLIPS = {"atr": "art", "aart": "art", "artt": "art", "parra": "párr", "parr": "párr", "praa": "para"}
"""Slips of the short marks, which are too short to be compared letter by letter."""


class Slips:
    """Finds words that differ by one typing slip from exactly one word for places, or one word of an installed
    document's name.

    `names` are the words of names, `places` the words for places, `known` all words that are never corrected; `count`
    returns how many words of a text are part of installed names.
    """

    def __init__(
        self, names: Iterable[str], places: Collection[str], known: Iterable[str], count: Callable[[str], int]
    ) -> None:
        self._names, self._places, self._known_words = list(names), sorted(set(places)), list(known)
        self._count = count

    @cached_property
    def _name_words(self) -> list[str]:
        return sorted({word for name in self._names for word in _WORD.findall(name) if _is_long(word)})

    @cached_property
    def _known(self) -> set[str]:
        return {_bare(w) for text in (*self._names, *self._places, *self._known_words) for w in _WORD.findall(text)}

    def corrected(self, text: str) -> tuple[str, list[str]]:
        """Return the text with slips corrected, and one note for each correction.

        A word for a place is corrected only before its number, and a word of a name only when that completes a name:
        "Disabilites" at the end of the Convention's title, but not by itself.
        """
        notes: list[str] = []
        for word in dict.fromkeys(_WORD.findall(text)):
            if _bare(word) in self._known:
                continue
            meant = self._place(word, text) or self._name(word, text)
            if meant:
                meant = meant[0].upper() + meant[1:] if word[0].isupper() else meant
                text = re.sub(rf"\b{word}\b", meant, text)
                notes.append(f"'{word}' was read as '{meant}'.")
        return text, notes

    def _place(self, word: str, text: str) -> str:
        """Return the word for a place that was probably meant; '' if there is none or several, or if no number
        follows in the text."""
        if not re.search(rf"\b{word}\b\.?:?\s*(?:n[º°o]\.?\s*)?\(?(?:\d|[ivxlIVXL]+\b)", text):
            return ""
        if short := _SHORT_SLIPS.get(_bare(word)):
            return short
        return _one({each for each in self._places if len(each) >= _LEAST_PLACE and is_slip(_bare(word), _bare(each))})

    def _name(self, word: str, text: str) -> str:
        """Return the word of a name that was probably meant, if the corrected text contains more of a name than the
        typed one; else ''."""
        if word.isupper():
            return ""  # "PIDCP" is no slip of an acronym that is here
        near = {each.lower(): each for each in self._name_words if is_slip(_bare(word), _bare(each))}
        before = self._count(text)
        found = [each for each in near.values() if self._count(re.sub(rf"\b{word}\b", each, text)) > before]
        return _one(set(found))


def is_slip(typed: str, word: str) -> bool:
    """Return whether two words differ by one letter inserted, left out or changed, or by two neighbouring letters
    swapped. A different first or last letter is no slip: "conventions" is not one of "convention".

    >>> is_slip("artcile", "article"), is_slip("declarations", "declaration")
    (True, False)
    """
    if typed[:-1] == word or word[:-1] == typed or typed[:-1] == word[:-1] or not typed or typed[0] != word[0]:
        return False
    if len(typed) == len(word):
        other = [at for at, (a, b) in enumerate(zip(typed, word, strict=True)) if a != b]
        if len(other) == 2 and other[1] == other[0] + 1:
            return typed[other[0]] == word[other[1]] and typed[other[1]] == word[other[0]]
        return len(other) == 1
    long, short = (typed, word) if len(typed) > len(word) else (word, typed)
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _is_long(word: str) -> bool:
    """Return whether a word of a name is long enough to be compared letter by letter, and is no acronym."""
    return len(word) >= _LEAST_NAME and not word[1:].isupper()


def _one(found: Collection[str]) -> str:
    """Return the only member of a collection; '' when it has none or several."""
    return next(iter(found)) if len(found) == 1 else ""


def _bare(word: str) -> str:
    """Return a word in lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
