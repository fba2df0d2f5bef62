"""Evaluate commitments: whether the promise that answers a question is among the first five hits, and whether absence
is reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pydantic import Field

from kb.citing.promises import Promises
from kb.evaluation.answers import MeasuredAnswer
from kb.evaluation.judged import JudgedQuestion
from kb.models import Model

DEPTH = 5  # hits among which the entry must be for the question to count as answered
Search = Callable[[str, str], MeasuredAnswer]
"""A function `(query, mode)` that returns the answer."""


class CommitmentScore(Model):
    """For a group of questions: the share answered within the first five hits, or whose absence was reported."""

    mode: str
    of: str = Field(
        description="'all', a language, an instrument, 'oblique' (words far from the text's), 'absent', or "
        "'answered' and "
        "'oblique answered' (rightly not said to be absent)"
    )
    questions: int
    hit: float = Field(
        description="share of questions with an answering entry among the first five; of the absent ones, said "
        "to be absent; of the answered ones, not said to be absent"
    )
    missed: tuple[str, ...] = Field(description="questions without one")


def evaluate(judged: Sequence[JudgedQuestion], mode: str, search: Search, promises: Promises) -> list[CommitmentScore]:
    """Return the scores of a search mode over all questions, each language, each instrument, and absence.

    Register entries and passages of official texts count, each as the entry that it states; passages of the paper and
    of policies are ignored. A hit below a judged entry (a paragraph of a judged objective) answers too.
    """
    results = {question.id: search(question.query, mode) for question in judged}
    right = {question.id: _right(question, results[question.id], promises) for question in judged}
    groups: dict[str, list[JudgedQuestion]] = {"all": [], "absent": []}
    for question in judged:
        names = ["absent"] if question.absent else ["all", question.language, *filter(None, [question.instrument])]
        names += ["oblique"] if question.oblique else []
        for name in names:
            groups.setdefault(name, []).append(question)
    answered = {id: not found["absent"] for id, found in results.items()}
    return [
        *(_score(mode, name, members, right) for name, members in groups.items() if members),
        *([_score(mode, "answered", groups["all"], answered)] if groups["all"] else []),
        *([_score(mode, "oblique answered", groups["oblique"], answered)] if groups.get("oblique") else []),
    ]


def _right(question: JudgedQuestion, results: MeasuredAnswer, promises: Promises) -> bool:
    """Return whether the results answer a question or, when nothing answers it, report that."""
    if question.absent:
        return results["absent"]
    entries = [entry for hit in results["hits"] if (entry := promises.of(hit["id"]))][:DEPTH]
    return any(promises.within(entry, wanted) for entry in entries for wanted in question.entries)


def _score(mode: str, name: str, members: Sequence[JudgedQuestion], right: Mapping[str, bool]) -> CommitmentScore:
    missed = tuple(question.id for question in members if not right[question.id])
    return CommitmentScore(
        mode=mode, of=name, questions=len(members), hit=1 - len(missed) / len(members), missed=missed
    )
