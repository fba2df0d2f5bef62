"""Adapt the vector of a question by moving it towards the passages that answer such questions.

People use other words than a treaty or a plan. A small linear map, learnt from everyday questions about the register
(`benchmarks/train_questions.py`), moves the vector of a question in one space; vectors of passages stay unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb.index.encoders import Encoder, normalise
from kb.search.arrays import arrays_of

FILE = "search/turn.npz"
"""Path of the file below the corpus. It has `encoder` (its identity), `left` float16 [dim, rank] and `right` float16
[rank, dim]."""


@dataclass(frozen=True)
class Turn:
    """A linear map for questions of one encoder: `vector @ left @ right` is added to a unit vector."""

    encoder: str
    left: np.ndarray
    right: np.ndarray

    def of(self, vector: np.ndarray, share: float) -> np.ndarray:
        """Return the question's unit vector moved by `share` (0 to 1) of the map: a unit vector, float32 [dim]."""
        return normalise(vector + share * ((vector @ self.left) @ self.right))


def turned(
    vectors: Mapping[str, np.ndarray], encoders: Mapping[str, Encoder], corpus: Path, share: float
) -> dict[str, np.ndarray]:
    """Return a question's vectors by space; in the space of the encoder for which the corpus has a map, the vector is
    moved by `share` of it."""
    turn = load_turn(corpus) if share and vectors else None
    return {
        space: turn.of(vector, share) if turn and turn.encoder == encoders[space].identity else vector
        for space, vector in vectors.items()
    }


def write_turn(turn: Turn, path: Path) -> None:
    """Write the linear map of a question's vector to a file in the format that `load_turn` reads."""
    with path.open("wb") as file:
        np.savez(
            file,
            encoder=np.asarray(turn.encoder),
            left=turn.left.astype(np.float16),
            right=turn.right.astype(np.float16),
        )


@lru_cache(maxsize=4)  # cached corpora: that of an index, and of the one that replaces it
def load_turn(corpus: Path) -> Turn | None:
    """Load the map of a corpus; None when it has none. Raises DataError for a file that is damaged or of another
    format."""
    path = corpus / FILE
    if not path.is_file():
        return None
    with arrays_of(path) as held:
        left, right = (held[name].astype(np.float32) for name in ("left", "right"))
        fits = left.ndim == right.ndim == 2 and left.shape == right.shape[::-1]
        if not fits or not np.isfinite(left).all() or not np.isfinite(right).all():
            raise ValueError(FILE)
        return Turn(str(held["encoder"]), left, right)
