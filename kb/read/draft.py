"""A paragraph while it is being made; readers fill these, `assemble` turns them into the shared model."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.models import Box, Problem, Span


@dataclass(slots=True)
class Draft:
    """A piece of text with what the reader knows of its looks; `style` distinguishes levels of headings."""

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
    """What one format's reader hands over: drafts in reading order, leftovers, problems, and the decoded source.

    `source` is set by text formats only; `chars` of the drafts then point into it. `doubtful` counts letters that are
    kept as text although the file does not tell whether they are seen.
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
        """Record something that could not be done, and what the user can do about it."""
        self.problems.append(Problem(page=page, what=what, do=do))
