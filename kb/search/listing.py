"""The list of a question: every passage that counts as found, in one order.

What is on it follows from the question, its filters and the index alone. A search shows a part of it, a page the next
part, an export all of it, and a count its length: so none of them has what another lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.engine import Engine, FacetCounts, picked
from kb.engine.filters import Among, Filter, Is, both
from kb.search.absence import Verdict
from kb.search.duplicates import fold
from kb.search.entries import Entries
from kb.search.lexical import Matched
from kb.search.pool import LEXICAL, Pool
from kb.search.ranking import Ranking
from kb.search.reorder import WHYS, Moved
from kb.search.room import PER_FORCE, Room


@dataclass(frozen=True)
class Found:
    """The candidates of one query, ranked: what it asks, what was found, and why they stand where they stand."""

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
    """The list of a question among its candidates: one place for each promise, repeated texts folded into the first.

    On it stands what matches, and what is near in meaning alone among the first `near` of the ranking or the first ten
    of its force.
    """

    def __init__(self, found: Found, engine: Engine, entries: Entries, ranking: Ranking) -> None:
        self.found, pool = found, found.pool
        passages, self.total, self.counts = _matching(found, engine, ranking)
        self.head = list(entries.words_first(pool.ids, pool.columns, found.order))
        at = np.asarray([shown for shown, _ in self.head], dtype=np.int64)
        self.ids = list(picked(pool.ids, at))
        self.forces = [pool.columns.force.names[code] for code in pool.columns.force.codes[at].tolist()]
        self.leaders = fold(engine.repeats(self.ids, ranking.same_text), self.forces)
        self.matches = self._places_that_match(passages, entries)
        self.held = int(passages.sum())
        first = [n for n, leader in enumerate(self.leaders) if leader == n]
        self.total = max(self.total - self.held + sum(self.matches[n] for n in first), 0)
        self.places = _listed(first, self.matches, self.forces, ranking.near)

    def _places_that_match(self, passages: np.ndarray, entries: Entries) -> list[bool]:
        """Whether each place of the ranking matches: its passage does, or another of the same promise, or one that is
        folded into it."""
        pool = self.found.pool
        entry = {at: entries.entry(self.ids[n]) for n, (_, at) in enumerate(self.head)}
        named = {each for each in entry.values() if each}
        met = {entries.entry(pool.ids[i]) for i in np.flatnonzero(passages).tolist()} if named else set()
        found = [bool(passages[shown]) or (entry[at] in met and bool(entry[at])) for shown, at in self.head]
        for n, leader in enumerate(self.leaders):
            found[leader] = found[leader] or found[n]
        return found

    def chosen(self, room: Room) -> list[int]:
        """The places of the list that a room has space for."""
        if room.every:
            return self.places
        if room.limit is not None:
            return self.places[: room.limit]
        return [n for n, at in zip(self.places, _nth(self.places, self.forces), strict=True) if at < room.per_force]

    def also(self, chosen: Sequence[int]) -> dict[int, list[str]]:
        """For each of those places the passages that are folded into it."""
        found: dict[int, list[str]] = {n: [] for n in chosen}
        for n, leader in enumerate(self.leaders):
            if leader != n and leader in found:
                found[leader].append(self.ids[n])
        return found


def _nth(places: Sequence[int], forces: Sequence[str]) -> list[int]:
    """For each of those places how many of its force come before it."""
    found, many = [], dict.fromkeys(forces, 0)
    for n in places:
        found.append(many[forces[n]])
        many[forces[n]] += 1
    return found


def _listed(first: Sequence[int], matches: Sequence[bool], forces: Sequence[str], near: int) -> list[int]:
    """Of the places of a ranking those on the list: what matches, and of the others what comes early."""
    of_force = _nth(first, forces)
    return [n for at, n in enumerate(first) if matches[n] or at < near or of_force[at] < PER_FORCE]


def _matching(found: Found, engine: Engine, ranking: Ranking) -> tuple[np.ndarray, int, Callable[[], FacetCounts]]:
    """Which candidates match (bool, parallel to them), how many passages do in all, and what counts the facets of
    everything that matches (of what is shown, where nothing does)."""
    pool, matched = found.pool, found.matched.query
    matches = np.zeros(len(pool.ids), dtype=bool)
    if found.verdict.absent:
        meaning = pool.legs.keys() - {LEXICAL}
        return matches, 0, lambda: engine.count(None if meaning else matched, found.within) if pool.ids else {}
    if found.required:
        return ~matches, found.total, lambda: engine.count(None, found.within)
    if found.total:
        return pool.worded, found.total, lambda: engine.count(matched, found.within)
    own = found.order[~pool.sought[found.order]]  # what was sought for its force alone depends on what is shown
    first = own[: ranking.candidates]
    matches[first] = True
    among = Among(tuple(picked(pool.ids, first)))
    return matches, len(first), lambda: engine.count(None, among) if len(first) else {}


def behind(own: Found, found: Found) -> Found:
    """All candidates, those that the legs found by themselves as they stand without the others, and behind them those
    that were sought for their force: what is sought moves nothing else, however many are shown."""
    at, sought = np.flatnonzero(~found.pool.sought), found.pool.sought

    def put(whole: np.ndarray | None, part: np.ndarray | None) -> np.ndarray | None:
        """Values of all, with those of a part in their places."""
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


def missing(listing: Listing, engine: Engine, room: Room) -> list[tuple[Filter, int]]:
    """Where more that matches is to be sought for a room, and how many passages: nothing where the candidates are
    enough, as they are where every passage is one."""
    found = listing.found
    if found.verdict.absent or found.total <= listing.held:
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


def lengthened(found: Found, engine: Engine, sought: Sequence[tuple[Filter, int]]) -> Found:
    """The candidates, and after them what else matches in those places, in the order of its words; what is required
    and has none of the words stands last, in source order."""
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
    scores = np.asarray(list(more.values()), dtype=np.float64)
    by_score = np.argsort(-scores, kind="stable")
    return _joined(found, engine, [list(more)[n] for n in by_score.tolist()], scores[by_score])


def _joined(found: Found, engine: Engine, ids: Sequence[str], words: np.ndarray) -> Found:
    """Candidates with others behind them, whose scores of words are given (float64 [n], falling)."""
    pool, many = found.pool, len(ids)
    every = [*pool.ids, *ids]

    def with_none(values: np.ndarray | None) -> np.ndarray | None:
        """The values, and none for each of the others."""
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
    worded, sought = (
        np.concatenate([held, np.full(many, new)]) for held, new in ((pool.worded, True), (pool.sought, False))
    )
    return replace(
        found,
        pool=Pool(every, engine.columns(every), legs, worded, sought, pool.lows),
        factors=np.concatenate([found.factors, np.ones(many)]),
        moved=moved,
        order=np.concatenate([found.order, len(pool.ids) + np.arange(many)]),
    )
