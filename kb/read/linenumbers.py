"""Find line numbers that a bill prints beside its text: they count the lines and are not words of the text.

Numbers: nine tenths of the lines must fit; one in ten may be misread. Chosen by eye on bills with numbered lines.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from kb.models import Span

_LEFT = re.compile(r"^[ \t]{0,12}(\d{1,4})(?=[ \t]|$)[ \t]*", re.MULTILINE)
_RIGHT = re.compile(r"(?<=[ \t]{2})(\d{1,4})[ \t]*$", re.MULTILINE)
_INKED = re.compile(r"^.*\S.*$", re.MULTILINE)
LEAST = 6
"""Minimum number of numbered lines: fewer may be a list or a small table."""
SHARE = 0.7
"""Minimum share of the non-blank lines that must be numbered; running heads have no number."""
GOES_ON = 0.2
"""Minimum share of the numbered lines that must begin in lower case, as running text does; list entries hardly do."""
STEPS = (5, 10)
"""Some bills number every fifth line only, some every tenth."""


def line_numbers(source: str) -> list[Span]:
    """Return the spans of the line numbers at the left or right of a text; [] when it has none.

    Either they count every line by one (with or without empty lines; they may restart on each page), and at least a
    fifth of the numbered lines begin in lower case, unlike contents entries or table rows. Or they count every fifth or
    tenth line, in a column that the other lines leave empty.
    """
    if not any(c.isdigit() for c in source):
        return []
    lines = [match.span() for match in _INKED.finditer(source)]
    for found in (list(_LEFT.finditer(source)), list(_RIGHT.finditer(source))):
        spans = [match.span(1) for match in found]
        if _each(source, found, len(lines)) or _stepped(source, spans, lines):
            return spans
    return []


def _each(source: str, found: Sequence[re.Match[str]], lines: int) -> bool:
    """Return whether the numbers `found` count each line of running text; `lines` is the number of all lines."""
    if len(found) < LEAST or len(found) < SHARE * lines:
        return False
    values = [int(match[1]) for match in found]
    lines_to = _line_of(source, [match.start(1) for match in found])
    counted = zip(itertools.pairwise(values), itertools.pairwise(lines_to), strict=True)
    steps = sum(b == a + 1 or b == 1 or b - a == after - before > 0 for (a, b), (before, after) in counted)
    running = 0
    for match in found:
        start = source.rfind("\n", 0, match.start()) + 1
        words = source[match.end() :] if not source[start : match.start()].strip() else source[start:].lstrip()
        running += words[:1].islower()
    return (
        steps >= 0.9 * (len(found) - 1)  # by eye: one step in ten may be misread
        and (values[0] <= 2 or steps == len(found) - 1)
        and running >= GOES_ON * len(found)
    )


def _stepped(source: str, spans: Sequence[Span], lines: Sequence[Span]) -> bool:
    """Return whether the numbers at `spans` count every fifth or tenth line: they are that many lines apart, and all in
    one column that the other lines leave empty."""
    if len(spans) < 2:
        return False
    at = {start: n for n, (start, _) in enumerate(lines)}
    starts = [source.rfind("\n", 0, start) + 1 for start, _ in spans]
    rows = [at.get(start, -1) for start in starts]
    values = [int(source[a:b]) for a, b in spans]
    step = values[0]
    with_empty = _line_of(source, [start for start, _ in spans])
    if step not in STEPS or not (_counted(values, rows, step) or _counted(values, with_empty, step)):
        return False
    ends = Counter(end - start for (_, end), start in zip(spans, starts, strict=True))
    (edge, alike) = ends.most_common(1)[0]
    first = min(start - line for (start, _), line in zip(spans, starts, strict=True))
    own = set(rows)
    others = [source[a:b] for n, (a, b) in enumerate(lines) if n not in own]
    left = not source[starts[0] : spans[0][0]].strip()
    free = sum(not (line[:edge] if left else line[first:]).strip() for line in others)
    return alike == len(spans) and free >= 0.9 * len(others)  # by eye: one line in ten may have text in that column


def _counted(values: Sequence[int], rows: Sequence[int], step: int) -> bool:
    """Return whether numbers count lines: each is larger than the one before by a multiple of `step`, and is as many
    rows below it; or it is `step` again (a restart). `values` are the numbers, `rows` the rows on which they stand."""
    return all(
        (then > now and then % step == 0 and after - before == then - now) or (then == step and after > before)
        for (now, then), (before, after) in zip(itertools.pairwise(values), itertools.pairwise(rows), strict=True)
    )


def _line_of(source: str, places: Sequence[int]) -> list[int]:
    """Return the line of each offset, counted from 0 including empty lines; the offsets must increase."""
    found: list[int] = []
    line, last = 0, 0
    for place in places:
        line += source.count("\n", last, place)
        found.append(line)
        last = place
    return found


def without(source: str, spans: list[Span]) -> str:
    """Replace the spans with blanks, so that every other character keeps its offset."""
    parts, at = [], 0
    for start, end in spans:
        parts += [source[at:start], " " * (end - start)]
        at = end
    return "".join((*parts, source[at:]))
