"""The SQLite part of the index: unchanged passages, neighbours, facets and counts."""

import sqlite3
import time
from threading import Event

import pytest
from kb_toys import TOY, toy_document, toy_passage

from kb.engine.local import passage_store as module
from kb.engine.local.passage_store import STAYS, Store, facets_of
from kb.errors import IndexError_
from kb.models import Tag


@pytest.fixture
def store():
    made = Store(":memory:")
    for document in TOY:
        made.add(document)
    return made


def test_passages_come_back_as_they_went_in_and_in_order(store):
    assert list(store.passages()) == [p for d in TOY for p in d.passages]
    assert [p.id for p in store.passages("treaty")] == ["treaty/art1", "treaty/art2", "treaty/art3"]
    assert store.size == 10


def test_a_passage_by_its_identifier_or_none(store):
    assert store.get("treaty/art1").force == "legal-obligation"
    assert store.get("treaty/art9") is None


def test_neighbours_are_of_the_same_document(store):
    assert [p.id for p in store.around("treaty/art1", 2, 1)] == ["treaty/art1", "treaty/art2"]
    assert store.around("nothing") == []


def test_documents_tell_how_many_passages_they_have(store):
    assert [(d["id"], d["passages"]) for d in store.documents()] == [("toy", 7), ("treaty", 3)]


def test_rows_by_facet_and_alternatives(store):
    found = store.rows(sorted(store.rowids("country", ["CHL", "BRA"])))
    assert {passage.id for passage in found.values()} == {"toy/s1/p2", "toy/s1/p4"}
    assert store.terms("force") == {"expert-recommendation": 7, "legal-obligation": 3}


def test_rejected_tags_are_no_facets():
    tags = tuple(
        Tag(facet="group", id=id, origin="person:x", state=state)
        for id, state in (("women", "rejected"), ("youth", "confirmed"))
    )
    assert {t for f, t in facets_of(toy_passage("a/p1", "x").model_copy(update={"tags": tags})) if f == "group"} == {
        "youth"
    }


def test_an_identifier_that_occurs_twice_is_refused(store):
    with pytest.raises(sqlite3.IntegrityError):
        store.add(toy_document(toy_passage("toy/s1/p1", "Again.")).model_copy(update={"id": "other"}))


def write_nothing(path):
    path.write_bytes(b"")


def write_noise(path):
    path.write_bytes(b"not a database" * 400)


def write_foreign(path):
    sqlite3.connect(path).executescript("CREATE TABLE notes (x)")


@pytest.mark.parametrize("damage", [lambda path: None, write_nothing, write_noise, write_foreign])
def test_a_missing_empty_damaged_or_foreign_database_is_reported(tmp_path, damage):
    damage(tmp_path / "passages.sqlite")
    with pytest.raises(IndexError_, match="the index cannot be read .*Run: kb build"):
        Store(tmp_path / "passages.sqlite")


def test_a_folder_with_any_signs_in_its_name(tmp_path):
    folder = tmp_path / "50% of #1? é"
    folder.mkdir()
    Store(folder / "passages.sqlite", create=True).add(TOY[0])
    assert Store(folder / "passages.sqlite").size == 7


def test_a_program_that_stays_holds_runs_in_memory_and_they_are_those_of_the_database(store, monkeypatch):
    rows = [3, 1, 10]
    read = store.runs(rows)
    for _ in range(9):
        held = store.runs(rows)
    assert "_all_runs" in vars(store) and held.keys() == read.keys() == set(rows)
    assert [held[row].tolist() for row in rows] == [read[row].tolist() for row in rows]
    assert store.runs([]) == {}
    monkeypatch.setattr(module, "_HELD_UP_TO", 5)
    monkeypatch.setattr(module, "_HELD_BESIDE_UP_TO", 5)
    del store._all_runs
    assert [each.tolist() for each in store.runs(rows).values()] == [read[row].tolist() for row in sorted(rows)]


def test_of_a_large_index_they_are_read_by_another_thread_while_the_disk_is_asked(store, monkeypatch):
    rows = [1, 3, 10]
    read = {row: found.tolist() for row, found in store.runs(rows).items()}
    may_read, every = Event(), store._every

    def waiting(*of):
        """Read them when the test allows it."""
        may_read.wait(60)
        return every(*of)

    monkeypatch.setattr(module, "_HELD_UP_TO", 5)
    monkeypatch.setattr(store, "_every", waiting)
    for _ in range(STAYS + 2):
        assert {row: found.tolist() for row, found in store.runs(rows).items()} == read
    assert store._runs() is None
    may_read.set()
    for _ in range(600):  # a minute for a busy machine
        if store._runs() is not None:
            break
        time.sleep(0.1)
    monkeypatch.setattr(store, "_numbers_of", None)  # nothing is read again
    assert {row: found.tolist() for row, found in store.runs(rows).items()} == read
