"""Hits that say the same in the same words are shown once."""
from __future__ import annotations

import re
from collections.abc import Sequence

RUN = 5
"""Words in a run; two texts are compared by the runs they share."""


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of five words; a shorter text is one run."""
    found = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(found[i:i + RUN]) for i in range(max(1, len(found) - RUN + 1)))


def fold(texts: Sequence[str], share: float) -> list[int]:
    """For each text the position of the first that it repeats (its own when none): at least `share` runs in common."""
    kept: list[tuple[int, frozenset[tuple[str, ...]]]] = []
    leaders = []
    for i, text in enumerate(texts):
        mine = runs(text)
        leader = next((at for at, theirs in kept if len(mine & theirs) >= share * max(len(mine), len(theirs))), i)
        if leader == i:
            kept.append((i, mine))
        leaders.append(leader)
    return leaders
