"""Map offsets in a passage's text to its source. White space may differ; all other characters are the same."""

from __future__ import annotations

from dataclasses import dataclass

from kb.export.rows import Row
from kb.models import Span


@dataclass(frozen=True)
class SourceLocation:
    """The location of a row's text in its source: the source's text and name, and the offset there of each
    character."""

    source: str
    text: str
    start: int
    end: int
    at: tuple[int, ...] | range
    pieces: tuple[Span, ...] = ()

    @property
    def exact(self) -> str:
        """The row's text as printed in the source."""
        return self.text[self.start : self.end]

    def runs(self, span: Span | None = None) -> list[Span]:
        """Return the spans in the source of a span of the row's text (None: of all of it), without text that the
        source has between two pieces."""
        first, end = self.span(span) if span else (self.start, self.end)
        cut = [(max(first, a), min(end, b)) for a, b in self.pieces]
        return [self._trimmed(a, b) for a, b in cut if self.text[a:b].strip()] or [(first, end)]

    def _trimmed(self, first: int, end: int) -> Span:
        words = self.text[first:end]
        return first + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))

    def span(self, span: Span) -> Span:
        """Map a span of the row's text to the source, without white space at its ends; an empty span at the start of
        the text if nothing is left."""
        inside = [at for at in self.at[max(span[0], 0) : span[1]] if at >= 0]
        return (inside[0], inside[-1] + 1) if inside else (self.start, self.start)


def _walk(text: str, source: str, pieces: tuple[Span, ...]) -> list[int] | None:
    """Return the offset in `source` of each character of `text` (-1 for white space), or None when the words differ."""
    places = (at for first, end in pieces for at in range(first, min(end, len(source))) if not source[at].isspace())
    found = []
    for char in text:
        if char.isspace():
            found.append(-1)
            continue
        at = next(places, -1)
        if at < 0 or source[at] != char:
            return None
        found.append(at)
    return found if next(places, -1) < 0 else None


def location_of(row: Row, text: str | None) -> SourceLocation:
    """Return the location of the row in `text`, its source; if that is not available or has other words, the
    location in the row's own text."""
    place = row.place
    if text is not None and place is not None and place.chars is not None:
        at = _walk(row.words, text, place.pieces or (place.chars,))
        inside = [offset for offset in at or () if offset >= 0]
        if at is not None and inside:
            return SourceLocation(
                f"urn:sha256:{place.sha256}", text, inside[0], inside[-1] + 1, tuple(at), place.pieces
            )
    return SourceLocation(f"urn:kb:passage:{row.id}", row.words, 0, len(row.words), range(len(row.words)))
