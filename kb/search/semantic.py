"""The meaning leg: cosine between the query and passages, in each vector space of the index."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kb.index.vectors import Space

ALL_UP_TO = 20_000
"""Vectors compared one and all; above it the nearest windows stand for the rest."""
NEAREST = 600


def similarity(vector: np.ndarray, spaces: tuple[Space, Space]) -> dict[int, float]:
    """For a question's vector, row to the mean of two cosines: with the whole passage under its heading, and with its best pair of sentences.

    A passage of one sentence has no pair, so its whole counts twice. In a large index a passage that only one of the two
    found near gets the lowest cosine found for the other.
    """
    whole, pairs = (space.search(vector, space.size if space.size <= ALL_UP_TO else NEAREST) for space in spaces)
    low_whole, low_pair = (min(scores.values(), default=0.0) for scores in (whole, pairs))
    paired = spaces[1].owners
    found = {}
    for row in whole.keys() | pairs.keys():
        first = whole.get(row, low_whole)
        found[row] = (first + (pairs.get(row, low_pair) if row in paired else first)) / 2
    return found


def beyond(vector: np.ndarray, subjects: np.ndarray, found: Mapping[int, float]) -> float:
    """How much nearer a question is to a subject that the texts are not about than to the best passage (cosines, -2 to 2)."""
    return float((subjects @ vector).max()) - max(found.values(), default=0.0)


def near(row: int, spaces: tuple[Space, Space]) -> dict[int, float]:
    """Cosine of whole passages with the whole of passage `row`."""
    whole = spaces[0]
    return whole.near(row, whole.size if whole.size <= ALL_UP_TO else NEAREST)
