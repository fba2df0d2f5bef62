"""The parts in which an unfinished build embeds its texts, kept beside the vectors.

The last bits of a vector depend on the library that makes it and on the texts in the same batch. So a build writes down
its parts, and with which library each is embedded, before it embeds the first. When it is stopped, the next build
embeds what is left in the same parts, and the vectors are the same to the byte.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_HASH = 32
"""Number of bytes of one hash of a text (sha256). A part is one row of such hashes: a million texts take 32 MB."""


@dataclass(frozen=True)
class Part:
    """Texts that are embedded and stored together: their hashes (hexadecimal sha256), and whether they are embedded as
    many texts are (with the library that is fast for many) or as a few are."""

    keys: tuple[str, ...]
    are_many: bool


def recorded(db: sqlite3.Connection, encoder: str) -> list[Part]:
    """Return the parts that an unfinished build wrote down for the encoder with this identity, in its order."""
    if not _has_table(db):
        return []
    rows = db.execute("SELECT keys, many FROM begun WHERE encoder = ? ORDER BY part", (encoder,))
    return [Part(tuple(_hashes(keys)), bool(many)) for keys, many in rows if isinstance(keys, bytes)]


def record(db: sqlite3.Connection, encoder: str, parts: Iterable[Part]) -> None:
    """Write down further parts; the caller has begun a transaction."""
    db.execute("CREATE TABLE IF NOT EXISTS begun (part INTEGER PRIMARY KEY, encoder TEXT, many INTEGER, keys BLOB)")
    rows = [(encoder, int(part.are_many), b"".join(map(bytes.fromhex, part.keys))) for part in parts]
    db.executemany("INSERT INTO begun (encoder, many, keys) VALUES (?, ?, ?)", rows)


def are_recorded(db: sqlite3.Connection) -> bool:
    """Return whether any parts are written down."""
    return _has_table(db) and db.execute("SELECT 1 FROM begun LIMIT 1").fetchone() is not None


def forget(db: sqlite3.Connection) -> None:
    """Remove all parts: the build is finished. The caller has begun a transaction."""
    if _has_table(db):
        db.execute("DELETE FROM begun")


def cut(parts: Sequence[Sequence[str]], given: int, few: int) -> Iterator[Part]:
    """Yield a part for each batch of hashes: embedded as few texts are while at most `few` texts were given, counting
    `given` from before; as many are afterwards."""
    for keys in parts:
        given += len(keys)
        yield Part(tuple(keys), given > few)


def _has_table(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'begun'").fetchone() is not None


def _hashes(keys: bytes) -> Iterator[str]:
    return (keys[start : start + _HASH].hex() for start in range(0, len(keys), _HASH))
