"""The protocol between search and storage: identifiers at the interface; filters, limits and counts run in the engine.

Search requests a few hundred scored identifiers, and reads the columns, cosines and texts of those alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kb.engine.fields import Fields
from kb.engine.filters import Filter
from kb.engine.query import Query
from kb.models import Document, Passage

FacetCounts = dict[str, dict[str, int]]
"""Facet to terms with the number of passages that carry each, most frequent first."""


@dataclass(frozen=True)
class Leg:
    """The result of one retriever: identifiers, best first, with their scores (float64 [n]).

    `total` is the number of passages that pass the filter and match; `low` the lowest score among all of those
    (estimated in large spaces).
    """

    ids: Sequence[str]
    scores: np.ndarray
    total: int
    low: float = 0.0


@dataclass(frozen=True)
class Column:
    """One property of passages: `codes` (int [n]) are positions in `names`."""

    codes: np.ndarray
    names: Sequence[str]

    def at(self, i: int) -> str:
        """Return the value of passage i."""
        return self.names[int(self.codes[i])]

    def names_at(self, positions: np.ndarray) -> list[str]:
        """Return the values of the passages at these positions (int [n])."""
        return [self.names[code] for code in self.codes[positions].tolist()]


@dataclass(frozen=True)
class Columns:
    """Properties of passages; a missing property is ''. `order` is their position in source order."""

    order: np.ndarray
    document: Column
    section: Column
    kind: Column
    part: Column
    force: Column
    language: Column

    def take(self, at: np.ndarray) -> Columns:
        """Return the properties of the passages at these positions."""
        named = (self.document, self.section, self.kind, self.part, self.force, self.language)
        return Columns(self.order[at], *(Column(column.codes[at], column.names) for column in named))


def picked(ids: Sequence[str], at: np.ndarray) -> Sequence[str]:
    """Return the identifiers at these positions, as the engine's own sequence type where it has one."""
    take = getattr(ids, "take", None)
    return take(at) if take is not None else [ids[i] for i in at.tolist()]


class Engine(Protocol):
    """What every engine offers; safe to share between threads. Identifiers that an engine does not know are left out.

    An engine may implement seven methods and inherit the others from `kb.engine.derived`.
    """

    @property
    def size(self) -> int:
        """Number of passages."""
        ...

    @property
    def spaces(self) -> tuple[str, ...]:
        """Names of the vector spaces."""
        ...

    def words(self, query: Query | None, within: Filter, k: int) -> Leg:
        """Return the best `k` passages by their words; without a query the first `k` in source order, each with score
        0."""
        ...

    def nearest(self, space: str, vector: np.ndarray, within: Filter, k: int) -> Leg:
        """Return the `k` passages nearest to a unit vector (float32 [dim]).

        The nearness of a passage is the mean of two cosines: of the whole passage under its heading, and of its best
        pair of sentences (a passage of one sentence has no pair: its whole counts twice).
        """
        ...

    def nearness(self, space: str, vector: np.ndarray, ids: Sequence[str]) -> np.ndarray:
        """Return the nearness, as in `nearest`, of these passages: float64 [n], NaN for a passage without vectors."""
        ...

    def similar(self, space: str, ids: Sequence[str], to: Sequence[str]) -> np.ndarray:
        """Return the cosine between each passage and the one at the same position in `to`: float64 [n], NaN where one
        has no vector."""
        ...

    def frequency(self, word: str) -> int:
        """Return an upper bound of the number of passages that contain a form of the word; 0 when none does."""
        ...

    def count(self, query: Query | None, within: Filter) -> FacetCounts:
        """Count for each facet how many matching passages carry each term."""
        ...

    def merged(self, parts: Sequence[Sequence[str]]) -> Sequence[str]:
        """Merge lists of identifiers: each once, in source order."""
        ...

    def places(self, ids: Sequence[str], among: Sequence[str]) -> np.ndarray:
        """Return the position of each of `ids` in `among`, which `merged` made and which contains them all: int [n]."""
        ...

    def columns(self, ids: Sequence[str]) -> Columns:
        """Return the properties of these passages, in the same order."""
        ...

    def carry(self, ids: Sequence[str], within: Filter) -> np.ndarray:
        """Return which of these passages pass a filter: bool [n]."""
        ...

    def terms(self, facet: str) -> Mapping[str, int]:
        """Return the terms of a facet with the number of passages that carry each; empty for an unknown facet."""
        ...

    def facets(self) -> Sequence[str]:
        """Return the names of the facets."""
        ...

    def repeats(self, ids: Sequence[str], share: float) -> Sequence[tuple[int, int]]:
        """Return pairs of positions in `ids` whose texts share at least `share` of the runs of words of the longer one,
        as `kb.engine.repeats` returns them."""
        ...

    def stems(self, ids: Sequence[str]) -> Sequence[np.ndarray]:
        """Return the words of each of these passages by their stems, as `kb.engine.stems` numbers them."""
        ...

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """Return the passages with these identifiers."""
        ...

    def fields(self, ids: Sequence[str]) -> Mapping[str, Fields]:
        """Return the fields that a hit shows, for each of these passages; they are not validated again."""
        ...

    def around(self, id: str, before: int, after: int) -> Sequence[Passage]:
        """Return a passage with its neighbours of the same document, in source order; empty when the identifier is
        unknown."""
        ...

    def scan(self, within: Filter) -> Iterator[Passage]:
        """Yield every passage that passes, in source order: for export and verification, never for search."""
        ...


@dataclass(frozen=True)
class Vectors:
    """Unit vectors of one document in one space, float32.

    `whole` [n, dim] has one for each passage, in order. `pairs` [m, dim] has one for each pair of sentences; `owners`
    (int [m]) has the passage, counted from 0, of each pair.
    """

    whole: np.ndarray
    pairs: np.ndarray
    owners: np.ndarray


class Writer(Protocol):
    """Fills an engine. Nothing of it can be found before `commit`."""

    def add(self, document: Document, vectors: Mapping[str, Vectors]) -> None:
        """Add a document with its vectors by space; it replaces one with the same identifier."""
        ...

    def remove(self, document: str) -> None:
        """Remove a document. Raises NotFound when there is none of that name."""
        ...

    def commit(self) -> int:
        """Apply all additions and removals, or none; return the number of passages afterwards."""
        ...
