"""Explain the rank of hits: the score of each leg, and the effects that changed it."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

import numpy as np

from kb.search.pool import Pool
from kb.search.reorder import Moved
from kb.search.results import Why


def reasons(
    at: np.ndarray,
    pool: Pool,
    weights: Mapping[str, float],
    factors: np.ndarray,
    moved: Moved,
    widened: Mapping[str, tuple[str, ...]],
) -> list[Why]:
    """Return for each of the candidates at positions `at` (int [n]) its score in each leg, the factor of its kind, and
    the effects of re-ranking.

    All hits are done together, because one array access for all is faster than one for each.
    """
    scores = {name: leg[at].round(4).tolist() for name, leg in pool.legs.items()}
    found: list[Why] = []
    for n, (factor, moves) in enumerate(zip(factors[at].tolist(), moved.reasons(at), strict=True)):
        legs = {name: score for name, each in scores.items() if not isnan(score := each[n])}
        shares = {name: weights.get(name, 0.0) for name in legs}
        found.append({"legs": legs, "weights": shares, "factor": factor, "moved": moves, "widened": dict(widened)})
    return found
