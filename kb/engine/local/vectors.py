"""Vectors: one space for each encoder, whole passages and sentence windows; exact cosines of what a scan brings
near."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import faiss
import numpy as np

from kb.errors import IndexError_

EXACT_UP_TO = 5_000
"""Vectors that are all compared, in float32; above it 8-bit codes are scanned and what they bring is compared in
float32 on the disk: at 10,000 that takes half as long as comparing all."""
FLAT_UP_TO = 400_000
"""Vectors of which every code is scanned; above it an inverted file with 8-bit codes, its recall measured at the
build, and a second pass in float16, so that the disk holds half."""
PROBE = 32
_SAMPLE = 1000
"""Vectors of a large space from which the lowest cosine with a query is estimated."""

_WIDE = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
"""The value of every float16: looked up in half the time that NumPy takes to widen them."""

faiss.omp_set_num_threads(1)


class Space:
    """The vectors of one encoder: `rows[i]` is the passage that vector i belongs to."""

    def __init__(
        self, index: faiss.Index, rows: np.ndarray, exact: np.ndarray | None = None, scale: np.ndarray | None = None
    ) -> None:
        self._index, self.rows, self._exact, self._scale = index, rows, exact, scale

    @classmethod
    def build(cls, vectors: np.ndarray, rows: Sequence[int]) -> Space:
        """A space over unit vectors float32 [n, dim]."""
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        owners = np.asarray(rows, dtype=np.int64)
        if len(vectors) <= EXACT_UP_TO:
            index = faiss.IndexFlatIP(vectors.shape[1])
            index.add(vectors)
            return cls(index, owners)
        index, scale = _coded(vectors) if len(vectors) <= FLAT_UP_TO else (_inverted(vectors), None)
        return cls(index, owners, vectors if len(vectors) <= FLAT_UP_TO else vectors.astype(np.float16), scale)

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

    @property
    def is_exact(self) -> bool:
        """Whether every vector is compared with a query."""
        return self._exact is None

    @cached_property
    def matrix(self) -> np.ndarray:
        """The vectors that cosines are taken from: float32 [n, dim], on the disk in a larger space, float16 in a very
        large one."""
        if self._exact is not None:
            return self._exact
        if not self.size:
            return np.zeros((0, self.dim), dtype=np.float32)
        return faiss.rev_swig_ptr(self._index.get_xb(), self.size * self.dim).reshape(self.size, self.dim)

    @cached_property
    def _by_row(self) -> tuple[np.ndarray | None, np.ndarray]:
        """Positions of vectors in the order of their rows (None where they stand so already), and where in that order
        each row begins (int64 [highest row + 3])."""
        rows = self.rows
        order = None if bool((rows[1:] >= rows[:-1]).all()) else np.argsort(rows, kind="stable")
        highest = int(rows.max()) if len(rows) else 0
        return order, np.searchsorted(rows if order is None else rows[order], np.arange(highest + 3))

    def positions(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions of every vector of `rows` one after the other, and how many each has (int [len(rows)])."""
        order, begins = self._by_row
        rows = np.minimum(rows, len(begins) - 2)
        first = begins[rows]
        many = begins[rows + 1] - first
        starts = np.cumsum(many) - many
        at = np.repeat(first - starts, many) + np.arange(int(many.sum()))
        return at if order is None else order[at], many

    def at(self, positions: np.ndarray) -> np.ndarray:
        """The vectors at those positions: float32 [n, dim]."""
        found = np.asarray(self.matrix)[positions]
        return _WIDE.take(found.view(np.uint16)) if found.dtype == np.float16 else found

    def cosines(self, query: np.ndarray, at: np.ndarray | None = None) -> np.ndarray:
        """Cosines float64 with the vectors at those positions, or with all."""
        chosen = self.matrix.astype(np.float32, copy=False) if at is None else self.at(at)
        return (chosen @ query.astype(np.float32, copy=False)).astype(np.float64)

    def best(self, query: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The best cosine of each of `rows`, NaN for one that has no vector: float64 [len(rows)]."""
        at, many = self.positions(rows)
        if len(at) == len(rows) and bool((many == 1).all()):
            return self.cosines(query, at)
        return _highest(self.cosines(query, at), many)

    def best_of_all(self, query: np.ndarray, size: int) -> np.ndarray:
        """The best cosine of every passage by row number, NaN where one has no vector: float64 [size + 1]."""
        order, begins = self._by_row
        scores = self.cosines(query)
        found = _highest(scores if order is None else scores[order], np.diff(begins[:-1]))
        return np.r_[found, np.full(max(size + 1 - len(found), 0), np.nan)][: size + 1]

    def between(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Cosine of the first vector of each row with that of the row beside it; NaN where one has none: float64
        [n]."""
        order, begins = self._by_row
        found = np.full(len(rows), np.nan)
        sides = [np.minimum(side, len(begins) - 2) for side in (rows, others)]
        there = (begins[sides[0] + 1] > begins[sides[0]]) & (begins[sides[1] + 1] > begins[sides[1]])
        left, right = (begins[side[there]] for side in sides)
        if not len(left):
            return found
        leaders, which = np.unique(right, return_inverse=True)  # few passages lead many
        first, second = (self.at(side if order is None else order[side]) for side in (left, leaders))
        found[there] = np.einsum("ij,ij->i", first, second[which])
        return found

    def scan(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> np.ndarray:
        """Rows of about the `k` nearest vectors; `allowed` is a mask over row numbers (bool), None for all."""
        if not self.size:
            return np.zeros(0, dtype=np.int64)
        options = {}
        if allowed is not None:
            bits = np.packbits(allowed[self.rows], bitorder="little")
            chosen = faiss.IDSelectorBitmap(self.size, faiss.swig_ptr(bits))
            options["params"] = self._parameters(chosen)
        found = self._index.search(self._asked(query), min(k, self.size), **options)[1][0]
        return np.unique(self.rows[found[found >= 0]])

    def _parameters(self, chosen: faiss.IDSelector) -> faiss.SearchParameters:
        if isinstance(self._index, faiss.IndexIVF):
            return faiss.SearchParametersIVF(sel=chosen, nprobe=self._index.nprobe)
        return faiss.SearchParameters(sel=chosen)

    def _asked(self, query: np.ndarray) -> np.ndarray:
        """The query as the index compares it: [1, dim], in whole numbers where codes are compared with codes."""
        query = query.reshape(1, -1).astype(np.float32)
        if self._scale is None:
            return query
        scaled = query * self._scale
        return np.round(scaled * (127 / max(float(np.abs(scaled).max()), 1e-12)))

    @cached_property
    def _some(self) -> Space:
        """A small exact space of vectors at equal distances, to estimate from."""
        at = np.linspace(0, self.size - 1, min(_SAMPLE, self.size)).astype(np.int64)
        return Space.build(self.at(at), self.rows[at].tolist())

    def lowest(self, query: np.ndarray) -> float:
        """About the lowest cosine of any vector with the query: that of a sample."""
        return float(self._some.cosines(query).min()) if self.size else 0.0

    def search(self, query: np.ndarray, limit: int) -> dict[int, float]:
        """Best cosine for each passage among the nearest `limit` vectors."""
        if not self.size:
            return {}
        if self.is_exact:
            scores = self.cosines(query)
            order = np.argsort(-scores, kind="stable")[:limit]
            best: dict[int, float] = {}
            for i in order.tolist():
                best.setdefault(int(self.rows[i]), float(scores[i]))
            return best
        rows = self.scan(query, limit)
        scores = self.best(query, rows)
        order = np.argsort(-scores, kind="stable")
        return dict(zip(rows[order].tolist(), scores[order].tolist(), strict=True))

    def recall(self, vectors: np.ndarray, limit: int = 10, sample: int = 200) -> float:
        """Share of the exact nearest `limit` that a scan for a few hundred also brings, over a sample of its own
        vectors."""
        if not self.size or self.is_exact:
            return 1.0
        exact = faiss.IndexFlatIP(self.dim)
        exact.add(np.ascontiguousarray(vectors, dtype=np.float32))
        probes = vectors[:: max(1, len(vectors) // sample)][:sample]
        truth = exact.search(np.ascontiguousarray(probes, dtype=np.float32), limit)[1]
        depth = max(_DEPTH, limit)
        found = [self._index.search(self._asked(probe), depth)[1][0] for probe in probes]
        return float(np.mean([len(set(t) & set(f)) / limit for t, f in zip(truth, found, strict=True)]))

    def save(self, folder: Path, name: str) -> None:
        """Write the space into `folder` under `name`."""
        faiss.write_index(self._index, str(folder / f"{name}.faiss"))
        np.save(folder / f"{name}.npy", self.rows)
        if self._exact is not None:
            np.save(folder / f"{name}-exact.npy", self._exact)
        if self._scale is not None:
            np.save(folder / f"{name}-scale.npy", self._scale)

    @classmethod
    def load(cls, folder: Path, name: str) -> Space:
        """Read a space; exact vectors of a large one stay on the disk. Raises IndexError_ when it is missing or half
        written."""
        try:
            index = faiss.read_index(str(folder / f"{name}.faiss"))
            rows = np.load(folder / f"{name}.npy", allow_pickle=False)
            large = not isinstance(index, faiss.IndexFlat)
            exact = np.load(folder / f"{name}-exact.npy", allow_pickle=False, mmap_mode="r") if large else None
            coded = isinstance(index, faiss.IndexScalarQuantizer)
            scale = np.load(folder / f"{name}-scale.npy", allow_pickle=False) if coded else None
        except (RuntimeError, OSError, ValueError, EOFError) as error:
            raise IndexError_(f"vectors '{name}' cannot be read.", where=str(folder), do="Run: kb build") from error
        if index.ntotal != len(rows) or (exact is not None and len(exact) != len(rows)):
            raise IndexError_(f"vectors '{name}' do not fit their rows.", where=str(folder), do="Run: kb build")
        return cls(index, rows, exact, scale)


_DEPTH = 300
"""Vectors that a scan brings at least: of 20,000 noisy copies of the paper's vectors the exact nearest ten were all
among the nearest 30 codes, in both encoders."""


def _highest(scores: np.ndarray, many: np.ndarray) -> np.ndarray:
    """The highest of each run of scores, runs of `many` one after the other; NaN for an empty run."""
    found = np.full(len(many), np.nan)
    there = many > 0
    if len(scores):
        found[there] = np.maximum.reduceat(scores, (np.cumsum(many) - many)[there])
    return found


def _coded(vectors: np.ndarray) -> tuple[faiss.Index, np.ndarray]:
    """Whole numbers of 8 bits, each dimension by its own scale (float32 [dim]): compared with each other, not
    decoded."""
    scale = (np.maximum(np.abs(vectors).max(axis=0), 1e-12) / 127).astype(np.float32)
    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
    )
    for start in range(0, len(vectors), 50_000):  # parts, so that a large set is not held twice
        index.add(np.round(vectors[start : start + 50_000] / scale))
    return index, scale


def _inverted(vectors: np.ndarray) -> faiss.Index:
    """An inverted file with 8-bit codes."""
    cells = 1 << int(np.log2(4 * np.sqrt(len(vectors))))
    index = faiss.index_factory(vectors.shape[1], f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(vectors[:: max(1, len(vectors) // (64 * cells))])
    index.nprobe = PROBE
    index.add(vectors)
    return index
