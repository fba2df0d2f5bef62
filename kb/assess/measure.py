"""Figures over judged policies, by the rules of the scoring script: recall, silence, traps, calibration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from kb.assess.judged import JudgedCriterion, grams
from kb.assess.train import Case, Fitted, ShownPassages
from kb.assess.windows import text_of

TOP = 5  # number of proposals that an officer sees without expanding the list


def figures(
    results: Sequence[tuple[Case, list[ShownPassages], Fitted]], of: Callable[[JudgedCriterion], bool] = lambda _: True
) -> dict[str, float]:
    """Return the figures of all policies together by name; each policy has the results of a model not fitted on it.
    `of` selects the judged rows to count."""
    tally: defaultdict[str, float] = defaultdict(float)
    sure: list[tuple[float, bool]] = []
    for case, shown, fitted in results:
        for one in shown:
            if one.criterion in case.policy.rows and of(case.policy.rows[one.criterion]):
                _count(tally, sure, case, one, fitted)
    rate = lambda a, b: round(tally[a] / tally[b], 3) if tally[b] else 0.0
    return {
        "criteria": tally["rows"],
        "with_direct": tally["direct"],
        "recall_at_5": rate("recall", "direct"),
        "recall_at_5_if_never_silent": rate("recall_open", "direct"),
        "silent_precision": rate("silent_right", "silent"),
        "silent_recall": rate("silent_right", "nothing"),
        "silent_hides_direct": rate("silent_direct", "silent"),
        "direct_precision": rate("called_right", "called"),
        "traps_called_direct": rate("trapped", "traps"),
        "calibration_error": calibration_error(sure),
    }


def _count(
    tally: defaultdict[str, float], sure: list[tuple[float, bool]], case: Case, one: ShownPassages, fitted: Fitted
) -> None:
    judged = case.policy.rows[one.criterion]
    texts = [grams(text_of(case.found.units, part)) for part in one.windows]
    silent = fitted.is_silent(one.row, case.policy.language, case.found.words)
    met = recall(judged, texts[:TOP])
    tally["rows"] += 1
    tally["nothing"] += judged.nothing
    tally["silent"] += silent
    tally["silent_right"] += silent and judged.nothing
    tally["direct"] += bool(judged.direct)
    tally["traps"] += len(judged.traps)
    tally["silent_direct"] += silent and bool(judged.direct)
    tally["recall_open"] += met
    if silent:
        return
    tally["recall"] += met
    for text, confidence in zip(texts, one.confidence):
        right = judged.grade(text) == 2
        sure.append((float(confidence), right))
        if confidence >= fitted.direct_from:
            tally["called"] += 1
            tally["called_right"] += right
            tally["trapped"] += judged.is_trap(text)


def recall(judged: JudgedCriterion, texts: Sequence[frozenset]) -> float:
    """Return the share (0 to 1) of the direct quotations that the texts (as 4-grams) overlap, relative to at most
    TOP; 0 if there are no direct quotations."""
    if not judged.direct:
        return 0.0
    alone = [JudgedCriterion(judged.criterion, judged.label, (quote,), (), (), False) for quote in judged.direct]
    return sum(any(row.grade(text) == 2 for text in texts) for row in alone) / min(TOP, len(judged.direct))


def calibration_error(sure: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return the expected calibration error over equal-width bins; `sure` holds (probability, whether it was right).
    1.0 without data."""
    if not sure:
        return 1.0
    confidence, right = np.array([c for c, _ in sure]), np.array([r for _, r in sure], dtype=float)
    which = np.minimum(bins - 1, (confidence * bins).astype(int))
    gaps = [
        abs(confidence[which == b].mean() - right[which == b].mean()) * (which == b).sum() for b in set(which.tolist())
    ]
    return round(float(sum(gaps) / len(sure)), 3)
