"""Addresses that the server answers itself: a language is chosen by a plain link, and an unknown address leads to our
own page, also before the script is loaded."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest

from kb.ui.ways import OnlyKnownPages, back, strange

PAGES = frozenset({"start", "search", "coding"})


def answer(path: str, query: str = "", accept: str = "text/html,*/*", method: str = "GET") -> dict[str, str]:
    """Return the headers of our own answer; {} if the app answers."""
    sent = []

    async def app(scope, receive, send):
        """The app behind the middleware."""

    async def send(message):
        """Record what is sent."""
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
    scope["headers"] = [(b"accept", accept.encode())]
    asyncio.run(OnlyKnownPages(app, PAGES, frozenset({"en", "fr"}))(scope, None, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]} if sent else {}


@pytest.mark.parametrize(
    "path", ["/", "", "/search", "/coding", "/_stcore/health", "/static/js/a.js", "/favicon.png", "/auth/login"]
)
def test_a_page_a_file_and_what_the_server_answers_pass(path):
    assert answer(path) == {} and strange(path, PAGES) == ""


@pytest.mark.parametrize("path", ["/codes", "/search/code", "/<script>", "/sucht"])
def test_an_address_that_no_page_has_leads_to_our_own_page(path):
    to = urlsplit(answer(path)["location"])
    assert (
        (to.scheme, to.netloc, to.path) == ("", "", "/missing") and to.query.startswith("page=") and "<" not in to.query
    )


@pytest.mark.parametrize(
    ("path", "query", "to"),
    [
        ("/code", "", "/coding"),
        ("/Code", "session=pilot", "/coding?session=pilot"),
        ("/find", "q=older+persons&page=2", "/search?q=older+persons&page=2"),
        ("/SEARCH", "", "/search"),
    ],
)
def test_the_name_of_a_door_typed_by_hand_opens_its_page(path, query, to):
    assert answer(path, query)["location"] == to


def test_a_program_that_asks_for_no_page_to_read_gets_what_the_server_says():
    assert answer("/code", accept="application/json") == {} and answer("/code", method="POST") == {}


def test_a_language_is_chosen_by_a_link_and_leads_back_to_the_page_that_was_open():
    given = answer("/language", "to=fr&back=search%3Fq%3Dolder%2Bpersons%26group%3Dyouth")
    assert given["set-cookie"].startswith("kb-language=fr; Path=/") and "SameSite=Strict" in given["set-cookie"]
    assert given["location"] == "/search?q=older+persons&group=youth"


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example/search", "nowhere", "search\r\nx: y", ""])
def test_the_way_back_never_leads_elsewhere(to):
    assert back(to, PAGES) == ""


def test_the_start_page_has_the_empty_path_and_no_name_of_its_own_is_ever_asked_of_the_server():
    assert answer("/language", "to=fr&back=start%3F")["location"] == "/"
    assert answer("/language", "to=fr&back=start%3Fq%3Dpension")["location"] == "/?q=pension"
    assert answer("/start")["location"] == "/" and answer("/start", "q=a+b")["location"] == "/?q=a+b"


def test_a_language_that_is_none_is_no_page():
    given = answer("/language", "to=xx")
    assert given["location"] == "/missing?page=language" and "set-cookie" not in given
