"""Where the query's words stand in a hit's text, for marking them."""
from __future__ import annotations

import re
from collections.abc import Iterable

from kb.index.terms import words
from kb.models import Span

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def marks(text: str, wanted: Iterable[str], language: str = "en") -> list[Span]:
    """Character spans of the words of `text` that share a stem with any of `wanted`, in order."""
    stems = {stem for phrase in wanted for stem in words(phrase, "en") + words(phrase, language) if len(stem) > 1}
    return [m.span() for m in _WORD.finditer(text) if stems & set(words(m.group(), language))]
