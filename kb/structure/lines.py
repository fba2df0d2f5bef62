"""Lines of a plain-text file with their positions, and functions that join them such that the text can be compared with
the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.models import Place, Span
from kb.text import squeeze


@dataclass(frozen=True)
class SourceLine:
    """One line of the source: its 1-based number, the offset of its start, and its characters without the line feed."""

    number: int
    start: int
    raw: str

    @property
    def text(self) -> str:
        """Return the line without white space at its ends."""
        return self.raw.strip()

    @property
    def span(self) -> Span:
        """Return the span in the source of the line without white space at its ends."""
        lead = len(self.raw) - len(self.raw.lstrip())
        return self.start + lead, self.start + lead + len(self.text)


def split_lines(text: str) -> list[SourceLine]:
    """Split `text` at line feeds only."""
    lines, start = [], 0
    for number, raw in enumerate(text.split("\n"), 1):
        lines.append(SourceLine(number, start, raw))
        start += len(raw) + 1
    return lines


def join(parts: Sequence[str]) -> str:
    """Join lines to one text, with a space between them; after a line that ends in a hyphen no space is added, and the
    hyphen is kept.

    In the background paper every hyphen at a line end belongs to a compound (15 of 15), so none is removed.
    """
    text = ""
    for part in (squeeze(p) for p in parts):
        if text.endswith("-") and text[-2:-1] != " ":
            text += part
        elif text.endswith(" -") and not part.startswith("-"):
            text = text[:-2] + "-" + part
        else:
            text = f"{text} {part}".strip()
    return text


def place_of(spans: Sequence[Span], lines: Span, file: str, sha256: str) -> Place:
    """Return the place that covers `spans` of the source (which must be in order); `pieces` is set when there are
    several."""
    chars = (spans[0][0], spans[-1][1])
    return Place(file=file, sha256=sha256, chars=chars, lines=lines, pieces=tuple(spans) if len(spans) > 1 else ())
