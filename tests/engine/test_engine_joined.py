"""The vectors of base and segments answer as the vectors of one space."""

import numpy as np
import pytest

from kb.engine.local import vectors
from kb.engine.local.joined import JoinedSpace
from kb.engine.local.vectors import Space

FIRSTS, ROWS, DIM = (1, 41, 44), 60, 16


@pytest.fixture(params=[5_000, 1], ids=["compared", "coded"])
def spaces(request, monkeypatch):
    """One space over all rows, and the same in three parts: two vectors a row, and none for row 50."""
    monkeypatch.setattr(vectors, "EXACT_UP_TO", request.param)
    rng = np.random.default_rng(0)
    rows = np.asarray([row for row in range(1, ROWS + 1) for _ in range(2) if row != 50])
    made = rng.standard_normal((len(rows), DIM), dtype=np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    ends = [*(first - 1 for first in FIRSTS[1:]), ROWS]
    inside = [(rows >= first) & (rows <= end) for first, end in zip(FIRSTS, ends, strict=True)]
    parts = [Space.build(made[here], rows[here] - (first - 1)) for here, first in zip(inside, FIRSTS, strict=True)]
    return Space.build(made, rows), JoinedSpace(parts, FIRSTS), made[7] + 0.1


def test_the_best_cosine_of_each_row(spaces):
    one, joined, query = spaces
    rows = np.asarray([60, 1, 50, 43, 44, 40, 41])
    np.testing.assert_allclose(joined.best(query, rows), one.best(query, rows), atol=1e-6)
    assert np.isnan(joined.best(query, rows)[2])
    assert len(joined.best(query, np.zeros(0, dtype=np.int64))) == 0
    if one.is_exact:
        np.testing.assert_allclose(joined.best_of_all(query, ROWS), one.best_of_all(query, ROWS), atol=1e-6)


def test_the_nearest_rows_are_found_in_all_parts_and_within_a_mask(spaces):
    one, joined, query = spaces
    every = np.arange(ROWS + 1)
    for allowed in (None, every % 3 == 0, every > 42, every < 3, every == 44):
        for _ in range(2):  # the second time with masks that are kept
            near = [
                dict(zip(rows.tolist(), scores, strict=True))
                for rows, scores in (space.near(query, ROWS, allowed) for space in (one, joined))
            ]
            assert near[0].keys() == near[1].keys()
            assert all(near[0][row] == pytest.approx(near[1][row], abs=1e-6) for row in near[0])


def test_cosines_between_rows_of_one_part_and_of_two(spaces):
    one, joined, _ = spaces
    rows, others = np.asarray([1, 1, 42, 50, 60, 44]), np.asarray([2, 60, 43, 1, 50, 39])
    np.testing.assert_allclose(joined.between(rows, others), one.between(rows, others), atol=1e-6)
    assert np.isnan(joined.between(rows, others)).tolist() == [False, False, False, True, True, False]


def test_vectors_by_row_and_what_is_estimated(spaces):
    one, joined, query = spaces
    rows = np.asarray([44, 1, 50, 43])
    (places, many), (own, own_many) = joined.positions(rows), one.positions(rows)
    np.testing.assert_array_equal(many, own_many)
    np.testing.assert_array_equal(joined.at(places), one.at(own))
    assert (joined.size, joined.dim, joined.is_exact) == (one.size, one.dim, one.is_exact)
    assert joined.lowest(query) == pytest.approx(one.lowest(query), abs=1e-6)
