"""Spelling of citations: corrected if only one meaning is possible, otherwise a question."""

from __future__ import annotations

import pytest
from corpus_citations import citations

from kb.citing.cite import Citations
from kb.citing.figures import spelt
from kb.citing.spelling import loosely_titled
from kb.errors import InputError, NotFound


@pytest.fixture(scope="module")
def here() -> Citations:
    return citations()


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("CRPD arti- cle 14", "crpd/art14"),
        ("Conven- tion on the Rights of Persons with Disabil- ities, art. 14", "crpd/art14"),
        ("C. R. P. D. art. 24", "crpd/art24"),
        ("B.P.f.A. para. 58", "beijing/para58"),
        ("Art. 3 (General principles), let. c, CRPD", "crpd/art3/c"),
        ("Convention on Rights of Persons with Disabilities, art. 5", "crpd/art5"),
        ("Convención de la CEDAW, art. 13, inc. a)", "cedaw/art13/a"),
    ],
)
def test_hyphens_of_line_ends_points_and_titles_between_are_set_right(here: Citations, typed: str, id: str) -> None:
    assert here.resolve(typed).id == id


def test_a_hyphen_in_a_word_that_citations_do_not_have_stays(here: Citations) -> None:
    with pytest.raises(NotFound):
        here.resolve("Robo- tics Convention, art. 3")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("CRPD art. l2(2)", "12"), ("BPfA para. l06(c)", "106"), ("CRPD, art. 1O", "10"), ("CRPD art. I9", "19")],
)
def test_a_letter_that_may_be_a_figure_is_asked_back_and_never_guessed(
    here: Citations, typed: str, number: str
) -> None:
    with pytest.raises(InputError) as told:
        here.resolve(typed)
    assert f"'{number}'" in told.value.do


def test_an_ordinal_of_spanish_and_a_letter_of_a_place_are_no_such_letters(here: Citations) -> None:
    assert here.resolve("CDPD, art. 5o").id == "crpd/art5"
    assert here.resolve("CRPD art. 27(1)(i)").id == "crpd/art27/1/i"


def test_small_words_of_a_long_title_may_be_others_and_its_other_words_may_not(here: Citations) -> None:
    import re

    title = "Convention on the Rights of Persons with Disabilities"
    pattern = re.compile(loosely_titled(title, spelt(title, {})), re.IGNORECASE)
    assert pattern.fullmatch("Convention for the Rights of the Persons with Disabilities")
    assert not pattern.fullmatch("Convention on the Rights of Persons without Disabilities")
    assert not pattern.fullmatch("Declaration on the Rights of Persons with Disabilities")
    short = "Platform for Action"
    assert loosely_titled(short, spelt(short, {})) == spelt(short, {})


def test_the_country_of_a_conference_names_nothing_behind_its_city_and_another_document_elsewhere(
    here: Citations,
) -> None:
    assert (
        here.resolve("Madrid International Plan of Action on Ageing (Madrid, Spain, 2002), para. 12").id
        == "mipaa/para12"
    )
    for typed in ("MIPAA in Spain, para 12", "MIPAA (China), para 12", "BPfA in Denmark, para 58"):
        with pytest.raises(NotFound):
            here.resolve(typed)
