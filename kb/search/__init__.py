"""Search: a query in, ranked and cited passages out, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypedDict, Unpack

from kb.config import settings
from kb.errors import QueryError
from kb.index.live import current, open_index
from kb.search.batch import search_many
from kb.search.results import Hit, Results
from kb.search.searcher import MODES, Searcher


@lru_cache(maxsize=2)
def _searcher(live: Path, corpus: Path) -> Searcher:
    return Searcher(open_index(live.parent, corpus))


def live_searcher() -> Searcher:
    """The searcher over the live index; opened anew after a build. Raises IndexError_ when there is none."""
    config = settings()
    return _searcher(current(config.indexes), config.corpus)


class Options(TypedDict, total=False):
    """What `Searcher.search` can be told besides the query."""

    mode: str
    limit: int | None
    document: str | None
    facets: Sequence[tuple[str, str]]
    method: str
    per_force: int
    counts: bool
    every: bool


def search(query: str, **options: Unpack[Options]) -> Results:
    """Results for a query over the live index; options as in `Searcher.search`."""
    return live_searcher().search(query, **options)


__all__ = ["MODES", "Hit", "QueryError", "Results", "Searcher", "live_searcher", "search", "search_many"]
