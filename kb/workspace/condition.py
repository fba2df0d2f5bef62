"""Checks of the workspace for `kb doctor`. The complete database is read; nothing is created, upgraded or repaired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from kb import whole_file
from kb.amounts import some
from kb.build.health import Check
from kb.config import Settings
from kb.errors import KBError
from kb.files import scratch
from kb.log import heads, proof, schema
from kb.log.database import connect, transaction
from kb.log.store import LogReader, StreamState
from kb.workspace.away import away_words

RESTORE = "kb restore FILE --force"


def examine_workspace(settings: Settings) -> list[Check]:
    """Return the results of all checks of the workspace, basic checks first. If there is no workspace yet, return
    one result that states this."""
    name = settings.database_url.removeprefix("sqlite:///")
    if name != settings.database_url and not Path(name).parent.exists():
        return [Check(what="workspace", status="ok", detail="none yet")]
    try:
        engine = connect(settings.database_url)
    except KBError as error:
        return [_broken(error)]
    try:
        return [*_checks(engine), *_away(settings)]
    except KBError as error:
        return [_broken(error)]
    finally:
        engine.dispose()


def _broken(error: KBError) -> Check:
    return Check(
        what="workspace", status="broken", detail=f"{error.where}: {error.what}".lstrip(": "), do=error.do or RESTORE
    )


def _away(settings: Settings) -> Iterator[Check]:
    """Yield a failed check that names policies whose files are missing from the library; nothing if none is."""
    if words := away_words(settings):
        yield Check(what="policies without a file", status="missing", detail=words)


def _checks(engine: Engine) -> Iterator[Check]:
    file = heads.file_of(engine)
    kept = None
    try:
        kept = heads.read(file)
    except KBError as error:
        yield Check(what="workspace head", status="broken", detail=f"{error.where}: {error.what}", do=error.do)
    heads.refuse_emptied(engine, kept)
    database = Path(engine.url.database or "")
    if file and not (database.exists() and database.stat().st_size >= heads.SMALLEST):
        yield Check(what="workspace", status="ok", detail="none yet")
        return
    with transaction(engine, write=False) as connection:
        found = list(_problems(connection, kept))
        events = 0 if found else LogReader(connection).head()[0]
    if file and events and kept is None and not file.exists():
        yield Check(
            what="workspace head",
            status="missing",
            detail=f"{file.name} is gone: an older copy of the database would not be noticed",
            do="Compare the mark of `kb findings prove` with the one you noted; the next write keeps the head again.",
        )
    where = engine.url.render_as_string(hide_password=True)
    if found:
        # five fit a line
        detail = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        yield Check(what="workspace", status="broken", detail=f"{where}: {detail}", do=RESTORE)
    else:
        yield Check(
            what="workspace",
            status="ok",
            detail=f"{some(events, 'event')}, the log is whole, states are what it adds up to",
        )
        yield from _bytes(database if file else None)


def _bytes(database: Path | None) -> Iterator[Check]:
    """Yield the check of the file against the checksum over all its bytes, unused ones included."""
    wrong = whole_file.problem(database) if database else ""
    if wrong:
        yield Check(
            what="workspace file",
            status="broken",
            detail=f"{wrong}; what is in it is whole",
            do="Look at the disk, and keep a backup: kb backup FILE. The next decision makes the checksum anew.",
        )
    elif database and not whole_file.seal_of(database).exists():
        detail = "what it holds is proved; its unused bytes are again when the program that wrote last has closed it"
        yield Check(what="workspace file", status="ok", detail=detail)


def _problems(connection: Connection, kept: heads.Anchor | None) -> Iterator[str]:
    """Yield a sentence for each fault of the database; `kept` is the stored head. A check is skipped if one that it
    depends on failed."""
    at = schema.revision(connection)
    if proof.foreign(connection):
        yield "the file is another program's database, or tables of the workspace are missing"
        return
    if at not in schema.KNOWN:
        yield f"the tables say that they are of version {at}, which this kb does not know"
        return
    yield from _file_problems(connection, at)
    yield from proof.guard_problems(connection)
    yield from proof.log_problems(connection)
    yield from heads.problems(connection, kept)
    yield from proof.text_problems(connection)
    yield from _words(connection)


def _file_problems(connection: Connection, at: str) -> Iterator[str]:
    """Yield a sentence for each fault of the SQLite file: damage that SQLite finds, a wrong application id, and
    tables that differ from those of a new database."""
    if connection.dialect.name != "sqlite":
        return
    found = connection.execute(text("pragma integrity_check")).scalars().all()
    yield from (f"SQLite: {line}" for line in found if line != "ok")
    mark = connection.execute(text("pragma application_id")).scalar()
    if at == schema.REVISION and mark != proof.APPLICATION:
        yield f"the file does not carry the mark of this program, but application id {mark}"
    if version := connection.execute(text("pragma user_version")).scalar():
        yield f"the file carries a version of another program's ({version})"
    yield from _unlike(_statements(connection), _made_new(at))


def _unlike(here: list[tuple], made: list[tuple]) -> Iterator[str]:
    """Yield a sentence for each table, trigger and index in which the file (`here`) differs from a new database
    (`made`): additional, missing or changed."""
    found, wanted = ({(kind, name): (table, sql) for kind, name, table, sql in side} for side in (here, made))
    for kind, name in sorted(found.keys() | wanted.keys()):
        what = f"the {kind} '{name}'"
        if (kind, name) not in wanted:
            yield f"{what} of '{found[kind, name][0]}' is not this program's"
        elif (kind, name) not in found:
            yield f"{what} is missing"
        elif found[kind, name] != wanted[kind, name]:
            yield f"{what} is not as this program makes it"


def _statements(connection: Connection) -> list[tuple]:
    query = "select type, name, tbl_name, sql from sqlite_master order by type, name"
    return [tuple(row) for row in connection.execute(text(query))]


def _made_new(at: str) -> list[tuple]:
    """Return the schema of a new workspace at this version of the tables."""
    with scratch("schema") as folder:
        engine = connect(f"sqlite:///{folder / 'new.sqlite'}")
        schema.prepare(engine, to=at)
        with transaction(engine, write=False) as connection:
            found = _statements(connection)
        engine.dispose()
    return found


def _words(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each state with an invalid value, such as an unknown status."""
    reader, readers = LogReader(connection), _readers()
    for topic, read in readers.items():
        for state in reader.states(topic):
            try:
                read(state)
            except KBError as error:
                yield f"{error.where}: {error.what}"


def _readers() -> dict[str, Callable[[StreamState], object]]:
    """Return topic to the function that reads its states."""
    from kb.assessment import double, findings, policies
    from kb.assessment.models import PolicySet
    from kb.coding import attributes, codes, units
    from kb.log.fold import model_of
    from kb.plan import actions, measures

    return {
        "set": lambda state: model_of(PolicySet, state, id=state.parts[0]),
        "policy": policies.as_policy,
        "finding": findings.as_finding,
        "opinion": double.as_opinion,
        "measure": measures.as_measure,
        "action": actions.as_action,
        "session": codes.as_session,
        "coding": codes.as_coding,
        "unit": units.as_unit,
        "attribute": attributes.as_attribute,
    }
