"""Vectors of foreign subjects are stored with the index and computed once."""

import numpy as np
from kb_toys import ToyEncoder

from kb.index import subjects


def test_vectors_come_back_as_they_were_kept_and_are_computed_once(tmp_path):
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir(), second.mkdir()
    encoder = ToyEncoder()
    for folder in (first, second):
        subjects.save(folder, ("coal mines", "wolves and bears"), {"english": encoder}, tmp_path / "vectors.sqlite")
    assert encoder.computed == 2
    kept = subjects.load(second)["english"]
    assert np.allclose(kept, encoder.passages(["coal mines", "wolves and bears"]))
    assert [f.read_bytes() for f in first.iterdir()] == [f.read_bytes() for f in second.iterdir()]


def test_an_index_without_them_has_none(tmp_path):
    assert subjects.load(tmp_path) == {}


def test_the_list_is_own_words_and_has_no_subject_twice(root):
    listed = subjects.load_subjects(root / "corpus")
    assert len(set(listed)) == len(listed)
