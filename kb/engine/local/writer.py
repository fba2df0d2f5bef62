"""Fill the embedded engine: documents are kept in memory until `commit`, which writes passages, words and vectors
together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kb.engine.local.engine import LocalEngine, Spaces
from kb.engine.local.passage_store import Store
from kb.engine.local.terms import Terms
from kb.engine.waiting import BufferedWriter
from kb.errors import NotFound

if TYPE_CHECKING:
    from kb.engine.local.vectors import Space


class LocalWriter(BufferedWriter):
    """Writes an embedded engine in memory, with the vector spaces named in `spaces`."""

    def __init__(self, spaces: Sequence[str]) -> None:
        super().__init__(spaces)
        self._engine: LocalEngine | None = None

    def commit(self) -> int:
        """Build passages, words and vectors of all documents. See `Writer.commit`."""
        store, terms = Store(":memory:"), Terms()
        for document, _ in self._held.values():
            store.add(document)
        terms.add(enumerate(store.passages(), 1))
        spaces: Spaces = {name: self._space(name) for name in self.spaces}
        self._engine = LocalEngine(store, lambda: terms, lambda: spaces, self.spaces)
        return self._engine.size

    @property
    def engine(self) -> LocalEngine:
        """The engine over the last commit. Raises NotFound before the first commit."""
        if self._engine is None:
            raise NotFound("nothing is committed yet.", do="Call commit() first.")
        return self._engine

    def _space(self, name: str) -> tuple[Space, Space]:
        """Build the two vector spaces of this name over all documents: of whole passages and of their parts, with row
        numbers from 1."""
        from kb.engine.local.vectors import Space, parts_of

        whole, pairs, owners = self._side_by_side(name)
        vectors, rows = parts_of(whole, pairs, owners)
        return Space.build(whole, list(range(1, 1 + len(whole)))), Space.build(vectors, rows.tolist())
