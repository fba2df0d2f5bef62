"""Replaying an officer's decisions on judged policies: how much of the direct evidence is seen after so many decisions.

One criterion at a time: the first passage of the list is looked at; where it holds direct evidence its clauses are
confirmed, else they are rejected, and the list is ordered anew. After each number of decisions five passages count: the
confirmed ones, then the best that nobody has decided on.

Most of that rise is the officer's own looking, so a second measure leaves it out: after the same decisions, made in the
order that does not learn, the share of the direct passages still to be found that the next five passages hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kb.assess import measure, train
from kb.assess.calibrate import centred
from kb.assess.decided import moved
from kb.assess.examples import DIRECT, NOT_EVIDENCE, Example, Examples
from kb.assess.features import Evidence
from kb.assess.judged import Row, grams, meets
from kb.assess.train import Case, Written
from kb.assess.windows import Window, text_of, windows

STEPS = (0, 5, 10, 20)
"""Decisions after which the list is measured."""
PARTS = 5
"""Groups of policies, each ranked by what the others taught."""
LIST = 30
"""Passages of a criterion that an officer could come to."""


def replay(judged: Sequence[Case], clauses: Written) -> list[dict[str, float | str]]:
    """Mean recall@5 over judged rows with direct evidence after STEPS decisions, with the order learning and
    without."""
    order = sorted(judged, key=lambda case: (case.policy.language, case.policy.id))
    shares: dict[bool, list[list[float]]] = {True: [], False: []}
    rest_of: dict[bool, list[list[float]]] = {True: [], False: []}
    for part in (order[i::PARTS] for i in range(PARTS)):
        rest = [case for case in order if all(case is not other for other in part)]
        fitted = train.fit(rest, clauses)
        for case in (one.knowing(fitted.lessons) for one in part):
            ranks = fitted.rank.score(centred(case.found))
            for number, criterion in enumerate(case.found.criteria):
                row = case.policy.rows.get(criterion)
                if row and row.direct:
                    for learning, found in shares.items():
                        found.append(_one(case, number, row, ranks, learning))
                    for learning, left in _to_find(case, number, row, ranks).items():
                        rest_of[learning].append(left)
    return [
        {"order": "learns" if learning else "does not learn", "rows": len(found)}
        | {f"recall@5 after {n}": round(float(mean), 3) for n, mean in zip(STEPS, np.mean(found, axis=0), strict=True)}
        | {
            f"of the rest after {n}": round(float(np.nanmean(column)), 3) if np.isfinite(column).any() else "-"
            for n, column in zip(STEPS, np.array(rest_of[learning]).T, strict=True)
        }
        for learning, found in shares.items()
    ]


def _one(case: Case, number: int, row: Row, ranks: np.ndarray, learning: bool) -> list[float]:
    """recall@5 of one criterion after STEPS decisions."""
    confirmed: list[Window] = []
    rejected: list[Window] = []
    measured = []
    for target in STEPS:
        _decide(case, number, row, ranks, confirmed, rejected, learning, target)
        shown = [*confirmed, *_left(case, number, ranks, confirmed, rejected, learning)][: measure.TOP]
        measured.append(measure.recall(row, [grams(text_of(case.found.units, one)) for one in shown]))
    return measured


def _to_find(case: Case, number: int, row: Row, ranks: np.ndarray) -> dict[bool, list[float]]:
    """After STEPS decisions in the order that does not learn: the share of direct passages not yet found that the next
    five hold, with learning and without; not a number where none is left."""
    confirmed: list[Window] = []
    rejected: list[Window] = []
    measured: dict[bool, list[float]] = {True: [], False: []}
    for target in STEPS:
        _decide(case, number, row, ranks, confirmed, rejected, False, target)
        seen = [grams(text_of(case.found.units, one)) for one in confirmed]
        rest = replace(row, direct=tuple(q for q in row.direct if not any(meets(q, text) for text in seen)))
        for learning, shares in measured.items():
            shown = _left(case, number, ranks, confirmed, rejected, learning)[: measure.TOP]
            texts = [grams(text_of(case.found.units, one)) for one in shown]
            shares.append(measure.recall(rest, texts) if rest.direct else float("nan"))
    return measured


def _decide(
    case: Case,
    number: int,
    row: Row,
    ranks: np.ndarray,
    confirmed: list[Window],
    rejected: list[Window],
    learning: bool,
    target: int,
) -> None:
    """Look at the first passage left, again and again, until there are `target` decisions or nothing is left."""
    while len(confirmed) + len(rejected) < target:
        left = _left(case, number, ranks, confirmed, rejected, learning)
        if not left:
            return
        right = row.grade(grams(text_of(case.found.units, left[0]))) == 2
        (confirmed if right else rejected).append(left[0])


def _left(
    case: Case, number: int, ranks: np.ndarray, confirmed: list[Window], rejected: list[Window], learning: bool
) -> list[Window]:
    """Passages that nobody has decided on, best first."""
    seen = {unit for window in (*confirmed, *rejected) for unit in range(window.first, window.last + 1)}
    decided = _decided(case, number, confirmed, rejected) if learning and seen else None
    scores = moved(ranks[number : number + 1], _one_row(case, number), decided)[0]
    found = windows(case.found.units, scores, keep=LIST)
    return [one for one in found if not seen & set(range(one.first, one.last + 1))]


def _one_row(case: Case, number: int) -> Evidence:
    return replace(case.found, criteria=case.found.criteria[number : number + 1])


def _decided(case: Case, number: int, confirmed: list[Window], rejected: list[Window]) -> Examples:
    """Clauses of the decided passages: of a confirmed one those that are the evidence, as an officer quotes them."""
    criterion = case.found.criteria[number]
    row = case.policy.rows[criterion]
    at: list[tuple[int, int]] = []
    for window in confirmed:
        inside = range(window.first, window.last + 1)
        quoted = [n for n in inside if any(meets(q, grams(case.found.units[n].text)) for q in row.direct)]
        at += [(n, DIRECT) for n in quoted or inside]
    at += [(n, NOT_EVIDENCE) for window in rejected for n in range(window.first, window.last + 1)]
    clauses = tuple(
        Example(policy=case.policy.id, at=str(n), pieces=(), sha256="", grades={criterion: grade}) for n, grade in at
    )
    return Examples(case.examples.space, {}, clauses, case.found.embedded[[n for n, _ in at]])
