"""Dot products of a query vector with selected rows of a matrix, without copying the rows when they are float32 and in
small batches when they are float16.

Copying all rows first takes longer than multiplying them: memory bandwidth is the limit.
"""

from __future__ import annotations

import threading

import faiss
import numpy as np

from kb import threads

_WIDE = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
"""The float32 value of every float16: a look-up takes half the time of NumPy's conversion."""

threads.one_for_products()
_ALONE = threading.local()


def alone() -> None:
    """Make FAISS search with one thread; must be called in each thread that searches.

    OpenMP keeps the number of threads for each calling thread. When it was set once for the program, it did not reach
    the threads of `kb serve` or the app: there two threads waited for each other on two processors, and a search took
    22 ms of processor time instead of 4.
    """
    if not getattr(_ALONE, "is_set", False):
        faiss.omp_set_num_threads(1)
        _ALONE.is_set = True


alone()

_AT_ONCE = 256
"""Number of float16 vectors that are converted at once: 0.4 MB at 384 dimensions, which stay in the processor's cache
until they are multiplied."""
_SIGN_AND_BITS = np.int32(-0x70000001)
"""Mask of a float32: all bits except the three between its sign and the five exponent bits that came from a float16."""
_SCALE = np.float32(2.0**112)
"""Factor by which a float32 is too small after the bits of a float16 were moved into it: its exponent is biased by 127,
not by 15."""


def widened(vectors: np.ndarray) -> np.ndarray:
    """Convert float16 vectors to float32; the values stay the same."""
    return _WIDE.take(vectors.view(np.uint16))


def half_products(query: np.ndarray, matrix: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the dot products of a query (float32 [dim]) with the rows `at` of a float16 matrix without infinities:
    float64 [len(at)]. Same result as converting all rows first, in a third of the time.

    A float16 is converted by moving its bits into those of a float32, which is then too small by the factor 2 to the
    112th; the query is multiplied by that factor. Both change only exponents, so that no digit is lost.
    """
    bits, large = matrix.view(np.int16), query.astype(np.float32, copy=False) * _SCALE
    found = np.empty(len(at), dtype=np.float32)
    some, wide = (np.empty((min(_AT_ONCE, len(at)), matrix.shape[1]), kind) for kind in (np.int16, np.int32))
    for start in range(0, len(at), _AT_ONCE):
        chosen = at[start : start + _AT_ONCE]
        part, as_wide = some[: len(chosen)], wide[: len(chosen)]
        bits.take(chosen, axis=0, out=part, mode="clip")  # with "raise" NumPy fills a copy first
        np.left_shift(part, 13, out=as_wide, dtype=np.int32)  # 23 bits of a float32 after the point, 10 of a float16
        np.bitwise_and(as_wide, _SIGN_AND_BITS, out=as_wide)
        np.dot(as_wide.view(np.float32), large, out=found[start : start + _AT_ONCE])
    return found.astype(np.float64)


def products(query: np.ndarray, matrix: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the dot products of a query (float32 [dim]) with the rows `at` of a float32 matrix: float64 [len(at)]."""
    asked, chosen = np.ascontiguousarray(query, dtype=np.float32), np.ascontiguousarray(at, dtype=np.int64)
    found = np.empty(len(chosen), dtype=np.float32)
    if len(chosen):
        alone()
        pointers = [faiss.swig_ptr(each) for each in (found, asked, matrix, chosen)]
        faiss.fvec_inner_products_by_idx(  # type: ignore[attr-defined]  # its types leave it out
            *pointers, matrix.shape[1], 1, len(chosen)
        )
    return found.astype(np.float64)


def pairs(matrix: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the dot product of row `left[i]` with row `right[i]` of a matrix, for each i: float32 [n]."""
    sides = [np.ascontiguousarray(side, dtype=np.int64) for side in (left, right)]
    found = np.empty(len(sides[0]), dtype=np.float32)
    alone()
    at = [faiss.swig_ptr(each) for each in (matrix, sides[0], matrix, sides[1], found)]
    faiss.pairwise_indexed_inner_product(  # type: ignore[attr-defined]  # its types leave it out
        matrix.shape[1], len(found), *at
    )
    return found


def highest(scores: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Return the highest score of each group: `scores` holds the groups one after the other, `many[i]` is the size of
    group i. NaN for an empty group."""
    starts = many.cumsum() - many
    if many.all() and len(many):
        return np.maximum.reduceat(scores, starts)
    found = np.full(len(many), np.nan)
    there = many > 0
    if len(scores):
        found[there] = np.maximum.reduceat(scores, starts[there])
    return found
