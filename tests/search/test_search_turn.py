"""A query's vector is transformed by a small map in the corpus; without a map it is unchanged."""

import numpy as np
import pytest

from kb.config import settings
from kb.errors import DataError
from kb.index.encoders import load_models
from kb.search.ranking import load_ranking
from kb.search.turn import FILE, Turn, load_turn, turned, write_turn

NORTH, EAST = np.eye(2, dtype=np.float32)


class Compass:
    """An encoder that gives every query the same vector (north)."""

    identity, dim = "compass@1", 2

    def passages(self, texts):
        return np.stack([NORTH for _ in texts])

    def query(self, text):
        return NORTH


def asked(encoder, corpus, share):
    """Return the vector of a query after the transformation."""
    return turned({"space": encoder.query("any")}, {"space": encoder}, corpus, share)["space"]


@pytest.fixture()
def corpus(tmp_path):
    """Return a corpus with a map from north to east."""
    (tmp_path / FILE).parent.mkdir()
    write_turn(Turn("compass@1", NORTH[:, None], EAST[None]), tmp_path / FILE)
    return tmp_path


def test_a_question_is_turned_by_the_share_and_stays_a_unit_vector(corpus):
    found = asked(Compass(), corpus, 1.0)
    assert found == pytest.approx([0.5**0.5, 0.5**0.5]) and found.dtype == np.float32
    assert asked(Compass(), corpus, 0.5)[1] < found[1]


def test_a_question_stays_without_a_share_without_a_map_and_for_another_encoder(corpus, tmp_path):
    other = Compass()
    other.identity = "compass@2"
    for found in (
        asked(Compass(), corpus, 0.0),
        asked(Compass(), tmp_path / "none", 1.0),
        asked(other, corpus, 1.0),
    ):
        assert found.tolist() == NORTH.tolist()


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"text"])
def test_a_damaged_map_is_refused_with_its_place(corpus, damage):
    path = corpus / FILE
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError, match="what search has learnt") as refused:
        load_turn(corpus)
    assert str(path) in str(refused.value)


def test_a_map_that_does_not_fit_itself_or_holds_no_numbers_is_refused(corpus):
    for left in (np.eye(3, dtype=np.float32), np.full((2, 1), np.nan, np.float32)):
        write_turn(Turn("compass@1", left, EAST[None]), corpus / FILE)
        load_turn.cache_clear()
        with pytest.raises(DataError, match="form"):
            load_turn(corpus)


def test_the_map_of_the_corpus_is_for_the_encoder_that_is_listed_and_in_force():
    corpus = settings().corpus
    turn = load_turn(corpus)
    assert turn.encoder in {model.identity for model in load_models(corpus).models}
    assert load_ranking(corpus).turn > 0 and turn.left.shape[0] == turn.right.shape[1] == 384
