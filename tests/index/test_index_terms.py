"""The word part of the index: stems by language, words as printed, and the corrected copy of printed errors."""

import pytest
import tantivy
from kb_toys import toy_passage

from kb.engine.analysis import words
from kb.engine.local.entry import EXACT, HEADINGS, PRINTED, STEMMED
from kb.engine.local.terms import Terms
from kb.errors import IndexError_

Q = tantivy.Query


def test_words_are_small_letters_without_accents_and_possessives():
    assert words("Côte d'Ivoire’s WOMEN's") == ["cote", "d", "ivoire", "womens"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("hydro\u00adtherapy", ["hydrotherapy"]),
        ("reha\u200bbili\ufefftation", ["rehabilitation"]),
        ("e\u0301tat", ["etat"]),
        ("5² per cent in 2011³", ["5", "per", "cent", "in", "2011"]),
        ("H₂O", ["h2o"]),
        ("disabilityᵃ", ["disability"]),
    ],
)
def test_what_nobody_sees_parts_no_word_and_raised_marks_are_no_digits(text, terms):
    assert words(text) == terms


def test_stems_are_of_the_language():
    assert words("women's rights", "en") == words("womens right", "en")
    assert words("derechos", "es") == words("derecho", "es")
    assert words("logements", "fr") == words("logement", "fr")
    assert words("derechos") == ["derechos"]


def test_a_language_without_a_stemmer_is_indexed_as_printed():
    assert words("Ihmisoikeudet kuuluvat", "fi") == ["ihmisoikeudet", "kuuluvat"]


@pytest.fixture
def terms():
    made = Terms()
    made.add(
        [
            (
                1,
                toy_passage(
                    "t/1", "Budgets of Porto Allegre", normalised="Budgets of Porto Alegre", section=("Cities",)
                ),
            ),
            (2, toy_passage("t/2", "Los derechos de las mujeres", language="es")),
            (3, toy_passage("t/3", "Budget rules. Budget rules again.")),
        ]
    )
    return made


def found(terms, field, term):
    return [row for row, _ in terms.search(Q.term_query(terms.schema, field, term), 10)]


def test_a_printed_error_is_found_both_as_printed_and_mended(terms):
    assert found(terms, STEMMED, words("Alegre", "en")[0]) == [1]
    assert found(terms, PRINTED, words("Allegre", "en")[0]) == [1]


def test_headings_and_exact_words_have_their_own_fields(terms):
    assert found(terms, HEADINGS, words("cities", "en")[0]) == [1]
    assert found(terms, EXACT, "budget") == [3] and found(terms, EXACT, "budgets") == [1]


def test_a_word_used_more_often_in_a_shorter_text_scores_higher(terms):
    hits = terms.search(Q.term_query(terms.schema, STEMMED, words("budget", "en")[0]), 10)
    assert [row for row, _ in hits] == [3, 1] and hits[0][1] > hits[1][1] > 0


def test_frequency_and_size(terms):
    assert (terms.size, terms.frequency(words("derecho", "es")[0]), terms.frequency("nothing")) == (3, 1, 0)


def test_an_index_on_disk_is_opened_again(tmp_path):
    Terms(tmp_path / "terms", create=True).add([(7, toy_passage("t/7", "Pension"))])
    assert Terms(tmp_path / "terms").search(Q.term_query(Terms().schema, EXACT, "pension"), 5)[0][0] == 7


@pytest.mark.parametrize("damage", ["missing", "empty", "half"])
def test_a_missing_or_damaged_word_index_is_reported(tmp_path, damage):
    folder = tmp_path / "terms"
    if damage != "missing":
        folder.mkdir()
    if damage == "half":
        (folder / "meta.json").write_text('{"segments": [', encoding="utf-8")
    with pytest.raises(IndexError_, match="the word index cannot be read. Run: kb build"):
        Terms(folder)


def test_words_on_a_read_only_disk_are_found(tmp_path, monkeypatch):
    made = Terms(tmp_path / "terms", create=True)
    made.add([(1, toy_passage("x/1", "land rights"))])
    monkeypatch.setattr("kb.engine.local.terms._is_read_only", lambda path: True)
    before = sorted(file.name for file in (tmp_path / "terms").iterdir())
    assert Terms(tmp_path / "terms").size == 1
    assert sorted(file.name for file in (tmp_path / "terms").iterdir()) == before
