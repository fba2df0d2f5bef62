"""Evaluate clauses that judges found to contradict a criterion: how many the program proposes as counter-evidence, and
what else it proposes as such.

A judged clause is a passage marked contrary, or one listed as counter-evidence in its row. It "has a cue" when a clause
that overlaps it has one of `corpus/counter.yaml`, and "is proposed" when such a clause is among the counter-proposals.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kb.assess.calibrate import centred, load_model, row_features
from kb.assess.counter import against, counter_kinds
from kb.assess.encoding import CachedVectors, cache_of, encoder_for
from kb.assess.judged import Grams, grams, meets
from kb.assess.lessons import compare, load_lessons
from kb.assess.train import Case
from kb.config import settings
from kb.languages import MAIN
from kb.read import read


@dataclass(frozen=True)
class Contrary:
    """One judged clause: its policy, its criterion and the word 4-grams of its text."""

    policy: str
    criterion: str
    words: Grams


def contrary(judged: Path, policies: Path) -> list[Contrary]:
    """Load the judged clauses of a file; `policies` is the folder with the files of the policies."""
    found = []
    for line in judged.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        marked = [one for one in row["passages"] if one.get("polarity") == "contrary"]
        for one in (*marked, *row.get("counter_evidence", ())):
            words = one["quote"] if "quote" in one else _words(policies / row["file"], one["chars"])
            found.append(Contrary(row["doc"], row["criterion"], grams(words)))
    return found


def _words(file: Path, chars: Sequence[int]) -> str:
    return read(file).text[chars[0] : chars[1]]


def as_shipped(cases: Iterable[Case]) -> Iterator[tuple[Case, np.ndarray, list[int]]]:
    """Yield each case as `kb assess` would process it, without the policy's own examples; the rank scores of the
    shipped model (float [criteria, units]); and the positions of the criteria for which no evidence is found."""
    config = settings()
    model = load_model(config.corpus / "models" / "assess.json")
    lessons = load_lessons(config.corpus, CachedVectors(encoder_for(MAIN), cache_of(config)))
    for case in cases:
        others = lessons and lessons.without_file(case.found.units[0].first.place.sha256)
        found = compare(case.found, others)
        ranks = model.rank.score(centred(found))
        sure = model.row.probability(row_features(found, ranks))
        silent = [i for i, one in enumerate(sure) if model.is_silent(float(one), case.policy.language, found.words)]
        yield replace(case, found=found), ranks, silent


def counted(known: Iterable[tuple[Case, np.ndarray, Sequence[int]]], judged: Sequence[Contrary]) -> dict[str, int]:
    """Count the judged clauses, those with a cue and those proposed; and of all counter-proposals in the same policies,
    those that were judged direct evidence for the criterion. `known` is the result of `as_shipped`."""
    tally = Counter(dict.fromkeys(("judged", "with a cue", "proposed", "proposals", "judged direct evidence for"), 0))
    for case, ranks, silent in known:
        units = [grams(unit.text) for unit in case.found.units]
        kinds = counter_kinds(case.found, case.policy.language, settings().corpus)
        proposed = against(ranks, kinds, silent)
        for one in (one for one in judged if one.policy == case.policy.id):
            at = [n for n, unit in enumerate(units) if meets(one.words, unit)]
            row = case.found.criteria.index(one.criterion)
            cue, here = any(kinds[row][n] for n in at), bool(set(at) & set(proposed[row]))
            tally.update({"judged": 1, "with a cue": cue, "proposed": here})
        for criterion, numbers in zip(case.found.criteria, proposed, strict=True):
            if criterion in case.policy.rows:
                grades = [case.grades[case.found.criteria.index(criterion), n] for n in numbers]
                tally.update({"proposals": len(numbers), "judged direct evidence for": grades.count(2)})
    return dict(tally)
