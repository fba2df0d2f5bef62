"""The reading server: a small process that forks one child for each file to read, so that libraries and the language
model are loaded only once.

It has one thread and keeps no file open. It exits, and kills all its children, when its parent ends or after
IDLE_SECONDS without requests.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import select
import signal
import socket
import sys

from kb.read.child import answer, frame, read_frame

IDLE_SECONDS = 120
"""Seconds without requests after which the server exits. It uses 110 MB of memory; restarting takes about a second."""
REQUEST_SECONDS = 10  # seconds: a request is one small frame from this machine; a later sender has ended
MAX_REQUEST = 1 << 20  # bytes: a request holds a path and limits, no file


def main(control: socket.socket) -> None:
    """Serve requests from the socket `control` until it closes; each request brings its own connection for the
    answer."""
    _warm()
    wake, wakened = os.pipe()
    os.set_blocking(wakened, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    while True:
        watched: list[socket.socket | int] = [control, wake, *running.values()]
        ready = _ready(watched, None if running else IDLE_SECONDS)
        if not ready:
            return
        if wake in ready:
            os.read(wake, 4096)  # empties the pipe, in which each signal leaves a byte
        _end_cancelled(running, ready)
        _reap(running)
        if control in ready and not _take(control, running):
            break
    for pid in running:
        _end(pid)


def _ready(watched: list[socket.socket | int], seconds: float | None) -> list[socket.socket | int]:
    """Return those of `watched` that can be read or have been closed; wait for the first one, at most `seconds`.

    `select.select` refuses descriptors from 1024 on, and this process inherits the number that its socket has in the
    calling program, which may have more files open than that.
    """
    poll, named = select.poll(), {one if isinstance(one, int) else one.fileno(): one for one in watched}
    for number in named:
        poll.register(number, select.POLLIN)
    return [named[number] for number, _ in poll.poll(None if seconds is None else seconds * 1000)]


def _warm() -> None:
    """Import what nearly every file needs, so that a forked child can start reading at once."""
    from kb.read.language import language_of

    for name in ("lxml.html", "kb.read.face", "kb.read.formats.docx", "kb.read.formats.html", "kb.read.formats.pdf"):
        importlib.import_module(name)
    language_of("Every person has the right to take part in the life of the community.")


def _take(control: socket.socket, running: dict[int, socket.socket]) -> bool:
    """Fork a child for the next request and add it to `running` (process id to connection); return False when the
    parent has ended."""
    try:
        data, fds, _, _ = socket.recv_fds(control, 1, 1)
    except OSError:
        return False
    if not data:
        return False
    for fd in fds:
        connection = socket.socket(fileno=fd)
        connection.settimeout(REQUEST_SECONDS)
        with contextlib.suppress(OSError, ValueError):
            with connection.makefile("rb", buffering=0) as stream:
                request = read_frame(stream, MAX_REQUEST)
            if request:
                connection.settimeout(None)
                pid = os.fork()
                if pid == 0:
                    _child(control, connection, running, request[1])
                running[pid] = connection
    return True


def _child(
    control: socket.socket, connection: socket.socket, running: dict[int, socket.socket], request: bytes
) -> None:
    """Run the forked process: read one file, send the answer, and exit; never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        _die_with_parent()
        for other in (control, *running.values()):
            other.close()
        answer(json.loads(request), lambda kind, body: connection.sendall(frame(kind, body)))
    finally:
        os._exit(0)


def _die_with_parent() -> None:
    """Ask Linux to kill this process when the process that forked it ends in any way (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _end_cancelled(running: dict[int, socket.socket], ready: list) -> None:
    """Kill the children whose connection the parent has closed; `ready` are the sockets that can be read."""
    for pid, connection in running.items():
        if connection in ready:
            with contextlib.suppress(OSError):
                if not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                    _end(pid)


def _reap(running: dict[int, socket.socket]) -> None:
    """Report how each finished child ended, and kill what is left in its process group (such as a converter)."""
    for pid, connection in list(running.items()):
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            continue
        _end(pid)
        _, status = os.waitpid(pid, 0)
        with contextlib.suppress(OSError):
            connection.settimeout(REQUEST_SECONDS)
            connection.sendall(frame("X", b"%d" % os.waitstatus_to_exitcode(status)))
        connection.close()
        del running[pid]


def _end(pid: int) -> None:
    """Kill a child and its process group."""
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
