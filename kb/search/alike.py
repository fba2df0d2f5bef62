"""Where passages in nearly the words of another are looked for, in an index of any size."""

from __future__ import annotations

from collections.abc import Collection

from kb.index.live import Index
from kb.models import Passage

LOOKED = 1_000
"""Passages whose pairs of words are compared, in half a second: all of an index without texts of one's own, and of a
larger one those that share the greatest part of their words."""


def near_in_words(index: Index, passage: Passage) -> Collection[Passage]:
    """The passages that have so many words in common with one that they may say the same, itself among them: what
    `kb.citing.about.alike` is to compare it with."""
    return index.engine.passages(index.store.sharing(passage.id, LOOKED)).values()
