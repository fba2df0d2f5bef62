"""Replaying decisions: confirmed passages stay, rejected ones make room, and nothing is counted that was not looked
at."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from kb.assess.encoding import Vectors
from kb.assess.examples import none
from kb.assess.judged import JudgedPolicy, Row, grams
from kb.assess.proposing import look
from kb.assess.train import Case
from kb.evaluation import replay
from kb.index.cache import VectorCache


@pytest.fixture
def case(root):
    sys.path.insert(0, str(root / "tests" / "assess"))
    from assess_toys import ToyEncoder, policy

    words = [
        f"Rule number {n} of this act is about the {thing} of the district." for n, thing in enumerate("abcdefghijkl")
    ]
    law = policy("law", "en", *(part for n, text in enumerate(words) for part in (f"# Part {n}", text)))
    found = look(law, "en", ["R1.c"], Vectors(ToyEncoder(), VectorCache(":memory:")), root / "corpus")
    row = Row("R1.c", "partial", (grams(words[9]),), (), (), False)
    return Case.of(JudgedPolicy("law", "law.md", "en", {"R1.c": row}), found, none("toy", 64))


@pytest.mark.parametrize("learning", [True, False])
def test_rejected_passages_make_room_for_the_next(case, learning):
    ranks = np.linspace(1, 0, len(case.found.units))[None, :]
    recall = replay._one(case, 0, case.policy.rows["R1.c"], ranks, learning)
    assert recall[0] == 0 and recall[-1] == 1 and recall == sorted(recall)


def test_what_is_confirmed_is_counted_and_not_shown_twice(case):
    ranks = np.zeros((1, len(case.found.units)))
    ranks[0, 9] = 1
    assert replay._one(case, 0, case.policy.rows["R1.c"], ranks, True) == [1.0] * len(replay.STEPS)


def test_of_what_is_left_to_find_only_the_next_five_count(case):
    ranks = np.linspace(1, 0, len(case.found.units))[None, :]
    found = replay._to_find(case, 0, case.policy.rows["R1.c"], ranks)[False]
    assert found[:2] == [0.0, 1.0] and np.isnan(found[2:]).all()
