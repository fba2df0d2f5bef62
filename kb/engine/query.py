"""Word queries for an engine: which words, in which form, and with which weight.

The weights come from search; an engine scores each clause by BM25 and combines the scores as the nodes require. The
nodes of `kb.search.query` differ: they hold what a person typed, with columns for error messages and without weights.
Search translates those into these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of `text` side by side: stemmed in any language of the index, or as printed.

    `headings` above 0 also finds them in the heading above, at that weight; each form or field in which a passage has
    them, except the best, then adds the share `others` of its score.
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
    """Both texts with up to `distance` words between them, in any order; `phrases` is True where a side is a phrase."""

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
    """Any of the parts; the best score, plus `tie` times the others."""

    parts: tuple[Query, ...]
    tie: float = 0.0


@dataclass(frozen=True)
class Weighted:
    """The part, with its score multiplied by `by`."""

    part: Query
    by: float


@dataclass(frozen=True)
class Flat:
    """The part, with the same score for every passage."""

    part: Query
    score: float


Query = Words | Starts | Alike | Close | Sum | Best | Weighted | Flat
