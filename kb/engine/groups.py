"""Find runs of equal values in sorted arrays, with NumPy only."""

from __future__ import annotations

import numpy as np


def begins(values: np.ndarray) -> np.ndarray:
    """Return the positions at which a run of equal values begins in a sorted array: int64.

    >>> begins(np.asarray([4, 4, 7])).tolist()
    [0, 2]
    """
    new = np.empty(len(values), dtype=bool)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


def sizes(starts: np.ndarray, end: int) -> np.ndarray:
    """Return the length of each run (int64), given the positions `starts` at which runs begin (int64, increasing) and
    the position `end` after the last run."""
    found = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=found[:-1])
    found[-1:] = end - starts[-1:]
    return found
