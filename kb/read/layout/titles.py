"""Titles that say what follows is no body text: contents lists and lists of references."""

from __future__ import annotations

import functools
import re

from pydantic import BaseModel, ConfigDict

from kb.read.vocabulary import vocabulary


class Parts(BaseModel):
    """Words that name parts of a document that are no body text."""

    model_config = ConfigDict(extra="forbid")

    contents: list[str]
    references: list[str]
    columns: list[str]


@functools.cache
def parts() -> Parts:
    """The vocabulary of corpus/reading/parts.yaml, validated."""
    return vocabulary("parts", Parts)


def plain(text: str) -> str:
    """`text` for comparison with the vocabulary: letters and spaces, lower case, without '(continued)'."""
    text = re.sub(r"\(.*?\)", "", text).lower()
    return " ".join(re.sub(r"[^\w\s]|\d", " ", text).split())


def is_contents_title(text: str) -> bool:
    """Whether `text` is the title of a contents list."""
    return plain(text) in parts().contents


def is_references_title(text: str) -> bool:
    """Whether `text` is the title of a list of references."""
    return re.sub(r"^(?:[ivx]+|[a-z])\s", "", plain(text)) in parts().references
