"""Questions in words as an engine takes them: which words, in which form, and what each is worth.

The weights are search's; an engine scores a clause by BM25 and adds, weighs and compares as the nodes say. The nodes of
`kb.search.query` are another thing: what a person typed, with columns for its errors and without weights. Search turns
those into these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of `text` side by side: stemmed in any language of the index, or as printed.

    `headings` above 0 finds them in the heading above too, at that weight; each form or field in which a passage has
    them, but the best, then adds the share `others` of its score.
    """

    text: str
    headings: float = 0.0
    others: float = 0.0


@dataclass(frozen=True)
class Starts:
    """Any word that begins with `text`."""

    text: str


@dataclass(frozen=True)
class Alike:
    """Any word within `distance` letters of `word`, as printed."""

    word: str
    distance: int


@dataclass(frozen=True)
class Close:
    """Both texts with up to `distance` words between them, in any order; `phrases` where a side is a phrase."""

    left: str
    right: str
    distance: int
    phrases: bool = False


@dataclass(frozen=True)
class Sum:
    """Any of the parts; scores are added."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Best:
    """Any of the parts; the best score, and `tie` times the others."""

    parts: tuple[Query, ...]
    tie: float = 0.0


@dataclass(frozen=True)
class Weighted:
    """The part with its score multiplied."""

    part: Query
    by: float


@dataclass(frozen=True)
class Flat:
    """The part, each passage with the same score."""

    part: Query
    score: float


Query = Words | Starts | Alike | Close | Sum | Best | Weighted | Flat
