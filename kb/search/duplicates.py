"""Hits that say the same in the same words are shown once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

_SHARED = 3
"""Runs that two texts must share among their first ones before all of them are compared: one is often shared by texts
on one subject, three seldom."""


def fold(runs: Sequence[np.ndarray], share: float, kinds: Sequence[str] | None = None) -> list[int]:
    """For each text, given as its runs of words (see `kb.engine.runs`), the position of the first that it repeats (its
    own when none): at least `share` (above 0) of the runs of the longer one in common.

    Where `kinds` are given only texts of one kind are folded: the same words of another force are another thing. Two
    texts that have `t` of their runs in common share `l` of the first `n - t + l` of each (n: how many it has), so that
    only such pairs are compared.
    """
    firsts = [_first(mine, share) for mine in runs]
    often = _repeated(firsts)
    if not often:
        return list(range(len(runs)))
    kept: dict[int, list[int]] = {}
    sets: dict[int, frozenset[int]] = {}
    leaders = []
    for i, first in enumerate(firsts):
        keys = often.intersection(first.tolist())
        enough = min(_SHARED, math.ceil(share * len(runs[i])))
        near = [at for key in keys if key in kept for at in kept[key]]
        leader = i
        if len(near) >= enough:
            counted = Counter(near)
            alike = (at for at in sorted(counted) if counted[at] >= enough and (not kinds or kinds[at] == kinds[i]))
            leader = next((at for at in alike if _repeats(i, at, runs, sets, share)), i)
        if leader == i:
            for key in keys:
                kept.setdefault(key, []).append(i)
        leaders.append(leader)
    return leaders


def _first(mine: np.ndarray, share: float) -> np.ndarray:
    """The runs of a text among which those shared with any that it repeats are looked for."""
    common = math.ceil(share * len(mine))
    return mine[: len(mine) - common + min(_SHARED, common)]


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
