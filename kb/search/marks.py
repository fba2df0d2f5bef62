"""Where the query's words stand in a hit's text, for marking them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kb.index.terms import words
from kb.languages import MAIN
from kb.models import Span
from kb.search.language import content_words
from kb.text import INVISIBLE

_WORD = re.compile(rf"\w[\w{INVISIBLE}\u0300-\u036f]*(?:['’]\w[\w{INVISIBLE}\u0300-\u036f]*)*")


@lru_cache(maxsize=50_000)
def _stems(word: str, language: str) -> frozenset[str]:
    """The stems of one printed word; texts share most of their words."""
    return frozenset(words(word, language))


class Marks:
    """What to mark of the words of one query in the texts of its hits; what was seen of a word is kept for the next."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._telling = [word for phrase in wanted for word in content_words(phrase, MAIN)]
        self._known: dict[str, tuple[frozenset[str], dict[str, bool]]] = {}

    def of(self, text: str, language: str = MAIN) -> list[Span]:
        """Character spans of the words of `text` that share a stem with any that is wanted, in order; small words are
        not marked."""
        stems, seen = self._known.get(language) or self._known.setdefault(language, (self._stems(language), {}))
        found = []
        for m in _WORD.finditer(text):
            word = m.group()
            wanted = seen.get(word)
            if wanted is None:
                wanted = seen[word] = not stems.isdisjoint(_stems(word, language))
            if wanted:
                found.append(m.span())
        return found

    def _stems(self, language: str) -> frozenset[str]:
        found = (stem for word in self._telling for name in {MAIN, language} for stem in _stems(word, name))
        return frozenset(stem for stem in found if len(stem) > 1)


def marks(text: str, wanted: Iterable[str], language: str = MAIN) -> list[Span]:
    """The spans to mark in one text; see `Marks.of`."""
    return Marks(wanted).of(text, language)
