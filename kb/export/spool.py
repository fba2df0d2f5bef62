"""Rows kept on disk, for writers that must see them twice: memory stays small however many there are."""
from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from kb.export.layouts import sides_of
from kb.export.rows import Row


class Spool:
    """Rows on disk, in the order they came and by document, with the tags and origins that occur in them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 (closed by __exit__)
        self._offsets: dict[str, list[int]] = {}
        tags: set[tuple[str, str]] = set()
        origins: set[str] = set()
        sides: set[tuple[str, str, str]] = set()
        at = 0
        for row in rows:
            line = row.model_dump_json().encode("utf-8", "surrogatepass") + b"\n"
            self._file.write(line)
            self._offsets.setdefault(row.document, []).append(at)
            at += len(line)
            for tag in row.tags:
                tags.add((tag.facet, tag.id))
                origins.add(tag.origin)
                sides.update((side, tag.facet, tag.id) for side in sides_of(tag))
        self.tags, self.origins, self.sides = tuple(sorted(tags)), tuple(sorted(origins)), tuple(sorted(sides))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        for line in iter(self._file.readline, b""):
            yield Row.model_validate_json(line)

    def documents(self) -> list[str]:
        """Documents that rows come from, in order of their ids."""
        return sorted(self._offsets)

    def of(self, document: str) -> Iterator[Row]:
        """The rows of one document, in the order they came."""
        for offset in self._offsets.get(document, ()):
            self._file.seek(offset)
            yield Row.model_validate_json(self._file.readline())
