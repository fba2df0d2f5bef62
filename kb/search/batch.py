"""Run many questions in one batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict, Unpack

from kb.errors import QueryError
from kb.search.results import Results
from kb.search.searcher import Searcher


class SearchOptions(TypedDict, total=False):
    """Options of `Searcher.search` that are the same for each question of a batch."""

    mode: str
    limit: int | None
    document: str | None
    facets: Sequence[tuple[str, str]]
    method: str
    per_force: int
    counts: bool
    every: bool


def search_many(
    searcher: Searcher,
    queries: Sequence[Mapping[str, object]],
    row: Callable[[Results], Mapping[str, object]] = lambda found: found.model_dump(mode="json"),
    **options: Unpack[SearchOptions],
) -> list[dict[str, object]]:
    """Search each query and return one row for each: the query's id and the fields that `row` makes of its results.

    A query that cannot be parsed gives a row with its error, and the batch continues.
    """
    rows = []
    for query in queries:
        try:
            found = row(searcher.search(str(query.get("query", "")), **options))
        except QueryError as error:
            found = {"query": query.get("query", ""), "hits": [], "total": 0, "error": str(error)}
        rows.append({"id": query.get("id"), **found})
    return rows
