"""Which texts repeat which, by the runs of words that they share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kb.engine.groups import begins

_SHARED = 8
"""Runs that two texts must share among their first ones before all of them are compared: one is often shared by texts
on one subject, eight seldom."""


def repeats(runs: Sequence[np.ndarray], share: float) -> list[tuple[int, int]]:
    """Pairs of texts, given as their runs of words (see `kb.engine.runs`), that have at least `share` (above 0) of the
    runs of the longer one in common: their positions, the later first, in the order of the later one, then of the
    other.

    Two texts that have `t` of their runs in common share `l` of the first `n - t + l` of each (n: how many it has), so
    that only such pairs are compared.
    """
    sets: dict[int, frozenset[int]] = {}
    return [(later, other) for later, other in _alike(runs, share) if _repeats(later, other, runs, sets, share)]


def _firsts(runs: Sequence[np.ndarray], share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many runs each text has, how many another must have in common with it, and how many of its first ones are
    looked at: int64 [n] each."""
    sizes = np.asarray([len(mine) for mine in runs], dtype=np.int64)
    common = np.ceil(share * sizes).astype(np.int64)
    return sizes, common, sizes - common + np.minimum(_SHARED, common)


def shared_firsts(runs: Sequence[np.ndarray], share: float) -> int:
    """How many pairs of equal runs there are among the first ones of texts: how long `repeats` takes."""
    firsts = _firsts(runs, share)[2]
    every = [mine[:n] for mine, n in zip(runs, firsts.tolist(), strict=True)]
    many = np.unique(np.concatenate(every or [np.zeros(0, np.uint32)]), return_counts=True)[1]
    return int((many * (many - 1) // 2).sum())


def _alike(runs: Sequence[np.ndarray], share: float) -> list[tuple[int, int]]:
    """Pairs of texts, the later one first, that have about the same length and share enough of their first runs: in
    the order of the later one, then of the other."""
    if len(runs) < 2:
        return []
    sizes, common, firsts = _firsts(runs, share)
    every = np.concatenate([mine[:n] for mine, n in zip(runs, firsts.tolist(), strict=True)]).astype(np.uint64)
    # a run and its place, 32 bits each, sorted together
    both = np.sort(every << np.uint64(32) | np.repeat(np.arange(len(runs), dtype=np.uint64), firsts))
    # a run and its place, 32 bits each, parted again
    values, whose = both >> np.uint64(32), (both & np.uint64(0xFFFFFFFF)).astype(np.int64)
    equal = values[1:] == values[:-1]
    also = np.zeros(len(values), dtype=bool)
    also[1:] = equal
    also[:-1] |= equal
    shared = np.bincount(whose[also], minlength=len(runs))
    if not (shared >= np.minimum(_SHARED, common)).any():
        return []  # no text shares enough of its first runs with all others together
    pairs: list[np.ndarray] = []
    at = np.flatnonzero(equal)
    for apart in range(1, len(runs)):  # equal runs stand side by side: those next to each other, then one farther
        if not len(at):
            break
        pairs.append(whose[at + apart] * len(runs) + whose[at])
        at = at[at + apart + 1 < len(values)]
        at = at[values[at] == values[at + apart + 1]]
    if not pairs:
        return []
    found = np.sort(np.concatenate(pairs))
    starts = begins(found)
    found, many = found[starts], np.diff(starts, append=len(found))
    later, other = np.divmod(found, len(runs))
    short, long = np.minimum(sizes[later], sizes[other]), np.maximum(sizes[later], sizes[other])
    enough = (many >= np.minimum(_SHARED, common[later])) & (short >= share * long)
    return list(zip(later[enough].tolist(), other[enough].tolist(), strict=True))


def _repeats(i: int, at: int, runs: Sequence[np.ndarray], sets: dict[int, frozenset[int]], share: float) -> bool:
    """Whether two texts have so many runs in common; sets that were made are kept in `sets`."""
    for key in (i, at):
        if key not in sets:
            sets[key] = frozenset(runs[key].tolist())
    return len(sets[i] & sets[at]) >= share * max(len(runs[i]), len(runs[at]))
