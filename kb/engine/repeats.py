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


def may_repeat(runs: Sequence[np.ndarray], share: float) -> np.ndarray:
    """Positions of the texts that share enough runs with all others together to repeat one, or to be repeated: int64.

    Most share a few with many and are told apart here, where no two of them are compared."""
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
    """How many runs each text has, how many another must have in common with it, and how many of its first ones are
    looked at: int64 [n] each."""
    sizes = np.asarray([len(mine) for mine in runs], dtype=np.int64)
    common = np.ceil(share * sizes).astype(np.int64)
    return sizes, common, sizes - common + np.minimum(_SHARED, common)


def _in_order(runs: Sequence[np.ndarray], some: np.ndarray, many: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first `many` (int64, by text) runs of the texts at the positions `some`, increasing, and whose each is:
    uint64 and int64, places in `some`, equal runs in the order of these."""
    wanted = many[some]
    parts = [runs[i][:n] for i, n in zip(some.tolist(), wanted.tolist(), strict=True)]
    every = np.concatenate(parts or [np.zeros(0, np.uint32)]).astype(np.uint64)
    # a run and whose it is, 32 bits each, sorted together
    both = np.sort(every << np.uint64(32) | np.repeat(np.arange(len(some), dtype=np.uint64), wanted))
    # a run and whose it is, 32 bits each, parted again
    return both >> np.uint64(32), (both & np.uint64(0xFFFFFFFF)).astype(np.int64)


def shared_firsts(runs: Sequence[np.ndarray], share: float) -> int:
    """How many pairs of equal runs there are among the first ones of texts: how long `repeats` takes."""
    values, _ = _in_order(runs, np.arange(len(runs)), _firsts(runs, share)[2])
    many = np.diff(begins(values), append=len(values))
    return int((many * (many - 1) // 2).sum())


def _alike(runs: Sequence[np.ndarray], share: float) -> list[tuple[int, int]]:
    """Pairs of texts, the later one first, that have about the same length and share enough of their first runs: in
    the order of the later one, then of the other."""
    some = may_repeat(runs, share)
    if not len(some):
        return []
    sizes, common, firsts = _firsts(runs, share)
    values, whose = _in_order(runs, some, firsts)
    pairs: list[np.ndarray] = []
    at = np.flatnonzero(values[1:] == values[:-1])
    for apart in range(1, len(some)):  # equal runs stand side by side: those next to each other, then one farther
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
    """Whether two texts have so many runs in common; sets that were made are kept in `sets`."""
    for key in (i, at):
        if key not in sets:
            sets[key] = frozenset(runs[key].tolist())
    return len(sets[i] & sets[at]) >= share * max(len(runs[i]), len(runs[at]))
