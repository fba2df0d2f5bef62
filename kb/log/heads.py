"""Store the end of the log in a small file beside the SQLite database, so that an emptied, truncated or exchanged
database is detected.

The file is written after each commit, so it is never ahead of a complete log. Whoever deletes a workspace on purpose
must also delete this file (`workspace.head` beside `workspace.sqlite`); a restore does this itself.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from kb.amounts import some
from kb.errors import KBError, WorkspaceError
from kb.files import replacing, sweep
from kb.log.anchor import Anchor, anchor_now, marks_in
from kb.log.database import file_of as database_file
from kb.log.database import transaction
from kb.log.tables import EventRow
from kb.text import sha256_text

SMALLEST = 512  # bytes of the smallest page of SQLite, which takes a shorter file for a new database


def file_of(engine: Engine) -> Path | None:
    """Return the file that stores the head of the log (sequence and hash of the last event), beside a SQLite database;
    None for a database on a server."""
    database = database_file(engine)
    return database.with_suffix(".head") if database else None


def write(file: Path | None, head: Anchor) -> None:
    """Write the head to the file atomically. If the folder is not writable, nothing is written: the former head
    remains valid, since it is part of the longer log."""
    if file is None or not head.sequence:
        return
    with suppress(OSError, KBError), replacing(file) as beside, beside.open("w", encoding="ascii") as stream:
        stream.write(_content(head))
        stream.flush()
        os.fsync(stream.fileno())


def keep_present(engine: Engine) -> None:
    """Write the current end of the log in the database to the head file."""
    from kb.log.store import LogReader

    with transaction(engine, write=False) as connection:
        head = anchor_now(LogReader(connection))
    write(file_of(engine), head)


def keep(engine: Engine, head: Anchor) -> None:
    """Write `head` to the head file after a commit. If a restore has replaced the log since, write the end of the
    new log instead."""
    write(file_of(engine), head)
    with transaction(engine, write=False) as connection:
        gone = problems(connection, head)
    if gone:
        keep_present(engine)


def forget(engine: Engine) -> None:
    """Delete the head file, before a backup replaces the database."""
    file = file_of(engine)
    if file:
        file.unlink(missing_ok=True)


def read(file: Path | None) -> Anchor | None:
    """Return the stored head; None if there is no file. Temporary files of a killed program are deleted.

    Raises WorkspaceError for a damaged file.
    """
    if file:
        sweep(file)
    try:
        text = file.read_bytes().decode("ascii", "replace") if file else ""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WorkspaceError(
            f"The head of the log cannot be read: {error.strerror}.",
            where=str(file),
            do="Give read permission to the file.",
        ) from error
    if file is None:
        return None
    found = marks_in(text)
    if len(found) != 1 or text != _content(found[0]):
        raise WorkspaceError(
            "The file that keeps the head of the log is damaged.",
            where=str(file),
            do="Prove the log with kb doctor; if it is whole, remove this file and go on.",
        )
    return found[0]


def refuse_emptied(engine: Engine, kept: Anchor | None) -> None:
    """Raise WorkspaceError if the stored head `kept` shows that a workspace existed, but its database is now missing
    or empty."""
    file = file_of(engine)
    database = Path(engine.url.database or "")
    if file and kept and not (database.exists() and database.stat().st_size >= SMALLEST):
        what = "empty" if database.exists() else "missing"
        raise WorkspaceError(
            f"There was a workspace of {some(kept.sequence, 'event')} here{_until(kept)}; its database is {what} now.",
            where=str(database),
            do="Restore a backup: kb restore FILE --force. If it was removed on purpose, remove "
            f"{file.name} too, and a new one is begun.",
        )


def problems(connection: Connection, kept: Anchor | None) -> list[str]:
    """Return a sentence for each contradiction between the log and the stored head `kept`; empty if there is none,
    or if `kept` is None."""
    if kept is None:
        return []
    query = select(EventRow.hash).where(EventRow.sequence == kept.sequence)
    found = connection.execute(query).scalar()
    if found == kept.hash:
        return []
    what = "was cut off or exchanged for an older one" if found is None else "was exchanged or written anew"
    return [
        f"the log {what}: it had {some(kept.sequence, 'event')}{_until(kept)}, with another last one"
        if found
        else f"the log {what}: it had {some(kept.sequence, 'event')}{_until(kept)}"
    ]


def _content(head: Anchor) -> str:
    return f"{head.mark}\n{sha256_text(head.mark)}\n"


def _until(head: Anchor) -> str:
    return f", the last of {head.at:%Y-%m-%d %H:%M} UTC" if head.at else ""
