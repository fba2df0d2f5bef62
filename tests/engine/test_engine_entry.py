"""Whether a passage has certain words is read from the numbers of its terms, and equals what the word index says."""

import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from kb_toys import TOY, toy_document, toy_passage

from kb.engine.filters import EVERYTHING, Among, Has
from kb.engine.local import LocalEngine
from kb.engine.local.entry import Wanted, numbers_of, terms_of
from kb.engine.local.passage_store import STAYS, Store
from kb.engine.local.terms import Terms
from kb.engine.query import Best, Close, Flat, Fuzzy, Starts, Sum, Weighted, Words

HEADED = toy_passage("made/p1", "Nothing of it here.", section=("Part", "Older women"))
MENDED = toy_passage("made/p2", "The penson is paid.", normalised="The pension is paid.")
SPANISH = toy_passage("made/p3", "Las pensiones de las mujeres mayores", language="es")
RAISED = toy_passage("made/p4", "Women's rights² and land-reform, in C.U.B.A.")
MADE = toy_document(HEADED, MENDED, SPANISH, RAISED)

QUERIES = [
    Words("pension"),
    Words("women", headings=0.3, others=0.3),
    Words("women"),
    Words("penson"),
    Words("pensiones"),
    Words("older women"),
    Words("older women", headings=0.3),
    Words("women older"),
    Words("rights"),
    Words("land reform"),
    Words("…"),
    Words("nowhere"),
    Sum((Words("school"), Words("women rights"))),
    Weighted(Best((Words("land reform"), Words("nowhere at all")), 0.1), 0.5),
    Flat(Words("pension"), 1.0),
    Starts("pens"),
    Fuzzy("pensoin", 2),
    Close("women", "land", 5),
    Sum((Words("nowhere"), Starts("wom"))),
    Sum(()),
]


@pytest.fixture
def engine(tmp_path):
    """Return an embedded engine over a database on disk."""
    store = Store(tmp_path / "passages.sqlite", create=True)
    for document in (*TOY, MADE):
        store.add(document)
    terms = Terms()
    terms.add(enumerate(store.passages(), 1))
    store.close()
    return LocalEngine(Store(tmp_path / "passages.sqlite"), lambda: terms, dict, ())


@pytest.mark.parametrize("query", QUERIES, ids=repr)
@pytest.mark.parametrize("scored", [True, False], ids=["by its scores", "by its numbers"])
def test_a_passage_has_words_where_the_word_index_finds_them(engine, query, scored, monkeypatch):
    if not scored:
        monkeypatch.setattr(LocalEngine, "_scored", lambda *_: None)
    every = list(engine.words(None, EVERYTHING, 100).ids)
    found = set(engine.words(query, EVERYTHING, 100).ids)
    for _ in range(STAYS + 2):  # read from the disk, and then from memory
        assert engine.carry(every, Has(query)).tolist() == [id in found for id in every]
    assert engine.carry(every[::-1][:3], Has(query)).tolist() == [id in found for id in every[::-1][:3]]
    assert engine.carry([], Has(query)).tolist() == []


def test_an_index_of_before_they_were_kept_asks_the_word_index(engine, tmp_path):
    path = tmp_path / "passages.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE terms")
    engine.store = Store(path)
    assert engine.store.terms_of([1]) is None
    every = list(engine.words(None, EVERYTHING, 100).ids)
    found = set(engine.words(Words("pension"), EVERYTHING, 100).ids)
    assert engine.carry(every, Has(Words("pension"))).tolist() == [id in found for id in every]


def test_only_what_the_numbers_leave_open_is_asked(engine, monkeypatch):
    monkeypatch.setattr(LocalEngine, "_scored", lambda *_: None)
    asked = []
    words = engine.words
    monkeypatch.setattr(engine, "words", lambda *of: asked.append(of) or words(*of))
    every = [p.id for p in MADE.passages]
    assert engine.carry(every, Has(Sum((Words("pension"), Words("nowhere"))))).tolist() == [False, True, True, False]
    assert not asked
    assert engine.carry(every, Has(Words("land reform"))).tolist() == [False, False, False, True]
    assert asked == [(Sum((Words("land reform"),)), Among(("made/p4",)), 1)]
    asked.clear()
    more = Sum((Words("pension"), Weighted(Starts("refor"), 0.5), Words("land reform")))
    assert engine.carry(every, Has(more)).tolist() == [False, True, True, True]
    assert [(set(query.parts), within) for query, within, _ in asked] == [
        ({Starts("refor"), Words("land reform")}, Among(("made/p1", "made/p4")))
    ]


def test_a_passage_is_numbered_by_what_words_of_a_question_may_find():
    terms = terms_of(MENDED)
    assert terms["stemmed"] == ["the", "pension", "is", "paid"] and "penson" in terms["printed"]
    numbers = numbers_of(MENDED)
    assert (np.diff(numbers.astype(object)) > 0).all() and len(numbers) == len(
        {(name, term) for name in ("stemmed", "printed", "headings") for term in terms[name]}
    )
    same = replace(Wanted.of(Words("pension"), ("en",)), rest=False)
    assert [each.tolist() for each in same.found_in([numbers, numbers_of(HEADED)])] == [[True, False], [False, False]]
