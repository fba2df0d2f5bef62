"""From scored clauses to passages worth showing: each clause grows by its neighbours up to a paragraph's length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kb.assess.units import Unit

WORDS = 200
"""Longest proposal that grows, about one article; a clause that is longer by itself stays whole. More is found with
longer ones (held-out recall@5 .72, .76, .78 with 120, 180, 220 words, all else as before), and more must be read."""
KEEP = 8
"""Proposals per criterion."""
POOL = 30
"""Windows that are grown before the best are kept."""
MASS = 2.0
"""Sharpness of `worth`: how much less a second clause adds than the best one."""


@dataclass(frozen=True)
class Window:
    """Units `first` to `last` (inclusive) around the one that scored best, `centre`."""

    first: int
    last: int
    centre: int


def windows(units: Sequence[Unit], scores: np.ndarray, keep: int = KEEP, limit: int = WORDS) -> list[Window]:
    """The windows worth most; they do not overlap, nor leave their provision."""
    free = np.ones(len(units), dtype=bool)
    lengths = [len(unit.text.split()) for unit in units]
    found: list[Window] = []
    for centre in np.argsort(-scores, kind="stable"):
        if len(found) == max(keep, POOL):
            break
        if free[centre]:
            found.append(_grow(units, scores, free, lengths, int(centre), limit))
    return sorted(found, key=lambda window: -worth(scores, window))[:keep]


def worth(scores: np.ndarray, window: Window) -> float:
    """The best clause's score in standard deviations of the policy's, and more where others in the window are nearly as
    good: log Σ exp, at MASS."""
    inside = scores[window.first : window.last + 1] / max(float(scores.std()), 1e-9)
    best = float(inside[window.centre - window.first])
    return best + float(np.log(np.exp(MASS * (inside - best)).sum())) / MASS


def _grow(
    units: Sequence[Unit], scores: np.ndarray, free: np.ndarray, lengths: Sequence[int], centre: int, limit: int
) -> Window:
    first = last = centre
    free[centre] = False
    words = lengths[centre]
    while near := list(_neighbours(units, free, first, last, limit - words, lengths)):
        best = max(near, key=lambda n: scores[n])
        free[best] = False
        words += lengths[best]
        first, last = min(first, best), max(last, best)
    return Window(first, last, centre)


def _neighbours(
    units: Sequence[Unit], free: np.ndarray, first: int, last: int, room: int, lengths: Sequence[int]
) -> Iterator[int]:
    """The unit before and the unit after, where they are free, fit in, and stand in the same provision."""
    for near in (first - 1, last + 1):
        if not 0 <= near < len(units) or not free[near]:
            continue
        if lengths[near] <= room and units[near].provision == units[first].provision:
            yield near


def text_of(units: Sequence[Unit], window: Window) -> str:
    """The window's words, in order."""
    return " ".join(unit.text for unit in units[window.first : window.last + 1])
