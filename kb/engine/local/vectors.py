"""Vector search. Each encoder has two spaces: of whole passages, and of their parts. A scan selects candidates; their
cosines are exact.

The nearness of a passage is the mean of two cosines: of the whole passage, and of its best pair of sentences. A part is
the mean of these two vectors, so that its dot product with a query equals that mean, and one scan finds the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from kb.engine.groups import begins
from kb.engine.local.products import alone, half_products, highest, pairs, products, widened
from kb.errors import IndexError_

EXACT_UP_TO = 5_000
"""Largest number of vectors that are all compared in float32. Above it, short codes are scanned and the candidates are
compared in float32 from disk; for 25,000 vectors that takes a tenth of the time."""
FLAT_UP_TO = 400_000
"""Largest number of vectors of which every code is scanned. Above it an inverted file with 8-bit codes is used, whose
recall is measured at the build, and the exact comparison is in float16, which halves the size on disk."""
PROBE = 32  # cells that a search opens of an inverted file
_SAMPLE = 128
"""Number of vectors of a large space from which the lowest cosine with a query is estimated."""
DEEP = 3
"""Number of codes that a scan returns for each vector wanted. Measured on 25,000 parts with noise: 600 codes contained
the exact ten nearest for all 60 questions, and 92 in 100 of the nearest 200."""
SPARE = 1.3
"""Factor by which a scan with a filter returns more vectors than the share of the space that passes suggests. If still
too few pass, all vectors that pass are compared."""


class Space:
    """The vectors of one encoder and their index; `rows[i]` is the row number of the passage that vector i belongs
    to."""

    def __init__(self, index: faiss.Index, rows: np.ndarray, exact: np.ndarray | None = None) -> None:
        self._index: Any = index  # the types of FAISS know the base class, not what each kind adds
        self.rows, self._exact = rows, exact
        self._last: tuple[np.ndarray | None, np.ndarray, int] = (None, np.zeros(0, dtype=bool), 0)

    @classmethod
    def build(cls, vectors: np.ndarray, rows: Sequence[int]) -> Space:
        """Build a space from vectors (float32 [n, dim], none longer than 1) and the row number of the passage of
        each."""
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        owners = np.asarray(rows, dtype=np.int64)
        if len(vectors) <= EXACT_UP_TO:
            index = faiss.IndexFlatIP(vectors.shape[1])
            index.add(vectors)
            return cls(index, owners)
        if len(vectors) <= FLAT_UP_TO:
            return cls(_coded(vectors), owners, vectors)
        return cls(_inverted(vectors), owners, vectors.astype(np.float16))

    @cached_property
    def owners(self) -> frozenset[int]:
        """Row numbers of the passages that have a vector in this space."""
        return frozenset(self.rows.tolist())

    @property
    def size(self) -> int:
        """Number of vectors."""
        return len(self.rows)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def is_exact(self) -> bool:
        """Whether a query is compared with every vector, without an approximate scan."""
        return self._exact is None

    @cached_property
    def matrix(self) -> np.ndarray:
        """The vectors from which cosines are computed: float32 [n, dim]. A large space reads them from disk, a very
        large one in float16."""
        if self._exact is not None:
            return self._exact
        if not self.size:
            return np.zeros((0, self.dim), dtype=np.float32)
        return faiss.rev_swig_ptr(self._index.get_xb(), self.size * self.dim).reshape(self.size, self.dim)

    @cached_property
    def _by_row(self) -> tuple[np.ndarray | None, np.ndarray]:
        """Positions of vectors sorted by row number (None when they are sorted already), and where each row begins in
        that order (int64 [highest row + 3])."""
        rows = self.rows
        order = None if bool((rows[1:] >= rows[:-1]).all()) else np.argsort(rows, kind="stable")
        highest = int(rows.max()) if len(rows) else 0
        return order, np.searchsorted(rows if order is None else rows[order], np.arange(highest + 3))

    def positions(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the positions of all vectors of `rows`, row after row, and the number of vectors of each row (int
        [len(rows)])."""
        order, begins = self._by_row
        rows = np.minimum(rows, len(begins) - 2)
        first = begins[rows]
        many = begins[rows + 1] - first
        ends = many.cumsum()
        at = np.arange(ends[-1] if len(ends) else 0)
        at += (first - ends + many).repeat(many)
        return at if order is None else order[at], many

    def at(self, positions: np.ndarray) -> np.ndarray:
        """Return the vectors at these positions: float32 [n, dim]."""
        found = np.asarray(self.matrix)[positions]
        return widened(found) if found.dtype == np.float16 else found

    def cosines(self, query: np.ndarray, at: np.ndarray | None = None) -> np.ndarray:
        """Return the dot products of a query with the vectors at the positions `at`, or with all when None: float64.
        They are cosines when the vectors have unit length."""
        matrix = np.asarray(self.matrix)
        if at is not None:
            return (products if matrix.dtype == np.float32 else half_products)(query, matrix, at)
        chosen = self.matrix.astype(np.float32, copy=False)
        return (chosen @ query.astype(np.float32, copy=False)).astype(np.float64)

    def best(self, query: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the best cosine of each of these rows with a query: float64 [len(rows)], NaN for a row without a
        vector."""
        at, many = self.positions(rows)
        if len(at) == len(rows) and bool((many == 1).all()):
            return self.cosines(query, at)
        return highest(self.cosines(query, at), many)

    def best_of_all(self, query: np.ndarray, size: int) -> np.ndarray:
        """Return the best cosine of each passage, indexed by row number: float64 [size + 1], NaN for one without a
        vector. `size` is the number of passages."""
        order, begins = self._by_row
        scores = self.cosines(query)
        found = highest(scores if order is None else scores[order], np.diff(begins[:-1]))
        return np.r_[found, np.full(max(size + 1 - len(found), 0), np.nan)][: size + 1]

    def between(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return the cosine between the first vector of `rows[i]` and that of `others[i]`, for each i: float64 [n]; NaN
        when either has none."""
        order, begins = self._by_row
        found = np.full(len(rows), np.nan)
        sides = [np.minimum(side, len(begins) - 2) for side in (rows, others)]
        there = (begins[sides[0] + 1] > begins[sides[0]]) & (begins[sides[1] + 1] > begins[sides[1]])
        left, right = (begins[side[there]] for side in sides)
        if not len(left):
            return found
        if order is not None:
            left, right = order[left], order[right]
        matrix = np.asarray(self.matrix)
        if matrix.dtype == np.float32:
            found[there] = pairs(matrix, left, right)
            return found
        leaders, which = np.unique(right, return_inverse=True)  # few passages lead many
        found[there] = np.einsum("ij,ij->i", self.at(left), self.at(leaders)[which])
        return found

    def near(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return row numbers that include about the `k` nearest, best first, and the best cosine of each among its
        scanned vectors (float64).

        `allowed` is a mask over row numbers (bool); None allows all.
        """
        at = self.scan(query, k, allowed)
        at.sort()
        rows = self.rows[at]
        if not self._in_order:
            order = np.argsort(rows, kind="stable")
            at, rows = at[order], rows[order]
        starts = begins(rows)
        scores = self.cosines(query, at)
        return rows[starts], np.maximum.reduceat(scores, starts) if len(starts) else scores

    @cached_property
    def _in_order(self) -> bool:
        """Whether the vectors are sorted by row number."""
        return self._by_row[0] is None

    def scan(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> np.ndarray:
        """Return positions of vectors, unordered, that include those of about the `k` nearest rows; `allowed` as in
        `near`."""
        if not self.size:
            return np.zeros(0, dtype=np.int64)
        alone()
        if isinstance(self._index, faiss.IndexIVF):
            return self._scan_cells(query, k, allowed)
        if allowed is None:
            return self._coded_near(query, DEEP * k)
        inside, many = self._inside(allowed)
        if many > EXACT_UP_TO:
            near = self._coded_near(query, int(SPARE * DEEP * k * self.size / many))
            near = near[inside[near]]
            if len(near) >= DEEP * k:
                return near
        return np.flatnonzero(inside)

    def _inside(self, allowed: np.ndarray) -> tuple[np.ndarray, int]:
        """Return which vectors belong to rows that the mask `allowed` allows (bool [n]), and their number.

        The last result is kept: most searches use the same mask as the search before, and in a large space this takes
        longer than the scan.
        """
        mask, inside, many = self._last
        if mask is not allowed:
            inside = allowed[self.rows]
            many = int(np.count_nonzero(inside))
            self._last = allowed, inside, many
        return inside, many

    def _coded_near(self, query: np.ndarray, k: int) -> np.ndarray:
        """Return the positions of the `k` nearest vectors by their quantised codes; fewer when the index returns
        fewer."""
        found = self._index.search(query.reshape(1, -1).astype(np.float32, copy=False), min(k, self.size))[1][0]
        return found if found[-1] >= 0 else found[found >= 0]  # missing results are -1, at the end

    def _scan_cells(self, query: np.ndarray, k: int, allowed: np.ndarray | None) -> np.ndarray:
        """Return positions of vectors nearest to the query as the inverted file finds them; `k` and `allowed` as in
        `scan`."""
        options: dict[str, object] = {"nprobe": self._index.nprobe}
        if allowed is not None:
            bits = np.packbits(self._inside(allowed)[0], bitorder="little")
            chosen = faiss.IDSelectorBitmap(self.size, faiss.swig_ptr(bits))
            options["sel"] = chosen
        params = faiss.SearchParametersIVF(**options)
        found = self._index.search(query.reshape(1, -1).astype(np.float32), min(DEEP * k, self.size), params=params)[1][
            0
        ]
        return found[found >= 0]

    @cached_property
    def _some(self) -> np.ndarray:
        """A sample of the vectors at equal distances, from which `lowest` estimates: float32 [n, dim]."""
        return self.at(sampled(self.size))

    def lowest(self, query: np.ndarray) -> float:
        """Estimate the lowest cosine of any vector with the query, from a sample; 0.0 for an empty space."""
        return float((self._some @ query.astype(np.float32, copy=False)).min()) if self.size else 0.0

    def search(self, query: np.ndarray, limit: int) -> dict[int, float]:
        """Return the best cosine of each passage, by row number, among the nearest `limit` vectors."""
        if not self.size:
            return {}
        if self.is_exact:
            scores = self.cosines(query)
            order = np.argsort(-scores, kind="stable")[:limit]
            best: dict[int, float] = {}
            for i in order.tolist():
                best.setdefault(int(self.rows[i]), float(scores[i]))
            return best
        rows, scores = self.near(query, limit)
        order = np.argsort(-scores, kind="stable")
        return dict(zip(rows[order].tolist(), scores[order].tolist(), strict=True))

    def recall(self, vectors: np.ndarray, limit: int = 10, sample: int = 200) -> float:
        """Measure the scan: return the share (0 to 1) of the exact `limit` nearest vectors that it also finds, over
        `sample` vectors of this space as queries."""
        if not self.size or self.is_exact:
            return 1.0
        exact = faiss.IndexFlatIP(self.dim)
        exact.add(np.ascontiguousarray(vectors, dtype=np.float32))
        probes = vectors[:: max(1, len(vectors) // sample)][:sample]
        truth = exact.search(np.ascontiguousarray(probes, dtype=np.float32), limit)[1]
        depth = min(max(_DEPTH, limit), self.size)
        found = [self._index.search(probe.reshape(1, -1).astype(np.float32), depth)[1][0] for probe in probes]
        return float(np.mean([len(set(t) & set(f)) / limit for t, f in zip(truth, found, strict=True)]))

    def save(self, folder: Path, name: str) -> None:
        """Write the space into `folder` under `name`."""
        faiss.write_index(self._index, str(folder / f"{name}.faiss"))
        np.save(folder / f"{name}.npy", self.rows)
        if self._exact is not None:
            np.save(folder / f"{name}-exact.npy", self._exact)

    @classmethod
    def load(cls, folder: Path, name: str) -> Space:
        """Load the space `name` from `folder`; the exact vectors of a large one stay on disk. Raises IndexError_ when
        it is missing or incomplete."""
        try:
            index = faiss.read_index(str(folder / f"{name}.faiss"))
            rows = np.load(folder / f"{name}.npy", allow_pickle=False)
            large = not isinstance(index, faiss.IndexFlat)
            exact = np.load(folder / f"{name}-exact.npy", allow_pickle=False, mmap_mode="r") if large else None
        except (RuntimeError, OSError, ValueError, EOFError) as error:
            raise IndexError_(f"vectors '{name}' cannot be read.", where=str(folder), do="Run: kb build") from error
        if index.ntotal != len(rows) or (exact is not None and len(exact) != len(rows)):
            raise IndexError_(f"vectors '{name}' do not fit their rows.", where=str(folder), do="Run: kb build")
        return cls(index, rows, exact)


def sampled(size: int) -> np.ndarray:
    """Return positions at equal distances among `size` vectors, at most _SAMPLE: int64."""
    return np.linspace(0, size - 1, min(_SAMPLE, size)).astype(np.int64)


def are_one_kind(size: int, other: int) -> bool:
    """Return whether spaces of `size` and of `other` vectors use the same kind of index: exact, quantised, or inverted
    file."""
    limits = (EXACT_UP_TO, FLAT_UP_TO)
    return [size > limit for limit in limits] == [other > limit for limit in limits]


_DEPTH = 600
"""Number of vectors that a scan returns for one page of hits: DEEP times the 200 candidates of
`search/ranking.yaml`."""


def parts_of(whole: np.ndarray, pairs: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the vectors of parts and the row number of each, sorted by row number: float32 [n, dim], int64 [n].

    `whole` holds one vector for each row from row 1; `pairs` holds one for each pair of sentences, `owners` the row
    number of each pair. A part is the mean of a pair's vector and its passage's; a passage without pairs has its own
    vector as its only part.
    """
    owners = np.asarray(owners, dtype=np.int64)
    alone = np.setdiff1d(np.arange(1, len(whole) + 1), owners)
    rows = np.concatenate([owners, alone])
    vectors = np.concatenate([(whole[owners - 1] + pairs.reshape(-1, whole.shape[1])) / 2, whole[alone - 1]])
    order = np.argsort(rows, kind="stable")
    return np.ascontiguousarray(vectors[order], dtype=np.float32), rows[order]


def _coded(vectors: np.ndarray) -> faiss.Index:
    """Build an index of product-quantised codes, four bits for two dimensions, scanned sixteen at once (FAISS "fast
    scan")."""
    dim = vectors.shape[1]
    index = faiss.index_factory(dim, f"PQ{dim // 2 if dim % 2 == 0 else dim}x4fs", faiss.METRIC_INNER_PRODUCT)
    some = np.ascontiguousarray(vectors[:: max(1, len(vectors) // _TRAINED)])
    index.train(np.resize(some, (max(16, len(some)), dim)))  # 16 values are learnt, also from fewer vectors
    for start in range(0, len(vectors), 50_000):  # parts, so that a large set is not held twice
        index.add(vectors[start : start + 50_000])
    return index


_TRAINED = 5_000
"""Number of vectors from which codes are trained: FAISS uses at most 256 for each of 16 values."""


def _inverted(vectors: np.ndarray) -> faiss.Index:
    """Build an inverted file (vectors grouped in cells, of which a scan reads some) with 8-bit codes."""
    # about four times the square root of the number of vectors: what the FAISS wiki advises ("Guidelines to choose an
    # index")
    cells = 1 << int(np.log2(4 * np.sqrt(len(vectors))))
    kind = f"IVF{cells},SQ8"
    index: Any = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)  # typed as the base class
    index.train(vectors[:: max(1, len(vectors) // (64 * cells))])
    index.nprobe = PROBE
    for start in range(0, len(vectors), 50_000):  # parts: vectors may lie on the disk
        index.add(vectors[start : start + 50_000])
    return index
