"""Find gaps in the numbering of a text, so that a paragraph that was cut out or lost is reported before anyone cites
the text."""

from __future__ import annotations

import re
from collections import defaultdict

from kb.models import Document

_NUMBERED = re.compile(r"(?P<run>.*?)(?P<word>para|art)(?P<n>\d+)$")
MOST = 0.1
"""Maximum share of missing numbers in a run; above it the text is an extract, whose gaps mean nothing."""

LONGEST = 100
"""From this value on, a number inside an article is not a paragraph number (but a year, for example)."""
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def missing(document: Document) -> tuple[str, ...]:
    """Return the identifiers of numbered paragraphs and articles that are missing between two existing ones: first
    those of passages, then those of sections; the parts of the document in order.

    Each part is counted separately. A part is left out as an extract when its missing numbers are more than the share
    MOST of its existing ones. Numbers missing before the first or after the last cannot be detected.
    """
    runs: dict[tuple[str, str], set[int]] = defaultdict(set)
    for id in [*(p.id for p in document.passages), *(s.id for s in document.sections)]:
        match = _NUMBERED.match(id.removeprefix(f"{document.id}/").split("/heading")[0])
        if match:
            runs[(match["run"], match["word"])].add(int(match["n"]))
    found: list[str] = []
    for (run, word), numbers in runs.items():
        absent = [n for n in range(min(numbers), max(numbers)) if n not in numbers]
        if len(absent) <= MOST * len(numbers):
            found += [f"{document.id}/{run}{word}{n}" for n in absent]
    return tuple(found)


def inside(document: Document) -> tuple[str, ...]:
    """Return the identifiers of paragraphs and letters that are missing inside articles: 12(3) when 12(2) and 12(4)
    exist, and 12(1) when only 12(2) exists.

    Numbers missing after the last one cannot be detected.
    """
    lists: dict[str, list[str]] = defaultdict(list)
    for passage in document.passages:
        above, _, last = passage.id.removeprefix(f"{document.id}/").rpartition("/")
        if above and not above.endswith("closing"):  # the dates and seals of closing words are not numbered as lists
            lists[above].append(last)
    return tuple(f"{document.id}/{above}/{each}" for above, members in lists.items() for each in _absent(members))


def _absent(members: list[str]) -> list[str]:
    """Return the numbers, letters or Roman numerals that are missing in a list before its last one."""
    figures = {int(each) for each in members if each.isdecimal() and int(each) < LONGEST}
    absent = [str(n) for n in range(1, max(figures, default=0)) if n not in figures]
    letters = {each for each in members if re.fullmatch("[a-z]", each)}
    romans = {each for each in members if each in ROMAN}
    if len(romans) > 1 and "a" not in letters or romans - letters:
        last = max(ROMAN.index(each) for each in romans)
        absent += [each for each in ROMAN[:last] if each not in romans]
        letters -= romans
    return absent + [chr(n) for n in range(ord("a"), ord(max(letters, default="a"))) if chr(n) not in letters]
