"""Judge graded search questions a second time: draw questions, list passages to judge in random order without grades,
and compute the agreement of the two judges ("readers")."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from pydantic import Field

from kb.coding.agreement import Codes, of_code
from kb.errors import InputError
from kb.evaluation.answers import FigureRow
from kb.evaluation.graded import GradedPassage, GradedQuestion
from kb.models import Model

SEED = "second reader of search 2026-11-28"
MANY = 40  # questions drawn for the second reader
EACH = 8
"""Number of passages to judge for one question: four or five are graded ones, so that about half were graded for other
questions."""
FIRST, SECOND = "first", "second"
ANSWERS, RELATED = "answers", "answers or is related"


class SecondGrades(Model):
    """The grades that a second judge gives to the passages of a question, by address."""

    id: str = Field(description="of the question")
    grades: dict[str, int] = Field(description="address to 2 (answers), 1 (related) or 0")


def address(passage: GradedPassage) -> str:
    """Return the address of a passage: lines ('paper 110-117'), entry ('beijing/para109'), or file and characters."""
    if passage.lines:
        return f"paper {passage.lines[0]}-{passage.lines[1]}"
    if passage.entry:
        return passage.entry
    where = passage.place
    return f"{where.file} {where.chars[0]}-{where.chars[1]}" if where else ""


def draw(questions: Sequence[GradedQuestion], many: int = MANY, seed: str = SEED) -> list[GradedQuestion]:
    """Draw `many` questions to judge again, in random order; the draw depends only on their ids and the seed."""
    by = {one.id: one for one in questions}
    return [by[id] for id in random.Random(seed).sample(sorted(by), min(many, len(by)))]


def pool(
    question: GradedQuestion, questions: Iterable[GradedQuestion], each: int = EACH, seed: str = SEED
) -> list[str]:
    """Return the addresses to judge for a question, in random order: its graded passages, and up to `each` passages
    that were graded for other questions on the same text (on any text when nothing answers it)."""
    chance = random.Random(f"{seed}:{question.id}")
    own = {address(one): one.text for one in (*question.relevant, *question.hard_negatives)}
    texts = set(own.values())
    others = {
        address(one)
        for other in questions
        for one in other.relevant
        if one.grade == 2 and address(one) not in own and (not texts or one.text in texts)
    }
    found = [*own, *chance.sample(sorted(others), min(len(others), max(0, each - len(own))))]
    chance.shuffle(found)
    return found


def table(questions: Sequence[GradedQuestion], second: Sequence[SecondGrades]) -> list[FigureRow]:
    """Return kappa and percent agreement over all passages that the second judge graded, and by language of the
    question.

    A passage that the first judge did not grade counts as 0. Raises InputError for an unknown question.
    """
    known = {one.id: one for one in questions}
    for row in second:
        if row.id not in known:
            raise InputError("the second reader judged a question that is not here.", where=row.id, do="Give its half.")
    parts = {"all": list(second)}
    for row in second:
        parts.setdefault(known[row.id].language, []).append(row)
    return [
        {"questions": name, "n": len(part), **_figures(part, known, code, least)}
        for name, part in parts.items()
        for code, least in ((ANSWERS, 2), (RELATED, 1))
    ]


def _figures(part: Sequence[SecondGrades], known: dict[str, GradedQuestion], code: str, least: int) -> FigureRow:
    ratings: dict[str, dict[str, Codes]] = {}
    for row in part:
        first = {address(one): one.grade for one in known[row.id].relevant}
        for where, grade in row.grades.items():
            pair = {FIRST: first.get(where, 0), SECOND: grade}
            ratings[f"{row.id} {where}"] = {
                who: frozenset({code} if given >= least else ()) for who, given in pair.items()
            }
    found = of_code(ratings, "passage", code, pairs=[(FIRST, SECOND)])
    return {"of": code, "passages": len(ratings), "kappa": found.pairs[0].kappa, "same": found.percent}
