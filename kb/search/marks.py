"""Where the query's words stand in a hit's text, for marking them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import compress

from kb.engine.analysis import words
from kb.languages import MAIN
from kb.models import Span
from kb.search.language import content_words
from kb.text import INVISIBLE

_WORD = re.compile(rf"\w[\w{INVISIBLE}\u0300-\u036f]*(?:['’]\w[\w{INVISIBLE}\u0300-\u036f]*)*")


_MOST = 50_000
"""Printed words whose stems are remembered: some megabytes; texts share most of their words."""


class _Printed:
    """The printed words of one language that were seen, by their stems."""

    def __init__(self, language: str) -> None:
        self.language, self.known = language, set[str]()
        self.by_stem: dict[str, set[str]] = {}

    def learn(self, found: Iterable[str]) -> None:
        """Remember words by their stems."""
        for word in found:
            for stem in words(word, self.language):
                self.by_stem.setdefault(stem, set()).add(word)
            self.known.add(word)


_seen: dict[str, _Printed] = {}


def _printed(language: str) -> _Printed:
    """The words seen of a language; begun anew when they are too many."""
    found = _seen.get(language)
    if found is None or len(found.known) > _MOST:
        found = _seen[language] = _Printed(language)
    return found


class Marks:
    """What to mark of the words of one query in the texts of its hits."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._telling = [word for phrase in wanted for word in content_words(phrase, MAIN)]
        self._stems: dict[str, frozenset[str]] = {}

    def of(self, text: str, language: str = MAIN) -> list[Span]:
        """Character spans of the words of `text` that share a stem with any that is wanted, in order; small words are
        not marked."""
        found = list(_WORD.finditer(text))
        texts = [m[0] for m in found]
        there, printed = set(texts), _printed(language)
        printed.learn(there - printed.known)
        wanted = there & set().union(*(printed.by_stem.get(stem, ()) for stem in self._wanted(language)))
        return [m.span() for m in compress(found, map(wanted.__contains__, texts))] if wanted else []

    def _wanted(self, language: str) -> frozenset[str]:
        """Stems of what is wanted, in the main language and in that of a text."""
        if language not in self._stems:
            found = (stem for word in self._telling for name in {MAIN, language} for stem in words(word, name))
            self._stems[language] = frozenset(stem for stem in found if len(stem) > 1)
        return self._stems[language]


def marks(text: str, wanted: Iterable[str], language: str = MAIN) -> list[Span]:
    """The spans to mark in one text; see `Marks.of`."""
    return Marks(wanted).of(text, language)
