"""The client of the warm helper. It imports next to nothing, because it runs before every search.

Client and helper communicate through a socket file that only its user can open. The helper first confirms that it runs
the same program with the same settings; only then does it receive the query with the streams to which it prints, so
that nothing is printed twice when the client has to answer alone.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from zlib import crc32

ASK, PING, STOP = b"a", b"p", b"s"
BEGIN, STALE = b"b", b"x"
PATIENCE = 1.0
"""Number of seconds to wait for a busy helper; a search without it takes about as long."""
OFF = ("0", "no", "off")
AUTO = "auto"
"""Value of KB_WARM, set by a person who wants it: a search that found no helper starts one after its own answer."""
_LONGEST = 1 << 20
"""Maximum number of bytes of a query with its arguments."""


def setting() -> bytes:
    """Return everything that must be equal for two processes to give the same answers, as bytes: program, Python,
    environment, and the working folder if it has its own corpus."""
    names = ("LANG", "LANGUAGE", "NO_COLOR", "COLUMNS", "LINES", "HOME", "TZ")
    wanted = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if name != "KB_WARM" and (name in names or name.startswith(("KB_", "PYTHON", "LC_", "XDG_")))
    )
    here = os.getcwd() if os.path.exists(os.path.join("corpus", "sources.yaml")) else ""
    return "\n".join([os.path.dirname(__file__), sys.version, here, *wanted]).encode("utf-8", "surrogateescape")


def folder() -> str:
    """Return the folder of this user's sockets: in the system's runtime folder of the session, else in the temporary
    folder."""
    above = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return os.path.join(above, f"kb-warm-{os.getuid()}")


def is_private(path: str) -> bool:
    """Return whether the path is a folder (not a link) that belongs to this user and that nobody else can open."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    # a folder (040000) that nobody but its owner may enter (077)
    return found.st_uid == os.getuid() and found.st_mode & 0o170077 == 0o040000


def address() -> str:
    """Return the path of the socket file of a helper with the settings of this process."""
    return os.path.join(folder(), f"{crc32(setting()):08x}.sock")


def is_offered() -> bool:
    """Return whether this system has Unix sockets and the user did not turn the helper off (KB_WARM=off)."""
    return hasattr(socket, "AF_UNIX") and hasattr(os, "getuid") and os.environ.get("KB_WARM", "").lower() not in OFF


def may_start() -> bool:
    """Return whether a search may start the helper (KB_WARM=auto)."""
    return is_offered() and os.environ.get("KB_WARM", "").lower() == AUTO


def called(kind: bytes, patience: float = PATIENCE) -> socket.socket | None:
    """Return an open connection to a helper with the same settings that accepts this kind of call within `patience`
    seconds; None when there is none."""
    if not is_offered():
        return None
    path = address()
    if not os.path.exists(path) or not is_private(folder()):
        return None
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(patience)
    try:
        line.connect(path)
        known = setting()
        # four bytes of length, then the settings
        line.sendall(kind + len(known).to_bytes(4, "big") + known)
        if line.recv(1) == BEGIN:
            line.settimeout(None)
            return line
    except OSError:
        pass
    line.close()
    return None


def ask(arguments: list[str]) -> int | None:
    """Send a command line to the warm helper, which runs it and prints as usual, and return the exit code. Returns None
    when there is no helper, so that this process must run it itself."""
    if arguments[:1] != ["search"] or any(stream is None for stream in (sys.stdout, sys.stderr)):
        return None
    line = called(ASK)
    if line is None:
        return None
    encoding = getattr(sys.stdout, "encoding", "utf-8") or "utf-8"
    question = "\0".join([os.getcwd(), encoding, *arguments]).encode("utf-8", "surrogateescape")
    if len(question) > _LONGEST:
        line.close()
        return None
    with line:
        try:
            # four bytes of length, and the two output streams
            socket.send_fds(line, [len(question).to_bytes(4, "big")], [1, 2])
            line.sendall(question)
            answer = line.recv(1)
        except OSError:
            answer = b""
    if not answer:
        sys.stderr.write("kb: the warm helper ended before the answer was whole. Ask again.\n")
        return 70  # EX_SOFTWARE, as for any fault of this program
    return answer[0]
