"""Each passage, entry, document and criterion at its identifier: /id/crpd/art33/2, as page, JSON, JSON-LD or
CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from kb import api
from kb.api.live import state
from kb.citing.reference_formats import csl
from kb.errors import NotFound
from kb.http import linked, models, pages
from kb.http.negotiate import MEDIA, Shape, answer, form_of, split_suffix

router = APIRouter()


@router.get(
    "/id/{id:path}",
    response_model=api.Shown | models.DocumentPage | api.CriterionInfo,
    responses=models.forms(*MEDIA.values()),
    summary="A resource at its identifier",
)
def resource(
    request: Request,
    id: Annotated[
        str,
        Path(
            max_length=400,
            openapi_examples={
                id: {"value": id, "summary": what}
                for id, what in {
                    "crpd/art33/2": "an entry of the register",
                    "paper/r5": "a passage, word for word",
                    "crpd": "a document",
                    "R1.a": "a criterion",
                    "crpd/art33/2.csl.json": "a reference, by suffix",
                }.items()
            },
            description="identifier of a passage, entry, document or criterion. A suffix (.html, .json, .jsonld, "
            ".csl.json) selects the form of the answer; without one, the Accept header does",
        ),
    ],
) -> Response:
    """Return a passage or entry with its neighbours, parts, official words and links; or a document; or a criterion."""
    id, suffix = split_suffix(id)
    if not id:
        raise NotFound("there is no identifier in this address.", do="Write one: /id/crpd/art33/2, /id/crpd, /id/R1.a.")
    return _kind(id).answer(request, id, form_of(request, tuple(MEDIA), suffix))


@dataclass(frozen=True)
class _Kind(Generic[Shape]):
    """A kind of resource: functions that return it by its identifier, render its page, and return its JSON-LD."""

    make: Callable[[str], Shape]
    page: Callable[[Shape], str]
    linked: Callable[[str], dict[str, object]]

    def answer(self, request: Request, id: str, form: str) -> Response:
        """Return the resource in one form."""
        version = state().version
        if form == "jsonld":
            return answer(request, version, form, lambda: self.linked(id))
        if form == "csl.json":
            return answer(request, version, form, lambda: [csl(api.reference(id))])
        return answer(request, version, form, lambda: self.make(id), self.page)


def _kind(id: str) -> _Kind[api.CriterionInfo] | _Kind[models.DocumentPage] | _Kind[api.Shown]:
    """Return the kind of an identifier: a criterion, a document, or else a passage or entry."""
    if "/" not in id and id in state().criteria:
        return _Kind(_criterion, pages.criterion, linked.criterion)
    if "/" not in id and id in state().documents:
        return _Kind(_document, pages.document, linked.document)
    return _Kind(api.show, pages.show, linked.passage)


def _criterion(id: str) -> api.CriterionInfo:
    """Return the criterion of an identifier."""
    return state().criteria[id]


def _document(id: str) -> models.DocumentPage:
    """Return a document with the identifiers and citations of its passages, in source order."""
    here = state()
    head = here.documents[id]
    items = (
        models.PassageName(id=p.id, citation=p.citation, wording=p.wording)
        for p in here.store.passages(id)
        if p.kind != "heading"
    )
    return models.DocumentPage(document=head, passages=tuple(items))
