"""Watch a command from outside: which addresses it connects to and which files it writes.

With strace, system calls of the command and all its children are read, those of native libraries included. Without
strace (or if tracing is forbidden) an audit hook in every Python process of the command reports what it can; native
code is not seen then.
"""

from __future__ import annotations

import ast
import ipaddress
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

CALLS = (
    "connect,bind,sendto,sendmsg,sendmmsg,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,"
    "symlink,symlinkat,unlink,unlinkat,rmdir,truncate,mknod,mknodat,chmod,fchmodat"
)
DEVICES = ("/dev/null", "/dev/tty", "/dev/pts/", "/dev/shm/", "/dev/urandom", "/proc/")
HOOK = """
import os, sys
_log = os.open(os.environ["KB_WATCH"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
_inside = False
def _hook(event, args):
    global _inside
    if _inside or not event.startswith(("socket.", "open", "os.")):
        return
    _inside = True
    try:
        if event in ("socket.connect", "socket.bind", "socket.sendto"):
            line = ("reach", args[1][0] if isinstance(args[1], tuple) else f"unix:{args[1]}")
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            line = ("reach", str(args[0]))
        elif event == "open" and isinstance(args[0], (str, bytes)) and (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            line = ("write", os.path.abspath(os.fsdecode(args[0])))
        elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate"):
            line = ("write", os.path.abspath(os.fsdecode(args[1 if event in ("os.link", "os.symlink") else 0])))
        else:
            return
        os.write(_log, (repr(line) + "\\n").encode())
    finally:
        _inside = False
sys.addaudithook(_hook)
"""


@dataclass
class Seen:
    """The addresses that a command connected to, the paths that it wrote, and how it was watched."""

    code: int
    output: str
    how: str
    reached: set[str] = field(default_factory=set)
    wrote: set[str] = field(default_factory=set)


@cache
def strace() -> str | None:
    """Return the path of strace; None if it is not installed or may not trace."""
    found = shutil.which("strace")
    if not found or subprocess.run([found, "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        return None
    return found


def watch(
    command: list[str],
    folder: Path,
    env: dict[str, str],
    meanwhile: Callable[[], None] | None = None,
    *,
    cwd: Path | None = None,
    native: bool = True,
    seconds: float = 600,
) -> Seen:
    """Run `command` and return what it connected to and wrote. If `meanwhile` is given, it is called while the command
    runs, and the command is then asked to end. `native=False` does not use strace."""
    folder.mkdir(parents=True, exist_ok=True)
    tracer = strace() if native else None
    log = folder / "calls"
    if tracer:
        line = [
            tracer,
            "-ff",
            "-y",
            "--seccomp-bpf",
            "-s",
            "300",
            "-e",
            f"trace={CALLS}",
            "-e",
            "signal=none",
            "-o",
            str(log),
            *command,
        ]
    else:
        (folder / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
        env = {**env, "KB_WATCH": str(log), "PYTHONPATH": os.pathsep.join([str(folder), env.get("PYTHONPATH", "")])}
        line = command
    with (folder / "output").open("w+") as out:
        process = subprocess.Popen(line, env=env, stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=cwd)
        try:
            if meanwhile:
                meanwhile()
                _end(process, traced=bool(tracer))
            code = process.wait(seconds)
        finally:
            if process.poll() is None:
                _end(process, traced=bool(tracer))
        out.seek(0)
        seen = Seen(code, out.read(), "strace" if tracer else "audit hook")
    for what, where in _system_calls(log, cwd or Path.cwd()) if tracer else _events(log):
        (seen.reached if what == "reach" else seen.wrote).add(where)
    return seen


def _end(process: subprocess.Popen, traced: bool) -> None:
    """Ask the command to end; if it is `traced`, the command is the child of the process."""
    pids = [process.pid]
    if traced:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        pids = [int(pid) for pid in children.read_text().split()] if children.exists() else []
    for pid in pids:
        os.kill(pid, 15)
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    if process.poll() is None:
        process.kill()


def _events(log: Path) -> Iterator[tuple[str, str]]:
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        yield ast.literal_eval(line)


_ADDRESS = re.compile(r'sin_addr=inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"|sun_path=(@?"[^"]*")')
_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\d+)(?:<(.*?)>)?(?:\(deleted\))?( E\w+)?")
_PATH = re.compile(r'(?:(AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')


def _system_calls(log: Path, cwd: Path) -> Iterator[tuple[str, str]]:
    """Yield ('reach', address) or ('write', path) for each traced call; attempts that permissions refused count too."""
    for file in log.parent.glob(f"{log.name}.*"):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            found = _CALL.match(line)
            if not found:
                continue
            name, arguments, result, target, error = found.groups()
            if name in ("connect", "bind", "sendto", "sendmsg", "sendmmsg"):
                for v4, v6, unix in _ADDRESS.findall(arguments):
                    yield "reach", v4 or v6 or f"unix:{unix}"
            elif int(result) < 0 and (error or "").strip() not in ("EACCES", "EPERM", "EROFS", "ENOSPC"):
                continue
            elif (
                not name.startswith(("open", "creat"))
                or re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND", line)
                or name == "creat"
            ):
                yield from (("write", path) for path in ([target] if target else _paths(arguments, cwd)))


def _paths(arguments: str, cwd: Path) -> list[str]:
    """Return the paths in the arguments of a call as absolute paths."""
    return [os.path.normpath(os.path.join(folder or cwd, path)) for _, folder, path in _PATH.findall(arguments)]


def elsewhere(reached: set[str]) -> set[str]:
    """Return the addresses that are not on this machine. The local socket of a name service cache is on this
    machine."""
    return {address for address in reached if not _is_loop(address)}


def _is_loop(address: str) -> bool:
    if address.startswith("unix:"):
        return "resolve" not in address
    if address in ("localhost", "None"):
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def outside(wrote: set[str], *allowed: Path) -> set[str]:
    """Return the paths outside the allowed folders, without Python's bytecode caches."""
    roots = tuple(str(folder.resolve()) for folder in allowed)
    return {
        path
        for path in wrote
        if not path.startswith(DEVICES)
        and "/__pycache__" not in path
        and not any(path == root or path.startswith(f"{root}/") for root in roots)
        and not path.startswith(("pipe:", "socket:", "anon_inode:"))
    }
