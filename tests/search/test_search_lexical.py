"""The lexical retriever: stems, equivalents, printed errors, similar spellings, and words that are nowhere."""

import pytest
from kb_toys import toy_document, toy_passage, toy_searcher

from kb.engine.filters import EVERYTHING
from kb.index.expansions import Expansions
from kb.search.lexical import Lexical
from kb.search.query import parse


def holding(searcher, query):
    """Return the ids of the passages that contain a phrase, or two terms near each other."""
    return list(searcher.engine.words(searcher.lexical.required(parse(query)), EVERYTHING, 10).ids)


@pytest.fixture
def match(kb_in_memory):
    def find(query, lexical=kb_in_memory.lexical):
        found = lexical.match(parse(query))
        return list(kb_in_memory.engine.words(found.query, EVERYTHING, 10).ids) if found.query else [], found

    return find


def test_forms_of_a_word_are_found(match):
    assert set(match("pensions")[0]) >= {"toy/s1/p1", "toy/s1/p2", "treaty/art1"}


def test_words_of_other_languages_are_found_in_their_forms(match):
    assert match("derecho mujer")[0][0] == "treaty/art2"
    assert match("logement")[0] == ["treaty/art3"]


def test_a_word_in_the_heading_counts_less_than_in_the_text(root):
    searcher = toy_searcher(
        [
            toy_document(
                toy_passage("d/1", "Unrelated text of it.", section=("Taxation",)),
                toy_passage("d/2", "Taxation text of it.", section=("Other",)),
            )
        ],
        root / "corpus",
    )
    leg = searcher.engine.words(searcher.lexical.match(parse("taxation")).query, EVERYTHING, 5)
    assert list(leg.ids) == ["d/2", "d/1"] and leg.scores[0] > leg.scores[1]


def test_a_word_that_is_nowhere_is_reported(match):
    names, found = match("pension zzzzz")
    assert found.absent == ["zzzzz"] and found.present == ["pension"] and names


def test_a_misspelt_word_finds_those_spelt_nearly_so(match):
    names, found = match("partcipatory")
    assert found.alike == ["partcipatory"] and "toy/s1/p4" in names


def test_small_words_find_nothing_by_themselves(match):
    assert match("the of and")[0] == []


def test_an_acronym_finds_its_long_form_and_the_word_does_not(match, kb_in_memory):
    table = Expansions({"WHO": ("World Health Organization",)}, {"ageing": ("older",)})
    lexical = Lexical(kb_in_memory.engine, table, kb_in_memory.ranking)
    names, found = match("WHO", lexical)
    assert names == ["toy/s1/p5"] and found.widened == {"WHO": ("World Health Organization",)}
    assert (
        match("ageing", lexical)[0][0].startswith(("toy/", "treaty/")) and "treaty/art1" in match("ageing", lexical)[0]
    )


def test_a_phrase_with_an_equivalent_is_met_by_it(kb_in_memory):
    lexical = Lexical(kb_in_memory.engine, Expansions({}, {"old age benefit": ("pension",)}), kb_in_memory.ranking)
    assert kb_in_memory.engine.words(lexical.required(parse('"old age benefit"')), EVERYTHING, 10).total >= 3


@pytest.mark.parametrize("query", ["x" * 3000, "ß İ ǅ", "a.b.c-d'e", "\U0001d7d8 𝕏 word", "٣ ٤", "*".join("abc") + "*"])
def test_odd_words_find_nothing_and_break_nothing(match, query):
    match(query)


def test_a_phrase_in_another_language_is_found_where_it_is_printed(root):
    searcher = toy_searcher(
        [
            toy_document(
                toy_passage("d/1", "El aprendizaje de la lengua de señas.", language="es"),
                toy_passage("d/2", "Las señas y la lengua.", language="es"),
            )
        ],
        root / "corpus",
    )
    assert holding(searcher, '"lengua de señas"') == ["d/1"]


def test_nearness_holds_in_another_language(root):
    searcher = toy_searcher(
        [
            toy_document(
                toy_passage("d/1", "Las personas que son sordas.", language="es"),
                toy_passage("d/2", "Las personas.", language="es"),
            )
        ],
        root / "corpus",
    )
    assert holding(searcher, "personas NEAR/3 sordas") == ["d/1"]


def test_a_phrase_in_a_language_without_a_stemmer_is_found_as_printed(root):
    searcher = toy_searcher(
        [toy_document(toy_passage("d/1", "Voorzieningen voor redelijke aanpassingen.", language="nl"))], root / "corpus"
    )
    assert holding(searcher, '"redelijke aanpassingen"') == ["d/1"]


def test_a_word_that_occurs_only_by_another_name_is_no_absent_word(match, kb_in_memory):
    known = Lexical(kb_in_memory.engine, Expansions({"OAB": ("pension",)}, {}), kb_in_memory.ranking)
    assert match("OAB", known)[1].absent == []
    empty = Lexical(kb_in_memory.engine, Expansions({"OAB": ("zzzzz",)}, {}), kb_in_memory.ranking)
    assert match("OAB", empty)[1].absent == ["OAB"]
