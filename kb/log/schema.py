"""Create the tables or upgrade them to the current version; refuse a database that a newer kb wrote."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from kb.errors import WorkspaceError
from kb.log.database import explained, transaction, translated
from kb.log.proof import foreign

REVISION = "0003"  # the newest file in migrations/versions; a test keeps the two equal
KNOWN = ("0001", "0002", "0003")
_LOCK = 20080708  # any number that only this program uses: two programs never upgrade at once (PostgreSQL)


def revision(connection: Connection) -> str | None:
    """Return the revision of the database's tables; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def prepare(engine: Engine, to: str = REVISION) -> None:
    """Create or upgrade the tables to the revision `to`. Raises WorkspaceError, before any change, if a newer kb or
    another program wrote them."""
    with transaction(engine, write=False) as connection:
        found = revision(connection)
        _refuse_foreign(connection, found)
    if found == to:
        return
    _refuse_newer(found, engine)
    _write_ahead(engine)
    with transaction(engine, write=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if revision(connection) != to:
            upgrade(connection, to)


def _refuse_foreign(connection: Connection, found: str | None) -> None:
    """Raise WorkspaceError for another program's database, or for one that has tables but has lost its revision;
    `found` is its revision, None without one."""
    where = connection.engine.url.render_as_string(hide_password=True)
    if foreign(connection):
        raise WorkspaceError(
            "The file is another program's database, or tables of the workspace are missing.",
            where=where,
            do="Name another file in KB_DATABASE_URL, or restore a backup: kb restore FILE",
        )
    if found is None and inspect(connection).has_table("events"):
        raise WorkspaceError(
            "The workspace has lost the version of its tables.", where=where, do="Restore a backup: kb restore FILE"
        )


def _refuse_newer(found: str | None, engine: Engine) -> None:
    if found is not None and found > REVISION:
        raise WorkspaceError(
            f"The workspace was written by a newer version of kb (tables at {found}, this kb knows {REVISION}).",
            where=engine.url.render_as_string(hide_password=True),
            do="Upgrade kb, or restore a backup made by this one.",
        )
    if found is not None and found not in KNOWN:
        raise WorkspaceError(
            f"The workspace says that its tables are of version '{found}', which there never was.",
            where=engine.url.render_as_string(hide_password=True),
            do="Restore a backup: kb restore FILE",
        )


def _write_ahead(engine: Engine) -> None:
    """Switch a SQLite file to write-ahead logging, which is stored in the file and cannot be set within a
    transaction."""
    if engine.dialect.name != "sqlite":
        return
    with translated(engine):
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("pragma journal_mode=wal")
        except Exception as error:
            raise explained(error, engine) from error
        finally:
            raw.close()


def upgrade(connection: Connection, to: str = REVISION) -> None:
    """Run the migrations up to the revision `to` inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
