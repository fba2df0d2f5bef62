"""Words of everyday questions lead a query to its entry of the register."""

import numpy as np
import pytest

from kb.commitments.register import load_register
from kb.config import settings
from kb.engine import Column, Columns
from kb.errors import DataError
from kb.search.everyday import FILE, EverydayMatch, everyday_of, load_everyday, moved
from kb.search.pool import LEXICAL, Pool
from kb.search.ranking import load_ranking

ROWS = """# own words
entry\ten\tes
plan/a\tgrandma lives alone / who looks after old folk\tabuela sola
plan/b\tno money for rent\tsin dinero
"""


@pytest.fixture()
def corpus(tmp_path):
    """Return a corpus with everyday questions for two entries."""
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(ROWS, encoding="utf-8")
    return tmp_path


MOST, WORD = 200, 0.1  # as in ranking.yaml


def pool(*ids, legs=(LEXICAL, "english")):
    """Return candidates with these ids, as found by these retrievers."""
    documents = [id.partition("/")[0] for id in ids]
    names = sorted(set(documents))
    column = Column(np.array([names.index(name) for name in documents], dtype=int), names)
    columns = Columns(np.arange(len(ids)), *[column] * 6)
    worded, sought = np.ones(len(ids), dtype=bool), np.zeros(len(ids), dtype=bool)
    return Pool(ids, columns, {leg: np.ones(len(ids)) for leg in legs}, worded, sought)


def test_an_entry_whose_everyday_question_has_the_words_rises_and_others_of_the_register_fall(corpus):
    scores = np.array([0.50, 0.49, 0.48])
    made, how = moved(
        scores, pool("plan/b", "plan/a", "paper/1"), EverydayMatch("Grandma alone", "en", corpus, 0.1, MOST, WORD)
    )
    assert made == pytest.approx([0.45, 0.491, 0.48]) and how.tolist() == [0, 1, 0]
    assert scores.tolist() == [0.50, 0.49, 0.48]


def test_the_question_is_met_in_its_own_language_and_by_the_stems_of_its_words(corpus):
    everyday = everyday_of(corpus, WORD)
    assert everyday.scores("abuelas solas", "es")[everyday.entries["plan/a"]] > 0
    assert everyday.scores("abuela", "en") is None and everyday.scores("abuela", "fr") is None
    assert everyday.scores("looking after folks", "en")[everyday.entries["plan/b"]] == 0


@pytest.mark.parametrize(
    "asked,legs",
    [
        (("grandma", "en", 0.0), (LEXICAL, "english")),
        (("grandma", "en", 0.1), (LEXICAL,)),
        (("grandma", "en", 0.1), ("english",)),
        (("xyz", "en", 0.1), (LEXICAL, "english")),
        (("grandma", "zh", 0.1), (LEXICAL, "english")),
    ],
)
def test_scores_stay_without_a_share_in_words_or_meaning_alone_and_where_no_word_is_met(corpus, asked, legs):
    text, language, share = asked
    scores = np.array([0.5, 0.4])
    made, how = moved(
        scores, pool("plan/b", "plan/a", legs=legs), EverydayMatch(text, language, corpus, share, MOST, WORD)
    )
    assert made is scores and how is None


def test_scores_stay_where_the_entries_that_are_met_are_no_candidates_or_the_corpus_has_no_questions(corpus, tmp_path):
    for ids, where in ((("plan/b",), corpus), (("paper/1",), corpus), (("plan/a",), tmp_path / "none"), ((), corpus)):
        scores = np.full(len(ids), 0.5)
        assert moved(scores, pool(*ids), EverydayMatch("grandma", "en", where, 0.1, MOST, WORD))[0] is scores


def test_the_words_that_people_ask_with_count_as_questions_too(corpus):
    (corpus / "search" / "asked.yaml").write_text(
        'version: "1"\nasked:\n  plan/c:\n    fr: "veuves; loyers chers"\n', encoding="utf-8"
    )
    everyday = everyday_of(corpus, WORD)
    assert everyday.scores("une veuve", "fr")[everyday.entries["plan/c"]] > 0


@pytest.mark.parametrize(
    "row,said", [("plan/c\tonly one", "2 cells"), ("plan/a\tx\ty", "already"), ("\tx\ty", "2 cells")]
)
def test_a_row_that_is_incomplete_or_repeated_is_refused_with_its_line(corpus, row, said):
    (corpus / FILE).write_text(ROWS + row + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=said) as refused:
        load_everyday(corpus)
    assert "line 5" in str(refused.value)


def test_a_file_that_is_no_utf8_is_refused(corpus):
    (corpus / FILE).write_bytes(b"entry\ten\nplan/a\t\xff\n")
    with pytest.raises(DataError, match="UTF-8"):
        load_everyday(corpus)


def test_every_question_of_the_corpus_is_about_an_entry_of_the_register_in_three_languages_and_in_force():
    corpus = settings().corpus
    rows = load_everyday(corpus)
    known = {entry.id for instrument in load_register(corpus / "commitments") for entry in instrument.entries}
    assert {entry for entry, _, _ in rows} <= known and {language for _, language, _ in rows} == {"en", "es", "fr"}
    assert 0 < load_ranking(corpus).everyday < 0.2 and len(rows) > 2000


def test_a_promise_is_asked_for_in_spanish_and_french_as_fully_as_in_english():
    rows = load_everyday(settings().corpus)
    asked = {name: [entry for entry, language, _ in rows if language == name] for name in ("en", "es", "fr")}
    assert min(len(asked["es"]), len(asked["fr"])) >= len(asked["en"]) > 1500
    many = {entry for entry in asked["en"] if asked["en"].count(entry) >= 8}  # paragraphs of many letters
    assert many and all(asked[name].count(entry) >= 5 for entry in many for name in ("es", "fr"))


@pytest.mark.parametrize(
    "asked,language,entry",
    [
        ("publicar cada cinco años el libro sobre las mujeres del mundo", "es", "beijing/para208"),
        ("brochure nationale de statistiques de genre pour élaborer les politiques", "fr", "beijing/para207"),
        ("agua, luz y caminos para los negocios de mujeres rurales", "es", "beijing/para173"),
        ("associations patronales qui défendent les entreprises informelles de femmes", "fr", "beijing/para174"),
        ("capital para entidades que prestan a mujeres pobres con pequeños negocios", "es", "beijing/para170"),
    ],
)
def test_words_in_spanish_and_french_stand_at_the_paragraph_that_says_so(asked, language, entry):
    everyday = everyday_of(settings().corpus, WORD)
    assert everyday.scores(asked, language).argmax() == everyday.entries[entry]
