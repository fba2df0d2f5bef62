"""Check a SQLite file byte by byte: while no program writes to it, its checksum is in a file beside it.

SQLite's own check, the hash chain of the log and the checksums of vectors verify the data in a database. A file also
has unused bytes (free pages, gaps within pages, parts of its header); only a checksum of all pages shows a change in
those.

A program that is about to write deletes the checksum first, and writes it again when it closes the file. So an existing
checksum always belongs to the present content. There is none after a writing program was killed, or while a program
that has written keeps the file open; then only the data can be verified.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from kb.errors import KBError
from kb.files import replacing, sync

LARGEST = 512 * 1024 * 1024  # bytes: SQLite gives the file as one piece of memory; above this no checksum is kept


def seal_of(database: Path) -> Path:
    """Return the path of the checksum file. It has the format of sha256sum, so that people can check a closed file with
    that program."""
    return database.with_name(database.name + ".sha256")


def unseal(database: Path) -> None:
    """Delete the checksum. The caller must hold the lock for writing and must not have written anything yet."""
    seal = seal_of(database)
    if seal.exists():
        seal.unlink(missing_ok=True)
        with suppress(OSError):
            sync(seal.parent)  # the checksum is gone before the first change is on the disk


def seal(database: Path) -> None:
    """Write the checksum of a file to which no program writes. Does nothing while a program writes, when the file is
    very large, or when the folder cannot be written; a later command will do it."""
    target = seal_of(database)
    if target.exists() or not database.is_file() or not os.access(database.parent, os.W_OK):
        return
    with suppress(OSError, KBError, sqlite3.Error), closing(_opened(database, "rw")) as connection:
        connection.execute("begin immediate")
        found = "" if _behind(connection, database) else _sum(connection)
        if found:
            with replacing(target) as beside:
                beside.write_text(_content(found, database), encoding="utf-8")
        connection.execute("rollback")


def problem(database: Path) -> str:
    """Return what is wrong when the checksum does not match the file; '' when it matches, when there is none, or while
    a program writes."""
    target = seal_of(database)
    try:
        kept = target.read_bytes()
        with closing(_opened(database, "ro")) as connection:
            connection.execute("begin")
            behind, found = _behind(connection, database), _sum(connection)
        if target.read_bytes() != kept:
            return ""
    except (OSError, sqlite3.Error):
        return ""  # no checksum, one just removed, or an unreadable file, which other checks report
    if not behind and (not found or kept == _content(found, database).encode()):
        return ""
    return f"{database.name} or {target.name} was changed since the file was closed, if only in bytes that hold nothing"


def _opened(database: Path, mode: str) -> sqlite3.Connection:
    """Open a separate connection, so that it reads what is on the disk. It does not wait for locks; `mode` is that of
    SQLite addresses."""
    address = f"file:{quote(str(database))}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)


def _size(connection: sqlite3.Connection) -> int:
    """Return the number of bytes in all pages of the database."""
    (pages,), (size,) = (connection.execute(f"pragma {name}").fetchone() for name in ("page_count", "page_size"))
    return pages * size


def _behind(connection: sqlite3.Connection, database: Path) -> bool:
    """Return whether the file has bytes after its last page. False while a part of the data is in SQLite's write-ahead
    log, because this cannot be checked then."""
    log = database.with_name(database.name + "-wal")
    return not (log.exists() and log.stat().st_size) and database.stat().st_size != _size(connection)


def _sum(connection: sqlite3.Connection) -> str:
    """Return the sha256 of all pages, as SQLite reads them; '' for a file that is too large. The file is not opened
    directly: that would end the locks that other threads of this program hold on it."""
    return hashlib.sha256(connection.serialize()).hexdigest() if _size(connection) <= LARGEST else ""


def _content(found: str, database: Path) -> str:
    return f"{found}  {database.name}\n"
