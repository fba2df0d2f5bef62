"""The table of word vectors on disk. A text needs a dozen rows, so the file is memory-mapped and each row is checked
when it is read."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np

from kb.errors import IndexError_
from kb.files import replacing
from kb.index.weights.bert import BLOCK, WORDS, Bert, unpacked

TABLE, SUMS = "words.npy", "words.crc32.npy"
"""Names of two files: the rows of the table in their original form (float32, or Q4_0 blocks), and a checksum of each
row. Rows are checked one by one, because hashing 54 MB at each start would take longer than a query."""


def write(bert: Bert, folder: Path) -> None:
    """Write the word vectors of `bert`, as float32 or Q4_0 blocks, and a checksum of each row into `folder`."""
    table = bert.packed[WORDS].view(np.uint8) if WORDS in bert.packed else bert.plain[WORDS]
    table = np.ascontiguousarray(table.reshape(bert.shape.words, -1))
    sums = np.fromiter((zlib.crc32(row) for row in table), np.uint32, len(table))
    for name, array in ((TABLE, table), (SUMS, sums)):
        with replacing(folder / name) as half, half.open("wb") as stream:
            np.save(stream, array)


class WordVectorTable:
    """The table of word vectors, open for reading row by row."""

    def __init__(self, folder: Path) -> None:
        """Memory-map the table in `folder`. Raises IndexError_ when it is missing or incomplete."""
        self._folder = folder
        try:
            self._table = np.load(folder / TABLE, mmap_mode="r", allow_pickle=False)
            self._sums = np.load(folder / SUMS, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise self._changed() from error
        if self._sums.shape != self._table.shape[:1]:
            raise self._changed()

    def of(self, ids: np.ndarray) -> np.ndarray:
        """Return the vectors of word pieces: float32 [*ids.shape, hidden]. Raises IndexError_ when a row does not match
        its checksum."""
        unique, back = np.unique(ids, return_inverse=True)
        rows = self._table[unique]
        if any(zlib.crc32(row) != known for row, known in zip(rows, self._sums[unique].tolist(), strict=True)):
            raise self._changed()
        vectors = unpacked(rows.view(BLOCK)) if rows.dtype == np.uint8 else rows
        return vectors[back.reshape(-1)].reshape(*ids.shape, -1)

    def _changed(self) -> IndexError_:
        return IndexError_(
            "the word vectors of the query encoder are missing or were changed since they were written.",
            where=str(self._folder),
            do="Run: kb build",
        )
