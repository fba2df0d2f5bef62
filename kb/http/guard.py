"""Checks before every route: Host header, limits of size and rate, and security headers on every answer.

Numbers: status codes of HTTP (RFC 9110, RFC 6585).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.api.live import for_others
from kb.http.negotiate import problem, read_only, split_suffix

LONGEST_ADDRESS = 8000
"""Characters of path and query; RFC 9110, 4.1 recommends at least 8000."""
LARGEST_HEADERS = 16_384
"""Bytes of all headers; browsers send about two thousand."""
LARGEST_BODY = 16_384
"""Bytes of a request body that is ignored: no request here needs one (RFC 9110, 9.3.1), but some programs send a
few."""
LISTS = ("/search", "/cite", "/documents", "/coverage", "/criteria", "/facets", "/resolve")
"""Paths of lists, which may have a suffix like resources."""
CLIENTS = 10_000
"""Client addresses whose rate is remembered; the one not seen for longest is forgotten first."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Rate:
    """A token bucket for each client: `burst` requests at once, refilled with `rate` per second."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Return the seconds until the client may send a request; 0 if it may now, and then the request is counted."""
        now = self.clock()
        left, at = self._left.pop(client, (float(self.burst), now))
        left = min(self.burst, left + (now - at) * self.rate)
        allowed = left >= 1
        self._left[client] = (left - 1 if allowed else left, now)
        if len(self._left) > CLIENTS:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self.rate


def _as_route(scope: Scope) -> Scope:
    """Adapt the request for the routes: HEAD becomes GET (the body is dropped later), and the suffix of a list's path
    becomes the requested form (/search.json)."""
    path, form = split_suffix(scope["path"])
    found = {**scope, "method": "GET"} if scope["method"] == "HEAD" else dict(scope)
    return {**found, "path": path, "raw_path": path.encode(), "kb.form": form} if form and path in LISTS else found


def _body_refused(request: Request) -> ASGIApp | None:
    """Return the answer that refuses a request because of its body, or None.

    The connection is then closed, so that the rest of the body is not read.
    """
    length = request.headers.get("content-length", "0")  # that it is a number is the protocol's to check
    if "transfer-encoding" in request.headers:
        answer = problem(request, 411, "The length of the body is not said", "Ask without a body.")
    elif length.isdecimal() and int(length[:20]) > LARGEST_BODY:  # 20 digits are more than any limit
        answer = problem(request, 413, "The body is too large", "Ask without a body: an address says all.")
    else:
        return None
    if request.method not in ("GET", "HEAD", "OPTIONS"):  # this error first: the method is wrong with or without a body
        answer = read_only(request)
    answer.headers["Connection"] = "close"
    return answer


class Guard:
    """ASGI middleware that refuses bad requests before anything is parsed, and adds headers to every answer."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], rate: float, burst: int, policies: bool = False) -> None:
        self.app, self.hosts, self.rate = app, {host.lower() for host in hosts}, Rate(rate, burst)
        self.policies = policies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it: 421 foreign Host, 411 body without a length, 413 body too large, 414 address
        too long, 431 headers too large, 429 too many requests."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        head_only = scope["method"] == "HEAD"

        async def marked(message: Message) -> None:
            """Add the headers to an answer; for HEAD, drop its body."""
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            elif head_only:
                message = {**message, "body": b""}
            await send(message)

        refusal = self._refusal(scope)
        asked = for_others.set(not self.policies)
        try:
            await (refusal or self.app)(_as_route(scope), receive, marked)
        finally:
            for_others.reset(asked)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        """Return the answer that refuses a request, or None."""
        request = Request(scope)
        if not self._known_host(Headers(scope=scope).get("host", "")):
            return problem(
                request, 421, "This server has another name", "Ask it by a name it was started with (--host-name)."
            )
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return problem(request, 414, "The address is too long", f"At most {LONGEST_ADDRESS:,} characters are read.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            return problem(request, 431, "The headers are too large", f"At most {LARGEST_HEADERS:,} bytes are read.")
        if refusal := _body_refused(request):
            return refusal
        client = scope["client"][0] if scope.get("client") else ""
        if wait := self.rate.wait(client):
            answer = problem(request, 429, "Too many requests", f"Wait {wait:.1f} seconds.")
            answer.headers["Retry-After"] = str(max(1, round(wait)))
            return answer
        return None

    def _known_host(self, host: str) -> bool:
        """Return whether a Host header, without its port, is one of the server's names."""
        name = host.lower()
        name = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() and not name.endswith("]") else name
        return name in self.hosts or "*" in self.hosts
