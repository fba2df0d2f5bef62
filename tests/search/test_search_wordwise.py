"""Nearness word by word: each word of a query is compared with the nearest word of an entry."""

from types import SimpleNamespace

import numpy as np
import pytest

from kb.commitments.documents import register_documents
from kb.engine import Column, Columns
from kb.errors import DataError
from kb.index.embedded_texts import under_heading
from kb.index.onnx_query import OnnxEncoder
from kb.search.pool import LEXICAL, Pool
from kb.search.ranking import Neighbours, load_ranking
from kb.search.wordwise import FILE, Wordwise, digest, load_wordwise, moved, write

LAND, WIDOW, DEBT = np.eye(3, dtype=np.float32)
HELD = Wordwise(
    encoder="compass@1",
    made_of="x",
    left=np.eye(3, dtype=np.float32),
    mean=np.zeros(3, dtype=np.float32),
    rarity={7: 1.0, 8: 3.0},
    unknown=4.0,
    entries={"plan/a": 0, "plan/b": 1},
    starts=np.array([0, 2, 3]),
    rows=(np.stack([LAND, WIDOW, DEBT]) * 127).astype(np.int8),
)
RULES = Neighbours(share=0.5, most=3)
REGISTER = SimpleNamespace(entry=lambda id: id if id.startswith("plan/") else None)


class Encoder(OnnxEncoder):
    """An encoder for which every query is about a widow (piece 8) and land (7)."""

    identity, dim = "compass@1", 3

    def __init__(self) -> None:
        pass

    def words(self, text):
        """Return two pieces and their vectors."""
        return np.array([8, 7]), np.stack([WIDOW, LAND])


@pytest.fixture()
def index(tmp_path):
    """Return an index of a corpus with the words of two entries."""
    (tmp_path / FILE).parent.mkdir()
    write(HELD, tmp_path / FILE)
    return SimpleNamespace(corpus=tmp_path, encoders={"multilingual": Encoder()})


def pool(*ids, legs=(LEXICAL, "multilingual")):
    """Return candidates with these ids, as found by these retrievers."""
    column = Column(np.zeros(len(ids), dtype=int), ["plan"])
    yes = np.ones(len(ids), dtype=bool)
    columns = Columns(np.arange(len(ids)), *[column] * 6)
    return Pool(ids, columns, {leg: np.ones(len(ids)) for leg in legs}, yes, ~yes)


def test_each_word_of_a_question_finds_its_nearest_and_rare_words_count_more():
    both, entries = np.stack([WIDOW, LAND]), np.array([0, 1])
    assert HELD.nearness(np.array([8, 7]), both, entries) == pytest.approx([1.0, 0.0])
    widow_and_debt = np.stack([WIDOW, DEBT])
    assert HELD.nearness(np.array([8, 7]), widow_and_debt, entries) == pytest.approx([0.75, 0.25])
    assert HELD.nearness(np.array([8, 9]), widow_and_debt, entries)[1] == pytest.approx(4 / 7), (
        "an unknown word is rare"
    )


def test_what_leads_and_ends_a_question_does_not_count():
    pieces, states = np.array([0, 1, 2, 8, 7, 3]), np.stack([DEBT, DEBT, DEBT, WIDOW, LAND, DEBT])
    assert HELD.nearness(pieces, states, np.array([0, 1])) == pytest.approx([1.0, 0.0])


def test_among_the_first_the_entry_whose_words_are_nearest_rises_and_other_texts_stay(index):
    scores = np.array([0.9, 0.8, 0.7, 0.1])
    made, how = moved(scores, pool("paper/p1", "plan/b", "plan/a", "plan/c"), REGISTER, index, "land of widows", RULES)
    assert made.tolist() == pytest.approx([0.9, 0.75, 0.8, 0.1])
    assert how[1:3].tolist() == [0.0, 1.0] and np.isnan(how[[0, 3]]).all()


@pytest.mark.parametrize(
    ("legs", "rules", "identity", "ids"),
    [
        ((LEXICAL,), RULES, "compass@1", ("plan/a", "plan/b")),  # a search in words alone
        (("multilingual",), RULES, "compass@1", ("plan/a", "plan/b")),  # and one in meaning alone
        ((LEXICAL, "multilingual"), Neighbours(share=0.0, most=3), "compass@1", ("plan/a", "plan/b")),
        ((LEXICAL, "multilingual"), RULES, "another@1", ("plan/a", "plan/b")),  # vectors of two models are not mixed
        ((LEXICAL, "multilingual"), RULES, "compass@1", ("plan/a", "paper/p1")),  # one alone has no order
    ],
)
def test_nothing_moves_where_there_is_nothing_to_compare(index, legs, rules, identity, ids):
    index.encoders["multilingual"].identity = identity
    scores = np.array([0.5, 0.4])
    made, how = moved(scores, pool(*ids, legs=legs), REGISTER, index, "land", rules)
    assert made is scores and how is None


def test_a_corpus_without_the_file_and_a_damaged_one(tmp_path):
    assert load_wordwise(tmp_path) is None
    (tmp_path / "other" / "search").mkdir(parents=True)
    (tmp_path / "other" / FILE).write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(DataError, match="what search has learnt"):
        load_wordwise(tmp_path / "other")


def test_the_words_that_ship_are_of_the_statements_that_ship(root):
    corpus = root / "corpus"
    held, documents = load_wordwise(corpus), register_documents(corpus / "commitments", corpus)
    statements = {p.id: under_heading(p) for each in documents for p in each.passages if p.id in held.entries}
    assert load_ranking(corpus).wordwise.share > 0
    assert held.made_of == digest(statements), "run: benchmarks/train_words.py --write"
