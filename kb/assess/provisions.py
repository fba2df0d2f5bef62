"""Group passages into provisions: an article, a numbered section or the text under one heading, without notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.models import Passage, Span
from kb.read.numbering import Number, number_of
from kb.text import visible

HEADINGS = {"heading", "title", "contents", "running-head", "page-number"}
NOTES = {"note", "footnote", "editor-note", "reference"}
_LETTERS = re.compile(r"[^\W\d_]")
_NAMED = {"article", "section"}
LONG_HEADING = 20
"""Words above which a heading with an article's number is the article itself, printed in the heading's typeface."""


def provisions(passages: Sequence[Passage]) -> dict[str, int]:
    """Map the id of each passage to the number of its provision, a counter that rises at every heading, article,
    section, note and line without letters.

    A paragraph numbered `5.` begins a section when no article or numbered heading is above it; below one it is a part,
    unless paragraph numbers continue across headings, as in reports to the United Nations.
    """
    found: dict[str, int] = {}
    count, numbered, through = 0, False, counted_through(passages)
    for passage in passages:
        number = _number(passage)
        alone = is_heading(passage) or passage.kind in NOTES or not _LETTERS.search(passage.text)
        begins = _begins(passage, number, numbered)
        count += alone or begins
        found[passage.id] = count
        count += alone
        if begins or passage.kind in HEADINGS:
            numbered = number is not None and (
                number.form in _NAMED or passage.kind in HEADINGS and number.form == "arabic" and not through
            )
    return found


def counted_through(passages: Sequence[Passage]) -> bool:
    """Return whether paragraph numbers continue below a numbered heading more often than they restart: each paragraph
    is then a section, and headings are numbered separately."""
    on = again = last = 0
    below = False
    for passage in passages:
        number = _number(passage)
        if number is None or number.form != "arabic" or not number.text.isdecimal():
            below = below and passage.kind != "heading"
        elif passage.kind in HEADINGS:
            below = True
        elif passage.kind in {"paragraph", "provision"}:
            value = int(number.text)
            on += below and last > 0 and value == last + 1
            again += below and value == 1
            below, last = False, value
    return on > again


def _number(passage: Passage) -> Number | None:
    return None if passage.kind in NOTES | {"table-row"} else number_of(visible(passage.text))


def is_heading(passage: Passage) -> bool:
    """Return whether the passage is a heading or similar, and not an article that the file formats as a heading."""
    if passage.kind != "heading" or len(passage.text.split()) <= LONG_HEADING:
        return passage.kind in HEADINGS
    number = number_of(visible(passage.text))
    return number is None or number.form not in _NAMED


def _begins(passage: Passage, number: Number | None, numbered: bool) -> bool:
    """Return whether a provision begins with this passage. `numbered` means that a numbered heading or article is
    above it."""
    if number is None or passage.kind not in {"paragraph", "provision", "heading"}:
        return False
    return number.form in _NAMED or number.form == "arabic" and not numbered and visible(passage.text)[:1] != "("


def source_pieces(parts: Sequence[tuple[Passage, Span]]) -> tuple[Span, ...]:
    """Return the spans in the source of `parts`, each a passage and a span of its text, in order. Joined, the spans
    have the same letters as the parts.

    Empty if a passage has no location in the source. If a passage's text differs from the source, the span of the
    complete passage is returned for it.
    """
    found: list[Span] = []
    for passage, span in parts:
        runs = passage.place.pieces or ((passage.place.chars,) if passage.place.chars else ())
        for start, end in _inside(runs, span, len(passage.text)):
            if found and start <= found[-1][1] + 1:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
    return tuple(found)


def _inside(runs: Sequence[Span], span: Span, length: int) -> list[Span]:
    """Return the parts of `runs` that correspond to the characters `span` of a passage's text (`length` characters), in
    which runs are joined with single spaces."""
    if sum(end - start for start, end in runs) + len(runs) - 1 != length:
        return list(runs)
    found, at = [], 0
    for start, end in runs:
        first, last = max(span[0] - at, 0), min(span[1] - at, end - start)
        if first < last:
            found.append((start + first, start + last))
        at += end - start + 1
    return found
