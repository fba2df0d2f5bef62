"""Show one hit for each promise: the official text when the index has it, with this project's statement under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kb.citing.family import entry_of
from kb.citing.promises import Promises
from kb.engine import Columns

FRAME = ("heading", "title", "addressee", "run")
"""Kinds of official passage that name or introduce a promise but do not contain its words."""


class Holding:
    """Looks up one property of documents, given as a function of the document's id. The result for the latest list of
    documents is cached."""

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self._holds = holds
        self._last: tuple[Sequence[str] | None, np.ndarray] = None, np.zeros(0, dtype=bool)

    def among(self, documents: Sequence[str]) -> np.ndarray:
        """Return whether each document has the property: bool [n]; [False] for an empty list."""
        names, known = self._last
        if names is not documents:
            known = np.asarray([self._holds(name) for name in documents] or [False])
            self._last = documents, known
        return known


class Entries:
    """Maps passages to entries of the register, and chooses which of the passages of one entry is shown."""

    def __init__(self, promises: Promises) -> None:
        self.promises = promises
        self._entries: dict[str, str | None] = {}
        self.may_hold = Holding(promises.has)

    def entry(self, id: str) -> str | None:
        """Return the register entry whose text is the passage `id`, or None. Results are cached."""
        if id not in self._entries:
            self._entries[id] = self.promises.of(id)
        return self._entries[id]

    def above(self, id: str) -> str | None:
        """Return the parent of the register entry whose text is the passage `id`; None when there is no entry or no
        parent."""
        entry = self.promises.entries.get(self.entry(id) or "")
        return entry.parent if entry else None

    def statement(self, id: str, kind: str) -> str | None:
        """Return the entry whose statement explains the official passage `id`; None when the passage is not official
        text, has no entry, or its `kind` is not explained (headings and the like)."""
        entry = self.entry(id)
        return entry if entry and id not in self.promises.entries and kind not in FRAME else None

    def explained(self, id: str, kind: str) -> str | None:
        """Return the register entry whose statement is shown under a hit; None when there is none.

        It is the entry that `statement` returns, or for a heading the entry of which it is the title.
        """
        own = entry_of(id) if kind == "heading" and id not in self.promises.entries else ""
        return self.statement(id, kind) or (own if own in self.promises.entries else None)

    def words_first(self, ids: Sequence[str], columns: Columns, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Keep one passage for each promise, at the rank of its best passage.

        `order` has positions of candidates, best first. Returns two int64 [n] arrays: the positions to show, and the
        positions whose rank and score they get. Official text of a promise, if among the candidates, is shown instead
        of its statement.
        """
        many = self.may_hold.among(columns.document.names)[columns.document.codes[order]]
        if not many.any():
            return order, order
        best: dict[str, int] = {}
        for i in order[many].tolist():
            entry = self.entry(ids[i])
            if entry and entry not in best and self.statement(ids[i], columns.kind.at(i)):
                best[entry] = i
        seen: set[str] = set()
        found: list[tuple[int, int]] = []
        for i, may_hold in zip(order.tolist(), many.tolist(), strict=True):
            entry = self.entry(ids[i]) if may_hold else None
            if not entry:
                found.append((i, i))
            elif entry not in seen:
                seen.add(entry)
                found.append((best.get(entry, i), i))
        shown, ranked = np.asarray(found, dtype=np.int64).reshape(-1, 2).T
        return shown, ranked
