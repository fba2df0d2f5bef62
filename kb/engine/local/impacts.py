"""For each term the passages that contain it with their scores, held in memory; the best passages of a word query are
then found by adding arrays.

The scores are the word index's own and are added in its order, in the same precision: a passage gets the same score to
the last digit. The word index visits each passage that has any of the words; adding takes a quarter of that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from threading import Thread, main_thread
from typing import TYPE_CHECKING

import numpy as np
import tantivy

from kb.engine.filters import AllOf, AnyOf, Filter, Is, NoneOf
from kb.engine.local.entry import HEADINGS, PRINTED, STEMMED, sought
from kb.engine.query import Best, Flat, Query, Sum, Weighted, Words

if TYPE_CHECKING:
    from kb.engine.local.terms import Terms
    from kb.engine.local.words import TantivyCompiler

_AT_ONCE = 2_000
"""Passages up to which it is made at once, in some hundredths of a second; for 100,000 another thread takes two to
four seconds of the processor, and searches go on without it."""
_CLAUSES = 2_000
"""Parts of queries (words in all their forms, groups of other names) that are cached: twelve bytes for each of their
passages."""
Scores = tuple[np.ndarray, np.ndarray]
"""Row numbers (int64, each once) and the score of each (float32)."""


class _Ended(Exception):
    """The program ends."""


class Impacts:
    """The scores of the passages for each term of each field."""

    def __init__(self, terms: Terms, compiler: TantivyCompiler, headings: float) -> None:
        """Read all scores from the word index; `headings` is the weight of a word in a heading. Raises _Ended when the
        program ends meanwhile."""
        self.size, self.order, self.headings = terms.size, terms.order, headings
        self._terms, self._compiler = terms, compiler
        self._at: dict[tuple[str, str], tuple[int, int]] = {}
        parts: list[Scores] = [(np.zeros(0, np.int64), np.zeros(0, np.float32))]
        end = 0
        for name in (STEMMED, PRINTED, HEADINGS):
            for term in terms.every(name):
                if not main_thread().is_alive():
                    raise _Ended
                asked = tantivy.Query.term_query(terms.schema, name, term)
                parts.append(terms.scores(tantivy.Query.boost_query(asked, headings) if name == HEADINGS else asked))
                first, end = end, end + len(parts[-1][0])
                self._at[name, term] = first, end
        self._rows, self._scores = (np.concatenate(each) for each in zip(*parts, strict=True))
        self._words = lru_cache(maxsize=_CLAUSES)(self._forms)
        self._others: dict[Query, Scores | None] = {}

    def of(self, query: Query) -> Scored | None:
        """Score all passages for a query; None for a query with prefixes, words of similar spelling or nearness, when a
        passage may match it with the score 0, or when the scores of a phrase are still being read."""
        parts = [self._clause(node) for node in _parts(query)]  # each is begun to be read, also behind one that is not
        known = [part for part in parts if part is not None]
        return Scored(known, self.size, self.order) if len(known) == len(parts) else None

    def _clause(self, node: Query) -> Scores | None:
        """Return the scores of a part of a query; None as `of`."""
        if not _is_of_words(node):
            return None
        return (self._words(node) if isinstance(node, Words) else None) or self._read(node)

    def _forms(self, node: Words) -> Scores | None:
        """Return the scores of words that have only forms of one term; None when the word index must be asked."""
        forms = sought(node, self._compiler.languages)
        if any(len(terms) > 1 for _, terms in forms) or node.headings not in (0.0, self.headings):
            return None
        places = [at for name, terms in forms if (at := self._at.get((name, terms[0])))]
        parts = [(self._rows[first:end], self._scores[first:end]) for first, end in places]
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            return self._either(parts[0], parts[1], node.others)
        highest, total = (np.zeros(self.size + 1, dtype=np.float32) for _ in range(2))
        for rows, scores in parts:
            highest[rows] = np.maximum(highest[rows], scores)
            total[rows] += scores
        rows = total.nonzero()[0]
        best = highest[rows]
        return rows, best + (total[rows] - best) * np.float32(node.others)

    def _either(self, one: Scores, other: Scores, share: float) -> Scores:
        """Return the best of two scores of each passage plus a share of the lower one; rows are in no order."""
        held = np.empty(self.size + 1, dtype=np.float32)
        held[other[0]] = 0
        held[one[0]] = one[1]
        before = held[other[0]]
        best = np.maximum(before, other[1])
        held[other[0]] = joined = best + (before + other[1] - best) * np.float32(share)
        alone = before == 0
        return np.concatenate([one[0], other[0][alone]]), np.concatenate([held[one[0]], joined[alone]])

    def _read(self, node: Query) -> Scores | None:
        """Return the scores of a part of a query from the word index; None when a passage may match it with the score
        0. In a large index also None until another thread has read them: many passages take some hundredths of a
        second."""
        if node not in self._others:
            if len(self._others) >= _CLAUSES:
                self._others.clear()
            self._others[node] = None

            def read() -> None:
                """Read the scores into the table."""
                rows, scores = self._terms.scores(self._compiler.query(node))
                self._others[node] = (rows, scores) if (scores > 0).all() else None

            if self.size <= _AT_ONCE:
                read()
            else:
                Thread(target=read).start()
        return self._others.get(node)


class Scored:
    """All passages scored for one query."""

    def __init__(self, parts: Sequence[Scores], size: int, order: np.ndarray | None) -> None:
        """Add the scores of the parts of the query. `order` has the position of each row in the word index (int64
        [size + 1]); None when it is that of the row."""
        self._order = order
        self.sums = np.zeros(size + 1, dtype=np.float32)
        for rows, scores in parts:  # each row once in a part
            self.sums[rows] += scores
        self.matches = self.sums > 0
        """Whether each passage matches (bool [size + 1], by row); not to be changed."""

    def best(self, k: int, mask: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, int]:
        """Return the row numbers of the best `k` passages, equal scores in the order of the word index, their scores
        (float32), and the number of all that match; only those that pass `mask` (bool [size + 1], by row) if one is
        given."""
        matches = self.matches if mask is None else self.matches & mask
        total = int(np.count_nonzero(matches))
        rows = self._above(k, mask) if total > k else None
        if rows is None:
            rows = matches.nonzero()[0]
        scores = self.sums[rows]
        if len(rows) > k:
            at = (scores >= np.partition(scores, len(scores) - k)[len(scores) - k]).nonzero()[0]
            rows, scores = rows[at], scores[at]
        by_score = -scores
        order = by_score.argsort(kind="stable") if self._order is None else np.lexsort((self._order[rows], by_score))
        order = order[:k]
        return rows[order], scores[order], total

    def _above(self, k: int, mask: np.ndarray | None) -> np.ndarray | None:
        """Return at least `k` rows (increasing) with all the highest sums, mostly two or three times as many; None when
        that fails.

        The passages are taken in twice as many blocks as wanted: the highest sum of each tells from which on sums may
        be among the best, in a thirtieth of the time of ordering all.
        """
        width = max(1, len(self.sums) // (2 * k))
        blocks = self.sums[: len(self.sums) // width * width].reshape(-1, width).max(axis=1)
        least = np.partition(blocks, len(blocks) - k)[len(blocks) - k] if len(blocks) > k else 0
        if not least > 0:
            return None
        rows = (self.sums >= least).nonzero()[0]
        rows = rows if mask is None else rows[mask[rows]]
        return rows if len(rows) >= k else None


class Scoring:
    """Scores all passages for a query, as soon as the scores of the terms have been read."""

    def __init__(self, terms: Terms, compiler: TantivyCompiler) -> None:
        self._terms, self._compiler = terms, compiler
        self._made: list[Impacts] | None = None
        self._last: tuple[Query | None, Scored | None] = None, None

    def of(self, query: Query) -> Scored | None:
        """Score all passages for a query; None when that cannot be done from memory, or not yet. The result for the
        last query is cached."""
        last, known = self._last
        if last is query:
            return known
        if self._made is None:
            weights = [node.headings for node in _parts(query) if isinstance(node, Words) and node.headings]
            self._made = self._make(weights[0]) if weights else None
        if not self._made:
            return None
        known = self._made[0].of(query)
        self._last = (query, known) if known else (None, None)
        return known

    def _make(self, headings: float) -> list[Impacts]:
        """Return a list that holds the scores of the terms; empty until a background thread has read them, unless the
        index is small."""
        found: list[Impacts] = []

        def make() -> None:
            """Read the scores into the list."""
            with suppress(_Ended):
                found.append(Impacts(self._terms, self._compiler, headings))

        if self._terms.size <= _AT_ONCE:
            make()
        else:
            Thread(target=make).start()  # ended before the program is: native code must not be cut off in its midst
        return found


def _parts(query: Query) -> tuple[Query, ...]:
    return query.parts if isinstance(query, Sum) else (query,)


def _is_of_words(node: Query) -> bool:
    """Return whether a query has only words and phrases."""
    if isinstance(node, Sum | Best):
        return all(map(_is_of_words, node.parts))
    return _is_of_words(node.part) if isinstance(node, Weighted | Flat) else isinstance(node, Words)


def is_of_facets(within: Filter) -> bool:
    """Return whether a filter has conditions on facets only, so that the mask of passages that pass it is cached."""
    if isinstance(within, AllOf | AnyOf):
        return all(map(is_of_facets, within.parts))
    return is_of_facets(within.part) if isinstance(within, NoneOf) else isinstance(within, Is)
