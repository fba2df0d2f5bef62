"""Equal values that stand side by side, as NumPy finds them with no object for each."""

from __future__ import annotations

import numpy as np


def begins(values: np.ndarray) -> np.ndarray:
    """Where each run of equal values of a sorted array begins: int64."""
    new = np.empty(len(values), dtype=bool)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


def sizes(starts: np.ndarray, end: int) -> np.ndarray:
    """How long each run is, from where they begin (int64, increasing) and where the last ends: int64."""
    found = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=found[:-1])
    found[-1:] = end - starts[-1:]
    return found
