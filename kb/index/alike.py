"""Find passages whose wording is close to that of a given passage, in an index of any size."""

from __future__ import annotations

from collections.abc import Collection

from kb.engine.local.sharing import sharing
from kb.index.live import Index
from kb.models import Passage

LOOKED = 1_000
"""Maximum number of passages that are compared (half a second). In a small index all are; in a larger one, those that
share the largest part of their terms with the passage."""


def near_in_words(index: Index, passage: Passage) -> Collection[Passage]:
    """Return the passages that share so many words with `passage` that they may say the same; `passage` itself is
    included.

    `kb.citing.about.alike` then compares the passage with these in detail.
    """
    return index.engine.passages(sharing(index.store, passage.id, LOOKED)).values()
