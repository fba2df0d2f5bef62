"""Sentence ends by language: stops of Latin, Cyrillic, Arabic and Chinese script, abbreviations from the corpus."""

from __future__ import annotations

import functools
import re

from pydantic import BaseModel, ConfigDict

from kb.languages import MAIN
from kb.models import Span
from kb.read.vocabulary import vocabulary

_END = re.compile(r"[.!?…]+[\"”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*(?=\s)|[;](?=\s)|[。！？؟۔；]+[」』”]?|:(?=\s*\n)")
_LAST = re.compile(r"([^\s(\[«“\"]+)\.$")


class _Abbreviations(BaseModel):
    """The data file: abbreviations by ISO 639-1 code."""

    model_config = ConfigDict(extra="forbid")

    abbreviations: dict[str, list[str]]


@functools.cache
def _short(language: str) -> frozenset[str]:
    """Abbreviations of one language; those of the main one where it has none of its own."""
    data = vocabulary("sentences", _Abbreviations).abbreviations
    return frozenset(data.get(language, data[MAIN]))


def sentences(text: str, language: str | None = None, clauses: bool = False) -> list[Span]:
    """`[start, end)` of each sentence of `text`, together covering all of it but white space between them.

    With `clauses` a semicolon ends one too, as in long provisions of laws.
    """
    short = _short(language or MAIN)
    found: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.group()[0] in ";:；" and not clauses or _abbreviated(text, match, short):
            continue
        found.append((start, match.end()))
        start = (
            match.end()
            + len(text[match.end() : match.end() + 200])
            - len(text[match.end() : match.end() + 200].lstrip())
        )
    if text[start:].strip():
        found.append((start, len(text)))
    return found


def _abbreviated(text: str, match: re.Match[str], short: frozenset[str]) -> bool:
    """Whether a full stop closes an abbreviation, an initial or a number, or the next word begins in lower case."""
    if match.group()[0] != ".":
        return False
    rest = text[match.end() : match.end() + 40].lstrip()
    if rest[:1].islower():
        return True
    last = _LAST.search(text[max(0, match.start() - 30) : match.start() + 1])
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
