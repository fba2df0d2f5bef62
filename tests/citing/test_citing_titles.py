"""Titles typed beside a place: printed with or without their number, and in a language whose text is missing here."""

from __future__ import annotations

import pytest
from corpus_citations import citations

from kb.citing.cite import Citations
from kb.errors import NotFound


@pytest.fixture(scope="module")
def here() -> Citations:
    return citations()


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ('Beijing critical area "Women and the media" (J)', "beijing/J"),
        ('Beijing, critical area "Women in power and decision-making" (G)', "beijing/G"),
        ("Beijing, chapter IV, area H: Institutional mechanisms for the advancement of women", "beijing/H"),
        (
            "Copenhagen, commitment 4: promoting social integration by fostering societies that are stable, safe and just",
            "wssd/c4",
        ),
    ],
)
def test_a_title_is_known_without_the_number_that_it_is_counted_by(here, typed: str, id: str) -> None:
    assert here.resolve(typed).id == id


def test_a_title_of_another_area_is_not_taken_for_the_one_whose_letter_was_typed(here) -> None:
    with pytest.raises(NotFound):
        here.resolve('Beijing critical area "Women and robots" (J)')


@pytest.mark.parametrize(
    ("typed", "id", "title"),
    [
        (
            "Plan de Acción de Madrid, Cuestión 3: Abandono, maltrato y violencia (orientación prioritaria III)",
            "mipaa/III.3",
            "Abandono, maltrato y violencia",
        ),
        (
            "CDPD, artículo 19: Derecho a vivir de forma independiente",
            "crpd/art19",
            "Derecho a vivir de forma independiente",
        ),
        (
            "Plan de Madrid, Orientación prioritaria II: Fomento de la salud y el bienestar en la vejez",
            "mipaa/II",
            "Fomento de la salud y el bienestar en la vejez",
        ),
    ],
)
def test_a_spanish_title_without_the_spanish_text_is_answered_by_its_number_and_reported(
    here, typed, id, title
) -> None:
    found = here.resolve(typed)
    assert found.id == id and f"'{title}' is no title that is here" in found.notes[0]


@pytest.mark.parametrize(
    "typed",
    [
        "CDPD artículo 12: Observación general",
        "CDPD artículo 12: Ley General",
        "Plan de Madrid, Cuestión 3: Informe del Comité",
        "Plan de Madrid: Abandono, maltrato y violencia",
        "Código de Trabajo, artículo 19: Derecho a la vida independiente",
    ],
)
def test_words_of_another_document_behind_a_place_are_no_title(here, typed: str) -> None:
    with pytest.raises(NotFound):
        here.resolve(typed)


@pytest.mark.parametrize(
    ("typed", "missing"),
    [("Déclaration de Copenhague, engagement 4 d)", "(d)"), ("Copenhagen Declaration, commitment 4 (d)", "(d)")],
)
def test_a_letter_that_is_not_there_is_named_in_the_answer(here, typed: str, missing: str) -> None:
    found = here.resolve(typed)
    assert found.id == "wssd/c4" and f"'{missing}' has no place of its own here" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("Copenhagen Declaration, para. 29, Commitment 6", ["wssd/decl/para29", "wssd/c6"]),
        ("BPfA H.1, para 206", ["beijing/para206"]),
    ],
)
def test_a_place_of_which_it_is_not_known_what_it_holds_is_answered_too(here, typed: str, ids: list[str]) -> None:
    found = here.resolve(typed)
    assert [found.id, *(each.id for each in found.also)] == ids
    assert "is not known to stand there" in found.notes[0]
