"""The candidates of a query: a few hundred passages from each leg, with every leg's score and the properties that
ranking needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kb.citing.family import TEXT
from kb.engine import Column, Columns, Engine, FullEngine, Leg, picked
from kb.engine.filters import Filter, Has, Is, both
from kb.engine.query import Query

LEXICAL = "lexical"


@dataclass(frozen=True)
class Question:
    """The input of the legs: a word query, a vector for each space, and the filter that answers must pass.

    `plain` has the vectors as the encoders returned them, before `kb.search.turn` moved them.
    """

    query: Query | None
    vectors: Mapping[str, np.ndarray]
    within: Filter
    plain: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass
class HasWords:
    """Which candidates contain words of the question, looked up only when needed.

    `has` and `known` are bool [n]. Where `known` is False, the function `look_up` determines it for candidates at given
    positions (int [m] to bool [m]).
    """

    has: np.ndarray
    known: np.ndarray
    look_up: Callable[[np.ndarray], np.ndarray]

    @classmethod
    def all_known(cls, has: np.ndarray) -> HasWords:
        """Return one for which nothing remains to be looked up."""
        return cls(has, np.ones(len(has), dtype=bool), lambda at: has[at])

    def at(self, positions: np.ndarray) -> np.ndarray:
        """Return whether the candidates at these positions (int [m]) contain words of the question: bool [m]."""
        unknown = np.unique(positions[~self.known[positions]])
        if len(unknown):
            self.has[unknown], self.known[unknown] = self.look_up(unknown), True
        return self.has[positions]

    def every(self) -> np.ndarray:
        """Return whether each candidate contains words of the question: bool [n]."""
        return self.at(np.arange(len(self.has)))

    def own(self, at: np.ndarray) -> HasWords:
        """Return the same for only the candidates at the positions `at` (int [m])."""
        return HasWords(self.has[at], self.known[at], lambda some: self.look_up(at[some]))

    def and_more(self, many: int) -> HasWords:
        """Return the same with `many` more candidates at the end, which are known to contain words."""
        more = np.ones(many, dtype=bool)
        return HasWords(np.concatenate([self.has, more]), np.concatenate([self.known, more]), self.look_up)


@dataclass
class Pool:
    """The candidates of a query, in source order. `legs` maps each leg to the score of each candidate: float64 [n], NaN
    when the leg did not find it.

    A passage that was found only by its meaning, and whose word score would be below the lowest in the pool, has no
    word score; `worded` knows whether it contains words of the question. `sought` (bool [n]) marks passages that were
    searched for only to fill their force. `lows` maps each leg to the score that counts as 0.
    """

    ids: Sequence[str]
    columns: Columns
    legs: dict[str, np.ndarray]
    worded: HasWords
    sought: np.ndarray
    lows: dict[str, float] = field(default_factory=dict)

    def own(self) -> Pool:
        """Return the pool without the candidates that were searched for only to fill their force (`sought`)."""
        at = np.flatnonzero(~self.sought)
        legs = {name: leg[at] for name, leg in self.legs.items()}
        columns, ids = self.columns.take(at), picked(self.ids, at)
        return Pool(ids, columns, legs, self.worded.own(at), self.sought[at], self.lows)


def retrieve_legs(engine: Engine, question: Question, k: int) -> dict[str, Leg]:
    """Retrieve the best `k` passages of each leg; a leg for which the question has no words or vector is left out."""
    legs = {LEXICAL: engine.words(question.query, question.within, k)} if question.query is not None else {}
    return legs | {name: engine.nearest(name, v, question.within, k) for name, v in question.vectors.items()}


_FIRST = 50
"""Number of first passages of a leg among which the one nearest to the unmoved vector of a question is determined."""


def beyond(
    engine: FullEngine,
    subjects: Mapping[str, np.ndarray],
    question: Question,
    legs: Mapping[str, Leg],
    official: Mapping[str, float],
) -> dict[str, float]:
    """Return for each space how much nearer a question is to a subject that the texts do not cover than to the best
    passage: a difference of cosines, -2 to 2.

    `subjects` are vectors by space, float32 [subjects, dim]. `official` (by space) is subtracted from the cosine of a
    passage of an official text: there are many such passages on every subject for which the register has only one
    entry.
    """
    return {
        name: float((subjects[name] @ vector).max())
        - _best(engine, name, question, legs[name], official.get(name, 0.0))
        for name, vector in question.plain.items()
        if name in subjects
    }


def _best(engine: FullEngine, space: str, question: Question, leg: Leg, official: float) -> float:
    """Return the nearness of the best passage of a leg to the question's plain vector, less `official` for passages of
    official texts; 0 when the leg found nothing."""
    if not len(leg.ids):
        return 0.0
    plain, ids = question.plain[space], leg.ids[:_FIRST]
    near = leg.scores[:_FIRST] if plain is question.vectors[space] else engine.nearness(space, plain, ids)
    if official:
        near = near - official * np.asarray([TEXT in id.partition("/")[0] for id in ids])
    return float(near.max())


def pool_of(
    engine: FullEngine, question: Question, legs: Mapping[str, Leg], required: bool, k: int, per_force: int = 0
) -> Pool:
    """Collect the candidates that the legs found.

    With `required` (the query has requirements) and no vectors, every passage that passes the filter is a candidate
    even if no leg found it: the first `k` in source order. With `per_force`, more passages are searched for of each
    force that has fewer than that.
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
    sought = np.full(len(ids), ids is not own)
    if ids is not own:
        sought[engine.places(own, ids)] = False
    pool = Pool(ids, engine.columns(ids), {}, HasWords.all_known(np.zeros(len(ids), dtype=bool)), sought)
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


def _worded(engine: FullEngine, has: Has, pool: Pool, leg: Leg, k: int) -> HasWords:
    """Return which candidates of the pool contain words of the question. When the word leg returned only its best
    passages, the other candidates are looked up, `k` at a time."""
    found = ~np.isnan(pool.legs[LEXICAL])
    if leg.total <= len(leg.ids):
        return HasWords.all_known(found)

    def look_up(at: np.ndarray) -> np.ndarray:
        """Return whether the candidates at these positions contain words of the question, looked up `k` at a time."""
        parts = [at[first : first + k] for first in range(0, len(at), k)]
        return np.concatenate([engine.carry(picked(pool.ids, some), has) for some in parts])

    return HasWords(found, found.copy(), look_up)


def _missing_forces(
    engine: FullEngine, question: Question, ids: Sequence[str], required: bool, per_force: int
) -> list[dict[str, Leg]]:
    """Run the legs again within each force that has fewer than `per_force` passages among the candidates; return their
    results. `required`: the filter of the question holds the query's requirements, so that without vectors every
    passage of it is a candidate."""
    force = engine.columns(ids).force
    held = np.bincount(force.codes, minlength=len(force.names))
    many = dict(zip(force.names, held.tolist(), strict=True))
    found = []
    for name, there in engine.terms("force").items():
        if many.get(name, 0) < min(per_force, there):
            of = replace(question, within=both(question.within, Is("force", (name,))))
            legs = retrieve_legs(engine, of, per_force)
            if required and not question.vectors:
                legs["required"] = engine.words(None, of.within, per_force)
            found.append(legs)
    return found


def values_of(column: Column, values: Mapping[str, float]) -> np.ndarray:
    """Return for each passage the number that `values` gives to its name in `column`: float64 [n]; 1 for a name without
    one."""
    return np.asarray([values.get(name, 1.0) for name in column.names] or [1.0], dtype=np.float64)[column.codes]
