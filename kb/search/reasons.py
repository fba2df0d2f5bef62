"""Why hits stand where they stand: what each leg gave them, and what moved them."""

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
    """For each of those candidates (int [n]) its score in each leg, the factor of its kind, and what the second look
    saw. All at once: one look into each array, not one for each hit."""
    scores = {name: leg[at].round(4).tolist() for name, leg in pool.legs.items()}
    found: list[Why] = []
    for n, (factor, moves) in enumerate(zip(factors[at].tolist(), moved.reasons(at), strict=True)):
        legs = {name: score for name, each in scores.items() if not isnan(score := each[n])}
        shares = {name: weights.get(name, 0.0) for name in legs}
        found.append({"legs": legs, "weights": shares, "factor": factor, "moved": moves, "widened": dict(widened)})
    return found
