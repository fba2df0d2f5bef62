"""Write zip files whose bytes depend only on their contents, and read foreign zip files with limits."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from kb.errors import InputError
from kb.files import DAMAGE, readable, scratch

FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: no clock in the bytes
MAX_MEMBER = 256 * 1024 * 1024  # bytes of one file in a project that is brought in: a bomb ends here
MAX_RATIO = 200  # a text compresses ten times at most; beyond this it is a bomb


def member(name: str) -> zipfile.ZipInfo:
    """Return the header of a member: deflated, with fixed time and permissions."""
    info = zipfile.ZipInfo(name, FIXED)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16  # its owner writes, all read; the mode is in the upper 16 bits
    info.create_system = 3
    return info


@contextmanager
def streamed(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """Write a member piece by piece.

    It is collected in a temporary file until its size is known: only what is over 2 GB is then written as ZIP64, which
    pandoc and other readers cannot open.
    """
    with scratch("member") as folder, (folder / "member").open("w+b") as waiting:
        yield waiting
        info = member(name)
        info.file_size = waiting.tell()
        waiting.seek(0)
        with archive.open(info, "w") as out:
            shutil.copyfileobj(waiting, out)


def settle(source: Path, target: Path, replaced: dict[str, bytes] | None = None) -> None:
    """Copy a zip with fixed times, some members replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(member(info.filename), (replaced or {}).get(info.filename) or old.read(info))


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open the zip at `path`. Raises InputError if it is not a zip, or where a member would unpack to too much or
    outside the folder."""
    readable(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"is not a zip file ({error}).", where=str(path), do="Export it again.") from error
    for info in archive.infolist():
        parts = PurePosixPath(info.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts:
            raise InputError(
                f"the member {info.filename} points outside the archive.", where=str(path), do="Do not trust this file."
            )
        # what unpacks to less than a megabyte may be packed as densely as it likes
        too_dense = info.file_size > 1 << 20 and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        if info.file_size > MAX_MEMBER or too_dense:
            raise InputError(
                f"the member {info.filename} would unpack to {info.file_size:,} bytes.",
                where=str(path),
                do="Split the project, or do not trust this file.",
            )
    return archive


def same_members(first: Path, second: Path) -> bool:
    """Return whether two files are zips of the same members, byte for byte, however each was packed. False for a
    damaged file or one that is not a zip."""
    try:
        with open_zip(first) as one, open_zip(second) as other:
            here, there = _members(one), _members(other)
            return here == there and all(one.read(name) == other.read(name) for name in here)
    except (*DAMAGE, OSError, InputError):
        return False


def _members(archive: zipfile.ZipFile) -> list[str]:
    """Return the sorted names of the files; folder entries, which some programs add, are left out."""
    return sorted(info.filename for info in archive.infolist() if not (info.is_dir() and not info.file_size))
