"""The description of the interface for programs, with examples that are answers of the index itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from kb import api
from kb.api.live import state
from kb.http import models
from kb.http.cursors import Cursor
from kb.http.negotiate import dumped

EXAMPLES: dict[str, Callable[[], Any]] = {
    "/search": lambda: _page("rural women land"),
    "/cite": lambda: api.cite("CRPD art. 33(2)"),
    "/resolve": lambda: {"passages": api.resolve_selector("urn:kb:passage:crpd/art33/2")},
    "/id/{id}": lambda: api.show("crpd/art33/2", around=0),
}
"""Path to the answer that stands in the description; lists of everything would be too long for one."""


def add_to(app: FastAPI) -> None:
    """Offer the description at /openapi.json; its examples are made when it is first asked for."""

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        """The description with examples."""
        state()  # an index that cannot answer is a 503, not a description without examples
        description = app.openapi()
        for path, make in EXAMPLES.items():
            content = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
            if "example" not in content:
                content["example"] = json.loads(dumped(make()))
        return Response(dumped(description), media_type="application/json")


def _page(question: str) -> dict[str, Any]:
    """The first page of a search with one hit of each force."""
    found = api.search(question, per_force=1)
    return models.search_page(found, 0, 1, False, Cursor.of(question, (), "hybrid", 1, found.index))
