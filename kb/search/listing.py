"""The result list of a query: every passage that counts as found, in one order.

The list depends only on the query, its filters and the index. A search shows its beginning, a page the next part, an
export all of it, and a count its length, so that all of them agree.

A place is a position in the ranking, counted from 0. It stands for one promise: all passages that are shown together
there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kb.engine import Engine, FacetCounts, FullEngine, picked
from kb.engine.filters import Among, Filter, Is, both
from kb.search.absence import Verdict
from kb.search.duplicates import fold
from kb.search.entries import Entries
from kb.search.lexical import Matched
from kb.search.official import OfficialPassages
from kb.search.pool import LEXICAL, HasWords, Pool
from kb.search.ranking import Ranking
from kb.search.reorder import WHYS, Moved
from kb.search.room import PER_FORCE, Room


@dataclass(frozen=True)
class RankedPool:
    """The ranked candidates of one query, with the parsed query and the numbers that explain the ranking. `order` has
    positions of candidates in `pool`, best first."""

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


class Listing:
    """The result list of a query: one place for each promise; a passage that repeats the text of an earlier one is
    folded into its place.

    A passage is listed if it matches, or if it is near in meaning and among the first `near` of the ranking or the
    first ten of its force.
    """

    def __init__(
        self, found: RankedPool, engine: FullEngine, entries: Entries, ranking: Ranking, official: OfficialPassages
    ) -> None:
        self.found, pool = found, found.pool
        self._worded, total, self.counts = _matching(found, engine, ranking)
        self._near = ranking.near
        self.shown, self.ranked = entries.words_first(pool.ids, pool.columns, found.order)
        ids = picked(pool.ids, self.shown)
        instead = official.instead(ids, found.within, found.matched.language)
        self.replaced = {n: ids[n] for n in instead}
        """Places that show official words instead of the statement that was found, with the entry of that statement."""
        self.ids = [instead.get(n, id) for n, id in enumerate(ids)] if instead else ids
        pairs = engine.repeats(self.ids, ranking.same_text)
        leaders = fold(pairs, self.forces) if pairs else []
        self.folded = {n: leader for n, leader in enumerate(leaders) if leader != n}
        self.first = [n for n in range(len(self.ids)) if n not in self.folded]
        self._several = self._groups(entries)
        self.total = max(total - self._more_than_one(), 0)
        self._in_index = total

    @cached_property
    def forces(self) -> list[str]:
        """The force of the passage shown at each place."""
        return self.found.pool.columns.force.names_at(self.shown)

    def _groups(self, entries: Entries) -> dict[int, list[int]]:
        """For each place that stands for several candidates, the positions of these: passages of the same promise, and
        those folded into it."""
        pool = self.found.pool
        promised = np.flatnonzero(entries.may_hold.among(pool.columns.document.names)[pool.columns.document.codes])
        by_entry: dict[str, list[int]] = {}
        for i, id in zip(promised.tolist(), picked(pool.ids, promised), strict=True) if len(promised) else ():
            if entry := entries.entry(id):
                by_entry.setdefault(entry, []).append(i)
        some = {}
        if by_entry:
            some = {n: by_entry[entry] for n, id in enumerate(self.ids) if (entry := entries.entry(id))}
        found = {n: list(held) for n, held in some.items() if n not in self.folded}
        for n, leader in self.folded.items():
            own = found.setdefault(leader, [int(self.shown[leader])])
            own += some.get(n, [int(self.shown[n])])
        return {n: held for n, held in found.items() if len(held) > 1}

    def _more_than_one(self) -> int:
        """Count the matching passages that share a place with another matching passage."""
        held = list(self._several.values())
        if not held:
            return 0
        # together with those that nearly every search shows, for one request to the engine
        shown = self.shown[self.first[:PER_FORCE]].tolist()
        several = [i for some in held for i in some]
        has = self._worded.at(np.asarray(several + shown))[: len(several)].astype(np.int64)
        starts = np.cumsum([0, *(len(some) for some in held[:-1])])
        many = np.add.reduceat(has, starts)
        return int((many - np.minimum(many, 1)).sum())

    def matches(self, places: Sequence[int]) -> list[bool]:
        """Return whether each of these places matches: its passage does, or another one of the same promise, or one
        folded into it."""
        alone = self.shown[places].tolist() if len(places) else []
        if self._several.keys().isdisjoint(places):
            return self._worded.at(np.asarray(alone, dtype=np.int64)).tolist()
        held = [self._several.get(n) or [i] for n, i in zip(places, alone, strict=True)]
        has = self._worded.at(np.asarray([i for some in held for i in some]))
        starts = np.cumsum([0, *(len(some) for some in held[:-1])])
        return np.logical_or.reduceat(has, starts).tolist()

    @cached_property
    def held(self) -> int:
        """Number of candidates that match."""
        return int(self._worded.every().sum())

    @cached_property
    def at_most(self) -> bool:
        """Whether `total` is an upper limit: more passages match than are candidates, and repeated texts among the rest
        are counted too."""
        return self._in_index > len(self.found.pool.ids) or self._in_index > self.held

    def matching(self) -> dict[str, int]:
        """Count by force the places of the list that match."""
        met = self.matches(self.places)
        return dict(Counter(self.forces[n] for n, is_match in zip(self.places, met, strict=True) if is_match))

    @cached_property
    def places(self) -> list[int]:
        """The places of the ranking that are listed, in order."""
        return _listed(self.first, self.matches(self.first), self.forces, self._near)

    def is_enough(self, room: Room) -> bool:
        """Return whether `room` needs only the first places, which are listed whether they match or not."""
        if room.every:
            return False
        if room.limit is not None:
            return room.limit <= min(self._near, len(self.first))
        return room.per_force <= PER_FORCE

    def chosen(self, room: Room) -> list[int]:
        """Return the places of the list that `room` shows."""
        places = self.first if self.is_enough(room) else self.places
        if room.every:
            first, many = room.part or (0, len(places))
            return places[first : first + many]
        if room.limit is not None:
            return places[: room.limit]
        return [n for n, at in zip(places, _nth(places, self.forces), strict=True) if at < room.per_force]

    def also(self, chosen: Sequence[int]) -> dict[int, list[str]]:
        """Return for each of these places the identifiers of the passages folded into it."""
        found: dict[int, list[str]] = {n: [] for n in chosen}
        for n, leader in self.folded.items():
            if leader in found:
                found[leader].append(self.ids[n])
        return found


def _nth(places: Sequence[int], forces: Sequence[str]) -> list[int]:
    """Return for each place how many earlier places have the same force."""
    found, many = [], dict.fromkeys(forces, 0)
    for n in places:
        found.append(many[forces[n]])
        many[forces[n]] += 1
    return found


def _listed(first: Sequence[int], matches: Sequence[bool], forces: Sequence[str], near: int) -> list[int]:
    """Return the places that are on the list: those that match (`matches` is parallel to `first`), the first `near`,
    and the first ten of each force."""
    each = zip(first, matches, _nth(first, forces), strict=True)
    return [n for at, (n, is_match, of_force) in enumerate(each) if is_match or at < near or of_force < PER_FORCE]


def _matching(found: RankedPool, engine: Engine, ranking: Ranking) -> tuple[HasWords, int, Callable[[], FacetCounts]]:
    """Return which candidates match, how many passages match in all, and a function that counts the facets of all
    matching passages (when nothing matches, of the passages shown)."""
    pool, matched = found.pool, found.matched.query
    none = HasWords.all_known(np.zeros(len(pool.ids), dtype=bool))
    if found.verdict.absent:
        meaning = pool.legs.keys() - {LEXICAL}
        return none, 0, lambda: engine.count(None if meaning else matched, found.within) if pool.ids else {}
    if found.required:
        return HasWords.all_known(~none.has), found.total, lambda: engine.count(None, found.within)
    if found.total:
        return pool.worded, found.total, lambda: engine.count(matched, found.within)
    own = found.order[~pool.sought[found.order]]  # those depend on how many hits are shown
    first = own[: ranking.candidates]
    none.has[first] = True
    among = Among(tuple(picked(pool.ids, first)))
    return none, len(first), lambda: engine.count(None, among) if len(first) else {}


def behind(own: RankedPool, found: RankedPool) -> RankedPool:
    """Rank candidates that were searched for only to fill their force (`found` minus `own`) after all others, which
    keep the scores and the order that they have in `own`.

    So the number of hits that are shown does not change the ranking of the others.
    """
    at, sought = np.flatnonzero(~found.pool.sought), found.pool.sought

    def put(whole: np.ndarray | None, part: np.ndarray | None) -> np.ndarray | None:
        """Return the values of all candidates: those of `whole` (NaN when None), overwritten with `part` at the
        positions of the candidates of `own`; None when both are None."""
        if whole is None and part is None:
            return None
        made = np.full(len(sought), np.nan) if whole is None else whole.copy()
        made[at] = np.nan if part is None else part
        return made

    scores = found.moved.scores.copy()
    scores[at] = own.moved.scores
    scores[sought] = np.minimum(scores[sought], own.moved.scores.min(initial=1.0))
    whys = {name: put(getattr(found.moved, name), getattr(own.moved, name)) for name in WHYS}
    order = np.concatenate([at[own.order], found.order[sought[found.order]]])
    return replace(found, moved=Moved(scores, found.moved.lacks, **whys), order=order)


def missing(listing: Listing, engine: FullEngine, room: Room) -> list[tuple[Filter, int]]:
    """Return (filter, number of passages) for each further search that is needed to fill `room`; empty when the
    candidates suffice."""
    found = listing.found
    if found.verdict.absent or listing.is_enough(room) or found.total <= listing.held:
        return []
    if room.every:
        return [(found.within, found.total)]
    if room.limit is not None:
        return [(found.within, listing.held + room.deep)] if len(listing.places) < room.limit else []
    force = found.pool.columns.force
    here = np.bincount(force.codes, minlength=len(force.names)).tolist()
    held, listed = dict(zip(force.names, here, strict=True)), [listing.forces[n] for n in listing.places]
    return [
        (both(found.within, Is("force", (name,))), held.get(name, 0) + room.deep)
        for name, there in engine.terms("force").items()
        if room.per_force > PER_FORCE and there > held.get(name, 0) and listed.count(name) < room.per_force
    ]


def lengthened(found: RankedPool, engine: FullEngine, sought: Sequence[tuple[Filter, int]]) -> RankedPool:
    """Append further matching passages, those of the searches `sought`, to the candidates. They are ordered by their
    word score; passages that meet the requirement but contain none of the words come last, in source order."""
    asked = [found.matched.query] if found.matched.query is not None else []
    legs = [engine.words(query, *each) for each in sought for query in (*asked, *([None] if found.required else []))]
    known = set(found.pool.ids)
    more: dict[str, float] = {}
    for leg in legs:
        for id, score in zip(leg.ids, leg.scores.tolist(), strict=True):
            if id not in known:
                more.setdefault(id, score)
    if not more:
        return found
    return _joined(found, engine, *falling(more))


def falling(more: Mapping[str, float]) -> tuple[list[str], np.ndarray]:
    """Return the identifiers of `more` by score, highest first (equal scores keep their order), and their scores
    (float64 [n])."""
    ids, scores = list(more), np.asarray(list(more.values()), dtype=np.float64)
    by_score = np.argsort(-scores, kind="stable")
    return [ids[n] for n in by_score.tolist()], scores[by_score]


def _joined(found: RankedPool, engine: FullEngine, ids: Sequence[str], words: np.ndarray) -> RankedPool:
    """Append passages to the candidates; `words` has their word scores (float64 [n], falling)."""
    pool, many = found.pool, len(ids)
    every = [*pool.ids, *ids]

    def with_none(values: np.ndarray | None) -> np.ndarray | None:
        """Append one NaN to the values for each appended passage; None stays None."""
        return None if values is None else np.concatenate([values, np.full(many, np.nan)])

    legs = {
        name: np.concatenate([leg, words if name == LEXICAL else np.full(many, np.nan)])
        for name, leg in pool.legs.items()
    }
    least = float(found.moved.scores.min()) if len(pool.ids) else 1.0
    share = words / words.max() if words.max() > 0 else np.ones(many)
    moved = Moved(
        np.concatenate([found.moved.scores, least * share]),
        {facet: np.concatenate([lacking, np.zeros(many, dtype=bool)]) for facet, lacking in found.moved.lacks.items()},
        **{name: with_none(getattr(found.moved, name)) for name in WHYS},
    )
    sought = np.concatenate([pool.sought, np.zeros(many, dtype=bool)])
    return replace(
        found,
        pool=Pool(every, engine.columns(every), legs, pool.worded.and_more(many), sought, pool.lows),
        factors=np.concatenate([found.factors, np.ones(many)]),
        moved=moved,
        order=np.concatenate([found.order, len(pool.ids) + np.arange(many)]),
    )
