"""Where the query's words stand in a hit's text, for marking them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kb.index.terms import words
from kb.models import Span
from kb.search.language import content_words
from kb.text import INVISIBLE

_WORD = re.compile(rf"\w[\w{INVISIBLE}\u0300-\u036f]*(?:['’]\w[\w{INVISIBLE}\u0300-\u036f]*)*")


@lru_cache(maxsize=50_000)
def _stems(word: str, language: str) -> frozenset[str]:
    """The stems of one printed word; texts share most of their words."""
    return frozenset(words(word, language))


def marks(text: str, wanted: Iterable[str], language: str = "en") -> list[Span]:
    """Character spans of the words of `text` that share a stem with any of `wanted`, in order; small words are not
    marked."""
    telling = [word for phrase in wanted for word in content_words(phrase, "en")]
    stems = {stem for word in telling for stem in words(word, "en") + words(word, language) if len(stem) > 1}
    return [m.span() for m in _WORD.finditer(text) if stems & _stems(m.group(), language)]
