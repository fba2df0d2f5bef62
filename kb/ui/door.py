"""Check which requests the app answers: only those of a browser on this machine that opened the app's own address.

Only the origin of a request is checked here, not who has signed in. A web page of another site in the same browser
can send requests to this machine, even under its own host name (DNS rebinding); both are recognised by the headers
Host and Origin. Every answer carries a Content-Security-Policy, so that the browser does not load from or send to
another address.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.config import settings

_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "  # Streamlit styles inline; Vega compiles charts
    "connect-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Content-Security-Policy of every answer: nothing is loaded from, sent to or framed by any other address."""

_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


def refusal(headers: Iterable[tuple[bytes, bytes]], client: str | None, names: frozenset[str] = frozenset()) -> str:
    """Return the reason why a request is refused; '' if it is allowed.

    `client` is the address from which it comes, None for a local socket. `names` are public host names under which a
    web server on this machine forwards requests.
    """
    found: dict[bytes, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value.decode("latin-1"))
    host, origin = found.get(b"host", []), found.get(b"origin", [])
    if client is not None and not _is_here(client):
        return "requests come from this machine alone"
    if len(host) != 1 or _name(f"//{host[0]}") not in _NAMES | names:
        return "the app is opened as localhost"
    if len(origin) > 1 or (origin and not _same_place(origin[0], host[0])):
        return "a page of another address asks"
    return ""


def _same_place(origin: str, host: str) -> bool:
    """Return whether an Origin has the host and port of the request."""
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _name(address: str) -> str:
    """Return the host name in an address of the form host:port; '' if it is malformed or contains more than that."""
    try:
        parts = urlsplit(address)
        plain = "@" not in parts.netloc and not (parts.path or parts.query or parts.fragment) and (parts.port or 1)
    except ValueError:
        return ""
    return (parts.hostname or "") if plain else ""


def _is_here(client: str) -> bool:
    """Return whether an address is a loopback address."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def public_names() -> frozenset[str]:
    """Return the public names of the app (KB_APP_NAMES, separated by spaces); none without accounts."""
    if settings().people is None:
        return frozenset()
    return frozenset(os.environ.get("KB_APP_NAMES", "").lower().split())


class OnlyThisMachine:
    """ASGI middleware that passes on what `refusal` allows and refuses the rest."""

    def __init__(self, app: ASGIApp, names: frozenset[str] = frozenset()) -> None:
        self.app, self.names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or websocket; other messages (start and stop of the server) are passed on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif why := refusal(scope["headers"], (scope.get("client") or (None,))[0], self.names):
            await _refuse(scope, send, why)
        else:
            await self.app(scope, receive, _with_policy(send))


async def _refuse(scope: Scope, send: Send, why: str) -> None:
    """Answer with status 403 and the reason `why`. A websocket is closed before it opens, which servers also answer
    with 403."""
    if scope["type"] == "websocket":
        # 1008: against the policy of the server (RFC 6455, 7.4.1)
        await send({"type": "websocket.close", "code": 1008, "reason": why})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"Refused: {why}.\n".encode()})


def _with_policy(send: Send) -> Send:
    """Return a `send` that adds _HEADERS (the content security policy) to each answer."""

    async def sending(message: Message) -> None:
        """Pass a message on; if it starts an answer, add _HEADERS."""
        if message["type"] == "http.response.start":
            ours = {name for name, _ in _HEADERS}
            kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in ours]
            message = {**message, "headers": [*kept, *_HEADERS]}
        await send(message)

    return sending
