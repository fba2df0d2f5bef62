"""Who may talk to the app: a browser on this machine that opened the app's own address, and nobody else.

What is checked here is where a request comes from, whoever has signed in. A page of the internet that the same browser
shows can send requests to this machine, and by DNS rebinding under a name of its own; both differ in Host or Origin.
Answers carry a policy under which the browser itself refuses to load or send anything elsewhere.
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
    """Why a request is not answered, '' when it is. `client` is the address it comes from, None for a local socket;
    `names` are public names under which a web server on this machine passes requests on."""
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
    """Whether an Origin names the very host and port that were asked."""
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _name(address: str) -> str:
    """The host name of an address, '' where it is broken or holds more than a host and a port."""
    try:
        parts = urlsplit(address)
        plain = "@" not in parts.netloc and not (parts.path or parts.query or parts.fragment) and (parts.port or 1)
    except ValueError:
        return ""
    return (parts.hostname or "") if plain else ""


def _is_here(client: str) -> bool:
    """Whether an address is one of this machine's own loop."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def public_names() -> frozenset[str]:
    """Names under which others reach the app (KB_APP_NAMES, with spaces between them). Only where people sign in:
    without accounts there are none."""
    if settings().people is None:
        return frozenset()
    return frozenset(os.environ.get("KB_APP_NAMES", "").lower().split())


class OnlyThisMachine:
    """ASGI middleware that answers what `refusal` allows and closes on the rest."""

    def __init__(self, app: ASGIApp, names: frozenset[str] = frozenset()) -> None:
        self.app, self.names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket; start and stop of the server pass."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif why := refusal(scope["headers"], (scope.get("client") or (None,))[0], self.names):
            await _refuse(scope, send, why)
        else:
            await self.app(scope, receive, _with_policy(send))


async def _refuse(scope: Scope, send: Send, why: str) -> None:
    """403 with the reason; a socket is closed before it opens, which servers answer with 403 as well."""
    if scope["type"] == "websocket":
        # 1008: against the policy of the server (RFC 6455, 7.4.1)
        await send({"type": "websocket.close", "code": 1008, "reason": why})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"Refused: {why}.\n".encode()})


def _with_policy(send: Send) -> Send:
    """`send` that adds the headers above to the beginning of an answer."""

    async def sending(message: Message) -> None:
        """Pass a message on, with the headers added to the beginning of an answer."""
        if message["type"] == "http.response.start":
            ours = {name for name, _ in _HEADERS}
            kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in ours]
            message = {**message, "headers": [*kept, *_HEADERS]}
        await send(message)

    return sending
