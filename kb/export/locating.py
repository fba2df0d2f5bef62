"""Locate another program's selection in our passages, by the full text of its source and by offsets, never by guess.

A source is one of our documents when both have the same characters in the same order, ignoring white space: programs
change line ends and blank lines only. Offsets are then counted in characters other than white space.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kb.export.rows import Row
from kb.models import Passage, Span
from kb.text import bare, sha256_text

Part = tuple[Passage, Span | None]
"""A passage and the span of its text that is meant; None for all of it."""


def letters(text: str) -> list[int]:
    """Return the offset of each character that is not white space."""
    return [at for at, char in enumerate(text) if not char.isspace()]


@dataclass
class SelectionLocator:
    """Locates selections of another program in our passages, for one project.

    `texts` maps sha256 to the decoded texts of the project, `documents` are the ids of our documents, `text_of`
    returns the decoded text of a document or None, `passages` returns its passages.
    """

    texts: Mapping[str, str]
    documents: Iterable[str]
    text_of: Callable[[str], str | None]
    passages: Callable[[str], Iterable[Passage]]
    _ours: dict[str, tuple[str, str]] | None = field(default=None, repr=False)

    def of(self, row: Row) -> tuple[Part, ...]:
        """Return the passages that another program's row covers; empty if its source is not a document of ours."""
        place = row.place
        text = self.texts.get(place.sha256) if place else None
        if text is None or place is None or place.chars is None:
            return ()
        known = self._documents().get(sha256_text(bare(text)))
        if known is None:
            return ()
        document, held = known
        before = letters(text)
        first, end = bisect_left(before, place.chars[0]), bisect_left(before, place.chars[1])
        if first == end:
            return ()
        at = letters(held)
        return tuple(self._inside(document, at[first], at[end - 1] + 1))

    def holds(self, sha256: str) -> bool:
        """Return whether the text of the project with this hash has the same characters as one of our documents."""
        return self.document(sha256) is not None

    def document(self, sha256: str) -> str | None:
        """Return our document with the same text as a project's source; None if there is none."""
        text = self.texts.get(sha256)
        return self._documents().get(sha256_text(bare(text)), (None, ""))[0] if text is not None else None

    def _documents(self) -> dict[str, tuple[str, str]]:
        """Our documents as a mapping: hash of the text without white space to (document id, text). Computed when
        first needed."""
        if self._ours is None:
            held = ((document, self.text_of(document)) for document in self.documents)
            self._ours = {sha256_text(bare(text)): (document, text) for document, text in held if text}
        return self._ours

    def _inside(self, document: str, first: int, end: int) -> Iterable[Part]:
        """Yield the smallest passages that the characters `first` to `end` of a document's text cover, each with the
        covered part."""
        found = [
            p for p in self.passages(document) if p.place.chars and p.place.chars[0] < end and first < p.place.chars[1]
        ]
        parents = {p.parent for p in found}
        for passage in found:
            if passage.id in parents or passage.kind == "heading" and len(found) > 1:
                continue
            span = self._part(passage, first, end)
            if span is not False:
                yield passage, span  # type: ignore[misc]

    def _part(self, passage: Passage, first: int, end: int) -> Span | None | bool:
        """Return the part of a passage's text between the offsets `first` and `end` of its source: a span, None for
        the complete text, False if they do not overlap."""
        chars = passage.place.pieces or (passage.place.chars or (0, 0),)
        own = letters(passage.text)
        places = [at for a, b in chars for at in range(a, b)]
        held = [at for at in places if not self._held(passage.document)[at].isspace()]
        if len(held) != len(own):
            return False  # the text is not the source's letters: own words, or a corrected copy
        inside = [n for n, at in enumerate(held) if first <= at < end]
        if not inside:
            return False
        return None if len(inside) == len(own) else (own[inside[0]], own[inside[-1]] + 1)

    def _held(self, document: str) -> str:
        return next(text for known, text in self._documents().values() if known == document)
