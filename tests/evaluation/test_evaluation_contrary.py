"""Counting clauses against a criterion: how many were judged so, have a cue, and are proposed."""

from __future__ import annotations

import json
import sys

import numpy as np

from kb.assess.encoding import CachedVectors
from kb.assess.examples import Examples
from kb.assess.judged import JudgedCriterion, JudgedPolicy, grams
from kb.assess.proposing import look
from kb.assess.train import Case
from kb.evaluation.contrary import contrary, counted
from kb.index.cache import VectorCache

OUT = "Domestic workers shall be excluded from the right to form and join a trade union under this Act."
IN = "Every worker has the right to form and join a trade union and to bargain with the employer."
FLAG = "The colours of the flag of the district are blue and green, and its length is twice its width."


def test_contrary_clauses_are_those_marked_so_and_the_counter_evidence_of_a_row(tmp_path):
    (tmp_path / "law.txt").write_text(OUT, encoding="utf-8")
    marked = [{"chars": [0, 16], "polarity": "contrary"}, {"chars": [0, 40]}]
    rows = [
        {"doc": "law", "file": "law.txt", "criterion": "R6.b", "passages": marked},
        {"doc": "law", "file": "law.txt", "criterion": "R6.a", "passages": [], "counter_evidence": [{"quote": FLAG}]},
    ]
    judged = tmp_path / "judged.jsonl"
    judged.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = contrary(judged, tmp_path)
    assert [(one.criterion, one.words) for one in found] == [("R6.b", grams("Domestic workers")), ("R6.a", grams(FLAG))]


def test_a_clause_with_a_cue_that_is_proposed_apart_is_counted_as_found(root, tmp_path):
    sys.path.insert(0, str(root / "tests" / "assess"))
    from assess_toys import ToyEncoder, policy

    law = policy("law", "en", "# One", IN, "# Two", OUT, "# Three", FLAG)
    found = look(law, "en", ["R6.b"], CachedVectors(ToyEncoder(), VectorCache(":memory:")), root / "corpus")
    row = JudgedCriterion("R6.b", "partial", (grams(IN),), (), (), False)
    none = Examples("toy", {}, (), np.zeros((0, 64), dtype=np.float32))
    case = Case.of(JudgedPolicy("law", "law.md", "en", {"R6.b": row}), found, none)
    judged = tmp_path / "judged.jsonl"
    quotes = [{"quote": OUT}, {"quote": FLAG}]
    line = {"doc": "law", "file": "law.txt", "criterion": "R6.b", "passages": [], "counter_evidence": quotes}
    judged.write_text(json.dumps(line), encoding="utf-8")
    ranks = found.scores["dense_above"]
    tally = {"judged": 2, "with a cue": 1, "proposed": 1, "proposals": 1, "judged direct evidence for": 0}
    assert counted([(case, ranks, ())], contrary(judged, tmp_path)) == tally
    assert counted([(case, ranks, [0])], contrary(judged, tmp_path)) == tally | {"proposed": 0, "proposals": 0}
