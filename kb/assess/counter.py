"""Clauses that speak against a criterion: exclusion, removal, fees, prohibition, closed remedies. Proposed apart.

Found by cues of law, whatever the criterion, among the clauses that bear on it most; a person decides whether one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import RootModel

from kb.assess.features import Evidence
from kb.assess.probes import Terms, split_terms
from kb.data import load_yaml

KEEP_COUNTER = 3
"""Clauses against a criterion that are shown."""
AMONG = 30
"""Best clauses of a criterion among which one against it is looked for."""
ABOVE = 1.5
"""Standard deviations above a criterion's mean that such a clause must score, unless it is among the FIRST: it must be
about the element at all."""
FIRST = 3  # the best clauses of a criterion, which are looked at however low they score
FITS = 3
"""Criteria for which one clause is proposed as speaking against them: with all that pass, an exclusion stood under
most."""

KIND_WORDS = {
    "exclusion": "excludes somebody",
    "removal": "takes away or suspends",
    "fee": "asks for payment",
    "prohibition": "forbids",
    "closing": "closes a remedy",
}


class CounterFile(RootModel[dict[str, dict[str, Terms]]]):
    """Kind to language to terms."""


@lru_cache(maxsize=2)
def load_counter(corpus: Path) -> dict[str, dict[str, Terms]]:
    """The cues of corpus/counter.yaml. Raises DataError where the file is absent or broken."""
    return load_yaml(corpus / "counter.yaml", CounterFile).root


def counter_kinds(found: Evidence, language: str, corpus: Path) -> list[str]:
    """For each unit the kind of cue against that it holds, "" for none; repeals, staff rules and the like hold none."""
    kinds = [""] * len(found.units)
    inert = found.traits.flags["inert"] > 0
    for kind, languages in load_counter(corpus).items():
        holds = found.table.any(split_terms(languages.get(language, ()))) & ~inert
        for number in np.flatnonzero(holds):
            kinds[number] = kinds[number] or kind
    return kinds


def against(ranks: np.ndarray, kinds: Sequence[str]) -> list[list[int]]:
    """For each criterion the numbers of the units to propose as speaking against it, best first.

    `ranks` float [criteria, units] are the scores of order. A unit is proposed for the FITS criteria that it is most
    about.
    """
    spread = np.maximum(ranks.std(axis=1, keepdims=True), 1e-9)
    above = (ranks - ranks.mean(axis=1, keepdims=True)) / spread
    place = np.argsort(np.argsort(-above, axis=0, kind="stable"), axis=0)
    made = []
    for row, fit in zip(above, place, strict=True):
        best = np.argsort(-row, kind="stable")[:AMONG]
        near = [int(n) for first, n in enumerate(best) if (first < FIRST or row[n] > ABOVE) and fit[n] < FITS]
        made.append([n for n in near if kinds[n]][:KEEP_COUNTER])
    return made
