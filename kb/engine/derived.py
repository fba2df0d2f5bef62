"""Base class for engines that implement only seven methods of the protocol; the rest is computed from those.

An engine that inherits from `Derived` has `spaces` and implements `words`, `nearest`, `similar`, `count`, `passages`,
`around` and `scan` (`kb.engine.Engine`). The optional parts of `kb.engine.FullEngine` (`Contents`, `Candidates`) are
computed from those, more slowly than a native implementation: the embedded engine implements all of it from its tables,
the one on Milvus whatever one request can return.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from kb.engine.fields import HitFields, fields_of_passage
from kb.engine.filters import EVERYTHING, Among, Filter, Has, both
from kb.engine.protocol import Column, Columns, FacetCounts, Leg
from kb.engine.query import Query, Words
from kb.engine.repeats import repeats
from kb.engine.runs import runs
from kb.engine.stems import stems
from kb.models import Passage


class Derived(ABC):
    """Base class of an engine: implements the rest of `FullEngine` with the seven methods that are abstract
    here."""

    @abstractmethod
    def words(self, query: Query | None, within: Filter, k: int) -> Leg:
        """Return the best `k` passages for a word query. See `Engine.words`."""

    @abstractmethod
    def nearest(self, space: str, vector: np.ndarray, within: Filter, k: int) -> Leg:
        """Return the `k` passages nearest to a vector. See `Engine.nearest`."""

    @abstractmethod
    def similar(self, space: str, ids: Sequence[str], to: Sequence[str]) -> np.ndarray:
        """Return the cosine of each pair of passages. See `Engine.similar`."""

    @abstractmethod
    def count(self, query: Query | None, within: Filter) -> FacetCounts:
        """Count matching passages by facet and term. See `Engine.count`."""

    @abstractmethod
    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """Return passages by identifier. See `Engine.passages`."""

    @abstractmethod
    def around(self, id: str, before: int, after: int) -> Sequence[Passage]:
        """Return a passage with its neighbours. See `Engine.around`."""

    @abstractmethod
    def scan(self, within: Filter) -> Iterator[Passage]:
        """Yield every passage that passes a filter. See `Engine.scan`."""

    @property
    def size(self) -> int:
        """Number of passages."""
        return self.words(None, EVERYTHING, 1).total

    @property
    def _order(self) -> dict[str, int]:
        """Position of each passage in source order, by identifier; `words` returns that order when it gets no query."""
        return {id: place for place, id in enumerate(self.words(None, EVERYTHING, self.size).ids)}

    def nearness(self, space: str, vector: np.ndarray, ids: Sequence[str]) -> np.ndarray:
        """Return how near each passage is to a vector. See `Candidates.nearness`: searches for the nearest among these
        passages, as many as there are."""
        leg = self.nearest(space, vector, Among(tuple(ids)), len(ids))
        found = dict(zip(leg.ids, leg.scores.tolist(), strict=True))
        return np.asarray([found.get(id, np.nan) for id in ids], dtype=np.float64)

    def frequency(self, word: str) -> int:
        """Return at most how many passages contain a word. See `Contents.frequency`: the number of passages that
        `words` finds."""
        return self.words(Words(word), EVERYTHING, 1).total

    def terms(self, facet: str) -> Mapping[str, int]:
        """Return the terms of a facet with their counts. See `Contents.terms`: from the counts of all passages."""
        return dict(sorted(self.count(None, EVERYTHING).get(facet, {}).items()))

    def facets(self) -> Sequence[str]:
        """Return the names of the facets. See `Contents.facets`."""
        return sorted(self.count(None, EVERYTHING))

    def merged(self, parts: Sequence[Sequence[str]]) -> Sequence[str]:
        """Merge lists of identifiers in source order. See `Candidates.merged`."""
        return sorted({id for part in parts for id in part}, key=self._order.__getitem__)

    def places(self, ids: Sequence[str], among: Sequence[str]) -> np.ndarray:
        """Return the position of each identifier in a merged list. See `Candidates.places`."""
        at = {id: place for place, id in enumerate(among)}
        return np.asarray([at[id] for id in ids], dtype=np.int64)

    def columns(self, ids: Sequence[str]) -> Columns:
        """Return the properties of passages as columns. See `Candidates.columns`: reads the passages."""
        found = self.passages(ids)
        order = np.asarray([self._order[id] for id in ids], dtype=np.int64)
        return Columns(order, *_columns([found[id] for id in ids]))

    def carry(self, ids: Sequence[str], within: Filter) -> np.ndarray:
        """Return whether each passage passes a filter. See `Candidates.carry`: searches among these passages with the
        filter."""
        here = Among(tuple(ids))
        query, where = (within.query, here) if isinstance(within, Has) else (None, both(within, here))
        passing = set(self.words(query, where, len(ids)).ids) if len(ids) else set()
        return np.asarray([id in passing for id in ids], dtype=bool)

    def repeats(self, ids: Sequence[str], share: float) -> Sequence[tuple[int, int]]:
        """Return pairs of passages whose texts repeat each other. See `Candidates.repeats`: compares the texts on each
        call."""
        found = self.passages(ids)
        return repeats([runs(found[id].text) for id in ids], share)

    def stems(self, ids: Sequence[str]) -> Sequence[np.ndarray]:
        """Return the stems of each passage's words. See `Candidates.stems`: computed from the texts on each call."""
        found = self.passages(ids)
        return [stems(found[id].text, found[id].language) for id in ids]

    def fields(self, ids: Sequence[str]) -> Mapping[str, HitFields]:
        """Return the fields that a hit shows. See `Candidates.fields`."""
        return {id: fields_of_passage(passage) for id, passage in self.passages(ids).items()}


def _columns(found: Sequence[Passage]) -> Iterator[Column]:
    """Yield one column for each property of these passages, in the order of the fields of `Columns`; a missing property
    is ''. Sections of different documents get different codes, even under the same headings."""
    yield _column([(passage.document,) for passage in found])
    yield _column([(passage.document, "\n".join(passage.section)) for passage in found])
    for name in ("kind", "part", "force", "language"):
        yield _column([(getattr(passage, name) or "",) for passage in found])


def _column(keys: Sequence[tuple[str, ...]]) -> Column:
    """Build a column from one key per passage: equal keys get the same code, and the name of a code is the last part of
    its key."""
    codes = {key: code for code, key in enumerate(dict.fromkeys(keys))}
    return Column(np.asarray([codes[key] for key in keys], dtype=np.int32), [key[-1] for key in codes])
