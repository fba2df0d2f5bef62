"""Change the ranking of proposals by people's decisions.

In the policy itself, confirmed passages are ranked first and rejected ones last, with the boundaries that they had
when decided. Other clauses move a little: up if they are similar to confirmed clauses or are evidence for a related
criterion, down if they are similar to rejected ones. Decisions on other policies count less.

Only the ranking changes: silence, confidence and grade are still those of the measured model. Weights are in
standard deviations of a criterion's scores; `benchmarks/learning.py` replays decisions with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kb.assess import retrieval
from kb.assess.examples import DIRECT, NOT_EVIDENCE, Example, Examples, nearest_mean
from kb.assess.features import PolicyFeatures
from kb.assess.provisions import source_pieces
from kb.assess.units import PolicyUnit
from kb.assess.windows import Window
from kb.text import sha256_text

CONFIRMED_HERE, REJECTED_HERE = 0.2, 0.15
"""Weights of nearness to the nearest three clauses confirmed in the policy, and to the nearest rejected one. Larger
ones, and being beside a confirmed clause, looked good where clauses alone were ranked and did not in the list that is
shown (corpus/examples/README.md)."""
SAME, LIKE_KIN = 0.15, 0.15
"""Weights for a clause confirmed under another criterion, and for one like it, times how much the two criteria share
(`kinship`)."""
CONFIRMED, REJECTED = 0.2, 0.15
"""Weights of nearness to clauses of other policies. As further examples of the criterion they help less: with those of
twelve policies recall@5 of others is .660 this way, .656 that way and .649 without."""
HALF = 1.0
"""Decisions after which half of a weight is used: one decision is weak evidence."""
MOST_KIN = 3.0
"""Highest kinship of two criteria: a few shared clauses make a large number by chance."""
ALL_CLAUSES = 3.5
"""Number of clauses in the judged policies for each one with a judgement."""
SAID = 0.3
"""Smallest move, in standard deviations, that `why` mentions."""
CONFIRMED_ITSELF, REJECTED_ITSELF = ("confirmed here",), ("rejected here",)
"""What `why` states of a passage that was itself decided on."""


@dataclass(frozen=True)
class Settled:
    """The passages of one policy that people confirmed or rejected for one criterion."""

    confirmed: tuple[Window, ...] = ()
    rejected: tuple[Window, ...] = ()

    def taken(self, count: int) -> np.ndarray:
        """Return which of `count` clauses are inside such a passage: bool [count]."""
        made = np.zeros(count, dtype=bool)
        made[units_of((*self.confirmed, *self.rejected))] = True
        return made


@dataclass(frozen=True)
class Decisions:
    """People's decisions that affect one policy: `here` holds those on the policy itself, by criterion; `moves`
    holds changes of rank scores, including those by decisions on other policies."""

    here: dict[str, Settled]
    moves: dict[str, np.ndarray]
    """By reason, how far each clause moves: float [criteria, units], in standard deviations of the criterion."""

    def of(self, criterion: str) -> Settled:
        """Return the passages decided in the policy for a criterion; an empty `Settled` if there are none."""
        return self.here.get(criterion, Settled())


def units_of(stretches: Iterable[Window]) -> list[int]:
    """Return the positions of all clauses in the passages."""
    return [number for one in stretches for number in range(one.first, one.last + 1)]


def decisions(found: PolicyFeatures, decided: Examples | None, file: str, judged: Examples | None) -> Decisions | None:
    """Return the effect of the examples `decided` on the policy of `found`, whose file has the hash `file`; None when
    there are none.

    Clauses of that file that have a decision id were decided on in this policy. The same text in another assessment,
    and decisions of others, count as other policies. `judged` are the examples from which is computed how closely two
    criteria are related.
    """
    if decided is None or not len(decided) or found.vectors is None:
        return None
    same = {id for id, policy in decided.policies.items() if policy.sha256 == file}
    own = [one for one in decided.clauses if one.decision and one.policy in same]
    here = _here(found.units, own) if own else {}
    elsewhere = decided.keep(lambda clause: not (clause.decision and clause.policy in same))
    return settled_as(found, here, elsewhere, kinship(judged, found.criteria) if judged else None)


def settled_as(
    found: PolicyFeatures, here: dict[str, Settled], elsewhere: Examples | None = None, kin: np.ndarray | None = None
) -> Decisions:
    """Build the decisions on a policy from decided passages `here` and examples `elsewhere`; `kin` (float [criteria,
    criteria]) is the result of `kinship`."""
    moves = _moves_here(found, here)
    if kin is not None:
        moves["kin"] = _kin(found, here, kin)
    if elsewhere is not None and len(elsewhere):
        moves["elsewhere"] = _elsewhere(found, elsewhere)
    return Decisions(here, moves)


def _here(units: tuple[PolicyUnit, ...], clauses: list[Example]) -> dict[str, Settled]:
    """Return the passages of these units on which people decided, by criterion; when decisions overlap, the
    confirmation counts."""
    number = {(sha256_text(unit.text)[:16], source_pieces(unit.parts)): n for n, unit in enumerate(units)}
    at: dict[tuple[str, int], dict[str, list[int]]] = {}
    for clause in clauses:
        if (place := number.get((clause.sha256, clause.pieces))) is not None:
            for criterion, grade in clause.grades.items():
                at.setdefault((criterion, grade), {}).setdefault(clause.decision, []).append(place)
    made = {}
    for criterion in {criterion for criterion, _ in at}:
        free = np.ones(len(units), dtype=bool)
        both = [_stretches(at.get((criterion, grade), {}), free) for grade in (DIRECT, NOT_EVIDENCE)]
        made[criterion] = Settled(*both)
    return made


def _stretches(quoted: dict[str, list[int]], free: np.ndarray) -> tuple[Window, ...]:
    """Return for each quotation its clauses as passages without gaps; each clause is used once. `free` (bool [units])
    marks the clauses not yet used."""
    runs: list[list[int]] = []
    for places in quoted.values():
        last = None
        for place in sorted(set(places)):
            if free[place]:
                free[place] = False
                if place - 1 == last:
                    runs[-1].append(place)
                else:
                    runs.append([place])
                last = place
    return tuple(Window(run[0], run[-1], run[0]) for run in runs)


def kinship(judged: Examples, criteria: tuple[str, ...]) -> np.ndarray:
    """Return how related each two criteria are: the logarithm of how many times more clauses are direct evidence for
    both than by chance, smoothed by one clause, at most MOST_KIN (float [criteria, criteria])."""
    direct = np.stack([judged.graded(criterion) == DIRECT for criterion in criteria]).astype(np.float64)
    own = direct.sum(axis=1)
    chance = np.outer(own, own) / max(1.0, ALL_CLAUSES * len(judged))
    return np.minimum(np.log((direct @ direct.T + 1) / (chance + 1)), MOST_KIN)


def moved(ranks: np.ndarray, decided: Decisions | None) -> np.ndarray:
    """Return the rank scores `ranks` (float [criteria, units]) changed by people's decisions; unchanged when `decided`
    is None."""
    if decided is None:
        return ranks
    return ranks + np.maximum(ranks.std(axis=1, keepdims=True), 1e-9) * sum(decided.moves.values())


def _moves_here(found: PolicyFeatures, here: dict[str, Settled]) -> dict[str, np.ndarray]:
    """Return by reason how decisions under a criterion move the other clauses of the policy: float [criteria, units]
    each."""
    count = len(found.units)
    made = {name: np.zeros((len(found.criteria), count)) for name in ("near", "like rejected")}
    for i, settled in ((i, here[c]) for i, c in enumerate(found.criteria) if c in here):
        confirmed, rejected = units_of(settled.confirmed), units_of(settled.rejected)
        if confirmed:
            near = nearest_mean(found.embedded @ found.embedded[confirmed].T, 3)
            made["near"][i] = CONFIRMED_HERE * _sure(len(confirmed)) * _standard(near)
        if rejected:
            near = (found.embedded @ found.embedded[rejected].T).max(axis=1)
            made["like rejected"][i] = -REJECTED_HERE * _sure(len(rejected)) * _standard(near)
    return made


def _kin(found: PolicyFeatures, here: dict[str, Settled], kin: np.ndarray) -> np.ndarray:
    """Return the moves by confirmations under other criteria, weighted by how related these are: float [criteria,
    units]."""
    shape = (len(found.criteria), len(found.units))
    same, like = np.full(shape, -np.inf), np.zeros(shape)
    for other, at in ((i, units_of(here[c].confirmed)) for i, c in enumerate(found.criteria) if c in here):
        if at:
            shared = kin[:, other : other + 1].copy()
            shared[other] = -np.inf
            same[:, at] = np.maximum(same[:, at], shared)
            near = np.maximum((found.embedded @ found.embedded[at].T).max(axis=1), 0.0)
            like = np.maximum(like, np.maximum(shared, 0.0) * near)
    return SAME * np.where(np.isfinite(same), same, 0.0) + LIKE_KIN * like


def _elsewhere(found: PolicyFeatures, clauses: Examples) -> np.ndarray:
    """Return the moves by nearness to clauses that were confirmed or rejected in other policies: float [criteria,
    units]."""
    cosines = found.embedded @ clauses.vectors.T
    made = np.zeros((len(found.criteria), len(found.units)))
    for i, criterion in enumerate(found.criteria):
        grades = clauses.graded(criterion)
        for grade, weight in ((DIRECT, CONFIRMED), (NOT_EVIDENCE, -REJECTED)):
            own = cosines[:, grades == grade]
            if own.shape[1]:
                made[i] += weight * _sure(own.shape[1]) * _standard(own.max(axis=1))
    return made


def _sure(count: int) -> float:
    return count / (count + HALF)


def _standard(values: np.ndarray) -> np.ndarray:
    return retrieval.standard(values[None, :])[0]


def learnt(found: PolicyFeatures, number: int, window: Window, decided: Decisions | None) -> tuple[str, ...]:
    """Return sentences on how decisions moved a passage under a criterion (its position `number`); () if they moved
    it little."""
    if decided is None:
        return ()
    settled = decided.of(found.criteria[number])
    if window in settled.confirmed:
        return CONFIRMED_ITSELF
    if window in settled.rejected:
        return REJECTED_ITSELF
    inside = slice(window.first, window.last + 1)
    by = {reason: values[number, inside] for reason, values in decided.moves.items()}
    up = [words for reason, words in _UP.items() if reason in by and by[reason].max() >= SAID]
    return (*up, *(words for reason, words in _DOWN.items() if reason in by and by[reason].min() <= -SAID))


_UP = {
    "near": "like what was confirmed here: up",
    "kin": "near what was confirmed here for a like criterion: up",
    "elsewhere": "like what was confirmed in another policy: up",
}
_DOWN = {
    "like rejected": "like what was rejected here: down",
    "elsewhere": "like what was rejected in another policy: down",
}
