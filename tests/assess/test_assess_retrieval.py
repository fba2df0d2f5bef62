"""Retrieval within one policy: what is particular to a clause, without what the complete law has in common."""

import numpy as np
import pytest

from kb.assess import retrieval


def test_what_all_clauses_share_is_taken_away():
    common = np.array([5.0, 0.0, 0.0])
    own = np.array([[0.0, 1.0, 0.0], [0.0, -1.0, 0.0]])
    assert np.allclose(retrieval.apart(common + own), own)


def test_probes_are_taken_apart_by_the_mean_of_all_probes():
    found = retrieval.apart(np.array([[3.0, 4.0]]), np.array([0.0, 4.0]))
    assert np.allclose(found, [[1.0, 0.0]])


def test_a_single_clause_has_nothing_particular():
    assert np.allclose(retrieval.apart(np.array([[0.6, 0.8]])), 0.0)


def test_a_short_text_borrows_a_middle_and_a_long_one_keeps_its_own():
    beside, own = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert np.allclose(retrieval.middle(np.tile(own, (10, 1)), beside), [0.5, 0.5])
    assert np.allclose(retrieval.middle(np.tile(own, (990, 1)), beside), [0.01, 0.99])
    alone = own[None]
    assert retrieval.apart(alone, retrieval.middle(alone, beside)) @ own > 0.7, "a single clause has a direction"


@pytest.mark.parametrize("row,expected", [([1.0, 2.0, 3.0], [-1.2247, 0.0, 1.2247]), ([2.0, 2.0], [0.0, 0.0])])
def test_standard_scores_have_mean_zero_and_spread_one(row, expected):
    assert np.allclose(retrieval.standard(np.array([row])), [expected], atol=1e-4)
