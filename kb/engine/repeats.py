"""Find texts that repeat each other, by the runs of words (`kb.engine.runs`) that they share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kb.engine.groups import begins

_SHARED = 8
"""Minimum number of runs that two texts must share among their first runs before all their runs are compared. Texts on
one subject often share one run, seldom eight."""


def repeats(runs: Sequence[np.ndarray], share: float) -> list[tuple[int, int]]:
    """Return pairs of texts that share at least `share` (above 0, at most 1) of the runs of the longer one.

    `runs` holds the run numbers of each text (uint32, increasing; see `kb.engine.runs`). Each pair holds positions in
    `runs`, the later first; pairs are sorted by the later, then the earlier position.

    Only pairs that can qualify are compared: when two texts share `t` runs, at least `l` of these are among the first
    `n - t + l` runs of each text, where `n` is the number of its runs.
    """
    sets: dict[int, frozenset[int]] = {}
    return [(later, other) for later, other in _alike(runs, share) if _repeats(later, other, runs, sets, share)]


def may_repeat(runs: Sequence[np.ndarray], share: float) -> np.ndarray:
    """Return the positions of texts that share enough runs with all other texts together to repeat one of them: int64.

    Most texts share a few runs with many others; they are excluded here without comparing pairs.
    """
    sizes, common, firsts = _firsts(runs, share)
    some = np.arange(len(runs))
    for many, least in ((firsts, np.minimum(_SHARED, common)), (sizes, common)):
        values, whose = _in_order(runs, some, many)
        equal = values[1:] == values[:-1]
        also = np.zeros(len(values), dtype=bool)
        also[1:] = equal
        also[:-1] |= equal
        some = some[np.bincount(whose[also], minlength=len(some)) >= least[some]]
        if len(some) < 2:
            return some[:0]
    return some


def _firsts(runs: Sequence[np.ndarray], share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return three arrays (int64 [n]) over the texts: the number of its runs; how many of them another text must share
    to repeat it; and how many of its first runs must be compared."""
    sizes = np.asarray([len(mine) for mine in runs], dtype=np.int64)
    common = np.ceil(share * sizes).astype(np.int64)
    return sizes, common, sizes - common + np.minimum(_SHARED, common)


def _in_order(runs: Sequence[np.ndarray], some: np.ndarray, many: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first `many[i]` runs of each text i in `some`, all sorted together (uint64), and the owner of each run
    (int64).

    Owners are positions in `some`; equal runs are sorted by owner. `many` has one number for each text.
    """
    wanted = many[some]
    parts = [runs[i][:n] for i, n in zip(some.tolist(), wanted.tolist(), strict=True)]
    every = np.concatenate(parts or [np.zeros(0, np.uint32)]).astype(np.uint64)
    # run and owner in one number, 32 bits each, sorted together
    both = np.sort(every << np.uint64(32) | np.repeat(np.arange(len(some), dtype=np.uint64), wanted))
    # run and owner separated again
    return both >> np.uint64(32), (both & np.uint64(0xFFFFFFFF)).astype(np.int64)


def shared_firsts(runs: Sequence[np.ndarray], share: float) -> int:
    """Count the pairs of equal runs among the first runs of all texts: a measure of the time that `repeats` would
    take."""
    values, _ = _in_order(runs, np.arange(len(runs)), _firsts(runs, share)[2])
    many = np.diff(begins(values), append=len(values))
    return int((many * (many - 1) // 2).sum())


def _alike(runs: Sequence[np.ndarray], share: float) -> list[tuple[int, int]]:
    """Return candidate pairs of texts for `repeats`: similar in length, and sharing enough of their first runs. The
    later position comes first; sorted by the later, then the earlier one."""
    some = may_repeat(runs, share)
    if not len(some):
        return []
    sizes, common, firsts = _firsts(runs, share)
    values, whose = _in_order(runs, some, firsts)
    pairs: list[np.ndarray] = []
    at = np.flatnonzero(values[1:] == values[:-1])
    for apart in range(1, len(some)):  # equal runs are adjacent: first neighbours, then one further apart
        if not len(at):
            break
        pairs.append(whose[at + apart] * len(some) + whose[at])
        at = at[at + apart + 1 < len(values)]
        at = at[values[at] == values[at + apart + 1]]
    if not pairs:
        return []
    found = np.sort(np.concatenate(pairs))
    starts = begins(found)
    found, shared = found[starts], np.diff(starts, append=len(found))
    later, other = (some[side] for side in np.divmod(found, len(some)))
    short, long = np.minimum(sizes[later], sizes[other]), np.maximum(sizes[later], sizes[other])
    enough = (shared >= np.minimum(_SHARED, common[later])) & (short >= share * long)
    return list(zip(later[enough].tolist(), other[enough].tolist(), strict=True))


def _repeats(i: int, at: int, runs: Sequence[np.ndarray], sets: dict[int, frozenset[int]], share: float) -> bool:
    """Return whether the texts at positions `i` and `at` share enough runs. `sets` caches the set of runs of each
    text."""
    for key in (i, at):
        if key not in sets:
            sets[key] = frozenset(runs[key].tolist())
    return len(sets[i] & sets[at]) >= share * max(len(runs[i]), len(runs[at]))
