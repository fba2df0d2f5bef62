"""Vectors known from earlier builds are not computed again, and two encoders never share one."""

import sqlite3

import numpy as np
import pytest
from kb_toys import ToyEncoder

from kb.config import settings
from kb.index import cache
from kb.index.cache import EmbeddingProgress, VectorCache, _mixed
from kb.index.encoders import load_models, locate

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


class Coarse(ToyEncoder):
    """An encoder whose vectors show with which texts, and by which of two ways, a text was embedded."""

    few = 200

    def __init__(self, stops_after: int = 10**9):
        super().__init__()
        self.stops_after, self.batches = stops_after, []

    def passages(self, texts):
        return self._of(texts, 1)

    def bulk(self, texts):
        return self._of(texts, 2)

    def _of(self, texts, way):
        if len(self.batches) == self.stops_after:
            raise KeyboardInterrupt
        self.batches.append(texts)
        marks = [way, *(sum(map(len, texts)) % n for n in (7, 11, 13)), *map(float, texts[0].encode()[:8])]
        return np.tile(np.array([*marks, *[0] * (self.dim - len(marks))], dtype=np.float32), (len(texts), 1))


FIRST = [f"{'word ' * (n % 17)}{n:04}" for n in range(300)]
SECOND = [f"window {n:04}" for n in range(100)]


def _embedded(file, stops_after=10**9):
    """Embed both lists of texts as a build does, and return their vectors; None when it is stopped."""
    known = VectorCache(file, resumable=True)
    try:
        encoder = Coarse(stops_after)
        made = [known.encode(encoder, texts) for texts in (FIRST, SECOND)]
        known.finish()
        return np.concatenate(made)
    except KeyboardInterrupt:
        return None
    finally:
        known.close()


@pytest.mark.parametrize("stop", range(7))
def test_work_that_is_stopped_anywhere_and_begun_again_makes_the_same_bytes(tmp_path, stop):
    whole = _embedded(tmp_path / "whole.sqlite")
    assert set(whole[:, 0]) == {1, 2}, "a few are embedded in one way, the others in another"
    assert _embedded(tmp_path / "v.sqlite", stop) is None
    assert _embedded(tmp_path / "v.sqlite", 1) is None or stop == 6, "it is stopped twice"
    assert np.array_equal(_embedded(tmp_path / "v.sqlite"), whole)


def test_parts_are_forgotten_when_the_work_is_finished_and_the_next_begins_with_a_few_again(tmp_path):
    file = tmp_path / "v.sqlite"
    _embedded(file)
    encoder, known = Coarse(), VectorCache(file, resumable=True)
    assert known.encode(encoder, ["one document more"])[0, 0] == 1
    known.close()
    assert cache.problems(file) == []


def test_texts_that_changed_since_the_stop_are_embedded_with_those_that_are_left(tmp_path):
    file = tmp_path / "v.sqlite"
    assert _embedded(file, 2) is None
    encoder, known = Coarse(), VectorCache(file, resumable=True)
    texts = [*FIRST[150:], *(f"changed {n}" for n in range(70))]
    assert known.encode(encoder, texts).shape == (220, Coarse.dim)
    assert known.computed == sum(map(len, encoder.batches)) == len({t for batch in encoder.batches for t in batch})
    known.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "multilingual-e5-small-q4"])
def test_a_real_encoder_that_is_stopped_makes_the_same_bytes_as_one_that_is_not(tmp_path, name):
    spec = load_models(settings().corpus).get(name)
    if locate(spec) is None:
        pytest.skip(f"{name} is not installed")
    from kb.index.embed import SentenceEncoder, has_torch

    if not has_torch():
        pytest.skip("one library embeds all texts")
    texts = [f"Measure {n} gives {'older women and men ' * (n % 5)}a pension of {n} a month." for n in range(330)]

    class Stopping(SentenceEncoder):
        parts = 0

        def bulk(self, part):
            self.parts += 1
            if self.parts == 2:
                raise KeyboardInterrupt
            return super().bulk(part)

    def made(file, kind):
        known = VectorCache(file, resumable=True)
        try:
            return known.encode(kind(spec, models=tmp_path), texts), known.computed
        finally:
            known.close()

    whole, _ = made(tmp_path / "whole.sqlite", SentenceEncoder)
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "v.sqlite", Stopping)
    again, left = made(tmp_path / "v.sqlite", SentenceEncoder)
    assert 0 < left <= 200, "so few that they would be embedded as a few are"
    assert again.tobytes() == whole.tobytes()
