"""The word lists that reading rests on: corpus/reading/*.yaml, from the corpus in use or else the one shipped with the
code."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from kb.config import settings, shipped_corpus
from kb.data import load_yaml

M = TypeVar("M", bound=BaseModel)


def vocabulary(name: str, model: type[M]) -> M:
    """The word list `name` as `model`. Raises DataError with file and line where it breaks the model."""
    own = settings().corpus / "reading" / f"{name}.yaml"
    return load_yaml(own if own.exists() else shipped_corpus() / "reading" / f"{name}.yaml", model)
