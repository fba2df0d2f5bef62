"""Load the word lists used in reading (corpus/reading/*.yaml), from the corpus in use or else from the one shipped with
the code."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from kb.config import settings, shipped_corpus
from kb.data import load_yaml

M = TypeVar("M", bound=BaseModel)


def vocabulary(name: str, model: type[M]) -> M:
    """Load the word list `name` (corpus/reading/NAME.yaml) as an instance of `model`. Raises DataError with file and
    line when the list does not fit the model."""
    own = settings().corpus / "reading" / f"{name}.yaml"
    return load_yaml(own if own.exists() else shipped_corpus() / "reading" / f"{name}.yaml", model)
