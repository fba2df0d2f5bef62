"""Where a download may connect: public addresses only, the address that was checked, for a limited time."""

from __future__ import annotations

import ipaddress
import threading

import pytest

pytest.importorskip("httpx")
import httpcore
import httpx

from kb.errors import RefusedError
from kb.sources.reach import CheckedBackend, Deadline, is_public, transport

INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "2002:7f00:1::",
    "2002:808:808::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "64:ff9b::7f00:1",
    "64:ff9b::c0a8:101",
    "64:ff9b:1::808:808",
    "100::1",
]
OUTSIDE = ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_this_machine_its_network_and_reserved_ones_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


class Recorder(httpcore.MockBackend):
    """A network backend that answers every connection with one short text and records the address; those in `dead` do
    not answer."""

    def __init__(self, *dead: str) -> None:
        super().__init__([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"])
        self.went: list[str] = []
        self.dead = dead

    def connect_tcp(self, host: str, *args: object, **more: object) -> httpcore.NetworkStream:
        self.went.append(host)
        if host in self.dead:
            raise httpcore.ConnectError("no answer")
        return super().connect_tcp(host, *args, **more)


def ask(url: str, recorder: Recorder, names: dict[str, list[list[str]]], seconds: float = 60) -> httpx.Response:
    """Send one request; `names` gives the successive answers of the resolver."""
    backend = CheckedBackend(Deadline(seconds), lambda host, _: names[host].pop(0), is_public, recorder)
    with httpx.Client(transport=transport(backend)) as client:
        return client.get(url)


def test_the_connection_goes_to_the_address_that_was_checked_and_not_to_the_name_again() -> None:
    recorder, names = Recorder(), {"site.example": [["8.8.8.8"], ["127.0.0.1"]]}
    answer = ask("http://site.example/a", recorder, names)
    assert recorder.went == ["8.8.8.8"] and names["site.example"] == [["127.0.0.1"]]
    assert answer.request.headers["host"] == "site.example"


def test_encrypted_connections_go_the_same_way() -> None:
    recorder = Recorder()
    ask("https://site.example/a", recorder, {"site.example": [["8.8.8.8"]]})
    assert recorder.went == ["8.8.8.8"]


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["fe80::1%eth0"], ["::ffff:192.168.0.1"]]
)
def test_a_name_with_any_address_inside_is_refused_before_a_connection(addresses: list[str]) -> None:
    recorder = Recorder()
    with pytest.raises(RefusedError, match="no public address"):
        ask("https://site.example/", recorder, {"site.example": [addresses]})
    assert recorder.went == []


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "localhost", "[::ffff:127.0.0.1]"]
)
def test_no_way_of_writing_this_machine_gets_through(host: str) -> None:
    recorder = Recorder()
    from kb.sources.reach import system_resolver

    backend = CheckedBackend(Deadline(60), system_resolver, is_public, recorder)
    with (
        httpx.Client(transport=transport(backend)) as client,
        pytest.raises((RefusedError, httpx.ConnectError, httpx.InvalidURL)),
    ):
        client.get(f"http://{host}/")
    assert recorder.went == []


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    recorder = Recorder("8.8.8.8")
    assert ask("http://site.example/", recorder, {"site.example": [["8.8.8.8", "1.1.1.1"]]}).text == "ok"
    assert recorder.went == ["8.8.8.8", "1.1.1.1"]


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    recorder = Recorder()
    ask("http://site.example/", recorder, {"site.example": [["8.8.8.8"]]})
    assert recorder.went == ["8.8.8.8"]


def test_a_resolver_that_does_not_answer_ends_with_the_time() -> None:
    held = threading.Event()
    backend = CheckedBackend(Deadline(0.05), lambda *_: held.wait(30) or [], is_public, Recorder())
    with httpx.Client(transport=transport(backend)) as client, pytest.raises(httpx.ConnectTimeout):
        client.get("http://site.example/")
    held.set()


def test_every_wait_is_as_long_as_the_time_limit_allows() -> None:
    now = [0.0]
    deadline = Deadline(10, clock=lambda: now[0])
    assert deadline.within(30, httpcore.ReadTimeout) == 10 and deadline.within(3, httpcore.ReadTimeout) == 3
    now[0] = 11
    with pytest.raises(httpcore.ReadTimeout):
        deadline.within(30, httpcore.ReadTimeout)
