"""Score the best passages of a word query when it is already known which passages match, so that the word index need
not count them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kb.engine.filters import And, Filter, Is, Not, Or
from kb.engine.query import Query

if TYPE_CHECKING:
    from kb.engine.local.terms import Terms
    from kb.engine.local.words import Compiler

_FEW = 10
"""Where a filter hides at most one passage in so many, more are asked for without it, and the hidden ones dropped."""
_SPARE = 10
"""How many more are asked for beside twice the share that is hidden: hidden passages may be alike."""


def is_of_facets(within: Filter) -> bool:
    """Return whether a filter has conditions on facets only, so that the mask of passages that pass it is cached."""
    if isinstance(within, And | Or):
        return all(map(is_of_facets, within.parts))
    return is_of_facets(within.part) if isinstance(within, Not) else isinstance(within, Is)


def best(
    terms: Terms, compiler: Compiler, query: Query, within: Filter, k: int, known: np.ndarray, mask: np.ndarray | None
) -> tuple[Sequence[int] | np.ndarray, Sequence[float] | np.ndarray, int]:
    """Return the row numbers of the best `k` passages that match and pass the filter, their scores, and the number of
    all such passages: the same as from the word index alone.

    `known` tells which passages match, `mask` which pass the filter (bool [size + 1], by row; None when all pass).
    """
    total = int(np.count_nonzero(known if mask is None else known & mask))
    most, counted = min(k, total), not compiler.has_forms(query)
    if not most:
        return (), (), total
    if mask is None:
        return (*terms.best(compiler.query(query), most, counted=counted)[:2], total)
    size = len(mask) - 1
    hidden = size - int(np.count_nonzero(mask))
    if hidden * _FEW <= size:
        more = 2 * most * hidden // size + _SPARE
        found, scores, _ = terms.best(compiler.query(query), most + more, counted=counted)
        rows = np.asarray(found, dtype=np.int64)
        at = mask[rows].nonzero()[0][:most]
        if len(at) == most:
            return rows[at], np.asarray(scores)[at], total
    return (*terms.best(compiler.within(query, within), most, counted=counted)[:2], total)
