"""Hits that say the same in the same words are shown once."""

from __future__ import annotations

import re
from collections.abc import Sequence

RUN = 5
"""Words in a run; two texts are compared by the runs they share."""


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of five words; a shorter text is one run."""
    found = re.findall(r"\w+", text.casefold())
    if len(found) < RUN:
        return frozenset([tuple(found)])
    return frozenset(zip(*(found[i:] for i in range(RUN)), strict=False))


def fold(texts: Sequence[str], share: float, kinds: Sequence[str] | None = None) -> list[int]:
    """For each text the position of the first that it repeats (its own when none): at least `share` runs in common.

    Where `kinds` are given only texts of one kind are folded: the same words of another force are another thing.
    """
    kept: list[tuple[int, str, frozenset[tuple[str, ...]]]] = []
    leaders = []
    for i, text in enumerate(texts):
        mine, kind = runs(text), kinds[i] if kinds else ""
        leader = next(
            (
                at
                for at, other, theirs in kept
                if other == kind and len(mine & theirs) >= share * max(len(mine), len(theirs))
            ),
            i,
        )
        if leader == i:
            kept.append((i, kind, mine))
        leaders.append(leader)
    return leaders
