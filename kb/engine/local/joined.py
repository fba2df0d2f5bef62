"""The vectors of an index that has grown: the spaces of its base and of its segments, searched as one space.

Each part has its own codes and numbers its rows from 1. Every passage is in exactly one part, so that the results of
the parts can be concatenated; nearness is exact in each part, so that it can be compared between parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np

from kb.engine.local.segments import firsts_of, named
from kb.engine.local.vectors import Space, sampled

_open: WeakValueDictionary[tuple[int, ...], Space] = WeakValueDictionary()
"""Spaces in use, by device, inode, size in bytes and modification time of their file. An index that has grown shares
the file of its base with the index before it, which a long-running program may still have open."""


def open_space(folder: Path, name: str) -> Space | JoinedSpace:
    """Open the space `name` of an index: that of its base, joined with those of its segments if there are any. Raises
    IndexError_ as `Space.load` does."""
    firsts = firsts_of(folder)
    parts = [_shared(folder, named(name, first)) for first in firsts]
    return parts[0] if len(parts) == 1 else JoinedSpace(parts, firsts)


def _shared(folder: Path, name: str) -> Space:
    """Return the space stored in the file; while it is in use, every call returns the same object."""
    path = folder / f"{name}.faiss"
    found = path.stat() if path.exists() else None
    key = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns) if found else (0,)
    space = _open.get(key) or Space.load(folder, name)
    _open[key] = space
    return space


class JoinedSpace:
    """Several spaces searched as one. `firsts[i]` is the row number in the index of the first row of part i."""

    def __init__(self, parts: Sequence[Space], firsts: Sequence[int]) -> None:
        self.parts = tuple(parts)
        self._before = np.asarray(firsts, dtype=np.int64) - 1  # rows of the index before each part
        self._begins = np.cumsum([0, *(part.size for part in parts)])  # vectors before each part
        self._last: tuple[np.ndarray | None, list[np.ndarray | None]] = None, []

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self._begins[-1])

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.parts[0].dim

    @property
    def is_exact(self) -> bool:
        """Whether every vector is compared with a query."""
        return all(part.is_exact for part in self.parts)

    def _owners(self, rows: np.ndarray) -> np.ndarray:
        """Return the number of the part that each row is in: int [len(rows)]."""
        return self._before.searchsorted(rows, "left") - 1

    def _split(self, rows: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Yield the number of each part that has some of these rows, and their positions in `rows`."""
        owners = self._owners(rows)
        for part in np.unique(owners).tolist():
            yield part, np.flatnonzero(owners == part)

    def positions(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Space.positions`."""
        many = np.zeros(len(rows), dtype=np.int64)
        found: list[np.ndarray] = [np.zeros(0, dtype=np.int64)] * len(rows)
        for part, at in self._split(rows):
            places, some = self.parts[part].positions(rows[at] - self._before[part])
            many[at] = some
            for i, own in zip(at.tolist(), np.split(places, some.cumsum()[:-1]), strict=True):
                found[i] = own + self._begins[part]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64), many

    def at(self, positions: np.ndarray) -> np.ndarray:
        """See `Space.at`."""
        owners = self._begins.searchsorted(positions, "right") - 1
        found = np.empty((len(positions), self.dim), dtype=np.float32)
        for part in np.unique(owners).tolist():
            here = owners == part
            found[here] = self.parts[part].at(positions[here] - self._begins[part])
        return found

    def best(self, query: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """See `Space.best`."""
        found = np.full(len(rows), np.nan)
        for part, at in self._split(rows):
            found[at] = self.parts[part].best(query, rows[at] - self._before[part])
        return found

    def best_of_all(self, query: np.ndarray, size: int) -> np.ndarray:
        """See `Space.best_of_all`."""
        many = np.diff([*self._before.tolist(), size]).tolist()
        every = [part.best_of_all(query, rows)[1:] for part, rows in zip(self.parts, many, strict=True)]
        return np.concatenate([[np.nan], *every])

    def between(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """See `Space.between`."""
        found = np.full(len(rows), np.nan)
        for part, at in self._split(rows):
            owners = self._owners(others[at])
            for other in np.unique(owners).tolist():
                here = at[owners == other]
                found[here] = self._across(part, rows[here], other, others[here])
        return found

    def _across(self, part: int, rows: np.ndarray, other: int, others: np.ndarray) -> np.ndarray:
        """Return the cosines between `rows` of part number `part` and `others` of part number `other`, pair by pair;
        the two may be the same part."""
        rows, others = rows - self._before[part], others - self._before[other]
        if part == other:
            return self.parts[part].between(rows, others)
        (left, has), (right, have) = self._leading(part, rows), self._leading(other, others)
        found = np.full(len(rows), np.nan)
        there = has & have
        found[there] = np.einsum("ij,ij->i", left[there[has]], right[there[have]])
        return found

    def _leading(self, part: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first vector of each row that has one (float32 [n, dim]), and which rows have one (bool)."""
        places, many = self.parts[part].positions(rows)
        begins = many.cumsum() - many
        return self.parts[part].at(places[begins[many > 0]]), many > 0

    def near(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """See `Space.near`: about the `k` nearest of each part."""
        masks = self._masks(allowed)
        found = [part.near(query, k, mask) for part, mask in zip(self.parts, masks, strict=True)]
        rows = [own + before for (own, _), before in zip(found, self._before.tolist(), strict=True)]
        return np.concatenate(rows), np.concatenate([scores for _, scores in found])

    def _masks(self, allowed: np.ndarray | None) -> list[np.ndarray | None]:
        """Return for each part its piece of the mask `allowed` (None for each part when all rows are allowed). The last
        result is cached, because each part caches what it computes from its mask."""
        if allowed is None:
            return [None] * len(self.parts)
        mask, masks = self._last
        if mask is not allowed:
            ends = [*(self._before[1:] + 1).tolist(), len(allowed)]
            masks = [allowed[before:end] for before, end in zip(self._before.tolist(), ends, strict=True)]
            self._last = allowed, masks
        return masks

    @cached_property
    def _some(self) -> np.ndarray:
        """A sample of the vectors at equal distances, from which `lowest` estimates: float32 [n, dim]."""
        return self.at(sampled(self.size))

    def lowest(self, query: np.ndarray) -> float:
        """See `Space.lowest`."""
        return float((self._some @ query.astype(np.float32, copy=False)).min()) if self.size else 0.0
