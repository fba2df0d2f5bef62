"""The mutable paragraph that readers fill; `kb.read.assemble` converts it to the shared model."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.models import Box, Problem, Span


@dataclass(slots=True)
class Draft:
    """A paragraph, heading, row or note as a reader finds it, with page and position. `style` (a tuple that can be
    compared) decides the level of headings without a `level`."""

    text: str
    kind: str = "paragraph"
    page: int | None = None
    boxes: list[Box] = field(default_factory=list)
    chars: Span | None = None
    number: str | None = None
    level: int | None = None
    style: tuple | None = None
    confidence: float | None = None
    section: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    locator: str | None = None


@dataclass(slots=True)
class Reading:
    """The result of one format's reader: drafts in reading order, leftovers (text that is not part of the document's
    text), problems, and the decoded source.

    `source` is set by text formats only; `chars` of the drafts are then offsets into it. `doubtful` counts letters that
    are kept as text although the file does not determine whether they are visible. `levelled`: headings have levels in
    the file.
    """

    type: str
    drafts: list[Draft] = field(default_factory=list)
    leftovers: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pages: int = 1
    source: str | None = None
    levelled: bool = False
    doubtful: int = 0

    def trouble(self, what: str, do: str, page: int | None = None) -> None:
        """Record a problem: `what` is wrong, and what the user can `do` about it."""
        self.problems.append(Problem(page=page, what=what, do=do))
