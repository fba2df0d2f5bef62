"""Join paragraphs that are numbered lines of a bill: when a bill was copied or converted, word processors make each
printed line a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.read.draft import Draft, Reading
from kb.read.formats.text import is_heading, kind_of, paragraphs
from kb.read.linenumbers import LEAST, line_numbers, without
from kb.text import squeeze

_COUNT = re.compile(r"(\d{1,4})(?:\s|$)")


def join_numbered_lines(reading: Reading) -> None:
    """Join the drafts of a reading that are numbered lines of running text to paragraphs; the numbers become
    leftovers."""
    drafts: list[Draft] = []
    for run in _runs(reading.drafts):
        text = "\n".join(draft.text for draft in run)
        counted = line_numbers(text) if len(run) >= LEAST else []
        if len(counted) < len(run):
            drafts += run
            continue
        reading.leftovers += [Draft(text[a:b], "line-number") for a, b in counted]
        bare = without(text, counted)
        ends = [0]
        for draft in run:
            ends.append(ends[-1] + len(draft.text) + 1)
        for start, end in paragraphs(bare):
            words = squeeze(bare[start:end])
            notes = tuple(
                n for draft, at in zip(run, ends) if start <= at + len(draft.text) <= end for n in draft.notes
            )
            if words:
                kind = "heading" if is_heading(words) else kind_of(words)
                drafts.append(Draft(words, kind, notes=notes, level=8 if kind == "heading" else None))
    reading.drafts = drafts


def _runs(drafts: list[Draft]) -> Iterator[list[Draft]]:
    """Yield the drafts in groups: consecutive drafts whose numbers count lines together, every other draft alone."""
    run: list[Draft] = []
    last = 0
    for draft in drafts:
        found = _COUNT.match(draft.text) if draft.kind in ("paragraph", "heading", "list-item") else None
        value = int(found[1]) if found else 0
        if run and not (found and value == last + 1):
            yield run
            run = []
        run.append(draft)
        last = value if found else -1
    if run:
        yield run
