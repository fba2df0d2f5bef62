"""Restore a backup: replace the database and the library of a workspace together, or neither.

Everything is verified and prepared beside the present workspace; then `kb.log.switch` exchanges them. The former
workspace is saved as a backup.
"""

from __future__ import annotations

import json
import shutil
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, MetaData, Table, delete, make_url, text
from sqlalchemy.exc import DataError as BadValue
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from kb.amounts import some
from kb.config import settings
from kb.errors import InputError, KBError, RefusedError, WorkspaceError
from kb.files import replacing, sync, sync_tree, unwritable
from kb.log import backup, proof, schema, switch
from kb.log.archive import opened, proved_manifest
from kb.log.backup import BackupManifest
from kb.log.database import connect, transaction
from kb.log.proving import LogProof, prove_now
from kb.log.store import LogReader, open_workspace
from kb.log.switch import Move, Switch
from kb.sources.keep import still
from kb.sources.library import ASIDE, RECORD, files
from kb.sources.seals import seal_file
from kb.text import sha256_of

_BATCH = 1000  # rows per statement: bounded memory
_LETTERS = 64 << 20  # bytes of one row, and of the rows of one statement: the largest run of proposals has a few MB
"""Maximum bytes of one row, and of the rows of one insert statement."""


def restore(
    url: str,
    file: Path,
    *,
    library: Path | None = None,
    force: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> LogProof:
    """Replace the workspace at `url`, and the folder `library`, by a backup; return the proof of the restored log.

    If the program is killed, the workspace is the old or the new one. `say` gets a message with the place of the old
    one. Raises InputError for a damaged or foreign file or a full disk, RefusedError for a workspace with content
    unless `force`, WorkspaceError for a backup of a newer kb.
    """
    with opened(file) as archive:
        manifest = proved_manifest(archive, file)
        home = _home(url, library)
        with still(library or home / "library"):
            switch.settle_now(url, home)
            _sweep(home)
            return _Restore(url, archive, manifest, home, library, force, say).run()


def _home(url: str, library: Path | None) -> Path:
    """Return the folder in which a restore is prepared."""
    if library:
        return library.parent
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        return Path(address.database).parent
    return settings().workspace


class _Restore:
    """One restore in progress: its arguments, and the steps as methods."""

    def __init__(
        self,
        url: str,
        archive: zipfile.ZipFile,
        manifest: BackupManifest,
        home: Path,
        library: Path | None,
        force: bool,
        say: Callable[[str], None],
    ) -> None:
        self.url, self.archive, self.manifest, self.home, self.library = url, archive, manifest, home, library
        self.force, self.say = force, say
        self.kept: Path | None = None
        self.kept_head: tuple[int, str] | None = None
        self.id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
        self.file = Path(make_url(url).database or "") if make_url(url).get_backend_name() == "sqlite" else None

    def run(self) -> LogProof:
        """Prepare the new workspace, write the note of the switch, switch; return the proof of the restored log."""
        found = self._look()
        self._refuse_other_files()
        self._refuse_without_room()
        kept = found == "whole" and self._keep_what_is_there()
        moves: list[Move] = []
        try:
            moves += self._staged_library(kept)
            if self.file and found != "whole":
                proved, move = self._staged_database()
                made = Switch(
                    id=self.id, database=switch.plain_address(self.url), in_database=False, moves=(*moves, move)
                )
                made.write(self.home)
            else:
                made = Switch(id=self.id, database=switch.plain_address(self.url), in_database=True, moves=tuple(moves))
                made.write(self.home)
                proved = self._in_place()
        except BaseException as error:
            self._take_back(moves, refused=isinstance(error, KBError))
            raise
        made.finish(self.home, self.url)
        if self.kept:
            self.say(f"what was there before is kept in {self.kept}")
        return proved

    # --- what is there ---

    def _look(self) -> Literal["whole", "damaged", "missing"]:
        """Return the condition of the present workspace. Raises RefusedError if it has events, unless `force`;
        WorkspaceError if it cannot be opened and must not be replaced."""
        if self.file and not self.file.exists() and not self.file.with_suffix(".head").exists():
            return "missing"
        try:
            with open_workspace(self.url) as ws, ws.reading() as reader:
                count = reader.head()[0]
        except KBError:
            if not self.force or not self._may_go_aside():
                raise
            return "damaged"
        if count and not self.force:
            raise RefusedError(
                f"The workspace holds {some(count, 'event')}; they would be lost.",
                where=switch.plain_address(self.url),
                do="Back it up first, then restore with --force.",
            )
        return "whole"

    def _may_go_aside(self) -> bool:
        """Return whether a database that cannot be opened is a damaged workspace, not a locked, newer or foreign
        one."""
        engine = connect(self.url)
        try:
            with transaction(engine, write=True) as connection:
                found = schema.revision(connection)
                return not proof.foreign(connection) and (found is None or found <= schema.REVISION)
        except KBError as error:
            return "no readable workspace" in str(error)
        finally:
            engine.dispose()

    def _refuse_other_files(self) -> None:
        """Raise RefusedError if the library has files that the backup does not have, unless `force` is True."""
        held = set(self.manifest["files"].values())
        others = (
            []
            if self.force or not self.library
            else [
                path
                for path in files(self.library)
                if not path.name.endswith(".record.json") and sha256_of(path) not in held
            ]
        )
        if others:
            raise RefusedError(
                f"The library holds {some(len(others), 'file')} that the backup does not, e.g. {others[0].name}.",
                where=str(self.library),
                do="Back it up first, then restore with --force.",
            )

    def _refuse_without_room(self) -> None:
        """Raise InputError if the disk has less space than the backup needs in addition."""
        needed = sum(info.file_size for info in self.archive.infolist())
        self.home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.home).free
        if free < needed:
            raise InputError(
                f"there is no room: the backup needs {needed:,} bytes, {free:,} are free.",
                where=str(self.home),
                do="Make room and try again. Nothing was changed.",
            )

    def _keep_what_is_there(self) -> bool:
        """Save the present workspace and library as a backup, unless both are empty. Return True: both may be
        replaced."""
        with open_workspace(self.url) as ws, ws.reading() as reader:
            self.kept_head = reader.head()
            if self.kept_head[0] or self.library and files(self.library):
                self._keep(reader)
        return True

    def _keep(self, reader: LogReader) -> None:
        """Write a backup of the present workspace and library beside them."""
        target = self.home / f"before-restore-{self.id}.kb.zip"
        with replacing(target) as beside:
            backup.write(reader, beside, self.library)
        self.kept = target

    def _keep_what_came_since(self, connection: Connection) -> None:
        """Save what others wrote since that backup was made; called when nobody else can write any more. Raises
        RefusedError if the workspace has changed since then, unless `force` is True."""
        reader = LogReader(connection)
        head = reader.head()
        if self.kept_head is None or head == self.kept_head:
            return
        if not self.force:
            raise RefusedError(
                f"Somebody wrote while the backup was being restored: the workspace holds {some(head[0], 'event')}.",
                where=switch.plain_address(self.url),
                do="Nothing was changed. Back it up first, then restore with --force.",
            )
        self._keep(reader)

    # --- prepared beside ---

    def _staged_library(self, kept: bool) -> Iterator[Move]:
        """Unpack the backup's library; yield the move that puts it in place. It keeps the old library, unless
        `kept`."""
        if not self.library:
            return
        folder = self.home / f".library.restoring-{self.id}"
        aside = self.home / f"{self.library.name}.replaced-{self.id}"
        try:
            folder.mkdir()
            for name, sha256 in self.manifest["files"].items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with self.archive.open(f"library/{name}") as stream, target.open("wb") as out:
                    shutil.copyfileobj(stream, out, 1 << 20)  # a megabyte at a time
                if sha256_of(target) != sha256:
                    raise WorkspaceError(
                        "the disk gave back other bytes than were written.",
                        where=str(target),
                        do="Look at the disk. Nothing was changed.",
                    )
                if not self.manifest.get("seals") and name.endswith(RECORD):
                    seal_file(target)  # a backup from before there were seals: its checksums prove the record
            self._carry_what_was_put_aside(folder)
            sync_tree(folder)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise unwritable(folder, error) from error
            raise
        yield Move(
            staged=str(folder),
            live=str(self.library),
            aside=str(aside),
            keep_aside=not kept and self.library.exists() and bool(files(self.library)),
        )

    def _carry_what_was_put_aside(self, staged: Path) -> None:
        """Copy the library's files that no record names, so that no backup has them, to the prepared library."""
        held = self.library / ASIDE if self.library else None
        if held and held.is_dir():
            shutil.copytree(held, staged / ASIDE, dirs_exist_ok=True)

    def _staged_database(self) -> tuple[LogProof, Move]:
        """Write the backup to a new SQLite file; return its proof and the move that puts it in place."""
        assert self.file is not None
        staged = self.file.with_name(f".{self.file.name}.restoring-{self.id}")
        aside = self.file.with_name(f"{self.file.name}.broken-{self.id}")
        engine = connect(f"sqlite:///{staged}")
        try:
            schema.prepare(engine)
            proved = self._fill(engine, None)
        except BaseException:
            engine.dispose()
            for tail in ("", "-wal", "-shm", "-journal"):
                staged.with_name(staged.name + tail).unlink(missing_ok=True)
            raise
        engine.dispose()
        sync(staged)
        sync(staged.parent)
        return proved, Move(staged=str(staged), live=str(self.file), aside=str(aside), keep_aside=True)

    def _in_place(self) -> LogProof:
        """Replace the database's content in one transaction: others see the old or the new. Return the proof."""
        engine = connect(self.url)
        try:
            return self._fill(engine, self.id)
        finally:
            engine.dispose()

    def _fill(self, engine: Engine, id: str | None) -> LogProof:
        with transaction(engine, write=True) as connection:
            if id:
                self._keep_what_came_since(connection)
            _replace(connection, self.archive, self.manifest)
            proved = prove_now(LogReader(connection))
            if not proved.is_complete:
                raise InputError(
                    f"The log in the backup is damaged: {proved.problems[0]}.",
                    do="Take another backup. Nothing was changed.",
                )
            noted = self.manifest.get("head") or {}
            if noted.get("hash", proved.head) != proved.head or noted.get("sequence", proved.events) != proved.events:
                raise InputError(
                    "The backup says that its log ends elsewhere than it does.",
                    do="Take another backup. Nothing was changed.",
                )
            if id:
                switch.sign(connection, id)
            return proved

    def _take_back(self, moves: list[Move], *, refused: bool) -> None:
        """Delete the prepared files of a failed restore, unless the database was changed nevertheless. `refused`
        means that a check of this program stopped the restore, so the database was rolled back."""
        begun = (self.home / switch.NOTE).exists()
        try:
            switch.settle_now(self.url, self.home)
        except KBError:
            begun, refused = True, False  # the note stays, and the next opening settles it
        if self.kept and (not begun or refused and self._is_as_it_was()):
            self.kept.unlink(missing_ok=True)  # nothing was changed: a second copy would only fill the disk
        elif self.kept:
            self.say(f"what was there before is kept in {self.kept}")
        if not (self.home / switch.NOTE).exists():
            for move in moves:
                shutil.rmtree(move.staged, ignore_errors=True)

    def _is_as_it_was(self) -> bool:
        """Return whether the log still ends with the same event as before the restore."""
        try:
            with open_workspace(self.url) as ws, ws.reading() as reader:
                return reader.head() == self.kept_head
        except KBError:
            return False


def _sweep(home: Path) -> None:
    """Delete the prepared files of a restore that was killed before its switch."""
    if (home / switch.NOTE).exists():
        return
    for path in home.glob(".*.restoring-*"):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


# --- the file ---


# --- the database ---


def _replace(connection: Connection, archive: zipfile.ZipFile, manifest: BackupManifest) -> None:
    """Drop the tables, create them at the backup's revision, insert its rows and upgrade, in the caller's
    transaction."""
    for table in reversed(backup.tables()):
        connection.execute(text(f"drop table if exists {table.name}"))
    connection.execute(text("drop table if exists alembic_version"))
    schema.upgrade(connection, manifest["revision"] or schema.REVISION)
    there = MetaData()
    there.reflect(connection)
    connection.execute(delete(there.tables["head"]))
    try:
        for table in there.sorted_tables:  # a row is written after those that it points to
            if table.name in manifest["tables"]:
                _rows(connection, archive, table)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, IntegrityError, BadValue) as error:
        raise _no_rows(error) from error
    except SQLAlchemyError as error:
        if isinstance(error, OperationalError):
            raise  # the disk or the server, not the file
        raise _no_rows(error) from error
    schema.upgrade(connection)


def _no_rows(error: Exception) -> InputError:
    return InputError(
        f"The backup holds rows that are none of a workspace ({type(error).__name__}).",
        do="Take another backup. Nothing was changed.",
    )


def _rows(connection: Connection, archive: zipfile.ZipFile, table: Table) -> None:
    """Insert the rows of one table. Raises InputError for a row longer than any that this program writes."""
    batch: list[dict[str, object]] = []
    held = 0
    with archive.open(f"tables/{table.name}.jsonl") as stream:
        while line := stream.readline(_LETTERS + 1):
            if len(line) > _LETTERS:
                what = "The backup holds a row that is longer than any this program writes."
                raise InputError(what, do="Take another backup. Nothing was changed.")
            batch.append(json.loads(line))
            held += len(line)
            if len(batch) == _BATCH or held > _LETTERS:
                connection.execute(table.insert(), batch)
                batch, held = [], 0
    if batch:
        connection.execute(table.insert(), batch)
