"""Write and read files safely: a file is written completely or not at all, is flushed to the disk before it counts as
saved, and is read with limits."""

from __future__ import annotations

import errno
import filecmp
import hashlib
import itertools
import logging
import lzma
import os
import platform
import re
import shutil
import stat
import struct
import sys
import tempfile
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kb.errors import InputError, KBError

MAX_BYTES = 512 * 1024 * 1024  # an imported file larger than this is refused before it is read

_MANY = 65_536
"""Files that a server may hold open: three for each of some twenty thousand people, more than one machine serves."""

log = logging.getLogger(__name__)

_NAME_BYTES = 180  # of 255 that file systems allow for a name; the rest is for what marks it as temporary

_NO_WRITING = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.EFBIG,
    errno.EIO,
    errno.ENOTDIR,
}

_ABOUT_A_NAME = {errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG}
"""Error numbers that may also concern a file that is only read; all others concern the disk that is written to."""

DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    struct.error,
)
"""Exceptions that a damaged file causes inside readers of ZIP, JSON, YAML and XML: undecodable text, missing keys,
values of the wrong type, endless nesting (RecursionError), unknown compression or encryption (NotImplementedError,
RuntimeError)."""

_mine: set[str] = set()
"""Names of the temporary files and folders that this process is writing now."""


@contextmanager
def fault_of(file: Path, what: str, do: str) -> Iterator[None]:
    """Return a context manager that converts errors caused by damage of a user's `file` to an InputError that names it.
    `what` and `do` are the parts of its message.

    Errors of the disk and missing permissions are not converted. 'Invalid argument' is, because it means a position
    outside a file that was cut off.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):
            raise
        raise InputError(f"{what} ({error}).", where=str(file), do=do) from error
    except DAMAGE as error:
        detail = " ".join(str(error).split())[:200]
        raise InputError(
            f"{what} ({type(error).__name__}{f': {detail}' if detail else ''}).", where=str(file), do=do
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Return a context manager whose value is a temporary path beside `path`. It replaces `path` when the block ends
    without an error, and is deleted otherwise.

    The bytes are on the disk before the file is renamed, and the new name is on the disk before the block ends.
    Temporary files that a killed program left for the same path are deleted first. Raises InputError when the disk is
    full or the folder cannot be written, and when the path is a device or a pipe such as `/dev/null`, which must not be
    replaced.
    """
    beside = path.with_name(f".{_short(path.name)}.{_token()}.part")
    _mine.add(beside.name)
    try:
        _refuse_devices(path)
        _make_folder(path)
        sweep(path)
        yield beside
        keep(beside, path)
    except OSError as error:
        if error.errno not in _NO_WRITING or _is_of_another_file(error, path, beside):
            raise
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        _mine.discard(beside.name)


def _refuse_devices(path: Path) -> None:
    """Raise InputError when the path, or the target of the link at the path, exists and is neither a file nor a
    folder."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InputError(
            "this is a device, a pipe or a socket, and no file can take its place",
            where=str(path),
            do="Name a file that may be written.",
        )


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Same as `replacing`, for a file that a person asked for: an earlier file with other content is kept
    (`keep_older`)."""
    with replacing(path) as beside:
        yield beside
        keep_older(path, beside)


def keep_older(path: Path, coming: Path | None = None) -> Path | None:
    """Keep the file at `path` under a second name before it is overwritten, and log a warning.

    Returns the second name: `report.docx` is kept as `report.before-1.docx`, or with the next free number. Returns None
    when nothing would be lost: there is no file, it is empty, or it has the same bytes as the file `coming`.
    """
    if not path.is_file() or not path.stat().st_size or coming and filecmp.cmp(path, coming, shallow=False):
        return None
    names = (path.with_name(f"{_short(path.stem)}.before-{number}{path.suffix}") for number in itertools.count(1))
    older = next(name for name in names if not os.path.lexists(name))
    try:
        os.link(path, older)
    except FileExistsError:  # another program has just created that name
        return keep_older(path, coming)
    except OSError:  # a file system without hard links
        shutil.copy2(path, older)
        sync(older)
    log.warning("%s was there with other content, which is kept as %s", path, older.name)
    return older


def keep(beside: Path, path: Path) -> None:
    """Rename a finished temporary file (`beside`) to its final name; its bytes are flushed to the disk before, the name
    after."""
    sync(beside)
    os.replace(beside, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's list of names, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder, and flushes names by itself
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EROFS):  # some file systems cannot flush a folder
            raise
    finally:
        os.close(number)


def sync_tree(folder: Path) -> None:
    """Wait until everything below a folder is on the disk, and also the folder's own name."""
    for parent, _, names in os.walk(folder):
        for name in names:
            sync(Path(parent) / name)
        sync(Path(parent))
    sync(folder.parent)


@contextmanager
def scratch(what: str, beside: Path | None = None) -> Iterator[Path]:
    """Yield a temporary folder, which is deleted at the end; it is in `beside`, or else in the system's temporary
    folder.

    Folders of the same kind (`what`: letters and '-') that killed programs left there are deleted first.
    """
    parent = beside or Path(tempfile.gettempdir())
    prefix = f".kb-{what}."
    _sweep(parent, prefix)
    folder = parent / f"{prefix}{_token()}.part"
    _mine.add(folder.name)
    try:
        folder.mkdir(mode=0o700)  # readable by its owner only
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _mine.discard(folder.name)


def sweep(path: Path) -> None:
    """Delete temporary files beside `path` that programs left when they were killed while writing it."""
    _sweep(path.parent, f".{_short(path.name)}.")


def _sweep(folder: Path, prefix: str) -> None:
    """Delete the temporary entries of `folder` whose names begin with `prefix` and whose program has ended."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _TOKEN.fullmatch(entry.name.removeprefix(prefix)) if entry.name.startswith(prefix) else None
            if not found or entry.name in _mine or not _has_ended(found["host"], int(found["pid"])):
                continue
            with suppress(OSError):
                shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)


_TOKEN = re.compile(r"(?P<host>[0-9a-f]{6})-(?P<pid>\d+)-[0-9a-f]{8}\.part")


def _host() -> str:
    """Return six hexadecimal digits that identify this machine, so that programs on two machines with a shared disk do
    not delete each other's files."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:6]


def _token() -> str:
    """Return the part of a temporary name that identifies its owner: machine, process and random characters."""
    return f"{_host()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _has_ended(host: str, pid: int) -> bool:
    """Return whether the program that made a temporary file has certainly ended; False when this cannot be known."""
    if host != _host() or os.name == "nt":  # on Windows, signal 0 would end the program that is asked
        return False
    if pid == os.getpid():
        return True  # names of this process are in `_mine`: this one is of an earlier program with the same process id
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _short(name: str) -> str:
    """Shorten a file's name, so that a temporary name made from it is not too long."""
    return name.encode("utf-8", "surrogateescape")[:_NAME_BYTES].decode("utf-8", "ignore")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def _is_of_another_file(error: OSError, *paths: Path) -> bool:
    """Return whether an error is about some other file that was read meanwhile, and not about `paths`, which are being
    written."""
    if error.errno not in _ABOUT_A_NAME or error.filename is None:
        return False
    return not any(str(error.filename).startswith(str(path.parent)) for path in paths)


def unwritable(path: Path, error: OSError) -> InputError:
    """Return the user's error for a full disk, a read-only folder or another reason why `path` cannot be written."""
    return InputError(
        f"cannot be written ({error.strerror or error}).",
        where=str(path),
        do="Make room, or choose another place. What stood there before is untouched.",
    )


_KINDS = {
    stat.S_IFDIR: ("a folder", "Name a file in it."),
    stat.S_IFIFO: ("a pipe", "Save what comes out of it in a file, and name that."),
    stat.S_IFSOCK: ("a socket", "Name a file."),
    stat.S_IFCHR: ("a device", "Name a file."),
    stat.S_IFBLK: ("a device", "Name a file."),
}
"""File type (as in `stat`) to (its name, what the user can do instead), for paths that are not files."""
_HANDED_OVER = re.compile(r"/dev/(?:stdin|fd/\d+)|/proc/self/fd/\d+")
"""Matches the path of a pipe that the shell passes, as with `<(command)`. It cannot be read twice: it is written while
it is read."""


def readable(
    path: Path, do: str = "Check the path.", *, missing: type[KBError] = InputError, handed_over: bool = False
) -> Path:
    """Return `path` if it is a file that can be read. Every function that takes a path from a user calls this first.

    Raises `missing` when nothing has that name, and InputError for a folder, a pipe, a socket or a device, saying what
    it is, and for a file without read permission. A pipe is not opened, because that would wait for another program to
    write to it; with `handed_over`, a pipe from the shell is accepted.
    """
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError) as error:
        what = "this is a link to a file that is not there." if path.is_symlink() else "there is no such file."
        raise missing(what, where=str(path), do=do) from error
    except (OSError, ValueError) as error:  # a parent folder without permission; a name with a NUL byte
        words = getattr(error, "strerror", None) or str(error)
        raise InputError(f"this cannot be read ({words}).", where=str(path), do=do) from error
    if kind in _KINDS and not (handed_over and _HANDED_OVER.fullmatch(str(path))):
        what, instead = _KINDS[kind]
        raise InputError(f"this is {what}, not a file.", where=str(path), do=instead)
    if not os.access(path, os.R_OK):
        raise InputError(
            "this file may not be read (no permission).",
            where=str(path),
            do="Ask for the right to read it, or copy it.",
        )
    return path


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of `path`, which may be a pipe from the shell. Raises InputError when it is missing, is no file,
    or has more than `limit` bytes. The size of a pipe is not known before it is read, so it has no limit."""
    readable(path, handed_over=True)
    try:
        size = path.stat().st_size
        if size > limit:
            raise InputError(
                f"holds {size:,} bytes, more than the {limit:,} that an import reads.",
                where=str(path),
                do="Split the file.",
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror}).", where=str(path), do="Check the path.") from error


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """Return the text of a UTF-8 file of at most `limit` bytes, without its byte order mark. Raises InputError with the
    position of the first byte that is not UTF-8, and as `read_bytes`."""
    data = read_bytes(path, limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x}).",
            where=str(path),
            do="Save it as UTF-8 and import it again.",
        ) from error


def linked(old: Path, new: Path) -> None:
    """Give a file that will never be written again a second name; when the disk does not support that, copy it."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def allow_many_open() -> None:
    """Raise the number of files that this program, and those it starts, may hold open to what the system allows. A
    server holds some three for each person that is connected; many systems begin with 1,024. Does nothing where the
    system has no such number or refuses."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):  # ValueError: macOS refuses more than a limit that it does not report
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = _MANY if hard == resource.RLIM_INFINITY else min(_MANY, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
