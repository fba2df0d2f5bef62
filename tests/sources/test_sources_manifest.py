"""The list of sources: validated with file, line and entry; a file whose hash differs is refused."""

import hashlib

import pytest

from kb.errors import DataError, NotFound
from kb.sources.documents import corpus_documents, library_documents, read_source
from kb.sources.manifest import checked_file, load_manifest

ENTRY = """version: "1"
sources:
  - id: note
    title: A note
    cite_as: Note
    date: "2020"
    force: observation
    licence: none
    style: generic
    file: note.txt
    sha256: {sha256}
"""
TEXT = b"One paragraph of a note.\n\nAnother paragraph of it.\n"


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "note.txt").write_bytes(TEXT)
    (tmp_path / "sources.yaml").write_text(ENTRY.format(sha256=hashlib.sha256(TEXT).hexdigest()), encoding="utf-8")
    return tmp_path


def test_the_projects_own_sources_are_valid_and_their_files_as_recorded(root):
    manifest = load_manifest(root / "corpus")
    assert manifest.get("paper").force == "expert-recommendation" and manifest.get("crpd").force == "legal-obligation"
    assert [checked_file(s, root / "corpus").name for s in manifest.sources if s.file] == ["background-paper.txt"]


def test_the_paper_is_the_seed_byte_for_byte(root, shared):
    ours = (root / "corpus/background-paper/background-paper.txt").read_bytes()
    assert any(seed.read_bytes() == ours for seed in (shared / "seeds").rglob("*") if seed.is_file())


def test_a_file_with_one_changed_byte_is_refused(corpus):
    (corpus / "note.txt").write_bytes(TEXT.replace(b"One", b"0ne"))
    with pytest.raises(DataError, match="note.txt: the file differs .* Restore the file"):
        read_source(load_manifest(corpus).get("note"), corpus)


def test_a_missing_file_is_reported(corpus):
    (corpus / "note.txt").unlink()
    with pytest.raises(DataError, match="note.txt: the file is missing. Restore it"):
        list(corpus_documents(corpus))


def test_an_official_text_without_a_file_says_how_to_add_it(root):
    with pytest.raises(NotFound, match="kb add FILE --as crpd"):
        checked_file(load_manifest(root / "corpus").get("crpd"), root / "corpus")


def test_an_unknown_source_lists_those_there_are(corpus):
    with pytest.raises(NotFound, match="no source 'other'. There are: note."):
        load_manifest(corpus).get("other")


@pytest.mark.parametrize(
    "old,new,line,entry",
    [
        ("force: observation", "force: law", 7, "sources › 0 › force"),
        ("licence: none", "licenze: none", 3, "licence"),
        ("  - id: note", "  - id: Note 1", 3, "sources › 0 › id"),
    ],
)
def test_a_broken_entry_is_named_with_file_line_and_entry(corpus, old, new, line, entry):
    file = corpus / "sources.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_manifest(corpus)
    assert f"sources.yaml: line {line}" in str(error.value) and entry in str(error.value)


def test_a_file_without_a_hash_is_refused(corpus):
    file = corpus / "sources.yaml"
    file.write_text(
        "\n".join(line for line in file.read_text(encoding="utf-8").splitlines() if "sha256" not in line),
        encoding="utf-8",
    )
    with pytest.raises(DataError, match="note: a file needs its sha256"):
        load_manifest(corpus)


def test_an_id_that_is_listed_twice_is_refused(corpus):
    file = corpus / "sources.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text.split("sources:\n")[1], encoding="utf-8")
    with pytest.raises(DataError, match="these ids stand twice: note"):
        load_manifest(corpus)


def test_no_library_means_no_documents(tmp_path):
    assert list(library_documents(tmp_path / "nowhere")) == []
