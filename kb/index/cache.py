"""A cache of vectors by encoder and text, so that unchanged texts are not embedded again.

Each row has a checksum over encoder, text hash and vector; a damaged row is counted and its vector computed again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import numpy as np

from kb import whole_file
from kb.amounts import some
from kb.index import begun
from kb.index.encoders import Encoder
from kb.text import sha256_text

CHUNK = 64
"""Number of texts that are embedded before their vectors are saved and the progress is reported."""

KEYS_PER_QUERY = 500
"""Maximum number of keys in one SQL query: old versions of SQLite allow 999 values."""

Shipped = Callable[[str], Mapping[str, np.ndarray]]

_Item = TypeVar("_Item")


def nothing_shipped(_: str) -> Mapping[str, np.ndarray]:
    """Return an empty mapping: the default for the `shipped` argument of `VectorCache` when no vectors come with the
    program."""
    return {}


@dataclass
class EmbeddingProgress:
    """Counts embedded texts, and calls `report(done, total)` after each batch.

    Texts whose vectors are cached are subtracted from the total, so that the remaining time can be estimated from the
    speed.
    """

    report: Callable[[int, int], None]
    total: int
    done: int = 0

    def made(self, count: int) -> None:
        """Add `count` texts that were embedded now."""
        self.done += count
        self.report(self.done, self.total)

    def known(self, count: int) -> None:
        """Subtract `count` texts whose vectors were cached."""
        self.total -= count
        self.report(self.done, self.total)


def _mixed(parts: list[list[_Item]]) -> list[list[_Item]]:
    """Reorder batches, given from short texts to long ones, so that short and long alternate: the speed is then even,
    and the remaining time can be estimated."""
    return [part for pair in zip(parts, reversed(parts)) for part in pair][: len(parts)]


class VectorCache:
    """A SQLite file of vectors. It may be deleted at any time; a damaged file is replaced by an empty one."""

    def __init__(self, path: Path | str, shipped: Shipped = nothing_shipped, *, resumable: bool = False) -> None:
        """Open the cache at `path`. `shipped` is called with an encoder's identity and returns the vectors that came
        with the program, by hash of the text.

        With `resumable`, as a build needs it, the parts of the work are written down (see `kb.index.begun`) until
        `finish` is called, so that work that is stopped and begun again makes the same bytes.
        """
        self._shipped = shipped
        self._resumable = resumable
        self.damaged = 0  # vectors that did not fit their checksum and were computed anew
        self.begun_anew = False  # whether the file could not be read and was replaced
        self._path = path
        self._db = self._open()

    def encode(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        counted: EmbeddingProgress | None = None,
    ) -> np.ndarray:
        """Return the vectors of `texts`: float32 [n, dim]. Those not cached for this encoder are computed, and saved
        batch by batch; `counted` receives the progress."""
        keys = [sha256_text(text) for text in texts]
        try:
            known = self._known(encoder.identity, set(keys))
        except sqlite3.DatabaseError:
            self._db.close()
            self._db, known = self._anew(), {}
        self._take_shipped(encoder.identity, keys, known)
        missing = {key: text for key, text in zip(keys, texts) if key not in known}
        if counted:
            counted.known(len(texts) - len(missing))
        parts = self._parts(encoder, sorted(missing, key=lambda key: len(missing[key])))
        made = _made_anew if self._resumable else _made
        for number, vectors in made(encoder, parts, missing):
            part = parts[number].keys
            with self._writing():
                self._db.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
                    [_row(encoder.identity, key, v.tobytes()) for key, v in zip(part, vectors)],
                )
            known.update(zip(part, vectors))
            if counted:
                counted.made(len(part))
        self.computed = len(missing)
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, encoder.dim), dtype=np.float32)

    def finish(self) -> None:
        """Forget the parts of a build that has embedded all its texts."""
        if begun.are_recorded(self._db):
            with self._writing():
                begun.forget(self._db)

    def _parts(self, encoder: Encoder, missing: Sequence[str]) -> list[begun.Part]:
        """Cut the hashes of texts, given from short texts to long ones, into parts. Those that an unfinished build has
        written down come in its parts and its order, before the others."""
        known = begun.recorded(self._db, encoder.identity) if self._resumable else []
        wanted, planned = set(missing), {key for part in known for key in part.keys}
        left = (begun.Part(tuple(key for key in part.keys if key in wanted), part.are_many) for part in known)
        new = [key for key in missing if key not in planned]
        batches = _mixed([new[start : start + CHUNK] for start in range(0, len(new), CHUNK)])
        added = list(begun.cut(batches, sum(len(part.keys) for part in known), getattr(encoder, "few", 0)))
        if added and self._resumable:
            with self._writing():
                begun.record(self._db, encoder.identity, added)
        return [*(part for part in left if part.keys), *added]

    def _take_shipped(self, identity: str, keys: Sequence[str], known: dict[str, np.ndarray]) -> None:
        """Add the vectors of `keys` that came with the program to `known` and to the file."""
        if len(known) == len(set(keys)):
            return
        shipped = self._shipped(identity)
        found = {key: shipped[key] for key in keys if key not in known and key in shipped}
        if not found:
            return
        with self._writing():
            self._db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
                [_row(identity, key, vector.tobytes()) for key, vector in found.items()],
            )
        known.update(found)

    def _known(self, identity: str, keys: set[str]) -> dict[str, np.ndarray]:
        wanted, unknown = [], sorted(keys)
        for start in range(0, len(unknown), KEYS_PER_QUERY):
            part = unknown[start : start + KEYS_PER_QUERY]
            marks = ",".join("?" * len(part))
            wanted += self._db.execute(
                f"SELECT encoder, key, vector, sum FROM vectors WHERE encoder = ? AND key IN ({marks})",
                (identity, *part),
            ).fetchall()
        intact = [row for row in wanted if _fits(row)]
        self.damaged += len(wanted) - len(intact)
        return {key: np.frombuffer(vector, dtype=np.float32) for _, key, vector, _ in intact}

    def close(self) -> None:
        """Close the database, then store a checksum over all bytes of the file."""
        self._db.close()
        if file := self._file:
            whole_file.seal(file)

    def renew(self) -> None:
        """Rewrite the file when bytes of it that SQLite does not use were changed."""
        if (file := self._file) and whole_file.problem(file):
            whole_file.unseal(file)
            try:
                self._db.execute("VACUUM")
            except sqlite3.DatabaseError:
                self._db.close()
                self._db = self._anew()

    @property
    def _file(self) -> Path | None:
        return None if str(self._path) == ":memory:" else Path(self._path)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Return a context manager for a write transaction; the file is locked until the block ends."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            if file := self._file:
                whole_file.unseal(file)
            yield

    def _open(self) -> sqlite3.Connection:
        if (file := self._file) and not file.exists():
            whole_file.unseal(file)  # files that belonged to a deleted database
        try:
            return _prepared(self._path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) or str(self._path) == ":memory:":
                raise
            return self._anew()

    def _anew(self) -> sqlite3.Connection:
        self.begun_anew = True
        whole_file.unseal(Path(self._path))
        Path(self._path).unlink()
        return _prepared(self._path)


def _made(encoder: Encoder, parts: Sequence[begun.Part], texts: Mapping[str, str]) -> Iterable[tuple[int, np.ndarray]]:
    """Yield (position in `parts`, vectors) for each part; `texts` maps hashes to texts. In order, or in any order when
    the encoder embeds many batches at once."""
    batches = [[texts[key] for key in part.keys] for part in parts]
    many = getattr(encoder, "many", None)
    return many(batches) if many else ((number, encoder.passages(batch)) for number, batch in enumerate(batches))


def _made_anew(
    encoder: Encoder, parts: Sequence[begun.Part], texts: Mapping[str, str]
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield as `_made`, each part with the library that is written down for it, whatever was embedded before."""
    many = [number for number, part in enumerate(parts) if part.are_many]
    for number, part in enumerate(parts):
        if not part.are_many:
            yield number, encoder.passages([texts[key] for key in part.keys])
    batches = [[texts[key] for key in parts[number].keys] for number in many]
    if at_once := getattr(encoder, "many", None):
        yield from ((many[place], vectors) for place, vectors in at_once(batches)) if batches else ()
        return
    bulk = getattr(encoder, "bulk", encoder.passages)
    yield from ((number, bulk(batch)) for number, batch in zip(many, batches))


def problems(path: Path) -> list[str]:
    """Return descriptions of what is wrong with a file of vectors: errors that SQLite finds, vectors that do not match
    their checksum, or changed unused bytes.

    Empty for a missing file. Files from before checksums were stored are not checked for these.
    """
    if not path.exists():
        return []
    db = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    try:
        found = [line for (line,) in db.execute("PRAGMA integrity_check") if line != "ok"]
        columns = [row[1] for row in db.execute("PRAGMA table_info(vectors)")]
        if columns not in (_COLUMNS, _COLUMNS[:3]):
            return [*found, "it holds no vectors of this program"]
        wrong = (
            0
            if columns != _COLUMNS
            else sum(not _fits(row) for row in db.execute(f"SELECT {', '.join(_COLUMNS)} FROM vectors"))
        )
        if wrong:
            found.append(some(wrong, "vector does not fit its checksum", "vectors do not fit their checksum"))
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return [str(error)]
    finally:
        db.close()
    return found or [words for words in [whole_file.problem(path)] if words]


_COLUMNS = ["encoder", "key", "vector", "sum"]


def _sum(encoder: object, key: object, vector: object) -> str:
    """Return the checksum of a row: eight bytes of BLAKE2 over all its values, in hexadecimal. It changes with any bit,
    and takes microseconds."""
    numbers = vector if isinstance(vector, bytes) else repr(vector).encode("utf-8", "replace")
    return hashlib.blake2b(f"{encoder}\n{key}\n".encode("utf-8", "replace") + numbers, digest_size=8).hexdigest()


def _row(encoder: str, key: str, vector: bytes) -> tuple[str, str, bytes, str]:
    return encoder, key, vector, _sum(encoder, key, vector)


def _fits(row: tuple) -> bool:
    return _sum(*row[:3]) == row[3]


def _prepared(path: Path | str) -> sqlite3.Connection:
    db = sqlite3.connect(str(path), timeout=30)  # seconds: another build writes its vectors
    db.execute(
        "CREATE TABLE IF NOT EXISTS vectors (encoder TEXT, key TEXT, vector BLOB, sum TEXT, PRIMARY KEY (encoder, key))"
    )
    if len(db.execute("PRAGMA table_info(vectors)").fetchall()) == 3:
        with db:  # a file from before checksums: its vectors are trusted once more, as they were until now
            db.execute("ALTER TABLE vectors ADD COLUMN sum TEXT")
            db.create_function("sum_of", 3, _sum, deterministic=True)
            db.execute("UPDATE vectors SET sum = sum_of(encoder, key, vector)")
    return db
