"""Search: a query in, ranked and cited passages out, each with its reason."""

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
    """The searcher over the live index; opened anew after a build. Raises IndexError_ when there is none."""
    config = settings()
    return _searcher(current(config.indexes), config.corpus)


def search(query: str, **options: Unpack[SearchOptions]) -> Results:
    """Results for a query over the live index; options as in `Searcher.search`."""
    return live_searcher().search(query, **options)


__all__ = ["MODES", "Hit", "QueryError", "Results", "Searcher", "live_searcher", "search", "search_many"]
