"""Models of answers that only HTTP has: pages of hits, lists in an object, errors.

Numbers: status codes of HTTP (RFC 9110, RFC 6585).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from kb import api
from kb.http.cursors import LAST_PAGE, Cursor
from kb.models import FORCE_WORDS, Force, Model, Wording

SIX_AND_ONE = "6 stated + 1 derived: R1 to R6 are recommendations of the paper; D7 was derived by this project."


class Problem(Model):
    """Problem details (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""


FAULTS: dict[int | str, dict[str, object]] = {
    status: {
        "description": words,
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}, "text/html": {}},
    }
    for status, words in {
        400: "The request cannot be understood",
        404: "Not found",
        405: "A method other than GET or HEAD: this server is read-only",
        411: "The body has no stated length; no request here needs a body",
        413: "The body is too large; no request here needs a body",
        414: "The address is too long",
        421: "The Host header names another server",
        422: "A parameter of the wrong type or size",
        429: "Too many requests; Retry-After says how many seconds to wait",
        431: "The headers are too large",
        503: "The index cannot answer at the moment",
    }.items()
}
UNCHANGED: dict[int | str, dict[str, object]] = {
    304: {"description": "Unchanged: If-None-Match has the ETag of the present answer"}
}


def forms(*media: str) -> dict[int | str, dict[str, object]]:
    """Return the OpenAPI responses of a route: media types besides JSON, and errors."""
    return {200: {"content": {each: {} for each in media}}, **UNCHANGED, **FAULTS}


class ForceList(Model):
    """Hits of one force."""

    force: Force
    words: str = Field(description="the force as a person reads it")
    hits: tuple[api.Record, ...]


class SearchPage(Model):
    """One page of a search."""

    absent: bool = Field(description="True: no passage says what was asked; the hits are only the nearest")
    state: Literal["answered", "probably-nothing", "nothing"] = Field(
        description="'nothing': no passage has what the query requires, for certain; 'probably-nothing': an estimate"
    )
    message: str = ""
    query: str
    mode: str
    total: int = Field(description="number of passages that match; 0 if only the nearest are shown")
    at_most: bool = Field(
        False,
        description="True if only a part of a large index was compared: repeated passages may be counted",
    )
    near: int = Field(0, description="number of hits of this page that do not match: they are only near in meaning")
    worded: int = Field(
        0,
        description="with filters and 'probably-nothing': passages that have words of the query, which is what a "
        "filter's count says; none of them counts as a match",
    )
    lists: tuple[ForceList, ...] = Field(description="one list for each force that has hits, strongest force first")
    facets: Mapping[str, Mapping[str, int]] = Field(default_factory=dict)
    next: str | None = Field(None, description="cursor of the next page; null on the last page")
    index: str


class Documents(Model):
    """What is in the index."""

    documents: tuple[api.DocumentInfo, ...]


class PassageName(Model):
    """A passage of a document."""

    id: str
    citation: str
    wording: Wording


class DocumentPage(Model):
    """A document with its passages, in source order, headings left out."""

    document: api.DocumentInfo
    passages: tuple[PassageName, ...]


class Coverages(Model):
    """What is here, and what is not."""

    sources: tuple[api.Coverage, ...]


class Criteria(Model):
    """The framework's criteria."""

    note: str
    criteria: tuple[api.CriterionInfo, ...]


class Facets(Model):
    """Facet to term to number of passages."""

    facets: Mapping[str, Mapping[str, int]]


class Resolved(Model):
    """The passages that a W3C selector points at."""

    passages: tuple[api.Record, ...]


def search_page(found: api.SearchAnswer, page: int, limit: int, explain: bool, asked: Cursor) -> SearchPage:
    """Return one page of an answer: of each force the hits from `page` × `limit` on; reasons only with `explain`."""
    lists, more = [], False
    for force, hits in found.by_force.items():
        here = hits[page * limit : (page + 1) * limit]
        more = more or len(hits) == (page + 1) * limit
        if here:
            kept = here if explain else tuple(hit.model_copy(update={"why": {}, "score": None}) for hit in here)
            lists.append(ForceList(force=force, words=FORCE_WORDS[force], hits=kept))
    following = asked.after(page) if more and lists and page < LAST_PAGE else None
    return SearchPage(
        absent=found.absent,
        state=found.state,
        message=found.message,
        query=found.query,
        mode=found.mode,
        total=found.total,
        at_most=found.at_most,
        near=sum(not hit.matches for each in lists for hit in each.hits),
        worded=found.worded,
        lists=tuple(lists),
        facets=found.facets,
        next=following,
        index=found.index,
    )
