"""Rows stored on disk, for writers that read them twice: memory stays small however many there are."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import IO, Self, TypeVar

from kb.export.layouts import sides_of
from kb.export.rows import Row
from kb.models import WORDING_WORDS, Model, Place, Tag

Made = TypeVar("Made", Row, Place, Tag)


_put = object.__setattr__
_FIELDS: dict[type[Model], set[str]] = {kind: set(kind.model_fields) for kind in (Row, Place, Tag)}


def _light(row: Row) -> bytes:
    """Serialise the fields of a row; pickling the pydantic models themselves takes twice the time."""
    state = row.__dict__.copy()
    if row.place is not None:
        state["place"] = row.place.__dict__
    state["tags"] = [tag.__dict__ for tag in row.tags]
    return pickle.dumps(state, pickle.HIGHEST_PROTOCOL)


def _made(kind: type[Made], state: dict[str, object]) -> Made:
    """Build a model from fields that were validated when it was first made."""
    made = kind.__new__(kind)
    _put(made, "__dict__", state)
    _put(made, "__pydantic_fields_set__", _FIELDS[kind])
    _put(made, "__pydantic_extra__", None)
    _put(made, "__pydantic_private__", None)
    return made


def _row(file: IO[bytes]) -> Row:
    """Read the next row from a temporary file that this process wrote."""
    state = pickle.load(file)
    if state["place"] is not None:
        state["place"] = _made(Place, state["place"])
    state["tags"] = tuple([_made(Tag, tag) for tag in state["tags"]])
    return _made(Row, state)


class Spool:
    """Rows stored on disk, in their order and by document, and the tags and origins that occur in them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 (closed by __exit__)
        self._offsets: dict[str, list[int]] = {}
        self.hashes: set[str] = set()
        seen: dict[tuple[str, str, str, str], Tag] = {}
        wordings = dict.fromkeys((*WORDING_WORDS, "not-stated", "no-text"), 0)
        at = 0
        for row in rows:
            line = _light(row)
            self._file.write(line)
            self._offsets.setdefault(row.document, []).append(at)
            at += len(line)
            if row.place and row.place.sha256:
                self.hashes.add(row.place.sha256)
            wordings[(row.wording or "not-stated") if row.words else "no-text"] += 1
            for tag in row.tags:
                seen.setdefault((tag.facet, tag.id, tag.origin, tag.state), tag)
        self.rows, self.wordings = sum(map(len, self._offsets.values())), wordings
        self.tags = tuple(sorted({(facet, id) for facet, id, _, _ in seen}))
        self.origins = tuple(sorted({origin for _, _, origin, _ in seen}))
        self.sides = tuple(sorted({(side, tag.facet, tag.id) for tag in seen.values() for side in sides_of(tag)}))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        for _ in range(self.rows):
            yield _row(self._file)

    def documents(self) -> list[str]:
        """Return the documents that rows come from, sorted by id."""
        return sorted(self._offsets)

    def of(self, document: str) -> Iterator[Row]:
        """Yield the rows of one document, in the order in which they were added."""
        for offset in self._offsets.get(document, ()):
            self._file.seek(offset)
            yield _row(self._file)
