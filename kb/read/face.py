"""The public functions of `kb.read`: convert a file to Pages, or raise an error with cause, location and remedy."""

from __future__ import annotations

from pathlib import Path

from kb.errors import InputError
from kb.files import readable
from kb.models import Pages
from kb.read.archive import printable
from kb.read.assemble import assemble
from kb.read.detect import detect
from kb.read.formats import PageProgress, ReadOptions, SourceFile, reader_of
from kb.read.limits import DEFAULT, Limits, OverLimit
from kb.text import sha256_of


def read(
    path: str | Path,
    *,
    password: str | None = None,
    ocr: bool = True,
    limits: Limits = DEFAULT,
    progress: PageProgress | None = None,
) -> Pages:
    """Read a file into paragraphs in reading order, with locations, leftovers and problems; its type is detected from
    its content.

    The file is read in a separate process with limits of processor time, memory and output, so that a hostile file does
    no harm. With `ocr`, pages without text are recognised by a machine. `progress(done, total)` is called as pages are
    read. Raises InputError when the file cannot be read at all, and its subclass OverLimit when a limit is exceeded.
    """
    from kb.read.guarded import read_guarded

    path = Path(path)
    _checked(path, limits)
    return read_guarded(path, password=password, ocr=ocr, limits=limits, progress=progress)


def read_here(
    path: str | Path,
    *,
    password: str | None = None,
    ocr: bool = True,
    limits: Limits = DEFAULT,
    progress: PageProgress | None = None,
) -> Pages:
    """Read a file like `read`, with the same errors, but in this process; only for the project's own files with a known
    hash, such as the paper."""
    path = Path(path)
    name = _checked(path, limits)
    kind = detect(path)
    digest = sha256_of(path)
    options = ReadOptions(password, ocr, limits, progress, digest, part=read_here)
    try:
        reading = reader_of(kind)(SourceFile(path), options)
    except RecursionError as error:
        raise InputError("the file is nested too deeply", where=name, do="Save it again from its program.") from error
    except MemoryError as error:
        raise OverLimit(
            "reading it needs more memory than there is", where=name, do="Split it and read the parts."
        ) from error
    if not reading.drafts and not reading.problems:
        reading.trouble("no text was found in the file", "Check that it is the right file; a scan needs OCR.")
    count = len(reading.drafts) + len(reading.leftovers)
    if count > limits.units:
        raise OverLimit(
            f"it holds {count:,} pieces of text, more than {limits.units:,}",
            where=name,
            do="Split it and read the parts.",
        )
    return assemble(reading, printable(str(path)), digest)


def _checked(path: Path, limits: Limits) -> str:
    """Return the file name in printable form. Raises InputError when there is no such file, OverLimit when it is too
    large."""
    name = printable(path.name)
    readable(path)
    if path.stat().st_size > limits.file_bytes:
        raise OverLimit(
            f"the file has {path.stat().st_size:,} bytes, more than {limits.file_bytes:,}",
            where=name,
            do="Split it and read the parts.",
        )
    return name
