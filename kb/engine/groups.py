"""Runs of equal values in sorted arrays, found by NumPy without Python objects."""

from __future__ import annotations

import numpy as np


def begins(values: np.ndarray) -> np.ndarray:
    """Return where each run of equal values in a sorted array begins: int64."""
    new = np.empty(len(values), dtype=bool)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


def sizes(starts: np.ndarray, end: int) -> np.ndarray:
    """Return the length of each run, from where the runs begin (int64, increasing) and where the last one ends:
    int64."""
    found = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=found[:-1])
    found[-1:] = end - starts[-1:]
    return found
