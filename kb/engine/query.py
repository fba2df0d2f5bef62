"""Word queries for an engine: the words to match, their forms, and their weights.

Search chooses the weights; an engine scores each clause by BM25 and combines the scores as the nodes define. Search
translates the nodes of `kb.search.query` into these: those hold what a person typed, with columns for error messages
and without weights.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Matches the words of `text` side by side: stemmed in any language of the index, or unstemmed.

    With `headings` above 0 they also match in the heading above the passage, with that weight. A passage that matches
    in several forms or fields gets the best of their scores plus the share `others` of each other one.
    """

    text: str
    headings: float = 0.0
    others: float = 0.0


@dataclass(frozen=True)
class Starts:
    """Matches any word that begins with `text`."""

    text: str


@dataclass(frozen=True)
class Fuzzy:
    """Matches any word (unstemmed) that differs from `word` by at most `distance` letters."""

    word: str
    distance: int


@dataclass(frozen=True)
class Close:
    """Matches passages with `left` and `right` in any order and at most `distance` words between them; `phrases` is
    True when either side has several words."""

    left: str
    right: str
    distance: int
    phrases: bool = False


@dataclass(frozen=True)
class Sum:
    """Matches passages that match any of `parts`; the scores of the matching parts are added."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Best:
    """Matches passages that match any of `parts`. The score is the best score of a matching part, plus `tie` times the
    score of each other matching part."""

    parts: tuple[Query, ...]
    tie: float = 0.0


@dataclass(frozen=True)
class Weighted:
    """Matches what `part` matches, with its score multiplied by `by`."""

    part: Query
    by: float


@dataclass(frozen=True)
class Flat:
    """Matches what `part` matches, with the same `score` for every passage."""

    part: Query
    score: float


Query = Words | Starts | Fuzzy | Close | Sum | Best | Weighted | Flat
