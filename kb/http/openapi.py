"""The OpenAPI description of the interface, with examples that are answers of the index."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from itertools import islice
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from kb import api
from kb.api.live import state
from kb.http import models
from kb.http.cursors import Cursor
from kb.http.negotiate import answer, dumped

EXAMPLES: dict[str, Callable[[], object]] = {
    "/search": lambda: _page("rural women land"),
    "/cite": lambda: api.cite("CRPD art. 33(2)"),
    "/resolve": lambda: {"passages": api.resolve_selector("urn:kb:passage:crpd/art33/2")},
    "/id/{id}": lambda: api.show("crpd/art33/2", around=0),
    "/documents": lambda: {"documents": api.documents()[:1]},
    "/coverage": lambda: {"sources": api.coverage()[:1]},
    "/criteria": lambda: {"note": models.SIX_AND_ONE, "criteria": _one_of_each()},
    "/facets": lambda: {"facets": _few(api.facets())},
}
"""Path to a function that makes its example."""

SHORT = frozenset(("/search", "/documents", "/coverage", "/criteria", "/facets"))
"""Paths whose answer is a list, of which the example has only the beginning."""

FEW = 3  # facets, and terms of each, that show what such an answer is like


def add_to(app: FastAPI) -> None:
    """Serve the description at /openapi.json; its examples are made when it is first requested."""

    @app.get("/openapi.json", include_in_schema=False)
    def openapi(request: Request) -> Response:
        """Return the description; its ETag is the index's, as the examples come from it."""
        # an index that cannot answer is a 503, not a description without examples
        return answer(request, state().version, "json", lambda: _with_examples(app.openapi()))


def _with_examples(plain: Mapping[str, Any]) -> dict[str, Any]:  # as FastAPI gives it
    """Add an answer of the live index at each path of the description."""
    description = deepcopy(dict(plain))
    for path, make in EXAMPLES.items():
        found = description["paths"][path]["get"]["responses"]["200"]
        found["content"]["application/json"]["example"] = json.loads(dumped(make()))
        found["description"] += "; the example is cut short" if path in SHORT else ""
    return description


def _page(question: str) -> models.SearchPage:
    """Return the first page of a search with one hit of each force."""
    found = api.search(question, per_force=1)
    return models.search_page(found, 0, 1, False, Cursor.of(question, (), "hybrid", 1, found.index))


def _one_of_each() -> list[api.CriterionInfo]:
    """Return the first criterion of a stated recommendation and the first of the derived row."""
    found = {each.kind: each for each in reversed(api.criteria())}
    return [found[kind] for kind in sorted(found, reverse=True)]


def _few(facets: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Return the first facets with the first terms of each."""
    return {name: dict(islice(terms.items(), FEW)) for name, terms in islice(facets.items(), FEW)}
