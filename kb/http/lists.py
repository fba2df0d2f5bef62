"""Routes that return lists: front page, search, citations, facets, documents, coverage, criteria, selectors."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.openapi.models import Example
from starlette.responses import Response

from kb import api
from kb.api.live import state
from kb.http import models, pages
from kb.http.cursors import Cursor
from kb.http.negotiate import MEDIA, answer, form_of

router = APIRouter()

Text = Annotated[str, Query(min_length=1, max_length=api.LONGEST_QUERY)]
Form = Annotated[
    Literal["html", "json"] | None,
    Query(
        alias="format",
        description="form of the answer; default: by the Accept header (a page for browsers, JSON for programs)",
    ),
]


def _form(request: Request, form: str | None) -> str:
    return form or form_of(request, ("html", "json"), request.scope.get("kb.form", ""))


def _examples(*values: str) -> dict[str, Example]:
    """Return working example values of a parameter for the OpenAPI description."""
    return {value: Example(value=value) for value in values}


PAGE = models.forms(MEDIA["html"])


@router.get("/", include_in_schema=False)
def home(request: Request) -> Response:
    """Return the front page: a search form and the documents of the index."""
    return answer(request, state().version, _form(request, None), api.documents, pages.home)


@router.get("/search", response_model=models.SearchPage, responses=PAGE, summary="Search passages")
def search(
    request: Request,
    q: Annotated[
        str,
        Query(
            max_length=api.LONGEST_QUERY,
            description='Plain words rank passages. Required are: "a phrase", pension* (beginning of a word), NEAR/8, '
            "AND, OR, NOT and group:older-persons",
            openapi_examples=_examples(
                "rural women land", '"guaranteed jobs for life"', "pension* group:older-persons"
            ),
        ),
    ],
    facet: Annotated[
        list[str],
        Query(
            max_length=20,
            description="filter NAME=VALUE; may be repeated. Of several values of one name, one is enough; different "
            "names must all match. With an empty q, everything that matches the filters is listed",
            openapi_examples={
                "force": {"value": ["force=legal"]},
                "two groups": {"value": ["group=women-girls", "group=youth"]},
            },
        ),
    ] = [],  # noqa: B006  (FastAPI copies it)
    mode: Annotated[
        Literal["hybrid", "lexical", "semantic"],
        Query(description="hybrid: by words and meaning; lexical: by words; semantic: by meaning"),
    ] = "hybrid",
    limit: Annotated[int, Query(ge=1, le=50, description="number of hits of each force on one page")] = 10,
    cursor: Annotated[
        str, Query(max_length=200, description="`next` of the previous page; empty for the first page")
    ] = "",
    explain: Annotated[
        bool, Query(description="whether to state why each hit was found and how it was ranked")
    ] = False,
    format: Form = None,
) -> Response:
    """Return the hits of a query in one list for each force, strongest force first. If `absent` is true, no passage
    here says what was asked, and the hits are only the nearest passages."""
    here = state()
    asked = Cursor.of(q, facet, mode, limit, here.identity)
    page = asked.page(cursor)

    def make() -> models.SearchPage:
        """Return the page of hits."""
        found = api.search(q, mode=mode, filters=asked.filters, per_force=limit * (page + 1))
        return models.search_page(found, page, limit, explain, asked)

    return answer(request, here.version, _form(request, format), make, lambda found: pages.search(found, asked))


@router.get("/cite", response_model=api.CitationAnswer, responses=PAGE, summary="What a citation means")
def cite(
    request: Request,
    q: Annotated[
        Text,
        Query(
            description="a citation as people write it",
            openapi_examples=_examples("CRPD art. 33(2)", "CRPD arts. 19 and 28", "art. 6"),
        ),
    ],
    format: Form = None,
) -> Response:
    """Return what a citation means: one place, several places, the candidates of an ambiguous citation, nothing, or a
    document that is not here. Nothing is guessed."""
    return answer(request, state().version, _form(request, format), lambda: api.cite(q), pages.cite)


@router.get("/documents", response_model=models.Documents, responses=PAGE, summary="Documents of the index")
def documents(request: Request, format: Form = None) -> Response:
    """Return the documents of the index, each with its force and the numbers of its passages in the source's words and
    in our own."""
    return answer(request, state().version, _form(request, format), _documents, pages.documents)


def _documents() -> models.Documents:
    return models.Documents(documents=api.documents())


@router.get("/coverage", response_model=models.Coverages, responses=PAGE, summary="What is here, and what is not")
def coverage(request: Request, format: Form = None) -> Response:
    """Return, for each source, whether its text is here, in which languages, and what is here only in this project's
    words."""
    make = lambda: models.Coverages(sources=api.coverage())
    return answer(request, state().version, _form(request, format), make, pages.coverage)


@router.get(
    "/criteria", response_model=models.Criteria, responses=PAGE, summary="Criteria that policies are set against"
)
def criteria(request: Request, format: Form = None) -> Response:
    """Return the criteria of 6 recommendations that the paper states and of 1 row that this project derived; the
    derived row is marked."""
    make = lambda: models.Criteria(note=models.SIX_AND_ONE, criteria=api.criteria())
    return answer(request, state().version, _form(request, format), make, pages.criteria)


@router.get("/facets", response_model=models.Facets, responses=PAGE, summary="Facets and their terms with counts")
def facets(request: Request, format: Form = None) -> Response:
    """Return the facets and terms that a filter may name, with numbers of passages."""
    make = lambda: models.Facets(facets=api.facets())
    return answer(request, state().version, _form(request, format), make, pages.facets)


@router.get("/resolve", response_model=models.Resolved, responses=models.forms(), summary="Passages at a W3C selector")
def resolve(
    request: Request,
    source: Annotated[
        str,
        Query(
            max_length=300,
            description="source of a Web Annotation target: urn:sha256:… of a source file, or urn:kb:passage:…",
            openapi_examples=_examples("urn:kb:passage:crpd/art33/2"),
        ),
    ],
    start: Annotated[
        int | None,
        Query(
            ge=0,
            le=2**31,
            description="TextPositionSelector.start: first character, counted from 0 in the source's decoded text",
        ),
    ] = None,
    end: Annotated[
        int | None, Query(ge=0, le=2**31, description="TextPositionSelector.end: position after the last character")
    ] = None,
    exact: Annotated[
        str, Query(max_length=api.LONGEST_QUERY, description="TextQuoteSelector.exact: the words to find")
    ] = "",
) -> Response:
    """Return the passages that a TextPositionSelector overlaps, or that contain the words of a TextQuoteSelector."""
    make = lambda: models.Resolved(passages=api.resolve_selector(source, start=start, end=end, exact=exact))
    return answer(request, state().version, form_of(request, ("json",), request.scope.get("kb.form", "")), make)
