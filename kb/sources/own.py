"""Refuse the knowledge base's own sources as policies, because the paper would then be evidence for itself."""

from __future__ import annotations

from pathlib import Path

from kb.errors import InputError
from kb.models import Document
from kb.sources.manifest import load_manifest
from kb.text import bare, slug

SHORT = 8
"""Minimum number of words of a passage that is compared; a shorter one (a heading, a name) may occur in any text by
chance."""


def share_of(document: Document, text: str) -> float:
    """Return the share (0 to 1) of the words of a document's longer passages that occur verbatim in `text`; 0 when it
    has none."""
    letters = bare(text).casefold()
    passages = [passage.text for passage in document.passages if len(passage.text.split()) >= SHORT]
    words = sum(len(text.split()) for text in passages)
    found = sum(len(text.split()) for text in passages if bare(text).casefold() in letters)
    return found / words if words else 0.0


def refuse_own_source(document: Document, corpus: Path) -> None:
    """Raise InputError when more than half of `document`, in any file format, is one of the texts in the corpus.

    A policy that quotes the paper at length stays below that limit.
    """
    for source in load_manifest(corpus).sources:
        path = corpus / source.file if source.file else None
        if path and path.is_file() and share_of(document, path.read_text(encoding="utf-8")) > 0.5:
            raise InputError(
                f"this is '{source.title}', a source of the knowledge base itself, not a policy.",
                where=document.place.file,
                do="Give a law, plan or programme of a country.",
            )


def policy_of(file: Path, corpus: Path, language: str = "") -> Document:
    """Read a user's file as a structured policy, which is neither stored nor indexed.

    Places contain the file name without its folder, because results may be shared. `language` overrides the identified
    language. Raises the reader's errors, and InputError for a source of the corpus.
    """
    from kb.read import read
    from kb.structure import parse

    pages = read(file)
    title = file.stem.replace("_", " ")
    policy = parse(
        pages,
        "generic",
        document=slug(title) or "policy",
        title=title,
        language=language or pages.language or "und",
        file=file.name,
    )
    refuse_own_source(policy, corpus)
    return policy
