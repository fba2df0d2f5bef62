"""The meaning leg: a passage of one sentence is compared by its whole alone, and is none the worse for it."""

import numpy as np
import pytest
from kb_toys import TOY, ToyEncoder, toy_document, toy_passage, toy_searcher

from kb.index.encoders import normalise
from kb.index.vectors import Space
from kb.search.semantic import beyond, similarity

QUESTION = np.array([1.0, 0.0], dtype=np.float32)
"""The first axis."""


def spaces(wholes, pairs):
    """Two spaces from (row, cosine with the query)."""

    def space(found):
        """Unit vectors with those cosines."""
        vectors = np.array([[c, (1 - c * c) ** 0.5] for _, c in found], dtype=np.float32).reshape(len(found), 2)
        return Space.build(normalise(vectors), [row for row, _ in found])

    return space(wholes), space(pairs)


def test_a_passage_of_one_sentence_is_as_near_as_its_whole_and_no_nearer():
    found = similarity(QUESTION, spaces([(1, 0.8), (2, 0.8), (3, 0.6)], [(2, 0.8), (2, 0.1), (3, 0.2)]))
    assert found[1] == pytest.approx(0.8, abs=0.01), "its whole counts twice: no pair of sentences is missing"
    assert found[2] == pytest.approx(0.8, abs=0.01), "the best pair counts"
    assert found[3] == pytest.approx(0.4, abs=0.01)


def test_a_question_is_beyond_the_texts_where_a_foreign_subject_is_nearer_than_the_best_passage():
    foreign = np.array([[0.0, 1.0], [0.9, 0.19**0.5]], dtype=np.float32)
    assert beyond(QUESTION, foreign, {1: 0.6, 2: 0.7}) == pytest.approx(0.2)
    assert beyond(QUESTION, foreign, {1: 0.95}) < 0
    assert beyond(QUESTION, foreign, {}) == pytest.approx(0.9), "nothing is searched"


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
