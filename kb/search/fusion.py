"""Fuse the results of several legs (retrievers) into one ranking: by a weighted sum of scaled scores, or by reciprocal
ranks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan

import numpy as np

from kb.errors import InputError

Legs = Mapping[str, np.ndarray]
"""Scores of the same passages in each leg: float64 [n], NaN where a leg did not find the passage."""


def scaled(scores: np.ndarray, floor: float | None = None, best: float | None = None) -> np.ndarray:
    """Scale scores linearly so that `best` (by default the highest) becomes 1 and `floor` (by default the lowest) 0.
    NaN stays NaN; when all are equal, all become 1."""
    best = _best(scores) if best is None else best
    if isnan(best):
        return scores
    low = float(np.fmin.reduce(scores)) if floor is None else floor
    span = best - low
    return (scores - low) / span if span > 0 else np.where(np.isnan(scores), np.nan, 1.0)


def _best(scores: np.ndarray) -> float:
    """Return the highest score, ignoring NaN; NaN when there is none."""
    return float(np.fmax.reduce(scores)) if len(scores) else np.nan


def convex(legs: Legs, weights: Mapping[str, float], k: int, lows: Mapping[str, float]) -> np.ndarray:
    """Return for each passage the weighted sum of its scaled scores: float64 [n]. The weight of a leg that found
    nothing is shared among the others. `k` is not used.

    `lows` gives for each leg the score that counts as 0 (default: the lowest found). Measured equal to reciprocal ranks
    on four public test sets (paired p = .80); unlike ranks, it preserves how much better a hit is.
    """
    used = {name: (leg, best) for name, leg in legs.items() if not isnan(best := _best(leg))}
    total = sum(weights.get(name, 0.0) for name in used) or 1.0
    fused = _zeros(legs)
    for name, (leg, best) in used.items():
        found = scaled(leg, lows.get(name), best)
        fused = fused + weights.get(name, 0.0) / total * np.where(np.isnan(found), 0.0, found)
    return fused


def reciprocal(legs: Legs, weights: Mapping[str, float], k: int, lows: Mapping[str, float]) -> np.ndarray:
    """Return for each passage its reciprocal rank fusion: the sum over legs of weight / (k + rank), scaled so that a
    passage ranked first in every leg has 1. `lows` is not used."""
    used = {name: leg for name, leg in legs.items() if len(leg) and not np.isnan(leg).all()}
    total = sum(weights.get(name, 0.0) for name in used) or 1.0
    fused = _zeros(legs)
    for name, leg in used.items():
        found = np.flatnonzero(~np.isnan(leg))
        ranks = np.empty(len(found))
        ranks[np.argsort(-leg[found], kind="stable")] = np.arange(1, len(found) + 1)
        fused[found] += weights.get(name, 0.0) / total * (k + 1) / (k + ranks)
    return fused


def _zeros(legs: Legs) -> np.ndarray:
    return np.zeros(max((len(leg) for leg in legs.values()), default=0))


METHODS: dict[str, Callable[[Legs, Mapping[str, float], int, Mapping[str, float]], np.ndarray]] = {
    "convex": convex,
    "rrf": reciprocal,
}


def fuse(
    legs: Legs,
    weights: Mapping[str, float],
    method: str = "convex",
    k: int = 60,
    lows: Mapping[str, float] | None = None,
) -> np.ndarray:
    """Fuse the scores of several legs into one score for each passage: float64 [n], 0 for one that no leg found. Raises
    InputError for an unknown method."""
    if method not in METHODS:
        raise InputError(f"unknown fusion '{method}'.", do=f"Methods are: {', '.join(METHODS)}.")
    return METHODS[method](legs, weights, k, lows or {})
