"""A backup is one file that holds the whole workspace at one moment; it restores into either database, or
not at all."""
from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, inspect, select, text

from kb.errors import InputError, KBError, RefusedError, WorkspaceError
from kb.sources.library import files
from kb.text import sha256_text
from kb.workspace import heads, schema
from kb.workspace.anchor import anchor_now
from kb.workspace.decisions import canonical
from kb.workspace.engine import connect, transaction
from kb.workspace.history import Proof, prove_now
from kb.workspace.store import Reader, Workspace
from kb.workspace.tables import Base

FORMAT = "kb-backup"
_BATCH = 1000  # rows per statement: bounded memory


def backup(ws: Workspace, file: Path, *, library: Path | None = None, force: bool = False) -> dict[str, Any]:
    """Write the workspace as of one moment, and the users' files in `library`, to `file`; returns the manifest.

    Raises RefusedError if the file exists and `force` is not given. A failure leaves no half file.
    """
    if file.exists() and not force:
        raise RefusedError("The file exists; an older backup is not overwritten.", where=str(file),
                           do="Choose another name, or --force.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            beside = Path(folder) / file.name
            manifest = _write(ws, beside, library)
            with beside.open("rb") as stream:
                os.fsync(stream.fileno())
            os.replace(beside, file)
        return manifest
    except OSError as error:
        raise WorkspaceError(f"The backup cannot be written: {error.strerror}.", where=str(file),
                             do="Choose another place.") from error


def _write(ws: Workspace, file: Path, library: Path | None) -> dict[str, Any]:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, ws.reading() as reader:
        head = anchor_now(reader)
        manifest: dict[str, Any] = {
            "format": FORMAT, "version": 1, "revision": schema.revision(reader.connection), "tables": {}, "files": {},
            "head": {"sequence": head.sequence, "hash": head.hash, "mark": head.mark}, "made_at": datetime.now(UTC).isoformat()}
        for table in _tables():
            manifest["tables"][table.name] = _table(archive, reader.connection, table)
        for path in files(library) if library else ():
            name = path.relative_to(library).as_posix()
            manifest["files"][name] = _entry(archive, f"library/{name}", _blocks(path))
        words = canonical(manifest)
        archive.writestr("manifest.json", words)
        archive.comment = sha256_text(words).encode()
        return manifest


def _tables() -> list[Table]:
    """All tables, those that others refer to first."""
    return Base.metadata.sorted_tables


def _table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> dict[str, Any]:
    """All rows in order of their key, one JSON object a line."""
    query = select(table).order_by(*table.primary_key.columns)
    count = 0

    def lines() -> Iterator[bytes]:
        """The rows of the table, counted as they go."""
        nonlocal count
        for row in connection.execution_options(yield_per=_BATCH).execute(query).mappings():
            count += 1
            yield (canonical(dict(row)) + "\n").encode()

    sha256 = _entry(archive, f"tables/{table.name}.jsonl", lines())
    return {"rows": count, "sha256": sha256}


def _entry(archive: zipfile.ZipFile, name: str, blocks: Iterator[bytes]) -> str:
    """Write one entry of the archive; returns its sha256."""
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as out:
        for block in blocks:
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            yield block


def restore(url: str, file: Path, *, library: Path | None = None, force: bool = False) -> Proof:
    """Put a backup in the place of the workspace at `url`, in one transaction; returns the proof of the restored log.

    The file is checked whole before anything is touched. Raises InputError for a damaged or foreign file, RefusedError
    for a workspace that holds anything while `force` is not given, WorkspaceError for a backup of a newer kb.
    """
    with _opened(file) as archive:
        manifest = check(archive, file)
        engine = connect(url)
        try:
            _set_aside_if_broken(url, engine, force)
            with transaction(engine, write=True) as connection:
                _refuse_used(connection, force)
                _replace(connection, archive, manifest)
                proof = prove_now(Reader(connection))
                heads.forget(engine)  # of the log that goes; the next opening keeps the head of the one that came
            _files(archive, manifest, library, force)
            return proof
        finally:
            engine.dispose()


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise InputError("There is no such file.", where=str(file), do="Give the file that kb backup wrote.") from error
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError("The file is no backup, or it is cut off.", where=str(file),
                         do="Take another backup.") from error


def check(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    """The manifest of a backup in which every entry has the hash that it was written with. Raises InputError."""
    try:
        words = archive.read("manifest.json").decode()
        manifest = json.loads(words)
        whole = sha256_text(words).encode() == archive.comment and manifest.get("format") == FORMAT
        wanted = {f"tables/{name}.jsonl": entry["sha256"] for name, entry in manifest["tables"].items()}
        wanted |= {f"library/{name}": sha256 for name, sha256 in manifest["files"].items()}
        wrong = [name for name, sha256 in wanted.items() if _hash(archive, name) != sha256]
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile, OSError) as error:
        raise InputError(f"The backup is damaged: {error}", where=str(file), do="Take another backup.") from error
    if not whole or wrong:
        raise InputError(f"The backup is damaged: {wrong[0] if wrong else 'manifest.json'} was changed.",
                         where=str(file),
                         do="Take another backup.")
    if manifest["version"] > 1 or manifest["revision"] > schema.REVISION:
        raise WorkspaceError("The backup was made by a newer version of kb.", where=str(file), do="Upgrade kb.")
    return manifest


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _set_aside_if_broken(url: str, engine: Any, force: bool) -> None:
    """With `force`, a SQLite file that cannot be read makes room under another name; nothing is deleted."""
    try:
        with transaction(engine, write=False) as connection:
            inspect(connection).get_table_names()
    except KBError as error:
        path = Path(engine.url.database or "")
        if engine.dialect.name != "sqlite" or not force or "no readable workspace" not in str(error):
            raise
        engine.dispose()
        os.replace(path, path.with_name(f"{path.name}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S}"))
        for tail in ("-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)


def _refuse_used(connection: Connection, force: bool) -> None:
    if force or not inspect(connection).has_table("events"):
        return
    count = connection.execute(text("select count(*) from events")).scalar()
    if count:
        raise RefusedError(f"The workspace holds {count} events; they would be lost.",
                           where=connection.engine.url.render_as_string(hide_password=True),
                           do="Back it up first, then restore with --force.")


def _replace(connection: Connection, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Drop, create at the backup's revision, fill, and bring up to date: all in the caller's transaction."""
    for table in reversed(_tables()):
        connection.execute(text(f"drop table if exists {table.name}"))
    connection.execute(text("drop table if exists alembic_version"))
    schema.upgrade(connection, manifest["revision"])
    there = MetaData()
    there.reflect(connection)
    connection.execute(delete(there.tables["head"]))
    for name in manifest["tables"]:
        if name in there.tables:
            _fill(connection, archive, there.tables[name])
    schema.upgrade(connection)


def _fill(connection: Connection, archive: zipfile.ZipFile, table: Table) -> None:
    batch: list[dict[str, Any]] = []
    with archive.open(f"tables/{table.name}.jsonl") as stream:
        for line in stream:
            batch.append(json.loads(line))
            if len(batch) == _BATCH:
                connection.execute(table.insert(), batch)
                batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _files(archive: zipfile.ZipFile, manifest: dict[str, Any], library: Path | None, force: bool) -> None:
    """Put the users' files back, each beside first; a file that is there with other content stays unless `force`."""
    for name in manifest["files"] if library else ():
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts:
            raise InputError(f"The backup holds a file with a strange name: {name}", do="Do not use this backup.")
        target = library / pure
        if target.exists() and not force:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(target.name + ".restoring")
        with archive.open(f"library/{name}") as stream, beside.open("wb") as out:
            while block := stream.read(1 << 20):
                out.write(block)
        os.replace(beside, target)
