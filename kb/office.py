"""LibreOffice as a converter, where it is installed: it has no network, and its profile, cache and temporary files lie
in one folder that the caller throws away.

A document or a template may link to a picture on the internet; LibreOffice would fetch it and so tell that address.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("soffice", "libreoffice")
_RUN = (
    "import json, os, sys; sys.path[:] = json.loads(sys.argv[1]); from kb.no_network import close_network; "
    "close_network(); os.execv(sys.argv[2], sys.argv[2:])"
)
"""A small process closes the network and becomes LibreOffice: nothing is run between fork and exec."""
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
    command += [f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore", "--safe-mode"]
    command += ["--convert-to", format, "--outdir", str(folder), str(file)]
    environment = {**os.environ, **dict.fromkeys(_HOMES, str(home)), "TZ": "UTC"}  # dates of PDF: one zone
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=seconds, check=True, env=environment)
    made = folder / f"{file.stem}.{format}"
    if not made.exists():
        raise FileNotFoundError(made.name)
    return made
