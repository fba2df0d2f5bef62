"""Connections to SQLite and PostgreSQL, and messages for their errors."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from kb import whole_file
from kb.errors import InputError, KBError, RefusedError, WorkspaceError
from kb.files import scratch

WAIT_SECONDS = 30  # how long a writer waits for the others; eight writers of one decision each need well under one
SYNCHRONOUS = "full"  # SQLite waits for the disk at every commit: what was acknowledged survives a power cut

# Error messages, by a piece of the driver's message (SQLite) or the SQLSTATE class (PostgreSQL, appendix A).
_MEANINGS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("database is locked", "database table is locked", "55P03"),
        "The workspace is locked by another program.",
        "Wait a moment and try again; if it stays, end the other program.",
    ),
    (
        ("database or disk is full", "53100"),
        "The disk or the database is full; nothing was written.",
        "Free some space and try again.",
    ),
    (
        ("disk I/O error",),
        "The disk fails or is full; nothing was written.",
        "Free some space, look at the disk, and try again.",
    ),
    (
        ("readonly database", "read-only", "25006"),
        "The workspace cannot be written.",
        "Give write permission to the file and its folder, or use another workspace.",
    ),
    (
        ("unable to open database file", "No such file"),
        "The workspace cannot be opened.",
        "Check that the folder exists and may be written, or set KB_DATABASE_URL.",
    ),
    (
        ("not a database", "malformed", "disk image"),
        "The file is no readable workspace.",
        "Restore a backup with: kb restore FILE",
    ),
    (
        ("written once, never changed",),
        "The history is written once; it is never changed.",
        "Record a new decision instead.",
    ),
    (("author_named",), "Every change needs an author.", "Give the person's name with --by."),
    (("machine_never_decides",), "The machine proposes; only a person decides.", "Record the decision of a person."),
)
_FULL = ("database or disk is full", "disk I/O error")
_REFUSALS = ("written once", "author_named", "machine_never_decides")


def connect(url: str) -> Engine:
    """Return an engine for `url` (sqlite or postgresql). Raises InputError for any other address."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address)
        if address.get_backend_name() == "postgresql":
            return _postgres(address)
    except (ArgumentError, NoSuchModuleError) as error:
        raise InputError(f"The database address cannot be read: {error}", do=_ADDRESSES) from error
    raise InputError(f"Unknown database '{address.drivername}'.", do=_ADDRESSES)


_ADDRESSES = "Use sqlite:///path/to/file or postgresql://user@host/database in KB_DATABASE_URL."


def _sqlite(address: URL) -> Engine:
    """Return an engine for a SQLite file; a file that cannot be written is opened read-only. Raises InputError for a
    database in memory."""
    file = address.database
    if not file or file == ":memory:":
        raise InputError("A workspace in memory would be lost.", do=_ADDRESSES)
    if not file.startswith("file:") and (is_read_only(Path(file)) or _has_no_room(Path(file))):
        engine = create_engine(address, creator=partial(_read_only, Path(file).resolve()))
    else:
        if "mode=ro" not in str(address.query):
            _make_folder(Path(file).parent)
        engine = create_engine(address, connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin below, not at the driver's whim
        connection.execute(f"pragma busy_timeout={WAIT_SECONDS * 1000}")
        connection.execute("pragma foreign_keys=on")
        connection.execute(f"pragma synchronous={SYNCHRONOUS}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("kb_write")
        connection.exec_driver_sql("begin immediate" if writing else "begin")
        if writing and not file.startswith("file:"):
            whole_file.unseal(Path(file))

    return engine


def is_read_only(file: Path) -> bool:
    """Return whether a database exists but cannot be written, for example on a read-only disk."""
    return file.is_file() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


ROOM = 64 * 1024  # bytes: SQLite makes a file of 32 KB beside a database to read it, and a log to write it


def is_full(folder: Path) -> bool:
    """Return whether the disk of a folder has less free space than SQLite needs for its temporary files."""
    try:
        return shutil.disk_usage(folder).free < ROOM
    except OSError:
        return False


def _has_no_room(file: Path) -> bool:
    """Return whether a database exists but its disk is so full that SQLite cannot even read it in the usual way."""
    if not file.is_file() or not is_full(file.parent):
        return False
    try:
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as connection:
            connection.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return any(sign in str(error) for sign in _FULL)
    return False


def _read_only(file: Path) -> sqlite3.Connection:
    """Return a read-only connection to the database `file`.

    SQLite needs a shared-memory file beside a database that has a write-ahead log. If it cannot create one, the
    database is opened as immutable, or, if the log has content, copied with it into memory.
    """
    log = file.with_name(file.name + "-wal")
    try:
        return _connected(file, "mode=ro")
    except sqlite3.OperationalError:
        if not (log.exists() and log.stat().st_size):
            return _connected(file, "immutable=1")
    with scratch("read-only") as folder:
        for each in (file, log):
            shutil.copyfile(each, folder / each.name)
        return _in_memory(folder / file.name)


def _connected(file: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(file))}?{how}", uri=True, timeout=WAIT_SECONDS, check_same_thread=False
    )
    try:
        connection.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    connection.execute("pragma query_only=on")
    return connection


def _in_memory(file: Path) -> sqlite3.Connection:
    """Return a connection to a copy in memory of the database and its write-ahead log."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    source = sqlite3.connect(file)
    try:
        source.backup(connection)
    finally:
        source.close()
    connection.execute("pragma query_only=on")
    return connection


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"The folder cannot be made: {error.strerror}.",
            where=str(folder),
            do="Choose another with KB_WORKSPACE or KB_DATABASE_URL.",
        ) from error


def _postgres(address: URL) -> Engine:
    """Return an engine for PostgreSQL (psycopg 3); a writer that waits longer than WAIT_SECONDS gets an error."""
    options = {"options": f"-c lock_timeout={WAIT_SECONDS}s -c timezone=UTC"}
    return create_engine(address.set(drivername="postgresql+psycopg"), connect_args=options, pool_pre_ping=True)


def file_of(engine: Engine) -> Path | None:
    """Return the file of a SQLite database; None for a database on a server."""
    name = engine.url.database or ""
    return None if engine.dialect.name != "sqlite" or name.startswith("file:") else Path(name)


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """Open one transaction, which is committed completely or not at all. With `write` False it reads one snapshot
    and cannot change the database."""
    with translated(engine), engine.connect() as connection:
        connection.execution_options(kb_write=write)
        if engine.dialect.name == "postgresql" and not write:
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Within the block, convert an error of the database driver into a KBError that says what to do; other errors
    pass unchanged."""
    try:
        yield
    except DBAPIError as error:
        raise explained(error.orig or error, engine) from error


def explained(error: BaseException, engine: Engine) -> KBError:
    """Return the KBError, with advice, for an error of the database driver."""
    text = f"{getattr(error, 'sqlstate', '') or ''} {error}"
    where = engine.url.render_as_string(hide_password=True)
    if "readonly database" in text and is_full(Path(engine.url.database or "").parent):
        text = _FULL[0]  # what lacks is room, not the right to write
    for signs, what, do in _MEANINGS:
        if any(sign in text for sign in signs):
            kind = RefusedError if signs[0].startswith(_REFUSALS) else WorkspaceError
            return kind(what, where=where, do=do)
    first = str(error).strip().splitlines() or [type(error).__name__]
    return WorkspaceError(f"The database answers: {first[0]}", where=where, do="Check KB_DATABASE_URL and the server.")
