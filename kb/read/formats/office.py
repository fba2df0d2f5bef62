"""Read old Word files (.doc): LibreOffice, if installed, converts them to .docx in a temporary folder."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from kb import office
from kb.errors import InputError
from kb.files import scratch
from kb.read.draft import Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.docx import read_docx
from kb.read.limits import Limits


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_doc`."""
    return read_doc(source.path, options.limits)


def read_doc(path: Path, limits: Limits) -> Reading:
    """Return the reading of a .doc file. Raises InputError when LibreOffice is not installed, or cannot convert the
    file in time."""
    if office.program() is None:
        raise InputError(
            "this is an old Word file (.doc) and LibreOffice is not installed",
            where=path.name,
            do="Install LibreOffice, or save the file as .docx or PDF and read that.",
        )
    with scratch("doc") as folder:
        source = folder / "document.doc"
        shutil.copyfile(path, source)
        reading = read_docx(_converted(source, folder, limits, path.name), limits)
    reading.type = "doc"
    return reading


def _converted(source: Path, folder: Path, limits: Limits, name: str) -> Path:
    """Convert the file to .docx in `folder` and return its path; the converter runs in the process group of the reader
    and ends with it. Raises InputError when LibreOffice fails or takes too long."""
    try:
        return office.convert(source, "docx", folder, limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"LibreOffice did not convert the file in {limits.seconds} s",
            where=name,
            do="Open it in Word, save it as .docx and read that.",
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(
            "LibreOffice could not convert the old Word file",
            where=name,
            do="Open it in Word, save it as .docx and read that.",
        ) from error
