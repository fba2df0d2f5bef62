"""Old Word files: LibreOffice, where it is installed, turns them into .docx in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from kb.errors import InputError
from kb.files import scratch
from kb.read.draft import Reading
from kb.read.formats.docx import read_docx
from kb.read.limits import Limits


def read_doc(path: Path, limits: Limits) -> Reading:
    """A .doc file's paragraphs. Raises InputError without LibreOffice, and where it cannot convert the file in time."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise InputError(
            "this is an old Word file (.doc) and LibreOffice is not installed",
            where=path.name,
            do="Install LibreOffice, or save the file as .docx or PDF and read that.",
        )
    with scratch("doc") as folder:
        source = folder / "document.doc"
        shutil.copyfile(path, source)
        _convert(
            [
                program,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--norestore",
                "--safe-mode",
                "--convert-to",
                "docx",
                "--outdir",
                str(folder),
                str(source),
            ],
            limits,
            path,
        )
        made = folder / "document.docx"
        if not made.exists():
            raise InputError(
                "LibreOffice could not convert the old Word file",
                where=path.name,
                do="Open it in Word, save it as .docx and read that.",
            )
        reading = read_docx(made, limits)
    reading.type = "doc"
    return reading


def _convert(command: list[str], limits: Limits, path: Path) -> None:
    """Run the converter; what it starts stays in the group of the process that reads this file and is ended with it."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        process.wait(timeout=limits.seconds)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.wait()
        raise InputError(
            f"LibreOffice did not convert the file in {limits.seconds} s",
            where=path.name,
            do="Open it in Word, save it as .docx and read that.",
        ) from error
