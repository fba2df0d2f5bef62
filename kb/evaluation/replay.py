"""Replay an officer's decisions on judged policies, to measure what learning adds to the officer's own search.

For one criterion at a time, the officer looks at the first passage of the list: if it contains direct evidence, its
clauses are confirmed, else it is rejected; then the list is made again as `kb assess` makes it. The measures:

- recall@5 after a number of decisions, where confirmed passages count and the best of the rest fill up to five (most
  of its rise is the officer's own search, with or without learning);
- of the direct passages not yet found after the same decisions, the share in the next five;
- of all direct passages, the share that was confirmed;
- recall of a criterion with no decisions, after the first passage of twenty others was decided on;
- recall of every criterion of a policy after the first passage of twenty randomly drawn criteria was decided on,
  separately for criteria with and without a decision;
- recall of every criterion after an officer worked through the policy: from the criterion of which the program is
  surest to the next, leaving out those without proposals, EACH passages under one before the next, then again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kb.assess import measure, train
from kb.assess.calibrate import centred, row_features
from kb.assess.decided import Decisions, Settled, kinship, moved, settled_as
from kb.assess.judged import JudgedCriterion, grams, meets
from kb.assess.proposing import proposed
from kb.assess.train import Case, Fitted, Written
from kb.assess.windows import Window, text_of

STEPS = (0, 5, 10, 20)
"""Numbers of decisions after which the list is measured."""
PARTS = 5
"""Number of groups of policies; each is ranked by a model fitted on the others."""
OTHERS = 20
"""Number of criteria with one decision each, for two of the measures."""
EACH = 3
"""Number of passages that a working officer looks at under one criterion before going to the next."""
ALL = 1000
"""Seed of the random draw among all criteria of a policy. In the draw among the criteria other than one, the number of
that criterion is the seed."""


@dataclass(frozen=True)
class Ranked:
    """A policy ranked by a model that was not fitted on it; `plain` (float [criteria, units]) are the scores without
    decisions."""

    case: Case
    fitted: Fitted
    plain: np.ndarray
    row_scores: np.ndarray
    kin: np.ndarray

    @classmethod
    def by(cls, case: Case, fitted: Fitted) -> Ranked:
        """Score a case with a fitted model."""
        plain = fitted.rank.score(centred(case.found))
        rows = fitted.row.score(row_features(case.found, plain))
        return cls(case, fitted, plain, rows, kinship(fitted.lessons.examples, case.found.criteria))


@dataclass
class Officer:
    """An officer's decisions on one policy so far, and whether the ranking learns from them."""

    ranked: Ranked
    learning: bool
    here: dict[str, Settled] = field(default_factory=dict)
    passages: dict[str, list[frozenset]] = field(default_factory=dict)
    """Criterion to the word 4-grams of each passage in which something was confirmed."""

    def left(self, criterion: str) -> list[Window]:
        """Return the passages of a criterion that are not decided on, best first."""
        one, settled = self.ranked, self.here.get(criterion, Settled())
        found, number = one.case.found, one.case.found.criteria.index(criterion)
        decisions: Decisions | None = (
            settled_as(found, self.here, None, one.kin) if self.learning and self.here else None
        )
        both = (one.plain, moved(one.plain, decisions))
        shown, _ = proposed(one.fitted.proposal, found, number, both, float(one.row_scores[number]), settled)
        return shown[len(settled.confirmed) : len(shown) - len(settled.rejected)]

    def decide(self, criterion: str, times: int) -> None:
        """Decide on the first undecided passage of a criterion; repeat up to `times` times."""
        row = self.ranked.case.policy.rows[criterion]
        for _ in range(times):
            left = self.left(criterion)
            if not left:
                return
            old = self.here.get(criterion, Settled())
            if row.grade(self.grams(left[0])) == 2:
                self.passages.setdefault(criterion, []).append(self.grams(left[0]))
                self.here[criterion] = Settled((*old.confirmed, *self._quoted(row, left[0])), old.rejected)
            else:
                self.here[criterion] = Settled(old.confirmed, (*old.rejected, left[0]))

    def _quoted(self, row: JudgedCriterion, window: Window) -> list[Window]:
        """Return the clauses of a confirmed passage that are the evidence, as an officer would quote them; the whole
        passage when only its clauses together are evidence."""
        inside = range(window.first, window.last + 1)
        texts = {n: grams(self.ranked.case.found.units[n].text) for n in inside}
        direct = [n for n in inside if any(meets(quote, texts[n]) for quote in row.direct)]
        hits = sum(meets(quote, self.grams(window)) for quote in row.direct)
        alone = sum(any(meets(quote, texts[n]) for n in direct) for quote in row.direct)
        return [Window(n, n, n) for n in direct] if direct and alone >= hits else [window]

    def grams(self, window: Window) -> frozenset:
        """Return the word 4-grams of a passage."""
        return grams(text_of(self.ranked.case.found.units, window))

    def confirmed(self, criterion: str) -> list[frozenset]:
        """Return the word 4-grams of each confirmed passage of a criterion."""
        return [self.grams(one) for one in self.here.get(criterion, Settled()).confirmed]


def replay(judged: Sequence[Case], clauses: Written) -> list[dict[str, float | str]]:
    """Return the measures, with and without learning, as means over judged rows with direct evidence: of all policies,
    of every second policy (on which no weight of learning was chosen), and of the others."""
    order = sorted(judged, key=lambda case: (case.policy.language, case.policy.id))
    made = {case.policy.id: replay_one(case, fitted) for case, fitted in apart(order, clauses)}
    ids = [case.policy.id for case in order]
    groups = {"all": ids, "nothing chosen on": ids[::2], "weights chosen on": ids[1::2]}
    return [
        {"policies": name, **line(learning, [one for id in some for one in made[id][learning]])}
        for name, some in groups.items()
        for learning in (True, False)
    ]


def apart(order: Sequence[Case], clauses: Written) -> Iterator[tuple[Case, Fitted]]:
    """Yield each policy, compared with the lessons of a model fitted on the other parts, and that model."""
    for part in (order[i::PARTS] for i in range(PARTS)):
        fitted = train.fit([case for case in order if all(case is not other for other in part)], clauses)
        yield from ((one.knowing(fitted.lessons), fitted) for one in part)


def at_work(known: Sequence[tuple[Case, Fitted]]) -> list[dict[str, float | str]]:
    """Return recall@5 over all rows with direct evidence after each of STEPS decisions of a working officer, with and
    without learning; `known` has each policy with a model not fitted on it."""
    made: list[dict[str, float | str]] = []
    for learning in (True, False):
        found = np.array([row for case, fitted in known for row in _worked(Ranked.by(case, fitted), learning)])
        line_: dict[str, float | str] = {"order": "learns" if learning else "does not learn", "rows": len(found)}
        for after, column in zip(STEPS, found.T, strict=True):
            line_[f"recall@5 after {after}"] = round(float(column.mean()), 3)
        made.append(line_)
    return made


def _worked(ranked: Ranked, learning: bool) -> list[list[float]]:
    """Return for each criterion of the policy that has direct evidence a list of recall@5 after each of STEPS
    decisions. With `learning`, the decisions change the order of the passages that are still undecided."""
    officer, case = Officer(ranked, learning), ranked.case
    judged = [row for row in case.policy.rows.values() if row.direct]
    after = {0: [_recall(officer, row) for row in judged]}
    for done, criterion in enumerate(_rounds(officer, _proposed(ranked)), 1):
        officer.decide(criterion, 1)
        if done in STEPS:
            after[done] = [_recall(officer, row) for row in judged]
        if done == STEPS[-1]:
            break
    last = [_recall(officer, row) for row in judged]
    return [list(values) for values in zip(*(after.get(step, last) for step in STEPS), strict=True)]


def _proposed(ranked: Ranked) -> list[str]:
    """Return the judged criteria for which there are proposals, that with the highest probability first."""
    case, fitted = ranked.case, ranked.fitted
    sure = dict(zip(case.found.criteria, 1 / (1 + np.exp(-ranked.row_scores)), strict=True))
    silent = lambda one: fitted.is_silent(float(sure[one]), case.policy.language, case.found.words)
    return sorted((one for one in case.policy.rows if not silent(one)), key=lambda one: -sure[one])


def _rounds(officer: Officer, criteria: Sequence[str]) -> Iterator[str]:
    """Yield the criterion to look at next: each EACH times in a row, round after round, while any has a passage
    left."""
    left = list(criteria)
    while left:
        for criterion in left.copy():
            for _ in range(EACH):
                if not officer.left(criterion):
                    left.remove(criterion)
                    break
                yield criterion


@dataclass
class Measured:
    """The measures of one criterion of one policy; the lists have one value for each of STEPS."""

    recall: list[float] = field(default_factory=list)
    to_find: list[float] = field(default_factory=list)
    confirmed: list[float] = field(default_factory=list)
    untouched: float = 0.0
    in_policy: float = 0.0


def line(learning: bool, found: Sequence[Measured]) -> dict[str, float | str]:
    """Return one row of the table: the means with (or without) learning; "-" when nothing is left to find."""
    made: dict[str, float | str] = {"order": "learns" if learning else "does not learn", "rows": len(found)}
    for name, values in (
        ("recall@5", [one.recall for one in found]),
        ("of the rest", [one.to_find for one in found]),
        ("confirmed", [one.confirmed for one in found]),
    ):
        for after, column in zip(STEPS, np.array(values, dtype=float).T, strict=True):
            made[f"{name} after {after}"] = round(float(np.nanmean(column)), 3) if np.isfinite(column).any() else "-"
    made["untouched"] = round(float(np.mean([one.untouched for one in found])), 3)
    made["20 in the policy"] = round(float(np.mean([one.in_policy for one in found])), 3)
    return made


def replay_one(case: Case, fitted: Fitted) -> dict[bool, list[Measured]]:
    """Return the measures of each criterion of a policy with direct evidence, by whether there is learning."""
    made: dict[bool, list[Measured]] = {True: [], False: []}
    ranked = Ranked.by(case, fitted)
    first = _first_decisions(ranked)
    somewhere = _drawn(first, list(first.here), ALL)
    for number, criterion in enumerate(case.found.criteria):
        row = case.policy.rows.get(criterion)
        if row is None or not row.direct:
            continue
        plain, learns = Officer(ranked, False), Officer(ranked, True)
        both = {True: Measured(), False: Measured()}
        for before, after in zip((0, *STEPS), STEPS, strict=False):
            for learning, officer in ((False, plain), (True, learns)):
                officer.decide(criterion, after - before)
                confirmed = officer.confirmed(criterion)
                both[learning].recall.append(_recall(officer, row))
                both[learning].confirmed.append(_share(row, confirmed))
                same = replace(officer, here=dict(plain.here))
                both[learning].to_find.append(_to_find(row, plain.confirmed(criterion), _five(same, criterion)))
        elsewhere = _drawn(first, [one for one in first.here if one != criterion], number)
        for learning, measured in both.items():
            measured.untouched = _recall(replace(elsewhere, learning=learning), row)
            measured.in_policy = _recall(replace(somewhere, learning=learning), row)
            made[learning].append(measured)
    return made


def _recall(officer: Officer, row: JudgedCriterion) -> float:
    """Return recall@5 of a criterion's list: the passages with confirmed clauses, then the next ones."""
    confirmed = officer.passages.get(row.criterion, [])
    return measure.recall(row, [*confirmed, *_five(officer, row.criterion)][: measure.TOP])


def _first_decisions(ranked: Ranked) -> Officer:
    """Return an officer who has decided on the first passage of each judged criterion."""
    officer = Officer(ranked, False)
    for criterion in ranked.case.found.criteria:
        if criterion in ranked.case.policy.rows:
            officer.decide(criterion, 1)
    return officer


def _drawn(officer: Officer, criteria: Sequence[str], seed: int) -> Officer:
    """Return the officer with only the decisions on OTHERS of these criteria, drawn at random."""
    draw = {str(one) for one in np.random.default_rng(seed).permutation(list(criteria))[:OTHERS]}
    here = {one: settled for one, settled in officer.here.items() if one in draw}
    return replace(officer, here=here, passages={one: officer.passages.get(one, []) for one in draw})


def _five(officer: Officer, criterion: str) -> list[frozenset]:
    """Return the word 4-grams of each of the next five undecided passages."""
    return [officer.grams(one) for one in officer.left(criterion)[: measure.TOP]]


def _share(row: JudgedCriterion, texts: Sequence[frozenset]) -> float:
    """Return the share (0 to 1) of all direct passages that the texts overlap."""
    return sum(any(meets(quote, text) for text in texts) for quote in row.direct) / len(row.direct)


def _to_find(row: JudgedCriterion, confirmed: Sequence[frozenset], next_five: Sequence[frozenset]) -> float:
    """Return the share (0 to 1) of the direct passages not yet confirmed that are in the next five; NaN when none is
    left."""
    left = tuple(quote for quote in row.direct if not any(meets(quote, text) for text in confirmed))
    return measure.recall(replace(row, direct=left), next_five) if left else float("nan")
