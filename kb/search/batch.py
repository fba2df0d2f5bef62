"""Many questions in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kb.errors import QueryError
from kb.search.engine import Searcher
from kb.search.results import Results


def search_many(
    searcher: Searcher,
    queries: Sequence[Mapping[str, Any]],
    row: Callable[[Results], Mapping[str, Any]] = lambda found: found.model_dump(mode="json"),
    **options: Any,
) -> list[dict[str, Any]]:
    """Results for a batch: a row for each query with its id, as `row` makes it; a query that cannot be read gives its
    error, not an end."""
    rows = []
    for query in queries:
        try:
            found = row(searcher.search(str(query.get("query", "")), **options))
        except QueryError as error:
            found = {"query": query.get("query", ""), "hits": [], "total": 0, "error": str(error)}
        rows.append({"id": query.get("id"), **found})
    return rows
