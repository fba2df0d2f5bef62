"""Hits that say the same in the same words are shown once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def fold(pairs: Iterable[tuple[int, int]], kinds: Sequence[str]) -> list[int]:
    """For each hit the position of the first that it repeats (its own when none), from the pairs that
    `Engine.repeats` gives.

    Only hits of one kind are folded: the same words of another force are another thing. A hit that repeats another has
    none folded into it: with the pairs (1, 0) and (2, 1), hit 2 stays.
    """
    leaders = list(range(len(kinds)))
    for later, other in pairs:
        if leaders[later] == later and leaders[other] == other and kinds[other] == kinds[later]:
            leaders[later] = other
    return leaders
