"""Evaluate search with graded questions (passages that answer, are related, or only look alike), and with questions
that nothing answers.

A hit counts when it is in a text for which the question has grades: the paper, the commitments (register and official
texts together), or a policy's file. Hits in other texts are ignored, because nobody graded them for that question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from statistics import mean
from typing import NamedTuple

from pydantic import Field, model_validator

from kb.citing.promises import Promises
from kb.evaluation.answers import FigureRow, MeasuredAnswer, MeasuredHit
from kb.evaluation.judged import meets
from kb.evaluation.search import DEPTH, GAINS, discounted
from kb.models import Model, Span

Search = Callable[[str], MeasuredAnswer]
"""A function that returns the answer to a query."""
FAR = 99
"""Rank that stands for a passage that was not found: below every hit."""
COMMITMENTS = "commitments"
PAPER = "paper"


class GradedPlace(Model):
    """Where a passage is in a text that is not part of the project; the text itself is not stored."""

    file: str = Field(description="below the folder of data that is not part of the project")
    chars: Span = Field(description="first and last+1 character in the text of the file as it is read")
    sha256: str = Field(description="beginning of the hash of the words there")


class GradedPassage(Model):
    """A passage and its grade: 2 answers, 1 is related, 0 only looks alike.

    It is given by lines (of the paper), an entry of the register, or a place; an entry may also have the place of its
    official text.
    """

    grade: int = Field(ge=0, le=2)
    lines: Span | None = None
    entry: str | None = None
    place: GradedPlace | None = None
    at: str = Field("", description="article or section of a policy, for people who read the row")

    @model_validator(mode="after")
    def _is_somewhere(self) -> GradedPassage:
        if not (self.lines or self.entry or self.place):
            raise ValueError("a graded passage has lines, an entry or a place")
        return self

    @property
    def text(self) -> str:
        """The text that contains the passage: 'paper', 'commitments', or the name of a policy's file."""
        if self.lines or self.entry:
            return PAPER if self.lines else COMMITMENTS
        return PurePath(self.place.file).name if self.place else ""


class GradedQuestion(Model):
    """A question with its graded passages, or one that no text here answers (`absent`)."""

    id: str
    language: str = Field(description="ISO 639-1 code of the question")
    about: str = Field(description="'paper', 'register', 'policy' or 'absent': what it was written from")
    query: str
    oblique: bool = Field(False, description="True where it is asked in words far from those of the text")
    absent: bool = False
    relevant: tuple[GradedPassage, ...] = ()
    hard_negatives: tuple[GradedPassage, ...] = ()

    @model_validator(mode="after")
    def _answered_or_absent(self) -> GradedQuestion:
        if any(one.grade == 2 for one in self.relevant) == self.absent:
            raise ValueError(f"{self.id}: a question has a passage that answers it, or it is absent")
        return self


def is_graded(file: Path) -> bool:
    """Return whether a file of judgements has graded questions: its first row has the key "about"."""
    try:
        with file.open(encoding="utf-8") as lines:
            return "about" in json.loads(next(lines, "{}"))
    except (OSError, ValueError, TypeError):
        return False


class Outcome(NamedTuple):
    """The figures of one question; the first three are None when nothing answers it. `wrong` counts pairs in which a
    look-alike ranks above an answer."""

    ndcg: float | None
    recall: float | None
    first: bool | None
    pairs: int
    wrong: float
    absent: bool


class GradedScore(Model):
    """Figures of a group of questions; None when no question of the group has them."""

    of: str
    questions: int = Field(description="answered ones that were asked")
    ndcg: float | None
    recall: float | None = Field(description="share of the answering passages (at most ten) among the first ten")
    first: float | None = Field(description="share of questions whose first hit answers")
    wrong: float | None = Field(description="share of pairs (answer, look-alike) with the look-alike above")
    pairs: int
    absent_wrong: float | None = Field(description="answered questions of which it was said that nothing answers")
    absent: int = Field(description="questions that nothing answers")
    absent_right: float | None = Field(description="those of which it was said")
    left_out: int = Field(description="questions about texts that are not in the index")

    def row(self) -> FigureRow:
        """Return the figures by column name, rounded; '-' for one that is None."""
        shown: FigureRow = {
            "of": self.of,
            "questions": self.questions,
            "nDCG@10": self.ndcg,
            "recall@10": self.recall,
            "first answers": self.first,
            "wrong order": self.wrong,
            "pairs": self.pairs,
            "absent said wrongly": self.absent_wrong,
            "absent": self.absent,
            "absent said": self.absent_right,
            "left out": self.left_out,
        }
        return {
            name: "-" if value is None else round(value, 3) if isinstance(value, float) else value
            for name, value in shown.items()
        }


def evaluate(
    judged: Sequence[GradedQuestion], search: Search, promises: Promises, installed: set[str]
) -> list[GradedScore]:
    """Return figures for all questions, each language, each kind of text, and oblique questions.

    `installed` has the texts of the index, by the names that `GradedPassage.text` uses; questions about other texts are
    left out.
    """
    outcomes = {one.id: score(one, search(one.query), promises) for one in judged if _askable(one, installed)}
    names = dict.fromkeys(["all", *sorted({one.language for one in judged}), *(one.about for one in judged)])
    groups = {name: [one for one in judged if name in ("all", one.language, one.about)] for name in names}
    groups["oblique"] = [one for one in judged if one.oblique]
    return [_summary(name, members, outcomes) for name, members in groups.items() if members]


def _askable(question: GradedQuestion, installed: set[str]) -> bool:
    return question.absent or any(one.grade == 2 and one.text in installed for one in question.relevant)


def score(question: GradedQuestion, found: MeasuredAnswer, promises: Promises) -> Outcome:
    """Score one question over the first ten hits; the gain is 3 for an answer and 1 for a related passage, each counted
    once."""
    if question.absent:
        return Outcome(None, None, None, 0, 0.0, bool(found["absent"]))
    judged = (*question.relevant, *question.hard_negatives)
    texts = {one.text for one in judged}
    hits = [met for hit in found["hits"] if (met := _met(hit, judged, promises, texts)) is not None]
    gains, seen = [], set()
    for met in hits[:DEPTH]:
        new = [at for at in met if at not in seen]
        gains.append(max((GAINS[judged[at].grade] for at in new), default=0.0))
        seen.update(met)
    answers = [at for at, one in enumerate(judged) if one.grade == 2]
    alike = range(len(question.relevant), len(judged))
    ideal = discounted(sorted((GAINS[one.grade] for one in question.relevant), reverse=True)[:DEPTH])
    rank = {at: next((n for n, met in enumerate(hits) if at in met), FAR) for at in (*answers, *alike)}
    return Outcome(
        ndcg=discounted(gains) / ideal,
        recall=sum(at in seen for at in answers) / min(DEPTH, len(answers)),
        first=any(rank[at] == 0 for at in answers),
        pairs=len(answers) * len(alike),
        wrong=sum(_wrong(rank[answer], rank[other]) for answer in answers for other in alike),
        absent=bool(found["absent"]),
    )


def _wrong(answer: int, other: int) -> float:
    """Return 1 when the look-alike ranks above the answer, 0.5 when neither was found, else 0. Arguments are ranks, FAR
    for not found."""
    return 0.5 if answer == other == FAR else float(other < answer)


def _met(hit: MeasuredHit, judged: Sequence[GradedPassage], promises: Promises, texts: set[str]) -> list[int] | None:
    """Return the positions of the judged passages that a hit contains or overlaps; None when it is in a text for which
    the question has no grades.

    A place of the register without a grade counts as the nearest graded place above it.
    """
    source = hit["source"]
    if hit["document"] == PAPER:
        if PAPER not in texts:
            return None
        lines = source.get("lines")
        return [at for at, one in enumerate(judged) if one.lines and lines and meets(lines, one.lines)]
    if entry := promises.of(hit["id"]):
        return _entries(entry, judged) if COMMITMENTS in texts else None
    name = PurePath(source["file"]).name
    if name not in texts:
        return None
    return [at for at, one in enumerate(judged) if one.text == name and _same_place(source.get("chars"), one.place)]


def _entries(entry: str, judged: Sequence[GradedPassage]) -> list[int]:
    graded = {one.entry for one in judged if one.entry}
    while "/" in entry and entry not in graded:
        entry = entry.rpartition("/")[0]
    return [at for at, one in enumerate(judged) if one.entry == entry]


def _same_place(chars: Sequence[int] | None, place: GradedPlace | None) -> bool:
    if not chars or not place:
        return False
    first, end = place.chars
    return meets((chars[0], chars[1] - 1), (first, end - 1))


def _summary(name: str, members: Sequence[GradedQuestion], outcomes: Mapping[str, Outcome]) -> GradedScore:
    asked = [(one, outcomes[one.id]) for one in members if one.id in outcomes]
    answered = [found for one, found in asked if not one.absent]
    absent = [found.absent for one, found in asked if one.absent]
    pairs = sum(found.pairs for found in answered)
    return GradedScore(
        of=name,
        questions=len(answered),
        ndcg=_mean([found.ndcg for found in answered]),
        recall=_mean([found.recall for found in answered]),
        first=_mean([found.first for found in answered]),
        wrong=sum(found.wrong for found in answered) / pairs if pairs else None,
        pairs=pairs,
        absent_wrong=_mean([found.absent for found in answered]),
        absent=len(absent),
        absent_right=_mean(absent),
        left_out=len(members) - len(asked),
    )


def _mean(values: Sequence[float | bool | None]) -> float | None:
    """Return the mean of the values that are not None; None when there are none."""
    known = [float(value) for value in values if value is not None]
    return mean(known) if known else None
