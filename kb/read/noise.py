"""Recognise passages that are tables of contents or lists of references by their content.

Numbers: shares of words and lines, set on every second row of a public validation set of such passages and measured on
the others (benchmarks/noise.py prints both).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from kb.read.layout.titles import is_contents_title, is_references_title

_LEADER = re.compile(r"(?:\.\s?){5,}|…{2,}|(?:_\s?){6,}|(?:·\s?){5,}")
_ENTRY = re.compile(r"[^\W\d_][^\n]{2,110}?[\s.…]\s*(?:\d{1,3}|[ivxl]{1,6})\s*$", re.MULTILINE)
_INLINE = re.compile(r"(?<=[^\W\d_)])[\s.…]+(\d{1,3})(?=\s+(?:[A-ZÀ-ÞА-Я\d(]|$)|$)")
_TITLE = re.compile(r"\s*(?:[#*\d.]+\s*)*([^\n\d.]{4,40})")
_NAMED = re.compile(
    r"\b(?:Figure|Table|Annex|Appendix|Box|Item|Section|Chapter|Tabla|Cuadro|Figura|Tableau|Annexe|Anexo)\s+[\dA-Z]"
)
_SECTION = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,4})\.?(?:\s+[^\W\d_]|\s*$)")
_YEAR = re.compile(r"(?<!\d)(?:1[89]\d\d|20[0-3]\d)[a-z]?(?!\d)")
_SIGNS = re.compile(
    r"\bet al\b|\bdoi\b|https?://|www\.|\b(?:Vol|No|pp?|eds?|Ed)\.\s|\b[Rr]etrieved\b|\b[Aa]ccessed\b|\bAvailable\b|"
    r"\bJournal\b|\bUniversity Press\b|\bISBN\b|\bWorking Paper\b|\b\d+\s?\(\d+\)|\d+[:,]\s?\d+[-–]\d+|“[^”]{15,}”|"
    r"\bRevista\b|\bRevue\b|\bEditorial\b|\bDisponible\b|\b[Ii]n\s?:\s"
)
_AUTHOR = re.compile(
    r"\b[A-ZÀ-Þ][\w’'-]+,\s(?:[A-ZÀ-Þ]\.[\s-]?){1,3}|\b(?:[A-ZÀ-Þ]\.\s?){1,3}[A-ZÀ-Þ][\w’'-]+,|\(\d{4}[a-z]?\)\.?"
)
_PROSE = re.compile(
    r"\b(?:is|are|was|were|has|have|will|shall|should|must|can|may|que|es|son|fue|est|sont|sera|doit)\b"
)


def looks_like_contents(text: str) -> bool:
    """Return whether a passage is a table of contents: it has dot leaders, or lines or runs of titles with page numbers
    that rise."""
    lines = [line for line in text.splitlines() if line.strip()]
    words = max(1, len(text.split()))
    if has_leaders(text):
        return True
    titled = _titled(text, is_contents_title) or any(is_contents_title(line) for line in lines[:8])
    # set on half of the validation set (benchmarks/noise.py)
    if titled and not _prose(text, 0.035) and _listed(lines, words):
        return True
    entries = len(_ENTRY.findall(text))
    if (
        len(lines) >= 4  # set on half of the validation set (benchmarks/noise.py)
        and entries >= (0.3 if titled else 0.6) * len(lines)  # set on half of the validation set (benchmarks/noise.py)
        and _rising(text)
        and not _prose(text, 0.03)  # set on half of the validation set (benchmarks/noise.py)
    ):
        return True
    if _outline(lines, words) and not _prose(text, 0.02):  # set on half of the validation set (benchmarks/noise.py)
        return True
    named = len(_NAMED.findall(text))
    if (
        named >= 3
        and named * 30 > words  # set on half of the validation set (benchmarks/noise.py)
        # set on half of the validation set (benchmarks/noise.py)
        and (entries + len(_INLINE.findall(text))) >= 0.4 * named
        and not _prose(text, 0.02)  # set on half of the validation set (benchmarks/noise.py)
    ):
        return True
    pages = _INLINE.findall(text)
    return (
        len(pages) >= (3 if titled else 6)  # set on half of the validation set (benchmarks/noise.py)
        and len(pages) * (60 if titled else 16) > words
        and _rising(text)
        and not _prose(text, 0.04 if titled else 0.012)  # set on half of the validation set (benchmarks/noise.py)
    )


def has_leaders(text: str) -> bool:
    """Return whether a text has dot leaders to page numbers, at least three and many for its length."""
    leaders = len(_LEADER.findall(text))
    return leaders >= 3 and leaders * 60 > len(text.split())


def looks_like_references(text: str) -> bool:
    """Return whether a passage is a list of references: it has many years, authors and publication terms, and hardly a
    verb."""
    words = max(1, len(text.split()))
    years, signs, authors = (len(p.findall(text)) for p in (_YEAR, _SIGNS, _AUTHOR))
    # set on half of the validation set (benchmarks/noise.py)
    weight = min(years, 12 + words // 20) + signs + 1.5 * authors
    titled = _titled(text, is_references_title)
    if titled:
        return years >= 2 and weight > 0.06 * words  # set on half of the validation set (benchmarks/noise.py)
    # set on half of the validation set (benchmarks/noise.py)
    return years >= 2 and signs + authors >= 3 and weight > 0.11 * words and not _prose(text, 0.02)


def _listed(lines: list[str], words: int) -> bool:
    """Return whether the lines are those of a list: short on average, or fewer than three lines. `words` is their
    number of words."""
    return len(lines) < 3 or words / len(lines) < 14  # set on half of the validation set (benchmarks/noise.py)


def is_reference(text: str) -> bool:
    """Return whether a text below a references title can be an entry: it has a year or publication term, and is not
    long prose."""
    # set on half of the validation set (benchmarks/noise.py)
    return bool(_YEAR.search(text) or _SIGNS.search(text)) and (len(text) < 700 or not _prose(text, 0.03))


def _outline(lines: list[str], words: int) -> bool:
    """Return whether the lines are an outline: at least four section numbers, on a third of the lines, that rise.
    `words` is their number of words."""
    numbers = [tuple(int(n) for n in m.group(1).split(".") if n) for m in map(_SECTION.match, lines) if m]
    # set on half of the validation set (benchmarks/noise.py)
    if len(numbers) < 4 or len(numbers) < 0.3 * len(lines) or words / len(lines) > 14:
        return False
    closed = sum(line.rstrip().endswith((";", ":", ",")) for line in lines)
    steps = [a < b for a, b in pairwise(numbers)]
    # set on half of the validation set (benchmarks/noise.py)
    return sum(steps) >= 0.9 * len(steps) and closed < 0.1 * len(lines) and any(c.isalpha() for c in "".join(lines))


def _titled(text: str, test: Callable[[str], bool]) -> bool:
    """Return whether the passage begins with a title for which `test` returns True."""
    first = text.strip().split("\n", 1)[0][:60]
    words = re.sub(r"[#*]", "", first).split()
    # set on half of the validation set (benchmarks/noise.py)
    return any(test(" ".join(words[:n])) for n in range(1, min(5, len(words) + 1)))


def _prose(text: str, share: float) -> bool:
    """Return whether more than this share (0 to 1) of the words are verbs of sentences."""
    return len(_PROSE.findall(text)) > share * max(1, len(text.split()))


def _rising(text: str) -> bool:
    """Return whether the page numbers at the ends of entries rise in at least seven of ten steps."""
    pages = [int(n) for n in _INLINE.findall(text)]
    if len(pages) < 3:
        return True
    steps = [b >= a for a, b in pairwise(pages)]
    return sum(steps) >= 0.7 * len(steps)  # set on half of the validation set (benchmarks/noise.py)
