"""For each term the passages that contain it, held in memory; the passages that match a word query are then computed
from arrays.

A program that answers many searches holds this for an index that is not too large. The word index then has to score
only the best passages: counting all that match would take a fifth of a search, and excluding a few that a filter hides
another fifth, because the word index reads each of two clauses to its end.
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
    """The rows of the passages that contain each term, by term number (`kb.engine.local.entry`)."""

    def __init__(self, numbers: np.ndarray, first: np.ndarray) -> None:
        """Invert the term numbers of all passages (`numbers`: uint64, row after row; those of a row begin at
        `first[row]`, int64 [size + 2])."""
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
        """Set `found` (bool [size + 1], by row) to True for passages with any of the terms at these positions, and
        return it."""
        for at in terms:
            found[self._rows[self._first[at] : self._first[at + 1]]] = True
        return found

    def places(self, terms: Sequence[int]) -> tuple[int, ...]:
        """Return the positions in this table of terms given by number; terms that no passage contains are left out."""
        wanted = np.asarray(terms, dtype=self._terms.dtype)
        at = np.minimum(self._terms.searchsorted(wanted), max(len(self._terms) - 1, 0))
        return tuple(at[self._terms[at] == wanted].tolist()) if len(self._terms) else ()

    def having(self, places: Sequence[int]) -> np.ndarray:
        """Return whether each passage has any of the terms at these positions: bool [size + 1], by row."""
        often = [self._packed[at] for at in places if at in self._packed]
        if not often:
            return self._marked(places, np.zeros(self.size + 1, dtype=bool))
        bits = often[0].copy()
        for each in often[1:]:
            np.bitwise_or(bits, each, out=bits)
        found = np.unpackbits(bits, count=self.size + 1).view(bool)
        return self._marked([at for at in places if at not in self._packed], found)


class Matching:
    """Computes which passages match a word query, with phrases, from the postings."""

    def __init__(self, postings: Postings, languages: tuple[str, ...], sought: Callable[[Query], np.ndarray]) -> None:
        """Set the postings. `languages` are those in which words are stemmed; `sought` returns the rows of a phrase
        from the word index."""
        self._postings, self._languages = postings, languages
        self._places = lru_cache(maxsize=20_000)(self._places_of)  # words of some thousand questions
        self._phrase = lru_cache(maxsize=_PHRASES)(sought)
        self._last: tuple[Query | None, np.ndarray | None] = None, None

    def _places_of(self, node: Words) -> tuple[tuple[int, ...], bool]:
        """Return the positions of the terms of which each matches alone, and whether the node also has forms of several
        terms side by side."""
        alone, runs = numbered(node, self._languages)
        return self._postings.places(alone), bool(runs)

    def of(self, query: Query) -> np.ndarray | None:
        """Return whether each passage matches a query: bool [size + 1], by row, not to be changed. None for a query
        with prefixes, words of similar spelling or nearness, which postings cannot decide. The result for the last
        query is cached."""
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
    """Return a list that holds the `Matching` of all passages. For a larger index it is empty until a background thread
    has made it; for an older index without term numbers it stays empty. `languages` and `sought` as in `Matching`."""
    found: list[Matching] = []

    def make() -> None:
        """Read the term numbers and add their `Matching` to the list; ignore errors of a database that was closed
        meanwhile."""
        with suppress(sqlite3.Error):
            if (held := store.every_term()) is not None:
                found.append(Matching(Postings(*held), languages, sought))

    if store.size <= _AT_ONCE:
        make()
    else:
        Thread(target=make, daemon=True).start()
    return found
