"""The protocol between search and storage. Passages are named by identifier; filters, limits and counts run in the
engine.

Search requests a few hundred scored identifiers, then reads columns, cosines and texts of only these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kb.engine.fields import HitFields
from kb.engine.filters import Filter
from kb.engine.query import Query
from kb.models import Document, Passage

FacetCounts = dict[str, dict[str, int]]
"""Facet to terms with the number of passages that carry each, most frequent first."""


@dataclass(frozen=True)
class Leg:
    """The result of one retriever: identifiers, best first, with their scores (float64 [n]).

    `total` is the number of all passages that match query and filter; `low` is the lowest score among all of those (an
    estimate in large spaces).
    """

    ids: Sequence[str]
    scores: np.ndarray
    total: int
    low: float = 0.0


@dataclass(frozen=True)
class Column:
    """One property of n passages: passage i has the value `names[codes[i]]` (codes: int [n])."""

    codes: np.ndarray
    names: Sequence[str]

    def at(self, i: int) -> str:
        """Return the value of the passage at position `i`."""
        return self.names[int(self.codes[i])]

    def names_at(self, positions: np.ndarray) -> list[str]:
        """Return the values of the passages at these positions (int [n])."""
        return [self.names[code] for code in self.codes[positions].tolist()]


@dataclass(frozen=True)
class Columns:
    """Properties of n passages, one column each; a missing property is ''. `order` has their positions in source order
    (int [n])."""

    order: np.ndarray
    document: Column
    section: Column
    kind: Column
    part: Column
    force: Column
    language: Column

    def take(self, at: np.ndarray) -> Columns:
        """Return the columns of only the passages at the positions `at` (int [m])."""
        named = (self.document, self.section, self.kind, self.part, self.force, self.language)
        return Columns(self.order[at], *(Column(column.codes[at], column.names) for column in named))


def picked(ids: Sequence[str], at: np.ndarray) -> Sequence[str]:
    """Return the identifiers at the positions `at` (int [m]), as the engine's own sequence type when `ids` has one."""
    take = getattr(ids, "take", None)
    return take(at) if take is not None else [ids[i] for i in at.tolist()]


class Engine(Protocol):
    """What every engine must do; safe to share between threads. Where results are keyed by identifier, unknown
    identifiers are left out.

    An engine may implement only this and inherit the rest of `FullEngine` from `kb.engine.derived.Derived`.
    """

    @property
    def spaces(self) -> tuple[str, ...]:
        """Names of the vector spaces."""
        ...

    def words(self, query: Query | None, within: Filter, k: int) -> Leg:
        """Return the best `k` passages that match the word query and pass the filter; when `query` is None, the first
        `k` in source order, each with score 0."""
        ...

    def nearest(self, space: str, vector: np.ndarray, within: Filter, k: int) -> Leg:
        """Return the `k` passages that pass the filter and are nearest to a unit vector (float32 [dim]) in a space.

        The nearness of a passage is the mean of two cosines: that of the whole passage under its heading, and that of
        its best pair of sentences (a passage of one sentence has no pair: the cosine of the whole counts twice).
        """
        ...

    def similar(self, space: str, ids: Sequence[str], to: Sequence[str]) -> np.ndarray:
        """Return the cosine between each passage and the one at the same position in `to`: float64 [n], NaN where one
        has no vector."""
        ...

    def count(self, query: Query | None, within: Filter) -> FacetCounts:
        """Count for each facet and term the passages that match query and filter (all that pass the filter when `query`
        is None) and carry the term."""
        ...

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """Return the passages with these identifiers, by identifier."""
        ...

    def around(self, id: str, before: int, after: int) -> Sequence[Passage]:
        """Return the passage `id` with up to `before` and `after` neighbours of the same document, in source order;
        empty when the identifier is unknown."""
        ...

    def scan(self, within: Filter) -> Iterator[Passage]:
        """Yield every passage that passes a filter, in source order. Used for export and verification, never for
        search."""
        ...


class Contents(Protocol):
    """What an engine holds: the numbers that choose filters, spell words and bound searches. Optional: the defaults
    count with `Engine.words` and `Engine.count`."""

    @property
    def size(self) -> int:
        """Number of passages."""
        ...

    def facets(self) -> Sequence[str]:
        """Return the names of the facets."""
        ...

    def terms(self, facet: str) -> Mapping[str, int]:
        """Return the terms of a facet with the number of passages that carry each; empty for an unknown facet."""
        ...

    def frequency(self, word: str) -> int:
        """Return an upper bound of the number of passages that contain a form of the word; 0 when no passage does."""
        ...


class Candidates(Protocol):
    """What ranking reads of a few hundred passages at once, in the order of their identifiers. Optional: the defaults
    read these passages with `Engine.passages` or search among them."""

    def merged(self, parts: Sequence[Sequence[str]]) -> Sequence[str]:
        """Merge lists of identifiers into one in source order, each identifier once."""
        ...

    def places(self, ids: Sequence[str], among: Sequence[str]) -> np.ndarray:
        """Return the position of each of `ids` in `among`, a result of `merged` that contains them all: int [n]."""
        ...

    def columns(self, ids: Sequence[str]) -> Columns:
        """Return the properties of these passages as columns, in the order of `ids`."""
        ...

    def carry(self, ids: Sequence[str], within: Filter) -> np.ndarray:
        """Return whether each of these passages passes a filter: bool [n]."""
        ...

    def nearness(self, space: str, vector: np.ndarray, ids: Sequence[str]) -> np.ndarray:
        """Return the nearness (defined in `nearest`) of each of these passages to a vector: float64 [n], NaN for a
        passage without vectors."""
        ...

    def fields(self, ids: Sequence[str]) -> Mapping[str, HitFields]:
        """Return the fields that a hit shows, by identifier; they are not validated again."""
        ...

    def stems(self, ids: Sequence[str]) -> Sequence[np.ndarray]:
        """Return for each of these passages the positions and stem numbers of its words (uint32 [n, 3]); see
        `kb.engine.stems`."""
        ...

    def repeats(self, ids: Sequence[str], share: float) -> Sequence[tuple[int, int]]:
        """Return pairs of positions in `ids` whose texts share at least `share` (0 to 1) of the runs of words of the
        longer text; see `kb.engine.repeats`."""
        ...


class FullEngine(Engine, Contents, Candidates, Protocol):
    """What search asks for: an engine with the optional parts, its own or those of `kb.engine.derived.Derived`."""


@dataclass(frozen=True)
class Vectors:
    """Unit vectors of one document in one space, float32.

    `whole` [n, dim] has one vector for each passage, in order. `pairs` [m, dim] has one for each pair of sentences;
    `owners` (int [m]) has the position, from 0, of each pair's passage.
    """

    whole: np.ndarray
    pairs: np.ndarray
    owners: np.ndarray


class Writer(Protocol):
    """Fills an engine. No addition or removal is visible to searches before `commit`."""

    def add(self, document: Document, vectors: Mapping[str, Vectors]) -> None:
        """Add a document with its vectors by space name; it replaces a document with the same identifier."""
        ...

    def remove(self, document: str) -> None:
        """Remove the document with this identifier. Raises NotFound when there is none."""
        ...

    def commit(self) -> int:
        """Apply all additions and removals, or none of them; return the number of passages afterwards."""
        ...
