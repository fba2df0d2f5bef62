"""The ready-made parts of a release are used by key, verified by hash, and equal to what a build makes."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
from kb_toys import TOY, ToyEncoder

from kb.build import shipped as shipped_module
from kb.build.document_cache import DocumentCache, Folder
from kb.build.shipped import Shipped, compare, shipped_with, write
from kb.errors import DataError
from kb.index.cache import VectorCache
from kb.text import sha256_text

TEXTS = ["older women", "land", "pension"]
INPUTS = {"taxonomy/group.yaml": "1"}


@pytest.fixture
def vectors():
    """Return rows as builds store them: encoder, hash of the text, float32 bytes."""
    made = ToyEncoder().passages(TEXTS)
    return [("toy@1", sha256_text(text), vector.tobytes()) for text, vector in zip(TEXTS, made, strict=True)]


@pytest.fixture
def seen(tmp_path):
    """Return two documents by the keys under which they are shipped."""
    found = {}
    kept = DocumentCache(Folder(tmp_path / "maker"), INPUTS, seen=found)
    for document in TOY:
        kept.tagging(document, lambda each: each.model_copy(update={"title": f"{each.title}, tagged"}))
    return found


@pytest.fixture
def shipped(tmp_path, seen, vectors):
    write(tmp_path / "shipped.zip", seen, vectors, {"inputs": INPUTS})
    return Shipped(tmp_path / "shipped.zip")


def test_a_first_build_makes_no_document_that_was_shipped_and_keeps_it(shipped, seen, tmp_path):
    kept = DocumentCache(Folder(tmp_path / "mine"), INPUTS, shipped)
    found = [kept.tagging(each, lambda _: pytest.fail("it was shipped")) for each in TOY]
    assert found == list(seen.values()) and kept.tagged == 0 and all("tagged" in each.title for each in found)
    assert len(list((tmp_path / "mine").iterdir())) == len(TOY)


def test_a_document_of_another_taxonomy_or_text_is_made(shipped, tmp_path):
    other = DocumentCache(Folder(tmp_path / "mine"), {"taxonomy/group.yaml": "2"}, shipped)
    other.tagging(TOY[0], lambda each: each)
    same = DocumentCache(Folder(tmp_path / "other"), INPUTS, shipped)
    same.tagging(TOY[0].model_copy(update={"title": "another"}), lambda each: each)
    assert other.tagged == same.tagged == 1


def test_a_text_whose_vector_was_shipped_is_not_embedded(shipped, tmp_path):
    encoder = ToyEncoder()
    found = VectorCache(tmp_path / "vectors.sqlite", shipped.vectors).encode(encoder, [*TEXTS, "new"])
    assert encoder.computed == 1
    assert np.allclose(found, ToyEncoder().passages([*TEXTS, "new"]), atol=1e-3)
    VectorCache(tmp_path / "vectors.sqlite").encode(encoder, TEXTS)
    assert encoder.computed == 1, "what was shipped is kept as if it had been computed"
    other = ToyEncoder("toy@2")
    VectorCache(tmp_path / "vectors.sqlite", shipped.vectors).encode(other, TEXTS)
    assert other.computed == len(TEXTS), "vectors of another model are never taken"


def test_the_same_content_is_the_same_file(shipped, seen, vectors, tmp_path):
    write(tmp_path / "again.zip", dict(reversed(seen.items())), vectors[::-1], {"inputs": INPUTS})
    assert (tmp_path / "again.zip").read_bytes() == shipped.path.read_bytes()
    assert shipped.facts["inputs"] == INPUTS


def test_shipped_and_made_are_compared(shipped, seen, vectors):
    assert compare(shipped, seen, vectors).startswith("shipped and made are equal: 2 documents, 3 vectors")
    more = {**seen, "other": TOY[0]}
    assert "1 of 3 are of other code or files" in compare(shipped, more, vectors)
    key = next(iter(seen))
    with pytest.raises(DataError, match="documents toy differ"):
        compare(shipped, {**seen, key: seen[key].model_copy(update={"title": "another"})}, vectors)
    turned = [(identity, key, (-np.frombuffer(numbers, np.float32)).tobytes()) for identity, key, numbers in vectors]
    with pytest.raises(DataError, match="alike"):
        compare(shipped, seen, turned)


@pytest.mark.parametrize("damage", ["cut", "entry", "no zip"])
def test_a_damaged_file_is_named_and_nothing_of_it_is_used(shipped, damage):
    data = shipped.path.read_bytes()
    if damage == "cut":
        shipped.path.write_bytes(data[: len(data) // 2])
    elif damage == "no zip":
        shipped.path.write_bytes(b"nothing")
    else:
        with zipfile.ZipFile(shipped.path) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
        name = next(each for each in entries if each.startswith("documents/"))
        with zipfile.ZipFile(shipped.path, "w") as archive:
            for each, content in {**entries, name: entries[name].replace(b"tagged", b"tugged")}.items():
                archive.writestr(each, content)
    with pytest.raises(DataError, match="are damaged"):
        Shipped(shipped.path).get("any")


def test_without_a_file_nothing_is_shipped(tmp_path):
    none = Shipped(tmp_path / "none.zip")
    assert none.get("any") is None and none.vectors("toy@1") == {} and none.facts == {}


def test_a_build_says_that_the_file_did_not_come_with_the_program(monkeypatch, tmp_path):
    monkeypatch.setattr(shipped_module, "FILE", tmp_path / "shipped.zip")
    told = []
    assert shipped_with(told.append).facts == {} and "shipped.zip is not in this installation" in told[0]
    assert shipped_with(told.append, from_scratch=True).facts == {} and len(told) == 2, "nobody asked for it"


def test_the_file_of_the_release_is_complete_and_names_what_it_was_made_from():
    facts = Shipped().facts
    assert {"sources.yaml", "taxonomy/group.yaml", "models.yaml"} <= set(facts["inputs"])
    assert facts["code"].keys() >= {"read", "tag"} and "tantivy" in facts["packages"] and len(facts["models"]) == 2
