"""Vector side of the index: FAISS, one space for each encoder, whole passages and sentence windows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import faiss
import numpy as np

from kb.errors import IndexError_

FLAT_UP_TO = 400_000
"""Vectors searched exactly; above it an inverted file with 8-bit codes is built and its recall measured."""
PROBE = 32

faiss.omp_set_num_threads(1)


class Space:
    """The vectors of one encoder: `rows[i]` is the passage that vector i belongs to."""

    def __init__(self, index: faiss.Index, rows: np.ndarray) -> None:
        self._index, self.rows = index, rows

    @classmethod
    def build(cls, vectors: np.ndarray, rows: Sequence[int]) -> Space:
        """A space over unit vectors float32 [n, dim]."""
        index = _index_for(vectors)
        return cls(index, np.asarray(rows, dtype=np.int64))

    @cached_property
    def owners(self) -> frozenset[int]:
        """Passages that have a vector here."""
        return frozenset(self.rows.tolist())

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def search(self, query: np.ndarray, limit: int) -> dict[int, float]:
        """Best cosine for each passage among the nearest `limit` vectors."""
        if not self.size:
            return {}
        found, at = self._index.search(query.reshape(1, -1).astype(np.float32), min(limit, self.size))
        best: dict[int, float] = {}
        for score, i in zip(found[0], at[0]):
            if i >= 0:
                best.setdefault(int(self.rows[i]), float(score))
        return best

    def near(self, row: int, limit: int) -> dict[int, float]:
        """Best cosine of each passage with the first vector of passage `row`, among the nearest `limit` vectors."""
        at = np.flatnonzero(self.rows == row)
        if not len(at):
            return {}
        if not isinstance(self._index, faiss.IndexFlat):
            self._index.make_direct_map()
        return self.search(self._index.reconstruct(int(at[0])), limit)

    def recall(self, vectors: np.ndarray, limit: int = 10, sample: int = 200) -> float:
        """Share of the exact nearest `limit` that this index also finds, over a sample of its own vectors."""
        if not self.size or isinstance(self._index, faiss.IndexFlat):
            return 1.0
        exact = faiss.IndexFlatIP(self.dim)
        exact.add(vectors)
        probes = vectors[:: max(1, len(vectors) // sample)][:sample]
        truth, found = exact.search(probes, limit)[1], self._index.search(probes, limit)[1]
        return float(np.mean([len(set(t) & set(f)) / limit for t, f in zip(truth, found)]))

    def save(self, folder: Path, name: str) -> None:
        """Write the space into `folder` under `name`."""
        faiss.write_index(self._index, str(folder / f"{name}.faiss"))
        np.save(folder / f"{name}.npy", self.rows)

    @classmethod
    def load(cls, folder: Path, name: str) -> Space:
        """Read a space. Raises IndexError_ when it is missing or half written."""
        try:
            index = faiss.read_index(str(folder / f"{name}.faiss"))
            rows = np.load(folder / f"{name}.npy", allow_pickle=False)
        except (RuntimeError, OSError, ValueError, EOFError) as error:
            raise IndexError_(f"vectors '{name}' cannot be read.", where=str(folder), do="Run: kb build") from error
        if index.ntotal != len(rows):
            raise IndexError_(f"vectors '{name}' do not fit their rows.", where=str(folder), do="Run: kb build")
        return cls(index, rows)


def _index_for(vectors: np.ndarray) -> faiss.Index:
    """Exact inner product for small sets; an inverted file with 8-bit codes for large ones."""
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    dim = vectors.shape[1]
    if len(vectors) <= FLAT_UP_TO:
        index = faiss.IndexFlatIP(dim)
    else:
        cells = 1 << int(np.log2(4 * np.sqrt(len(vectors))))
        index = faiss.index_factory(dim, f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.train(vectors[:: max(1, len(vectors) // (64 * cells))])
        index.nprobe = PROBE
    index.add(vectors)
    return index
