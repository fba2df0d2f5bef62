"""Convert files with LibreOffice, if it is installed. It has no network, and its profile, cache and temporary files are
in one folder that the caller deletes.

The one thing outside that folder is a socket, which LibreOffice always makes under /tmp and deletes when it ends; when
it is killed, the empty socket remains. The network is closed because a document or a template may link to a picture on
the internet: LibreOffice would fetch it, and so reveal the reader to that address.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

NAMES = ("soffice", "libreoffice")
_RUN = (
    "import json, os, sys; sys.path[:] = json.loads(sys.argv[1]); from kb.no_network import close_network; "
    "close_network(); os.execv(sys.argv[2], sys.argv[2:])"
)
"""Source of a small Python process that closes the network and then becomes LibreOffice, so that no code runs between
fork and exec."""
_PLACES = {"UserInstallation": "profile", "UNO_SHARED_PACKAGES_CACHE": "shared"}
"""LibreOffice's name of each folder that it writes to, and the name of that folder inside the caller's folder."""
_HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR")


def program() -> str | None:
    """Return the path of LibreOffice; None when it is not installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def convert(file: Path, format: str, folder: Path, seconds: float) -> Path:
    """Convert the file to another format ("pdf", "docx"), and return the path of the new file: in `folder`, with the
    same stem.

    Raises OSError or subprocess.SubprocessError when LibreOffice is not installed, fails or takes longer than
    `seconds`, FileNotFoundError when it ends without a result.
    """
    found = program()
    if found is None:
        raise FileNotFoundError("LibreOffice")
    home = folder / "office"
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-P", "-c", _RUN, json.dumps(sys.path), found]
    command += [f"-env:{name}={(home / part).as_uri()}" for name, part in _PLACES.items()]
    command += ["--headless", "--norestore", "--safe-mode"]
    command += ["--convert-to", format, "--outdir", str(folder), str(file)]
    environment = {**os.environ, **dict.fromkeys(_HOMES, str(home)), "TZ": "UTC"}  # fixed time zone for dates in PDF
    _run(command, seconds, environment)
    made = folder / f"{file.stem}.{format}"
    if not made.exists():
        raise FileNotFoundError(made.name)
    return made


def _run(command: list[str], seconds: float, environment: dict[str, str]) -> None:
    """Run a command to its end. If it takes too long, kill it with all processes that it started (LibreOffice is a
    script, a starter and the program).

    Raises subprocess.TimeoutExpired after `seconds`, or subprocess.CalledProcessError when it fails.
    """
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment, start_new_session=True
    ) as running:
        try:
            code = running.wait(seconds)
        finally:
            if running.poll() is None:
                _end(running)
    if code:
        raise subprocess.CalledProcessError(code, command)


def _end(running: subprocess.Popen[bytes]) -> None:
    """Kill a process and, if the system has process groups, those that it started."""
    if hasattr(os, "killpg"):
        os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
