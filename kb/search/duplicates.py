"""Hits that say the same in the same words are shown once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def fold(runs: Sequence[np.ndarray], share: float, kinds: Sequence[str] | None = None) -> list[int]:
    """For each text, given as its runs of words (see `kb.engine.runs`), the position of the first that it repeats (its
    own when none): at least `share` (above 0) of the runs of the longer one in common.

    Where `kinds` are given only texts of one kind are folded: the same words of another force are another thing. Two
    texts with so much in common share one of the first runs of each, so that only such pairs are compared.
    """
    kept: dict[tuple[str, int], list[int]] = {}
    held: dict[int, frozenset[int]] = {}
    leaders = []
    for i, mine in enumerate(runs):
        kind = kinds[i] if kinds else ""
        first = mine[: len(mine) - math.ceil(share * len(mine)) + 1].tolist()
        near = {at for run in first for at in kept.get((kind, run), ())}
        leader = next((at for at in sorted(near) if _repeats(mine, runs[at], i, at, held, share)), i)
        if leader == i:
            for run in first:
                kept.setdefault((kind, run), []).append(i)
        leaders.append(leader)
    return leaders


def _repeats(
    mine: np.ndarray, theirs: np.ndarray, i: int, at: int, held: dict[int, frozenset[int]], share: float
) -> bool:
    """Whether two texts have so many runs in common; sets that were made are kept in `held`."""
    for key, values in ((i, mine), (at, theirs)):
        if key not in held:
            held[key] = frozenset(values.tolist())
    return len(held[i] & held[at]) >= share * max(len(mine), len(theirs))
