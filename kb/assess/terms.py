"""Find terms in texts. In a term, `polic*` matches any ending, `legal aid` matches words in a row, and `right ~
education` allows up to four words in between.

Many terms are searched for in many short texts, so the words of the texts are indexed once; finding a term is then a
look-up, not a scan. Case and accents are ignored.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from kb.text import visible

_WORD = re.compile(r"[^\W_]+|\$")
GAP = 4
"""Most words that `~` may stand for."""


def fold(text: str) -> str:
    """Return the visible text in lower case without accents, ligatures resolved; its length may differ."""
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", visible(text).replace("ß", "ss"))
    return "".join(c for c in flat if not unicodedata.combining(c)).lower()


def words(text: str) -> list[str]:
    """Return the words of `text` in order, in lower case without accents."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=20_000)  # cached texts: the sentences of several policies
def _parts(term: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+\*?|\$|~", fold(term)))


class TermIndex:
    """An index of the words of many texts, which finds the texts that contain a term."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = [words(text) for text in texts]
        where: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(self.texts):
            for word in dict.fromkeys(text):
                where[word].append(number)
        self._where = dict(where)
        self._sorted = sorted(where)
        self._known: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.texts)

    def holds(self, term: str) -> np.ndarray:
        """Return whether each text contains the term: bool [texts]."""
        if term not in self._known:
            self._known[term] = self._look(_parts(term))
        return self._known[term]

    def any(self, terms: Iterable[str]) -> np.ndarray:
        """Return whether each text contains at least one of the terms: bool [texts]."""
        found = np.zeros(len(self.texts), dtype=bool)
        for term in terms:
            found |= self.holds(term)
        return found

    def count(self, terms: Iterable[str]) -> np.ndarray:
        """Return how many of the terms each text contains: int32 [texts]."""
        found = np.zeros(len(self.texts), dtype=np.int32)
        for term in terms:
            found += self.holds(term)
        return found

    def matched(self, number: int, terms: Iterable[str]) -> list[str]:
        """Return the terms that the text at position `number` contains, as written in the probe."""
        return [term for term in terms if self.holds(term)[number]]

    def _look(self, parts: tuple[str, ...]) -> np.ndarray:
        found = np.zeros(len(self.texts), dtype=bool)
        sets = [self._texts_with(part) for part in parts if part != "~"]
        if not sets:
            return found
        common = set.intersection(*sets)
        if len(parts) > 1:
            common = {number for number in common if _in_order(self.texts[number], parts)}
        found[list(common)] = True
        return found

    def _texts_with(self, part: str) -> set[int]:
        if not part.endswith("*"):
            return set(self._where.get(part, ()))
        stem = part[:-1]
        found: set[int] = set()
        for place in range(bisect_left(self._sorted, stem), len(self._sorted)):
            if not self._sorted[place].startswith(stem):
                break
            found.update(self._where[self._sorted[place]])
        return found


def _same(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _in_order(text: list[str], parts: tuple[str, ...]) -> bool:
    """Return whether the parts occur in a row in a list of words; a part `~` stands for up to GAP words."""
    return any(_from(text, start, parts) for start in range(len(text)) if _same(text[start], parts[0]))


def _from(text: list[str], start: int, parts: tuple[str, ...]) -> bool:
    if not parts:
        return True
    if parts[0] == "~":
        return any(_from(text, start + gap, parts[1:]) for gap in range(GAP + 1))
    return start < len(text) and _same(text[start], parts[0]) and _from(text, start + 1, parts[1:])
