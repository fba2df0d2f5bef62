"""A damaged workspace is reported when it is opened and by kb doctor; it is never taken for a new one."""

from __future__ import annotations

import dataclasses
import sqlite3
import subprocess
import sys

import pytest
import workspace_toys as toys
from workspace_toys import LAW, framework, judged

from kb.assessment import policies
from kb.assessment.findings import finding, findings
from kb.assessment.history import history
from kb.assessment.proposals import proposals, store_run
from kb.config import settings
from kb.errors import WorkspaceError
from kb.files import _host
from kb.log import heads, open_workspace, schema
from kb.log.database import connect
from kb.log.proving import prove
from kb.log.store import Workspace
from kb.workspace.condition import examine_workspace

FRAMEWORK = framework()
RESULT = {
    "framework": {"version": "1.0"},
    "criteria": [
        {
            "id": "R2.a",
            "state": "proposed",
            "proposals": [{"text": toys.WORDS["art1"], "grade": "direct", "passage": "pension-act/art1"}],
        }
    ],
}


@pytest.fixture
def file(tmp_path):
    """Return the path of a used workspace, closed."""
    path = tmp_path / "workspace.sqlite"
    with open_workspace(f"sqlite:///{path}") as ws:
        policies.create_set(ws, "land", "Land", by="Ana")
        policies.add_policy(ws, "land", toys.document(), by="Ana", label="2018", standing="in-force", dated="2018")
        store_run(ws, "land", "pension-act", RESULT, models={"m": "toy@1"})
        for version, status in enumerate(["commitment-only", "partial", "contrary"]):
            judged(
                ws,
                "R2.a",
                {"status": status, "rationale": f"because {version}", "evidence": [LAW]},
                by="Ana",
                expected=version,
            )
    return path


def edit(path, *statements):
    """Change the database directly, as a person with the file could."""
    with sqlite3.connect(path) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def told(path):
    """Return the problems that kb doctor reports."""
    now = dataclasses.replace(settings(), database_url=f"sqlite:///{path}")
    return [f"{check.what} {check.detail}" for check in examine_workspace(now) if check.status == "broken"]


def opened(path):
    """Return the error of opening the workspace."""
    try:
        open_workspace(f"sqlite:///{path}").close()
    except WorkspaceError as error:
        return str(error)
    return ""


def test_complete_workspace_is_in_order(file):
    assert told(file) == [] and opened(file) == ""


LIFT = [
    f"drop trigger {table}_keep_{verb}"
    for table in ("events", "documents", "runs", "proposals")
    for verb in ("update", "delete")
]
EDITS = {
    "author of an event": "update events set author = 'Eve' where sequence = 4",
    "time of an event": "update events set at = '2019-01-01T00:00:00.000000Z' where sequence = 4",
    "reason of an event": "update events set reason = 'x' where sequence = 5",
    "last event gone": "delete from events where sequence = 6",
    "middle event gone": "delete from events where sequence = 4",
    "status in the state": "update states set data = replace(data, 'contrary', 'met')",
    "unknown status word": "update states set data = replace(data, 'contrary', 'contrarx')",
    "state that is no JSON": "update states set data = substr(data, 2) where topic = 'finding'",
    "state gone": "delete from states where topic = 'finding'",
    "topic of a state": "update states set topic = 'findinh' where topic = 'finding'",
    "head": "update head set sequence = 5",
    "no head": "delete from head",
    "log emptied": "delete from events",
}


@pytest.mark.parametrize("statement", EDITS.values(), ids=EDITS)
def test_change_by_sql_is_named_by_doctor_and_on_opening(file, statement):
    keep = [row[0] for row in sqlite3.connect(file).execute("select sql from sqlite_master where type = 'trigger'")]
    edit(file, *LIFT, statement, *keep)
    assert told(file) and opened(file)


@pytest.mark.parametrize(
    "statement",
    [
        "update documents set data = replace(data, 'pension', 'tension')",
        "update proposals set data = replace(data, 'pension', 'tension')",
        "delete from proposals where rank = 1",
        "update runs set framework = '9'",
        "update runs set at = '2019-01-01T00:00:00.000000Z'",
    ],
)
def test_change_of_a_text_or_a_run_is_named_by_doctor(file, statement):
    keep = [row[0] for row in sqlite3.connect(file).execute("select sql from sqlite_master where type = 'trigger'")]
    edit(file, *LIFT, statement, *keep)
    assert told(file)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["delete from documents"], "stored text"),
        (["delete from proposals", "delete from runs"], "is missing"),
    ],
)
def test_text_or_run_that_is_gone_is_named_by_doctor_and_the_proof(file, statements, said):
    """With the triggers restored, so that only the gap itself can be noticed."""
    keep = [row[0] for row in sqlite3.connect(file).execute("select sql from sqlite_master where type = 'trigger'")]
    edit(file, *(f"drop trigger {table}_keep_delete" for table in ("documents", "runs", "proposals")), *statements)
    edit(file, *(words for words in keep if "_delete" in words and "events" not in words))
    assert any(said in line for line in told(file))
    with Workspace(connect(f"sqlite:///{file}")) as ws:
        assert any(said in problem for problem in prove(ws).problems)


def test_changed_text_and_run_are_named_where_they_are_used(file):
    edit(
        file,
        "drop trigger documents_keep_update",
        "drop trigger proposals_keep_update",
        "update documents set data = replace(data, 'pension', 'tension')",
        "update proposals set data = replace(data, 'pension', 'tension')",
    )
    with Workspace(connect(f"sqlite:///{file}")) as ws:
        with pytest.raises(WorkspaceError, match="stored text"):
            judged(ws, "R2.b", {"evidence": [LAW]}, by="Ana", expected=0)
        with pytest.raises(WorkspaceError, match="proposals were changed"):
            proposals(ws, "land", "R2.a")


def test_unknown_status_word_is_named_where_it_is_read(file):
    """Also with a correct chain, as another program might write it."""
    with open_workspace(f"sqlite:///{file}") as ws:
        ws.append("finding/land/R2.b", "finding.decided", {"status": "mostly"}, author="Ana")
        for read in (lambda: finding(ws, "land", "R2.b"), lambda: findings(ws, FRAMEWORK, "land")):
            with pytest.raises(WorkspaceError, match="status is 'mostly'"):
                read()
    assert any("mostly" in line for line in told(file))


@pytest.mark.parametrize("statement", LIFT)
def test_protection_that_was_taken_away_is_named(file, statement):
    edit(file, statement)
    assert "protection" in told(file)[0] and "protection" in opened(file)


def test_protection_that_does_nothing_is_named(file):
    edit(
        file,
        "drop trigger events_keep_update",
        "create trigger events_keep_update before update on events begin select 1; end",
    )
    assert told(file) and opened(file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "create trigger t after insert on events begin delete from states; end",
            "the trigger 't' of 'events' is not this",
        ),
        ("create view v as select 1", "the view 'v' of 'v' is not this program's"),
        ("create table x (a)", "the table 'x' of 'x' is not this program's"),
        ("create index i on events (kind)", "the index 'i' of 'events' is not this program's"),
        ("drop trigger events_keep_delete", "the trigger 'events_keep_delete' is missing"),
        ("pragma application_id = 12345", "but application id 12345"),
        ("pragma user_version = 9", "a version of another program's (9)"),
    ],
)
def test_what_another_program_put_into_the_file_is_named(file, change, said):
    edit(file, change)
    assert any(said in words for words in told(file)), told(file)


def test_history_written_anew_with_a_fitting_chain_is_found_by_the_head_beside_it(file):
    """A person who drops the triggers and recomputes every hash makes a consistent chain, but not the original one."""
    fresh = file.with_name("fresh.sqlite")
    with open_workspace(f"sqlite:///{file}") as old, open_workspace(f"sqlite:///{fresh}") as new:
        for event in history(old):
            new.append(
                event.stream,
                event.kind,
                event.after,
                author="Eve",
                reason=event.reason,
                at=event.at,
                origin=event.origin,
            )
    fresh.replace(file)
    assert "exchanged or written anew" in opened(file) and "exchanged" in told(file)[0]


def test_older_copy_in_its_place_is_found(file):
    older = file.read_bytes()
    with open_workspace(f"sqlite:///{file}") as ws:
        judged(ws, "R2.b", {"gap": "x"}, by="Ana", expected=0)
    file.write_bytes(older)
    assert "cut off or exchanged for an older one" in opened(file) and told(file)


@pytest.mark.parametrize("size", [0, 1, 50, 100, 4096, 10_000, 0.5, 0.9], ids=str)
def test_truncated_file_is_named_and_not_begun_anew(file, size):
    data = file.read_bytes()
    cut = data[: int(size * len(data)) if isinstance(size, float) else size]
    file.write_bytes(cut)
    assert opened(file) and told(file)
    assert file.read_bytes() == cut


def test_missing_database_is_not_begun_anew_until_its_head_is_removed_too(file):
    file.unlink()
    assert "its database is missing now" in opened(file) and "remove workspace.head too" in opened(file)
    assert told(file) and not file.exists()
    file.with_suffix(".head").unlink()
    assert opened(file) == "" and told(file) == []


def test_a_head_that_is_gone_is_named_until_the_next_opening_keeps_it_again(file):
    def looked_at():
        now = dataclasses.replace(settings(), database_url=f"sqlite:///{file}")
        return [(check.what, check.status) for check in examine_workspace(now)]

    file.with_suffix(".head").unlink()
    assert ("workspace head", "missing") in looked_at() and ("workspace", "ok") in looked_at()
    assert opened(file) == "" and ("workspace head", "missing") not in looked_at()


def test_opening_removes_what_a_killed_program_left_of_the_head(file):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    left = file.with_name(f".workspace.head.{_host()}-{ended.stdout.strip()}-0a1b2c3d.part")
    ours = file.with_name(f".workspace.head.{_host()}-1-0a1b2c3d.part")  # a process that lives
    for each in (left, ours):
        each.write_text("half")
    open_workspace(f"sqlite:///{file}").close()
    assert (left.exists(), ours.exists()) == (False, True)


def test_another_programs_database_is_left_alone(tmp_path):
    file = tmp_path / "other.sqlite"
    edit(file, "create table songs (title text)")
    before = file.read_bytes()
    assert "another program's database" in opened(file) and told(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("version", ["", "0001", "0002", "9999", "00x3"])
def test_version_of_the_tables_that_does_not_fit_is_named(file, version):
    edit(file, f"update alembic_version set version_num = '{version}'")
    assert told(file) and opened(file)


def test_every_flipped_bit_of_the_head_is_named(file):
    head = file.with_suffix(".head")
    whole = head.read_bytes()
    for place in range(len(whole)):
        head.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert opened(file), place
    for size in range(len(whole)):
        head.write_bytes(whole[:size])
        assert opened(file), size
    head.write_bytes(whole)
    assert opened(file) == "" and told(file) == []


def test_flipped_byte_anywhere_in_the_database_is_named_or_changes_nothing(file):
    """Pages have free space, where a changed byte affects no stored data: then the logical content is proved the same.
    Every 997th byte is tried; no answer is ever given from changed data."""
    whole = file.read_bytes()
    before = content(file)
    for place in range(0, len(whole), 997):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        for tail in ("-wal", "-shm"):
            file.with_name(file.name + tail).unlink(missing_ok=True)
        if not told(file):
            assert content(file) == before, place


def content(path):
    """Return every row of every table."""
    db = sqlite3.connect(path)
    tables = [name for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name")]
    found = {name: db.execute(f"select * from {name}").fetchall() for name in tables}
    db.close()
    return found


def test_damaged_workspace_can_be_looked_at_but_not_written(file, monkeypatch, capsys):
    edit(file, "update states set data = replace(data, 'contrary', 'met')")
    monkeypatch.setenv("KB_DAMAGED", "read")
    with open_workspace(f"sqlite:///{file}") as ws:
        assert finding(ws, "land", "R2.a").evidence and "damaged" in capsys.readouterr().err
        with pytest.raises(WorkspaceError, match="nothing is written"):
            ws.append("note/a", "x", {"v": 1}, author="Ana")


def test_doctor_makes_nothing(tmp_path):
    now = dataclasses.replace(settings(), database_url=f"sqlite:///{tmp_path / 'no' / 'workspace.sqlite'}")
    assert [check.detail for check in examine_workspace(now)] == ["none yet"]
    assert list(tmp_path.iterdir()) == []


def test_long_log_is_proved_at_its_end_on_opening_and_completely_by_doctor(file, monkeypatch):
    monkeypatch.setattr("kb.log.opening.WHOLE", 4)
    keep = [row[0] for row in sqlite3.connect(file).execute("select sql from sqlite_master where type = 'trigger'")]
    edit(file, *LIFT, "update events set author = 'Eve' where sequence = 2", *keep)
    assert opened(file) == "" and told(file)
    edit(file, *LIFT, "update events set author = 'Eve' where sequence = 6", *keep)
    assert "event 6" in opened(file)


def test_upgrade_that_is_killed_leaves_the_old_tables_and_is_made_again(tmp_path):
    file = tmp_path / "old.sqlite"
    engine = connect(f"sqlite:///{file}")
    schema.prepare(engine, to="0002")
    engine.dispose()
    script = (
        "import os, signal, sys\nfrom kb.log.migrations import guard\n"
        "guard.lift = lambda *tables: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from kb.log import open_workspace\nopen_workspace(sys.argv[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", script, f"sqlite:///{file}"], check=False, capture_output=True)
    assert done.returncode == -9, done.stderr
    with Workspace(connect(f"sqlite:///{file}")) as ws, ws.reading() as reader:
        assert schema.revision(reader.connection) == "0002"
    assert opened(file) == "" and told(file) == []


def test_older_workspace_with_a_run_is_upgraded_and_proves_complete(tmp_path, file):
    """The digest of an existing run is computed from its present state."""
    keep = [
        row[0] for row in sqlite3.connect(file).execute("select sql from sqlite_master where name like 'runs_keep%'")
    ]
    edit(
        file,
        "drop trigger runs_keep_update",
        "drop trigger runs_keep_delete",
        "alter table runs drop column digest",
        *keep,
        "update alembic_version set version_num = '0002'",
        "pragma application_id = 0",
    )
    assert opened(file) == "" and told(file) == []


def test_head_is_never_ahead_of_the_log(file):
    """It is written after the commit: a program killed between the two leaves a head that is part of the longer log."""
    head = file.with_suffix(".head")
    before = head.read_bytes()
    with open_workspace(f"sqlite:///{file}") as ws:
        judged(ws, "R2.b", {"gap": "x"}, by="Ana", expected=0)
    head.write_bytes(before)
    assert opened(file) == "" and told(file) == []
    assert heads.read(head).sequence == 6
