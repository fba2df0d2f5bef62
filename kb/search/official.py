"""Show the official text of a register entry when a search found only this project's statement of it.

When the index has the official text, that becomes the hit, and the statement is shown under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from kb.citing.family import TEXT, entry_of
from kb.engine import FullEngine
from kb.engine.filters import Filter, Is
from kb.search.entries import FRAME, Entries


class OfficialPassages:
    """Maps register entries to the passages with their official text; built once for an index."""

    def __init__(self, engine: FullEngine, entries: Entries) -> None:
        self._engine, self._entries = engine, entries

    def instead(self, ids: Sequence[str], within: Filter, language: str) -> dict[int, str]:
        """Return, for each position in `ids` that holds a statement, the official passage to show instead; a position
        without one that passes the filter is left out.

        Passages in the question's language are preferred, then the one whose vector is nearest to the statement's.
        """
        if not self._of:
            return {}
        asked = [(n, id, own) for n, id in enumerate(ids) for own in self._of.get(id, ())]
        if not asked:
            return {}
        each = [own for _, _, own in asked]
        passes, spoken = self._engine.carry(each, within), self._engine.columns(each).language
        like = np.zeros(len(each))
        if spaces := self._engine.spaces:
            like = np.nan_to_num(self._engine.similar(spaces[-1], each, [id for _, id, _ in asked]), nan=-1.0)
        found: dict[int, tuple[tuple[bool, float], str]] = {}
        for at, (n, _, own) in enumerate(asked):
            how = (spoken.at(at) == language, float(like[at]))
            if passes[at] and (n not in found or how > found[n][0]):
                found[n] = (how, own)
        return {n: own for n, (_, own) in found.items()}

    @cached_property
    def _of(self) -> dict[str, list[str]]:
        """Official passages by register entry, in the order of the text. An entry that has no passage but a heading (an
        objective) has that heading."""
        words: dict[str, list[str]] = {}
        headings: dict[str, list[str]] = {}
        for document in self._engine.terms("document"):
            if TEXT not in document or not self._entries.promises.has(document):
                continue
            ids = self._engine.words(None, Is("document", (document,)), self._engine.size).ids
            kinds = self._engine.columns(ids).kind
            for n, id in enumerate(ids):
                entry, kind = self._entries.entry(id), kinds.at(n)
                if entry and kind not in FRAME:
                    words.setdefault(entry, []).append(id)
                elif entry and kind == "heading" and entry_of(id) == entry:
                    headings.setdefault(entry, []).append(id)
        return headings | words
