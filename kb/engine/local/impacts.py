"""Score passages for a query of words and phrases by adding the scores of its parts, which are computed from the
postings; the best passages and their number are then found in arrays.

The scores are those of the word index to the last digit: the same formula (BM25) in the same precision, added in the
same order. The word index visits each passage that has any of the words, one after the other; adding takes a fifth of
that time or less.
"""

from __future__ import annotations

import ctypes
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Lock, Thread
from typing import TYPE_CHECKING

import numpy as np

from kb.engine.filters import AllOf, AnyOf, Filter, Is, NoneOf
from kb.engine.local.entry import HEADINGS, LOOKED_UP, number_of, sought
from kb.engine.local.postings import Postings
from kb.engine.query import Best, Flat, Query, Sum, Weighted, Words

if TYPE_CHECKING:
    from kb.engine.local.terms import Terms
    from kb.engine.local.words import TantivyCompiler

_AT_ONCE = 2_000
"""Passages up to which the scores of a phrase are read from the word index at once; many passages take some hundredths
of a second, for which no search waits."""
_KEPT = 24
"""Scores for each passage of the index that are kept of parts of earlier queries (words in all their forms, groups of
other names): three hundred megabytes for a million passages, an eighth of what their vectors take."""
_K1, _B = np.float32(1.2), np.float32(0.75)
"""The two constants of BM25 in tantivy: how soon repeating a word adds nothing, and how much the length counts."""
_ONE, _HALF = np.float32(1), np.float32(0.5)
Scores = tuple[np.ndarray, np.ndarray]
"""Row numbers (int64, each once) and the score of each (float32)."""
_UNKNOWN: Scores = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
"""Stands for a part of a query of which nothing is kept yet."""


def _system_log() -> Callable[[float], float]:
    """Return the natural logarithm in float32 of the system, which the word index uses as well; that of Python, rounded
    to float32, differs from it in the last digit once in some hundred numbers."""
    try:
        found = ctypes.CDLL(None).logf
    except (OSError, TypeError, AttributeError):  # a system whose programs do not name their functions: Windows
        return math.log
    found.restype, found.argtypes = ctypes.c_float, [ctypes.c_float]
    return found


_log = _system_log()


class TermScores:
    """Computes the scores of the passages that contain a term, by BM25 over all segments."""

    def __init__(self, segments: Mapping[int, Postings]) -> None:
        """`segments` are the postings by the number of their first row."""
        self._segments = [(first - 1, each) for first, each in sorted(segments.items())]
        self._size = sum(each.size for _, each in self._segments)
        tokens = sum((each.tokens for _, each in self._segments), np.zeros(len(LOOKED_UP), dtype=np.int64))
        means = tokens.astype(np.float32) / np.float32(max(1, self._size))
        self._factors = {name: self._of_kinds(mean) for name, mean in zip(LOOKED_UP, means, strict=True) if mean}

    def _of_kinds(self, mean: np.float32) -> list[np.ndarray]:
        """Return for each segment the factor of each kind of posting (float32 [kinds]) in a field of this mean
        length."""
        found = []
        for _, each in self._segments:
            often, length = each.counts.T.astype(np.float32)
            found.append(often / (often + _K1 * (_ONE - _B + _B * length / mean)))
        return found

    def of(self, name: str, term: str, weight: float) -> Scores | None:
        """Return the scores of a term in a field, times `weight`, by increasing row; None when no passage has it."""
        if name not in self._factors:
            return None
        number = number_of(name, term)
        found = [(before, each, each.of(number)) for before, each in self._segments]
        many = sum(at.stop - at.start for _, _, at in found)
        if not many:
            return None
        share = (np.float32(self._size - many) + _HALF) / (np.float32(many) + _HALF)
        by = np.float32(_log(float(_ONE + share))) * (_ONE + _K1) * np.float32(weight)
        rows = [each.rows[at].astype(np.int64) + before for before, each, at in found]
        factors = zip(self._factors[name], found, strict=True)
        scores = [of_kind.take(each.kinds[at]) * by for of_kind, (_, each, at) in factors]
        return (rows[0], scores[0]) if len(found) == 1 else (np.concatenate(rows), np.concatenate(scores))


class Impacts:
    """The scores of the passages for the parts of queries."""

    def __init__(self, terms: Terms, compiler: TantivyCompiler, postings: Mapping[int, Postings]) -> None:
        self.size = terms.size
        self._terms, self._compiler, self._of_term = terms, compiler, TermScores(postings)
        self._kept: OrderedDict[Query, Scores | None] = OrderedDict()  # the one used last comes last
        self._many, self._lock = 0, Lock()

    def of(self, query: Query, *, stays: bool) -> Scored | None:
        """Score all passages for a query; None for a query with prefixes, words of similar spelling or nearness, when a
        passage may match it with the score 0, or when the scores of a phrase are not read yet: with `stays` (a program
        that goes on) another thread reads them."""
        parts = [self._clause(node, stays) for node in _parts(query)]  # each is begun, also behind one that is not read
        known = [part for part in parts if part is not None]
        return Scored(known, self.size) if len(known) == len(parts) else None

    def _clause(self, node: Query, stays: bool) -> Scores | None:
        """Return the scores of a part of a query; None as `of`."""
        with self._lock:
            kept = self._kept.get(node, _UNKNOWN)
            if kept is not _UNKNOWN:
                self._kept.move_to_end(node)
                return kept
        if not _is_of_words(node):
            return None
        found = self._forms(node) if isinstance(node, Words) else None
        if found is None:
            return self._read(node, stays)
        self._keep(node, found)
        return found

    def _forms(self, node: Words) -> Scores | None:
        """Return the scores of words that have only forms of one term; None when the word index must be asked."""
        forms = sought(node, self._compiler.languages)
        if any(len(terms) > 1 for _, terms in forms):
            return None
        asked = [(name, term, node.headings if name == HEADINGS else 1.0) for name, (term,) in forms]
        parts = [found for each in asked if (found := self._of_term.of(*each))]
        if not parts:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
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

    def _read(self, node: Query, stays: bool) -> Scores | None:
        """Return the scores of a part of a query from the word index; None when a passage may match it with the score
        0. In a large index also None: with `stays` until another thread has read them, without for good."""

        def read() -> None:
            """Read the scores, and keep them."""
            rows, scores = self._terms.scores(self._compiler.query(node))
            self._keep(node, (rows, scores) if (scores > 0).all() else None)

        if self.size <= _AT_ONCE:
            read()
        elif stays:
            self._keep(node, None)
            Thread(target=read).start()
        return self._kept.get(node)

    def _keep(self, node: Query, found: Scores | None) -> None:
        """Keep the scores of a part of a query; those that were not used for the longest time go."""
        with self._lock:
            self._many += _many(found) - (_many(self._kept.pop(node)) if node in self._kept else 0)
            self._kept[node] = found
            while self._many > _KEPT * self.size and len(self._kept) > 1:
                self._many -= _many(self._kept.popitem(last=False)[1])


def _many(found: Scores | None) -> int:
    return 1 if found is None else 1 + len(found[0])


class Scored:
    """All passages scored for one query."""

    def __init__(self, parts: Sequence[Scores], size: int) -> None:
        """Add the scores of the parts of the query, in an index of `size` passages."""
        self.sums = np.zeros(size + 1, dtype=np.float32)
        for rows, scores in parts:  # each row once in a part
            np.add.at(self.sums, rows, scores)  # a fifth less time than adding to what was taken out
        self.matches = self.sums > 0
        """Whether each passage matches (bool [size + 1], by row); not to be changed."""

    def best(self, k: int, mask: np.ndarray | None, place: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, int]:
        """Return the row numbers of the best `k` passages, equal scores in source order, their scores (float32), and
        the number of all that match; only those that pass `mask` (bool [size + 1], by row) if one is given. `place` has
        the position of each row in source order (int64 [size + 1]); None when it is that of the row."""
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
        order = by_score.argsort(kind="stable") if place is None else np.lexsort((place[rows], by_score))
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
    """Scores all passages for a query from the postings, if the index has them."""

    def __init__(self, terms: Terms, compiler: TantivyCompiler) -> None:
        postings = terms.postings()
        self._impacts = Impacts(terms, compiler, postings) if postings else None
        self._last: tuple[Query | None, Scored | None] = None, None

    def of(self, query: Query, *, stays: bool) -> Scored | None:
        """Score all passages for a query; None when that cannot be done, or not yet: see `Impacts.of`. The result for
        the last query is cached."""
        last, known = self._last
        if last is query:
            return known
        if self._impacts is None:
            return None
        known = self._impacts.of(query, stays=stays)
        self._last = (query, known) if known else (None, None)
        return known


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
