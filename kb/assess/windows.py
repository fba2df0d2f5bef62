"""Build passages (windows) of about a paragraph from scored clauses: within each provision, the runs of clauses with
the highest scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.assess.units import PolicyUnit

WORDS = 200
"""Most words of a proposal, about one article; a longer single clause stays whole. More is found with longer ones
(held-out recall@5 .72, .76, .78 with 120, 180, 220 words, all else as before), and more must be read."""
KEEP = 8
"""Proposals per criterion."""
SHARP, HIGH = 2.0, 4.0
"""A clause counts for 1 / (1 + exp(-SHARP · (score - HIGH))), its score in standard deviations above the policy's mean:
twice as far above the rest is far more than twice as good, and nothing is better than certain. Four pairs were tried on
the 22 policies, ranking clauses alone: (2, 4) .680, (2.5, 3.6) .673, (3, 3.3) .669, (1, 2.5) .55."""


@dataclass(frozen=True)
class Window:
    """A passage to show: units `first` to `last` (positions, inclusive); `centre` is the position of its best-scored
    unit."""

    first: int
    last: int
    centre: int


def windows(
    units: Sequence[PolicyUnit],
    scores: np.ndarray,
    keep: int = KEEP,
    limit: int = WORDS,
    taken: np.ndarray | None = None,
) -> list[Window]:
    """Return the windows with the highest worth, best first. They do not overlap, stay within one provision, and
    have at most `limit` words.

    Repeatedly, the best run of clauses that are not used yet is taken, at most `keep` times. Units in `taken` (bool
    [units]) are never included, because people have decided on them.
    """
    lengths = np.array([len(unit.text.split()) for unit in units])
    words = np.concatenate([[0], np.cumsum(lengths)])
    worths = np.concatenate([[0.0], np.cumsum(weights(scores))])
    ends = _provision_ends(units)
    starts = np.arange(len(units))
    free = np.ones(len(units), dtype=bool) if taken is None else ~taken
    ends = np.minimum(ends, _next_taken(free) - 1)
    found: list[Window] = []
    while len(found) < keep and free.any():
        last = np.minimum(np.searchsorted(words, words[:-1] + limit, side="right") - 2, ends)
        last = np.maximum(last, starts)
        value = np.where(free, worths[last + 1] - worths[:-1], -1.0)
        first = int(value.argmax())
        end = int(last[first])
        found.append(Window(first, end, first + int(np.argmax(scores[first : end + 1]))))
        free[first : end + 1] = False
        ends[:first] = np.minimum(ends[:first], first - 1)
    return found


def _next_taken(free: np.ndarray) -> np.ndarray:
    """Return, for each unit, the position of the first unit at or after it that is not `free`: int [units]; the
    number of units if there is none."""
    at = np.where(free, len(free), np.arange(len(free)))
    return np.minimum.accumulate(at[::-1])[::-1]


def _provision_ends(units: Sequence[PolicyUnit]) -> np.ndarray:
    """Return the position of the last unit of each unit's provision: int [units]."""
    within = np.array([unit.provision for unit in units])
    last = np.flatnonzero(np.append(within[1:] != within[:-1], True))
    return last[np.searchsorted(last, np.arange(len(units)))]


def weights(scores: np.ndarray) -> np.ndarray:
    """Return the weight (0 to 1) of each clause, from its score relative to the policy's others: float [units]."""
    apart = (scores - scores.mean()) / max(float(scores.std()), 1e-9)
    return 1 / (1 + np.exp(-SHARP * (apart - HIGH)))


def worth(scores: np.ndarray, window: Window) -> float:
    """Return the logarithm of the summed weights of the window's clauses, by which passages are compared."""
    return float(np.log(weights(scores)[window.first : window.last + 1].sum())) / SHARP


def text_of(units: Sequence[PolicyUnit], window: Window) -> str:
    """Return the text of the window's units, joined with spaces."""
    return " ".join(unit.text for unit in units[window.first : window.last + 1])
