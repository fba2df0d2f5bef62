"""The passages of an index that has grown: a base and, beside it, one segment for each later addition, read as one.

A segment has the same files as the base; their names end in the number of its first row: `passages.sqlite.9901`,
`english-whole.9901.faiss`. Files of base and segments are never written again, so that the next index can hard-link
them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cached_property
from heapq import merge
from itertools import chain
from pathlib import Path

import numpy as np

from kb.engine.fields import HitFields
from kb.engine.local.columns import PassageColumns, joined
from kb.engine.local.passage_store import Head, Store
from kb.errors import IndexError_
from kb.models import Passage

PASSAGES = "passages.sqlite"
_TABLES = ("documents", "passages", "runs", "stems", "terms", "facets")
_ORDER = "CREATE TABLE source_order (place INTEGER PRIMARY KEY, id TEXT NOT NULL, first INTEGER, passages INTEGER)"
"""SQL that creates the table of a segment with the source order of all documents of the index so far, each with its
first row and its number of passages."""

Ranges = Mapping[str, tuple[int, int]]
"""Map from document identifier to (first row, number of passages)."""


def firsts_of(folder: Path) -> list[int]:
    """Return the first row of the base, which is 1, and of every segment in the folder, increasing."""
    ends = (path.name.removeprefix(f"{PASSAGES}.") for path in folder.glob(f"{PASSAGES}.*"))
    return [1, *sorted(int(end) for end in ends if end.isdecimal())]


def named(name: str, first: int) -> str:
    """Return the name of a file of the base (`first` is 1) or of the segment whose first row is `first`, which is
    appended."""
    return name if first == 1 else f"{name}.{first}"


def open_store(folder: Path) -> Store:
    """Open the passages of an index: of its base alone, or with its segments if it has any. Raises IndexError_ as
    `Store` does."""
    firsts = firsts_of(folder)
    return Store(folder / PASSAGES) if firsts == [1] else Segmented(folder, firsts)


def ranges_of(folder: Path) -> Ranges:
    """Return the first row and number of passages of every document of an index, in source order. Raises sqlite3.Error
    when a file cannot be read."""
    last = firsts_of(folder)[-1]
    with closing(sqlite3.connect(folder / named(PASSAGES, last))) as db:
        if last == 1:
            rows = db.execute(
                "SELECT id, (SELECT min(rowid) FROM passages WHERE document = documents.id), "
                "(SELECT count(*) FROM passages WHERE document = documents.id) FROM documents ORDER BY rowid"
            )
        else:
            rows = db.execute("SELECT id, first, passages FROM source_order ORDER BY place")
        return {id: (first or 1, many) for id, first, many in rows}


def write_order(path: Path, documents: Sequence[str], ranges: Ranges) -> None:
    """Write the source order of all documents into the database of a segment at `path`, with their `ranges` of rows."""
    rows = [(place, id, *ranges[id]) for place, id in enumerate(documents)]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(_ORDER)
        db.executemany("INSERT INTO source_order VALUES (?, ?, ?, ?)", rows)


def take(path: Path, earlier: Path) -> None:
    """Copy all passages of an earlier segment into the empty database of a new one at `path`, with the same row
    numbers."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("ATTACH ? AS earlier", (str(earlier),))
        with db:
            for table in _TABLES:
                db.execute(f"INSERT INTO main.{table} SELECT * FROM earlier.{table} ORDER BY rowid")


class Segmented(Store):
    """The databases of base and segments, read as one. Every row, and all rows of a document, are in exactly one of
    them."""

    def __init__(self, folder: Path, firsts: Sequence[int]) -> None:
        """Open the databases of base and segments in `folder`; `firsts` are their first rows. Raises IndexError_ when
        one cannot be read."""
        self.path = folder / PASSAGES
        self.parts = tuple(Store(folder / named(PASSAGES, first)) for first in firsts)
        self._firsts = np.asarray(firsts)
        try:
            self._ranges = ranges_of(folder)
        except sqlite3.Error as error:
            where = str(folder / named(PASSAGES, firsts[-1]))
            raise IndexError_(f"the index cannot be read ({error}).", where=where, do="Run: kb build") from error

    def add(self, document: object) -> None:
        """Refuse: files of an open index are never written. Raises TypeError."""
        raise TypeError("an index that is open is only read; kb.engine.local.grow adds to it.")

    def _split(self, rowids: Iterable[int]) -> Iterator[tuple[Store, list[int]]]:
        """Yield (database, row numbers in it) for each part that contains some of these rows."""
        rows = np.asarray(list(rowids), dtype=np.int64)
        owners = self._firsts.searchsorted(rows, "right") - 1
        for part in np.unique(owners).tolist():
            yield self.parts[part], rows[owners == part].tolist()

    def documents(self) -> list[Head]:
        """See `Store.documents`."""
        heads = {head["id"]: head for part in self.parts for head in part.documents()}
        return [heads[id] for id in self._ranges]

    @cached_property
    def order(self) -> np.ndarray | None:
        """See `Store.order`: made from the rows of each document, which are side by side."""
        ranges = [each for each in self._ranges.values() if each[1]]
        if ranges == sorted(ranges):
            return None
        return np.concatenate([np.arange(first, first + many) for first, many in ranges])

    def numbered(self, document: str | None = None) -> Iterator[tuple[int, Passage]]:
        """See `Store.numbered`."""
        if document is None and self.order is None:
            return chain.from_iterable(part.numbered() for part in self.parts)
        wanted = self._ranges if document is None else [document]
        return chain.from_iterable(self._of(id).numbered(id) for id in wanted)

    def _of(self, document: str) -> Store:
        first, _ = self._ranges.get(document, (1, 0))
        return self.parts[int(self._firsts.searchsorted(first, "right")) - 1]

    def rows(self, rowids: Sequence[int]) -> dict[int, Passage]:
        """See `Store.rows`."""
        return {row: passage for part, some in self._split(rowids) for row, passage in part.rows(some).items()}

    def fields(self, rowids: Sequence[int]) -> list[HitFields]:
        """See `Store.fields`."""
        return [found for part, some in self._split(rowids) for found in part.fields(some)]

    def every_fields(self, holding: str = "") -> Iterator[HitFields]:
        """See `Store.every_fields`."""
        found = chain.from_iterable(part.every_fields(holding) for part in self.parts)
        if self.order is None:
            return found
        places = {id: place for place, id in enumerate(self._ranges)}
        return iter(sorted(found, key=lambda each: places[each["document"]]))

    def get(self, id: str) -> Passage | None:
        """See `Store.get`."""
        return next((found for part in self.parts if (found := part.get(id)) is not None), None)

    def around(self, id: str, before: int = 1, after: int = 1) -> list[Passage]:
        """See `Store.around`."""
        return next((found for part in self.parts if (found := part.around(id, before, after))), [])

    def wordings(self, *, headings: bool = True) -> dict[str, dict[str, int]]:
        """See `Store.wordings`."""
        found = {id: counts for part in self.parts for id, counts in part.wordings(headings=headings).items()}
        return {id: found[id] for id in self._ranges}

    def rowids(self, facet: str, terms: Iterable[str]) -> set[int]:
        """See `Store.rowids`."""
        wanted = tuple(terms)
        return set[int]().union(*(part.rowids(facet, wanted) for part in self.parts))

    def carrying(self, facet: str) -> Iterator[tuple[int, str]]:
        """See `Store.carrying`."""
        return chain.from_iterable(part.carrying(facet) for part in self.parts)

    @property
    def size(self) -> int:
        """Number of passages."""
        return sum(part.size for part in self.parts)

    def row_numbers(self) -> list[int]:
        """See `Store.row_numbers`."""
        return [row for part in self.parts for row in part.row_numbers()]

    def columns(self) -> Iterator[tuple[str, str, str, str, str, str, str]]:
        """See `Store.columns`."""
        return chain.from_iterable(part.columns() for part in self.parts)

    def passage_columns(self) -> PassageColumns:
        """See `Store.passage_columns`."""
        return joined([part.passage_columns() for part in self.parts])

    def runs(self, rowids: Sequence[int]) -> dict[int, np.ndarray]:
        """See `Store.runs`."""
        return {row: found for part, some in self._split(rowids) for row, found in part.runs(some).items()}

    def stems(self, rowids: Sequence[int]) -> dict[int, np.ndarray]:
        """See `Store.stems`."""
        return {row: found for part, some in self._split(rowids) for row, found in part.stems(some).items()}

    def terms_of(self, rowids: Sequence[int]) -> list[np.ndarray] | None:
        """See `Store.terms_of`."""
        found: dict[int, np.ndarray] = {}
        for part, some in self._split(rowids):
            terms = part.terms_of(some)
            if terms is None:
                return None
            found.update(zip(some, terms, strict=True))
        return [found[row] for row in rowids]

    @cached_property
    def _has_terms(self) -> bool:
        return all(part._has_terms for part in self.parts)

    def ids(self, rowids: Sequence[int] | None = None) -> list[str]:
        """See `Store.ids`."""
        if rowids is None:
            return [id for part in self.parts for id in part.ids()]
        return [id for part, some in self._split(rowids) for id in part.ids(some)]

    def row(self, id: str) -> int | None:
        """See `Store.row`."""
        return next((row for part in self.parts if (row := part.row(id)) is not None), None)

    def terms_by_row(self) -> Iterator[tuple[int, bytes]]:
        """See `Store.terms_by_row`."""
        return chain.from_iterable(part.terms_by_row() for part in self.parts)

    def facet_names(self) -> list[str]:
        """See `Store.facet_names`."""
        return list(dict.fromkeys(merge(*(part.facet_names() for part in self.parts))))

    def terms(self, facet: str) -> dict[str, int]:
        """See `Store.terms`."""
        found: dict[str, int] = {}
        for part in self.parts:
            for term, many in part.terms(facet).items():
                found[term] = found.get(term, 0) + many
        return dict(sorted(found.items()))

    def close(self) -> None:
        """Close all databases."""
        for part in self.parts:
            part.close()
