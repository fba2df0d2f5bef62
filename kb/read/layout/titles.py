"""Recognise the titles of tables of contents and lists of references."""

from __future__ import annotations

import functools
import re

from pydantic import BaseModel, ConfigDict

from kb.read.vocabulary import vocabulary


class PartTitles(BaseModel):
    """Titles of parts of a document that are not body text, and column heads of tables of contents."""

    model_config = ConfigDict(extra="forbid")

    contents: list[str]
    references: list[str]
    columns: list[str]


@functools.cache
def parts() -> PartTitles:
    """Load and validate corpus/reading/parts.yaml."""
    return vocabulary("parts", PartTitles)


def plain(text: str) -> str:
    """Normalise `text` for comparison with the vocabulary: letters and spaces, lower case, without '(continued)'."""
    text = re.sub(r"\(.*?\)", "", text).lower()
    return " ".join(re.sub(r"[^\w\s]|\d", " ", text).split())


def is_contents_title(text: str) -> bool:
    """Return whether `text` is the title of a table of contents."""
    return plain(text) in parts().contents


def is_references_title(text: str) -> bool:
    """Return whether `text` is the title of a list of references."""
    return re.sub(r"^(?:[ivx]+|[a-z])\s", "", plain(text)) in parts().references
