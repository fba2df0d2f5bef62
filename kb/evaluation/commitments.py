"""Commitments measured: is the entry that answers an advocate's question among the first five commitments found?"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import Field

from kb.evaluation.judged import JudgedQuestion
from kb.models import Model

DEPTH = 5
KINDS = ("commitment", "procedural")
"""Kinds of register entries; passages of the paper and of official texts are passed over."""


class CommitmentScore(Model):
    """Share of questions answered within the first five."""

    mode: str
    questions: int
    hit: float = Field(description="share of questions with an answering entry among the first five")
    missed: tuple[str, ...] = Field(description="questions without one")


def evaluate(judged: Sequence[JudgedQuestion], mode: str,
             search: Callable[[str, str], Sequence[Mapping[str, Any]]]) -> CommitmentScore:
    """The score of a mode; `search(query, mode)` gives hits, of which only register entries count."""
    missed = []
    for question in judged:
        ids = [hit["id"] for hit in search(question.query, mode) if hit["kind"] in KINDS][:DEPTH]
        if not set(ids) & set(question.entries):
            missed.append(question.id)
    return CommitmentScore(mode=mode, questions=len(judged), hit=1 - len(missed) / max(1, len(judged)),
                           missed=tuple(missed))
