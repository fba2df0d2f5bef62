"""Numbers that a text jumps over: a paragraph that was cut out, or lost on the way, is named before anyone cites around
it."""

from __future__ import annotations

import re
from collections import defaultdict

from kb.models import Document

_NUMBERED = re.compile(r"(?P<run>.*?)(?P<word>para|art)(?P<n>\d+)$")
MOST = 0.1
"""Share of a run's numbers that may be missing; above it the text is an extract, of which gaps say nothing."""


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
