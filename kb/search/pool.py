"""The candidates of a question: a few hundred passages from each leg, with every leg's score and what ranking needs of
them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kb.citing.family import TEXT
from kb.engine import Column, Columns, Engine, Leg, picked
from kb.engine.filters import Filter, Has, Is, both
from kb.engine.query import Query
from kb.ids import split

LEXICAL = "lexical"


@dataclass(frozen=True)
class Question:
    """What the legs are asked: words, a vector for each space, and which passages may answer.

    `plain` are the vectors as the encoders gave them, where `vectors` were turned (`kb.search.turn`).
    """

    query: Query | None
    vectors: Mapping[str, np.ndarray]
    within: Filter
    plain: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass
class Worded:
    """Which candidates have words of the question. What the legs did not tell is asked when it is needed: `known` and
    `has` are bool [n], `ask` gives bool [m] for positions (int [m])."""

    has: np.ndarray
    known: np.ndarray
    ask: Callable[[np.ndarray], np.ndarray]

    @classmethod
    def all_known(cls, has: np.ndarray) -> Worded:
        """Of which nothing is left to ask."""
        return cls(has, np.ones(len(has), dtype=bool), lambda at: has[at])

    def at(self, positions: np.ndarray) -> np.ndarray:
        """Whether the candidates at those positions (int [m]) have: bool [m]."""
        unknown = np.unique(positions[~self.known[positions]])
        if len(unknown):
            self.has[unknown], self.known[unknown] = self.ask(unknown), True
        return self.has[positions]

    def every(self) -> np.ndarray:
        """Whether each candidate has: bool [n]."""
        return self.at(np.arange(len(self.has)))

    def own(self, at: np.ndarray) -> Worded:
        """The same of the candidates at those positions alone."""
        return Worded(self.has[at], self.known[at], lambda some: self.ask(at[some]))

    def and_more(self, many: int) -> Worded:
        """The same with others behind them that have words."""
        more = np.ones(many, dtype=bool)
        return Worded(np.concatenate([self.has, more]), np.concatenate([self.known, more]), self.ask)


@dataclass
class Pool:
    """Candidates in source order. `legs` are parallel to `ids`: float64 [n], NaN where a leg did not find the passage.

    A passage that only its meaning brought, and whose words would stand below the pool's last, has no score for its
    words; `worded` says of each whether it has any of them. `sought` are those that were sought for their force alone
    (bool [n]).
    """

    ids: Sequence[str]
    columns: Columns
    legs: dict[str, np.ndarray]
    worded: Worded
    sought: np.ndarray
    lows: dict[str, float] = field(default_factory=dict)

    def own(self) -> Pool:
        """The candidates that a retriever found, without those that were sought for their force alone."""
        at = np.flatnonzero(~self.sought)
        legs = {name: leg[at] for name, leg in self.legs.items()}
        columns, ids = self.columns.take(at), picked(self.ids, at)
        return Pool(ids, columns, legs, self.worded.own(at), self.sought[at], self.lows)


def ask(engine: Engine, question: Question, k: int) -> dict[str, Leg]:
    """The best `k` of each leg; a leg without a question is not asked."""
    legs = {LEXICAL: engine.words(question.query, question.within, k)} if question.query is not None else {}
    return legs | {name: engine.nearest(name, v, question.within, k) for name, v in question.vectors.items()}


_FIRST = 50
"""Passages of a leg among which the one nearest to the plain vector of a question is sought."""


def beyond(
    engine: Engine,
    subjects: Mapping[str, np.ndarray],
    question: Question,
    legs: Mapping[str, Leg],
    official: Mapping[str, float],
) -> dict[str, float]:
    """How much nearer a question, as its encoder gave it, is to a subject that the texts are not about (float32
    [subjects, dim] by space) than to the best passage: cosines, -2 to 2, by space.

    Passages of official texts, which are many and of every subject that the register has one entry for, count as
    farther by `official` (by space)."""
    return {
        name: float((subjects[name] @ vector).max())
        - _best(engine, name, question, legs[name], official.get(name, 0.0))
        for name, vector in question.plain.items()
        if name in subjects
    }


def _best(engine: Engine, space: str, question: Question, leg: Leg, official: float) -> float:
    """How near the best passage of a leg is to the plain vector; 0 for a leg that found nothing."""
    if not len(leg.ids):
        return 0.0
    plain, ids = question.plain[space], leg.ids[:_FIRST]
    near = leg.scores[:_FIRST] if plain is question.vectors[space] else engine.nearness(space, plain, ids)
    return float((near - official * np.asarray([TEXT in split(id)[0] for id in ids])).max())


def pool_of(
    engine: Engine, question: Question, legs: Mapping[str, Leg], required: bool, k: int, per_force: int = 0
) -> Pool:
    """The pool of what the legs found.

    With `required` every passage within is a candidate, also one that no leg found, in source order up to `k`. With
    `per_force` so many of each force are sought where the legs brought fewer.
    """
    found = list(legs.values())
    if required and not question.vectors:
        found.append(engine.words(None, question.within, k))
    ids = own = engine.merged([leg.ids for leg in found])
    words = [legs[LEXICAL]] if LEXICAL in legs else []
    if per_force and any(leg.total > len(leg.ids) for leg in found):
        more = _missing_forces(engine, question, ids, required, per_force)
        words = [each[LEXICAL] for each in more if LEXICAL in each] + words
        ids = engine.merged([ids, *(leg.ids for each in more for leg in each.values())])
    sought = np.ones(len(ids), dtype=bool)
    sought[engine.places(own, ids)] = False
    pool = Pool(ids, engine.columns(ids), {}, Worded.all_known(np.zeros(len(ids), dtype=bool)), sought)
    for name, leg in legs.items():
        pool.lows[name] = leg.low
        scores = np.full(len(ids), np.nan)
        for each in words if name == LEXICAL else [leg]:
            scores[engine.places(each.ids, ids)] = each.scores
        if name != LEXICAL and leg.total > len(leg.ids):
            missing = np.flatnonzero(np.isnan(scores))
            scores[missing] = engine.nearness(name, question.vectors[name], picked(ids, missing))
        pool.legs[name] = scores
    if LEXICAL in legs and question.query is not None:
        pool.worded = _worded(engine, Has(question.query), pool, legs[LEXICAL], k)
    return pool


def _worded(engine: Engine, has: Has, pool: Pool, leg: Leg, k: int) -> Worded:
    """Which candidates have words of the question: those that the leg found, and where it gave only its best, those
    of the others that it would find, asked for `k` at once."""
    found = ~np.isnan(pool.legs[LEXICAL])
    if leg.total <= len(leg.ids):
        return Worded.all_known(found)

    def ask(at: np.ndarray) -> np.ndarray:
        """Whether the candidates at those positions have any, `k` at once."""
        parts = [at[first : first + k] for first in range(0, len(at), k)]
        return np.concatenate([engine.carry(picked(pool.ids, some), has) for some in parts])

    return Worded(found, found.copy(), ask)


def _missing_forces(
    engine: Engine, question: Question, ids: Sequence[str], required: bool, per_force: int
) -> list[dict[str, Leg]]:
    """What the legs find of each force of which fewer than `per_force` are among the candidates."""
    force = engine.columns(ids).force
    held = np.bincount(force.codes, minlength=len(force.names))
    many = dict(zip(force.names, held.tolist(), strict=True))
    found = []
    for name, there in engine.terms("force").items():
        if many.get(name, 0) < min(per_force, there):
            of = replace(question, within=both(question.within, Is("force", (name,))))
            legs = ask(engine, of, per_force)
            if required and not question.vectors:
                legs["required"] = engine.words(None, of.within, per_force)
            found.append(legs)
    return found


def values_of(column: Column, values: Mapping[str, float]) -> np.ndarray:
    """The value of each passage's name in a column; 1 where the name has none."""
    return np.asarray([values.get(name, 1.0) for name in column.names] or [1.0], dtype=np.float64)[column.codes]
