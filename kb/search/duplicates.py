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
    firsts = [mine[: len(mine) - math.ceil(share * len(mine)) + 1] for mine in runs]
    often = _repeated(firsts)
    if not often:
        return list(range(len(runs)))
    kept: dict[tuple[str, int], list[int]] = {}
    sets: dict[int, frozenset[int]] = {}
    leaders = []
    for i, first in enumerate(firsts):
        keys = [(kinds[i] if kinds else "", run) for run in first.tolist() if run in often]
        near = sorted({at for key in keys for at in kept.get(key, ())})
        leader = next((at for at in near if _repeats(i, at, runs, sets, share)), i)
        if leader == i:
            for key in keys:
                kept.setdefault(key, []).append(i)
        leaders.append(leader)
    return leaders


def _repeated(firsts: Sequence[np.ndarray]) -> frozenset[int]:
    """Runs that stand in more than one of these lists."""
    every = np.sort(np.concatenate(firsts)) if len(firsts) else np.zeros(0, dtype=np.uint32)
    return frozenset(every[1:][every[1:] == every[:-1]].tolist())


def _repeats(i: int, at: int, runs: Sequence[np.ndarray], sets: dict[int, frozenset[int]], share: float) -> bool:
    """Whether two texts have so many runs in common; sets that were made are kept in `sets`."""
    short, long = sorted((len(runs[i]), len(runs[at])))
    if short < share * long:
        return False
    for key in (i, at):
        if key not in sets:
            sets[key] = frozenset(runs[key].tolist())
    return len(sets[i] & sets[at]) >= share * long
