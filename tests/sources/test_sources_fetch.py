"""Downloads from a real server on loopback: redirects, interruptions, wrong types, refusals."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("httpx")
from kb.errors import InputError, NotFound, RefusedError
from kb.sources.fetch import Rules, fetch

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 800


class Quiet(ThreadingHTTPServer):
    """A server that does not report clients who disconnect."""

    def handle_error(self, *_: object) -> None:
        """Print nothing."""


class Site(BaseHTTPRequestHandler):
    """A small web site whose paths misbehave as real sites do."""

    robots = "User-agent: *\nDisallow: /private\n"
    cuts = 0
    busy = 0
    seen: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        Site.seen.append((self.path, self.headers.get("Range")))
        getattr(self, "_" + (self.path.strip("/").split("/")[0].replace(".", "_") or "root"), self._missing)()

    def _send(self, body: bytes, kind: str = "application/pdf", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _robots_txt(self) -> None:
        if Site.robots.startswith("http"):
            self.send_response(302)
            self.send_header("Location", Site.robots)
            self.end_headers()
        else:
            self._send(Site.robots.encode(), "text/plain")

    def _missing(self) -> None:
        self._send(b"no", "text/html", 404)

    def _text(self) -> None:
        self._send(PDF, ETag='"one"')

    _private = _text

    def _moved(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/text")
        self.end_headers()

    def _round(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/round")
        self.end_headers()

    def _away(self) -> None:
        self.send_response(302)
        self.send_header("Location", "ftp://example.org/text")
        self.end_headers()

    def _cut(self) -> None:
        """Break off in the middle as often as `cuts` says, then serve the rest by range."""
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", "application/pdf")
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(PDF) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(PDF) - 1}/{len(PDF)}")
        self.end_headers()
        stop = len(PDF)
        if Site.cuts:
            Site.cuts -= 1
            stop = start + (len(PDF) - start) // 2
        self.wfile.write(PDF[start:stop])

    def _huge(self) -> None:
        self._send(PDF * 10)

    def _endless(self) -> None:
        """Send a body over the limit without stating its length."""
        self.send_response(200)
        self.send_header("Content-Type", "application/pdf")
        self.end_headers()
        self.wfile.write(PDF * 10)

    def _inside(self) -> None:
        """Redirect to a name with an address in the internal network."""
        self.send_response(302)
        self.send_header("Location", "http://inside.example/secret")
        self.end_headers()

    def _drip(self) -> None:
        """Send a body that never ends."""
        self.send_response(200)
        self.send_header("Content-Type", "application/pdf")
        self.send_header("ETag", '"one"')
        self.end_headers()
        for _ in range(100_000):
            self.wfile.write(b"%PDF")

    def _packed(self) -> None:
        self._send(gzip.compress(PDF), Content_Encoding="gzip")

    def _bomb(self) -> None:
        self._send(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    def _brotli(self) -> None:
        self._send(b"x", Content_Encoding="br")

    def _picture(self) -> None:
        self._send(b"\x89PNG", "image/png")

    def _liar(self) -> None:
        self._send(b"<html>Please log in</html>", "application/pdf")

    def _busy(self) -> None:
        if Site.busy:
            Site.busy -= 1
            self._send(b"", "text/plain", 503, Retry_After="3")
        else:
            self._text()

    def _closed(self) -> None:
        self._send(b"", "text/plain", 429, Retry_After="86400")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.robots, Site.cuts, Site.busy, Site.seen = "User-agent: *\nDisallow: /private\n", 0, 0, []
    server = Quiet(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def rules(waits: list[float] | None = None, **more: object) -> Rules:
    return Rules(
        **(
            {
                "schemes": ("http",),
                "delay": 0,
                "timeout": 5,
                "sleep": (waits if waits is not None else []).append,
                "may_reach": lambda address: address.is_loopback,
            }
            | more
        )
    )


def test_a_text_is_saved_with_hash_type_and_size(site: str, tmp_path: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    got = fetch(f"{site}/text", tmp_path, "crpd", rules=rules(), progress=lambda here, all_: steps.append((here, all_)))
    assert (tmp_path / "crpd.pdf").read_bytes() == PDF
    assert got.sha256 == hashlib.sha256(PDF).hexdigest() and got.bytes == len(PDF)
    assert steps[-1] == (len(PDF), len(PDF))
    assert [path.name for path in tmp_path.iterdir()] == ["crpd.pdf"]


def test_redirects_are_followed_and_reported(site: str, tmp_path: Path) -> None:
    got = fetch(f"{site}/moved", tmp_path, "crpd", rules=rules())
    assert got.final_url == f"{site}/text" and got.hosts == (site.removeprefix("http://"),)


@pytest.mark.parametrize(("path", "words"), [("round", "redirects more than"), ("away", "'ftp' is not allowed")])
def test_endless_redirects_and_other_schemes_are_refused(site: str, tmp_path: Path, path: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        fetch(f"{site}/{path}", tmp_path, "crpd", rules=rules())


def test_plain_http_is_refused_by_default(site: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="only https"):
        fetch(f"{site}/text", tmp_path, "crpd")


def test_a_broken_download_goes_on_where_it_stopped(site: str, tmp_path: Path) -> None:
    Site.cuts = 2
    fetch(f"{site}/cut", tmp_path, "crpd", rules=rules())
    assert (tmp_path / "crpd.pdf").read_bytes() == PDF
    assert [asked for path, asked in Site.seen if path == "/cut"][1] == f"bytes={len(PDF) // 2}-"
    assert len([path for path, _ in Site.seen if path == "/robots.txt"]) == 1


def test_what_has_come_is_kept_for_the_next_run(site: str, tmp_path: Path) -> None:
    Site.cuts = 1
    with pytest.raises(InputError, match="Run the same command again"):
        fetch(f"{site}/cut", tmp_path, "crpd", rules=rules(attempts=1))
    assert (tmp_path / "crpd.part").stat().st_size == len(PDF) // 2
    got = fetch(f"{site}/cut", tmp_path, "crpd", rules=rules())
    assert got.resumed_from == len(PDF) // 2 and (tmp_path / "crpd.pdf").read_bytes() == PDF


def test_a_part_of_another_address_is_not_continued(site: str, tmp_path: Path) -> None:
    (tmp_path / "crpd.part").write_bytes(b"%PDF other")
    (tmp_path / "crpd.part.json").write_text('{"url": "http://other", "validator": "x"}')
    fetch(f"{site}/text", tmp_path, "crpd", rules=rules())
    assert (tmp_path / "crpd.pdf").read_bytes() == PDF


@pytest.mark.parametrize("path", ["huge", "endless"])
def test_a_file_over_the_limit_is_refused_and_dropped(site: str, tmp_path: Path, path: str) -> None:
    with pytest.raises(RefusedError, match="over the limit"):
        fetch(f"{site}/{path}", tmp_path, "crpd", rules=rules(most_bytes=len(PDF)))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("path", "words"), [("picture", "image/png"), ("liar", "bytes say otherwise")])
def test_what_is_no_text_is_refused(site: str, tmp_path: Path, path: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        fetch(f"{site}/{path}", tmp_path, "crpd", rules=rules())
    assert not (tmp_path / "crpd.pdf").exists()


def test_an_address_with_nothing_there_is_not_found(site: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="404"):
        fetch(f"{site}/nothing", tmp_path, "crpd", rules=rules())


def test_robots_are_obeyed(site: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        fetch(f"{site}/private", tmp_path, "crpd", rules=rules())
    assert ("/private", None) not in Site.seen


def test_a_short_wait_is_waited_and_a_long_one_refused(site: str, tmp_path: Path) -> None:
    waits: list[float] = []
    Site.busy = 1
    fetch(f"{site}/busy", tmp_path, "crpd", rules=rules(waits))
    assert 3.0 in waits
    with pytest.raises(RefusedError, match="86400"):
        fetch(f"{site}/closed", tmp_path, "other", rules=rules())


# --- where it may go, for how long, and how much of it ---


def names(host: str, _: int) -> list[str]:
    return [{"inside.example": "10.0.0.5"}.get(host, host)]


def test_a_redirect_into_the_network_is_refused(site: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"10\.0\.0\.5, which is no public address"):
        fetch(f"{site}/inside", tmp_path, "crpd", rules=rules(resolve=names))


def test_a_robots_file_that_leads_into_the_network_is_refused(site: str, tmp_path: Path) -> None:
    Site.robots = "http://inside.example/robots.txt"
    with pytest.raises(RefusedError, match=r"10\.0\.0\.5, which is no public address"):
        fetch(f"{site}/text", tmp_path, "crpd", rules=rules(resolve=names))


def test_a_robots_file_that_leads_to_another_scheme_is_refused(site: str, tmp_path: Path) -> None:
    Site.robots = "https://inside.example/robots.txt"
    with pytest.raises(RefusedError, match="'https', which is not allowed"):
        fetch(f"{site}/text", tmp_path, "crpd", rules=rules(resolve=names))


def test_by_default_only_public_addresses_are_reached(site: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"127\.0\.0\.1, which is no public address"):
        fetch(f"{site}/text", tmp_path, "crpd", rules=Rules(schemes=("http",)))
    assert Site.seen == []


def test_of_a_robots_file_only_the_beginning_is_read(site: str, tmp_path: Path) -> None:
    Site.robots = "User-agent: *\n" + "# more\n" * 200 + "Disallow: /text\n"
    fetch(f"{site}/text", tmp_path, "short", rules=rules(robots_bytes=1000))
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        fetch(f"{site}/text", tmp_path, "long", rules=rules(robots_bytes=10_000))


def test_the_time_limit_of_a_download_ends_a_body_without_end(site: str, tmp_path: Path) -> None:
    ticks = itertools.count()
    with pytest.raises(InputError, match="longer than 50 seconds"):
        fetch(f"{site}/drip", tmp_path, "crpd", rules=rules(clock=lambda: float(next(ticks)), seconds=50))
    assert (tmp_path / "crpd.part").stat().st_size > 0


def test_a_packed_answer_is_unpacked_and_counted_as_it_unfolds(site: str, tmp_path: Path) -> None:
    fetch(f"{site}/packed", tmp_path, "crpd", rules=rules())
    assert (tmp_path / "crpd.pdf").read_bytes() == PDF
    with pytest.raises(RefusedError, match="over the limit"):
        fetch(f"{site}/bomb", tmp_path, "bomb", rules=rules(most_bytes=3_000_000))
    with pytest.raises(InputError, match="packs it as 'br'"):
        fetch(f"{site}/brotli", tmp_path, "brotli", rules=rules())


@pytest.mark.parametrize(
    "url", ["http://", "http://[", "http://a:b/", "http://me:secret@site/", "nonsense", "http://exa mple/", ""]
)
def test_what_is_no_plain_address_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises((InputError, RefusedError)) as caught:
        fetch(url, tmp_path, "crpd", rules=rules())
    assert "secret" not in str(caught.value)


def test_a_note_cut_in_the_middle_starts_the_download_anew(site: str, tmp_path: Path) -> None:
    (tmp_path / "crpd.part").write_bytes(b"%PDF other")
    (tmp_path / "crpd.part.json").write_text('{"url": "http')
    fetch(f"{site}/text", tmp_path, "crpd", rules=rules())
    assert (tmp_path / "crpd.pdf").read_bytes() == PDF


# --- answers that no honest site gives ---


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
MOVED = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
PART = b"HTTP/1.1 206 Partial\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
ENDLESS = {
    "a body": (HEAD + b"\r\n", b"x" * 65536, "over the limit"),
    "a body in pieces": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        b"400\r\n" + b"x" * 1024 + b"\r\n",
        "over the l",
    ),
    "a packed body": (
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(9_000_000)),
        b"",
        "over the limit",
    ),
    "the note of a piece": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;", b"a" * 65536, "not as HTTP asks"),
    "what follows the last piece": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n",
        b"X: b\r\n" * 9999,
        "not as HTTP",
    ),
    "one header": (b"HTTP/1.1 200 OK\r\nX: ", b"a" * 65536, "not as HTTP asks"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: b\r\n" * 9999, "not as HTTP asks"),
    "words that an answer will come": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99, "took longer"),
    "a redirect that goes on": (
        MOVED.replace(b"Content-Length: 0", b"Location: /other") + b"\r\n",
        b"x" * 999,
        "redirects",
    ),
    "no answer in HTTP": (b"hello\r\n\r\n", b"", "not as HTTP asks"),
    "a redirect to nowhere": (MOVED + b"\r\n", b"", "redirects to no address"),
    "a redirect to an empty address": (MOVED + b"Location:\r\n\r\n", b"", "redirects to no address"),
    "a redirect to a script": (MOVED + b"Location: javascript:1\r\n\r\n", b"", "redirects to no address"),
    "a redirect to a file": (MOVED + b"Location: file:///etc/hosts\r\n\r\n", b"", "no plain web address"),
    "a redirect in circles": (MOVED + b"Location: /other\r\n\r\n", b"", "redirects more than 5 times"),
    "a part that nobody asked for": (PART + b"Content-Range: bytes 5-9/10\r\n\r\nhello", b"", "incomplete 4 times"),
    "a part of nothing known": (PART + b"Content-Range: part\r\n\r\nhello", b"", "incomplete 4 times"),
    "a part of a size beyond all": (
        PART + b"Content-Range: bytes 0-4/" + b"9" * 5000 + b"\r\n\r\nhello",
        b"",
        "incomplete",
    ),
    "always busy": (BUSY, b"", "asked to wait 4 times"),
}


@pytest.fixture
def speaking() -> Iterator[Callable[[bytes, bytes], str]]:
    """Return a function that starts a server and returns its address. The server has no robots.txt and sends everybody
    the same first bytes, then other bytes without end."""
    doors: list[socket.socket] = []

    def speak(first: bytes, then: bytes) -> str:
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)
        threading.Thread(target=_answer_all, args=(door, first, then), daemon=True).start()
        return f"http://127.0.0.1:{door.getsockname()[1]}"

    yield speak
    for door in doors:
        door.close()


def _answer_all(door: socket.socket, first: bytes, then: bytes) -> None:
    with contextlib.suppress(OSError):  # the door is shut: the test is over
        while True:
            _answer(door.accept()[0], first, then)


def _answer(line: socket.socket, first: bytes, then: bytes) -> None:
    with contextlib.suppress(OSError), line:
        if line.recv(9999).startswith(b"GET /robots.txt "):
            line.sendall(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        line.sendall(first)
        while then:
            line.sendall(then)


@pytest.mark.parametrize("what", ENDLESS)
def test_an_answer_without_end_or_sense_ends_in_words(what: str, speaking, tmp_path: Path) -> None:
    first, then, words = ENDLESS[what]
    few = rules(most_bytes=5_000_000, seconds=3.0)
    with pytest.raises((InputError, RefusedError), match=words):
        fetch(f"{speaking(first, then)}/text", tmp_path, "crpd", rules=few)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < few.most_bytes


def test_a_slow_body_ends_with_the_time_and_says_that_it_begins_anew(speaking, tmp_path: Path) -> None:
    ticks = itertools.count()
    quick = rules(seconds=50.0, clock=lambda: float(next(ticks)))
    with pytest.raises(InputError, match="took longer than 50 seconds .* begins anew"):
        fetch(speaking(HEAD + b"X: y\r\n\r\n", b"x") + "/text", tmp_path, "crpd", rules=quick)
