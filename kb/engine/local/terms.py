"""The word index (tantivy). Its fields hold the words of a passage stemmed, unstemmed and in pairs, the stemmed words
of the heading above, its facets, and, when its text has a copy with typing errors corrected, the stemmed words of the
printed text."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from kb import memory
from kb.engine.local.entry import EXACT, HEADINGS, PAIRS, PRINTED, STEMMED, pairs_of, terms_of
from kb.engine.local.passage_store import facets_of
from kb.engine.local.postings import FILES, Collector, Postings, open_postings
from kb.engine.local.segments import named
from kb.errors import IndexError_
from kb.files import scratch
from kb.models import Passage

FACET = "facet"
_HEAP = 200_000_000  # bytes that a build may hold before it writes a segment: fewer segments answer faster
_KNOWN = 20_000  # terms whose frequency is remembered: every word of a question is looked up in each of its forms
_MOST_TERMS = 60_000  # terms of all facets that are counted; the engine's own bound is 65,000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=True, indexed=True, fast=True)
    for name in (STEMMED, EXACT, PRINTED, HEADINGS):
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(PAIRS, stored=False, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field(FACET, stored=False, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def tagged(facet: str, term: str) -> str:
    """Return facet and term as one entry of the facet field: joined by a NUL character."""
    return f"{facet}\0{term}"


def _is_read_only(path: Path) -> bool:
    return path.is_dir() and not os.access(path, os.W_OK)


class Terms:
    """An open word index. Fields hold finished terms: passages and queries are both analysed by
    `kb.engine.analysis.words`."""

    def __init__(self, path: Path | None = None, *, create: bool = False) -> None:
        """Open the index in folder `path` (with `create`, a new one), or a new one in memory when `path` is None.

        Raises IndexError_ when it cannot be read, LowMemory when so little memory is free that tantivy would crash.
        """
        memory.require(memory.WORDS_OPEN, "the word index")
        self._path, self._postings = path, dict[int, Postings]()
        try:
            if path is None:
                self._index = tantivy.Index(_schema())
            elif create:
                path.mkdir(parents=True, exist_ok=True)
                self._index = tantivy.Index(_schema(), path=str(path))
            else:
                self._index = self._opened(path)
        except (ValueError, OSError) as error:
            if create:
                raise
            raise IndexError_("the word index cannot be read.", where=str(path), do="Run: kb build") from error
        self._index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        self.schema = self._index.schema
        self._frequency = lru_cache(maxsize=_KNOWN)(self._counted)

    def _opened(self, path: Path) -> tantivy.Index:
        """Open the index in `path`. tantivy needs a lock file even to read, so on a read-only disk a copy is opened
        instead."""
        if not _is_read_only(path):
            return tantivy.Index.open(str(path))
        self._copy = ExitStack()
        weakref.finalize(self, self._copy.close)
        copy = shutil.copytree(path, self._copy.enter_context(scratch("terms")) / "terms")
        copy.chmod(0o700)  # readable by its owner only
        return tantivy.Index.open(str(copy))

    def add(
        self,
        rows: Iterable[tuple[int, Passage]],
        first: int | None = None,
        taking: Mapping[int, Postings] | None = None,
    ) -> None:
        """Index these (row number, passage) pairs, in the order of their rows, and commit once. Raises LowMemory before
        anything is written.

        Their postings become a segment with the first row `first` (by default that of the first pair), of which the
        postings in `taking` (by their first rows) are the beginning; the files of these are removed.
        """
        memory.require(memory.WORDS_WRITE, "writing the word index")
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        collector = None if first is None else _collector(first, taking or {})
        for row, passage in rows:
            terms = terms_of(passage)
            writer.add_document(_entry(row, passage, terms))
            collector = collector or Collector(first := row)
            collector.add(row, terms)
        writer.commit()
        writer.wait_merging_threads()
        if collector and first is not None:
            self._keep(collector.collected(), first, taking or {})
        self._index.reload()
        self._frequency.cache_clear()

    def _keep(self, made: Postings, first: int, instead_of: Iterable[int]) -> None:
        """Keep the postings of a new segment, in memory or on the disk as the word index is."""
        if self._path is None:
            self._postings[first] = made
            return
        for path in (self._path / named(name, each) for each in instead_of for name in FILES):
            path.unlink()
        made.save(self._path, first)

    def postings(self) -> Mapping[int, Postings] | None:
        """Return the postings of base and segments by their first rows; None when they are not those of every passage
        (an index of an older version). Raises IndexError_ when they cannot be read."""
        found = self._postings if self._path is None else open_postings(self._path)
        return found if found and sum(each.size for each in found.values()) == self.size else None

    def search(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        """Return (row number, BM25 score) of the best `limit` passages, best first."""
        rows, scores, _ = self.best(query, limit)
        return list(zip(rows, scores, strict=True))

    def best(self, query: tantivy.Query, limit: int, *, counted: bool = True) -> tuple[list[int], list[float], int]:
        """Return the row numbers of the best `limit` passages, best first, their BM25 scores, and the number of all
        passages that match (0 unless `counted`; not counting takes a fifth less time)."""
        searcher = self._index.searcher()
        most = max(1, min(limit, searcher.num_docs))  # tantivy allocates all of it at once: a billion kills the process
        found: Any = searcher.search(query, limit=most, count=counted)  # the types of tantivy leave `count` out
        hits, total = found.hits, found.count if counted else 0  # each access to `hits` creates its objects again
        if not hits:
            return [], [], total
        scores, addresses = zip(*hits, strict=True)
        rows: Any = searcher.fast_field_values("row", list(addresses))  # integers, according to the schema
        return rows, list(scores), total

    def scores(self, query: tantivy.Query) -> tuple[np.ndarray, np.ndarray]:
        """Return the row numbers of all passages that match a query (int64, increasing), and their scores (float32)."""
        rows, scores, _ = self.best(query, self.size, counted=False)
        found = np.asarray(rows, dtype=np.int64)
        order = found.argsort()
        return found[order], np.asarray(scores, dtype=np.float32)[order]

    def total(self, query: tantivy.Query) -> int:
        """Count the passages that match a query."""
        found: Any = self._index.searcher().search(query, limit=1)  # the types of tantivy leave `count` out
        return found.count

    def counts(self, query: tantivy.Query) -> list[tuple[str, int]]:
        """Count the passages that match `query` by the entries of their facet field (made by `tagged`); return pairs of
        entry and number of passages."""
        asked = {"n": {"terms": {"field": FACET, "size": _MOST_TERMS, "segment_size": _MOST_TERMS}}}
        found = self._index.searcher().aggregate(query, asked)["n"]["buckets"]
        return [(bucket["key"], bucket["doc_count"]) for bucket in found]

    def frequency(self, term: str, field: str = STEMMED) -> int:
        """Return the number of passages that contain a term in a field."""
        return self._frequency(term, field)

    def _counted(self, term: str, field: str) -> int:
        return self._index.searcher().doc_freq(field, term)

    @cached_property
    def has_pairs(self) -> bool:
        """Whether the index stores pairs of neighbouring terms; indexes of older versions do not."""
        try:
            return bool(tantivy.Query.term_query(self.schema, PAIRS, "a+b", "basic"))
        except ValueError:
            return False

    @property
    def size(self) -> int:
        """Number of passages indexed."""
        return self._index.searcher().num_docs


def _collector(first: int, taking: Mapping[int, Postings]) -> Collector:
    collector = Collector(first)
    for each, postings in sorted(taking.items()):
        collector.take(postings, each)
    return collector


def _entry(row: int, passage: Passage, terms: Mapping[str, Sequence[str]]) -> tantivy.Document:
    """Build the document that the word index stores for a passage: row number, terms by field, and facets."""
    document = tantivy.Document()
    document.add_integer("row", row)
    for name, found in terms.items():
        document.add_text(name, " ".join(found))
    document.add_text(PAIRS, " ".join(pairs_of(terms[STEMMED])))
    for facet, term in sorted(facets_of(passage)):
        document.add_text(FACET, tagged(facet, term))
    return document
