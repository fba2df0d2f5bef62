"""The embedded engine: large spaces keep exact cosines, and what is damaged is named."""

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
        assert all(row % 3 == 0 for row in space.scan(query, 50, mask))
        assert space.lowest(query) < np.median(exact)


def test_a_large_space_whose_exact_vectors_are_of_another_build_is_told(tmp_path, monkeypatch):
    from kb.errors import IndexError_

    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1)
    Space.build(np.eye(4, dtype=np.float32), [1, 2, 3, 4]).save(tmp_path, "s")
    np.save(tmp_path / "s-exact.npy", np.eye(3, 4, dtype=np.float16))
    with pytest.raises(IndexError_, match="do not fit their rows"):
        Space.load(tmp_path, "s")
