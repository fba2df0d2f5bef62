"""Vectors that were computed before, by encoder and text: unchanged passages are not embedded again."""
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from kb.index.encoders import Encoder
from kb.text import sha256_text

CHUNK = 64
"""Texts embedded before what is done is saved and told."""


class VectorCache:
    """A SQLite file of vectors; safe to delete, and a damaged one is begun anew."""

    def __init__(self, path: Path | str) -> None:
        self._db = _open(path)

    def encode(self, encoder: Encoder, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> np.ndarray:
        """float32 [n, dim] for `texts`; only those never seen by this encoder are computed. Saved as it goes."""
        keys = [sha256_text(text) for text in texts]
        known = self._known(encoder.identity, set(keys))
        missing = [i for i in dict(zip(keys, range(len(keys)))).values() if keys[i] not in known]
        missing.sort(key=lambda i: len(texts[i]))
        if progress:
            progress(len(texts) - len(missing))
        for start in range(0, len(missing), CHUNK):
            part = missing[start:start + CHUNK]
            vectors = encoder.passages([texts[i] for i in part])
            with self._db:
                self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                                     [(encoder.identity, keys[i], v.tobytes()) for i, v in zip(part, vectors)])
            known.update((keys[i], v) for i, v in zip(part, vectors))
            if progress:
                progress(len(part))
        self.computed = len(missing)
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, encoder.dim), dtype=np.float32)

    def _known(self, identity: str, keys: set[str]) -> dict[str, np.ndarray]:
        rows = self._db.execute("SELECT key, vector FROM vectors WHERE encoder = ?", (identity,))
        return {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows if key in keys}

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _open(path: Path | str) -> sqlite3.Connection:
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) or str(path) == ":memory:":
            raise
        Path(path).unlink()
        return _prepared(path)


def _prepared(path: Path | str) -> sqlite3.Connection:
    db = sqlite3.connect(str(path), timeout=30)
    db.execute("CREATE TABLE IF NOT EXISTS vectors (encoder TEXT, key TEXT, vector BLOB, PRIMARY KEY (encoder, key))")
    return db
