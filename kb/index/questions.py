"""Everyday questions that a passage answers, embedded beside its sentences. They are the project's own words, for
finding only: never shown, quoted or exported.

A short question in plain words is nearer in meaning to another such question than to a paragraph of law or of a paper.
"""

from __future__ import annotations

from pathlib import Path

from kb.data import load_yaml
from kb.models import Model


class Questions(Model):
    """The content of corpus/search/questions.yaml: passage identifier to the questions that it answers."""

    version: str
    questions: dict[str, tuple[str, ...]]


def load_questions(corpus: Path) -> dict[str, tuple[str, ...]]:
    """Return the questions by identifier of the passage that answers them; empty when the corpus has no such file.
    Raises DataError with file and line."""
    path = corpus / "search" / "questions.yaml"
    return load_yaml(path, Questions).questions if path.is_file() else {}
