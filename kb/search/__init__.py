"""Search: take a query, return ranked and cited passages, each with its reason."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Unpack

from kb.config import settings
from kb.errors import QueryError
from kb.index.live import current, open_index
from kb.search.batch import SearchOptions, search_many
from kb.search.results import Hit, Results
from kb.search.searcher import MODES, Searcher


@lru_cache(maxsize=2)
def _searcher(live: Path, corpus: Path) -> Searcher:
    return Searcher(open_index(live.parent, corpus))


def live_searcher() -> Searcher:
    """Return the searcher over the live index (the one last built); after a new build, the next call opens that. Raises
    IndexError_ when there is no index."""
    config = settings()
    return _searcher(current(config.indexes), config.corpus)


def search(query: str, **options: Unpack[SearchOptions]) -> Results:
    """Search the live index and return the results; `options` are those of `Searcher.search`."""
    return live_searcher().search(query, **options)


__all__ = ["MODES", "Hit", "QueryError", "Results", "Searcher", "live_searcher", "search", "search_many"]
