"""Find the query's words in a hit's text, to highlight them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from kb.engine.analysis import words
from kb.engine.stems import numbers
from kb.languages import MAIN
from kb.models import Span
from kb.search.language import content_words


def marked(texts: Sequence[np.ndarray], wanted: Iterable[str], languages: Sequence[str]) -> list[list[Span]]:
    """Return for each text the character spans, in order, of the words that share a stem with a word of `wanted`; stop
    words are not highlighted.

    `texts` are the stems of each text (uint32 [n, 3], see `kb.engine.stems`), `languages` their languages.
    """
    found: list[list[Span]] = [[] for _ in texts]
    telling = [word for phrase in wanted for word in _telling(phrase)]
    for language in dict.fromkeys(languages):
        looked_for = _numbers(telling, language)
        at = [i for i, each in enumerate(languages) if each == language]
        every = np.concatenate([texts[i] for i in at])
        places = _among(every[:, 2], looked_for)
        ends = np.cumsum([len(texts[i]) for i in at])
        for i, (first, last, _) in zip(np.searchsorted(ends, places, "right").tolist(), every[places].tolist()):
            if not found[at[i]] or found[at[i]][-1] != (first, last):  # a word may have two of the stems
                found[at[i]].append((first, last))
    return found


def _among(values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the positions of the values that occur in `wanted` (increasing): int64.

    `np.isin` takes three times as long for a dozen values.
    """
    if not len(wanted):
        return np.zeros(0, dtype=np.int64)
    found = wanted.searchsorted(values)
    found[found == len(wanted)] = 0
    return (wanted[found] == values).nonzero()[0]


def _numbers(telling: Iterable[str], language: str) -> np.ndarray:
    """Return the stem numbers of the words `telling`, stemmed in the main language and in `language`: uint32,
    increasing. Stems of one letter are left out."""
    return np.asarray(sorted({n for word in telling for name in {MAIN, language} for n in _of(word, name)}), np.uint32)


@lru_cache(maxsize=20_000)  # words of some thousand questions and hits
def _telling(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase without stop words of the main language; cached, because questions share most of
    their words."""
    return tuple(content_words(phrase, MAIN))


@lru_cache(maxsize=20_000)  # words of some thousand questions and hits
def _of(word: str, language: str) -> tuple[int, ...]:
    """Return the numbers of a word's stems in a language; stems of one letter are left out."""
    return tuple(numbers(stem for stem in words(word, language) if len(stem) > 1).tolist())
