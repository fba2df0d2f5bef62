"""Cutting a policy into clauses that can be proposed."""

from __future__ import annotations

from assess_toys import policy

from kb.assess.units import MAX, cut, titles
from kb.text import bare


def test_sentences_are_units_and_short_ones_are_joined():
    units = cut(
        policy(
            "law",
            "en",
            "The Minister shall keep a public register of all services that are provided under this Act. "
            "It is open. Any person may read it at the office of the registrar without paying a fee at all.",
        )
    )
    assert [unit.text.split()[0] for unit in units] == ["The", "Any"]
    assert units[0].text.endswith("It is open.")


def test_a_full_stop_of_an_abbreviation_ends_no_sentence():
    text = "Under art. 12 of the Act No. 7 every person who lives in the country is entitled to health care."
    assert [unit.text for unit in cut(policy("law", "en", text), ["art", "no"])] == [text]


def test_a_sentence_that_was_broken_over_lines_is_joined():
    units = cut(
        policy(
            "law",
            "es",
            "Se instituye con alcance nacional y obligatorio un régimen de asignaciones que alcanza",
            "a todos los trabajadores que presten servicios remunerados en el país y a sus familias.",
        )
    )
    assert len(units) == 1 and len(units[0].passages) == 2


def test_a_long_sentence_is_cut_at_its_semicolons():
    clause = (
        "to collect figures on the living conditions of families in every district of the country and to publish them"
    )
    text = "The office shall have the duty " + "; ".join([clause] * 5) + "."
    units = cut(policy("law", "en", text))
    assert len(units) > 1 and all(len(unit.text.split()) <= MAX for unit in units)


def test_an_item_knows_the_words_that_open_its_list():
    units = cut(
        policy(
            "law",
            "en",
            "# Functions",
            "The functions of the Commission, which it carries out in all parts of the land, are:",
            "(a) to receive complaints from any person about services and to investigate them within thirty days;",
        )
    )
    assert units[1].lead.startswith("The functions") and "Functions" in units[1].context


def test_no_word_of_the_paragraphs_is_lost():
    paragraphs = ["One. Two three; (a) four (b) five.", "six seven", "Eight: nine—ten."]
    units = cut(policy("law", "en", *paragraphs))
    assert "".join(bare(unit.text) for unit in units) == "".join(bare(p) for p in paragraphs)


def test_headings_are_no_units():
    assert cut(policy("law", "en", "# A heading only")) == []


def test_a_title_and_a_cell_are_distinguished_from_a_short_clause():
    law = policy("law", "en", "# One", "Cultural Integrity", "# Two", "Work is free.", "# Three", "National Commission")
    assert titles(cut(law)) == [True, False, True]


def test_a_line_of_a_list_is_no_title():
    law = policy(
        "law", "en", "# Aid", "The State gives to all persons who ask for it:", "legal aid", "housing", "schools"
    )
    assert not any(titles(cut(law)))


def test_a_text_of_titles_alone_keeps_them():
    assert not any(titles(cut(policy("law", "en", "# One", "Free schools", "# Two", "Free housing"))))
