"""Split long paragraphs into pieces of complete sentences, so that evidence can be judged clause by clause."""

from __future__ import annotations

import re

from kb.models import Span
from kb.read.sentences import passage_style, sentences

LEAST = 3
"""Minimum number of numbers in one line that form a list."""
_BULLETS = ".•·▪◦-–"
_MARK = re.compile(
    r"(?:^|(?<=[.;:,?!»”])\s+|(?<=\s))(?P<mark>(?:\(?\d{1,2}[.)]|\(?[a-z]\)|(?<=\s)[.•·▪◦])(?=\s+[^\W\d_]))"
)
WORDS = 120  # words of a piece: with its heading it fits the 256 word pieces that the encoder reads
SPLIT_ABOVE = 160  # words: a third more than a piece, so that no short rest is left over


def pieces(text: str, language: str | None) -> list[Span]:
    """Return the `[start, end)` spans into which `text` is split: one when it has at most 160 words, else groups of
    complete sentences of at most 120 words.

    A list within one line is first split at its items; a single sentence above the limit is split at its semicolons, if
    it has any.
    """
    if len(text.split()) <= SPLIT_ABOVE:
        return [(0, len(text))]
    starts = item_starts(text)
    if starts:
        parts = zip([0, *starts], [*starts, len(text)], strict=True)
        return [(a + x, a + y) for a, b in parts for x, y in pieces(text[a:b], language) if text[a + x : a + y].strip()]
    units: list[Span] = []
    for start, end in sentences(text, passage_style(language)):
        if len(text[start:end].split()) > WORDS:
            clauses = sentences(text[start:end], passage_style(language, clauses=True))
            units += [(start + a, start + b) for a, b in clauses]
        else:
            units.append((start, end))
    return _packed(text, units)


def item_starts(text: str) -> list[int]:
    """Return the offsets of the items of a list within one line: three or more numbers of one form that count from the
    first ("1. ... 2. ... 3. ..."), or bullets. Neither the offset 0 nor a number within a sentence is included."""
    found = [(m.start("mark"), m["mark"]) for m in _MARK.finditer(text)]
    best: list[int] = []
    for form in ("figure", "letter", "bullet"):
        run: list[int] = []
        for at, mark in found:
            order = _order(mark, form)
            if order and (form == "bullet" or order == len(run) + 1):
                run.append(at)
        best = run if len(run) >= LEAST and len(run) > len(best) else best
    return [at for at in best if at > 0]


def _order(mark: str, form: str) -> int:
    """Return the position of a printed number in a list of this form; 0 when it has another form."""
    bare = mark.strip("()")
    if form == "figure":
        return int(bare.rstrip(".")) if bare.rstrip(".").isdecimal() else 0
    if form == "letter":
        return ord(bare) - 96 if len(bare) == 1 and bare.isalpha() and mark.endswith(")") else 0  # 96 lies one before a
    return int(mark in _BULLETS)


def _packed(text: str, units: list[Span]) -> list[Span]:
    """Join neighbouring units up to the word limit; a last piece of under 15 words is joined to the one before it."""
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
