"""Download official texts: resumable, checked for size and type, considerate of the site, and only when a user asks.

Rules: only https, unless the caller allows more; only public addresses (kb/sources/reach.py); robots.txt is obeyed as
in RFC 9309 (missing: allowed; failing: refused); a short Retry-After (RFC 9110, 10.2.3) is waited for; the download has
a time limit; every host that is contacted is recorded.

Numbers: status codes of HTTP (RFC 9110, RFC 6585); limits have their reason beside them.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx
from pydantic import Field

from kb.errors import InputError, NotFound, RefusedError
from kb.models import Model
from kb.sources.body import beginning, decoded, encoding
from kb.sources.headers import begins_at, content_type, parts_of, retry_after, total_size
from kb.sources.reach import Address, CheckedBackend, Deadline, Resolve, is_public, system_resolver, transport
from kb.text import sha256_of

log = logging.getLogger(__name__)
Progress = Callable[[int, int | None], None]
"""Called with the bytes received and the total, None where the site does not state it."""

_TYPES = {  # content types that a text may have, with the suffix the file gets and how its bytes begin
    "application/pdf": (".pdf", (b"%PDF",)),
    "text/html": (".html", ()),
    "application/xhtml+xml": (".html", ()),
    "text/plain": (".txt", ()),
    "text/markdown": (".md", ()),
    "application/json": (".json", (b"{", b"[")),
    "application/msword": (".doc", (b"\xd0\xcf\x11\xe0",)),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx", (b"PK",)),
}
_BREAKS = (httpx.RemoteProtocolError, httpx.NetworkError, httpx.TimeoutException)


@dataclass(frozen=True)
class Rules:
    """Limits of a download (sizes in bytes, times in seconds), and the functions it uses for time and addresses."""

    schemes: tuple[str, ...] = ("https",)
    most_bytes: int = 100 * 1024 * 1024
    redirects: int = 5  # real addresses redirect once or twice
    attempts: int = 4  # with growing pauses between them
    delay: float = 1.0
    timeout: float = 30.0  # seconds without a byte
    longest_wait: float = 60.0
    seconds: float = 1800.0  # for all attempts and waits together: the largest file at 60 kB/s
    robots_bytes: int = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are to be read; what follows is not
    agent: str = "kb-official-texts/0.1 (reads single documents on a user's request)"
    sleep: Callable[[float], None] = field(default=time.sleep, compare=False)
    clock: Callable[[], float] = field(default=time.monotonic, compare=False)
    resolve: Resolve = field(default=system_resolver, compare=False)
    may_reach: Callable[[Address], bool] = field(default=is_public, compare=False)


class Fetched(Model):
    """A downloaded file."""

    url: str = Field(description="address that was asked for")
    final_url: str = Field(description="address it came from after redirects")
    hosts: tuple[str, ...] = Field(description="every host that was asked, in order")
    file: str = Field(description="name of the file in the target folder")
    bytes: int
    sha256: str
    type: str = Field(description="content type the site gave")
    resumed_from: int = Field(0, description="bytes that were here from an earlier attempt")


def fetch(
    url: str, folder: Path, name: str, *, rules: Rules | None = None, progress: Progress | None = None
) -> Fetched:
    """Download `url` to `folder`/`name` plus the suffix of its type; an interrupted download is resumed.

    Raises NotFound (404, 410), RefusedError (robots.txt, scheme, size, too long a wait) and InputError (wrong type,
    broken connection, any other status); the bytes received so far are kept in a `.part` file for the next attempt.
    """
    rules = rules or Rules()
    folder.mkdir(parents=True, exist_ok=True)
    deadline = Deadline(rules.seconds, rules.clock)
    backend = CheckedBackend(deadline, rules.resolve, rules.may_reach)
    headers = {"User-Agent": rules.agent, "Accept-Encoding": "identity"}
    with httpx.Client(timeout=rules.timeout, headers=headers, transport=transport(backend), trust_env=False) as client:
        return _Download(client, rules, url, folder / f"{name}.part", progress, deadline).run(name)


class _Download:
    """One download, with at most as many attempts as the rules allow."""

    def __init__(
        self, client: httpx.Client, rules: Rules, url: str, part: Path, progress: Progress | None, deadline: Deadline
    ) -> None:
        self.deadline = deadline
        self.client, self.rules, self.url, self.part, self.progress = client, rules, url, part, progress
        self.note = part.with_suffix(".part.json")
        self.hosts: list[str] = []
        self.robots: dict[str, RobotFileParser | None] = {}
        self.resumed = self.waited = 0

    def run(self, name: str) -> Fetched:
        """Download the file, trying again when a connection breaks, until it is complete."""
        self.resumed = self._here() if self._remembered() else 0
        for attempt in range(self.rules.attempts):
            last = attempt + 1 == self.rules.attempts
            try:
                done = self._attempt()
            except _BREAKS as error:
                self._in_time(error)
                if "CERTIFICATE" in str(error).upper():
                    raise InputError(
                        f"the site cannot prove that it is {httpx.URL(self.url).host}.",
                        where=self.url,
                        do="Look at its certificate in a browser; download by hand and use kb add.",
                    ) from error
                if last and not self._here() and isinstance(error, httpx.RemoteProtocolError):
                    raise InputError(
                        f"{httpx.URL(self.url).host} answers, but not as HTTP asks for.",
                        where=self.url,
                        do="Open the address in a browser and use kb add with what you get.",
                    ) from error
                if last and not self._here():
                    raise InputError(
                        f"there is no connection to {httpx.URL(self.url).host} ({type(error).__name__}).",
                        where=self.url,
                        do="Check the network and the address, then run it again; or add a "
                        "file that you have: kb add FILE --as ID",
                    ) from error
                if last:
                    raise InputError(
                        f"the connection broke: {type(error).__name__} (bytes here: {self._here()}).",
                        where=self.url,
                        do=self._again(),
                    ) from error
                done = None
            except httpx.InvalidURL as error:
                raise self._leads_nowhere() from error
            if done:
                return self._finish(name, *done)
            self.rules.sleep(self.rules.delay)
        raise InputError(
            f"the site asked to wait {self.rules.attempts} times."
            if self.waited == self.rules.attempts
            else f"the file came incomplete {self.rules.attempts} times (bytes here: {self._here()}).",
            where=self.url,
            do="Run the same command again, or download it by hand and use kb add.",
        )

    def _in_time(self, cause: Exception | None = None) -> None:
        """Raise InputError when the time for the download is over."""
        if not self.deadline.left():
            raise InputError(
                f"it took longer than {self.rules.seconds:.0f} seconds (bytes here: {self._here()}).",
                where=self.url,
                do=self._again(),
            ) from cause

    def _again(self) -> str:
        """Return a sentence that tells what running the same command again would do."""
        goes_on = "it goes on from there" if self._remembered() else "it begins anew, as this site tells no version"
        return f"Run the same command again: {goes_on}."

    # --- one attempt ---

    def _attempt(self) -> tuple[str, str] | None:
        """Return `(final address, content type)` when the file is complete, None when it must be requested again."""
        headers = self._range()
        with self._follow(headers) as response:
            if response.status_code in (429, 503):
                self._wait(response)
                return None
            if response.status_code == 416:
                self._forget()
                return None
            self._accept(response)
            if response.status_code == 206 and begins_at(response) != self._here():
                self._forget()  # another part than requested: its offset is not known
                return None
            kind = content_type(response)
            complete = self._receive(response, append=response.status_code == 206)
            return (str(response.url), kind) if complete else None

    def _range(self) -> dict[str, str]:
        """Return the headers that request the missing rest; empty unless the site gave a validator (ETag or date) with
        the first part."""
        note = self._remembered()
        if not note or not self._here():
            return {}
        return {"Range": f"bytes={self._here()}-", "If-Range": note["validator"]}

    @contextmanager
    def _follow(self, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """Yield the response after redirects, each of whose addresses is checked like the first. Raises RefusedError
        for too many redirects."""
        url = self.url
        for _ in range(self.rules.redirects + 1):
            self._may(url)
            with self.client.stream("GET", url, headers=headers) as response:
                if not response.is_redirect:
                    yield response
                    return
                url = self._led_on(url, response)
        raise RefusedError(
            f"it redirects more than {self.rules.redirects} times.",
            where=self.url,
            do="Open the address in a browser and use kb add with what you get.",
        )

    def _led_on(self, url: str, response: httpx.Response) -> str:
        """Return the address to which a response redirects. Raises InputError when it has none."""
        if location := response.headers.get("location"):
            return urljoin(url, location)
        raise self._leads_nowhere()

    def _leads_nowhere(self) -> InputError:
        """Return the error for a redirect without a valid address."""
        return InputError(
            "it redirects to no address that can be asked.",
            where=self.url,
            do="Open the address in a browser and use kb add with what you get.",
        )

    def _may(self, url: str) -> None:
        """Check that the scheme and robots.txt allow an address, and record its host. Raises RefusedError when they do
        not."""
        parts = parts_of(url)
        if parts.scheme not in self.rules.schemes:
            raise RefusedError(
                f"'{parts.scheme}' is not allowed, only {', '.join(self.rules.schemes)}.",
                where=url,
                do="Use an https address, or download it by hand and use kb add.",
            )
        if not self.hosts or self.hosts[-1] != parts.netloc:
            self.hosts.append(parts.netloc)
            log.info("asking %s", parts.netloc)
        rules = self._robots(f"{parts.scheme}://{parts.netloc}")
        if rules is not None and not rules.can_fetch(self.rules.agent, url):
            raise RefusedError(
                "the site's robots.txt does not allow it.", where=url, do="Download it by hand and use kb add."
            )

    def _robots(self, origin: str) -> RobotFileParser | None:
        """Return the robots.txt rules of a site, None when it has none. Raises RefusedError when requesting them fails
        (RFC 9309, 2.3.1.4)."""
        if origin not in self.robots:
            status, text = self._robots_text(f"{origin}/robots.txt")
            if status >= 500:
                raise RefusedError(
                    f"its robots.txt fails with {status}.",
                    where=origin,
                    do="Try later, or download the text by hand and use kb add.",
                )
            parser = RobotFileParser()
            parser.parse(text.splitlines())
            self.robots[origin] = parser if status == 200 else None
        return self.robots[origin]

    def _robots_text(self, url: str) -> tuple[int, str]:
        """Return HTTP status and beginning of a robots.txt after redirects; with too many redirects it counts as
        missing (RFC 9309, 2.3.1.2)."""
        for _ in range(self.rules.redirects + 1):
            if (scheme := urlsplit(url).scheme) not in self.rules.schemes:
                raise RefusedError(
                    f"its robots.txt leads to '{scheme}', which is not allowed.",
                    where=url,
                    do="Download the text by hand and use kb add.",
                )
            with self.client.stream("GET", url) as response:
                if not response.is_redirect:
                    return response.status_code, beginning(response, self.rules.robots_bytes)
                url = self._led_on(url, response)
        return 404, ""

    def _wait(self, response: httpx.Response) -> None:
        """Wait as long as the response asks. Raises RefusedError when that is too long."""
        seconds = retry_after(response.headers.get("retry-after"), self.rules.delay)
        if seconds > self.rules.longest_wait:
            asked = f"{seconds:.0f} seconds" if seconds < 10**7 else "without end"  # 10**7 seconds are four months
            raise RefusedError(f"the site asks to wait {asked}.", where=self.url, do="Try again after that.")
        self.waited += 1
        self.rules.sleep(seconds)

    def _accept(self, response: httpx.Response) -> None:
        """Check status, type and size of a response. Raises an error when it is no text of an acceptable size."""
        if response.status_code in (404, 410):
            raise NotFound(
                f"the site has nothing there ({response.status_code}).",
                where=self.url,
                do="Look the document up by its symbol and use kb add.",
            )
        if response.status_code not in (200, 206):
            raise InputError(
                f"the site answered {response.status_code}.", where=self.url, do="Try later, or use kb add."
            )
        kind = content_type(response)
        if kind not in _TYPES:
            raise InputError(
                f"it is {kind or 'of no stated type'}, not a text.",
                where=self.url,
                do=f"Expected one of: {', '.join(sorted(_TYPES))}.",
            )
        if (size := total_size(response)) and size > self.rules.most_bytes:
            self._too_large(size)

    def _too_large(self, size: int) -> None:
        """Delete the bytes received and raise RefusedError, for a file of `size` bytes that is over the limit."""
        self._forget()
        raise RefusedError(
            f"it has {size} bytes or more, over the limit of {self.rules.most_bytes}.",
            where=self.url,
            do="Check the address; download it by hand and use kb add if it is right.",
        )

    def _receive(self, response: httpx.Response, append: bool) -> bool:
        """Write the body to the part file (after what it holds, with `append`); return whether the file is complete."""
        if not append:
            self._forget()
            self.resumed = 0
        self._remember(response)
        total = total_size(response)
        with self.part.open("ab") as stream:
            for block in decoded(response):  # written as received: buffered bytes are lost when the connection breaks
                self._in_time()
                stream.write(block)
                if stream.tell() > self.rules.most_bytes:
                    self._too_large(stream.tell())
                if self.progress:
                    self.progress(stream.tell(), total)
        return total is None or self._here() == total

    # --- what is remembered between attempts ---

    def _here(self) -> int:
        """Return the number of bytes downloaded so far, in this and earlier attempts."""
        return self.part.stat().st_size if self.part.exists() else 0

    def _remembered(self) -> dict[str, str] | None:
        """Return the note of the last attempt if it was for this address and can be resumed; else None."""
        if not (self.note.exists() and self.part.exists()):
            return None
        try:
            note = json.loads(self.note.read_text(encoding="utf-8"))
        except ValueError:  # the note is damaged: the part cannot be resumed
            return None
        right = isinstance(note, dict) and note.get("url") == self.url and isinstance(note.get("validator"), str)
        return note if right and note["validator"] else None

    def _remember(self, response: httpx.Response) -> None:
        """Write a note with address and validator beside the part file, from which the next attempt resumes."""
        tag = response.headers.get("etag", "")
        validator = tag if tag and not tag.startswith("W/") else response.headers.get("last-modified", "")
        if encoding(response) != "identity":  # a range would count compressed bytes, but the part file is decompressed
            validator = ""
        self.note.write_text(json.dumps({"url": self.url, "validator": validator}), encoding="utf-8")

    def _forget(self) -> None:
        """Delete the part of the file that was downloaded so far, and its note."""
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    def _finish(self, name: str, final: str, kind: str) -> Fetched:
        """Check that the downloaded bytes are of type `kind`, as the site stated, and rename the part file to `name`
        with the ending of that type. `final` is the address after redirects. Raises InputError, and deletes the part
        file, when the bytes are of another type."""
        suffix, starts = _TYPES[kind]
        # 128 MB: a larger file is not an error page
        head = self.part.read_bytes()[:64].lstrip() if self._here() < 1 << 27 else b""
        if not head or (starts and not head.startswith(starts)):
            self._forget()
            raise InputError(
                f"it says {kind} but its bytes say otherwise.",
                where=final,
                do="Open the address in a browser and use kb add with what you get.",
            )
        digest, size = sha256_of(self.part), self._here()
        os.replace(self.part, self.part.with_name(f"{name}{suffix}"))
        self.note.unlink(missing_ok=True)
        return Fetched(
            url=self.url,
            final_url=final,
            hosts=tuple(self.hosts),
            file=f"{name}{suffix}",
            bytes=size,
            sha256=digest,
            type=kind,
            resumed_from=self.resumed,
        )
