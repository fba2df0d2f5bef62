"""Switch from one workspace to another, with a note on disk from which the next opening can complete or undo an
interrupted switch.

A restore prepares everything beside the present workspace, writes the note, then changes the database in one
transaction and renames the folders. After an interruption, the database shows whether it was changed: if so, the
remaining moves are made; if not, the prepared files are deleted.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError
from sqlalchemy import Connection, inspect, make_url, text

from kb.errors import WorkspaceError
from kb.files import replacing, sync
from kb.log import heads
from kb.log.database import connect, transaction
from kb.models import Model
from kb.sources.keep import LOCK

NOTE = ".restore.json"
_TABLE = "kb_restoring"


class Move(Model):
    """One file or folder to put in place: `staged` becomes `live`, after `live` has been renamed to `aside`."""

    staged: str
    live: str
    aside: str
    keep_aside: bool = Field(False, description="whether what was there stays, under its new name")


class Switch(Model):
    """The note of a switch in progress: its id, the database's address, and the moves to make."""

    id: str
    database: str = Field(description="address, without a password")
    in_database: bool = Field(description="whether a transaction on the database decides; else this note does")
    moves: tuple[Move, ...]

    def write(self, home: Path) -> None:
        """Write the note to disk, before anything is changed."""
        with replacing(home / NOTE) as beside:
            beside.write_text(self.model_dump_json(), encoding="utf-8")

    def finish(self, home: Path, url: str) -> None:
        """Make every move that is not made yet, then delete the note."""
        for move in self.moves:
            _make(move)
        if self.in_database:  # from here on the note alone decides
            self.model_copy(update={"in_database": False}).write(home)
        engine = connect(url)
        try:
            heads.forget(engine)  # of the log that went
            with transaction(engine, write=True) as connection:
                connection.execute(text(f"drop table if exists {_TABLE}"))
            heads.keep_present(engine)  # of the log that came: should it be emptied before it is opened, that is seen
        finally:
            engine.dispose()
        self._clear(home, [move.aside for move in self.moves if not move.keep_aside])

    def take_back(self, home: Path) -> None:
        """Delete what was prepared for a restore that did not happen; the workspace is unchanged."""
        self._clear(home, [move.staged for move in self.moves])

    def _clear(self, home: Path, names: list[str]) -> None:
        """Delete files that are no longer needed, then the note. If a file cannot be deleted now, the note stays and
        the next opening tries again."""
        for name in names:
            _remove(Path(name))
        if not any(os.path.lexists(name) for name in names):
            (home / NOTE).unlink(missing_ok=True)


def sign(connection: Connection, id: str) -> None:
    """Record in the database that the switch `id` was made, in the same transaction that changes the database."""
    connection.execute(text(f"drop table if exists {_TABLE}"))
    connection.execute(text(f"create table {_TABLE} (id varchar(64))"))
    connection.execute(text(f"insert into {_TABLE} (id) values (:id)"), {"id": id})


def plain_address(url: str) -> str:
    """Return an address without its password."""
    return make_url(url).render_as_string(hide_password=True)


def settle(url: str, *homes: Path) -> None:
    """Complete or undo an interrupted restore; do nothing while a restore is still running.

    The note is looked for in the database's folder and in `homes`. Raises WorkspaceError if it cannot be completed.
    """
    address = make_url(url)
    own = [Path(address.database).parent] if address.get_backend_name() == "sqlite" and address.database else []
    for home in dict.fromkeys([*own, *homes]):
        if (home / NOTE).exists():
            _settle(url, home)


def _settle(url: str, home: Path) -> None:
    try:
        with FileLock(home / LOCK, timeout=0):
            settle_now(url, home)
    except Timeout:
        return
    except OSError as error:
        raise WorkspaceError(
            f"A restore was interrupted and cannot be finished ({error.strerror}).",
            where=str(home / NOTE),
            do="Make the folder writable and try again.",
        ) from error


def settle_now(url: str, home: Path) -> None:
    """Like `settle`, for a caller that holds the lock of the library. Raises the same errors."""
    if not (home / NOTE).exists():
        return
    try:
        switch = Switch.model_validate_json((home / NOTE).read_text(encoding="utf-8"))
        if switch.database != plain_address(url):
            return
        if not switch.in_database or _is_signed(url, switch.id):
            switch.finish(home, url)
        else:
            switch.take_back(home)
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "its note is damaged"
        raise WorkspaceError(
            f"A restore was interrupted and cannot be finished ({why}).",
            where=str(home / NOTE),
            do="Make the folder writable and try again; a damaged note can be removed when kb findings "
            "prove and kb doctor find no fault.",
        ) from error


def _is_signed(url: str, id: str) -> bool:
    engine = connect(url)
    try:
        with transaction(engine, write=False) as connection:
            return (
                inspect(connection).has_table(_TABLE)
                and id in connection.execute(text(f"select id from {_TABLE}")).scalars()
            )
    finally:
        engine.dispose()


def _make(move: Move) -> None:
    """Make one move, also if it was interrupted half-way before."""
    staged, live, aside = Path(move.staged), Path(move.live), Path(move.aside)
    if not staged.exists():
        return
    if live.exists():
        for tail in ("-wal", "-shm"):  # of a SQLite file; they go with it
            beside = live.with_name(live.name + tail)
            if beside.exists():
                os.replace(beside, aside.with_name(aside.name + tail))
        os.replace(live, aside)
    os.replace(staged, live)
    sync(live.parent)


def _remove(path: Path) -> None:
    """Delete a file, or everything in a folder that can be deleted now. A missing file is no error; nor is a file
    that another program holds open (on Windows), since the note is kept and the next opening tries again."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)
