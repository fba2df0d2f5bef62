"""One hit for one promise: the words of the official text where they are here, this project's statement under them."""

from __future__ import annotations

from collections.abc import Sequence

from kb.citing.promises import Promises

_FRAME = ("heading", "title", "addressee", "run")
"""Kinds of official passage that name or introduce a promise and do not hold its words."""


class Told:
    """Which entry of the register a passage tells, and whether its words are the source's."""

    def __init__(self, promises: Promises) -> None:
        self.promises = promises
        self._entries: dict[str, str | None] = {}

    def entry(self, id: str) -> str | None:
        """The entry that a passage tells, or None. Each identifier is looked at once."""
        if id not in self._entries:
            self._entries[id] = self.promises.of(id)
        return self._entries[id]

    def statement(self, id: str, kind: str) -> str | None:
        """The entry whose statement explains an official passage; None for every other passage."""
        entry = self.entry(id)
        return entry if entry and id not in self.promises.entries and kind not in _FRAME else None

    def words_first(self, ids: Sequence[str], kinds: Sequence[str]) -> list[tuple[int, int]]:
        """From a ranking (identifiers and kinds, best first) one passage for each promise, at the place of its best
        one.

        Pairs of positions in the ranking: which passage is shown, and at whose place and score. Where the ranking holds
        official words of the promise, the best of them are shown.
        """
        best: dict[str, int] = {}
        entries = [self.entry(id) for id in ids]
        for i, entry in enumerate(entries):
            if entry and entry not in best and self.statement(ids[i], kinds[i]):
                best[entry] = i
        shown: list[tuple[int, int]] = []
        seen: set[str] = set()
        for i, entry in enumerate(entries):
            if not entry:
                shown.append((i, i))
            elif entry not in seen:
                seen.add(entry)
                shown.append((best.get(entry, i), i))
        return shown
