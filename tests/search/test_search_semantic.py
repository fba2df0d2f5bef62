"""The semantic retriever: a passage of one sentence is compared by its complete vector only, and ranks no lower for
it."""

import numpy as np
import pytest
from kb_toys import TOY, ToyEncoder, toy_document, toy_engine, toy_passage, toy_searcher

from kb.engine.filters import EVERYTHING
from kb.engine.local.vectors import Space, parts_of

QUERY = np.array([1.0, 0.0], dtype=np.float32)


def unit(*cosines):
    """Return unit vectors with these cosines to the query."""
    return np.array([[c, (1 - c * c) ** 0.5] for c in cosines], dtype=np.float32)


def test_a_passage_of_one_sentence_is_as_near_as_its_whole_and_no_nearer():
    engine = toy_engine([toy_document(*(toy_passage(f"d/{n}", f"Text {n}.") for n in (1, 2, 3)))])
    whole, pairs = unit(0.8, 0.8, 0.6), unit(0.8, 0.1, 0.2)
    parts, rows = parts_of(whole, pairs, np.array([2, 2, 3]))
    assert rows.tolist() == [1, 2, 2, 3]
    spaces = Space.build(whole, [1, 2, 3]), Space.build(parts, rows.tolist())
    engine._open = lambda: {"english": spaces}
    leg = engine.nearest("english", QUERY, EVERYTHING, 3)
    found = dict(zip(leg.ids, leg.scores, strict=True))
    assert found["d/1"] == pytest.approx(0.8, abs=0.01), "its whole counts twice: no pair of sentences is missing"
    assert found["d/2"] == pytest.approx(0.8, abs=0.01), "the best pair counts"
    assert found["d/3"] == pytest.approx(0.4, abs=0.01) == leg.low
    assert engine.nearness("english", QUERY, ["d/3", "d/1"]) == pytest.approx([0.4, 0.8], abs=0.01)


def test_one_sentence_and_two_that_say_the_same_rank_alike(root):
    one = toy_passage("toy/one", "Everyone has the right to work.")
    two = toy_passage("toy/two", "Everyone has the right to work. Everyone has the right to work.")
    other = toy_passage("toy/other", "Ships sail at dawn. Rain falls on the harbour.")
    hits = (
        toy_searcher([toy_document(one, two, other)], root / "corpus")
        .search("right to work for everyone", mode="semantic")
        .hits
    )
    scores = {id: hit.score for hit in hits for id in (hit.id, *hit.also)}
    assert scores["toy/one"] == pytest.approx(scores["toy/two"], abs=0.02) and scores["toy/one"] > scores["toy/other"]


def test_the_toys_have_both_kinds_of_passages():
    encoder = ToyEncoder()
    assert encoder.dim and any(len(p.text.split(". ")) == 1 for document in TOY for p in document.passages)
