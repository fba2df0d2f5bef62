"""Fit the calibrated model on judged policies, with complete policies held out.

Every figure that this module returns is held out: the policy on which it was measured took part in no fit and in no
choice of a threshold. Inside a training set policies are held out once more, so that later stages learn from
realistic scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from kb.assess import calibrate
from kb.assess.calibrate import PROPOSAL, RANK, ROW, Linear, centred, held_back, proposal_features, row_features
from kb.assess.examples import Examples, together
from kb.assess.features import PolicyFeatures
from kb.assess.judged import JudgedPolicy, grams, meets, unit_grades
from kb.assess.lessons import Lessons, Moments, compare, directions
from kb.assess.windows import KEEP, Window, text_of

T = TypeVar("T")

RANK_C, ROW_C, PROPOSAL_C = 0.01, 0.03, 0.03
"""Inverse strength of the penalty; strong, since there are few policies to learn from."""
GROUPS = 5
"""Parts of the training policies; each is scored by a model fitted on the others."""
SILENT_PRECISION, SILENT_RECALL = 0.91, 0.78
"""How often 'no evidence found' must be right inside the training policies, of a language and over all: a little above
the .90 that is wanted, since unseen policies turn out worse. And the largest share of the rows with nothing that is to
be found: .70 is wanted of others, and where a language gives more, as French with its short texts does, each further
one hides evidence. On 49 policies, held out in eight parts, the two are right in .935 of the rows and find .765 of
those with nothing (31 longer ones: .909 and .712), the first alone .907 and .811 (.870 and .751)."""
DIRECT_PRECISION = 0.68
"""How often a passage called direct must be judged so inside the training policies; .60 is wanted of others."""
LEAST = 20
"""Cases below which a share is too uncertain to choose a threshold by."""


@dataclass(frozen=True, eq=False)
class Case:
    """One judged policy with its features and grades, and with examples and moments from which models for other
    policies learn."""

    policy: JudgedPolicy
    found: PolicyFeatures
    grades: np.ndarray
    traps: np.ndarray
    examples: Examples
    moments: Moments

    @classmethod
    def of(cls, policy: JudgedPolicy, found: PolicyFeatures, examples: Examples) -> Case:
        """Build the case of a policy from its features; `examples` are the policy's own judged clauses."""
        grades = unit_grades(policy, found.criteria, [unit.text for unit in found.units])
        traps = traps_of(policy, found)
        return cls(policy, found, grades, traps, examples, Moments.of(found.embedded, grades, traps))

    def knowing(self, lessons: Lessons) -> Case:
        """Return the case with additional features that compare it with these lessons."""
        return replace(self, found=compare(self.found, lessons))


@dataclass(frozen=True)
class Written:
    """The vectors of the clauses that the project wrote, and their criteria. They are the same in every fold,
    because they were written from the criteria alone."""

    vectors: np.ndarray
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Fitted:
    """A fitted model: three scores, thresholds, and the lessons from the policies on which it was fitted."""

    rank: Linear
    row: Linear
    proposal: Linear
    silent_below: float
    silent_below_in: dict[str, float]
    direct_from: float
    lessons: Lessons

    def is_silent(self, row: float, language: str, words: int) -> bool:
        """Return whether a criterion is answered 'no evidence found'. See `Calibrated.is_silent`."""
        return row < self.silent_below_in.get(language, self.silent_below) * held_back(words)


@dataclass(frozen=True)
class ShownPassages:
    """The passages that would be shown for one criterion of a policy, with confidence, and the probability of the
    row."""

    criterion: str
    row: float
    windows: tuple[Window, ...]
    confidence: np.ndarray


def traps_of(policy: JudgedPolicy, found: PolicyFeatures) -> np.ndarray:
    """Return whether each unit overlaps a passage that looks like evidence but was judged not to be: bool [criteria,
    units]."""
    cut = [grams(unit.text) for unit in found.units]
    traps = np.zeros((len(found.criteria), len(cut)), dtype=bool)
    for i, criterion in enumerate(found.criteria):
        row = policy.rows.get(criterion)
        for quote in row.traps if row else ():
            traps[i] |= [meets(quote, text) for text in cut]
    return traps


def lessons_of(cases: Sequence[Case], written: Written) -> Lessons:
    """Return the lessons learned from these policies: their examples, the written clauses, and fitted directions."""
    examples = together(case.examples for case in cases)
    ways = directions([case.moments for case in cases], cases[0].found.criteria)
    return Lessons(examples, written.vectors, written.criteria, ways)


def fit(cases: Sequence[Case], written: Written, rank_names: tuple[str, ...] = RANK) -> Fitted:
    """Fit the model on `cases`; later stages and thresholds use scores of held-out policies. `rank_names` are the
    features of the rank score."""
    parts = [part for part in _parts(cases) if part]
    apart: list[list[Case]] = []
    for part in parts:
        rest = [case for case in cases if case not in part] or list(cases)
        lessons = lessons_of(rest, written)
        apart.append([case.knowing(lessons) for case in part])
    looks = [_looks(part, _without(apart, part), rank_names) for part in apart]
    everyone = [look for part in looks for look in part]
    shown = []
    for held in looks:
        others = _without(looks, held)
        row, proposal = _row(others), _proposal(others, _row(others))
        shown += [(look.case, _shown(look, row, proposal)) for look in held]
    row = _row(everyone)
    return Fitted(
        rank([look.case for look in everyone], rank_names),
        row,
        _proposal(everyone, row),
        *_silent(shown),
        _direct(shown),
        lessons_of(cases, written),
    )


def _parts(cases: Sequence[Case]) -> list[list[Case]]:
    """Split the cases into GROUPS parts with about the same share of each language."""
    order = sorted(cases, key=lambda case: (case.policy.language, case.policy.id))
    return [order[i::GROUPS] for i in range(GROUPS)]


def _without(parts: Sequence[list[T]], part: list[T]) -> list[T]:
    """Return all items of the parts except those of `part`; if there is no other part, those of `part` itself."""
    return [one for other in parts if other is not part for one in other] or list(part)


@dataclass(frozen=True, eq=False)
class _Look:
    """One policy ranked by a model that was not fitted on it: rank scores (float [criteria, units]) and, for each
    judged criterion, its candidate windows, whether each was judged direct, and their features."""

    case: Case
    ranks: np.ndarray
    candidates: dict[int, tuple[list[Window], list[bool], np.ndarray]]

    def features(self, criterion: int, row_score: float) -> np.ndarray:
        """Return the features of the criterion's candidate windows, with `row_score` as the score of the row."""
        known = self.candidates[criterion][2].copy()
        known[:, PROPOSAL.index("row")] = row_score
        return known


def _looks(part: Sequence[Case], rest: Sequence[Case], names: tuple[str, ...]) -> list[_Look]:
    model = rank(rest, names)
    return [_look(case, model.score(centred(case.found, names))) for case in part]


def _look(case: Case, ranks: np.ndarray) -> _Look:
    candidates = {}
    for i, criterion in enumerate(case.found.criteria):
        judged = case.policy.rows.get(criterion)
        parts = calibrate.candidates(case.found, ranks[i]) if judged else []
        if judged and parts:
            texts = [grams(text_of(case.found.units, part)) for part in parts]
            features = proposal_features(case.found, i, parts, ranks, 0.0)
            candidates[i] = (parts, [judged.grade(text) == 2 for text in texts], features)
    return _Look(case, ranks, candidates)


def show(
    found: PolicyFeatures, ranks: np.ndarray, row: Linear, proposal: Linear, keep: int = KEEP
) -> list[ShownPassages]:
    """Return what would be shown for every criterion, before any threshold is applied."""
    values = row_features(found, ranks)
    scores, sure = row.score(values), row.probability(values)
    made = []
    for i, criterion in enumerate(found.criteria):
        parts = calibrate.candidates(found, ranks[i], keep)
        best, confidence = calibrate.shown(proposal, found, i, parts, ranks, float(scores[i]), keep)
        made.append(ShownPassages(criterion, float(sure[i]), tuple(best), confidence))
    return made


def _shown(look: _Look, row: Linear, proposal: Linear) -> list[ShownPassages]:
    """Return what would be shown for the judged criteria of a policy whose candidates are known, as `show` does."""
    values = row_features(look.case.found, look.ranks)
    scores, sure = row.score(values), row.probability(values)
    made = []
    for i, (parts, _, _) in look.candidates.items():
        known = look.features(i, float(scores[i]))
        best, confidence = calibrate.shown(
            proposal, look.case.found, i, parts, look.ranks, float(scores[i]), features=known
        )
        made.append(ShownPassages(look.case.found.criteria[i], float(sure[i]), tuple(best), confidence))
    return made


OTHERS = 200
"""Clauses other than direct evidence, drawn from each criterion of each policy: more change no weight and cost
minutes."""


def _some(grades: np.ndarray) -> np.ndarray:
    """Return the positions of the direct clauses and of at most OTHERS other judged ones, drawn with a fixed seed."""
    others = np.flatnonzero((grades >= 0) & (grades < 2))
    if len(others) > OTHERS:
        others = np.random.default_rng(len(grades)).choice(others, OTHERS, replace=False)
    return np.concatenate([np.flatnonzero(grades == 2), others])


def rank(cases: Sequence[Case], names: tuple[str, ...]) -> Linear:
    """Fit the score of how relevant a clause is to a criterion, on criteria with direct evidence."""
    values, answers, weights = [], [], []
    for case in cases:
        apart = centred(case.found, names)
        for i in np.flatnonzero((case.grades == 2).any(axis=1)):
            use = _some(case.grades[i])
            good = case.grades[i][use] == 2
            values.append(apart[i][use])
            answers.append(good)
            # beyond five good examples a criterion gains no more weight
            weights.append(np.where(good, 1 / good.sum(), 1 / max(1, (~good).sum())) * np.sqrt(min(5, good.sum())))
    return _logistic(names, np.concatenate(values), np.concatenate(answers), RANK_C, np.concatenate(weights))


def _row(looks: Sequence[_Look]) -> Linear:
    """Fit the score of whether a policy has direct evidence for a criterion."""
    values, answers = [], []
    for look in looks:
        features = row_features(look.case.found, look.ranks)
        for i, criterion in enumerate(look.case.found.criteria):
            if criterion in look.case.policy.rows:
                values.append(features[i])
                answers.append(not look.case.policy.rows[criterion].nothing)
    return _logistic(ROW, np.array(values), np.array(answers), ROW_C)


def _proposal(looks: Sequence[_Look], row: Linear) -> Linear:
    """Fit the score of how likely a shown passage is direct evidence."""
    values, answers = [], []
    for look in looks:
        row_scores = row.score(row_features(look.case.found, look.ranks))
        for i, (_, right, _) in look.candidates.items():
            values.append(look.features(i, float(row_scores[i])))
            answers.append(right)
    return _logistic(PROPOSAL, np.concatenate(values), np.concatenate(answers), PROPOSAL_C)


def _logistic(
    names: tuple[str, ...], values: np.ndarray, answers: np.ndarray, c: float, weights: np.ndarray | None = None
) -> Linear:
    from sklearn.linear_model import LogisticRegression

    mean, scale = np.nan_to_num(np.nanmean(values, axis=0)), np.nan_to_num(np.nanstd(values, axis=0)) + 1e-6
    if weights is not None:
        weights = weights * len(weights) / weights.sum()
    values = np.where(np.isnan(values), mean, values)
    # enough to converge; the library warns where it is not
    model = LogisticRegression(C=c, max_iter=3000).fit((values - mean) / scale, answers, sample_weight=weights)
    rounded = lambda array: tuple(round(float(x), 6) for x in array)
    return Linear(
        names=names,
        mean=rounded(mean),
        scale=rounded(scale),
        weights=rounded(model.coef_[0]),
        intercept=round(float(model.intercept_[0]), 6),
    )


def _silent(shown: Sequence[tuple[Case, list[ShownPassages]]]) -> tuple[float, dict[str, float]]:
    """Return the row probability below which nothing is proposed: over all languages, and for each language with enough
    rows to choose it.

    Languages differ in the probabilities of rows without evidence.
    """
    rows: dict[str, list[tuple[float, bool]]] = {}
    for case, found in shown:
        judged = case.policy.rows
        own = rows.setdefault(case.policy.language, [])
        part = held_back(case.found.words)
        own += [(one.row / part, judged[one.criterion].nothing) for one in found if one.criterion in judged]
    limits = {language: limit(own, SILENT_PRECISION, SILENT_RECALL) for language, own in sorted(rows.items())}
    everywhere = limit([row for own in rows.values() for row in own], SILENT_PRECISION, SILENT_RECALL)
    return everywhere, {language: below for language, below in limits.items() if below}


def limit(rows: Sequence[tuple[float, bool]], precision: float, recall: float = 1.0) -> float:
    """Return the highest threshold below which at least `precision` of the rows have no evidence; at least LEAST
    rows must be below it, and they may include only about the share `recall` of all rows without evidence. 0 if
    there is no such threshold. A row is (its probability, whether the judge found nothing)."""
    order = sorted(rows)
    right = np.cumsum([nothing for _, nothing in order])
    enough = [n for n in range(LEAST, len(order)) if right[n - 1] >= precision * n]
    if not enough:
        return 0.0
    highest = order[enough[-1]][0]
    if recall < 1:
        highest = min(highest, float(np.quantile([one for one, nothing in order if nothing], recall)))
    return round(highest, 4)


def _direct(shown: Sequence[tuple[Case, list[ShownPassages]]]) -> float:
    """Return the lowest confidence from which on a share of DIRECT_PRECISION of the passages is direct evidence."""
    calls = sorted(
        (
            (float(sure), case.policy.rows[one.criterion].grade(grams(text_of(case.found.units, part))) == 2)
            for case, rows in shown
            for one in rows
            if one.criterion in case.policy.rows
            for part, sure in zip(one.windows, one.confidence, strict=True)
        ),
        reverse=True,
    )
    right = np.cumsum([judged for _, judged in calls])
    enough = [n for n in range(LEAST, len(calls) + 1) if right[n - 1] >= DIRECT_PRECISION * n]
    return round(calls[enough[-1] - 1][0], 4) if enough else 0.5
