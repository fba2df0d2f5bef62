"""The meaning leg: cosine between the query and passages, in each vector space of the index."""
from __future__ import annotations

from kb.index.encoders import Encoder
from kb.index.vectors import Space

ALL_UP_TO = 20_000
"""Vectors compared one and all; above it the nearest windows stand for the rest."""
NEAREST = 600


def similarity(query: str, encoder: Encoder, spaces: tuple[Space, Space]) -> dict[int, float]:
    """Row to the mean of two cosines: with the whole passage under its heading, and with its best pair of sentences.

    A passage found in one of the two only gets the lowest cosine found for the other.
    """
    vector = encoder.query(query)
    found = [space.search(vector, space.size if space.size <= ALL_UP_TO else NEAREST) for space in spaces]
    lowest = [min(scores.values(), default=0.0) for scores in found]
    rows = set().union(*found)
    return {row: sum(scores.get(row, low) for scores, low in zip(found, lowest)) / len(found) for row in rows}
