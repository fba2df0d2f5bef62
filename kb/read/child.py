"""The child process that reads one file: it sets its own limits, reads, and sends the result or the error to its
parent.

A frame is a line `KIND LENGTH` followed by LENGTH bytes. Kinds: P progress, R the reading as JSON, E an error as JSON,
X how the process ended.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from socket import SocketIO
from typing import BinaryIO, TypedDict

from kb.errors import KBError
from kb.no_network import close_network, refuse_sockets
from kb.read.limits import Limits, OverLimit, ReaderFault
from kb.text import squeeze

Send = Callable[[str, bytes], None]


class ReadRequest(TypedDict):
    """A request from the parent process: the file, options for reading, and the parent's working folder and environment
    variables."""

    path: str
    password: str | None
    ocr: bool
    limits: dict[str, int]
    cwd: str
    env: dict[str, str]


TELLING_SECONDS = 0.2
"""Minimum seconds between two progress reports, so that 3,000 pages do not send 3,000 frames."""


def frame(kind: str, body: bytes) -> bytes:
    """Encode one message between the processes as a frame."""
    return b"%s %d\n%s" % (kind.encode("ascii"), len(body), body)


def read_frame(stream: BinaryIO | SocketIO, limit: int) -> tuple[str, bytes] | None:
    """Return the kind and body of the next frame, or None at the end of the stream. Raises OverLimit when the body is
    longer than `limit` bytes."""
    head = stream.readline(64)  # a frame begins with its kind and its length: some twenty characters
    if not head.endswith(b"\n"):
        return None
    kind, size = head.split()
    if int(size) > limit:
        raise OverLimit(
            f"reading it gives {int(size):,} bytes, more than {limit:,}", do="Split the file and read the parts."
        )
    body = stream.read(int(size))
    return (kind.decode("ascii"), body) if body is not None and len(body) == int(size) else None


def limit_this_process(limits: Limits) -> None:
    """Set the operating system's limits for this process and its children; do nothing on a platform without such limits
    (Windows)."""
    try:
        import resource
    except ImportError:
        return
    for name, soft in (
        ("RLIMIT_CPU", limits.cpu_seconds),
        ("RLIMIT_DATA", limits.memory_bytes),
        ("RLIMIT_FSIZE", limits.written_bytes),
        ("RLIMIT_CORE", 0),
    ):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def allow_processor_time(seconds: float) -> None:
    """Raise this process's limit of processor time to `seconds` from now on; never lower it. For work that is known to
    take long."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        before, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = max(before, int(time.process_time() + seconds) + 1)  # a limit raised for OCR is not lowered again
        if before != resource.RLIM_INFINITY:
            resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def allow_memory(size: int) -> None:
    """Limit this process to `size` bytes of writable memory from now on; do nothing if it had no limit before."""
    with contextlib.suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if soft != resource.RLIM_INFINITY:
            resource.setrlimit(
                resource.RLIMIT_DATA, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard)
            )


def answer(request: ReadRequest, send: Send) -> None:
    """Read the file of a request within its limits, and call `send` with the reading or the error; never raise."""
    limits = Limits(**request["limits"])
    try:
        for name in [n for n in os.environ if _is_setting(n)]:
            del os.environ[name]
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        limit_this_process(limits)
        refuse_sockets()
        close_network()
        send("R", _reading(request, limits, send))
    except KBError as error:
        send("E", _described(error))
    except MemoryError:
        send(
            "E",
            _described(
                OverLimit(
                    f"reading it needs more than {limits.memory_bytes / 1e6:,.0f} MB of memory",
                    where=Path(request["path"]).name,
                    do="Split the file and read the parts.",
                )
            ),
        )
    except Exception as error:  # noqa: BLE001 whatever breaks down ends as a refusal that names it
        send("E", _described(_unforeseen(error, Path(request["path"]).name)))


def _reading(request: ReadRequest, limits: Limits, send: Send) -> bytes:
    """Return the file's Pages as JSON, calling `send` with the progress. Raises OverLimit when there are too many
    paragraphs."""
    from kb.read.face import read_here

    last = [0.0]

    def progress(done: int, total: int) -> None:
        """Extend the processor time limit for each page that is done, and report progress at most every
        TELLING_SECONDS."""
        if time.monotonic() - last[0] > TELLING_SECONDS or done == total:
            last[0] = time.monotonic()
            allow_processor_time(limits.cpu_seconds + limits.cpu_per_page * done - time.process_time())
            send("P", b"%d %d" % (done, total))

    pages = read_here(
        request["path"], password=request["password"], ocr=request["ocr"], limits=limits, progress=progress
    )
    return pages.model_dump_json().encode("utf-8", "surrogatepass")


def _unforeseen(error: Exception, name: str) -> ReaderFault:
    """Return the ReaderFault for an unexpected exception; it names the exception and the line of code."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    return ReaderFault(
        f"its reader broke down on it ({type(error).__name__}: {squeeze(str(error))[:120]}; {Path(last.filename).name} "
        f"line {last.lineno})",
        where=name,
        do="Save it in another format, such as PDF, and read that.",
    )


def _described(error: KBError) -> bytes:
    """Encode an error as JSON, from which the parent process rebuilds it."""
    fields = {"class": type(error).__name__, "what": error.what, "where": error.where, "do": error.do}
    return json.dumps(fields).encode()


def _is_setting(name: str) -> bool:
    """Return whether an environment variable can change how a file is read. Such variables come with each request,
    because the parent may have changed them since the reading server started."""
    return name.startswith("KB_") or name in ("PATH", "TMPDIR")


def request_of(path: Path, password: str | None, ocr: bool, limits: Limits) -> bytes:
    """Encode a request for the child as JSON, with the parent's present settings and working folder."""
    env = {name: value for name, value in os.environ.items() if _is_setting(name)}
    return json.dumps(
        {
            "path": str(path),
            "password": password,
            "ocr": ocr,
            "limits": dataclasses.asdict(limits),
            "env": env,
            "cwd": os.getcwd(),
        }
    ).encode()


def main() -> None:
    """Answer one request, read from standard input, on standard output; used on platforms that cannot fork."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of libraries must not appear between frames

    def send(kind: str, body: bytes) -> None:
        """Write one frame to standard output."""
        out.write(frame(kind, body))
        out.flush()

    # a request has a file name and limits: it never needs a megabyte
    request = read_frame(sys.stdin.buffer, 1 << 20)
    if request:
        answer(json.loads(request[1]), send)


if __name__ == "__main__":
    main()
