"""Vectors known from earlier builds are not computed again, and two encoders never share one."""

import sqlite3

import numpy as np
import pytest
from kb_toys import ToyEncoder

from kb.index import cache
from kb.index.cache import EmbeddingProgress, VectorCache, _mixed

TEXTS = ["older women", "land", "older women", "pension"]


def test_unchanged_texts_are_not_embedded_again(tmp_path):
    encoder, file = ToyEncoder(), tmp_path / "vectors.sqlite"
    first = VectorCache(file).encode(encoder, TEXTS)
    assert encoder.computed == 3, "the repeated text is computed once"
    again = VectorCache(file).encode(encoder, [*TEXTS, "new"])
    assert encoder.computed == 4
    assert np.array_equal(first, again[:4]) and np.array_equal(again[:4], encoder.passages(TEXTS))


def test_another_encoder_computes_its_own(tmp_path):
    known = VectorCache(tmp_path / "vectors.sqlite")
    known.encode(ToyEncoder("toy@1"), TEXTS)
    other = ToyEncoder("toy@2")
    known.encode(other, TEXTS)
    assert other.computed == 3


def test_what_was_computed_before_a_crash_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "CHUNK", 1)

    class Breaking(ToyEncoder):
        def passages(self, texts):
            if self.computed == 2:
                raise KeyboardInterrupt
            return super().passages(texts)

    with pytest.raises(KeyboardInterrupt):
        VectorCache(tmp_path / "vectors.sqlite").encode(Breaking(), TEXTS)
    after = ToyEncoder()
    VectorCache(tmp_path / "vectors.sqlite").encode(after, TEXTS)
    assert after.computed == 1


def test_a_damaged_cache_is_begun_anew(tmp_path):
    (tmp_path / "vectors.sqlite").write_bytes(b"no database at all" * 300)
    assert VectorCache(tmp_path / "vectors.sqlite").encode(ToyEncoder(), TEXTS).shape == (4, ToyEncoder.dim)


def test_vector_that_does_not_fit_its_checksum_is_computed_anew_and_counted(tmp_path):
    file = tmp_path / "vectors.sqlite"
    whole = VectorCache(file)
    vectors = whole.encode(ToyEncoder(), TEXTS)
    with whole._db:
        whole._db.execute("update vectors set vector = zeroblob(length(vector)) where rowid = 1")
        whole._db.execute("update vectors set sum = '0' where rowid = 2")
    whole.close()
    assert cache.problems(file) == ["2 vectors do not fit their checksum"]
    encoder, again = ToyEncoder(), VectorCache(file)
    assert np.array_equal(again.encode(encoder, TEXTS), vectors)
    assert (again.damaged, encoder.computed) == (2, 2) and cache.problems(file) == []


def test_file_of_before_checksums_gets_them_once(tmp_path):
    file = tmp_path / "vectors.sqlite"
    VectorCache(file).encode(ToyEncoder(), TEXTS)
    with sqlite3.connect(file) as db:
        db.execute("alter table vectors drop column sum")
    db.close()
    assert cache.problems(file) == []
    encoder = ToyEncoder()
    VectorCache(file).encode(encoder, TEXTS)
    assert encoder.computed == 0
    with sqlite3.connect(file) as db:
        assert db.execute("select count(*) from vectors where length(sum) = 16").fetchone() == (3,)
    db.close()


def test_truncated_cache_says_that_it_was_begun_anew(tmp_path):
    file = tmp_path / "vectors.sqlite"
    VectorCache(file).encode(ToyEncoder(), TEXTS)
    file.write_bytes(file.read_bytes()[:5000])
    assert cache.problems(file)
    encoder, again = ToyEncoder(), VectorCache(file)
    again.encode(encoder, TEXTS)
    assert again.begun_anew and encoder.computed == 3


def test_what_is_known_from_before_is_not_reckoned_with_and_the_rest_adds_up():
    told: list[tuple[int, int]] = []
    cache = VectorCache(":memory:")
    cache.encode(ToyEncoder(), TEXTS[:1])
    cache.encode(ToyEncoder(), TEXTS, EmbeddingProgress(lambda done, total: told.append((done, total)), len(TEXTS)))
    assert told[0] == (0, len(set(TEXTS)) - 1) and told[-1] == (len(set(TEXTS)) - 1,) * 2


def test_short_and_long_parts_take_turns_so_that_the_pace_so_far_is_that_of_the_rest():
    for count in range(6):
        parts = [[n] for n in range(count)]
        assert sorted(_mixed(parts)) == parts
    assert _mixed([[0], [1], [2], [3], [4]]) == [[0], [4], [1], [3], [2]]


def test_no_texts_give_no_vectors():
    assert VectorCache(":memory:").encode(ToyEncoder(), []).shape == (0, ToyEncoder.dim)
