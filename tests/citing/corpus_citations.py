"""The citations of the corpus, for the tests of citing: its register, its names and the background paper."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kb.citing.cite import Citations
from kb.citing.names import load_names
from kb.commitments.register import load_register
from kb.models import Document
from kb.sources.documents import corpus_documents
from kb.sources.manifest import load_manifest

CORPUS = Path(__file__).parent.parent.parent / "corpus"


@cache
def paper() -> Document:
    """The background paper, read once."""
    return next(document for document in corpus_documents(CORPUS) if document.id == "paper")


def citations(**texts: Document) -> Citations:
    """Citations of the register; of texts, the paper alone and those given by id."""
    return Citations(
        load_register(CORPUS / "commitments"),
        load_names(CORPUS),
        lambda id: paper() if id == "paper" else texts.get(id),
        load_manifest(CORPUS).sources,
    )
