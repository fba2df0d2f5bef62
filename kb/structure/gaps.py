"""Numbers that a text jumps over: a paragraph that was cut out, or lost on the way, is named before anyone cites around
it."""

from __future__ import annotations

import re
from collections import defaultdict

from kb.models import Document

_NUMBERED = re.compile(r"(?P<run>.*?)(?P<word>para|art)(?P<n>\d+)$")
MOST = 0.1
"""Share of a run's numbers that may be missing; above it the text is an extract, of which gaps say nothing."""

LONGEST = 100
"""Figures from here on are no numbers of paragraphs inside an article."""
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def missing(document: Document) -> tuple[str, ...]:
    """Identifiers of numbered paragraphs and articles that stand between others and are not there, in the order of the
    text.

    The run of each part counts by itself. Numbers before the first one and after the last one are not looked for.
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
    """Identifiers of paragraphs and letters that an article or paragraph must have, since later ones of the same list
    are there: 12(3), where 12(2) and 12(4) stand; 12(1), where only 12(2) does.

    What may be missing behind the last one is not known.
    """
    lists: dict[str, list[str]] = defaultdict(list)
    for passage in document.passages:
        above, _, last = passage.id.removeprefix(f"{document.id}/").rpartition("/")
        if above and not above.endswith("closing"):  # the dates and seals of closing words are not numbered as lists
            lists[above].append(last)
    return tuple(f"{document.id}/{above}/{each}" for above, members in lists.items() for each in _absent(members))


def _absent(members: list[str]) -> list[str]:
    """What is missing before the last of a list's figures, letters or Roman numbers."""
    figures = {int(each) for each in members if each.isdecimal() and int(each) < LONGEST}
    absent = [str(n) for n in range(1, max(figures, default=0)) if n not in figures]
    letters = {each for each in members if re.fullmatch("[a-z]", each)}
    romans = {each for each in members if each in ROMAN}
    if len(romans) > 1 and "a" not in letters or romans - letters:
        last = max(ROMAN.index(each) for each in romans)
        absent += [each for each in ROMAN[:last] if each not in romans]
        letters -= romans
    return absent + [chr(n) for n in range(ord("a"), ord(max(letters, default="a"))) if chr(n) not in letters]
