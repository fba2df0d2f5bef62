"""Fold hits that have the same text, so that they are shown once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def fold(pairs: Iterable[tuple[int, int]], kinds: Sequence[str]) -> list[int]:
    """Return for each hit the position of the earlier hit into which it is folded, or its own position.

    `pairs` (later position, earlier position) come from `Candidates.repeats`. Only hits of equal `kinds` are folded:
    the same words under another force are kept apart. Nothing is folded into a hit that is itself folded.

    >>> fold([(1, 0), (2, 1)], ["law", "law", "law"])
    [0, 0, 2]
    """
    leaders = list(range(len(kinds)))
    for later, other in pairs:
        if leaders[later] == later and leaders[other] == other and kinds[other] == kinds[later]:
            leaders[later] = other
    return leaders
