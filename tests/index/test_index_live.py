"""A missing, partial, foreign or changed index is reported in one line with the command that repairs it."""

import json
import sqlite3

import pytest
from building import toy_job
from kb_toys import toy_passage

from kb.build.job import build
from kb.engine.local.terms import Terms
from kb.errors import IndexError_
from kb.index.live import current, open_index, switch


@pytest.fixture
def indexes(tmp_path):
    build(toy_job(tmp_path))
    return tmp_path


def opened(indexes):
    index = open_index(indexes, indexes)
    return index.store, index.terms, index.spaces


def test_a_complete_index_opens(indexes):
    store, terms, spaces = opened(indexes)
    assert store.size == terms.size == spaces["english"][0].size == 10


def test_no_index_yet(tmp_path):
    with pytest.raises(IndexError_, match="there is no index yet. Run: kb build"):
        opened(tmp_path)


@pytest.mark.parametrize("name", ["gone", "", "../elsewhere", "/"])
def test_a_pointer_to_what_is_not_there(indexes, name):
    switch(indexes, name)
    with pytest.raises(IndexError_, match="is not there. Run: kb build"):
        current(indexes)


def test_a_pointer_of_noise(indexes):
    (indexes / "current").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IndexError_, match="Run: kb build"):
        current(indexes)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"format": 3}'])
def test_a_missing_half_written_or_foreign_manifest(indexes, content):
    file = current(indexes) / "manifest.json"
    file.unlink() if content is None else file.write_text(content, encoding="utf-8")
    with pytest.raises(IndexError_, match="no readable manifest. Run: kb build"):
        opened(indexes)


def rewrite(indexes, **fields):
    """Write the manifest with other fields and no checksum, as an older program did."""
    folder = current(indexes)
    (folder / "manifest.sha256").unlink()
    file = folder / "manifest.json"
    old = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**old, "sealed": False, **fields}), encoding="utf-8")


def test_manifest_whose_checksum_is_gone_or_does_not_fit(indexes):
    seal = current(indexes) / "manifest.sha256"
    seal.write_text("0" * 64 + "\n", encoding="ascii")
    with pytest.raises(IndexError_, match="manifest.sha256 was changed"):
        opened(indexes)
    seal.unlink()
    with pytest.raises(IndexError_, match="no readable manifest"):
        opened(indexes)


def test_an_index_of_another_layout(indexes):
    rewrite(indexes, format=99)
    with pytest.raises(IndexError_, match="layout 99, this program reads"):
        opened(indexes)


@pytest.fixture
def unproved(indexes):
    """Turn the index into one made before the hashes of its files were stored."""
    rewrite(indexes, files={})
    return indexes


@pytest.mark.parametrize(
    "part", ["passages.sqlite", "english-whole.faiss", "english-parts.faiss", "terms/.managed.json"]
)
def test_one_changed_byte_in_any_file_is_reported(indexes, part):
    file = current(indexes) / part
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(IndexError_, match=f"{part} was changed since it was built. Run: kb build"):
        opened(indexes)


def test_passages_that_were_changed_afterwards(unproved):
    indexes = unproved
    with sqlite3.connect(current(indexes) / "passages.sqlite") as database:
        database.execute("DELETE FROM passages WHERE rowid = 3")
    with pytest.raises(IndexError_, match="the index was changed: 9 passages, 10 were built. Run: kb build"):
        opened(indexes)


def test_words_that_were_changed_afterwards(unproved):
    indexes = unproved
    Terms(current(indexes) / "terms").add([(11, toy_passage("x/1", "more"))])
    with pytest.raises(IndexError_, match="11 entries of the word index, 10 were built"):
        opened(indexes)


@pytest.mark.parametrize("file", ["passages.sqlite", "terms/meta.json", "english-whole.faiss", "english-parts.npy"])
@pytest.mark.parametrize("content", [None, b"", b"half a file"])
def test_any_part_that_is_missing_or_half_written(indexes, file, content):
    path = current(indexes) / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(IndexError_, match="Run: kb build"):
        opened(indexes)
