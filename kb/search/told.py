"""One hit for one promise: the words of the official text where they are here, this project's statement under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.citing.promises import Promises

_FRAME = ("heading", "title", "addressee", "run")
"""Kinds of official passage that name or introduce a promise and do not hold its words."""


@dataclass(frozen=True)
class Told:
    """Which entry of the register each row of an index tells, and which of its rows are the source's words."""

    entries: Mapping[int, str] = field(default_factory=dict)
    statements: Mapping[str, int] = field(default_factory=dict)
    official: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, passages: Mapping[int, tuple[str, str, str | None]], promises: Promises) -> Told:
        """From each row's identifier, kind and part, and the promises of the register."""
        entries = {row: entry for row, (id, _, _) in passages.items() if (entry := promises.of(id))}
        official: dict[str, set[int]] = {}
        for row, entry in entries.items():
            id, kind, _ = passages[row]
            if id not in promises.entries and kind not in _FRAME:
                official.setdefault(entry, set()).add(row)
        statements = {id: row for row, (id, _, _) in passages.items() if id in promises.entries}
        return cls(entries, statements, {entry: frozenset(rows) for entry, rows in official.items()})

    def statement(self, row: int) -> int | None:
        """The row of the statement that explains an official row; None for every other row."""
        entry = self.entries.get(row)
        return self.statements.get(entry) if entry and row in self.official.get(entry, ()) else None

    def words_first(self, ranked: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
        """A ranking with one row for each promise, at the place of its best row.

        Where the ranking holds official words of the promise, the best of them is that row, with the better score.
        """
        best: dict[str, int] = {}
        for row, _ in ranked:
            entry = self.entries.get(row)
            if entry and entry not in best and row in self.official.get(entry, ()):
                best[entry] = row
        shown: list[tuple[int, float]] = []
        seen: set[str] = set()
        for row, score in ranked:
            entry = self.entries.get(row)
            if entry not in seen:
                shown.append((best.get(entry, row) if entry else row, score))
            if entry:
                seen.add(entry)
        return shown
