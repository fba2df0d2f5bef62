"""Fitting the calibrated model on judged policies, with whole policies held apart.

Every figure that leaves this module is held out: the policy it was measured on took part in no fit and in no choice of
a threshold. Inside a training set the same is done once more, so that later stages learn from scores as they will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.assess.calibrate import PROPOSAL, RANK, ROW, Linear, centred, confidence, proposal_features, row_features
from kb.assess.features import Evidence
from kb.assess.judged import JudgedPolicy, grams, unit_grades
from kb.assess.windows import KEEP, Window, text_of, windows

RANK_C, ROW_C, PROPOSAL_C = 0.1, 0.03, 0.03
"""Inverse strength of the penalty; strong, since a handful of policies is little to learn from."""
KEEP_DIRECT = 0.97
"""Share of criteria with direct evidence that the abstention threshold must keep inside the training policies."""
TRAP_SHARE = 0.06
"""Largest share of hard negatives that may be called direct inside the training policies."""


@dataclass(frozen=True)
class Case:
    """One judged policy with its features and grades."""

    policy: JudgedPolicy
    found: Evidence
    grades: np.ndarray

    @classmethod
    def of(cls, policy: JudgedPolicy, found: Evidence) -> Case:
        """The case of a policy and its evidence."""
        return cls(policy, found, unit_grades(policy, found.criteria, [unit.text for unit in found.units]))


@dataclass(frozen=True)
class Fitted:
    """The three scores and the two thresholds."""

    rank: Linear
    row: Linear
    proposal: Linear
    silent_below: float
    direct_from: float


@dataclass(frozen=True)
class Shown:
    """What one policy's criterion would show: windows, their texts' grades and traps, confidence, the row's probability."""

    criterion: str
    row: float
    windows: tuple[Window, ...]
    confidence: np.ndarray


def fit(cases: Sequence[Case], rank_names: tuple[str, ...] = RANK) -> Fitted:
    """The model fitted on `cases`; later stages and thresholds use scores of policies that were held apart."""
    ranks = {case.policy.id: _rank(_others(cases, case), rank_names) for case in cases}
    scored = [(case, ranks[case.policy.id].score(centred(case.found, rank_names))) for case in cases]
    row = _row(scored)
    rows = {case.policy.id: _row([pair for pair in scored if pair[0] is not case]) for case, _ in scored}
    proposal = _proposal(scored, rows)
    proposals = {
        case.policy.id: _proposal([pair for pair in scored if pair[0] is not case], rows) for case, _ in scored
    }
    shown = [(case, show(case.found, s, rows[case.policy.id], proposals[case.policy.id])) for case, s in scored]
    return Fitted(_rank(cases, rank_names), row, proposal, _silent(shown), _direct(shown))


def show(found: Evidence, ranks: np.ndarray, row: Linear, proposal: Linear, keep: int = KEEP) -> list[Shown]:
    """What every criterion would show, before any threshold."""
    values = row_features(found)
    scores, sure = row.score(values), row.probability(values)
    shown = []
    for i, criterion in enumerate(found.criteria):
        parts = windows(found.units, ranks[i], keep)
        shown.append(
            Shown(
                criterion, float(sure[i]), tuple(parts), confidence(proposal, found, i, parts, ranks, float(scores[i]))
            )
        )
    return shown


def _others(cases: Sequence[Case], case: Case) -> list[Case]:
    return [other for other in cases if other is not case] or list(cases)


def _rank(cases: Sequence[Case], names: tuple[str, ...]) -> Linear:
    """Which clause of a policy bears on a criterion: learnt within criteria that have direct evidence."""
    values, answers, weights = [], [], []
    for case in cases:
        apart = centred(case.found, names)
        for i in np.flatnonzero((case.grades == 2).any(axis=1)):
            use = case.grades[i] >= 0
            good = case.grades[i][use] == 2
            values.append(apart[i][use])
            answers.append(good)
            weights.append(np.where(good, 1 / good.sum(), 1 / max(1, (~good).sum())) * np.sqrt(min(5, good.sum())))
    return _logistic(names, np.concatenate(values), np.concatenate(answers), RANK_C, np.concatenate(weights))


def _row(scored: Sequence[tuple[Case, np.ndarray]]) -> Linear:
    """Whether a policy holds direct evidence for a criterion."""
    values, answers = [], []
    for case, ranks in scored:
        features = row_features(case.found)
        for i, criterion in enumerate(case.found.criteria):
            if criterion in case.policy.rows:
                values.append(features[i])
                answers.append(not case.policy.rows[criterion].nothing)
    return _logistic(ROW, np.array(values), np.array(answers), ROW_C)


def _proposal(scored: Sequence[tuple[Case, np.ndarray]], rows: dict[str, Linear]) -> Linear:
    """How sure one may be that a shown passage is direct evidence."""
    values, answers = [], []
    for case, ranks in scored:
        row_scores = rows[case.policy.id].score(row_features(case.found))
        for i, criterion in enumerate(case.found.criteria):
            judged = case.policy.rows.get(criterion)
            parts = windows(case.found.units, ranks[i]) if judged else []
            if parts:
                values.append(proposal_features(case.found, i, parts, ranks, float(row_scores[i])))
                answers.append([judged.grade(grams(text_of(case.found.units, part))) == 2 for part in parts])
    return _logistic(PROPOSAL, np.concatenate(values), np.concatenate(answers), PROPOSAL_C)


def _logistic(
    names: tuple[str, ...], values: np.ndarray, answers: np.ndarray, c: float, weights: np.ndarray | None = None
) -> Linear:
    from sklearn.linear_model import LogisticRegression

    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    if weights is not None:
        weights = weights * len(weights) / weights.sum()
    model = LogisticRegression(C=c, max_iter=3000).fit((values - mean) / scale, answers, sample_weight=weights)
    rounded = lambda array: tuple(round(float(x), 6) for x in array)
    return Linear(
        names=names,
        mean=rounded(mean),
        scale=rounded(scale),
        weights=rounded(model.coef_[0]),
        intercept=round(float(model.intercept_[0]), 6),
    )


def _silent(shown: Sequence[tuple[Case, list[Shown]]]) -> float:
    """The row probability under which to abstain: as high as keeps KEEP_DIRECT of the criteria with direct evidence."""
    direct = [
        one.row
        for case, rows in shown
        for one in rows
        if one.criterion in case.policy.rows and case.policy.rows[one.criterion].direct
    ]
    return round(float(np.quantile(direct, 1 - KEEP_DIRECT)), 4) if direct else 0.5


def _direct(shown: Sequence[tuple[Case, list[Shown]]]) -> float:
    """The confidence from which to say 'direct': as low as keeps hard negatives under TRAP_SHARE."""
    sure, traps = [], 0
    for case, rows in shown:
        for one in rows:
            judged = case.policy.rows.get(one.criterion)
            traps += len(judged.traps) if judged else 0
            for part, sureness in zip(one.windows, one.confidence):
                if judged and judged.is_trap(grams(text_of(case.found.units, part))):
                    sure.append(float(sureness))
    allowed = int(TRAP_SHARE * traps)
    ordered = sorted(sure, reverse=True)
    return round(ordered[allowed] + 1e-4, 4) if len(ordered) > allowed else 0.5
