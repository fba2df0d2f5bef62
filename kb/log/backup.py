"""Write a backup: the complete workspace at one moment in one file. `kb.log.restore` reads it back."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import NotRequired, TypedDict

from sqlalchemy import Connection, Table, select

from kb.errors import InputError, RefusedError, WorkspaceError
from kb.files import replacing
from kb.log import schema
from kb.log.anchor import anchor_now
from kb.log.decisions import canonical
from kb.log.store import LogReader, Workspace
from kb.log.tables import Base
from kb.sources.keep import still
from kb.sources.library import files
from kb.text import sha256_text

FORMAT = "kb-backup"
_BATCH = 1000  # rows per statement: bounded memory


class TableEntry(TypedDict):
    """The description of one database table in a manifest."""

    rows: int
    sha256: str


class HeadEntry(TypedDict):
    """The description of the end of the log in a manifest."""

    sequence: int
    hash: str
    mark: str


class BackupManifest(TypedDict):
    """The list of contents of a backup (manifest.json): every entry with its hash."""

    format: str
    version: int
    seals: bool
    revision: str | None
    tables: dict[str, TableEntry]
    files: dict[str, str]
    head: HeadEntry
    made_at: str
    sha256: NotRequired[str]


def backup(ws: Workspace, file: Path, *, library: Path | None = None, force: bool = False) -> BackupManifest:
    """Write the complete workspace, and the users' files in the folder `library`, to `file`; return the manifest.

    Raises RefusedError if the file exists and `force` is False, WorkspaceError if it cannot be written. A failure
    leaves no partial file.
    """
    if file.exists() and not force:
        raise RefusedError(
            "The file exists; an older backup is not overwritten.",
            where=str(file),
            do="Choose another name, or --force.",
        )
    try:
        with still(library) if library else nullcontext(), replacing(file) as beside, ws.reading() as reader:
            return write(reader, beside, library)
    except (OSError, InputError) as error:
        why = error.what if isinstance(error, InputError) else error.strerror or str(error)
        raise WorkspaceError(
            f"The backup cannot be written: {why.rstrip('.')}.",
            where=str(file),
            do="Make room, or choose another place.",
        ) from error


def write(reader: LogReader, file: Path, library: Path | None) -> BackupManifest:
    """Write a backup of the reader's snapshot, and of the folder `library` (None: no files), into `file`. The caller
    locks the library and renames the file when it is complete."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        head = anchor_now(reader)
        tables_written: dict[str, TableEntry] = {}
        files_written: dict[str, str] = {}
        manifest: BackupManifest = {
            "format": FORMAT,
            "version": 1,
            "seals": True,
            "revision": schema.revision(reader.connection),
            "tables": tables_written,
            "files": files_written,
            "head": {"sequence": head.sequence, "hash": head.hash, "mark": head.mark},
            "made_at": datetime.now(UTC).isoformat(),
        }
        for table in tables():
            tables_written[table.name] = _table(archive, reader.connection, table)
        if library:
            for path in files(library):
                name = path.relative_to(library).as_posix()
                files_written[name] = _entry(archive, f"library/{name}", _blocks(path))
        manifest["sha256"] = sum_of(manifest)
        words = canonical(manifest)
        archive.writestr("manifest.json", words)
        archive.comment = sha256_text(words).encode()
        return manifest


def sum_of(manifest: BackupManifest) -> str:
    """Return the sha256 of a manifest without its field `sha256`, in which the result is stored.

    It stays valid when another program repacks the backup. Older versions of this program read only a second
    checksum, in the archive's comment.
    """
    return sha256_text(canonical({key: value for key, value in manifest.items() if key != "sha256"}))


def tables() -> list[Table]:
    """Return all tables, each after the tables that it refers to."""
    return Base.metadata.sorted_tables


def _table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> TableEntry:
    """Write all rows of a table, sorted by key, one JSON object per line; return the description for the manifest."""
    query = select(table).order_by(*table.primary_key.columns)
    count = 0

    def lines() -> Iterator[bytes]:
        """Yield each row as one line of bytes; the enclosing function counts them."""
        nonlocal count
        for row in connection.execution_options(yield_per=_BATCH).execute(query).mappings():
            count += 1
            yield (canonical(dict(row)) + "\n").encode()

    sha256 = _entry(archive, f"tables/{table.name}.jsonl", lines())
    return {"rows": count, "sha256": sha256}


def _entry(archive: zipfile.ZipFile, name: str, blocks: Iterator[bytes]) -> str:
    """Write `blocks` as the entry `name` of the archive; return their sha256."""
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as out:
        for block in blocks:
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):  # a megabyte at a time
            yield block
