"""Find clauses that may contradict a criterion: exclusion, removal, fees, prohibition, closed remedies, conditions.

Legal cues are looked for in the clauses that are most relevant to a criterion. A person decides whether a clause
does contradict it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import RootModel

from kb.assess.features import PolicyFeatures
from kb.assess.probes import Terms, split_terms
from kb.data import load_yaml
from kb.i18n import later

KEEP_COUNTER = 3
"""Clauses against a criterion that are shown."""
AMONG = 30
"""Best clauses of a criterion among which counter-evidence is looked for."""
ABOVE = 1.5
"""Standard deviations above a criterion's mean that such a clause must score, unless it is among the FIRST: it must be
about the element at all."""
FIRST = 3  # number of best clauses of a criterion that are examined, even if their scores are low
FITS = 3
"""Criteria for which one clause is proposed as counter-evidence: with all that qualify, an exclusion appeared under
most."""

KIND_WORDS = {
    "exclusion": later("excludes somebody"),
    "removal": later("takes away or suspends"),
    "fee": later("asks for payment"),
    "prohibition": later("forbids"),
    "closing": later("closes a remedy"),
    "condition": later("sets a condition of work, contributions, means or residence"),
}
HARMLESS, CRITERIA = "harmless", "criteria"
"""Keys of corpus/counter.yaml besides kinds and languages: cues of clauses that are against nothing, and the criteria
to which a kind is limited."""


class CounterFile(RootModel[dict[str, dict[str, Terms]]]):
    """The content of corpus/counter.yaml: for each kind of cue its terms by language, and its criteria when it is
    limited to some."""


@lru_cache(maxsize=2)
def load_counter(corpus: Path) -> dict[str, dict[str, Terms]]:
    """Load the cues of corpus/counter.yaml. Raises DataError when the file is missing or invalid."""
    return load_yaml(corpus / "counter.yaml", CounterFile).root


def counter_kinds(found: PolicyFeatures, language: str, corpus: Path) -> list[list[str]]:
    """Return, for each criterion and each unit, the kind of counter-cue in the unit; "" if there is none, or if the
    unit is a repeal, a staff rule or the like."""
    held = load_counter(corpus)
    none = (found.traits.flags["inert"] > 0) | found.table.any(split_terms(held[HARMLESS].get(language, ())))
    holds = {kind: found.table.any(split_terms(held[kind].get(language, ()))) & ~none for kind in KIND_WORDS}
    only = {kind: held[kind].get(CRITERIA, found.criteria) for kind in KIND_WORDS}
    made = []
    for criterion in found.criteria:
        kinds = [""] * len(found.units)
        for kind in (kind for kind in KIND_WORDS if criterion in only[kind]):
            for number in np.flatnonzero(holds[kind]):
                kinds[number] = kinds[number] or kind
        made.append(kinds)
    return made


def against(ranks: np.ndarray, kinds: Sequence[Sequence[str]], silent: Collection[int] = ()) -> list[list[int]]:
    """Return, for each criterion, the positions of the units to propose as counter-evidence, best first.

    `ranks` (float [criteria, units]) are the rank scores, `kinds` is the result of `counter_kinds`. A unit is
    proposed for the FITS criteria to which it is most relevant; a condition is proposed for each criterion of its
    cue. A position in `silent` is a criterion without evidence, to which the policy is probably not related: only
    its most relevant clause can be proposed, and only if that clause is not more relevant to another criterion.
    (None of 35 judged clauses was under such a criterion, and of 70 proposals judged without their scores none of
    the 26 there was right.)
    """
    spread = np.maximum(ranks.std(axis=1, keepdims=True), 1e-9)
    above = (ranks - ranks.mean(axis=1, keepdims=True)) / spread
    place = np.argsort(np.argsort(-above, axis=0, kind="stable"), axis=0)
    made = []
    for number, (row, fit, kind) in enumerate(zip(above, place, kinds, strict=True)):
        most = (1, 1) if number in silent else (AMONG, FITS)
        best = np.argsort(-row, kind="stable")[: most[0]]
        near = [int(n) for first, n in enumerate(best) if first < FIRST or row[n] > ABOVE]
        about = [n for n in near if fit[n] < most[1] or kind[n] == "condition"]
        made.append([n for n in about if kind[n]][:KEEP_COUNTER])
    return made
