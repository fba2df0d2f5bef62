"""Tag a structured document: terms of the taxonomy, countries, citations, statistics, part, force."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.models import Document
    from kb.tagging.taxonomy import Taxonomy

__all__ = ["tag"]


def tag(document: Document, taxonomy: Taxonomy) -> Document:
    """Return the document with tags, mentions, part, force and duty-bearer on its passages; all are proposals.

    spaCy is imported only here, so that searching and query expansion never wait for it.
    """
    from kb.tagging.light import without_torch

    with without_torch():
        from kb.tagging.tagger import tag_document

    return tag_document(document, taxonomy)
