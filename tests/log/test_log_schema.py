"""Versions of the tables: created, upgraded with their content, refused if newer."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from kb.errors import WorkspaceError
from kb.log import open_workspace, schema
from kb.log.database import connect, transaction
from kb.log.store import Workspace
from kb.log.tables import Base


def test_migrations_make_exactly_the_mapped_tables(ws):
    with ws.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_revision_in_the_code_is_the_newest_migration():
    folder = schema.__file__.rsplit("/", 1)[0] + "/migrations"
    assert ScriptDirectory(folder).get_heads() == [schema.REVISION]


def test_older_database_is_upgraded_and_keeps_its_events(url):
    engine = connect(url)
    schema.prepare(engine, to="0001")
    with Workspace(engine) as old:
        old.append("note/a", "x", {"value": 1}, author="Ana")
        assert not inspect(old.engine).has_table("runs")
    with open_workspace(url) as new:
        assert new.state("note/a").data == {"value": 1}
        assert inspect(new.engine).has_table("runs")


def test_newer_database_is_refused_and_left_alone(url):
    open_workspace(url).close()
    engine = connect(url)
    with transaction(engine, write=True) as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(WorkspaceError, match="newer version of kb.*9999"):
        open_workspace(url)
    with engine.connect() as connection:
        assert schema.revision(connection) == "9999"
    engine.dispose()
