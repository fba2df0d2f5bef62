"""Which passages contain each term, how often, and how long the field is: what BM25 needs, in files beside the word
index that are mapped into memory, so that nothing is read before it is needed.

The files of the base and of each segment are written once. They hold no scores, which change with every passage that
comes in; a score is computed from what they hold and from counts over all segments.
"""

from __future__ import annotations

import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.engine.local.entry import LOOKED_UP, NUMBER, number_of
from kb.engine.local.segments import named
from kb.errors import IndexError_

_SMALL, _ROWS, _KINDS = "postings.npz", "postings-rows.npy", "postings-kinds.npy"
FILES = (_SMALL, _ROWS, _KINDS)
"""Names of the files of a base; those of a segment end in its first row."""
_PART = 2_000_000
"""Postings that are sorted at once while they are collected: thirty megabytes."""


def _lengths() -> np.ndarray:
    """Return the lengths that the word index tells apart (int64 [256]); any other counts as the next shorter one. As
    Lucene does, it keeps a length in one byte: up to 24 exactly, then with three bits after the first."""
    small = np.arange(8)  # three bits
    steps = [small] + [(small + 8) << shift for shift in range(28)]  # as many as one byte leaves: 24 + 8 + 28 * 8 = 256
    return np.concatenate([np.arange(24), 24 + np.concatenate(steps)])  # 24: those kept exactly


LENGTHS = _lengths()


@dataclass(frozen=True)
class Postings:
    """The postings of one segment. Its rows are counted from 1.

    `terms`: numbers of all terms, increasing (uint64 [t]). `ends`: where the postings of each end in `rows` and `kinds`
    (int64 [t]). `rows`: row numbers, increasing for each term (int32 [n]). `kinds`: the kind of each posting (unsigned
    integers [n]), a position in `counts`. `counts`: how often a term occurs and the length of the field (int64
    [k, 2]). `tokens`: number of terms, repeated ones included, in each field of `LOOKED_UP` over all passages (int64).
    `size`: number of passages.
    """

    terms: np.ndarray
    ends: np.ndarray
    rows: np.ndarray
    kinds: np.ndarray
    counts: np.ndarray
    tokens: np.ndarray
    size: int

    def of(self, number: int) -> slice:
        """Return where the postings of the term with this number are in `rows` and `kinds`; an empty slice for an
        unknown one."""
        wanted = np.asarray(number, dtype=NUMBER)
        at = int(self.terms.searchsorted(wanted))
        if at == len(self.terms) or self.terms[at] != wanted:
            return slice(0, 0)
        return slice(int(self.ends[at - 1]) if at else 0, int(self.ends[at]))

    @classmethod
    def load(cls, folder: Path, first: int) -> Postings | None:
        """Open the postings of the segment in `folder` whose first row is `first`; None when it has none (an older
        index). Raises IndexError_ when a file cannot be read or does not fit the others."""
        small, rows, kinds = (folder / named(name, first) for name in FILES)
        if not small.exists():
            return None
        try:
            with np.load(small) as held:
                parts = {name: held[name] for name in ("terms", "ends", "counts", "tokens", "size")}
            many = int(parts["ends"][-1]) if len(parts["ends"]) else 0
            mapped = [np.load(path, mmap_mode="r") if many else np.zeros(0, np.int32) for path in (rows, kinds)]
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise IndexError_(
                "the lists of passages with each word cannot be read.", where=str(small), do="Run: kb build"
            ) from error
        if any(len(each) != many for each in mapped):
            raise IndexError_(
                "the lists of passages with each word are incomplete.", where=str(rows), do="Run: kb build"
            )
        size = int(parts.pop("size"))
        return cls(rows=np.asarray(mapped[0]), kinds=np.asarray(mapped[1]), size=size, **parts)

    def save(self, folder: Path, first: int) -> None:
        """Write the files of the segment whose first row is `first` into `folder`."""
        small, rows, kinds = (folder / named(name, first) for name in FILES)
        for path, numbers in ((rows, self.rows), (kinds, self.kinds)):
            with path.open("wb") as file:  # a path would get the ending .npy
                np.save(file, numbers)
        with small.open("wb") as file:
            np.savez(
                file, terms=self.terms, ends=self.ends, counts=self.counts, tokens=self.tokens, size=np.int64(self.size)
            )


@dataclass(frozen=True)
class _Sorted:
    """Some postings in the order of their terms: their numbers, how many each has, then rows and kinds of all."""

    terms: np.ndarray
    many: np.ndarray
    rows: np.ndarray
    kinds: np.ndarray


class Collector:
    """Collects the postings of passages that are added in the order of their rows."""

    def __init__(self, first: int) -> None:
        """`first` is the number of the row that becomes row 1."""
        self._before = first - 1
        self._parts: list[_Sorted] = []
        self._kinds: dict[tuple[int, int], int] = {}
        self._tokens = np.zeros(len(LOOKED_UP), dtype=np.int64)
        self._size = 0
        self._begin()

    def _begin(self) -> None:
        self._numbers, self._rows, self._codes = array("Q"), array("i"), array("i")

    def add(self, row: int, terms: Mapping[str, Sequence[str]]) -> None:
        """Add a passage: its row number, and its terms by field."""
        self._size += 1
        for field, name in enumerate(LOOKED_UP):
            found = terms[name]
            if not found:
                continue
            self._tokens[field] += len(found)
            length = int(LENGTHS[LENGTHS.searchsorted(len(found), "right") - 1])
            for term, often in Counter(found).items():
                self._numbers.append(number_of(name, term))
                self._codes.append(self._kinds.setdefault((often, length), len(self._kinds)))
            self._rows.extend([row - self._before] * (len(self._numbers) - len(self._rows)))
        if len(self._numbers) >= _PART:
            self._sort()

    def take(self, earlier: Postings, first: int) -> None:
        """Add all postings of an earlier segment, whose first row is `first`."""
        self._sort()
        self._size += earlier.size
        self._tokens += earlier.tokens
        kinds = [self._kinds.setdefault((often, length), len(self._kinds)) for often, length in earlier.counts.tolist()]
        rows = earlier.rows + np.int32(first - 1 - self._before)
        codes = np.asarray(kinds, dtype=np.int32)[earlier.kinds]
        self._parts.append(_Sorted(earlier.terms, np.diff(earlier.ends, prepend=0), rows, codes))

    def _sort(self) -> None:
        """Sort what was added since the last time."""
        numbers = np.frombuffer(self._numbers, dtype=np.uint64)
        order = numbers.argsort(kind="stable")
        terms, many = np.unique(numbers, return_counts=True)
        rows, kinds = (np.frombuffer(each, dtype=np.int32)[order] for each in (self._rows, self._codes))
        self._parts.append(_Sorted(terms, many, rows, kinds))
        self._begin()

    def collected(self) -> Postings:
        """Return the postings of all that was added."""
        self._sort()
        terms = np.unique(np.concatenate([part.terms for part in self._parts]))
        places = [terms.searchsorted(part.terms) for part in self._parts]
        many = np.zeros(len(terms), dtype=np.int64)
        for at, part in zip(places, self._parts, strict=True):
            many[at] += part.many
        ends = many.cumsum()
        begins = ends - many
        total = int(ends[-1]) if len(ends) else 0
        rows = np.empty(total, dtype=np.int32)
        kinds = np.empty(total, dtype=np.min_scalar_type(max(1, len(self._kinds))))
        for at, part in zip(places, self._parts, strict=True):
            before = part.many.cumsum() - part.many
            into = np.repeat(begins[at] - before, part.many) + np.arange(len(part.rows))
            rows[into], kinds[into] = part.rows, part.kinds
            begins[at] += part.many
        counts = np.asarray(list(self._kinds), dtype=np.int64).reshape(-1, 2)
        return Postings(terms.astype(NUMBER), ends, rows, kinds, counts, self._tokens, self._size)


def open_postings(folder: Path) -> dict[int, Postings] | None:
    """Return the postings of base and segments in `folder` by their first rows; None when it has none. Raises
    IndexError_ when one cannot be read."""
    found = {first: Postings.load(folder, first) for first in sorted(_firsts(folder))}
    return {first: each for first, each in found.items() if each is not None} or None


def _firsts(folder: Path) -> Iterator[int]:
    for path in folder.glob(f"{_SMALL}*"):
        end = path.name.removeprefix(_SMALL).removeprefix(".")
        if not end or end.isdecimal():
            yield int(end or 1)
