"""Browse: search with filters to choose from, hits grouped by force, and a sentence that explains each hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from kb.i18n import t
from kb.models import FORCE_WORDS, Model
from kb.search.language import is_content, language_of
from kb.search.results import Hit, Results, Why
from kb.search.room import PER_FORCE
from kb.search.searcher import Searcher

Filters = Mapping[str, Sequence[str]]
"""Facet to the terms chosen in it."""


class Browsed(Model):
    """A search result, with the filter terms that the reader can choose next."""

    results: Results
    choices: dict[str, dict[str, int]] = Field(
        description="facet to terms with counts; for a facet with a filter, "
        "the counts "
        "are what choosing another of its terms would find"
    )


def browse(
    searcher: Searcher, query: str, filters: Filters, *, mode: str = "hybrid", limit: int | None = None
) -> Browsed:
    """Search within filters; with an empty query, list every passage that passes them.

    Raises QueryError for a query that cannot be parsed, or for an unknown facet or term.
    """
    results = _search(searcher, query, filters, mode, limit)
    choices = dict(results.facets)
    for facet in filters:
        others = {name: terms for name, terms in filters.items() if name != facet}
        if query.strip() or others:
            wider = _search(searcher, query, others, mode, 1).facets.get(facet, {})
        else:
            wider = _all(searcher).get(facet, {})
        choices[facet] = {**wider, **{term: wider.get(term, 0) for term in filters[facet]}}
    return Browsed(results=results, choices=choices)


def count_all(searcher: Searcher, query: str, filters: Filters, mode: str) -> tuple[int, dict[str, int]]:
    """Return (length of a query's result list, number of matching passages by force). The list includes passages that
    are near only in meaning. No passage is read."""
    pairs = [(facet, term) for facet, terms in filters.items() for term in terms]
    return searcher.counted(query if query.strip() else as_query(filters), mode=mode, facets=pairs)


def _search(searcher: Searcher, query: str, filters: Filters, mode: str, limit: int | None) -> Results:
    pairs = [(facet, term) for facet, terms in filters.items() for term in terms]
    return searcher.search(query if query.strip() else as_query(filters), mode=mode, limit=limit, facets=pairs)


def _all(searcher: Searcher) -> dict[str, dict[str, int]]:
    """Count by facet and term all passages that a search may show; passages that are shown within their parent are not
    counted."""
    return searcher.engine.count(None, searcher.shown)


def as_query(filters: Filters) -> str:
    """Write the filters as a query text, to be used when the reader typed no query.

    >>> as_query({"force": ["legal-obligation"], "group": ["women", "youth"]})
    '(force:"legal-obligation") AND (group:"women" OR group:"youth")'
    """
    sides = (" OR ".join(f'{facet}:"{term}"' for term in terms) for facet, terms in filters.items() if terms)
    return " AND ".join(f"({side})" for side in sides)


def by_force(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """Group hits by force, strongest force first; hits keep their order, and forces without hits are left out."""
    hits = list(hits)
    return {force: found for force in FORCE_WORDS if (found := [hit for hit in hits if hit.force == force])}


def with_all_words(results: Results) -> str:
    """Return the query with AND between its words, so that all are required. '' when the query has operators or signs,
    when it has fewer than two words that are not stop words, or when only meaning was searched.

    `pension for older women` finds passages with any of three words; for it this returns `pension AND older AND women`
    (stop words are left out).
    """
    asked = results.query.split()
    language = language_of(results.query)
    has_syntax = bool(set(results.query) & set('"“”„«»‹›():*') or {"AND", "OR", "NOT"} & set(asked))
    has_syntax = has_syntax or any(word.startswith(("-", "−", "–", "NEAR")) for word in asked)
    wanted = [word for word in asked if is_content(word, language)]
    return "" if len(wanted) < 2 or results.mode == "semantic" or has_syntax else " AND ".join(wanted)


def reason(why: Why, text: str) -> str:
    """Explain in one sentence, in the user's language, which retrievers found a hit and which words of the query it
    contains. `text` is the hit's text, in which `why.marks` are spans."""
    marked = dict.fromkeys(text[start:end].casefold() for start, end in why.get("marks", ()))
    words = ", ".join(list(marked)[:8])
    legs = why.get("legs", {})
    meant = any(name != "lexical" for name in legs)
    if "lexical" in legs and words:
        sentence = (
            t("Found by its words ({words}) and its meaning", words=words)
            if meant
            else t("Found by its words ({words})", words=words)
        )
    elif "lexical" in legs:
        sentence = t("Found by its words and its meaning") if meant else t("Found by its words")
    else:
        sentence = t("Found by its meaning") if meant else t("Found by the filters")
    widened = [
        t("“{word}” also as {others}", word=word, others=", ".join(others[:3]))
        for word, others in why.get("widened", {}).items()
    ]
    return "; ".join([sentence, *widened]) + "."


__all__ = ["PER_FORCE", "Browsed", "Filters", "browse", "by_force", "reason", "with_all_words"]
