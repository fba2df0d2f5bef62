"""Which passages have each term, held in memory: which passages match a query of words is then read from arrays.

A program that answers many searches holds this of an index that is not too large. The word index then has to score the
best passages only: counting all that match takes it a fifth of a search, and leaving out a few that a filter hides
another fifth, since of two clauses it reads each to the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np

from kb.engine.groups import begins
from kb.engine.local.entry import numbered
from kb.engine.query import Best, Flat, Query, Sum, Weighted, Words

if TYPE_CHECKING:
    from kb.engine.local.passage_store import Store

_AT_ONCE = 20_000
"""Passages up to which it is made at once, in a tenth of a second at most; for 100,000 another thread takes a second of
the processor, and searches go on without it."""
_PACKED_FROM = 64
"""A term that one passage in so many has is held as bits as well: they are joined in a microsecond for 100,000."""
_PHRASES = 512
"""Phrases whose passages are cached: labels, which many questions share; some kilobytes each."""


class Postings:
    """The passages of each term, by the term's number (`kb.engine.local.entry`)."""

    def __init__(self, numbers: np.ndarray, first: np.ndarray) -> None:
        """Turn the numbers of all passages (uint64, by row) round; those of a row begin at `first[row]` (int64
        [size + 2])."""
        self.size = len(first) - 2
        terms = np.sort(numbers)
        self._terms = terms[begins(terms)]
        codes = self._terms.searchsorted(numbers).astype(np.min_scalar_type(len(self._terms)))
        order = codes.argsort(kind="stable")  # of two bytes, as most are: by their digits, in a tenth of the time
        self._first = np.r_[0, np.bincount(codes, minlength=len(self._terms)).cumsum()]
        self._rows = np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))[order]
        often = np.flatnonzero(np.diff(self._first) * _PACKED_FROM > self.size).tolist()
        self._packed = {at: np.packbits(self._marked([at], np.zeros(self.size + 1, dtype=bool))) for at in often}

    def _marked(self, terms: Sequence[int], found: np.ndarray) -> np.ndarray:
        """Mark in `found` (bool [size + 1]) the passages that have any of the terms at these positions."""
        for at in terms:
            found[self._rows[self._first[at] : self._first[at + 1]]] = True
        return found

    def places(self, terms: Sequence[int]) -> tuple[int, ...]:
        """Return the positions of terms, given by their numbers; those that no passage has are left out."""
        wanted = np.asarray(terms, dtype=self._terms.dtype)
        at = np.minimum(self._terms.searchsorted(wanted), max(len(self._terms) - 1, 0))
        return tuple(at[self._terms[at] == wanted].tolist()) if len(self._terms) else ()

    def having(self, places: Sequence[int]) -> np.ndarray:
        """Return which passages have any of the terms at these positions: bool [size + 1], by row."""
        often = [self._packed[at] for at in places if at in self._packed]
        if not often:
            return self._marked(places, np.zeros(self.size + 1, dtype=bool))
        bits = often[0].copy()
        for each in often[1:]:
            np.bitwise_or(bits, each, out=bits)
        found = np.unpackbits(bits, count=self.size + 1).view(bool)
        return self._marked([at for at in places if at not in self._packed], found)


class Matching:
    """Tells which passages match a query of words and phrases."""

    def __init__(self, postings: Postings, languages: tuple[str, ...], sought: Callable[[Query], np.ndarray]) -> None:
        """`languages` are those in which words are stemmed; `sought` returns the rows of a phrase from the word
        index."""
        self._postings, self._languages = postings, languages
        self._places = lru_cache(maxsize=20_000)(self._places_of)  # words of some thousand questions
        self._phrase = lru_cache(maxsize=_PHRASES)(sought)
        self._last: tuple[Query | None, np.ndarray | None] = None, None

    def _places_of(self, node: Words) -> tuple[tuple[int, ...], bool]:
        """Return the positions of the terms that match alone, and whether terms side by side match too."""
        alone, runs = numbered(node, self._languages)
        return self._postings.places(alone), bool(runs)

    def of(self, query: Query) -> np.ndarray | None:
        """Return which passages match: bool [size + 1], by row, not to be changed; None for a query with prefixes,
        words of similar spelling or nearness. The answer for the last query is cached."""
        last, known = self._last
        if last is not query:
            known = self._of(query)
            self._last = query, known
        return known

    def _of(self, query: Query) -> np.ndarray | None:
        places: set[int] = set()
        phrases: list[np.ndarray] = []
        left = [query]
        while left:
            node = left.pop()
            if isinstance(node, Words):
                alone, has_runs = self._places(node)
                places.update(alone)
                if has_runs:
                    phrases.append(self._phrase(node))
            elif isinstance(node, Sum | Best):
                left += node.parts
            elif isinstance(node, Weighted | Flat):
                left.append(node.part)
            else:
                return None
        found = self._postings.having(tuple(places))
        for rows in phrases:
            found[rows] = True
        return found


def matching_of(store: Store, languages: tuple[str, ...], sought: Callable[[Query], np.ndarray]) -> list[Matching]:
    """Return a list that holds the `Matching` of all passages; of a larger index it is empty until another thread has
    made it, of an older one without terms it stays empty. For `languages` and `sought` see `Matching`."""
    found: list[Matching] = []

    def make() -> None:
        """Read the terms and turn them round; errors of a database closed meanwhile are ignored."""
        with suppress(sqlite3.Error):
            if (held := store.every_term()) is not None:
                found.append(Matching(Postings(*held), languages, sought))

    if store.size <= _AT_ONCE:
        make()
    else:
        Thread(target=make, daemon=True).start()
    return found
