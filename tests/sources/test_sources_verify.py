"""Every stored quotation is found again in its source, or a fault says why not."""

import hashlib

import pytest
from rebuilding import lost

from kb.models import Leftover, Passage, Place
from kb.sources.verify import decode, locator, verify

TEXT = "First passage of\na file. Second passage, 32 apart.\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "file.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def passage(text, *spans, file="file.txt"):
    place = Place(
        file=file,
        sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        chars=(spans[0][0], spans[-1][1]),
        pieces=spans if len(spans) > 1 else (),
    )
    return Passage(
        id=f"doc/{spans[0][0]}",
        document="doc",
        kind="paragraph",
        text=text,
        citation="Doc",
        force="observation",
        place=place,
    )


FIRST, SECOND = passage("First passage of a file.", (0, 24)), passage("Second passage, apart.", (25, 40), (44, 50))


def proved(folder, *passages):
    return verify(passages, locator(folder), decode)


def test_whole_and_pieced_passages_are_proved(folder):
    proof = proved(folder, FIRST, SECOND)
    assert (proof.passages, proof.files, proof.faults) == (2, 1, ())


def test_a_changed_byte_is_found(folder):
    (folder / "file.txt").write_text(TEXT.replace("Second", "second"), encoding="utf-8")
    assert ["has changed since it was indexed" in fault.what for fault in proved(folder, FIRST, SECOND).faults] == [
        True
    ] * 2


def test_a_quotation_with_another_word_is_found(folder):
    wrong = FIRST.model_copy(update={"text": "First passage of the file."})
    assert "is not the stored quotation" in proved(folder, wrong).faults[0].what


def test_a_quotation_at_another_place_is_found(folder):
    assert proved(folder, passage("First passage of a file.", (1, 25))).faults[0].passage == "doc/1"


def test_a_missing_file_is_a_fault_of_its_passages_and_ends_nothing(folder):
    proof = proved(folder, passage("x", (0, 1), file="gone.txt"), FIRST)
    assert [fault.what for fault in proof.faults] == [f"gone.txt cannot be read: it is in none of {folder.name}"]


def test_a_file_that_no_reader_can_read_is_a_fault_too(folder):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    (fault,) = proved(folder, passage("x", (0, 1), file="broken.pdf")).faults
    assert "broken.pdf" in fault.what


def test_a_name_that_leads_out_of_the_folders_is_not_followed(folder):
    inner = folder / "inner"
    inner.mkdir()
    with pytest.raises(OSError, match="it is in none of inner"):
        locator(inner)("../file.txt")


def test_what_is_in_no_passage_and_no_leftover_is_lost():
    number = Leftover(kind="page-number", text="32", place=Place(file="file.txt", sha256="", chars=(41, 43)))
    assert lost(TEXT, [FIRST, SECOND], [number]) == ""
    assert lost(TEXT, [FIRST, SECOND], []) == "32"


def test_every_passage_of_the_paper_and_the_register_is_proved(root, paper):
    from kb.commitments.documents import register_documents

    corpus = root / "corpus"
    passages = [p for d in (paper, *register_documents(corpus / "commitments", corpus)) for p in d.passages]
    assert verify(passages, locator(corpus), decode).faults == ()


@pytest.mark.parametrize(
    "changed",
    [
        "first passage of a file.",
        "FIRST passage of a file.",
        "First Passage of a file.",
        "First passage of a file",
        "First passage of à file.",
        "First passage of a file.\u200b",
    ],
)
def test_a_capital_an_accent_or_a_stop_is_not_forgiven(folder, changed):
    assert "is not the stored quotation" in proved(folder, FIRST.model_copy(update={"text": changed})).faults[0].what


def test_a_proof_says_what_it_proves_and_what_it_does_not(folder):
    own = FIRST.model_copy(update={"wording": "own-words", "verified": "secondary", "may_quote": False})
    proof = proved(folder, FIRST, own)
    assert proof.own_words == 1 and "what our reader makes of them" in proof.means and "Not proved" in proof.means


def test_a_proof_with_faults_says_proved_of_the_others_only_and_of_none_where_all_are(folder):
    wrong = FIRST.model_copy(update={"text": "Another passage."})
    some, none = proved(folder, wrong, SECOND), proved(folder, wrong)
    assert some.faults and some.means.startswith("Not proved of the passages that are named as faults. Of the others")
    assert none.means == "Nothing is proved: every passage is named as a fault."


def test_words_of_ours_are_counted_apart_and_those_of_the_source_are_not(folder):
    own = FIRST.model_copy(update={"wording": "own-words", "verified": "secondary", "may_quote": False})
    assert [proved(folder, *given).own_words for given in ((FIRST, SECOND), (own, own, SECOND), ())] == [0, 2, 0]


@pytest.mark.parametrize(("name", "is_plain"), [("a.txt", True), ("a.yaml", True), ("a.yml", True), ("a.md", False)])
def test_plain_text_is_taken_as_it_is_and_other_files_are_read(tmp_path, name, is_plain, monkeypatch):
    import kb.read

    file = tmp_path / name
    file.write_text("# Act\n\nEvery  person\n", encoding="utf-8")
    asked = []
    monkeypatch.setattr(
        kb.read, "read", lambda path: asked.append(path) or FIRST.model_copy(update={"text": "as read"})
    )
    assert decode(file) == ("# Act\n\nEvery  person\n" if is_plain else "as read")
    assert asked == ([] if is_plain else [file])


def test_plain_text_in_an_older_encoding_is_read_too(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes("Artículo 1. Toda persona tiene derecho a la educación en España.\n".encode("cp1252") * 3)
    assert "educación en España" in decode(file)
