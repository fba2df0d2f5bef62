"""Identifiers and properties of all passages as arrays."""

import sqlite3

import pytest
from kb_toys import toy_document, toy_passage

from kb.engine.local.columns import NAMES, joined, of_rows, read
from kb.engine.local.passage_store import Store

PASSAGES = [
    toy_passage("t/p1", "One.", section=("Land", "Reform")),
    toy_passage("t/p2", "Two.", kind="heading", section=("Land",)),
    toy_passage("t/p3", "Drei.", language="de", section=("Land", "Reform")),
]


def rows(found):
    """Return each row of the columns as its identifier and names."""
    names = [[known[code] for code in codes] for known, codes in zip(found.known, found.codes.tolist(), strict=True)]
    return list(zip(found.ids, *names, strict=True))


def plain(store):
    return [(id, document, f"{document}\n{section}", *rest) for id, document, section, *rest in store.columns()]


@pytest.fixture
def path(tmp_path):
    store = Store(tmp_path / "passages.sqlite", create=True)
    store.add(toy_document(*PASSAGES))
    store.close()
    return tmp_path / "passages.sqlite"


def test_they_are_those_of_the_rows(path):
    store = Store(path)
    assert rows(store.passage_columns()) == plain(store)
    assert [len(known) for known in store.passage_columns().known] == [1, 2, 2, 1, 1, 2]
    assert len(NAMES) == len(store.passage_columns().codes)


def test_they_are_stored_when_a_database_that_was_written_is_closed(path):
    with sqlite3.connect(path) as db:
        assert rows(read(db)) == plain(Store(path))
    more = Store(path, append=4)
    more.add(toy_document(toy_passage("u/p1", "More.", document="u")).model_copy(update={"id": "u"}))
    more.close()
    assert rows(Store(path).passage_columns())[3:] == [("u/p1", "u", *plain(Store(path))[3][2:])]


def test_an_index_of_an_older_version_reads_them_row_by_row(path):
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE columns")
    store = Store(path)
    assert rows(store.passage_columns()) == plain(store)


def test_those_of_several_parts_follow_each_other():
    one, other = (
        [("a/p1", "a", "x", "paragraph", "", "force", "en"), ("a/p2", "a", "y", "heading", "", "force", "fr")],
        [("b/p1", "b", "x", "heading", "", "force", "es"), ("b/p2", "b", "x", "heading", "", "other", "en")],
    )
    assert rows(joined([of_rows(one), of_rows(other)])) == rows(of_rows(one + other))
    assert rows(joined([of_rows(one), of_rows([])])) == rows(of_rows(one))


def test_no_passages_have_none(tmp_path):
    Store(tmp_path / "passages.sqlite", create=True).close()
    found = Store(tmp_path / "passages.sqlite").passage_columns()
    assert found.ids == []
    assert found.codes.shape == (len(NAMES), 0)


def test_the_names_of_facets_are_each_said_once(path):
    store = Store(path)
    with sqlite3.connect(path) as db:
        expected = [name for (name,) in db.execute("SELECT DISTINCT facet FROM facets ORDER BY facet")]
    assert store.facet_names() == expected
    assert len(expected) > 3
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM facets")
    assert Store(path).facet_names() == []
