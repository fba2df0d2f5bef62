"""Check whether passages and leftovers together rebuild their source, so that no text is lost."""

from __future__ import annotations

from collections.abc import Iterable

from kb.models import Leftover, Passage
from kb.text import bare


def lost(text: str, passages: Iterable[Passage], leftovers: Iterable[Leftover]) -> str:
    """Return the text of the source that is in no passage and no leftover, ignoring white space; '' if nothing is
    lost."""
    covered = bytearray(len(text))
    for place in [*(p.place for p in passages), *(left.place for left in leftovers)]:
        for a, b in place.pieces or ((place.chars,) if place.chars else ()):
            covered[a:b] = b"\1" * (b - a)
    return bare("".join(c for c, known in zip(text, covered) if not known))
