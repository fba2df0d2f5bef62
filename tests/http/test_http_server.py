"""`kb serve` as a process: requests that are invalid, too slow, too large or too many, while it continues to answer
others."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from kb.cli.main import root as program
from kb.http import patience

QUICK = (
    "import sys; from kb.http import patience; patience.HEAD_SECONDS = 0.5; from kb.cli import main; main(sys.argv[1:])"
)


STARTS = 1200
"""Looks for the server, a tenth of a second apart: a busy machine takes a minute to start one."""


@pytest.fixture(scope="module")
def port(corpus_index, root, tmp_path_factory) -> Iterator[int]:
    """Return the port of a running server that waits half a second for a request's head."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    env = {**os.environ, "KB_INDEXES": str(corpus_index), "KB_CORPUS": str(root / "corpus"),
           "KB_WORKSPACE": str(tmp_path_factory.mktemp("workspace"))}  # fmt: skip
    command = [sys.executable, "-c", QUICK, "serve", "--port", str(number), "--rate", "100000", "--burst", "100000"]
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    for _ in range(STARTS):
        with closing(socket.socket()) as trial:
            if trial.connect_ex(("127.0.0.1", number)) == 0:
                break
        time.sleep(0.1)
    yield number
    process.terminate()
    process.wait(60)


def sent(port: int, *pieces: bytes, wait: float = 0.0) -> bytes:
    """Send these bytes, piece by piece; return the answer."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(wait)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except (ConnectionResetError, TimeoutError):
            pass
        return answer


GOOD = b"GET /id/paper/r5.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_it_answers_and_says_nothing_of_its_software(port):
    answer = sent(port, GOOD)
    assert status(answer) == 200 and b"recommendation 5" in answer and b"server:" not in answer.lower()


def test_the_body_of_an_answer_does_not_wait_until_its_head_is_acknowledged(monkeypatch):
    monkeypatch.setattr(patience.H11Protocol, "connection_made", lambda *_: None)
    monkeypatch.setattr(patience.PatientProtocol, "_wait", lambda _: None)
    with socket.socket() as tcp:
        protocol = patience.PatientProtocol.__new__(patience.PatientProtocol)
        protocol.connection_made(SimpleNamespace(get_extra_info=lambda name: tcp))
        assert tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    "bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /id/../../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZ\r\n",
    ],
)
def test_what_is_no_request_is_a_4xx(port, bytes):
    answer = sent(port, bytes)
    assert 400 <= status(answer) < 500 and b"root:" not in answer
    assert status(sent(port, GOOD)) == 200


def test_a_head_that_comes_letter_by_letter_is_ended(port):
    assert status(sent(port, b"GET / HTTP/1.1\r\nHost: ")) == 408
    assert status(sent(port, b"")) == 408


def test_connections_that_say_nothing_keep_nobody_out(port):
    idle = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(150)]
    try:
        assert status(sent(port, GOOD)) == 200
        time.sleep(1.0)  # twice the half second that is waited for a head
        assert all(connection.recv(12).startswith(b"HTTP/1.1 408") for connection in idle)
    finally:
        for connection in idle:
            connection.close()
    assert status(sent(port, GOOD)) == 200


@pytest.mark.parametrize(
    "head", [b"Transfer-Encoding: chunked\r\n", b"Content-Length: 999999999999\r\n"], ids=["chunks", "length"]
)
def test_a_body_without_end_is_refused_and_ended(port, head):
    """GET has no body: a long or endless one is refused and not read."""
    answer, piece = b"", b"400\r\n" + b"a" * 0x400 + b"\r\n" if b"chunked" in head else b"a" * 1024
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        connection.sendall(GOOD.replace(b"Connection: close\r\n", head))
        connection.settimeout(0.05)
        ended = False
        for _ in range(1200):  # a minute at most; the end is waited for, not timed
            try:
                part = connection.recv(65536)
                ended = not part
                answer += part
            except TimeoutError:
                pass
            except (ConnectionResetError, BrokenPipeError):
                ended = True
            if ended:
                break
            try:
                connection.sendall(piece)
            except TimeoutError:  # the server reads nothing more, and has not said so yet
                pass
            except (ConnectionResetError, BrokenPipeError):
                ended = True
                break
    assert ended and status(answer) == (411 if b"chunked" in head else 413)
    assert status(sent(port, GOOD)) == 200


def test_a_short_body_that_nobody_asked_for_is_left_unread(port):
    assert status(sent(port, GOOD.replace(b"Connection", b"Content-Length: 3\r\nConnection") + b"{ }")) == 200


def test_more_idle_connections_than_the_server_takes_keep_nobody_out(port):
    """`kb serve` accepts 200 at once; silent ones are closed in favour of those that send a request."""
    idle = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(300)]
    try:
        assert status(sent(port, GOOD)) == 200
    finally:
        for connection in idle:
            connection.close()


def test_clients_that_do_not_read_keep_nobody_out(port):
    slow = []
    try:
        for _ in range(60):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.connect(("127.0.0.1", port))
            connection.sendall(GOOD.replace(b"/id/paper/r5.json", b"/id/paper.json"))
            slow.append(connection)
        assert status(sent(port, GOOD)) == 200
    finally:
        for connection in slow:
            connection.close()


def test_a_flood_of_requests_on_one_connection_is_answered_or_told_to_wait(port):
    keep = GOOD.replace(b"Connection: close\r\n", b"")
    answer = sent(port, keep * 300 + GOOD)
    assert answer.count(b"HTTP/1.1 ") >= 1 and status(answer) in (200, 429)
    assert status(sent(port, GOOD)) == 200


def test_a_connection_is_kept_for_the_next_request(port):
    keep, answer = GOOD.replace(b"Connection: close\r\n", b""), b""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        for n in (1, 2):
            connection.sendall(keep)
            while answer.count(b"HTTP/1.1 200") < n and (part := connection.recv(1 << 20)):
                answer += part
    assert answer.count(b"HTTP/1.1 200") == 2


def test_an_address_for_others_needs_a_name():
    done = CliRunner().invoke(program, ["serve", "--host", "0.0.0.0"])
    assert done.exit_code and "--host-name" in str(done.exception)


def test_a_process_of_several_answers_by_the_options_that_were_handed_over(live_kb, monkeypatch):
    from starlette.testclient import TestClient

    from kb.http import ServerOptions, several

    monkeypatch.setenv(several.OPTIONS, "{}")
    several.hand_over(ServerOptions(hosts=("kb.example.org",), rate=1e9, burst=10**9))
    app = several.create()
    assert TestClient(app, base_url="http://kb.example.org").get("/documents").status_code == 200
    assert TestClient(app, base_url="http://localhost").get("/documents").status_code == 421


@pytest.mark.slow
def test_several_processes_answer_on_one_port_and_end_together(corpus_index, root, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    env = {**os.environ, "KB_INDEXES": str(corpus_index), "KB_CORPUS": str(root / "corpus"),
           "KB_WORKSPACE": str(tmp_path)}  # fmt: skip
    command = [sys.executable, "-m", "kb", "serve", "--port", str(number), "--processes", "2"]
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    try:
        answer = b""
        for _ in range(STARTS):
            with closing(socket.socket()) as trial:
                if trial.connect_ex(("127.0.0.1", number)) == 0:
                    answer = sent(number, GOOD)
                    break
            time.sleep(0.1)
        assert answer.startswith(b"HTTP/1.1 200")
    finally:
        process.terminate()
        process.wait(60)
    with closing(socket.socket()) as trial:
        assert trial.connect_ex(("127.0.0.1", number)) != 0


@pytest.mark.parametrize(("words", "level"), [(["--log"], "info"), ([], "warning")])
def test_requests_are_printed_where_that_is_asked_for(live_kb, monkeypatch, words, level):
    """Lines of requests have the level info: at another level they are not printed, whatever was requested."""
    import uvicorn

    asked = {}
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: asked.update(options))
    monkeypatch.setenv("KB_WITHOUT_POLICIES", "")  # set back behind the test
    CliRunner().invoke(program, ["serve", *words], catch_exceptions=False)
    assert (asked["access_log"], asked["log_level"]) == (bool(words), level)
