"""A search from query text to ranked, cited, explained hits."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kb.errors import InputError, QueryError
from kb.index.live import Index
from kb.models import Passage
from kb.search import constraint, reorder
from kb.search.absence import Verdict, judge
from kb.search.duplicates import fold
from kb.search.filters import rows_within
from kb.search.fusion import fuse
from kb.search.language import content_words
from kb.search.lexical import Lexical, Matched
from kb.search.marks import marks
from kb.search.query import Node, parse, plain_text, readable
from kb.search.ranking import Ranking, load_ranking
from kb.search.reorder import Moved
from kb.search.results import Hit, Results, hit_of
from kb.search.told import Told

MODES = ("hybrid", "lexical", "semantic")
PER_FORCE = 10
"""Hits shown for each force when no limit is given: what States agreed and what an expert advised are listed apart."""


@dataclass
class _Found:
    """One query on its way through the legs."""

    tree: Node
    keep: set[int]
    allowed: set[int] | None
    matched: Matched
    legs: dict[str, dict[int, float]] = field(default_factory=dict)
    beyond: dict[str, float] = field(default_factory=dict)
    """By space: how much nearer the question is to a subject that the texts are not about than to the best passage."""


@dataclass(frozen=True)
class _Reasons:
    """Why rows stand where they stand."""

    factors: dict[int, float]
    moved: Moved


class Searcher:
    """An open index that answers queries; safe to keep and to share between threads."""

    def __init__(self, index: Index, ranking: Ranking | None = None) -> None:
        self.index = index
        self.ranking = ranking or load_ranking(index.corpus)

    @cached_property
    def lexical(self) -> Lexical:
        """The word leg."""
        return Lexical(self.index.terms, self.index.expansions, self.ranking, self.index.store.rows)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Facets that `name:value` may use."""
        return frozenset(self.index.store.facet_names())

    @cached_property
    def _passages(self) -> dict[int, tuple[str, str, str | None]]:
        """Row to (identifier, kind, part)."""
        parts = {
            row: part for part in self.index.store.terms("part") for row in self.index.store.rowids("part", [part])
        }
        return {row: (id, kind, parts.get(row)) for row, (id, kind) in self.index.store.by_id().items()}

    @cached_property
    def told(self) -> Told:
        """Which promise of the register each row tells."""
        return Told.of(self._passages, self.index.promises)

    @cached_property
    def _forces(self) -> dict[int, str]:
        """Row to force."""
        store = self.index.store
        return {row: force for force in store.terms("force") for row in store.rowids("force", [force])}

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
    ) -> Results:
        """Ranked hits for a query, or the nearest passages marked as such when nothing says it.

        Without `limit`, up to `per_force` hits of each force. `facets` are (name, term) filters; terms of one name are alternatives.
        Raises QueryError with a column, InputError for an unknown mode or a limit below 1.
        """
        start = time.perf_counter()
        if mode not in MODES:
            raise InputError(f"unknown mode '{mode}'.", do=f"Modes are: {', '.join(MODES)}.")
        room = per_force if limit is None else limit
        if room < 1:
            raise InputError(f"limit {room} shows nothing.", do="Give a limit of 1 or more.")
        query = readable(query)
        tree = parse(query, self.fields)
        within = self._filters(document, facets)
        found = self._legs(tree, mode, within)
        verdict = judge(
            found.tree,
            found.matched,
            found.legs,
            found.allowed,
            lambda leaf: self.lexical.rows(leaf) & found.keep,
            self.ranking,
            mode,
            "here" if within is None else "within these filters",
            found.beyond,
        )
        ranked, reasons = self._rank(found, verdict, method)
        told = self.told.words_first(ranked)
        head = told[: limit * 3 + 20] if limit is not None else self._head(told, per_force * 3)
        hits, folded = self._hits(head, reasons, found, (limit, per_force), verdict.absent)
        matching = self._matching(found, verdict, ranked)
        return Results(
            query=query,
            mode=mode,
            took_ms=round((time.perf_counter() - start) * 1000, 2),
            total=len(set(matching) - folded),
            message=verdict.message,
            absent=verdict.absent,
            state=verdict.state,
            hits=hits,
            facets=self.index.store.counts(matching or [row for row, _ in ranked]),
        )

    def _filters(self, document: str | None, facets: Sequence[tuple[str, str]]) -> set[int] | None:
        """Rows inside the filters; None when there are none. Terms of one facet are alternatives."""
        pairs = ([("document", document)] if document else []) + list(facets)
        return rows_within(self.index.store, pairs, self.index.names if pairs else None)

    def _legs(self, tree: Node, mode: str, within: set[int] | None) -> _Found:
        size = self.index.terms.size
        keep = {row for row, (_, kind, _) in self._passages.items() if kind not in self.ranking.folded}
        keep = keep if within is None else keep & within
        allowed = constraint.allowed(tree, self.lexical.rows, self.index.store, self.index.names)
        found = _Found(tree, keep, allowed if allowed is None else allowed & keep, self.lexical.match(tree, size))
        if mode != "semantic":
            found.legs["lexical"] = {r: s for r, s in found.matched.scores.items() if r in keep}
        text = plain_text(tree)
        if mode != "lexical" and text:
            from kb.search.semantic import beyond, similarity

            for name, spaces in self.index.spaces.items():
                vector = self.index.encoders[name].query(text)
                leg = {r: s for r, s in similarity(vector, spaces).items() if r in keep}
                found.legs[name] = leg
                if name in self.index.subjects:
                    found.beyond[name] = beyond(vector, self.index.subjects[name], leg)
        return found

    def _rank(self, found: _Found, verdict: Verdict, method: str) -> tuple[list[tuple[int, float]], _Reasons]:
        """Rows by fused score times the factor of their kind, then looked at again; what the query requires is required
        unless it is nowhere."""
        legs = found.legs
        if found.allowed is not None and not verdict.absent:
            legs = {name: {r: s for r, s in leg.items() if r in found.allowed} for name, leg in legs.items()}
        fused = fuse(legs, self._weights(found), method, self.ranking.rrf_k)
        if found.allowed is not None and not verdict.absent:
            fused.update({row: 0.0 for row in found.allowed if row not in fused})
        factors = {row: self._factor(row) for row in fused}
        moved = self._second_look({row: score * factors[row] for row, score in fused.items()}, factors, found)
        ranked = sorted(moved.scores.items(), key=lambda rs: (-rs[1], rs[0]))
        return ranked, _Reasons(factors, moved)

    def _second_look(self, scores: dict[int, float], factors: dict[int, float], found: _Found) -> Moved:
        """Names in the question count for every question; the neighbourhood only where it is longer than a word or two."""
        rules, text = self.ranking, plain_text(found.tree)
        carrying = reorder.named(text, self.index.names, rules.named.facets, self.index.store.rowids)
        moved = reorder.held_back(scores, carrying, rules.named.factor)
        if len(content_words(text)) <= rules.short:
            return moved
        if found.legs.keys() - {"lexical"}:
            moved.scores, moved.best = reorder.towards_best(
                moved.scores, self._documents, self._like, factors, rules.best.share, rules.best.most
            )
        moved.scores, moved.section = reorder.with_section(
            moved.scores, self._sections, factors, rules.section.share, rules.section.most
        )
        return moved

    def _like(self, row: int) -> dict[int, float]:
        """Cosine of passages with a passage, in the space that reads its language best."""
        from kb.search.semantic import near

        spaces = self.index.spaces
        name = "english" if "english" in spaces and row in self._english else list(spaces)[-1]
        return near(row, spaces[name])

    def _weights(self, found: _Found) -> Mapping[str, float]:
        """Shares of the legs: by the question's language, and by whether it is more than a word or two."""
        if found.matched.language != "en":
            return self.ranking.weights_other
        short = len(content_words(plain_text(found.tree))) <= self.ranking.short
        return self.ranking.weights_short if short else self.ranking.weights

    @cached_property
    def _sections(self) -> dict[int, tuple[str, str]]:
        """Row to its document and section."""
        return self.index.store.sections()

    @cached_property
    def _documents(self) -> dict[int, str]:
        """Row to its document."""
        return {row: document for row, (document, _) in self._sections.items()}

    @cached_property
    def _english(self) -> set[int]:
        return self.index.store.rowids("language", ["en"])

    def _factor(self, row: int) -> float:
        _, kind, part = self._passages[row]
        return self.ranking.kinds.get(kind, 1.0) * self.ranking.parts.get(part or "", 1.0)

    def _matching(self, found: _Found, verdict: Verdict, ranked: list[tuple[int, float]]) -> list[int]:
        """Rows that match: what the query requires, or those that hold any of its words."""
        if verdict.absent:
            return []
        if found.allowed is not None:
            return [row for row, _ in ranked]
        rows = found.legs.get("lexical") or {row: 1.0 for row, _ in ranked[: self.ranking.candidates]}
        return list(rows)

    def _hits(
        self,
        head: list[tuple[int, float]],
        reasons: _Reasons,
        found: _Found,
        room: tuple[int | None, int],
        nearest: bool,
    ) -> tuple[tuple[Hit, ...], set[int]]:
        """The hits to show, near-duplicates of one force folded, and the rows that were folded.

        `room` is how many hits are shown in all (None for no bound) and then how many of each force.
        """
        limit, per_force = room
        explained = {row: at for row, _ in head if (at := self.told.statement(row)) is not None}
        passages = self.index.store.rows([*(row for row, _ in head), *explained.values()])
        leaders = fold(
            [passages[row].text for row, _ in head], self.ranking.same_text, [self._forces[row] for row, _ in head]
        )
        shown: list[Hit] = []
        by_force: dict[str, int] = {}
        for i, (row, score) in enumerate(head):
            passage = passages[row]
            if leaders[i] != i or (limit is None and by_force.get(passage.force, 0) >= per_force):
                continue
            by_force[passage.force] = by_force.get(passage.force, 0) + 1
            also = tuple(passages[head[j][0]].id for j in range(len(head)) if leaders[j] == i and j != i)
            why = {**self._why(row, passage, reasons, found), "nearest": nearest}
            shown.append(
                hit_of(
                    passage, len(shown) + 1, score, why, also, passages[explained[row]] if row in explained else None
                )
            )
            if len(shown) == limit:
                break
        return tuple(shown), {head[i][0] for i, leader in enumerate(leaders) if leader != i}

    def _head(self, ranked: list[tuple[int, float]], each: int) -> list[tuple[int, float]]:
        """The first rows of each force, in order, with some to spare for those that repeat another."""
        left = dict.fromkeys(self.index.store.terms("force"), each)
        head = []
        for row, score in ranked:
            force = self._forces[row]
            if left[force]:
                left[force] -= 1
                head.append((row, score))
        return head

    def _why(self, row: int, passage: Passage, reasons: _Reasons, found: _Found) -> dict[str, Any]:
        """Reason for a hit: its score in each leg, the words it shares with the query, the factor of its kind, and what the
        second look saw."""
        matched = found.matched
        typed = [*matched.present, *matched.alike, *(o for others in matched.widened.values() for o in others)]
        legs = {name: round(leg[row], 4) for name, leg in found.legs.items() if row in leg}
        return {
            "legs": legs,
            "weights": {name: self._weights(found).get(name, 0.0) for name in legs},
            "factor": reasons.factors[row],
            "moved": reasons.moved.why(row),
            "marks": marks(passage.text, typed, passage.language),
            "widened": dict(matched.widened),
        }


def search_many(searcher: Searcher, queries: Sequence[Mapping[str, Any]], **options: Any) -> list[dict[str, Any]]:
    """Results for a batch: a row for each query with its id; a query that cannot be read gives its error, not an end."""
    rows = []
    for query in queries:
        try:
            found = searcher.search(str(query.get("query", "")), **options).model_dump(mode="json")
        except QueryError as error:
            found = {"query": query.get("query", ""), "hits": [], "total": 0, "error": str(error)}
        rows.append({"id": query.get("id"), **found})
    return rows
