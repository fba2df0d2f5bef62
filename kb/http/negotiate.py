"""Content negotiation: the form of an answer by suffix or Accept header, its ETag, and errors in the same forms (RFC
9457)."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kb.api.advice import for_programs, without_commands
from kb.errors import NotFound
from kb.http import pages
from kb.text import sha256_text

MEDIA = {
    "html": "text/html",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "csl.json": "application/vnd.citationstyles.csl+json",
}
"""Suffix to media type, the first one for browsers; longer suffixes are tried first."""


def split_suffix(path: str) -> tuple[str, str]:
    """Split an identifier and the form given by its suffix; '' for none: 'crpd/art33/2.csl.json' is ('crpd/art33/2',
    'csl.json')."""
    for suffix in sorted(MEDIA, key=len, reverse=True):
        if path.endswith(f".{suffix}") and len(path) > len(suffix) + 1:
            return path.removesuffix(f".{suffix}"), suffix
    return path, ""


def form_of(request: Request, offered: Sequence[str], suffix: str = "") -> str:
    """Return the form to answer in; JSON where no accepted form is offered. Raises NotFound for a suffix that is not
    offered."""
    if suffix:
        if suffix not in offered:
            raise NotFound(f"this is not offered as .{suffix}.", do=f"Forms are: {', '.join(offered)}.")
        return suffix
    best, best_q = "json", 0.0
    for part in request.headers.get("accept", "")[:1000].split(","):
        media, q = _media(part)
        form = next((each for each in offered if media in (MEDIA[each], _ANY.get(each))), None)
        form = "json" if media == "*/*" else form
        if form and q > best_q:
            best, best_q = form, q
    return best


_ANY = {"html": "text/*", "json": "application/*"}
"""Wildcard media types that include a form."""


def _media(part: str) -> tuple[str, float]:
    """Return media type and quality of one part of an Accept header; quality 0 if it cannot be parsed."""
    media, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media.lower(), min(1.0, max(0.0, float(value)))
            except ValueError:
                return media.lower(), 0.0
    return media.lower(), 1.0


def etag_of(identity: str, request: Request, form: str) -> str:
    """Return the ETag of an answer, from the identity of the index, the address and the form; equal means the same
    bytes."""
    return f'"{sha256_text(f"{identity} {request.url.path}?{request.url.query} {form}")[:32]}"'


Shape = TypeVar("Shape")


def answer(
    request: Request, identity: str, form: str, make: Callable[[], Shape], page: Callable[[Shape], str] | None = None
) -> Response:
    """Return an answer in one form, or 304 where the client has it already; `make` gives the data, `page` its HTML."""
    etag = etag_of(identity, request, form)
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if etag in known:
        return Response(status_code=304, headers=headers)
    body = _kept.get(etag)
    if body is None:
        data = for_programs(make())
        html = form == "html" and page is not None
        body = page(data).encode("utf-8", "xmlcharrefreplace") if html and page else dumped(data)
        _keep(etag, body)
    if "*" in known:  # whatever the client has, if there is anything at this address (RFC 9110, 13.1.2)
        return Response(status_code=304, headers=headers)
    media = f"{MEDIA[form]}; charset=utf-8" if form == "html" else MEDIA[form]
    return Response(body, media_type=media, headers=headers)


KEPT, KEPT_BYTES = 2000, 200_000
"""Answers in the cache (the oldest is dropped first), and the most bytes of one: 20 MB with pages of the usual 10
kB."""
_kept: OrderedDict[str, bytes] = OrderedDict()


def _keep(etag: str, body: bytes) -> None:
    if len(body) <= KEPT_BYTES:
        _kept[etag] = body
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def dumped(data: object) -> bytes:
    """Return a value, which may contain pydantic models, as JSON."""
    return json.dumps(data, default=lambda each: each.model_dump(mode="json"), ensure_ascii=False).encode(
        "utf-8", "replace"
    )


def read_only(request: Request) -> Response:
    """Return the answer to a method that is not offered; it names those that are."""
    words = "Only GET and HEAD are offered: the server is read-only."
    # 405: the address is there, not for this method (RFC 9110, 15.5.6)
    answer = problem(request, 405, words, "See /openapi.json.")
    answer.headers["Allow"] = "GET, HEAD"
    return answer


def _form_of_error(request: Request) -> str:
    """Return the form of an error: the suffix or `format` of the address takes precedence over the header."""
    suffix = request.scope.get("kb.form", "") or split_suffix(request.url.path)[1]
    asked = suffix or request.query_params.get("format", "")
    if asked in MEDIA:
        return "html" if asked == "html" else "json"
    return form_of(request, ("html", "json"))


def problem(request: Request, status: int, title: str, detail: str) -> Response:
    """Return an error as a page, or as problem details (RFC 9457). It advises no command, as HTTP users have no command
    line."""
    detail = without_commands(detail)
    if _form_of_error(request) == "html":
        return HTMLResponse(pages.error(title, detail), status_code=status)
    body: Mapping[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(dumped(body), status_code=status, media_type="application/problem+json")
