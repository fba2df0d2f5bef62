"""The SQLite part of the index: documents, passages with their tags, and the terms by which passages are filtered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TypedDict, cast
from urllib.parse import quote

import numpy as np
from pydantic_core import from_json

from kb.data import Json
from kb.engine.fields import HitFields, fields_of
from kb.engine.local import columns
from kb.engine.local.columns import PassageColumns
from kb.engine.local.entry import NUMBER, numbers_of
from kb.engine.local.statements import FACETS, IN_ORDER, SCHEMA
from kb.engine.runs import runs
from kb.engine.stems import stems
from kb.errors import IndexError_
from kb.models import WORDING_WORDS, Document, Force, Passage

PLAINFACETS = ("document", "force", "kind", "part", "language", "duty_bearer", "wording", "verified")
"""Facets that come from a passage's own fields; the others come from its tags."""

_WORDS = ("wording", "verified", "may_quote")
"""Fields stored for every passage even at their default value: a reader of the index need not know the defaults."""

_NUMBERS: dict[str, np.dtype[np.unsignedinteger]] = {"runs": np.dtype("<u4"), "stems": np.dtype("<u4"), "terms": NUMBER}
"""Number type of the stored arrays of each table: little-endian on every machine."""

_HELD = 16_000
"""Kilobytes of an open database that SQLite may cache. With SQLite's default (2,000), pages are read from disk again
for every query."""

STAYS = 8
"""Number of searches after which a program counts as long-running and holds the runs of all passages in memory.

That takes a tenth of a second for 100,000 passages; without it, reading 50 of them takes a seventh of the time of a
word search.
"""
_HELD_UP_TO = 400_000
"""Largest index (passages) whose runs are held in memory: a hundred megabytes."""
_HELD_BESIDE_UP_TO = 1_200_000
"""Largest index (passages) whose runs a background thread reads into memory while searches read them from disk.

For a million passages: two hundred megabytes, two seconds of processor time, more on a slow disk; a search then takes a
tenth less time.
"""
_STEMS_UP_TO = 20_000
"""Largest index (passages) whose stems and term numbers are held in memory: forty megabytes."""

_Held = tuple[np.ndarray, np.ndarray, int]
"""`(numbers, starts, first)`: the numbers of all rows in one array (uint32); the position in it at which those of each
row begin (int64, from row `first` on, with one more entry for the end); and the first row."""


def facets_of(passage: Passage) -> set[tuple[str, str]]:
    """Return every (facet, term) by which the passage can be filtered; rejected tags are left out."""
    plain = {(name, str(getattr(passage, name))) for name in PLAINFACETS if getattr(passage, name)}
    plain.add(("may_quote", "yes" if passage.may_quote else "no"))
    return plain | {(tag.facet, tag.id) for tag in passage.tags if tag.state != "rejected"}


def body_of(passage: Passage) -> str:
    """Return a passage as stored JSON, without fields that have their default value, except those named in `_WORDS`."""
    words = {name: getattr(passage, name) for name in _WORDS}
    return json.dumps({**passage.model_dump(mode="json", exclude_defaults=True), **words}, ensure_ascii=False)


class HeadPlace(TypedDict):
    """File and hash of a document: the fields of `kb.models.Place` that every document has."""

    file: str
    sha256: str


class Head(TypedDict):
    """The head of a document: fields of `kb.models.Document` as JSON without its passages, and their number."""

    id: str
    title: str
    force: Force
    language: str
    place: HeadPlace
    sections: list[dict[str, Json]]
    leftovers: list[dict[str, Json]]
    passages: int


class Store:
    """An open index database. Reading is safe from several threads; only the build writes, once."""

    def __init__(self, path: Path | str, *, create: bool = False, append: int = 0) -> None:
        """Open the database at `path` (':memory:' for tests). Raises IndexError_ when it cannot be read.

        With `create`, or `append` to add passages to a segment that begins with that row, errors of SQLite (full disk,
        read-only) are passed on to the build.
        """
        self.path = path
        self._asked = 0  # how often runs were asked for
        self._next = 1
        self._written = create or bool(append)
        if create or append or str(path) == ":memory:":
            self._db = sqlite3.connect(str(path), check_same_thread=False)
            if append:
                self._next = self._db.execute("SELECT coalesce(max(rowid) + 1, ?) FROM passages", (append,)).fetchone()[
                    0
                ]
            else:
                self._db.executescript(SCHEMA)
            return
        try:
            self._db = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, check_same_thread=False)
            self._db.execute(f"PRAGMA cache_size = -{_HELD}")
            self._db.execute("SELECT count(*) FROM passages").fetchone()
        except sqlite3.DatabaseError as error:
            raise IndexError_(f"the index cannot be read ({error}).", where=str(path), do="Run: kb build") from error

    def add(self, document: Document) -> None:
        """Write a document with its passages, in order, after those already stored."""
        head = document.model_dump(mode="json", exclude={"passages"})
        with self._db:
            self._db.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
                (document.id, document.title, document.force, document.language, json.dumps(head)),
            )
            for passage in document.passages:
                self._add_passage(passage)

    def _add_passage(self, passage: Passage) -> None:
        body, row = body_of(passage), self._next
        self._db.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row,
                passage.id,
                passage.document,
                passage.kind,
                passage.part or "",
                passage.force,
                passage.language,
                json.dumps(passage.section, ensure_ascii=False),
                body,
            ),
        )
        self._next = row + 1
        text, language = passage.text, passage.language
        for table, kept in (("runs", runs(text)), ("stems", stems(text, language)), ("terms", numbers_of(passage))):
            self._db.execute(f"INSERT INTO {table} VALUES (?, ?)", (row, kept.astype(_NUMBERS[table]).tobytes()))
        self._db.executemany(
            "INSERT INTO facets VALUES (?, ?, ?)", [(facet, term, row) for facet, term in sorted(facets_of(passage))]
        )

    def documents(self) -> list[Head]:
        """Return the head (all but the passages) of every document, in source order."""
        rows = self._db.execute(
            "SELECT body, (SELECT count(*) FROM passages WHERE document = documents.id) FROM documents ORDER BY rowid"
        )
        return [cast(Head, {**json.loads(body), "passages": count}) for body, count in rows]

    @cached_property
    def order(self) -> np.ndarray | None:
        """Every row number in source order (int64 [n]); None when rows are in that order already, as in an index that
        has not grown."""
        firsts = self._db.execute(
            "SELECT (SELECT min(rowid) FROM passages WHERE document = documents.id) FROM documents ORDER BY rowid"
        )
        found = [first for (first,) in firsts if first is not None]
        if found == sorted(found):
            return None
        return np.asarray([row for (row,) in self._db.execute(f"SELECT passages.rowid FROM passages {IN_ORDER}")])

    def passages(self, document: str | None = None) -> Iterator[Passage]:
        """Yield the passages of one document (by id), or of all, in source order."""
        return (passage for _, passage in self.numbered(document))

    def numbered(self, document: str | None = None) -> Iterator[tuple[int, Passage]]:
        """Yield (row number, passage) of one document (by id), or of all, in source order."""
        values: tuple[str, ...]
        if document:
            where, values = "WHERE document = ? ORDER BY rowid", (document,)
        else:
            where, values = "ORDER BY rowid" if self.order is None else IN_ORDER, ()
        for row, body in self._db.execute(f"SELECT passages.rowid, passages.body FROM passages {where}", values):
            yield row, Passage.model_validate_json(body)

    def rows(self, rowids: Sequence[int]) -> dict[int, Passage]:
        """Return the passages with these row numbers, by row number; unknown numbers are left out."""
        marks = ",".join("?" * len(rowids))
        found = self._db.execute(f"SELECT rowid, body FROM passages WHERE rowid IN ({marks})", tuple(rowids))
        return {row: Passage.model_validate_json(body) for row, body in found}

    def fields(self, rowids: Sequence[int]) -> list[HitFields]:
        """Return the fields that hits show for these row numbers, in any order; unknown numbers are left out."""
        marks = ",".join("?" * len(rowids))
        found = self._db.execute(f"SELECT body FROM passages WHERE rowid IN ({marks})", tuple(rowids))
        return [fields_of(from_json(body)) for (body,) in found]

    def every_fields(self, holding: str = "") -> Iterator[HitFields]:
        """Yield the fields that hits show, in source order, of all rows, or of those whose stored JSON may contain
        `holding`."""
        like = "".join("_" if letter in "iksIKS" else letter for letter in holding)  # ı, K and ſ are forms of these
        rows = f"(SELECT rowid, document, body FROM passages WHERE body LIKE '%{like}%')" if like else "passages"
        bodies = self._db.execute(f"SELECT passages.body FROM {rows} AS passages {IN_ORDER}")
        return (fields_of(from_json(body)) for (body,) in bodies)

    def get(self, id: str) -> Passage | None:
        """Return the passage with this identifier; None when there is none."""
        row = self._db.execute("SELECT body FROM passages WHERE id = ?", (id,)).fetchone()
        return Passage.model_validate_json(row[0]) if row else None

    def around(self, id: str, before: int = 1, after: int = 1) -> list[Passage]:
        """Return the passage and its neighbours in its document, in source order; empty when the id is unknown."""
        row = self._db.execute("SELECT rowid, document FROM passages WHERE id = ?", (id,)).fetchone()
        if not row:
            return []
        found = self._db.execute(
            "SELECT body FROM passages WHERE document = ? AND rowid BETWEEN ? AND ? ORDER BY rowid",
            (row[1], row[0] - before, row[0] + after),
        )
        return [Passage.model_validate_json(body) for (body,) in found]

    def wordings(self, *, headings: bool = True) -> dict[str, dict[str, int]]:
        """Return for each document the number of its passages with each wording (`verbatim`, `own-words`), zeros
        included. Without `headings`, passages that are headings are not counted."""
        known = self._db.execute("SELECT id FROM documents ORDER BY rowid")
        found = {id: dict.fromkeys(WORDING_WORDS, 0) for (id,) in known}
        for document, term, n in self._db.execute(
            "SELECT document, term, count(*) FROM facets JOIN passages ON passages.rowid = passage "
            f"WHERE facet = 'wording' AND (kind != 'heading' OR {headings:d}) GROUP BY document, term"
        ):
            found[document][term] = n
        return found

    def rowids(self, facet: str, terms: Iterable[str]) -> set[int]:
        """Return the row numbers of passages that carry at least one of these terms in the facet."""
        terms = tuple(terms)
        marks = ",".join("?" * len(terms))
        found = self._db.execute(f"SELECT passage FROM facets WHERE facet = ? AND term IN ({marks})", (facet, *terms))
        return {row for (row,) in found}

    def carrying(self, facet: str) -> Iterator[tuple[int, str]]:
        """Yield (row number, term) for each term of the facet on each passage; rejected tags are left out."""
        yield from self._db.execute("SELECT passage, term FROM facets WHERE facet = ?", (facet,))

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def row_numbers(self) -> list[int]:
        """Return all row numbers, ascending: the order in which `columns` yields rows."""
        return [row for (row,) in self._db.execute("SELECT rowid FROM passages ORDER BY rowid")]

    def columns(self) -> Iterator[tuple[str, str, str, str, str, str, str]]:
        """Yield (identifier, document, section, kind, part, force, language) of every passage, by row number."""
        yield from self._db.execute(
            "SELECT id, document, section, kind, part, force, language FROM passages ORDER BY rowid"
        )

    def passage_columns(self) -> PassageColumns:
        """Return identifiers and properties of all passages, by row."""
        return columns.read(self._db) or columns.of_rows(self.columns())

    def runs(self, rowids: Sequence[int]) -> dict[int, np.ndarray]:
        """Return by row number the numbers of each passage's runs of words, as `kb.engine.runs` makes them."""
        self._asked += 1
        return self._numbers("runs", self._runs, rowids)

    def stems(self, rowids: Sequence[int]) -> dict[int, np.ndarray]:
        """Return by row number the positions and stem numbers (uint32 [n, 3]) of words, as `kb.engine.stems` makes
        them."""
        return {row: found.reshape(-1, 3) for row, found in self._numbers("stems", lambda: self._stems, rowids).items()}

    def terms_of(self, rowids: Sequence[int]) -> list[np.ndarray] | None:
        """Return the term numbers of these rows, in order, as `kb.engine.local.entry` makes them; None when the index
        is an older one without them."""
        if not self._has_terms:
            return None
        found = self._numbers("terms", lambda: self._terms, rowids)
        return [found[row] for row in rowids]

    @cached_property
    def _has_terms(self) -> bool:
        return self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'terms'").fetchone() is not None

    def _numbers(self, table: str, of_all: Callable[[], _Held | None], rowids: Sequence[int]) -> dict[int, np.ndarray]:
        """Return the numbers that `table` stores for these rows, by row. After STAYS requests they are taken from
        memory: `of_all` returns the numbers of all rows, or None when they are not held."""
        held = of_all() if self._asked > STAYS else None
        if held is None:
            return self._numbers_of(table, rowids)
        every, begins, first_row = held
        rows = np.asarray(rowids, dtype=np.int64) - first_row
        places = zip(rowids, begins[rows].tolist(), begins[rows + 1].tolist(), strict=True)
        return {row: every[first:last] for row, first, last in places}

    def _runs(self) -> _Held | None:
        """The runs of all passages in memory; None when the index is too large, or while they are still being read."""
        return self._all_runs[0] if self._all_runs else None

    @cached_property
    def _all_runs(self) -> list[_Held | None]:
        """A list with the runs of all passages; in a large index empty until a background thread has read them."""
        if self.size <= _HELD_UP_TO:
            return [self._every("runs", _HELD_UP_TO)]
        found: list[_Held | None] = []

        def read() -> None:
            """Read the runs of all passages into the list; ignore errors of a database that was closed meanwhile."""
            with suppress(sqlite3.Error):
                found.append(self._every("runs", _HELD_BESIDE_UP_TO))

        Thread(target=read, daemon=True).start()
        return found

    @cached_property
    def _stems(self) -> _Held | None:
        return self._every("stems", _STEMS_UP_TO)

    @cached_property
    def _terms(self) -> _Held | None:
        return self._every("terms", _STEMS_UP_TO)

    def _every(self, table: str, most: int) -> _Held | None:
        """Return the numbers of all passages in one array, and where each row begins; None above `most` passages."""
        if self.size > most:
            return None
        asked = f"SELECT coalesce(min(passage), 1), coalesce(max(passage), 0) FROM {table}"
        first, last = self._db.execute(asked).fetchone()
        sizes, parts = np.zeros(last - first + 1, np.int64), []
        for row, data in self._db.execute(f"SELECT passage, {table} FROM {table} ORDER BY passage"):
            sizes[row - first] = len(data) // _NUMBERS[table].itemsize
            parts.append(data)
        return np.frombuffer(b"".join(parts), dtype=_NUMBERS[table]), np.concatenate([[0], np.cumsum(sizes)]), first

    def _numbers_of(self, table: str, rowids: Sequence[int]) -> dict[int, np.ndarray]:
        """Read the numbers that `table` stores for these rows, as views of one array: faster than separate arrays."""
        marks = ",".join("?" * len(rowids))
        found = self._db.execute(f"SELECT passage, {table} FROM {table} WHERE passage IN ({marks})", tuple(rowids))
        kept = found.fetchall()
        kind = _NUMBERS[table]
        every, parts, at = np.frombuffer(b"".join([data for _, data in kept]), dtype=kind), {}, 0
        for row, data in kept:
            end = at + len(data) // kind.itemsize
            parts[row], at = every[at:end], end
        return parts

    def ids(self, rowids: Sequence[int] | None = None) -> list[str]:
        """Return the identifiers of these rows, or of all, by row."""
        where = "" if rowids is None else f"WHERE rowid IN ({','.join(map(str, rowids))})"
        return [id for (id,) in self._db.execute(f"SELECT id FROM passages {where} ORDER BY rowid")]

    def row(self, id: str) -> int | None:
        """Return the row number of the passage with this identifier; None when there is none."""
        found = self._db.execute("SELECT rowid FROM passages WHERE id = ?", (id,)).fetchone()
        return int(found[0]) if found else None

    def terms_by_row(self) -> Iterator[tuple[int, bytes]]:
        """Yield (row, numbers of its terms as bytes) of every passage, by row."""
        yield from self._db.execute("SELECT passage, terms FROM terms ORDER BY passage")

    def facet_names(self) -> list[str]:
        """Return the names of the facets that occur in this index, sorted."""
        return [name for (name,) in self._db.execute(FACETS)]

    def terms(self, facet: str) -> dict[str, int]:
        """Return each term of a facet with the number of passages that carry it."""
        return dict(
            self._db.execute("SELECT term, count(*) FROM facets WHERE facet = ? GROUP BY term ORDER BY term", (facet,))
        )

    def close(self) -> None:
        """Close the database; one that was written gets its columns first."""
        if self._written:
            columns.write(self._db, columns.of_rows(self.columns()))
        self._db.close()
