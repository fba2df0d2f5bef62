"""Split text into sentences: one splitter, and for each purpose a `Style` that defines the end of a sentence.

The styles differ on purpose. A passage is quoted, so only white space may be lost between two of its sentences, in any
script. A clause is proposed as evidence, so it never ends at a heading number or a short list item. Text to be embedded
was split in the same way when the weights were chosen. One common style would change passages, vectors and proposals;
tests/read/test_read_sentences.py records the differences.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from kb.languages import MAIN
from kb.models import Span
from kb.read.vocabulary import vocabulary

GoesOn = Callable[[str, int, "re.Match[str]"], bool]
"""A function `(text, start, match)` that returns whether a sentence continues after a matched end mark. `start` is the
offset at which the sentence begins."""


@dataclass(frozen=True)
class Style:
    """The rules by which text is split into sentences for one purpose.

    `mark` matches the end of a sentence; its group `gap` is the text between two sentences, which belongs to neither.
    `goes_on` returns True for a match that ends no sentence, such as the full stop of an abbreviation; None: every
    match ends one.
    """

    mark: re.Pattern[str]
    goes_on: GoesOn | None = None


def sentences(text: str, style: Style, within: Span | None = None) -> list[Span]:
    """Return the span `[start, end)` of each sentence of `text`, or of its part `within`; blank ones are left out.

    >>> sentences("See art. 5. It binds.", passage_style("en"))
    [(0, 11), (12, 21)]
    """
    start, end = within or (0, len(text))
    found: list[Span] = []
    for match in style.mark.finditer(text, start, end):
        if style.goes_on and style.goes_on(text, start, match):
            continue
        found.append((start, match.start("gap")))
        start = match.end("gap")
    return [(a, b) for a, b in [*found, (start, end)] if text[a:b].strip()]


def sentence_texts(text: str, style: Style) -> list[str]:
    """Return the text of each sentence, unchanged."""
    return [text[start:end] for start, end in sentences(text, style)]


# --- passages: what is quoted ----------------------------------------------------------------------------------------

_STOP = re.compile(
    r"(?:[.!?…]+[\"”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*(?=\s)|;(?=\s)|[。！？؟۔；]+[」』”]?|:(?=\s*\n))"
    r"(?P<gap>\s{0,200})"  # 200: a bound for the search; no line has a wider gap
)
_LAST = re.compile(r"([^\s(\[«“\"]+)\.$")


class _Abbreviations(BaseModel):
    """The content of the file of abbreviations: ISO 639-1 code to abbreviations."""

    model_config = ConfigDict(extra="forbid")

    abbreviations: dict[str, list[str]]


@functools.cache
def passage_style(language: str | None = None, clauses: bool = False) -> Style:
    """Return the style for passages: sentences end at stops of Latin, Cyrillic, Arabic and Chinese script, but not at
    abbreviations of the language (of the main language when it has none). With `clauses` a semicolon also ends a
    sentence, as in long provisions of laws."""
    data = vocabulary("sentences", _Abbreviations).abbreviations
    short = frozenset(data.get(language or MAIN, data[MAIN]))

    def goes_on(text: str, _start: int, match: re.Match[str]) -> bool:
        """Return whether a match ends no sentence: it only ends a clause, or belongs to an abbreviation."""
        return match.group()[0] in ";:；" and not clauses or _is_abbreviation(text, match, short)

    return Style(_STOP, goes_on)


def _is_abbreviation(text: str, match: re.Match[str], short: frozenset[str]) -> bool:
    """Return whether a matched full stop ends no sentence, because it belongs to an abbreviation (`short`), an initial
    or a paragraph number, or the next word is in lower case."""
    if match.group()[0] != ".":
        return False
    end = match.start("gap")
    if text[end : end + 40].lstrip()[:1].islower():  # 40 characters: the next word, after any white space
        return True
    last = _LAST.search(text[max(0, match.start() - 30) : match.start() + 1])  # 30: longer than any abbreviation
    if not last:
        return False
    word = last.group(1)
    return (
        word.lower() in short
        or len(word) == 1
        and word.isupper()
        # a number of one or two figures at the head of a paragraph is its number
        or (word.isdigit() and len(word) < 3 and match.start() < 5)
    )


# --- units: what is proposed as evidence -----------------------------------------------------------------------------

_BEFORE_CAPITAL = re.compile(
    r"(?:(?<=[.?!])|(?<=[.?!][\"'”’»)]))(?P<gap>\s+)(?=[\"'“«(\[¿¡]*[A-ZÀ-ÖØ-Þ\d*(-])",
)
_WORD_AND_STOP = re.compile(r"([^\s(]+)\.$")
CLAUSES = Style(re.compile(r"(?P<gap>(?<=[;:—])\s+|(?<=[,.])\s+(?=\(?[a-z0-9]{1,3}\)\s)|\s+(?=\([a-z]{1,3}\)\s))"))
"""Clauses of a long provision: separated at semicolons, colons, dashes and list items."""


@functools.cache
def unit_style(abbreviations: frozenset[str]) -> Style:
    """Return the style for sentences of policies that may be proposed as evidence: a sentence ends only where the next
    one begins with a capital, a digit or a bullet."""

    def goes_on(text: str, start: int, match: re.Match[str]) -> bool:
        """Return whether the full stop belongs to an abbreviation, an initial or the number of a provision, and so ends
        no sentence."""
        last = _WORD_AND_STOP.search(text[start : match.start("gap")].rstrip())
        word = last.group(1).lower() if last else ""
        return bool(word) and (word in abbreviations or len(word) == 1 or word.strip("()°ºª").isdigit())

    return Style(_BEFORE_CAPITAL, goes_on)


# --- what is embedded ------------------------------------------------------------------------------------------------

_NOT_AT_ITS_END = re.compile(r"(?:\bet al|\beg|\bie|\b[eE]\.g|\b[iI]\.e|\b[A-Z]|\bart|\bno|\bpara|\bp|\bArt|\bNo)\.$")
EMBEDDED = Style(
    re.compile(r"(?<=[.?!…;。！？])(?P<gap>[\"'”’)]*\s+)(?=[\"'“‘(¿¡]?[^\W\d_a-zà-ÿ])"),
    lambda text, start, match: bool(_NOT_AT_ITS_END.search(text[start : match.start("gap")])),
)
"""Sentences that are embedded in pairs: they never end after "et al.", "eg." or an initial."""

# --- statements of the register --------------------------------------------------------------------------------------

STATEMENT = Style(re.compile(r"(?<=[.;])(?P<gap> )(?=[A-Z])"))
"""Sentences of this project's own statement of a provision, which has no abbreviations."""
