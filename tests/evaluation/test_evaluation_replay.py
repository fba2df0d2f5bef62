"""Replaying decisions: confirmed passages stay, rejected ones are replaced by others, and only what was read is
counted."""

from __future__ import annotations

import sys
from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest

from kb.assess.calibrate import PROPOSAL, Linear
from kb.assess.encoding import CachedVectors
from kb.assess.examples import Examples
from kb.assess.judged import JudgedCriterion, JudgedPolicy, grams
from kb.assess.proposing import look
from kb.assess.train import Case
from kb.evaluation import replay
from kb.evaluation.replay import Measured, Officer, Ranked
from kb.index.cache import VectorCache

CRITERIA = ["R1.c", "R4.c"]
FLAT = Linear(names=PROPOSAL, mean=(0.0,) * len(PROPOSAL), scale=(1.0,) * len(PROPOSAL), weights=(0.0,) * len(PROPOSAL))


@pytest.fixture
def ranked(root):
    """Return twelve ranked provisions, of which the tenth is evidence for R1.c and the first has the highest score."""
    sys.path.insert(0, str(root / "tests" / "assess"))
    from assess_toys import ToyEncoder, policy

    words = [
        f"Rule number {n} of this act is about the {thing} of the district." for n, thing in enumerate("abcdefghijkl")
    ]
    law = policy("law", "en", *(part for n, text in enumerate(words) for part in (f"# Part {n}", text)))
    found = look(law, "en", CRITERIA, CachedVectors(ToyEncoder(), VectorCache(":memory:")), root / "corpus")
    rows = {
        "R1.c": JudgedCriterion("R1.c", "partial", (grams(words[9]),), (), (), False),
        "R4.c": JudgedCriterion("R4.c", "no_evidence_found", (), (), (), False),
    }
    found.scores.update({name: np.zeros((2, 12)) for name in PROPOSAL if name.endswith("_level") or name in _LATER})
    case = Case.of(
        JudgedPolicy("law", "law.md", "en", rows), found, Examples("toy", {}, (), np.zeros((0, 64), dtype=np.float32))
    )
    plain = np.stack([np.linspace(1, 0, 12)] * 2)
    return Ranked(case, SimpleNamespace(proposal=FLAT), plain, np.zeros(2), np.zeros((2, 2)))


_LATER = ("nearer", "past_related")


@pytest.mark.parametrize("learning", [True, False])
def test_rejected_passages_make_room_for_the_next(ranked, learning):
    officer = Officer(ranked, learning)
    assert officer.left("R1.c")[0].first == 0
    officer.decide("R1.c", 12)
    assert len(officer.here["R1.c"].rejected) == 11 and officer.left("R1.c") == []
    assert [one.first for one in officer.here["R1.c"].confirmed] == [9]
    assert len(officer.passages["R1.c"]) == 1


def test_what_was_decided_is_not_cut_anew_and_not_shown_again(ranked):
    officer = Officer(ranked, True)
    officer.decide("R1.c", 4)
    at = {one.first for one in officer.here["R1.c"].rejected}
    assert len(at) == 4 and not at & {one.first for one in officer.left("R1.c")}
    assert officer.left("R4.c")[0].first == 0, "another criterion keeps its own list"


def test_of_what_is_left_to_find_only_the_next_five_count(ranked):
    row = ranked.case.policy.rows["R1.c"]
    quoted = grams(ranked.case.found.units[9].text)
    other = grams(ranked.case.found.units[1].text)
    assert replay._to_find(row, [], [other, quoted]) == 1.0 and replay._to_find(row, [], [other]) == 0.0
    assert np.isnan(replay._to_find(row, [quoted], [other]))


def test_after_decisions_in_the_policy_confirmed_passages_count_and_rejected_ones_make_room(ranked):
    row = ranked.case.policy.rows["R1.c"]
    officer = Officer(ranked, False)
    officer.decide("R1.c", 4)
    assert replay._recall(Officer(ranked, False), row) == 0.0, "the tenth is not among the first five"
    officer.decide("R1.c", 1)
    assert replay._recall(officer, row) == 1.0, "five are rejected, so that it is"
    officer.decide("R1.c", 5)
    assert replay._recall(officer, row) == 1.0, "confirmed, it stays"
    assert replay._drawn(officer, [], 0).here == {} and replay._drawn(officer, ["R1.c"], 0).here == officer.here


def test_an_officer_at_work_goes_from_one_criterion_to_the_next_and_leaves_silent_ones_out(ranked, monkeypatch):
    ranked.fitted.is_silent = lambda *_: False
    assert replay._worked(ranked, False) == [[0.0, 0.0, 1.0, 1.0]], "six rejected after ten, the tenth is in sight"
    assert list(islice(replay._rounds(Officer(ranked, False), ["R1.c", "R4.c"]), 4)) == ["R1.c"] * 3 + ["R4.c"]
    ranked.fitted.is_silent = lambda *_: True
    assert replay._worked(ranked, True) == [[0.0] * 4], "nothing is proposed, so nothing is decided"
    monkeypatch.setattr(replay.Ranked, "by", classmethod(lambda *_: ranked))
    assert [row["recall@5 after 20"] for row in replay.at_work([(None, None)])] == [0.0, 0.0]


def test_a_line_has_the_mean_of_each_measure_and_says_where_nothing_is_left():
    nothing = float("nan")
    found = [Measured([0, 0.5, 1, 1], [0.2, 0.4, nothing, nothing], [0, 0, 0.5, 1], 0.5, 0.75)] * 2
    line = replay.line(True, found)
    assert line["recall@5 after 5"] == 0.5 and line["of the rest after 5"] == 0.4
    assert line["of the rest after 20"] == "-" and line["untouched"] == 0.5 and line["rows"] == 2
    assert line["20 in the policy"] == 0.75
