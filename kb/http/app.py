"""The web application: routes over `kb.api`, behind the checks of `kb.http.guard`.

Numbers: status codes of HTTP (RFC 9110).
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kb.errors import IndexError_, InputError, KBError, NotFound
from kb.http import lists, openapi, resources
from kb.http.guard import Guard
from kb.http.known import only_known
from kb.http.negotiate import problem, read_only

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class ServerOptions:
    """How the server is run.

    hosts: allowed names in a request's Host header (protects against DNS rebinding); origins: web pages of other sites
    that may read answers (CORS), none by default; rate, burst: requests per second and at once for each client address;
    policies: whether answers contain policies of the library, no by default.
    """

    hosts: tuple[str, ...] = LOOPBACK
    origins: tuple[str, ...] = ()
    rate: float = 50.0  # a person clicks once a second, a program that harvests politely needs ten
    burst: int = 200  # a page with its neighbours and a search as one types
    policies: bool = False  # whether the policies of the library are served, drafts among them


def create_app(options: ServerOptions | None = None) -> FastAPI:
    """Create the application. Nothing in it writes; every route is GET or HEAD."""
    options = options or ServerOptions()
    app = FastAPI(
        title="Social-integration knowledge base",
        version=_version(),
        description=_ABOUT,
        openapi_url=None,  # kb.http.openapi offers it, with examples
        docs_url=None,  # its page loads scripts from elsewhere; /openapi.json is enough for programs
        redoc_url=None,
        license_info={"name": "Apache-2.0"},
    )
    app.include_router(lists.router, dependencies=[Depends(only_known)])
    app.include_router(resources.router, dependencies=[Depends(only_known)])
    openapi.add_to(app)
    app.add_exception_handler(KBError, _kb_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    if options.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(options.origins),
            allow_methods=["GET", "HEAD"],
            allow_headers=["If-None-Match"],  # else a page could not ask whether an answer changed
            expose_headers=["ETag", "Retry-After"],
        )
    app.add_middleware(Guard, hosts=options.hosts, rate=options.rate, burst=options.burst, policies=options.policies)
    return app


_ABOUT = """Commitments of States on social integration: verbatim words with citation and force, and this project's own
statements, which are marked and stand in a field of their own. Read-only. Hits of different force are listed apart; an
answer says first whether anything says what was asked (`absent`)."""


def _version() -> str:
    from importlib.metadata import version

    return version("kb")


def _kb_error(request: Request, error: Exception) -> Response:
    """Answer 400 or 404 for a wrong request; 503 for an index that cannot answer (the server works, its data does
    not)."""
    status = 404 if isinstance(error, NotFound) else 400 if isinstance(error, InputError) else 503
    title = {404: "Not found", 400: "This request cannot be read"}.get(status, "No answer at the moment")
    words = error.what if isinstance(error, IndexError_) else str(error)  # no paths of the server in an answer
    return problem(request, status, title, words)


def _invalid(request: Request, error: Exception) -> Response:
    """Answer 422 for a parameter of the wrong type or size."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    words = "; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in faults[:5])
    return problem(request, 422, "A parameter is not as it should be", words)


def _http_error(request: Request, error: Exception) -> Response:
    """Answer an address that does not exist, or a method that is not offered."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return read_only(request)
    words = {404: "There is nothing at this address."}
    answer = problem(request, status, words.get(status, "The request cannot be answered."), "See /openapi.json.")
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer
