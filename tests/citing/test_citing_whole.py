"""A place of an official text with a missing part says so, and so does what replaces the part."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.citing.cite import Citations
from kb.citing.names import load_names
from kb.commitments.register import load_register
from kb.structure.treaty import parse

CORPUS = Path(__file__).parents[2] / "corpus"
ONE = "1. States Parties reaffirm a right."
TWO = "2. States Parties shall recognize a capacity."
THREE = "3. States Parties shall give support."
FOUR = "4. States Parties shall keep safeguards."
FIVE = "5. States Parties shall protect property."


def resolved(citation: str, *paragraphs: str):
    text = "\n\n".join(["### Article 12", "Equal recognition before the law", *paragraphs, "### Article 13"])
    document = parse(text, document="crpd", title="CRPD", file="crpd.md", sha256="0" * 64)
    register = load_register(CORPUS / "commitments")
    return Citations(register, load_names(CORPUS), lambda id: document if id == "crpd" else None).resolve(citation)


def test_a_whole_article_says_nothing_of_parts_that_are_missing():
    found = resolved("CRPD art. 12", ONE, TWO, THREE, FOUR, FIVE)
    assert found.missing == () and not any("whole" in note or "kept apart" in note for note in found.notes)


@pytest.mark.parametrize("gone", [0, 1, 2, 3, 4])
def test_a_paragraph_that_is_missing_is_named_wherever_it_stood(gone):
    """The last paragraph too, since the register lists it."""
    paragraphs = [ONE, TWO, THREE, FOUR, FIVE]
    found = resolved("CRPD art. 12", *paragraphs[:gone], *paragraphs[gone + 1 :])
    assert found.missing == (f"CRPD art. 12({gone + 1})",)
    assert any("not whole" in note and f"12({gone + 1})" in note for note in found.notes)
    assert paragraphs[gone][3:] not in [passage.text for passage in found.passages]


@pytest.mark.parametrize("line", ["Commentary: in our view, no support is owed.", "[Commentary] No support is owed."])
def test_a_commentary_in_the_place_of_a_paragraph_is_named_and_is_no_official_text(line):
    found = resolved("CRPD art. 12", ONE, TWO, line, FOUR, FIVE)
    assert found.missing == ("CRPD art. 12(3)",)
    assert not any("owed" in passage.text for passage in found.passages)
    assert any("kept apart (commentary)" in note and "owed" in note for note in found.notes)


@pytest.mark.parametrize("citation", ["CRPD art. 12", "CRPD art. 12(2)"])
def test_a_line_without_a_number_where_one_is_missing_is_named(citation):
    found = resolved(citation, ONE, TWO, "Many States do this in their own way.", FOUR, FIVE)
    assert any("without a number" in note and "own way" in note for note in found.notes)


def test_a_letter_that_is_missing_is_named():
    found = resolved("CRPD art. 12(2)", ONE, "2. States Parties shall:", "(a) see;", "(c) hear;", THREE, FOUR, FIVE)
    assert found.missing == ("CRPD art. 12(2)(b)",)
