"""Files written whole or not at all, and read with limits."""
from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kb.errors import InputError

MAX_BYTES = 512 * 1024 * 1024  # an imported file larger than this is refused before it is read


_NO_WRITING = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EISDIR}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well, and is removed when it does not.

    Raises InputError when the disk is full or the folder may not be written.
    """
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        _make_folder(path)
        yield beside
        os.replace(beside, path)
    except OSError as error:
        if error.errno not in _NO_WRITING:
            raise
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(f"cannot be written ({error.strerror or error}).", where=str(path),
                      do="Make room, or choose another place. What stood there before is untouched.")


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of `path`. Raises InputError when it is missing, a folder, or over `limit` bytes."""
    try:
        size = path.stat().st_size
        if size > limit:
            raise InputError(f"holds {size:,} bytes, more than the {limit:,} that an import reads.", where=str(path),
                             do="Split the file.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror}).", where=str(path), do="Check the path.") from error


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, byte order mark removed. Raises InputError with the place of the first foreign byte."""
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x}).", where=str(path),
                         do="Save it as UTF-8 and import it again.") from error
