"""Vectors: exact cosines, the best window of a passage, and errors for files that do not fit."""

import numpy as np
import pytest

from kb.engine.local import vectors
from kb.engine.local.vectors import Space
from kb.errors import IndexError_
from kb.index.encoders import normalise

UNIT = np.eye(4, dtype=np.float32)


def test_the_best_vector_of_a_passage_counts():
    space = Space.build(normalise(np.array([[1, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]])), [7, 7, 8])
    assert space.search(UNIT[0], 3) == pytest.approx({7: 1.0, 8: 0.0})


def test_a_limit_takes_the_nearest_only():
    assert list(Space.build(UNIT, [1, 2, 3, 4]).search(UNIT[2], 1)) == [3]


def test_an_empty_space_finds_nothing():
    assert Space.build(np.zeros((0, 4), dtype=np.float32), []).search(UNIT[0], 5) == {}


def test_a_space_is_the_same_after_saving(tmp_path):
    Space.build(UNIT, [4, 3, 2, 1]).save(tmp_path, "s")
    again = Space.load(tmp_path, "s")
    assert (again.size, again.dim) == (4, 4) and again.search(UNIT[0], 1) == {4: 1.0}


def test_large_spaces_are_approximate_and_their_recall_is_measured(monkeypatch):
    monkeypatch.setattr(vectors, "FLAT_UP_TO", 500)
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 500)
    data = normalise(np.random.default_rng(5).standard_normal((3000, 16)))
    space = Space.build(data, list(range(3000)))
    assert type(space._index).__name__ != "IndexFlatIP"
    assert 0.8 < space.recall(data) <= 1.0


@pytest.mark.parametrize("file", ["s.faiss", "s.npy"])
@pytest.mark.parametrize("content", [None, b"", b"half"])
def test_a_missing_or_half_written_space_is_reported(tmp_path, file, content):
    Space.build(UNIT, [1, 2, 3, 4]).save(tmp_path, "s")
    (tmp_path / file).unlink() if content is None else (tmp_path / file).write_bytes(content)
    with pytest.raises(IndexError_, match="vectors 's' cannot be read"):
        Space.load(tmp_path, "s")


def test_vectors_and_rows_of_two_builds_are_reported(tmp_path):
    Space.build(UNIT, [1, 2, 3, 4]).save(tmp_path, "s")
    np.save(tmp_path / "s.npy", np.array([1, 2]))
    with pytest.raises(IndexError_, match="do not fit their rows"):
        Space.load(tmp_path, "s")
