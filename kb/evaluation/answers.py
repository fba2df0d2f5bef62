"""Types for evaluation: a search's answer as `kb search --json` prints it, a tagged passage, and a row of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from typing_extensions import TypedDict

from kb.coding.agreement import Estimate

Figure: TypeAlias = "int | float | str | Estimate | None"
FigureRow: TypeAlias = dict[str, Figure]
"""One row of a table of figures: column name to value."""


class HitPlace(TypedDict, total=False):
    """Where a hit is in its source: (first, last) lines and [start, end) characters, each None when the source has
    none."""

    file: str
    lines: Sequence[int] | None
    chars: Sequence[int] | None


class MeasuredHit(TypedDict):
    """The fields of a hit that evaluation needs."""

    id: str
    document: str
    source: HitPlace


class MeasuredAnswer(TypedDict):
    """The answer to one query: its hits in order, and whether the search reported that nothing answers it."""

    hits: Sequence[MeasuredHit]
    absent: bool


MeasuredTag: TypeAlias = "str | Mapping[str, object]"
"""A tag: the identifier of a term, or an object with `id` and `state`."""
TagsByFacet: TypeAlias = Mapping[str, Sequence[MeasuredTag]]


class TaggedRow(TypedDict):
    """A passage with its tags, as `kb passages --jsonl` prints it."""

    document: str
    kind: str
    source: HitPlace
    tags: TagsByFacet
