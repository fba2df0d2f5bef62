"""Two ways of combining several rankings into one, with exact numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InputError
from kb.search.fusion import convex, fuse, reciprocal, scaled

WEIGHTS = {"lexical": 0.25, "english": 0.75}


def near(*expected):
    """Return an object that equals an array with these values; NaN equals NaN."""
    return pytest.approx(np.array(expected, dtype=float), nan_ok=True)


def leg(*scores):
    """Return the scores of one retriever for passages 1, 2, 3 …; None for a passage that it did not find."""
    return np.array([np.nan if score is None else score for score in scores], dtype=float)


def test_scores_are_moved_to_between_nought_and_one():
    assert scaled(leg(2, 4, 3, None)) == near(0, 1, 0.5, np.nan)
    assert scaled(leg(2, 4), floor=0.0) == near(0.5, 1)
    assert scaled(leg(5)) == near(1) and len(scaled(leg())) == 0


def test_a_convex_sum_keeps_how_much_better_a_hit_is():
    legs = {"lexical": leg(8, 4, None, None), "english": leg(None, 0.9, 0.5, 0.1)}
    assert convex(legs, WEIGHTS, 60, {"lexical": 0.0}) == near(0.25, 0.125 + 0.75, 0.375, 0)


def test_a_score_that_counts_as_nought_may_be_lower_than_any_candidate_has():
    assert convex({"english": leg(0.9, 0.5)}, WEIGHTS, 60, {"english": 0.1}) == near(1, 0.5)


def test_a_leg_that_found_nothing_leaves_its_share_to_the_others():
    assert convex({"lexical": leg(None, None), "english": leg(0.9, 0.1)}, WEIGHTS, 60, {}) == near(1, 0)


def test_reciprocal_ranks():
    legs = {"lexical": leg(8, 4, None), "english": leg(None, 0.9, 0.5)}
    assert reciprocal(legs, WEIGHTS, 60, {}) == near(0.25, 0.25 * 61 / 62 + 0.75, 0.75 * 61 / 62)


def test_equal_scores_rank_by_place():
    first, second = reciprocal({"lexical": leg(1, 1)}, {"lexical": 1.0}, 60, {})
    assert first > second


SCORES = st.lists(st.one_of(st.none(), st.floats(0, 50)), min_size=6, max_size=6)


@given(st.dictionaries(st.sampled_from(["lexical", "english"]), SCORES), st.sampled_from(["convex", "rrf"]))
def test_a_fused_score_is_between_nought_and_one_and_every_passage_has_one(legs, method):
    made = fuse({name: leg(*scores) for name, scores in legs.items()}, WEIGHTS, method)
    assert len(made) == (6 if legs else 0) and ((made >= -1e-9) & (made <= 1 + 1e-9)).all()


def test_an_unknown_method_lists_those_there_are():
    with pytest.raises(InputError, match="unknown fusion 'sum'. Methods are: convex, rrf."):
        fuse({}, {}, "sum")


def test_reciprocal_ranks_begin_at_sixty_by_default():
    legs = {"words": np.array([2.0, 1.0])}
    assert fuse(legs, {"words": 1.0}, method="rrf").tolist() == pytest.approx([1.0, 61 / 62])
    assert fuse(legs, {"words": 1.0}, method="rrf", k=60).tolist() == fuse(legs, {"words": 1.0}, method="rrf").tolist()


@pytest.mark.parametrize("method", ["convex", "rrf"])
def test_a_leg_without_a_weight_counts_for_nothing(method):
    legs = {"words": np.array([2.0, 1.0, 0.0]), "meaning": np.array([0.0, 1.0, 2.0])}
    alone = fuse({"words": legs["words"]}, {"words": 1.0}, method=method)
    assert fuse(legs, {"words": 1.0}, method=method).tolist() == alone.tolist()
