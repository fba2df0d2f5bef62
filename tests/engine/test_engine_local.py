"""The embedded engine: large spaces keep exact cosines, and what is damaged is named."""

import threading

import faiss
import numpy as np
import pytest

from kb.engine.local import vectors
from kb.engine.local.vectors import Space
from kb.index.encoders import normalise


def test_a_large_space_scans_codes_and_gives_exact_cosines(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 100)
    rng = np.random.default_rng(3)
    data = normalise(rng.standard_normal((4000, 32)))
    space = Space.build(data, list(range(1, 4001)))
    space.save(tmp_path, "s")
    space = Space.load(tmp_path, "s")
    assert not space.is_exact and space.recall(data) >= 0.99
    for query in normalise(rng.standard_normal((5, 32))):
        exact = data @ query
        top = np.argsort(-exact)[:10]
        assert list(space.search(query, 300))[:10] == [i + 1 for i in top.tolist()]
        assert space.best(query, top + 1) == pytest.approx(exact[top], abs=1e-3)
        mask = np.arange(4001) % 3 == 0
        assert all(row % 3 == 0 for row in space.near(query, 50, mask)[0])
        assert space.lowest(query) < np.median(exact)


def test_a_large_space_whose_exact_vectors_are_of_another_build_is_reported(tmp_path, monkeypatch):
    from kb.errors import IndexError_

    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1)
    Space.build(np.eye(4, dtype=np.float32), [1, 2, 3, 4]).save(tmp_path, "s")
    np.save(tmp_path / "s-exact.npy", np.eye(3, 4, dtype=np.float16))
    with pytest.raises(IndexError_, match="do not fit their rows"):
        Space.load(tmp_path, "s")


def test_with_a_filter_a_large_space_brings_as_much_or_all_that_pass(monkeypatch):
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 100)
    rng = np.random.default_rng(4)
    data = normalise(rng.standard_normal((3000, 32)))
    space, query = Space.build(data, list(range(1, 3001))), data[0]
    exact = np.r_[9, data @ query]
    far = exact < np.quantile(exact, 0.2)  # none of them is near: a scan without the filter would bring none
    assert sorted(space.near(query, 50, far)[0]) == np.flatnonzero(far).tolist()
    few = np.isin(np.arange(3001), [5, 7])
    assert space.near(query, 50, few)[0].tolist() == [5, 7]
    third = np.arange(3001) % 3 == 0
    best = np.argsort(-np.where(third & (exact < 9), exact, -9))[:10]
    brought, scores = space.near(query, 50, third)
    assert set(best.tolist()) <= set(brought.tolist()) and 150 <= len(brought) < 1000
    assert scores == pytest.approx(exact[brought], abs=1e-6)
    other = np.arange(3001) % 3 == 1
    for mask in (third, other, third, far):  # what a mask lets pass is kept for the next search with the same one
        assert mask[space.near(query, 50, mask)[0]].all()


def test_the_nearness_of_a_part_is_the_mean_that_a_passage_has():
    rng = np.random.default_rng(5)
    whole, pairs = (normalise(rng.standard_normal((n, 8))) for n in (4, 5))
    owners, query = np.array([4, 2, 2, 4, 4]), normalise(rng.standard_normal((1, 8)))[0]
    parts, rows = vectors.parts_of(whole, pairs, owners)
    found = Space.build(parts, rows.tolist()).best(query, np.arange(1, 5))
    for row in range(1, 5):
        mine = pairs[owners == row] @ query
        alone = whole[row - 1] @ query
        assert found[row - 1] == pytest.approx((alone + (mine.max() if len(mine) else alone)) / 2, abs=1e-6)


def test_a_thread_of_its_own_searches_in_one_thread_too():
    """OpenMP has a limit for each thread: one set by the first thread holds for no other."""
    space = Space.build(np.random.default_rng(0).standard_normal((6000, 16), dtype=np.float32), range(1, 6001))
    found = []

    def search() -> None:
        space.near(np.ones(16, dtype=np.float32), 5)
        found.append(faiss.omp_get_max_threads())

    thread = threading.Thread(target=search)
    thread.start()
    thread.join()
    assert found == [1]
