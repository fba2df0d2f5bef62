"""Long paragraphs in pieces of whole sentences, so that evidence can be judged clause by clause."""
from __future__ import annotations

from kb.models import Span
from kb.read.sentences import sentences

WORDS = 120
SPLIT_ABOVE = 160


def pieces(text: str, language: str | None) -> list[Span]:
    """`[start, end)` spans of `text`: one where it has up to 160 words, else runs of whole sentences of up to 120 words.

    A single sentence of more words than that is parted at its semicolons, and stays whole where it has none.
    """
    if len(text.split()) <= SPLIT_ABOVE:
        return [(0, len(text))]
    units: list[Span] = []
    for start, end in sentences(text, language):
        if len(text[start:end].split()) > WORDS:
            units += [(start + a, start + b) for a, b in sentences(text[start:end], language, clauses=True)]
        else:
            units.append((start, end))
    return _packed(text, units)


def _packed(text: str, units: list[Span]) -> list[Span]:
    """Neighbouring units together up to the limit of words; a last piece of under 15 words joins the one before."""
    packed: list[Span] = []
    count = 0
    for start, end in units:
        words = len(text[start:end].split())
        if packed and (count + words <= WORDS or words < 15 and end == units[-1][1]):
            packed[-1] = (packed[-1][0], end)
            count += words
        else:
            packed.append((start, end))
            count = words
    return packed
