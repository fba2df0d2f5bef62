"""Hits that say the same in the same words are shown once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from kb.engine import Engine
from kb.engine.filters import EVERYTHING
from kb.engine.groups import begins
from kb.search.cards import STAYS, Near

_SHARED = 8
"""Runs that two texts must share among their first ones before all of them are compared: one is often shared by texts
on one subject, eight seldom."""
_HELD_UP_TO = 100_000
"""Passages of an index of which all are compared once: a fifth of a second for each ten thousand at most."""
_MOST_PAIRS = 1_000_000
"""Pairs of equal runs that are looked at when all are compared: a tenth of a second; an index of one text many times
over has more."""


def fold(runs: Sequence[np.ndarray], share: float, kinds: Sequence[str] | None = None) -> list[int]:
    """For each text, given as its runs of words (see `kb.engine.runs`), the position of the first that it repeats (its
    own when none): at least `share` (above 0) of the runs of the longer one in common.

    Where `kinds` are given only texts of one kind are folded: the same words of another force are another thing. Two
    texts that have `t` of their runs in common share `l` of the first `n - t + l` of each (n: how many it has), so that
    only such pairs are compared.
    """
    sets: dict[int, frozenset[int]] = {}
    pairs = _alike(runs, share)
    return _led(len(runs), pairs, lambda i, at: _repeats(i, at, runs, sets, share), kinds)


def _led(
    many: int, pairs: Iterable[tuple[int, int]], repeats: Callable[[int, int], bool], kinds: Sequence[str] | None
) -> list[int]:
    """The first that each text repeats, from pairs in the order of the later one: a text that repeats another leads
    none."""
    leaders = list(range(many))
    for i, at in pairs:
        if leaders[i] == i and leaders[at] == at and (not kinds or kinds[at] == kinds[i]):
            leaders[i] = at if repeats(i, at) else i
    return leaders


class Twins:
    """Which passages of an engine repeat which: compared for each search; in a program that stays, over an index that
    is not too large, all of them once."""

    def __init__(self, engine: Engine, share: float) -> None:
        self._engine, self._share, self._asked = engine, share, 0
        self._held: Mapping[str, Sequence[str]] | None = None

    def fold(self, ids: Sequence[str], kinds: Sequence[str]) -> list[int]:
        """`fold` of those passages."""
        self._asked += 1
        if self._asked == STAYS + 1 and self._engine.size <= _HELD_UP_TO and isinstance(self._engine, Near):
            self._held = self._all()
        held = self._held
        if held is None:
            return fold(self._engine.runs(ids), self._share, kinds)
        some = [(i, held[id]) for i, id in enumerate(ids) if id in held]
        place = {ids[i]: i for i, _ in some}
        pairs = [(i, place[other]) for i, others in some for other in others if place.get(other, i) < i]
        return _led(len(ids), sorted(pairs), lambda i, at: True, kinds)

    def _all(self) -> Mapping[str, Sequence[str]] | None:
        """For each passage those that repeat it or that it repeats; None where so many are alike that comparing them
        all would take long."""
        ids = self._engine.words(None, EVERYTHING, self._engine.size).ids
        runs = self._engine.runs(ids)
        if _shared_firsts(runs, self._share) > _MOST_PAIRS:
            return None
        sets: dict[int, frozenset[int]] = {}
        found: dict[str, list[str]] = {}
        for i, at in _alike(runs, self._share):
            if _repeats(i, at, runs, sets, self._share):
                found.setdefault(ids[i], []).append(ids[at])
                found.setdefault(ids[at], []).append(ids[i])
        return found


def _firsts(runs: Sequence[np.ndarray], share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many runs each text has, how many another must have in common with it, and how many of its first ones are
    looked at: int64 [n] each."""
    sizes = np.asarray([len(mine) for mine in runs], dtype=np.int64)
    common = np.ceil(share * sizes).astype(np.int64)
    return sizes, common, sizes - common + np.minimum(_SHARED, common)


def _shared_firsts(runs: Sequence[np.ndarray], share: float) -> int:
    """How many pairs of equal runs there are among the first ones of texts: how long `_alike` takes."""
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
