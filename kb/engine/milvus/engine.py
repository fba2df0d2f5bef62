"""Answer queries with Milvus: words, nearness, filters and limits run on the server; facets are counted here from its
results.

Two things differ from the embedded engine. Scores of words are Milvus's BM25, computed for each field separately, so
that the same passages match but their order can differ. And the facets of a query are counted here over all matches,
because Milvus has no facet counts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np
from pydantic_core import from_json

from kb.amounts import some
from kb.engine.derived import Derived
from kb.engine.fields import HitFields, fields_of
from kb.engine.filters import AllOf, Among, AnyOf, Filter, Has, NoneOf, both
from kb.engine.local.entry import forms, stemmed_in
from kb.engine.milvus.client import LAYOUT, MOST, Door, Entity, quoted
from kb.engine.milvus.words import EVERY, PRINTED, STEMMED, MilvusCompiler, among, any_of, holds
from kb.engine.protocol import Column, Columns, FacetCounts, Leg
from kb.engine.query import Query
from kb.errors import IndexError_, InputError
from kb.models import Passage

_KNOWN = 100_000
"""Passages whose properties are cached: some hundred bytes each."""
_READ = 2_000
"""Passages whose text is cached: some kilobytes each."""
_UNSCORED = 0.1
"""Score of a passage that matches without a BM25 score (by a prefix, or as printed): below any BM25 that matters."""
_LISTED = 50_000
"""Rows that an expression may list: half a megabyte of text."""
_NAMES = ("document", "section", "kind", "part", "force", "language")
_HELD = ("row", "id", "columns")
"""HitFields that are read with every passage found."""


class MilvusEngine(Derived):
    """An engine on Milvus. It reads the build that was the last commit under `name` when it was opened."""

    def __init__(self, address: str, name: str = "kb", build: str | None = None) -> None:
        """Open the index `name` at `address`. Raises IndexError_ when Milvus is unreachable, or when the stored data is
        missing, incomplete, of another layout, or (when `build` is given) of another build."""
        self.door = Door(address)
        self._facts = self._read_facts(name)
        self._check(build)
        self._passages = f"{self._facts['name']}_passages"
        self._known: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._texts: dict[str, tuple[str, Passage]] = {}
        self._frequency = lru_cache(maxsize=20_000)(self._counted)  # cached words: those of some thousand questions
        self._total = lru_cache(maxsize=256)(lambda where: self.door.count(self._passages, where))

    def _read_facts(self, name: str) -> Entity:
        """Return the facts stored with the build, and load its collections, which a restarted server has not loaded.
        Raises IndexError_ when there is no finished build."""
        collection = self.door.answering(name)
        if not collection:
            raise IndexError_("nothing was committed there yet.", where=self.door.where, do="Fill it: kb migrate")
        self.door.call("load_collection", collection)
        found = list(self.door.rows(collection, "", ["text"]))
        facts = dict(json.loads("".join(found[0]["text"])))
        for what in facts["counts"]:
            self.door.call("load_collection", f"{facts['name']}_{what}")
        return facts

    def _check(self, build: str | None) -> None:
        facts, where = self._facts, self.door.where
        if facts["layout"] != LAYOUT:
            raise IndexError_(
                f"the engine holds layout {facts['layout']}; this program reads {LAYOUT}.", where=where, do="kb migrate"
            )
        if build is not None and facts["build"] != build:
            raise IndexError_("the engine holds another build than the index here.", where=where, do="Run: kb migrate")
        for what, many in facts["counts"].items():
            held = self.door.count(f"{facts['name']}_{what}", "")
            if held != many:
                raise IndexError_(f"the engine holds {held} of {many} {what}.", where=where, do="Run: kb migrate")

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._facts["counts"]["passages"])

    @property
    def spaces(self) -> tuple[str, ...]:
        """Names of the vector spaces."""
        return tuple(self._facts["spaces"])

    @cached_property
    def _compiler(self) -> MilvusCompiler:
        return MilvusCompiler(stemmed_in(sorted(self.terms("language"))), self._that_pass)

    def _that_pass(self, where: str, test: Callable[[str], bool], field: str) -> list[int]:
        found = [row["row"] for row in self.door.rows(self._passages, where, [field]) if test(row[field])]
        return _few(found)

    # --- finding ---

    def words(self, query: Query | None, within: Filter, k: int) -> Leg:
        """Return the best `k` passages for a word query. See `Engine.words`. Raises IndexError_ where Milvus returns
        fewer rows than it counts."""
        where = self._compiler.filter(both(within, Has(query)) if query is not None else within)
        total, k = self._total(where), min(k, max(self.size, 1))
        if query is None:
            ids = self._first(where, k, total)
            return Leg(ids, np.zeros(len(ids)), total)
        scores: dict[str, float] = {}
        if total:
            for (field, weight), terms in self._compiler.weights(query).items():
                asked = self.door.nearest(self._passages, f"{field}_bm25", " ".join(terms), where, k, _HELD)
                for row, score in asked:  # Milvus Lite returns negative BM25 scores
                    scores[self._learnt(row)] = scores.get(row["id"], 0.0) + weight * abs(score)
            if len(scores) < min(k, total):
                for id in self._first(where, min(total, k + len(scores)), total):
                    scores.setdefault(id, _UNSCORED)
        self._require_all(len(scores), min(k, total))
        ids = sorted(scores, key=lambda id: (-scores[id], self._known[id][0]))[:k]
        return Leg(ids, np.asarray([scores[id] for id in ids], dtype=np.float64), total, 0.0)

    def _first(self, where: str, k: int, total: int) -> list[str]:
        """Return the identifiers of the first `k` of `total` passages that match the expression `where`, in source
        order."""
        ids: list[str] = []
        for row in self.door.rows(self._passages, where, _HELD):
            if len(ids) == k:
                break
            ids.append(self._learnt(row))
        self._require_all(len(ids), min(k, total))
        return ids

    def _require_all(self, found: int, wanted: int) -> None:
        """Raise IndexError_ when Milvus returned fewer rows (`found`) than `wanted`, so that a shorter list is never
        presented as complete."""
        if found < wanted:
            raise IndexError_(
                f"the engine gave {found} of {some(wanted, 'passage')}.",
                where=self.door.where,
                do="Try again when it is whole.",
            )

    def nearest(self, space: str, vector: np.ndarray, within: Filter, k: int) -> Leg:
        """Return the `k` passages nearest to a vector. See `Engine.nearest`. Raises IndexError_ when Milvus returns
        fewer rows than it counts."""
        total = self._total(self._compiler.filter(within))
        k = min(k, max(self.size, 1))
        if not total:
            return Leg([], np.zeros(0), 0)
        where = self._of_parts(within)
        scores = self._best(space, vector, where, k)
        self._require_all(len(scores), min(k, total, MOST))
        ids = dict(zip(scores, self._ids(list(scores)), strict=True))
        order = sorted(scores, key=lambda row: (-scores[row], row))
        low = min(scores.values()) if len(scores) == total else -self._best(space, -vector, where, 1).popitem()[1]
        return Leg([ids[row] for row in order], np.asarray([scores[row] for row in order]), total, low)

    def _best(self, space: str, vector: np.ndarray, where: str, k: int) -> dict[int, float]:
        """Return the score of the best part of each of the `k` nearest rows that match the expression `where`, by row
        number."""
        parts = f"{self._facts['name']}_parts_{space}"
        asked = vector.astype(np.float32).tolist()
        found = self.door.nearest(parts, "vector", asked, where, k, ["row"], group="row")
        best: dict[int, float] = {}
        for row, score in found:
            best[row["row"]] = max(best.get(row["row"], -np.inf), score)
        return best

    def _of_parts(self, within: Filter) -> str:
        """Compile a filter for the collection of parts; conditions that this collection cannot check (words,
        identifiers) are replaced by a list of rows."""
        if not _has_word_conditions(within):
            return self._compiler.filter(within)
        found = self.door.rows(self._passages, self._compiler.filter(within), [])
        return among(_few([row["row"] for row in found]))

    def nearness(self, space: str, vector: np.ndarray, ids: Sequence[str]) -> np.ndarray:
        """Return how near each passage is to a vector. See `Candidates.nearness`."""
        rows = self._rows(ids)
        scores = self._best(space, vector, among(rows), len(rows)) if rows else {}
        return np.asarray([scores.get(row, np.nan) for row in rows], dtype=np.float64)

    def similar(self, space: str, ids: Sequence[str], to: Sequence[str]) -> np.ndarray:
        """Return the cosine of each pair of passages. See `Engine.similar`."""
        wanted = list(dict.fromkeys([*ids, *to]))
        found = self.door.rows(self._passages, among(self._rows(wanted)), ["id", f"whole_{space}"])
        vectors = {row["id"]: np.asarray(row[f"whole_{space}"], dtype=np.float32) for row in found}
        return np.asarray([vectors[a] @ vectors[b] for a, b in zip(ids, to, strict=True)], dtype=np.float64)

    def frequency(self, word: str) -> int:
        """Return at most how many passages contain a word. See `Contents.frequency`."""
        return self._frequency(word)

    def _counted(self, word: str) -> int:
        """Count with one request the passages that contain any form of a word (stemmed or not)."""
        every = sorted({term for form in forms(word, self._compiler.languages) for term in form})
        return self._total(any_of([holds(name, (term,)) for term in every for name in (STEMMED, PRINTED)]))

    # --- filters and counts ---

    def count(self, query: Query | None, within: Filter) -> FacetCounts:
        """Count matching passages by facet and term. See `Engine.count`. All matching passages are read, without their
        texts."""
        where = self._compiler.filter(both(within, Has(query)) if query is not None else within)
        counts = Counter(entry for row in self.door.rows(self._passages, where, ["facets"]) for entry in row["facets"])
        found: FacetCounts = {}
        for entry, many in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            facet, _, term = entry.partition("=")
            found.setdefault(facet, {})[term] = many
        return dict(sorted(found.items()))

    def terms(self, facet: str) -> Mapping[str, int]:
        """Return the terms of a facet with their counts. See `Contents.terms`."""
        return dict(sorted(self._facts["facets"].get(facet, {}).items()))

    def facets(self) -> Sequence[str]:
        """Return the names of the facets. See `Contents.facets`."""
        return sorted(self._facts["facets"])

    # --- properties and texts ---

    def _learnt(self, row: Entity) -> str:
        """Cache the properties of a row that a query returned, and return its identifier."""
        if len(self._known) > _KNOWN:
            self._known = {}
        self._known[row["id"]] = row["row"], tuple(json.loads("".join(row["columns"])))
        return str(row["id"])

    def _properties(self, ids: Sequence[str]) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Return (row number, properties) of each identifier that exists; properties as in `columns_of`."""
        missing = [id for id in dict.fromkeys(ids) if id not in self._known]
        known = {id: self._known[id] for id in ids if id in self._known}
        if missing:
            where = self._compiler.filter(Among(tuple(missing)))
            found = [self._learnt(row) for row in self.door.rows(self._passages, where, _HELD)]
            known |= {id: self._known[id] for id in found}
        return known

    def _rows(self, ids: Sequence[str]) -> list[int]:
        known = self._properties(ids)
        return [known[id][0] for id in ids if id in known]

    def _ids(self, rows: Sequence[int]) -> list[str]:
        found = {row["row"]: self._learnt(row) for row in self.door.rows(self._passages, among(rows), _HELD)}
        return [found[row] for row in rows]

    def merged(self, parts: Sequence[Sequence[str]]) -> Sequence[str]:
        """Merge lists of identifiers in source order. See `Candidates.merged`."""
        known = self._properties(list(dict.fromkeys(id for part in parts for id in part)))
        return sorted(known, key=lambda id: known[id][0])

    def columns(self, ids: Sequence[str]) -> Columns:
        """Return the properties of passages as columns. See `Candidates.columns`."""
        known = self._properties(ids)
        values = [known[id][1] for id in ids]
        found = []
        for at, name in enumerate(_NAMES):
            keys = [(each[0], each[1]) if name == "section" else (each[at],) for each in values]
            codes = {key: code for code, key in enumerate(dict.fromkeys(keys))}
            found.append(Column(np.asarray([codes[key] for key in keys], dtype=np.int32), [key[-1] for key in codes]))
        return Columns(np.asarray([known[id][0] for id in ids], dtype=np.int64), *found)

    def _read(self, ids: Sequence[str]) -> dict[str, tuple[str, Passage]]:
        """Return (stored JSON, passage) of each identifier that exists."""
        known = {id: self._texts[id] for id in ids if id in self._texts}
        if missing := [id for id in dict.fromkeys(ids) if id not in known]:
            where = self._compiler.filter(Among(tuple(missing)))
            for row in self.door.rows(self._passages, where, ["id", "body"]):
                known[row["id"]] = _text_and_passage(row)
        self._texts = known if len(self._texts) > _READ else {**self._texts, **known}
        return known

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """Return passages by identifier. See `Engine.passages`."""
        return {id: passage for id, (_, passage) in self._read(ids).items()}

    def fields(self, ids: Sequence[str]) -> Mapping[str, HitFields]:
        """Return the fields that a hit shows. See `Candidates.fields`."""
        return {id: fields_of(from_json(body)) for id, (body, _) in self._read(ids).items()}

    def around(self, id: str, before: int, after: int) -> Sequence[Passage]:
        """Return a passage with its neighbours. See `Engine.around`."""
        known = self._properties([id])
        if id not in known:
            return []
        row, (document, *_) = known[id]
        where = f"document == {quoted(document)} and row >= {row - before} and row <= {row + after}"
        return [_text_and_passage(each)[1] for each in self.door.rows(self._passages, where, ["body"])]

    def scan(self, within: Filter) -> Iterator[Passage]:
        """Yield every passage that passes a filter. See `Engine.scan`."""
        where = self._compiler.filter(within) or EVERY
        return (_text_and_passage(row)[1] for row in self.door.rows(self._passages, where, ["body"]))


def _text_and_passage(row: Entity) -> tuple[str, Passage]:
    body = "".join(row["body"])
    return body, Passage.model_validate_json(body)


def _has_word_conditions(within: Filter) -> bool:
    """Return whether a filter has conditions on words or identifiers, which the collection of parts cannot check."""
    if isinstance(within, AllOf | AnyOf):
        return any(map(_has_word_conditions, within.parts))
    return _has_word_conditions(within.part) if isinstance(within, NoneOf) else isinstance(within, Has | Among)


def _few(rows: list[int]) -> list[int]:
    """Return `rows` unchanged. Raises InputError when there are too many for one expression, so that none is left out
    silently."""
    if len(rows) > _LISTED:
        raise InputError(
            f"{len(rows):,} passages would have to be named to the engine; {_LISTED:,} can be.",
            do="Narrow the question.",
        )
    return rows
