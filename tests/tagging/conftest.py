"""Fixtures: the real taxonomy, and functions that tag one sentence."""

from __future__ import annotations

import pytest

from kb.models import Document, Passage, Place
from kb.tagging import tag, taxonomy


@pytest.fixture(scope="session")
def real(root):
    """Return the taxonomy of the corpus."""
    return taxonomy.load(root / "corpus" / "taxonomy")


@pytest.fixture(scope="session")
def tagged(real, toy_document):
    """Return a function: tagged("text", section=(...), kind=..., force=...) returns the passage after tagging."""

    def run(text, *more, **fields):
        return tag(toy_document(text, *more, **fields), real).passages[-1]

    return run


@pytest.fixture(scope="session")
def toy_document():
    """Return a function: toy_document("text", "more", section=(...), kind=..., force=...) returns a document of these
    passages."""

    def run(text, *more, force="expert-recommendation", **fields):
        passages = tuple(
            Passage(
                id=f"toy/p{n}",
                document="toy",
                kind=fields.get("kind", "paragraph"),
                text=words,
                citation="Toy",
                force=force,
                section=fields.get("section", ()),
                number=fields.get("number"),
                language=fields.get("language", "en"),
                tags=fields.get("tags", ()),
                place=Place(file="toy.txt", sha256="0"),
            )
            for n, words in enumerate((text, *more))
        )
        return Document(id="toy", title="Toy", force=force, place=Place(file="toy.txt", sha256="0"), passages=passages)

    return run


@pytest.fixture(scope="session")
def ids(tagged):
    """Return a function: ids("text", "group") returns the set of terms of that facet."""

    def run(text, facet, **fields):
        return {t.id for t in tagged(text, **fields).tags if t.facet == facet}

    return run
