"""LibreOffice as a converter, where it is installed: it has no network, and its profile, cache and temporary files lie
in one folder that the caller throws away. The one thing outside is a socket that it makes under /tmp, wherever
temporary files are to be, and takes away when it ends; where it is killed the socket stays, empty and without reader.

A document or a template may link to a picture on the internet; LibreOffice would fetch it and so tell that address.
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
"""A small process closes the network and becomes LibreOffice: nothing is run between fork and exec."""
_PLACES = {"UserInstallation": "profile", "UNO_SHARED_PACKAGES_CACHE": "shared"}
"""What LibreOffice writes beside its results, and where it stands in the folder."""
_HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR")


def program() -> str | None:
    """The path of LibreOffice, where it is installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def convert(file: Path, format: str, folder: Path, seconds: float) -> Path:
    """The file in another format ("pdf", "docx"), made in `folder` under the same stem.

    Raises OSError or subprocess.SubprocessError where LibreOffice is not there, fails or takes longer than `seconds`,
    FileNotFoundError where it ends without a result.
    """
    found = program()
    if found is None:
        raise FileNotFoundError("LibreOffice")
    home = folder / "office"
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-c", _RUN, json.dumps(sys.path), found]
    command += [f"-env:{name}={(home / part).as_uri()}" for name, part in _PLACES.items()]
    command += ["--headless", "--norestore", "--safe-mode"]
    command += ["--convert-to", format, "--outdir", str(folder), str(file)]
    environment = {**os.environ, **dict.fromkeys(_HOMES, str(home)), "TZ": "UTC"}  # dates of PDF: one zone
    _run(command, seconds, environment)
    made = folder / f"{file.stem}.{format}"
    if not made.exists():
        raise FileNotFoundError(made.name)
    return made


def _run(command: list[str], seconds: float, environment: dict[str, str]) -> None:
    """Run it to its end, or end it with all that it started: LibreOffice is a script, a starter and the program.

    Raises subprocess.TimeoutExpired, or subprocess.CalledProcessError where it fails.
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
    """End a process, and where the system has groups, those that it started."""
    if hasattr(os, "killpg"):
        os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
