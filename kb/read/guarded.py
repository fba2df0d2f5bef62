"""Read a file in a separate process with limits, so that a hostile file cannot exhaust or crash the calling program."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NoReturn

from kb import errors
from kb.models import Pages
from kb.read import limits as bounds
from kb.read.child import frame, read_frame, request_of
from kb.read.formats import PageProgress
from kb.read.limits import Limits, OverLimit, ReaderFault

FORKS = hasattr(os, "fork") and hasattr(socket, "send_fds")
"""Whether a server can fork a child for each file; otherwise each file starts a new interpreter."""
_FIND = "import json, sys; sys.path[:] = json.loads(sys.argv[1])\n"
_SERVE = _FIND + "import socket; from kb.read.server import main; main(socket.socket(fileno=int(sys.argv[2])))"
_ONCE = _FIND + "from kb.read.child import main; main()"


class _Server:
    """The reading server process of this program, started for the first file and restarted when it has ended."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen | None = None
        self.control: socket.socket | None = None
        self.owner = 0

    def connect(self) -> socket.socket:
        """Return a connection for one request and its answer; start the server if needed."""
        with self.lock:
            for attempt in (1, 2):
                running = self.process is not None and self.process.poll() is None and self.owner == os.getpid()
                control = self.control if running and self.control is not None else self._start()
                ours, theirs = socket.socketpair()
                try:
                    with theirs:
                        socket.send_fds(control, [b"r"], [theirs.fileno()])  # type: ignore[list-item]
                    return ours
                except OSError:
                    ours.close()
                    self.process = None
                    if attempt == 2:
                        raise
        raise AssertionError("unreachable")

    def _start(self) -> socket.socket:
        """Start a server, and return the socket through which it accepts requests.

        A server started by another process (before a fork) is not used.
        """
        if self.owner == os.getpid():
            self.stop()
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _SERVE, json.dumps(sys.path), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=_environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.control, self.owner = ours, os.getpid()
        return ours

    def stop(self) -> None:
        """Stop the server, which exits when its socket closes, and the reading in progress."""
        if self.control is not None and self.owner == os.getpid():
            self.control.close()
            self.control = None
        if self.process is not None and self.owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)  # seconds: a killed process ends at once, later on a machine under load
            self.process = None


_server = _Server()
atexit.register(_server.stop)


def _environment() -> dict[str, str]:
    """Return this program's environment variables, with numeric libraries limited to one thread, so that a fork copies
    no held lock."""
    return {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "PYTHONIOENCODING": "utf-8",
    }


def read_guarded(
    path: Path, *, password: str | None, ocr: bool, limits: Limits, progress: PageProgress | None
) -> Pages:
    """Read a file like `read_here`, in a process with limits. Raises OverLimit when a limit is exceeded, and the errors
    of the readers."""
    request = frame("Q", request_of(path, password, ocr, limits))
    read_with = _read_with_server if FORKS else _read_in_new_process
    for attempt in (1, 2):
        kind, body = read_with(request, limits, progress, path.name)
        if kind:
            break
        if attempt == 2:
            raise ReaderFault("the process that reads it ended before it began", where=path.name, do="Try again.")
    return _outcome(kind, body, limits, path.name)


def _read_with_server(request: bytes, limits: Limits, progress: PageProgress | None, name: str) -> tuple[str, bytes]:
    """Send a request to the server and return the last frame of its answer, `("", b"")` when none came; the child ends
    when this function returns."""
    with _server.connect() as connection:
        connection.settimeout(limits.silent_seconds)
        try:
            connection.sendall(request)
            with connection.makefile("rb") as stream:
                return _last_frame(stream, limits, progress)
        except TimeoutError as error:
            raise _too_long(limits, name) from error
        except OSError:
            return "", b""


def _read_in_new_process(request: bytes, limits: Limits, progress: PageProgress | None, name: str) -> tuple[str, bytes]:
    """Send a request to a new interpreter and return the last frame of its answer, `("", b"")` when none came; it is
    killed when it sends nothing for too long."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _ONCE, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    late = threading.Event()

    def end() -> None:
        """Kill the child, which has sent nothing for too long."""
        late.set()
        process.kill()

    clock = _Clock(limits.silent_seconds, end)
    try:
        process.stdin.write(request)  # type: ignore[union-attr]
        process.stdin.close()  # type: ignore[union-attr]
        kind, body = _last_frame(process.stdout, limits, progress, clock.restart)  # type: ignore[arg-type]
        status = process.wait()
    except OSError:
        return "", b""
    finally:
        clock.stop()
        process.kill()
        process.stdout.close()  # type: ignore[union-attr]
        process.wait()
    if late.is_set():
        raise _too_long(limits, name)
    return (kind, body) if kind else ("X", b"%d" % status)


class _Clock:
    """A timer that calls `end` after `seconds`, unless it is restarted before."""

    def __init__(self, seconds: float, end: Callable[[], None]) -> None:
        self.seconds, self.end = seconds, end
        self.restart()

    def restart(self) -> None:
        """Start the timer from zero, because the child has reported progress."""
        self.stop()
        self.timer = threading.Timer(self.seconds, self.end)
        self.timer.daemon = True
        self.timer.start()

    def stop(self) -> None:
        """Stop the timer."""
        if hasattr(self, "timer"):
            self.timer.cancel()


def _last_frame(
    stream: BinaryIO, limits: Limits, progress: PageProgress | None, alive: Callable[[], None] = lambda: None
) -> tuple[str, bytes]:
    """Read frames, call `progress` for those of progress and `alive` for each, and return the last one (reading, error
    or exit status); `("", b"")` when none came."""
    while True:
        found = read_frame(stream, limits.answer_bytes)
        if found is None:
            return "", b""
        alive()
        kind, body = found
        if kind != "P":
            return kind, body
        if progress:
            done, total = body.split()
            progress(int(done), int(total))


def _outcome(kind: str, body: bytes, limits: Limits, name: str) -> Pages:
    """Return the reading in the last frame, or raise the error that the child sent or with which it ended."""
    if kind == "R":
        return Pages.model_validate_json(body)
    if kind == "E":
        _raise(json.loads(body))
    raise _ended(int(body or 0), limits, name)


def _raise(fields: dict[str, str]) -> NoReturn:
    """Raise the error whose class name and texts the child sent."""
    name = fields.pop("class")
    made: type[errors.KBError] = getattr(bounds, name, getattr(errors, name, errors.InputError))
    raise made(fields["what"], where=fields["where"], do=fields["do"])


def _ended(code: int, limits: Limits, name: str) -> errors.InputError:
    """Return the error for a process that ended without an answer, by its exit code (negative: the signal)."""
    if FORKS and -code == signal.SIGXCPU:
        return OverLimit(
            f"reading it takes more than {limits.cpu_seconds} seconds of processor time",
            where=name,
            do="It may be damaged or made to do harm. Print it to a new PDF, or split it and read the parts.",
        )
    if FORKS and -code == signal.SIGKILL:
        return OverLimit(
            "reading it was ended by the system, which happens where memory runs out",
            where=name,
            do="Split it and read the parts.",
        )
    called = signal.Signals(-code).name if code < 0 and -code in list(signal.Signals) else f"exit {code}"
    return ReaderFault(
        f"its reader broke down on it ({called}): it is damaged, or needs more than "
        f"{limits.memory_bytes / 1e6:,.0f} MB of memory",
        where=name,
        do="Get it again from its source, or print it to a new PDF and read that.",
    )


def _too_long(limits: Limits, name: str) -> OverLimit:
    """Return the error for a file whose reading sent nothing for too long."""
    return OverLimit(
        f"reading it gave no sign of life for {limits.silent_seconds} seconds",
        where=name,
        do="Try again when the machine has less to do, or split the file and read the parts.",
    )
