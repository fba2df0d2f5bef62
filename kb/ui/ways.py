"""Addresses that the server answers before a page is drawn: the choice of a language, and unknown addresses.

The language is chosen by a plain link, so that a click works before the page's script has loaded. An unknown address
leads to the app's own page for it.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qs, quote, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from kb.ui.places import START

OF_THE_SERVER = frozenset({"_stcore", "static", "media", "component", "app", "auth", "oauth2callback"})
"""First parts of addresses that Streamlit itself answers."""
MISSING, LANGUAGE = "missing", "language"
TYPED = {"code": "coding", "find": "search", "overview": "matrix", "reader": "read"}
"""Names of sections and pages that people may type, to the address of the page."""
COOKIE = "kb-language"
"""Cookie with the language that the reader chose; sent to this app only."""
YEAR = 365 * 24 * 60 * 60
"""Seconds that the cookie is kept: one year."""


def strange(path: str, pages: frozenset[str]) -> str:
    """Return the path that is not one of `pages`; '' for a page, the start page, a file, or an address that Streamlit
    answers. START is returned too: the start page has the empty path, and Streamlit knows no page of that name."""
    parts = [part for part in path.split("/") if part]
    if parts == [START]:
        return START
    if not parts or parts[0] in OF_THE_SERVER or parts[-1] in pages or "." in parts[-1]:
        return ""
    return "/".join(parts)


def back(to: str, pages: frozenset[str]) -> str:
    """Return the address to go to after a language was chosen: the page that was open, with its query; '' (the start
    page) if it is START or no page."""
    name, _, query = to.partition("?")
    if name not in pages:
        return ""
    kept = urlencode(parse_qs(query, keep_blank_values=True), doseq=True)
    name = "" if name == START else name
    return f"{name}?{kept}" if kept else name


class OnlyKnownPages:
    """ASGI middleware that redirects: from an unknown address to the page for it, and after the choice of a language
    back to the page that was open."""

    def __init__(
        self,
        app: ASGIApp,
        pages: frozenset[str],
        languages: frozenset[str],
    ) -> None:
        self.app, self.pages, self.languages = app, pages, languages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; anything that does not ask for an HTML page is passed on."""
        asked = strange(scope["path"], self.pages) if _reads(scope) else ""
        if not asked:
            await self.app(scope, receive, send)
            return
        root = scope.get("root_path", "")
        headers = [(b"cache-control", b"no-store")]
        given = {key: values[0] for key, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        if asked == LANGUAGE and given.get("to") in self.languages:
            to = back(given.get("back", ""), self.pages)
            kept = f"{COOKIE}={given['to']}; Path=/; Max-Age={YEAR}; SameSite=Strict"
            headers.append((b"set-cookie", kept.encode()))
        elif asked == START:
            to = back(f"{START}?{scope['query_string'].decode('latin-1')}", self.pages)
        elif TYPED.get(asked.casefold(), asked.casefold()) in self.pages:
            query = scope["query_string"].decode("latin-1")
            name = TYPED.get(asked.casefold(), asked.casefold())
            to = f"{name}?{urlencode(parse_qs(query, keep_blank_values=True), doseq=True)}" if query else name
        else:
            to = f"{MISSING}?{urlencode({'page': asked})}"
        headers.append((b"location", quote(f"{root}/{to}", safe="/?&=%+-_.~").encode()))
        await send({"type": "http.response.start", "status": HTTPStatus.SEE_OTHER.value, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _reads(scope: Scope) -> bool:
    """Return whether the request asks for an HTML page."""
    accepts = [value for name, value in scope.get("headers", ()) if name.lower() == b"accept"]
    return bool(scope["type"] == "http" and scope["method"] == "GET" and any(b"text/html" in one for one in accepts))
