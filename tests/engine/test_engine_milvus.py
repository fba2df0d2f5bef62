"""Faults of the engine on Milvus: each is reported, and the previous build continues to answer."""

import pathlib

import pytest
from kb_toys import TOY, ToyEncoder, toy_document, toy_passage, toy_vectors
from pymilvus import MilvusClient
from pymilvus.exceptions import MilvusException

from kb.engine.filters import EVERYTHING
from kb.engine.local import LocalWriter as Embedded
from kb.engine.milvus import MilvusEngine, MilvusWriter, client
from kb.engine.milvus.words import apart
from kb.engine.query import Close, Fuzzy, Starts, Sum, Weighted, Words
from kb.errors import IndexError_, InputError


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    return f"milvus://{tmp_path_factory.mktemp('milvus') / 'kb.db'}"


def filled(writer, documents=TOY):
    for document in documents:
        writer.add(document, {"english": toy_vectors(document, ToyEncoder())})
    writer.commit()
    return writer.engine


QUERIES = [
    Fuzzy("pensoin", 1),
    Fuzzy("partcipatry", 2),
    Starts("partic"),
    Close("older", "pension", 3),
    Close("women", "older", 0),
    Close("older women", "pension", 4, True),
    Words("Porto Allegre"),
    Words("mujeres mayores"),
    Words("pensions for all", 0.3),
    Sum((Weighted(Words("road"), 0.5), Words("school"))),
]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_the_same_passages_match_as_in_the_embedded_engine(address, query):
    name = "matches"
    engine = filled(MilvusWriter(address, ["english"], name)) if query == QUERIES[0] else MilvusEngine(address, name)
    ours, theirs = (each.words(query, EVERYTHING, 50) for each in (filled(Embedded(["english"])), engine))
    assert sorted(ours.ids) == sorted(theirs.ids) and ours.total == theirs.total > 0


def test_a_build_of_another_index_or_layout_or_half_of_one_is_refused(address, monkeypatch):
    writer = MilvusWriter(address, ["english"], "other", build="one")
    filled(writer)
    for what in ("facts", "passages", "parts_english"):  # as after a start of the server
        writer.door.call("release_collection", f"{writer._answering()}_{what}")
    assert MilvusEngine(address, "other", build="one").words(None, EVERYTHING, 3).total == 10
    with pytest.raises(IndexError_, match="another build"):
        MilvusEngine(address, "other", build="two")
    monkeypatch.setattr("kb.engine.milvus.engine.LAYOUT", 2)
    with pytest.raises(IndexError_, match="layout 1; this program reads 2"):
        MilvusEngine(address, "other")
    monkeypatch.undo()
    writer.door.call("delete", f"{writer._answering()}_passages", filter="row in [1]")
    with pytest.raises(IndexError_, match="holds 9 of 10 passages"):
        MilvusEngine(address, "other")


def test_an_engine_that_is_away_or_empty_is_reported_and_an_address_that_is_none(address, monkeypatch):
    monkeypatch.setattr(client, "_SECONDS", 1.0)
    with pytest.raises(IndexError_, match=r"gives no answer .*unset KB_ENGINE"):
        MilvusEngine("milvus://somebody:secret@127.0.0.1:1")
    with pytest.raises(IndexError_) as told:
        MilvusEngine("milvus://somebody:secret@127.0.0.1:1")
    assert "secret" not in str(told.value)
    with pytest.raises(IndexError_):
        MilvusEngine(address, "nothing")
    for wrong in ("localhost:19530", "http://localhost", "milvus://"):
        with pytest.raises(InputError, match="no address"):
            MilvusEngine(wrong)


def test_a_build_that_fails_leaves_the_one_before_and_no_rest(address, monkeypatch):
    writer = MilvusWriter(address, ["english"], "kept")
    filled(writer)
    before = [name for name in writer.door.call("list_collections") if name.startswith("kept_")]
    again = toy_document(toy_passage("toy/s1/p1", "Bread."))
    writer.add(again, {"english": toy_vectors(again, ToyEncoder())})
    monkeypatch.setattr(MilvusWriter, "_facts", lambda *a: (_ for _ in ()).throw(IndexError_("the disk is full.")))
    with pytest.raises(IndexError_, match="disk is full"):
        writer.commit()
    assert writer.engine.size == 10
    assert before == [name for name in writer.door.call("list_collections") if name.startswith("kept_")]


def test_a_node_that_is_lost_in_mid_build_is_reported_and_the_build_before_answers(address, monkeypatch):
    writer = MilvusWriter(address, ["english"], "lost")
    filled(writer)
    before = [name for name in writer.door.call("list_collections") if name.startswith("lost_")]
    again = toy_document(toy_passage("toy/s1/p1", "Bread."))
    writer.add(again, {"english": toy_vectors(again, ToyEncoder())})
    inserted, insert = [], MilvusClient.insert

    def until_it_is_lost(held, name, **named):
        """Insert rows, but fail at the second insertion as when a node is lost: the passages arrive, nothing of the
        parts."""
        inserted.append(name)
        if len(inserted) == 2:
            raise MilvusException(message="channel not available: node 2 is offline")
        return insert(held, name, **named)

    monkeypatch.setattr(MilvusClient, "insert", until_it_is_lost)
    with pytest.raises(IndexError_, match="gives no answer .*node 2 is offline.*unset KB_ENGINE"):
        writer.commit()
    assert len(inserted) == 2 and writer.engine.size == 10
    assert before == [name for name in writer.door.call("list_collections") if name.startswith("lost_")]


def test_two_writers_at_once_leave_each_other_what_they_write(address, monkeypatch):
    first, second = (MilvusWriter(address, ["english"], "two", build=name) for name in ("a", "b"))
    for writer in (first, second):
        for document in TOY:
            writer.add(document, {"english": toy_vectors(document, ToyEncoder())})
    written = MilvusWriter._facts

    def while_another_commits(held, *given):
        """Let the second writer begin and end while the first has written passages and no facts."""
        monkeypatch.setattr(MilvusWriter, "_facts", written)
        second.commit()
        assert MilvusEngine(address, "two", build="b").size == 10
        return written(held, *given)

    monkeypatch.setattr(MilvusWriter, "_facts", while_another_commits)
    assert first.commit() == 10
    assert MilvusEngine(address, "two", build="a").words(None, EVERYTHING, 3).total == 10


def test_what_a_killed_writer_left_is_dropped_after_a_day_and_nothing_of_another_name(address, monkeypatch):
    other = MilvusWriter(address, ["english"], "left_over")
    filled(other)
    writer = MilvusWriter(address, ["english"], "left")
    writer._written("left_1a2b", [])
    filled(writer)
    found = writer.door.call("list_collections")
    assert not [name for name in found if name.startswith("left_1a2b")], "begun long ago"
    assert other.engine.size == 10


def test_fewer_passages_than_there_are_is_an_error(address, monkeypatch):
    engine = filled(MilvusWriter(address, ["english"], "part"))
    asked = client.Door.nearest
    monkeypatch.setattr(client.Door, "nearest", lambda *a, **named: asked(*a, **named)[:2])
    with pytest.raises(IndexError_, match="gave 2 of 10"):
        engine.nearest("english", ToyEncoder().query("pension"), EVERYTHING, 10)


def test_a_passage_too_long_for_it_is_named_and_nothing_is_written(address):
    writer = MilvusWriter(address, ["english"], "long")
    long = toy_document(toy_passage("long/p1", "pension " * 9_000))
    writer.add(long, {"english": toy_vectors(long, ToyEncoder())})
    with pytest.raises(InputError, match="'long/p1' is longer"):
        writer.commit()
    assert not [name for name in writer.door.call("list_collections") if name.startswith("long_")]


def test_letters_apart():
    assert [apart("pension", other, 2) for other in ("pension", "pensoin", "pensio", "pensions", "tension", "x")] == [
        *(0, 1, 1, 1, 1),
        3,
    ]


def test_nothing_of_milvus_is_imported_before_it_is_asked():
    before = pathlib.Path(client.__file__).read_text(encoding="utf-8").split("class Door")[0]
    assert "import pymilvus" not in before and "from pymilvus" not in before
