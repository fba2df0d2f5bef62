"""A search from query text to ranked, cited, explained hits."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice

import numpy as np

from kb.engine import Engine, FacetCounts, picked
from kb.engine.filters import Among, And, Filter, Is, Not, both
from kb.errors import InputError
from kb.index.live import Index
from kb.languages import is_main
from kb.search import constraint, everyday, nearby, reorder, turn
from kb.search.absence import Retrieved, Verdict, judge
from kb.search.cards import Cards
from kb.search.duplicates import Twins
from kb.search.entries import Entries
from kb.search.filters import filter_of
from kb.search.fusion import fuse
from kb.search.language import content_words
from kb.search.lexical import Lexical, Matched
from kb.search.marks import marked
from kb.search.pool import LEXICAL, Pool, Question, ask, beyond, pool_of, values_of
from kb.search.query import parse, plain_text, readable
from kb.search.ranking import Ranking, load_ranking
from kb.search.reasons import reasons
from kb.search.reorder import Moved
from kb.search.results import Hit, Results, hit_of, results_of
from kb.search.room import Room
from kb.tagging.roles import load_roles

MODES = ("hybrid", "lexical", "semantic")
PER_FORCE = 10
"""Hits shown for each force when no limit is given: what States agreed and what an expert advised are listed apart."""
_ENCODED = 64
"""Questions whose vectors are kept: some kilobytes each."""
_KEPT = 16
"""Searches of a whole index whose candidates are kept for the count that follows: some ten kilobytes each."""


@dataclass
class _Found:
    """One query on its way: what it asks, what was found, and why the candidates stand where they stand."""

    matched: Matched
    within: Filter
    required: bool
    verdict: Verdict
    pool: Pool
    total: int
    weights: Mapping[str, float]
    factors: np.ndarray
    moved: Moved
    order: np.ndarray


class Searcher:
    """An open index that answers queries; safe to keep and to share between threads."""

    def __init__(self, index: Index, ranking: Ranking | None = None) -> None:
        self.index = index
        self.ranking = ranking or load_ranking(index.corpus)
        self.named = load_roles(index.corpus / "taxonomy").named
        self._encoded: dict[str, dict[str, np.ndarray]] = {}
        self._kept: dict[tuple, _Found] = {}

    @property
    def engine(self) -> Engine:
        """What finds passages."""
        return self.index.engine

    @cached_property
    def lexical(self) -> Lexical:
        """The word leg."""
        return Lexical(self.engine, self.index.expansions, self.ranking)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Facets that `name:value` may use."""
        return frozenset(self.engine.facets())

    @cached_property
    def entries(self) -> Entries:
        """Which entry of the register a passage is the text of."""
        return Entries(self.index.promises)

    @cached_property
    def cards(self) -> Cards:
        """What hits show of their passages."""
        return Cards(self.engine)

    @cached_property
    def twins(self) -> Twins:
        """Which passages repeat which."""
        return Twins(self.engine, self.ranking.same_text)

    @property
    def depth(self) -> int:
        """Passages taken from each leg: all of a small index."""
        rules = self.ranking
        return max(rules.pool, rules.whole) if self.engine.size <= rules.whole else rules.pool

    @cached_property
    def shown(self) -> Filter:
        """The passages that may be hits: those that are shown within their parent are none."""
        folded = tuple(kind for kind in self.ranking.folded if kind in self.engine.terms("kind"))
        return Not(Is("kind", folded)) if folded else And()

    def search(
        self,
        query: str,
        *,
        mode: str = "hybrid",
        limit: int | None = None,
        document: str | None = None,
        facets: Sequence[tuple[str, str]] = (),
        method: str = "convex",
        per_force: int = PER_FORCE,
        counts: bool = True,
        matching: bool = False,
    ) -> Results:
        """Ranked hits for a query, or the nearest passages, marked as such, when nothing matches.

        Without `limit`, up to `per_force` hits of each force. `facets` are (name, term) filters; terms of one name are
        alternatives. Without `counts` the facets of what matches are not counted: in a large index that takes longer
        than the search. With `matching` none is shown that is near in meaning alone. Raises QueryError with a column,
        InputError for an unknown mode or a limit below 1.
        """
        start = time.perf_counter()
        if mode not in MODES:
            raise InputError(f"unknown mode '{mode}'.", do=f"Modes are: {', '.join(MODES)}.")
        room = Room(limit, per_force)
        if (per_force if limit is None else limit) < 1:
            raise InputError(
                f"limit {per_force if limit is None else limit} shows nothing.", do="Give a limit of 1 or more."
            )
        query = readable(query)
        filters = ([("document", document)] if document else []) + list(facets)
        found = self._find(query, mode, filters, method, room)
        self._keep((query, mode, tuple(filters), method), found)
        matches, of = self._matching(found)
        if matching:
            found.order = found.order[matches[found.order]]
        hits, repeats = self._hits(found, room, matches)
        fields = {
            "query": query,
            "mode": mode,
            "took_ms": round((time.perf_counter() - start) * 1000, 2),
            "total": max(found.total - repeats, 0),
            "near": sum(not hit.why["matches"] for hit in hits),
            "message": found.verdict.message,
            "absent": found.verdict.absent,
            "state": found.verdict.state,
            "hits": hits,
            "facets": of() if counts else {},
        }
        return results_of(fields)

    def ids(
        self,
        query: str,
        *,
        mode: str = "hybrid",
        limit: int,
        facets: Sequence[tuple[str, str]] = (),
        method: str = "convex",
        matching: bool = False,
    ) -> tuple[str, ...]:
        """The identifiers of the hits that `search` gives for that limit, in their order, without reading the passages.

        Raises as `search`."""
        room = Room(limit, PER_FORCE)
        query = readable(query)
        kept = self._kept.get((query, mode, tuple(facets), method))
        found = replace(kept) if kept is not None else self._find(query, mode, list(facets), method, room)
        if matching:
            found.order = found.order[self._matching(found)[0][found.order]]
        ids, chosen, _ = self._chosen(found, self._head(found, room), room)
        return tuple(ids[n] for n in chosen)

    def retrieve(
        self, query: str, mode: str = "hybrid", filters: Sequence[tuple[str, str]] = (), depth: int | None = None
    ) -> tuple[Retrieved, Question, int | None]:
        """The legs of a query, `depth` passages each; what they were asked; and how many passages meet what it
        requires, None where it requires nothing. Where none does, the legs are asked without it."""
        of = (self.lexical.required, self.engine, self.index.names)
        tree, beside, needed = constraint.split(parse(query, self.fields), *of)
        text = plain_text(tree)
        within = both(self.shown, filter_of(self.engine, filters, self.index.names if filters else None), *beside)
        matched = self.lexical.match(tree)
        inside = both(within, needed) if needed is not None else within
        met = self.engine.words(None, inside, 1).total if needed is not None else None
        asked_words = matched.query if mode != "semantic" else None
        vectors = self._vectors(text) if mode != "lexical" and text else {}
        turned = turn.turned(vectors, self.index.encoders, self.index.corpus, self.ranking.turn) if vectors else {}
        question = Question(asked_words, turned, within if met == 0 else inside, vectors)
        found = self._asked(Retrieved(tree, matched, self.lexical, within, {}), question, depth or self.depth)
        if filters or beside:
            wide = replace(question, within=self.shown)
            found = replace(found, unfiltered=lambda: self._asked(replace(found, within=self.shown), wide, self.depth))
        return found, question, met

    def _asked(self, asked: Retrieved, question: Question, depth: int) -> Retrieved:
        """A query with what its legs found, in the place that the question names."""
        legs = ask(self.engine, question, depth)
        subjects = self.index.subjects if question.plain else {}
        return replace(asked, legs=legs, beyond=beyond(self.engine, subjects, question, legs))

    def _find(self, query: str, mode: str, filters: Sequence[tuple[str, str]], method: str, room: Room) -> _Found:
        """The candidates of a query, ranked: the legs are asked, fused, and looked at again."""
        depth = max(self.depth, room.deep)
        asked, question, met = self.retrieve(query, mode, filters, depth)
        legs = asked.legs
        verdict = judge(asked, None if met is None else met > 0, self.ranking, mode)
        each = room.deep if room.limit is None else 0
        pool = pool_of(self.engine, question, legs, bool(met), depth, each)
        total = met if met else legs[LEXICAL].total if LEXICAL in legs else 0
        total = 0 if verdict.absent else total
        return self._ranked(asked, question.within, bool(met), verdict, pool, total, method)

    def _keep(self, key: tuple, found: _Found) -> None:
        """Keep the candidates of a search for the count that follows it, where every passage was looked at: they are
        then the same for every number of hits."""
        if self.depth < self.engine.size:
            return
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[key] = replace(found)

    def _vectors(self, text: str) -> dict[str, np.ndarray]:
        """The question as a vector in each space; a question that is asked again with other filters is not encoded
        again."""
        found = self._encoded.get(text) or {name: self.index.encoders[name].query(text) for name in self.engine.spaces}
        if len(self._encoded) >= _ENCODED:
            self._encoded.clear()
        self._encoded[text] = found
        return found

    def _ranked(
        self,
        asked: Retrieved,
        within: Filter,
        required: bool,
        verdict: Verdict,
        pool: Pool,
        total: int,
        method: str,
    ) -> _Found:
        """Candidates by fused score times the factor of their kind, then looked at again; equal ones in source
        order."""
        text, matched = plain_text(asked.tree), asked.matched
        is_long = len(content_words(text)) > self.ranking.short
        weights = self._weights(matched.language, is_long)
        legs = pool.legs or {LEXICAL: np.full(len(pool.ids), np.nan)}
        lows = {**pool.lows, LEXICAL: 0.0}
        factors = self._factors(pool)
        scores = fuse(legs, weights, method, self.ranking.rrf_k, lows) * factors
        rules = self.ranking
        words = everyday.Asked(
            text, matched.language, self.index.corpus, rules.everyday, rules.everyday_most, rules.everyday_word
        )
        scores, asked_so = everyday.moved(scores, pool, words)
        moved = self._second_look(scores, factors, pool, text, is_long)
        moved.everyday = asked_so
        if is_long and pool.legs.keys() - {LEXICAL}:
            held = nearby.load_nearby(self.index.corpus)
            asked_as = held, self._vectors(text), self.index.encoders, matched.language, rules.nearby
            near = partial(nearby.nearness, *asked_as)
            moved.scores, moved.nearby = nearby.moved(moved.scores, pool, self.entries, near, held, rules.nearby)
        order = np.argsort(-moved.scores, kind="stable")
        return _Found(matched, within, required, verdict, pool, total, weights, factors, moved, order)

    def _weights(self, language: str, is_long: bool) -> Mapping[str, float]:
        """Shares of the legs: by the question's language, and by whether it is more than a word or two."""
        if not is_main(language):
            return self.ranking.weights_other
        return self.ranking.weights if is_long else self.ranking.weights_short

    def _factors(self, pool: Pool) -> np.ndarray:
        """Factor of each candidate's kind and part."""
        kind = values_of(pool.columns.kind, self.ranking.kinds)
        return kind * values_of(pool.columns.part, self.ranking.parts)

    def _second_look(self, scores: np.ndarray, factors: np.ndarray, pool: Pool, text: str, is_long: bool) -> Moved:
        """Names in the question count for every question; the neighbourhood only where it is longer than a word or
        two."""
        rules = self.ranking
        wanted = reorder.named(text, self.index.names, self.named, self.engine.terms)
        carrying = {facet: self.engine.carry(pool.ids, within) for facet, within in wanted.items()}
        moved = reorder.held_back(scores, carrying, rules.named.factor)
        if not is_long or not len(scores):
            return moved
        if pool.legs.keys() - {LEXICAL}:
            moved.scores, moved.best = reorder.towards_best(
                moved.scores,
                pool.columns.document.codes,
                lambda members, leaders: self._like(pool, members, leaders),
                factors,
                rules.best.share,
                rules.best.most,
            )
        moved.scores, moved.section = reorder.with_section(
            moved.scores, pool.columns.section.codes, factors, rules.section.share, rules.section.most
        )
        moved.scores = reorder.narrower_first(moved.scores, pool.ids, rules.narrower, rules.narrower_most)
        return moved

    def _like(self, pool: Pool, members: np.ndarray, leaders: np.ndarray) -> np.ndarray:
        """Cosines of candidates with their leaders, in the space that reads the leader's language best."""
        spaces, language = self.engine.spaces, pool.columns.language
        english = np.asarray([is_main(name) for name in language.names])[language.codes[leaders]]
        found = np.full(len(members), np.nan)
        for name, chosen in (("english", english), (spaces[-1], ~english)):
            at = np.flatnonzero(chosen)
            if len(at):
                ids = [picked(pool.ids, side[at]) for side in (members, leaders)]
                found[at] = self.engine.similar(name if name in spaces else spaces[-1], *ids)
        return found

    def _matching(self, found: _Found) -> tuple[np.ndarray, Callable[[], FacetCounts]]:
        """Which candidates match (bool, parallel to them), and what counts the facets of everything that matches (of
        what is shown, where nothing does)."""
        pool, matched = found.pool, found.matched.query
        matches = np.zeros(len(pool.ids), dtype=bool)
        if found.verdict.absent:
            meaning = pool.legs.keys() - {LEXICAL}
            return matches, lambda: self.engine.count(None if meaning else matched, found.within) if pool.ids else {}
        if found.required:
            return ~matches, lambda: self.engine.count(None, found.within)
        if found.total:
            return ~np.isnan(pool.legs[LEXICAL]), lambda: self.engine.count(matched, found.within)
        first = found.order[: self.ranking.candidates]
        matches[first], found.total = True, len(first)
        return matches, lambda: self.engine.count(None, Among(tuple(picked(pool.ids, first)))) if len(first) else {}

    def _chosen(
        self, found: _Found, head: Sequence[tuple[int, int]], room: Room
    ) -> tuple[list[str], list[int], list[int]]:
        """Of the first candidates: their identifiers, the places of those that are shown, and for each the place of the
        one that it repeats, or its own."""
        pool, force = found.pool, found.pool.columns.force
        at = np.asarray([i for i, _ in head], dtype=np.int64)
        ids, forces = list(picked(pool.ids, at)), [force.names[code] for code in force.codes[at].tolist()]
        leaders = self.twins.fold(ids, forces)
        chosen: list[int] = []
        by_force: dict[str, int] = {}
        for n, leader in enumerate(leaders):
            if leader != n or (room.limit is None and by_force.get(forces[n], 0) >= room.per_force):
                continue
            by_force[forces[n]] = by_force.get(forces[n], 0) + 1
            chosen.append(n)
            if len(chosen) == room.limit:
                break
        return ids, chosen, leaders

    def _hits(self, found: _Found, room: Room, matches: np.ndarray) -> tuple[tuple[Hit, ...], int]:
        """The hits to show, near-duplicates of one force folded, and how many that match were folded."""
        head, pool = self._head(found, room), found.pool
        ids, chosen, leaders = self._chosen(found, head, room)
        entries = {n: self.entries.statement(ids[n], pool.columns.kind.at(head[n][0])) for n in chosen}
        cards = self.cards.of([*(ids[n] for n in chosen), *(entry for entry in entries.values() if entry)])
        also: dict[int, list[str]] = {}
        folded = [n for n, leader in enumerate(leaders) if leader != n]
        for n in folded:
            also.setdefault(leaders[n], []).append(ids[n])
        languages = [pool.columns.language.at(head[n][0]) for n in chosen]
        marks = marked(self.engine.stems([ids[n] for n in chosen]), found.matched.typed, languages)
        shown, ranked = np.asarray([head[n] for n in chosen], dtype=np.int64).reshape(-1, 2).T
        whys = reasons(shown, pool, found.weights, found.factors, found.moved, found.matched.widened)
        scores = found.moved.scores[ranked].tolist()
        hits = []
        for rank, (n, why, score) in enumerate(zip(chosen, whys, scores, strict=True), 1):
            why["marks"], why["nearest"] = marks[rank - 1], found.verdict.absent
            why["matches"] = bool(matches[head[n][0]])
            statement = cards.get(entries[n] or "")
            hits.append(hit_of(cards[ids[n]], rank, score, why, tuple(also.get(n, ())), statement))
        return tuple(hits), sum(bool(matches[head[n][0]]) for n in folded)

    def _head(self, found: _Found, room: Room) -> list[tuple[int, int]]:
        """The first candidates in order (of all, or of each force), with some to spare for those that repeat another:
        which candidate is shown, and the one whose score it has."""
        pool, force = found.pool, found.pool.columns.force
        ranked = self.entries.words_first(pool.ids, pool.columns, found.order)
        if room.limit is not None:
            return list(islice(ranked, room.deep))
        left = dict.fromkeys(range(len(force.names)), room.deep)
        head = []
        for shown, at in ranked:
            code = int(force.codes[shown])
            if left[code]:
                left[code] -= 1
                head.append((shown, at))
        return head
