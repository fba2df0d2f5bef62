"""Two ways of making one ranking of several, with exact numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InputError
from kb.search.fusion import convex, fuse, reciprocal, scaled

WEIGHTS = {"lexical": 0.25, "english": 0.75}


def test_scores_are_moved_to_between_nought_and_one():
    assert scaled({1: 2.0, 2: 4.0, 3: 3.0}) == {1: 0.0, 2: 1.0, 3: 0.5}
    assert scaled({1: 2.0, 2: 4.0}, floor=0.0) == {1: 0.5, 2: 1.0}
    assert scaled({1: 5.0}) == {1: 1.0} and scaled({}) == {}


def test_a_convex_sum_keeps_how_much_better_a_hit_is():
    legs = {"lexical": {1: 8.0, 2: 4.0}, "english": {2: 0.9, 3: 0.5, 4: 0.1}}
    assert convex(legs, WEIGHTS, 60) == pytest.approx({1: 0.25, 2: 0.125 + 0.75, 3: 0.375, 4: 0.0})


def test_a_leg_that_found_nothing_leaves_its_share_to_the_others():
    assert convex({"lexical": {}, "english": {1: 0.9, 2: 0.1}}, WEIGHTS, 60) == {1: 1.0, 2: 0.0}


def test_reciprocal_ranks():
    legs = {"lexical": {1: 8.0, 2: 4.0}, "english": {2: 0.9, 3: 0.5}}
    assert reciprocal(legs, WEIGHTS, 60) == pytest.approx({1: 0.25, 2: 0.25 * 61 / 62 + 0.75, 3: 0.75 * 61 / 62})


def test_equal_scores_rank_by_place():
    made = reciprocal({"lexical": {9: 1.0, 3: 1.0}}, {"lexical": 1.0}, 60)
    assert made[3] > made[9]


LEGS = st.dictionaries(st.sampled_from(["lexical", "english"]), st.dictionaries(st.integers(0, 9), st.floats(0, 50)))


@given(LEGS, st.sampled_from(["convex", "rrf"]))
def test_a_fused_score_is_between_nought_and_one_and_every_row_has_one(legs, method):
    made = fuse(legs, WEIGHTS, method)
    assert set(made) == {row for leg in legs.values() for row in leg}
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in made.values())


def test_an_unknown_method_lists_those_there_are():
    with pytest.raises(InputError, match="unknown fusion 'sum'. Methods are: convex, rrf."):
        fuse({}, {}, "sum")
