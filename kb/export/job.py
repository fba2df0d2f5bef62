"""The arguments that an export's writer gets besides the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kb.coding.codebook import Codebook
from kb.export.layouts import Layout
from kb.export.rows import Provenance
from kb.models import Tag

TextOf = Callable[[str], str | None]
"""Returns the decoded text of a document, to which `Place.chars` refers; None when it is not available."""


MemoOf = Callable[[str, Tag], str]
"""Returns the memo that a person wrote on their code, by passage and tag; '' where there is none."""


def no_text(document: str) -> str | None:
    """Return None, for exports that need no source text."""
    return None


def no_memo(passage: str, tag: Tag) -> str:
    """Return '', for exports without people's memos."""
    return ""


@dataclass(frozen=True)
class ExportJob:
    """Provenance and layout of one export, and the sources of texts, codes and memos."""

    provenance: Provenance
    layout: Layout
    text_of: TextOf = no_text
    codebook: Codebook | None = None
    own: str = ""
    """A layout that only this kind of format has: 'book' of documents, 'instruments' of references."""
    memo_of: MemoOf = no_memo
