"""Long paragraphs in pieces of whole sentences, so that evidence can be judged clause by clause."""

from __future__ import annotations

import re

from kb.models import Span
from kb.read.sentences import passage_style, sentences

LEAST = 3
"""Items from which on numbers in one line are a list."""
_BULLETS = ".•·▪◦-–"
_MARK = re.compile(
    r"(?:^|(?<=[.;:,?!»”])\s+|(?<=\s))(?P<mark>(?:\(?\d{1,2}[.)]|\(?[a-z]\)|(?<=\s)[.•·▪◦])(?=\s+[^\W\d_]))"
)
WORDS = 120  # words of a piece: with its heading it fits the 256 word pieces that the encoder reads
SPLIT_ABOVE = 160  # words: a third more than a piece, so that no short rest is left over


def pieces(text: str, language: str | None) -> list[Span]:
    """`[start, end)` spans of `text`: one where it has up to 160 words, else runs of whole sentences of up to 120
    words.

    A list that runs on in one line is parted at its items first; a single sentence of more words than the limit is
    parted at its semicolons, and stays whole where it has none.
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
    """Offsets at which the items of a list begin that runs on in one line: three or more numbers of one form that count
    from the first ("1. ... 2. ... 3. ..."), or bullets. The offset 0 is never among them, nor is a figure of a
    sentence.
    """
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
    """Which place in its list a printed mark has; 0 where it is of another form."""
    bare = mark.strip("()")
    if form == "figure":
        return int(bare.rstrip(".")) if bare.rstrip(".").isdecimal() else 0
    if form == "letter":
        return ord(bare) - 96 if len(bare) == 1 and bare.isalpha() and mark.endswith(")") else 0  # 96 lies one before a
    return int(mark in _BULLETS)


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
