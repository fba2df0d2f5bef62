"""Rows kept on disk, for writers that must see them twice: memory stays small however many there are."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from kb.export.layouts import sides_of
from kb.export.rows import Row
from kb.models import WORDING_WORDS


class Spool:
    """Rows on disk, in the order they came and by document, with the tags and origins that occur in them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 (closed by __exit__)
        self._offsets: dict[str, list[int]] = {}
        self.hashes: set[str] = set()
        tags: set[tuple[str, str]] = set()
        origins: set[str] = set()
        sides: set[tuple[str, str, str]] = set()
        wordings = dict.fromkeys((*WORDING_WORDS, "not-stated", "no-text"), 0)
        at = 0
        for row in rows:
            line = pickle.dumps(row, pickle.HIGHEST_PROTOCOL)
            self._file.write(line)
            self._offsets.setdefault(row.document, []).append(at)
            at += len(line)
            if row.place and row.place.sha256:
                self.hashes.add(row.place.sha256)
            wordings[(row.wording or "not-stated") if row.words else "no-text"] += 1
            for tag in row.tags:
                tags.add((tag.facet, tag.id))
                origins.add(tag.origin)
                sides.update((side, tag.facet, tag.id) for side in sides_of(tag))
        self.rows, self.wordings = sum(map(len, self._offsets.values())), wordings
        self.tags, self.origins, self.sides = tuple(sorted(tags)), tuple(sorted(origins)), tuple(sorted(sides))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        for _ in range(self.rows):
            yield pickle.load(self._file)  # a file without a name that this process wrote itself

    def documents(self) -> list[str]:
        """Documents that rows come from, in order of their ids."""
        return sorted(self._offsets)

    def of(self, document: str) -> Iterator[Row]:
        """The rows of one document, in the order they came."""
        for offset in self._offsets.get(document, ()):
            self._file.seek(offset)
            yield pickle.load(self._file)  # a file without a name that this process wrote itself
