"""Equal values that stand side by side, as NumPy finds them with no object for each."""

from __future__ import annotations

import numpy as np


def begins(values: np.ndarray) -> np.ndarray:
    """Where each run of equal values of a sorted array begins: int64."""
    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return np.flatnonzero(new)
