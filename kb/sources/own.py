"""Is a text that is given as a policy one of the knowledge base's own sources? The paper would be evidence for
itself."""

from __future__ import annotations

from pathlib import Path

from kb.errors import InputError
from kb.models import Document
from kb.sources.manifest import load_manifest
from kb.text import bare, slug

SHORT = 8
"""Words; a shorter passage (a heading, a name) may stand in any text by chance."""


def share_of(document: Document, text: str) -> float:
    """Share of the document's words, short passages apart, that stand in `text` word for word; 0 when it has none."""
    letters = bare(text).casefold()
    passages = [passage.text for passage in document.passages if len(passage.text.split()) >= SHORT]
    words = sum(len(text.split()) for text in passages)
    found = sum(len(text.split()) for text in passages if bare(text).casefold() in letters)
    return found / words if words else 0.0


def refuse_own_source(document: Document, corpus: Path) -> None:
    """Raises InputError when more than half of `document` is one of the texts in the corpus, whatever its file format.

    A policy that quotes the paper at length stays below that.
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
    """A file of one's own as a policy with structure, which is neither kept nor indexed; places name the file without
    its folder, for what is found in it is handed on. `language` stands before the one that the file seems to have.

    Raises what reading raises, and InputError for a source of the corpus.
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
