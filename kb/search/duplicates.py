"""Fold hits that have the same text, so that they are shown once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def fold(pairs: Iterable[tuple[int, int]], kinds: Sequence[str]) -> list[int]:
    """For each hit return the position of the first hit that it repeats (its own position when none).

    `pairs` come from `Engine.repeats`. Only hits of one kind are folded: the same words under another force are kept
    apart. A hit that repeats another has none folded into it: with the pairs (1, 0) and (2, 1), hit 2 stays.
    """
    leaders = list(range(len(kinds)))
    for later, other in pairs:
        if leaders[later] == later and leaders[other] == other and kinds[other] == kinds[later]:
            leaders[later] = other
    return leaders
