"""The server side of the warm helper: it answers one query after the other, until it is idle for too long or a file
that answers depend on changes."""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from kb import memory
from kb.warm.client import ASK, BEGIN, STALE, STOP, address, folder, is_private, setting

Run = Callable[[list[str]], None]
"""A function that runs the command line with these arguments; it returns or raises SystemExit."""
Watched = Callable[[], Iterable[Path]]
"""A function that returns the files on which an answer depends."""


class AddressTaken(Exception):
    """Raised when another helper already listens at the address."""


def serve(run: Run, watched: Watched, seconds: float) -> None:
    """Answer calls until none comes for `seconds`, a stop is requested, or a file that answers depend on (`watched`)
    changes.

    Raises Taken when another helper listens, OSError when there can be no socket.
    """
    known, path = setting(), address()
    before = _state(watched())  # before the first call, so that no change is missed
    door = _door(path)
    here = os.stat(path).st_ino
    try:
        os.chdir("/")  # so that no user's folder stays in use
        memory.settle()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and _is_there(path, here):
            door.settimeout(min(left, 30))  # seconds between checks of whether the helper should end
            with suppress(TimeoutError, OSError), door.accept()[0] as line:
                line.settimeout(5)  # seconds: a client on the same machine sends everything at once
                if not _is_same_user(line):
                    continue
                kind = _greeting(line, known)
                now = _state(watched())
                if kind == STOP or any(now.get(file) != state for file, state in before.items()):
                    line.sendall(BEGIN if kind == STOP else STALE)
                    return
                before = now  # including the modules that the last search loaded
                line.sendall(BEGIN)
                if kind == ASK:
                    _answer(line, run)
                    until = time.monotonic() + seconds
    finally:
        door.close()
        if _is_there(path, here):
            os.unlink(path)


def _door(path: str) -> socket.socket:
    """Create the listening socket, in a folder that only this user can open."""
    within = folder()
    with suppress(FileExistsError):
        os.mkdir(within, 0o700)  # accessible to its owner only
    if not is_private(within):
        raise OSError(f"{within} is not a folder of this user alone")
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
            if other.connect_ex(path) == 0:
                raise AddressTaken(path)
        with suppress(FileNotFoundError):
            os.unlink(path)  # left by a helper that was killed
        door.bind(path)
        door.listen(16)
    except BaseException:
        door.close()
        raise
    finally:
        os.umask(before)
    return door


def _is_there(path: str, inode: int) -> bool:
    """Return whether the socket file is still the one created by this process (its inode)."""
    try:
        return os.stat(path).st_ino == inode
    except OSError:
        return False


def _is_same_user(line: socket.socket) -> bool:
    """Return whether the client belongs to this user, if the system tells; elsewhere True, because the file's
    permissions ensure it."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return user == os.getuid()


def _state(files: Iterable[Path]) -> dict[str, tuple[int, int, int] | None]:
    """Return modification time, size and inode of each file; None for one that does not exist."""
    found: dict[str, tuple[int, int, int] | None] = {}
    for file in files:
        try:
            here = os.stat(file)
            found[str(file)] = (here.st_mtime_ns, here.st_size, here.st_ino)
        except OSError:
            found[str(file)] = None
    return found


def _greeting(line: socket.socket, known: bytes) -> bytes:
    """Return the kind of call that a client requests. Raises OSError for a client whose settings differ from `known`;
    it gets no answer."""
    kind = _exactly(line, 1)
    # four bytes of length, then the settings
    if _exactly(line, int.from_bytes(_exactly(line, 4), "big")) != known:
        raise OSError("other settings")
    return kind


def _exactly(line: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        part = line.recv(min(size - len(parts), 1 << 16))
        if not part:
            raise OSError("the other side hung up")
        parts += part
    return parts


def _answer(line: socket.socket, run: Run) -> None:
    """Run one search with the client's streams and working folder, and send back the exit code."""
    head, streams, _, _ = socket.recv_fds(line, 4, 2)  # four bytes of length, and the two output streams
    try:
        if len(head) < 4 or len(streams) != 2:  # as above
            return
        cwd, encoding, *arguments = (
            _exactly(line, int.from_bytes(head, "big")).decode("utf-8", "surrogateescape").split("\0")
        )
        with _as_client(streams, cwd, encoding):
            code = _code_of(run, arguments)
        line.sendall(bytes([code & 0xFF]))
    finally:
        for stream in streams:
            os.close(stream)


@contextmanager
def _as_client(streams: list[int], cwd: str, encoding: str) -> Iterator[None]:
    """Return a context manager within which this process uses the client's output streams, working folder and
    encoding."""
    out, err = (os.fdopen(os.dup(s), "w", encoding=encoding, errors="backslashreplace") for s in streams)
    os.chdir(cwd)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield
    finally:
        os.chdir("/")
        for stream in (out, err):
            with suppress(OSError):  # the client has closed the connection
                stream.close()


def _code_of(run: Run, arguments: list[str]) -> int:
    """Run a command line and return the exit code that a separate process would have."""
    try:
        run(arguments)
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(end.code + "\n")
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
