"""The word lists that reading rests on: corpus/reading/*.yaml, from the corpus in use or else the one shipped with the
code."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from kb.config import settings
from kb.data import load_yaml

M = TypeVar("M", bound=BaseModel)
SHIPPED = Path(__file__).resolve().parents[2] / "corpus"


def vocabulary(name: str, model: type[M]) -> M:
    """The word list `name` as `model`. Raises DataError with file and line where it breaks the model."""
    own = settings().corpus / "reading" / f"{name}.yaml"
    return load_yaml(own if own.exists() else SHIPPED / "reading" / f"{name}.yaml", model)
