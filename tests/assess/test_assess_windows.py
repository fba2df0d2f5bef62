"""From clauses to passages: within one section, without overlap, no longer than a paragraph, the best first."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from assess_toys import policy

from kb.assess.units import cut
from kb.assess.windows import Window, text_of, windows, worth

SENTENCE = "The authority number {} shall provide health care to all persons who live in its own district."
UNITS = cut(policy("law", "en", "# One", *(SENTENCE.format(n) for n in range(6)), "# Two", SENTENCE.format(6)))


def test_windows_do_not_overlap_and_stay_short():
    found = windows(UNITS, np.arange(len(UNITS), dtype=float), keep=9, limit=40)
    spans = sorted((w.first, w.last) for w in found)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert all(len(text_of(UNITS, w).split()) <= 40 for w in found)


def test_a_window_does_not_leave_its_section():
    best = windows(UNITS, np.arange(len(UNITS), dtype=float))[0]
    assert (best.first, best.last) == (6, 6)


def test_the_best_clause_comes_first():
    scores = np.zeros(len(UNITS))
    scores[2] = 1
    assert windows(UNITS, scores)[0].centre == 2


def test_a_passage_with_two_good_clauses_is_worth_more_than_one():
    scores = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    assert worth(scores, Window(0, 1, 0)) > worth(scores, Window(6, 6, 6)) > worth(scores, Window(2, 3, 2))


def test_the_order_does_not_depend_on_the_scale_of_the_scores():
    scores = np.array([0.9, 0.1, 0.4, 0.7, 0.2, 0.3, 0.8])
    assert windows(UNITS, scores, limit=40) == windows(UNITS, scores / 1000, limit=40)


def test_the_stretch_that_is_worth_most_is_taken_and_not_the_one_around_the_best_clause():
    scores = np.array([1.0, 0.0, 0.0, 0.9, 0.9, 0.0, 0.0])
    best, after = windows(UNITS, scores, limit=40)[:2]
    assert best.first <= 3 and best.last >= 4
    assert after.first == 0


def test_every_clause_comes_up_where_enough_are_asked_for():
    found = windows(UNITS, np.zeros(len(UNITS)), keep=99, limit=40)
    assert sorted(n for one in found for n in range(one.first, one.last + 1)) == list(range(len(UNITS)))
