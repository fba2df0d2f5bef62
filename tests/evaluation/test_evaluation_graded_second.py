"""A second reader of search questions: the random draw, pools without grades, agreement."""

import pytest

from kb.errors import InputError
from kb.evaluation.graded import GradedPassage, GradedQuestion
from kb.evaluation.graded_second import SecondGrades, address, draw, pool, table


def question(id, grades, **rest):
    """Return a question with grades of lines of the paper."""
    passages = [GradedPassage(grade=grade, lines=(line, line)) for line, grade in grades.items()]
    return GradedQuestion(
        id=id,
        language=rest.get("language", "en"),
        about="paper",
        query=id,
        absent=rest.get("absent", False),
        relevant=tuple(one for one in passages if one.grade),
        hard_negatives=tuple(one for one in passages if not one.grade),
    )


QUESTIONS = [question(f"q{n}", {n * 10 + 1: 2, n * 10 + 2: 1, n * 10 + 3: 0}) for n in range(9)]


def test_addresses_name_the_place():
    assert address(GradedPassage(grade=1, lines=(3, 9))) == "paper 3-9"
    assert address(GradedPassage(grade=1, entry="crpd/art9")) == "crpd/art9"
    place = {"file": "policies/a.md", "chars": (1, 5), "sha256": "00"}
    assert address(GradedPassage(grade=1, place=place)) == "policies/a.md 1-5"


def test_the_draw_does_not_depend_on_the_order_of_the_file():
    assert draw(QUESTIONS, 4) == draw(QUESTIONS[::-1], 4)
    assert len({one.id for one in draw(QUESTIONS, 4)}) == 4


def test_a_pool_has_what_was_graded_and_strangers():
    found = pool(QUESTIONS[0], QUESTIONS, each=5)
    assert {"paper 1-1", "paper 2-2", "paper 3-3"} < set(found) and len(set(found)) == 5
    assert len(pool(question("none", {}, absent=True), QUESTIONS, each=5)) == 5


def test_readers_who_say_the_same_agree_wholly():
    second = [SecondGrades(id="q0", grades={"paper 1-1": 2, "paper 2-2": 1, "paper 3-3": 0, "paper 11-11": 0})]
    rows = table(QUESTIONS, second)
    assert [(row["questions"], row["of"]) for row in rows] == [
        ("all", "answers"),
        ("all", "answers or is related"),
        ("en", "answers"),
        ("en", "answers or is related"),
    ]
    assert rows[0]["kappa"].value == 1.0 and rows[0]["passages"] == 4


def test_a_stranger_that_the_second_reader_takes_lowers_agreement():
    second = [SecondGrades(id="q0", grades={"paper 1-1": 2, "paper 2-2": 2, "paper 3-3": 0, "paper 11-11": 0})]
    rows = table(QUESTIONS, second)
    assert rows[0]["kappa"].value == pytest.approx(0.5)
    assert rows[1]["kappa"].value == 1.0


def test_a_question_that_is_not_here_is_named():
    with pytest.raises(InputError, match="not here"):
        table(QUESTIONS, [SecondGrades(id="elsewhere", grades={})])
