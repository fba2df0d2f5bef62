"""Each passage, entry, document and criterion at its identifier: /id/crpd/art33/2, as page, JSON, JSON-LD or
CSL-JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from kb import api
from kb.api.live import state
from kb.citing.reference_formats import csl
from kb.errors import NotFound
from kb.http import models, pages
from kb.http.negotiate import MEDIA, answer, form_of, split_suffix

router = APIRouter()


@router.get("/id/{id:path}", response_model=api.Shown, responses=models.FAULTS, summary="A resource at its identifier")
def resource(
    request: Request,
    id: Annotated[
        str,
        Path(
            min_length=1,
            max_length=400,
            examples=["crpd/art33/2", "paper/r5", "crpd", "R1.a"],
            description="identifier of a passage, entry, document or criterion; a suffix (.html, .json, .jsonld, .csl.json) chooses "
            "the form, else the Accept header does",
        ),
    ],
) -> Response:
    """A passage or entry with its neighbours, parts, official words and links; a document; or a criterion."""
    id, suffix = split_suffix(id)
    kind, page, offered = _kind(id)
    form = form_of(request, offered, suffix)
    made = {"jsonld": lambda: _linked(id), "csl.json": lambda: [csl(api.reference(id))]}
    return answer(request, state().identity, form, made.get(form, lambda: kind(id)), page)


def _kind(id: str) -> tuple[Any, Any, tuple[str, ...]]:
    """What an identifier names: the function that gives it, its page, and the forms it is offered in."""
    if "/" not in id and id in state().criteria:
        return _criterion, pages.criterion, ("html", "json")
    if "/" not in id and id in state().documents:
        return _document, pages.document, ("html", "json", "csl.json")
    return api.show, pages.show, tuple(MEDIA)


def _criterion(id: str) -> api.CriterionInfo:
    """One criterion."""
    return state().criteria[id]


def _document(id: str) -> dict[str, Any]:
    """A document with the identifiers and citations of its passages, in source order."""
    here = state()
    head = here.documents[id]
    items = [
        {"id": p.id, "citation": p.citation, "wording": p.wording}
        for p in here.store.passages(id)
        if p.kind != "heading"
    ]
    return {"document": head, "passages": items}


def _linked(id: str) -> dict[str, Any]:
    """A passage as W3C Web Annotations (JSON-LD): one for its words, one for each of its tags; the record beside
    them."""
    from kb.export.annotation import CONTEXT, annotations_of

    here = state()
    passage = here.store.get(id)
    if passage is None:
        raise NotFound(f"no passage '{id}'.", do="Find it with /search.")
    return {
        "@context": CONTEXT,
        "type": "AnnotationPage",
        "id": f"urn:kb:passage:{id}",
        "kb:record": here.record(passage).model_dump(mode="json"),
        "items": list(annotations_of(here.bench.row(passage), here.bench.text_of(passage.document))),
    }
