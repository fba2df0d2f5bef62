"""Search from query text to ranked, cited and explained hits."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

import numpy as np

from kb.engine import FullEngine, picked
from kb.engine.filters import AllOf, Filter, Is, NoneOf, both
from kb.engine.orders import falling
from kb.errors import InputError
from kb.index.live import Index
from kb.languages import is_main
from kb.search import constraint, everyday, nearby, reorder, turn, wordwise
from kb.search.absence import Retrieved, Verdict, judge
from kb.search.entries import Entries
from kb.search.filters import filter_of
from kb.search.fusion import fuse
from kb.search.language import content_words
from kb.search.lexical import Lexical
from kb.search.listing import Listing, RankedPool, behind, lengthened, missing
from kb.search.marks import marked
from kb.search.official import OfficialPassages
from kb.search.pool import LEXICAL, Pool, Question, beyond, pool_of, retrieve_legs, values_of
from kb.search.query import parse, plain_text, readable
from kb.search.ranking import Ranking, load_ranking
from kb.search.reasons import reasons
from kb.search.reorder import Moved
from kb.search.results import Hit, Results, hit_of, results_of
from kb.search.room import PER_FORCE, SPARE, Room
from kb.tagging.roles import load_roles

MODES = ("hybrid", "lexical", "semantic")
_ENCODED = 64
"""Number of questions whose vectors are cached, some kilobytes each."""
_KEPT = 16
"""Number of searches in a small index whose lists are cached, some ten kilobytes each, because a count of the same
query usually follows."""


class Searcher:
    """Answers queries over an open index; may be kept open and shared between threads."""

    def __init__(self, index: Index, ranking: Ranking | None = None) -> None:
        self.index = index
        self.ranking = ranking or load_ranking(index.corpus)
        self.named = load_roles(index.corpus / "taxonomy").named
        self._encoded: dict[str, dict[str, np.ndarray]] = {}
        self._kept: dict[tuple, tuple[Ranking, Listing]] = {}

    @property
    def engine(self) -> FullEngine:
        """The engine that finds passages."""
        return self.index.engine

    @cached_property
    def lexical(self) -> Lexical:
        """The word leg: converts the words of a query to a query of the engine."""
        return Lexical(self.engine, self.index.expansions, self.ranking)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Facets that a query may use as `name:value`."""
        return frozenset(self.engine.facets())

    @cached_property
    def entries(self) -> Entries:
        """The table that maps passages to entries of the register."""
        return Entries(self.index.promises)

    @cached_property
    def official(self) -> OfficialPassages:
        """The table of the official text of each register entry whose text is in the index."""
        return OfficialPassages(self.engine, self.entries)

    @property
    def depth(self) -> int:
        """Number of passages that each leg retrieves; in a small index, all passages."""
        rules = self.ranking
        return max(rules.pool, rules.whole) if self.engine.size <= rules.whole else rules.pool

    @cached_property
    def shown(self) -> Filter:
        """Filter of the passages that may be hits; kinds that are shown within their parent are excluded."""
        folded = tuple(kind for kind in self.ranking.folded if kind in self.engine.terms("kind"))
        return NoneOf(Is("kind", folded)) if folded else AllOf()

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
        every: bool = False,
        part: tuple[int, int] | None = None,
    ) -> Results:
        """Return ranked hits for a query; when nothing matches, the nearest passages, marked as such.

        Without `limit`, up to `per_force` hits of each force. With `every`, the whole result list
        (`kb.search.listing`); with `part`, a part of it: (position of the first hit, from 0; number of hits). `facets`
        are (name, term) filters; terms of one name are alternatives. Without `counts`, the facets of the matches are
        not counted: in a large index that takes longer than the search. Raises QueryError with a column for a query
        that cannot be parsed, InputError for an unknown mode or a limit below 1.
        """
        start = time.perf_counter()
        if mode not in MODES:
            raise InputError(f"unknown mode '{mode}'.", do=f"Modes are: {', '.join(MODES)}.")
        room = Room(limit, per_force, every or part is not None, part)
        if (per_force if limit is None else limit) < 1:
            raise InputError(
                f"limit {per_force if limit is None else limit} shows nothing.", do="Give a limit of 1 or more."
            )
        query = readable(query)
        filters = ([("document", document)] if document else []) + list(facets)
        listing = self._listing(query, mode, filters, method, room)
        hits = self._hits(listing, room)
        verdict = listing.found.verdict
        fields = {
            "query": query,
            "mode": mode,
            "took_ms": round((time.perf_counter() - start) * 1000, 2),
            "total": listing.total,
            "at_most": listing.at_most,
            "near": sum(not hit.why["matches"] for hit in hits),
            "message": verdict.message,
            "absent": verdict.absent,
            "state": verdict.state,
            "worded": verdict.worded,
            "hits": hits,
            "facets": listing.counts() if counts else {},
        }
        return results_of(fields)

    def ids(
        self, query: str, *, mode: str = "hybrid", facets: Sequence[tuple[str, str]] = (), method: str = "convex"
    ) -> tuple[str, ...]:
        """Return the identifiers of a query's whole result list, in order, without reading the passages. Raises as
        `search`."""
        listing = self._listing(readable(query), mode, list(facets), method, Room(every=True))
        return tuple(listing.ids[n] for n in listing.places)

    def counted(
        self, query: str, *, mode: str = "hybrid", facets: Sequence[tuple[str, str]] = (), method: str = "convex"
    ) -> tuple[int, dict[str, int]]:
        """Return the length of a query's whole result list, and by force how many of its hits match; exact for any size
        of index.

        Raises as `search`.
        """
        listing = self._listing(readable(query), mode, list(facets), method, Room(every=True))
        return len(listing.places), listing.matching()

    def _listing(self, query: str, mode: str, filters: Sequence[tuple[str, str]], method: str, room: Room) -> Listing:
        """Return the result list of a query, at least as long as `room` needs.

        In a small index, where every passage is a candidate, the list is the same for every room and is cached.
        """
        key = (query, mode, tuple(filters), method)
        ranking, kept = self._kept.get(key, (None, None))
        if kept is not None and ranking is self.ranking:
            return kept
        found = self._find(query, mode, filters, method, room)
        parts = (self.engine, self.entries, self.ranking, self.official)
        listing = Listing(found, *parts)
        if self.depth >= self.engine.size:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            listing.at_most = False
            self._kept[key] = self.ranking, listing
        elif sought := missing(listing, self.engine, room):
            longer = Listing(lengthened(found, self.engine, sought), *parts)
            longer.counts = listing.counts
            if not room.every:  # the count does not depend on how many hits are shown
                longer.total, longer.at_most = listing.total, listing.at_most
            return longer
        return listing

    def retrieve(
        self, query: str, mode: str = "hybrid", filters: Sequence[tuple[str, str]] = (), depth: int | None = None
    ) -> tuple[Retrieved, Question, int | None]:
        """Run the legs of a query, each for `depth` passages.

        Returns the results of the legs, the question sent to them, and how many passages meet the query's requirement
        (None when nothing is required). When none does, the legs run without the requirement.
        """
        of = (self.lexical.required, self.engine, self.index.names)
        tree, beside, needed = constraint.split(parse(query, self.fields), *of)
        text = plain_text(tree)
        within = both(self.shown, filter_of(self.engine, filters, self.index.names if filters else None), *beside)
        matched = self.lexical.match(tree)
        inside = both(within, needed) if needed is not None else within
        met = self.engine.words(None, inside, 1).total if needed is not None else None
        word_query = matched.query if mode != "semantic" else None
        vectors = self._vectors(text) if mode != "lexical" and text else {}
        turned = turn.turned(vectors, self.index.encoders, self.index.corpus, self.ranking.turn) if vectors else {}
        question = Question(word_query, turned, within if met == 0 else inside, vectors)
        found = self._retrieved(Retrieved(tree, matched, self.lexical, within, {}), question, depth or self.depth)
        if filters or beside:
            wide = replace(question, within=self.shown)
            found = replace(
                found, unfiltered=lambda: self._retrieved(replace(found, within=self.shown), wide, self.depth)
            )
        return found, question, met

    def _retrieved(self, asked: Retrieved, question: Question, depth: int) -> Retrieved:
        """Return `asked` with the results of its legs within the filter of `question`."""
        legs = retrieve_legs(self.engine, question, depth)
        subjects = self.index.subjects if question.plain else {}
        of = self.index, question.plain, legs, asked.matched.language
        near, near_paper = nearby.to_nearest(*of), nearby.to_nearest(*of, of_paper=True)
        far = beyond(self.engine, subjects, question, legs, self.ranking.nothing_official)
        return replace(asked, legs=legs, beyond=far, near=near, near_paper=near_paper)

    def _find(self, query: str, mode: str, filters: Sequence[tuple[str, str]], method: str, room: Room) -> RankedPool:
        """Return the ranked candidates of a query: run the legs, fuse their scores, re-rank.

        The depth of each leg does not depend on how many hits are shown.
        """
        asked, question, met = self.retrieve(query, mode, filters)
        legs = asked.legs
        verdict = judge(asked, None if met is None else met > 0, self.ranking, mode)
        each = PER_FORCE * SPARE if room.limit is None else 0
        pool = pool_of(self.engine, question, legs, bool(met), self.depth, each)
        total = met if met else legs[LEXICAL].total if LEXICAL in legs else 0
        total = 0 if verdict.absent else total
        found = self._ranked(asked, question.within, bool(met), verdict, pool, total, method)
        if not pool.sought.any():
            return found
        own = self._ranked(asked, question.within, bool(met), verdict, pool.own(), total, method)
        return behind(own, found)

    def _vectors(self, text: str) -> dict[str, np.ndarray]:
        """Embed the question in each space; cached, so that the same question with other filters is not embedded
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
    ) -> RankedPool:
        """Rank the candidates of `pool` by fused score times the factor of their kind, then re-rank; equal scores are
        in source order. `method` is the way of fusion. `required` (whether the query has requirements), `verdict` and
        `total` (number of matching passages) are only passed on to the result."""
        text, matched = plain_text(asked.tree), asked.matched
        is_long = len(content_words(text)) > self.ranking.short
        weights = self._weights(matched.language, is_long)
        legs = pool.legs or {LEXICAL: np.full(len(pool.ids), np.nan)}
        lows = {**pool.lows, LEXICAL: 0.0}
        factors = self._factors(pool)
        scores = fuse(legs, weights, method, self.ranking.rrf_k, lows) * factors
        rules = self.ranking
        words = everyday.EverydayMatch(
            text, matched.language, self.index.corpus, rules.everyday, rules.everyday_most, rules.everyday_word
        )
        scores, matched_share = everyday.moved(scores, pool, words)
        moved = self._second_look(scores, factors, pool, text, is_long)
        moved.everyday = matched_share
        if is_long and pool.legs.keys() - {LEXICAL}:
            held = nearby.load_nearby(self.index.corpus)
            arguments = held, self._vectors(text), self.index.encoders, matched.language, rules.nearby
            near = partial(nearby.nearness, *arguments)
            moved.scores, moved.nearby = nearby.moved(moved.scores, pool, self.entries, near, held, rules.nearby)
            to = pool, self.entries, self.index, text, rules.wordwise
            moved.scores, moved.wordwise = wordwise.moved(moved.scores, *to)
            above, most = self.entries.above, rules.narrower_most
            moved.scores, moved.above = reorder.above_first(moved.scores, pool.ids, above, rules.above, most)
        order = falling(moved.scores)
        if not pool.legs:  # only filters: no passage answers better, so a text's preamble comes after its provisions
            order = reorder.preambles_last(order, pool.ids)
        return RankedPool(matched, within, required, verdict, pool, total, weights, factors, moved, order)

    def _weights(self, language: str, is_long: bool) -> Mapping[str, float]:
        """Return the weight of each leg, which depends on the question's language and on whether it has more words than
        a short one (`is_long`)."""
        if not is_main(language):
            return self.ranking.weights_other
        return self.ranking.weights if is_long else self.ranking.weights_short

    def _factors(self, pool: Pool) -> np.ndarray:
        """Return the factor of each candidate: that of its kind times that of its part."""
        kind = values_of(pool.columns.kind, self.ranking.kinds)
        return kind * values_of(pool.columns.part, self.ranking.parts)

    def _second_look(self, scores: np.ndarray, factors: np.ndarray, pool: Pool, text: str, is_long: bool) -> Moved:
        """Re-rank the candidates. Things that the question names count in every question; the best passage, the section
        and the parts only in a question of more than two words (`is_long`)."""
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
        """Return the cosine of each candidate at the positions `members` with the best passage of its document
        (`leaders`, same length), in the space that supports its language best."""
        spaces, language = self.engine.spaces, pool.columns.language
        english = np.asarray([is_main(name) for name in language.names])[language.codes[leaders]]
        found = np.full(len(members), np.nan)
        for name, chosen in (("english", english), (spaces[-1], ~english)):
            at = np.flatnonzero(chosen)
            if len(at):
                ids = [picked(pool.ids, side[at]) for side in (members, leaders)]
                found[at] = self.engine.similar(name if name in spaces else spaces[-1], *ids)
        return found

    def _hits(self, listing: Listing, room: Room) -> tuple[Hit, ...]:
        """Build the hits at the places that `room` shows. Passages of one force with the same text are one hit; for a
        promise, the official text is the hit, with the statement of its register entry."""
        found, every = listing.found, listing.ids
        pool, chosen = found.pool, listing.chosen(room)
        ids, replaced = {n: every[n] for n in chosen}, listing.replaced
        shown, ranked = listing.shown[chosen], listing.ranked[chosen]
        kinds, languages = pool.columns.kind.names_at(shown), pool.columns.language.names_at(shown)
        entries = {
            n: replaced.get(n) or self.entries.explained(ids[n], kind) for n, kind in zip(chosen, kinds, strict=True)
        }
        fields = self.engine.fields([*ids.values(), *filter(None, entries.values())])
        also = listing.also(chosen)
        if swapped := [at for at, n in enumerate(chosen) if n in replaced]:
            spoken = self.engine.columns([ids[chosen[at]] for at in swapped]).language
            for n, at in enumerate(swapped):
                languages[at] = spoken.at(n)
        marks = marked(self.engine.stems(picked(every, np.asarray(chosen, dtype=int))), found.matched.typed, languages)
        whys = reasons(shown, pool, found.weights, found.factors, found.moved, found.matched.widened)
        scores = found.moved.scores[ranked].tolist()
        matches, hits = listing.matches(chosen), []
        before = 1 + (room.part[0] if room.part else 0)
        for rank, (n, why, score) in enumerate(zip(chosen, whys, scores, strict=True)):
            why["marks"], why["nearest"] = marks[rank], found.verdict.absent
            why["matches"] = matches[rank]
            statement = fields.get(entries[n] or "")
            hits.append(hit_of(fields[ids[n]], before + rank, score, why, tuple(also[n]), statement))
        return tuple(hits)
