"""Whose words a passage is, and whether they may be quoted: one rule, enforced by the model itself."""

import pytest
from pydantic import ValidationError

from kb.commitments.documents import register_document
from kb.models import OWN_MARK, Pages, Paragraph, Passage, Place
from kb.structure import parse


def passage(**fields):
    return Passage(
        **{
            "id": "toy/1",
            "document": "toy",
            "kind": "paragraph",
            "text": "Some words.",
            "citation": "Toy, 1",
            "force": "observation",
            "place": Place(file="toy.txt", sha256="0" * 64),
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("wording", "verified", "may_quote"),
    [
        ("verbatim", "source", True),
        ("verbatim", "unverified", False),
        ("own-words", "official-text", False),
        ("own-words", "secondary", False),
        ("own-words", "unverified", False),
    ],
)
def test_only_the_sources_words_that_were_read_from_its_file_may_be_quoted(wording, verified, may_quote):
    made = passage(wording=wording, verified=verified)
    assert made.may_quote is may_quote
    assert made.shown == ("Some words." if wording == "verbatim" else f"{OWN_MARK}Some words.")
    assert Passage.model_validate_json(made.model_dump_json()) == made
    if not may_quote:
        with pytest.raises(ValidationError, match="may not be quoted"):
            passage(wording=wording, verified=verified, may_quote=True)


def test_every_statement_of_every_register_is_in_our_own_words(root):
    for path in sorted((root / "corpus" / "commitments").glob("*.yaml")):
        found = register_document(path, root / "corpus").passages
        assert found and {(p.wording, p.may_quote) for p in found} == {("own-words", False)}
        assert {p.verified for p in found} <= {"official-text", "secondary", "unverified"}


def test_every_passage_of_the_paper_is_verbatim(paper):
    assert {(p.wording, p.verified, p.may_quote) for p in paper.passages} == {("verbatim", "source", True)}


@pytest.mark.parametrize("style", ["generic", "treaty"])
def test_a_text_that_a_machine_recognised_in_a_picture_may_not_be_quoted_yet(style):
    text = "Article 1\n\nStates Parties shall keep toys.\n\nArticle 2\n\nToys are kept in 20113 houses."
    ends = [text.index("\n\nArticle 2")]
    paragraphs, at = [], 0
    for words in text.split("\n\n"):
        start = text.index(words, at)
        at = start + len(words)
        paragraphs.append(
            Paragraph(
                text=words,
                chars=(start, at),
                page=1,
                confidence=0.8 if start > ends[0] else None,
                kind="heading" if words.startswith("Article") else "paragraph",
            )
        )
    pages = Pages(file="toy.pdf", sha256="0" * 64, type="pdf", language="en", text=text, paragraphs=tuple(paragraphs))
    more = {"short": "Toy"} if style == "treaty" else {}
    found = parse(pages, style, document="toy", title="Toy", force="legal-obligation", **more).passages
    state = {p.text: (p.verified, p.may_quote) for p in found}
    (printed,) = (value for words, value in state.items() if "shall keep toys" in words)
    (guessed,) = (value for words, value in state.items() if "20113" in words)
    assert (printed, guessed) == (("source", True), ("unverified", False))
