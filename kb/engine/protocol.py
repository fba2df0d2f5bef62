"""The protocol between search and storage: identifiers at the interface, filters, limits and counts pushed down.

Search asks for a few hundred scored identifiers, and looks at the columns, cosines and texts of those alone.
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
"""Facet to terms with the number of passages that carry each; most frequent first."""


@dataclass(frozen=True)
class Leg:
    """What one retriever found: identifiers, best first, with their scores (float64 [n]).

    `total` passages pass the filter and match; `low` is the lowest score among all of those (estimated in large
    spaces).
    """

    ids: Sequence[str]
    scores: np.ndarray
    total: int
    low: float = 0.0


@dataclass(frozen=True)
class Column:
    """One property of passages: `codes` (int [n]) point into `names`."""

    codes: np.ndarray
    names: Sequence[str]

    def at(self, i: int) -> str:
        """The value of passage i."""
        return self.names[int(self.codes[i])]

    def names_at(self, positions: np.ndarray) -> list[str]:
        """The values of the passages at those positions (int [n])."""
        return [self.names[code] for code in self.codes[positions].tolist()]


@dataclass(frozen=True)
class Columns:
    """Properties of passages; a property that a passage lacks is ''. `order` is their place in the order of sources."""

    order: np.ndarray
    document: Column
    section: Column
    kind: Column
    part: Column
    force: Column
    language: Column

    def take(self, at: np.ndarray) -> Columns:
        """The same properties of the passages at those positions."""
        named = (self.document, self.section, self.kind, self.part, self.force, self.language)
        return Columns(self.order[at], *(Column(column.codes[at], column.names) for column in named))


def picked(ids: Sequence[str], at: np.ndarray) -> Sequence[str]:
    """The identifiers at those positions, in the engine's own form where it has one."""
    take = getattr(ids, "take", None)
    return take(at) if take is not None else [ids[i] for i in at.tolist()]


class Engine(Protocol):
    """What answers: safe to share between threads. Identifiers that an engine does not know are left out.

    An engine may answer seven of these itself and inherit the others from `kb.engine.derived`.
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
        """The best `k` passages by their words; without a query the first `k` in source order, each with score 0."""
        ...

    def nearest(self, space: str, vector: np.ndarray, within: Filter, k: int) -> Leg:
        """The `k` passages nearest to a unit vector (float32 [dim]).

        The nearness of a passage is the mean of two cosines: of the whole under its heading, and of its best pair of
        sentences (a passage of one sentence has no pair: its whole counts twice).
        """
        ...

    def nearness(self, space: str, vector: np.ndarray, ids: Sequence[str]) -> np.ndarray:
        """Nearness, as in `nearest`, of those passages: float64 [n], NaN for a passage without vectors."""
        ...

    def similar(self, space: str, ids: Sequence[str], to: Sequence[str]) -> np.ndarray:
        """Cosine of each whole passage with the one beside it in `to`: float64 [n], NaN where one has no vector."""
        ...

    def frequency(self, word: str) -> int:
        """In how many passages, at most, one of the forms of a word stands; 0 when it is nowhere."""
        ...

    def count(self, query: Query | None, within: Filter) -> FacetCounts:
        """For each facet how many of the passages that match carry each term."""
        ...

    def merged(self, parts: Sequence[Sequence[str]]) -> Sequence[str]:
        """The identifiers of all parts, each once, in the order of sources."""
        ...

    def places(self, ids: Sequence[str], among: Sequence[str]) -> np.ndarray:
        """Where in `among`, which `merged` made and which holds them all, each of `ids` stands: int [n]."""
        ...

    def columns(self, ids: Sequence[str]) -> Columns:
        """Properties of those passages, in the same order."""
        ...

    def carry(self, ids: Sequence[str], within: Filter) -> np.ndarray:
        """Which of those passages pass a filter: bool [n]."""
        ...

    def terms(self, facet: str) -> Mapping[str, int]:
        """Terms of a facet with the number of passages that carry each; empty for an unknown facet."""
        ...

    def facets(self) -> Sequence[str]:
        """Names of the facets."""
        ...

    def repeats(self, ids: Sequence[str], share: float) -> Sequence[tuple[int, int]]:
        """Which of those passages have at least `share` of the runs of words of the longer one in common: pairs of
        positions in `ids`, as `kb.engine.repeats` gives them."""
        ...

    def stems(self, ids: Sequence[str]) -> Sequence[np.ndarray]:
        """The words of each of those passages by their stems, as `kb.engine.stems` numbers them."""
        ...

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """The passages with those identifiers."""
        ...

    def fields(self, ids: Sequence[str]) -> Mapping[str, Fields]:
        """What a hit shows of each of those passages, without a check of what was checked when it was stored."""
        ...

    def around(self, id: str, before: int, after: int) -> Sequence[Passage]:
        """A passage with its neighbours of the same document, in source order; empty when the identifier is unknown."""
        ...

    def scan(self, within: Filter) -> Iterator[Passage]:
        """Every passage that passes, in source order: for export and verification, never for search."""
        ...


@dataclass(frozen=True)
class Vectors:
    """Unit vectors of one document in one space, float32.

    `whole` [n, dim] has one for each passage, in order. `pairs` [m, dim] has one for each pair of sentences; `owners`
    (int [m]) says to which passage, counted from 0, each belongs.
    """

    whole: np.ndarray
    pairs: np.ndarray
    owners: np.ndarray


class Writer(Protocol):
    """What fills an engine. Nothing of it can be found before `commit`."""

    def add(self, document: Document, vectors: Mapping[str, Vectors]) -> None:
        """Take a document in, with its vectors by space, in place of one with the same identifier."""
        ...

    def remove(self, document: str) -> None:
        """Leave a document out. Raises NotFound when there is none of that name."""
        ...

    def commit(self) -> int:
        """Make what was added and removed count, all of it or nothing; the number of passages there are then."""
        ...
