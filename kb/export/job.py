"""What a writer needs besides the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kb.coding.codebook import Codebook
from kb.export.layouts import Layout
from kb.export.rows import Provenance
from kb.models import Tag

TextOf = Callable[[str], str | None]
"""The decoded text of a document, the one that `Place.chars` points into; None when it is not held."""


MemoOf = Callable[[str, Tag], str]
"""The remark that a person made on their code, by passage and tag; empty where there is none."""


def no_text(document: str) -> str | None:
    """Stand in for exports that need no source text: None for every document."""
    return None


def no_memo(passage: str, tag: Tag) -> str:
    """For exports without people's remarks."""
    return ""


@dataclass(frozen=True)
class Job:
    """Provenance and layout of one export, and where source texts and codes come from."""

    provenance: Provenance
    layout: Layout
    text_of: TextOf = no_text
    codebook: Codebook | None = None
    own: str = ""
    """A layout that only this kind of format has: 'book' of documents, 'instruments' of references."""
    memo_of: MemoOf = no_memo
