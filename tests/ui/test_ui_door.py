"""Which requests the app answers: those of this machine's browser at the app's own address (no DNS rebinding, no other
page, no network)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kb.ui.door import POLICY, OnlyThisMachine, refusal


def why(host: str | None = "localhost:8501", origin: str | None = None, client: str | None = "127.0.0.1") -> str:
    pairs = [(name, value.encode()) for name, value in ((b"host", host), (b"Origin", origin)) if value is not None]
    return refusal(pairs, client)


@pytest.mark.parametrize("host", ["localhost:8501", "localhost", "LOCALHOST:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_the_apps_own_address_is_answered(host: str) -> None:
    assert why(host) == "" and why(host, f"http://{host}") == ""


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "evil@localhost",
        "localhost:x",
        "10.0.0.5:8501",
        "0.0.0.0:8501",
        "localhost/x",
        "[::1",
        "2130706433",
    ],
)
def test_another_name_for_this_machine_is_refused(host: str | None) -> None:
    assert why(host) == "the app is opened as localhost"


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "http://localhost:9999",
        "http://127.0.0.1:8501",
        "http://localhost:8501.evil.example",
        "ftp://localhost:8501",
        "localhost:8501",
    ],
)
def test_a_page_of_another_address_is_refused_even_one_of_this_machine(origin: str) -> None:
    assert why(origin=origin) == "a page of another address asks"


@pytest.mark.parametrize("client", ["192.168.1.7", "10.0.0.1", "8.8.8.8", "fe80::1", "::ffff:10.0.0.1", "nonsense"])
def test_other_machines_are_refused_whatever_they_write(client: str) -> None:
    assert why(client=client) == "requests come from this machine alone"


def test_two_hosts_or_two_origins_are_refused() -> None:
    assert refusal([(b"host", b"localhost"), (b"host", b"localhost")], "::1")
    assert refusal([(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"origin", b"http://localhost")], "::1")


def call(scope: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages that the middleware sends for a request, around an app that answers everything."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"Content-Security-Policy", b"none")]})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(OnlyThisMachine(app)(scope, None, send))
    return sent


def test_every_answer_forbids_the_browser_to_reach_elsewhere() -> None:
    scope = {"type": "http", "client": ("127.0.0.1", 1)}
    for host, status in ((b"localhost", 200), (b"evil.example", 403)):
        start = call({**scope, "headers": [(b"host", host)]})[0]
        assert start["status"] == status
        assert [value for name, value in start["headers"] if name.lower() == b"content-security-policy"] == [
            POLICY.encode()
        ]


def test_a_socket_of_another_page_is_closed_before_it_opens() -> None:
    scope = {
        "type": "websocket",
        "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"localhost:8501"), (b"origin", b"http://evil.example")],
    }
    assert [message["type"] for message in call(scope)] == ["websocket.close"]
