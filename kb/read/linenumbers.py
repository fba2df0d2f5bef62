"""Numbers of lines that a bill's text prints at the left: they count the lines of the file and are no words of it."""

from __future__ import annotations

import itertools
import re

from kb.models import Span

_NUMBERED = re.compile(r"^[ \t]{0,12}(\d{1,4})(?=[ \t]|$)[ \t]*", re.MULTILINE)
_INKED = re.compile(r"^.*\S.*$", re.MULTILINE)
LEAST = 6
"""Lines in a row that must count upwards: fewer may be a list or a small table."""
SHARE = 0.7
"""Share of the inked lines that must be numbered; heads and feet of pages have no number."""
GOES_ON = 0.2
"""Share of the numbered lines that must go on in lower case, as running text does; entries of a list hardly do."""


def line_numbers(source: str) -> list[Span]:
    """Where the line numbers of a text stand; empty where it has none.

    They count each line by one, may begin again on each page, and number running text: at least a fifth of the lines
    goes on in lower case, which entries of a contents list or rows of a table do not.
    """
    found = list(_NUMBERED.finditer(source))
    if len(found) < LEAST or len(found) < SHARE * sum(1 for _ in _INKED.finditer(source)):
        return []
    values = [int(match[1]) for match in found]
    steps = sum(b == a + 1 or b == 1 for a, b in itertools.pairwise(values))
    running = sum(source[match.end() : match.end() + 1].islower() for match in found)
    if steps < 0.9 * (len(found) - 1) or values[0] > 2 and steps < len(found) - 1 or running < GOES_ON * len(found):
        return []
    return [match.span(1) for match in found]


def without(source: str, spans: list[Span]) -> str:
    """The text with blanks in the place of the numbers, so that every other character stays where it is."""
    parts, at = [], 0
    for start, end in spans:
        parts += [source[at:start], " " * (end - start)]
        at = end
    return "".join((*parts, source[at:]))
