"""Fill the embedded engine: documents are held until `commit`, which writes passages, words and vectors in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kb.engine.local.engine import LocalEngine, Spaces
from kb.engine.local.store import Store
from kb.engine.local.terms import Terms
from kb.engine.protocol import Vectors
from kb.errors import NotFound
from kb.models import Document

if TYPE_CHECKING:
    from kb.engine.local.vectors import Space


class LocalWriter:
    """A writer of an engine in memory, over the vector spaces that are named."""

    def __init__(self, spaces: Sequence[str]) -> None:
        self.spaces = tuple(spaces)
        self._held: dict[str, tuple[Document, Mapping[str, Vectors]]] = {}
        self._engine: LocalEngine | None = None

    def add(self, document: Document, vectors: Mapping[str, Vectors]) -> None:
        """See `Writer.add`. Raises ValueError when a space is missing or does not fit the passages."""
        for name in self.spaces:
            found = vectors.get(name)
            if found is None or len(found.whole) != len(document.passages) or len(found.pairs) != len(found.owners):
                raise ValueError(f"vectors of '{document.id}' in the space '{name}' do not fit its passages.")
        self._held[document.id] = document, vectors

    def remove(self, document: str) -> None:
        """See `Writer.remove`."""
        if self._held.pop(document, None) is None:
            raise NotFound(f"no document '{document}'.", do=f"There are: {', '.join(self._held) or 'none'}.")

    def commit(self) -> int:
        """See `Writer.commit`."""
        store, terms = Store(":memory:"), Terms()
        for document, _ in self._held.values():
            store.add(document)
        terms.add(enumerate(store.passages(), 1))
        spaces: Spaces = {name: self._space(name) for name in self.spaces}
        self._engine = LocalEngine(store, lambda: terms, lambda: spaces, self.spaces)
        return self._engine.size

    @property
    def engine(self) -> LocalEngine:
        """The engine over what was committed last. Raises NotFound before the first commit."""
        if self._engine is None:
            raise NotFound("nothing is committed yet.", do="Call commit() first.")
        return self._engine

    def _space(self, name: str) -> tuple[Space, Space]:
        """Whole passages of every document and their parts in one space, under their row numbers."""
        from kb.engine.local.vectors import Space, parts_of

        found = [(document, vectors[name]) for document, vectors in self._held.values()]
        starts = np.cumsum([1, *(len(document.passages) for document, _ in found)])[:-1]
        owners = np.concatenate(
            [each.owners + start for (_, each), start in zip(found, starts, strict=True)] or [np.zeros(0)]
        )
        wholes, pairs = ([getattr(each, part) for _, each in found] for part in ("whole", "pairs"))
        whole = np.concatenate(wholes)
        vectors, rows = parts_of(whole, np.concatenate(pairs), owners)
        return Space.build(whole, list(range(1, 1 + len(whole)))), Space.build(vectors, rows.tolist())
