"""The mutable paragraph that readers fill; `kb.read.assemble` turns it into the shared model."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.models import Box, Problem, Span


@dataclass(slots=True)
class Draft:
    """A piece of text with its place and looks; `style` is compared to find the level of headings."""

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
    """The result of one format's reader: drafts in reading order, leftovers, problems, and the decoded source.

    `source` is set by text formats only; `chars` of the drafts are then offsets into it. `doubtful` counts letters that
    are kept as text although the file does not determine whether they are visible.
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
        """Record a problem, and what the user can do about it."""
        self.problems.append(Problem(page=page, what=what, do=do))
