"""The part that all writers share: keep documents and their vectors in memory until `commit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kb.engine.protocol import Vectors
from kb.errors import NotFound
from kb.models import Document


class BufferedWriter:
    """Collects documents by identifier, each with its vectors in every space named in `spaces`."""

    def __init__(self, spaces: Sequence[str]) -> None:
        self.spaces = tuple(spaces)
        self._held: dict[str, tuple[Document, Mapping[str, Vectors]]] = {}

    def add(self, document: Document, vectors: Mapping[str, Vectors]) -> None:
        """Keep a document until `commit`. See `Writer.add`. Raises ValueError when vectors for a space are missing or
        their number differs from that of the passages."""
        for name in self.spaces:
            found = vectors.get(name)
            if found is None or len(found.whole) != len(document.passages) or len(found.pairs) != len(found.owners):
                raise ValueError(f"vectors of '{document.id}' in the space '{name}' do not fit its passages.")
        self._held[document.id] = document, vectors

    def remove(self, document: str) -> None:
        """Drop a document that waits for `commit`. Raises NotFound when there is none with this identifier. See
        `Writer.remove`."""
        if self._held.pop(document, None) is None:
            raise NotFound(f"no document '{document}'.", do=f"There are: {', '.join(self._held) or 'none'}.")

    def _side_by_side(self, space: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the vectors of one space over all documents: of passages (float [n, dim]), of pairs of sentences
        (float [m, dim]), and the row number, from 1, of each pair's passage (int [m]).

        Raises ValueError when there is no document.
        """
        found = [(document, vectors[space]) for document, vectors in self._held.values()]
        starts = np.cumsum([1, *(len(document.passages) for document, _ in found)])[:-1]
        owners = np.concatenate([each.owners + start for (_, each), start in zip(found, starts, strict=True)])
        return (
            np.concatenate([each.whole for _, each in found]),
            np.concatenate([each.pairs for _, each in found]),
            owners,
        )
