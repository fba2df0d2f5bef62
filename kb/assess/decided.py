"""What people decided moves the order of what is proposed next: nearest confirmed clauses up, nearest rejected ones
down.

It moves the order only. Silence, confidence and grade stay those of the model that was measured.
"""

from __future__ import annotations

import numpy as np

from kb.assess import retrieval
from kb.assess.examples import DIRECT, NOT_EVIDENCE, Examples
from kb.assess.features import Evidence

CONFIRMED, REJECTED = 0.2, 0.15
"""Standard deviations of a criterion's scores by which a clause moves for each standard deviation of its nearness to
confirmed or rejected clauses, once there are many. Six pairs from .15 to 1 were replayed on a third of the judged rows:
after ten decisions recall@5 was .88 to .90, little ones best; large ones forget what the model knows."""
HALF = 1.0
"""Decisions after which half of that weight is used: one decision says little."""


def moved(ranks: np.ndarray, found: Evidence, decided: Examples | None) -> np.ndarray:
    """float [criteria, units]: `ranks` as moved by the clauses that people decided on; unchanged without any."""
    if decided is None or not len(decided) or found.vectors is None:
        return ranks
    cosines = found.vectors @ decided.vectors.T
    made = ranks.astype(np.float64, copy=True)
    for i, criterion in enumerate(found.criteria):
        grades = decided.graded(criterion)
        spread = max(float(ranks[i].std()), 1e-9)
        for grade, weight in ((DIRECT, CONFIRMED), (NOT_EVIDENCE, -REJECTED)):
            own = cosines[:, grades == grade]
            if own.shape[1]:
                near = retrieval.standard(own.max(axis=1)[None, :])[0]
                made[i] += spread * weight * own.shape[1] / (own.shape[1] + HALF) * near
    return made
