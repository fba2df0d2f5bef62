"""The embedded engine: SQLite for passages and facets, tantivy for words, FAISS and NumPy for vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kb.engine.fields import HitFields
from kb.engine.filters import AllOf, Among, Filter, Has, Is, NoneOf
from kb.engine.groups import begins
from kb.engine.local.entry import Wanted, forms, stemmed_in
from kb.engine.local.impacts import Scored, Scoring, is_of_facets
from kb.engine.local.passage_store import STAYS, Store
from kb.engine.local.rows import RowIds
from kb.engine.local.terms import Terms
from kb.engine.local.words import TantivyCompiler
from kb.engine.orders import leading
from kb.engine.protocol import Column, Columns, FacetCounts, Leg, picked
from kb.engine.query import Query, Sum
from kb.engine.repeats import may_repeat, repeats, shared_firsts
from kb.models import Passage

if TYPE_CHECKING:
    from kb.engine.local.joined import JoinedSpace
    from kb.engine.local.vectors import Space

Spaces = Mapping[str, tuple["Space | JoinedSpace", "Space | JoinedSpace"]]
_MASKS = 64
"""Number of filters whose masks are cached; a mask takes one byte for each passage of the index."""
_SORTED = 4
"""When an array has more than this many times the number of passages wanted, the best are selected first and only those
are sorted."""
_FIELDS_UP_TO = 10_000
"""Passages up to which the fields of all are held in memory: six kilobytes each, made in a fiftieth of a millisecond,
so that the search that makes them takes a fifth of a second longer, once."""
_REPEATS_UP_TO = 100_000
"""Largest index (passages) of which all texts are compared with each other once: half a second of processor time at
this size."""
_MOST_PAIRS = 1_000_000
"""Maximum number of pairs of equal runs that are examined when all texts are compared (a tenth of a second); an index
that repeats one text many times has more, and its texts are compared for each search."""


class LocalEngine:
    """An open index in a folder on this machine. The word index and the vectors are opened by the first query that
    needs them."""

    def __init__(
        self, store: Store, terms: Callable[[], Terms], spaces: Callable[[], Spaces], names: Sequence[str]
    ) -> None:
        self.store, self._open_terms, self._open, self._names = store, terms, spaces, tuple(names)
        self._mask = lru_cache(maxsize=_MASKS)(self._make_mask)
        self._terms = lru_cache(maxsize=256)(store.terms)
        self._frequency = lru_cache(maxsize=20_000)(self._highest_frequency)  # cached: some thousand questions
        self._repeats = lru_cache(maxsize=2)(self._all_repeats)
        self._asked = 0  # number of searches for which fields were read
        self._passing = lru_cache(maxsize=_MASKS)(self._make_passing)

    @cached_property
    def size(self) -> int:
        """Number of passages."""
        return self.store.size

    @property
    def spaces(self) -> tuple[str, ...]:
        """Names of the vector spaces."""
        return self._names

    @cached_property
    def terms_index(self) -> Terms:
        """The word index, opened on first use."""
        return self._open_terms()

    @cached_property
    def _vectors(self) -> Spaces:
        return self._open()

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        """Identifier of each row; rows are counted from 1, and position 0 is ''."""
        return ("", *self._table[0])

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {id: row for row, id in enumerate(self._ids) if row}

    @cached_property
    def _table(self) -> tuple[list[str], np.ndarray, list[list[str]]]:
        """Identifiers in row order; the codes of all properties of each row (int32 [size + 1, properties], in one array
        because they are read together); and for each property the names that its codes stand for."""
        found = self.store.passage_columns()
        codes = np.zeros((len(found.ids) + 1, len(found.codes)), dtype=np.int32)
        codes[1:] = found.codes.T
        return found.ids, codes, found.known

    @cached_property
    def _place(self) -> np.ndarray | None:
        """Position of each row in source order (int64 [size + 1], indexed by row number); None when rows are in that
        order already."""
        if self.store.order is None:
            return None
        places = np.zeros(self.size + 1, dtype=np.int64)
        places[self.store.order] = np.arange(1, self.size + 1)
        return places

    def _places(self, rows: np.ndarray) -> np.ndarray:
        return rows if self._place is None else self._place[rows]

    def _sorted(self, rows: np.ndarray) -> np.ndarray:
        """Sort row numbers into source order."""
        return rows if self._place is None else rows[np.argsort(self._place[rows])]

    @cached_property
    def _compiler(self) -> TantivyCompiler:
        return TantivyCompiler(
            self.terms_index, self._known, self.store.rows, stemmed_in(sorted(self.terms("language")))
        )

    def _known(self, ids: Sequence[str]) -> list[int]:
        if isinstance(ids, RowIds) and ids.table is self._ids:
            return ids.rows.tolist()
        return [row for id in ids if (row := self._rows.get(id))]

    def _at(self, ids: Sequence[str]) -> np.ndarray:
        """Return the row number of each identifier: int64 [n]. Raises KeyError for an unknown one."""
        if isinstance(ids, RowIds) and ids.table is self._ids:
            return ids.rows
        return np.fromiter(map(self._rows.__getitem__, ids), dtype=np.int64, count=len(ids))

    def _leg(self, rows: np.ndarray, scores: np.ndarray, total: int, low: float) -> Leg:
        return Leg(RowIds(rows, self._ids), scores, total, low)

    # --- finding ---

    def words(self, query: Query | None, within: Filter, k: int) -> Leg:
        """Return the best `k` passages for a word query. See `Engine.words`. Equal scores are in source order."""
        if query is None:
            rows = self._sorted(np.flatnonzero(self._mask(within)))
            return self._leg(rows[:k], np.zeros(min(k, len(rows))), len(rows), 0.0)
        scored = self._scored(query) if is_of_facets(within) else None
        if scored is not None:
            rows, scores, total = scored.best(k, self._passing(within)[0], self._place)
            return self._leg(rows, scores.astype(np.float64), total, 0.0)
        found, values, total = self.terms_index.best(self._compiler.within(query, within), k)
        rows, scores = np.asarray(found, dtype=np.int64), np.asarray(values, dtype=np.float64)
        order = np.lexsort((self._places(rows), -scores))
        return self._leg(rows[order], scores[order], total, 0.0)

    def _scored(self, query: Query) -> Scored | None:
        """Return all passages scored for a query; None when only the word index can."""
        return self._scoring.of(query, stays=self._asked >= STAYS)

    @cached_property
    def _scoring(self) -> Scoring:
        return Scoring(self.terms_index, self._compiler)

    def nearest(self, space: str, vector: np.ndarray, within: Filter, k: int) -> Leg:
        """Return the `k` passages nearest to a vector. See `Engine.nearest`. In a small space the query is compared
        with every passage, in a large one with those that an approximate scan returns."""
        parts = self._vectors[space][1]
        mask, total = self._passing(within)
        if parts.is_exact or total <= k:
            rows = np.arange(1, self.size + 1) if mask is None else np.flatnonzero(mask)
            # from a quarter of the rows on, all are multiplied in order instead of gathering some; chosen by eye
            all_of_it = parts.is_exact and len(rows) > self.size // 4
            scores = parts.best_of_all(vector, self.size)[rows] if all_of_it else parts.best(vector, rows)
            there = ~np.isnan(scores)
            rows, scores = rows[there], scores[there]
        else:
            rows, scores = parts.near(vector, k, mask)
        if parts.is_exact:
            total, low = len(rows), float(scores.min()) if len(scores) else 0.0
        else:
            low = min(parts.lowest(vector), float(scores.min()) if len(scores) else 1.0)
        if len(rows) > _SORTED * k:
            top = np.argpartition(-scores, k - 1)[:k]
            top.sort()
            rows, scores = rows[top], scores[top]
        by_place = self._place is None  # rows are increasing here
        order = leading(scores, k) if by_place else np.lexsort((self._places(rows), -scores))[:k]
        return self._leg(rows[order], scores[order], total, low)

    def nearness(self, space: str, vector: np.ndarray, ids: Sequence[str]) -> np.ndarray:
        """Return how near each passage is to a vector. See `Candidates.nearness`."""
        return self._vectors[space][1].best(vector, self._at(ids))

    def similar(self, space: str, ids: Sequence[str], to: Sequence[str]) -> np.ndarray:
        """Return the cosine of each pair of passages. See `Engine.similar`."""
        whole = self._vectors[space][0]
        return whole.between(self._at(ids), self._at(to))

    def frequency(self, word: str) -> int:
        """Return at most how many passages contain a word. See `Contents.frequency`."""
        return self._frequency(word)

    def _highest_frequency(self, word: str) -> int:
        return max(
            (
                self.terms_index.frequency(term, name)
                for form in forms(word, self._compiler.languages)
                for term in form
                for name in ("stemmed", "printed")
            ),
            default=0,
        )

    # --- filters and counts ---

    def _make_passing(self, within: Filter) -> tuple[np.ndarray | None, int]:
        """Return the mask of `_make_mask` for a filter (None when all rows pass) and the number of rows that pass."""
        mask = None if isinstance(within, AllOf) and not within.parts else self._mask(within)
        many = self.size if mask is None else int(np.count_nonzero(mask))
        return (None if many == self.size else mask), many

    def _make_mask(self, within: Filter) -> np.ndarray:
        """Return which rows pass a filter: bool [size + 1], by row number; row 0 is always False."""
        mask = np.zeros(self.size + 1, dtype=bool)
        if isinstance(within, Is):
            mask[list(self.store.rowids(within.facet, within.terms))] = True
        elif isinstance(within, Has):
            rows = self.terms_index.best(self._compiler.query(within.query), self.size)[0]
            mask[rows] = True
        elif isinstance(within, Among):
            mask[self._known(within.ids)] = True
        elif isinstance(within, NoneOf):
            mask = ~self._mask(within.part)
        else:
            join = np.logical_and if isinstance(within, AllOf) else np.logical_or
            mask[:] = isinstance(within, AllOf)
            for part in within.parts:
                mask = join(mask, self._mask(part))
        mask[0] = False
        return mask

    def count(self, query: Query | None, within: Filter) -> FacetCounts:
        """Count matching passages by facet and term. See `Engine.count`."""
        counts: FacetCounts = {}
        found = self.terms_index.counts(self._compiler.within(query, within))
        for entry, n in sorted(found, key=lambda pair: (-pair[1], pair[0])):
            facet, _, term = entry.partition("\0")
            counts.setdefault(facet, {})[term] = n
        return dict(sorted(counts.items()))

    def terms(self, facet: str) -> Mapping[str, int]:
        """Return the terms of a facet with their counts. See `Contents.terms`."""
        return self._terms(facet)

    def facets(self) -> Sequence[str]:
        """Return the names of the facets. See `Contents.facets`."""
        return self._facets

    @cached_property
    def _facets(self) -> tuple[str, ...]:
        return tuple(self.store.facet_names())

    def carry(self, ids: Sequence[str], within: Filter) -> np.ndarray:
        """Return whether each passage passes a filter. See `Candidates.carry`. A word query is decided from the stored
        term numbers of the passages where these suffice, else by the word index."""
        return self._have(within.query, ids) if isinstance(within, Has) else self._mask(within)[self._at(ids)]

    def _have(self, query: Query, ids: Sequence[str]) -> np.ndarray:
        """Return whether each of these passages matches a word query: bool [n]. The word index is used only for
        passages that the stored term numbers cannot decide."""
        rows = self._at(ids)
        if (scored := self._scored(query)) is not None:
            return scored.matches[rows]
        terms = self.store.terms_of(rows.tolist())
        if terms is None:
            has, unknown = np.zeros(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
        else:
            wanted = Wanted.of(query, self._compiler.languages)
            has, unknown = wanted.found_in(terms)
            query = Sum(wanted.open)
        at = np.flatnonzero(unknown)
        if len(at):
            found = self.words(query, Among(tuple(picked(ids, at))), len(at)).ids
            has[at] = np.isin(rows[at], self._at(found))
        return has

    # --- properties and texts ---

    def merged(self, parts: Sequence[Sequence[str]]) -> Sequence[str]:
        """Merge lists of identifiers in source order. See `Candidates.merged`."""
        rows = np.concatenate([self._at(part) for part in parts] or [np.zeros(0, dtype=np.int64)])
        rows.sort()
        return RowIds(self._sorted(rows[begins(rows)]), self._ids)

    def places(self, ids: Sequence[str], among: Sequence[str]) -> np.ndarray:
        """Return the position of each identifier in a merged list. See `Candidates.places`."""
        return self._places(self._at(among)).searchsorted(self._places(self._at(ids)))

    def columns(self, ids: Sequence[str]) -> Columns:
        """Return the properties of passages as columns. See `Candidates.columns`."""
        rows = self._at(ids)
        chosen = np.ascontiguousarray(self._table[1].take(rows, axis=0).T)
        return Columns(self._places(rows), *map(Column, chosen, self._table[2]))

    def repeats(self, ids: Sequence[str], share: float) -> Sequence[tuple[int, int]]:
        """Return pairs of passages whose texts repeat each other. See `Candidates.repeats`. Texts are compared for each
        search; after many searches, and when the index is not too large, all passages are compared once and the result
        is kept."""
        rows = self._at(ids)
        held = self._repeats(share) if self._holds(_REPEATS_UP_TO) else None
        if held is None:
            return repeats(self._runs(rows.tolist()), share)
        has, others = held
        some = has[rows].nonzero()[0].tolist()
        place = {int(rows[i]): i for i in some}
        return sorted((i, place[row]) for i in some for row in others[int(rows[i])] if place.get(row, i) < i)

    def _runs(self, rows: Sequence[int]) -> list[np.ndarray]:
        found = self.store.runs(rows)
        return [found[row] for row in rows]

    def _all_repeats(self, share: float) -> tuple[np.ndarray, Mapping[int, Sequence[int]]] | None:
        """Return which rows share text with another row (bool [size + 1]), and a map from each of these rows to the
        rows that it shares text with. `share` (0 to 1) is the minimum share of common runs.

        Returns None when so many passages are alike that comparing them all would take too long.
        """
        every = self._sorted(np.arange(1, self.size + 1))
        held = self._runs(every.tolist())
        some = may_repeat(held, share)
        rows, runs = every[some].tolist(), [held[i] for i in some.tolist()]
        if shared_firsts(runs, share) > _MOST_PAIRS:
            return None
        found: dict[int, list[int]] = {}
        for later, other in repeats(runs, share):
            found.setdefault(rows[later], []).append(rows[other])
            found.setdefault(rows[other], []).append(rows[later])
        has = np.zeros(self.size + 1, dtype=bool)
        has[list(found)] = True
        return has, found

    def stems(self, ids: Sequence[str]) -> Sequence[np.ndarray]:
        """Return the stems of each passage's words. See `Candidates.stems`."""
        rows = self._at(ids).tolist()
        found = self.store.stems(rows)
        return [found[row] for row in rows]

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """Return passages by identifier. See `Engine.passages`."""
        return {passage.id: passage for passage in self.store.rows(self._known(ids)).values()}

    def fields(self, ids: Sequence[str]) -> Mapping[str, HitFields]:
        """Return the fields that a hit shows. See `Candidates.fields`."""
        held = self._fields if self._holds(_FIELDS_UP_TO) else None
        self._asked += 1
        if held is None:
            return {each["id"]: each for each in self.store.fields(self._known(ids))}
        return {id: held[id] for id in ids if id in held}

    @cached_property
    def _fields(self) -> Mapping[str, HitFields]:
        return {each["id"]: each for each in self.store.every_fields()}

    def _holds(self, most: int) -> bool:
        """Return whether to keep data of every passage in memory: the engine has answered many searches, and the index
        has at most `most` passages."""
        return self._asked >= STAYS and self.size <= most

    def around(self, id: str, before: int, after: int) -> Sequence[Passage]:
        """Return a passage with its neighbours. See `Engine.around`."""
        return self.store.around(id, before, after)

    def scan(self, within: Filter) -> Iterator[Passage]:
        """Yield every passage that passes a filter. See `Engine.scan`."""
        mask = self._mask(within)
        return (passage for row, passage in self.store.numbered() if mask[row])
