"""Helpers for text formats: paragraphs are spans of the decoded source; text that no span covers becomes a leftover."""

from __future__ import annotations

import re
from typing import Any

from kb.models import Span
from kb.read.draft import Draft, Reading
from kb.text import squeeze

_INK = re.compile(r"\S(?:.*\S)?")


def draft(source: str, span: Span, kind: str = "paragraph", **more: Any) -> Draft:  # fields of any type
    """Return a draft of the text of `source` in `span`. White space in its text is normalised; its `chars` exclude
    white space at both ends. `more` are further fields of the draft, by name."""
    start, end = span
    while start < end and source[start].isspace():
        start += 1
    while end > start and source[end - 1].isspace():
        end -= 1
    return Draft(squeeze(source[start:end]), kind, chars=(start, end), **more)


def leave_rest(reading: Reading) -> None:
    """Add all text of the source that no draft or leftover covers to the leftovers, so that nothing is lost."""
    source = reading.source or ""
    taken = sorted(d.chars for d in [*reading.drafts, *reading.leftovers] if d.chars)
    at = 0
    for start, end in [*taken, (len(source), len(source))]:
        for match in _INK.finditer(source, at, max(at, start)):
            reading.leftovers.append(draft(source, match.span(), "leftover"))
        at = max(at, end)
