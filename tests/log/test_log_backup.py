"""One file for everything: consistent, checked, atomic, and usable in both databases."""

from __future__ import annotations

import shutil
import threading
import zipfile
from pathlib import Path

import pytest
from workspace_toys import BOARD, LAW, WORDS, framework, judged

from kb.assessment.findings import finding
from kb.assessment.proposals import proposals, store_run
from kb.errors import InputError, RefusedError, WorkspaceError
from kb.log import open_workspace, schema
from kb.log.archive import proved_manifest
from kb.log.backup import backup
from kb.log.database import connect
from kb.log.proving import prove
from kb.log.restore import restore
from kb.log.store import Workspace
from kb.sources.keep import add_policy
from kb.sources.library import records

FRAMEWORK = framework()
RUN = {
    "framework": {"version": "1.0"},
    "criteria": [
        {
            "id": "R2.a",
            "state": "proposed",
            "proposals": [{"text": WORDS["art1"], "grade": "direct", "passage": "pension-act/art1"}],
        }
    ],
}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Set the folder for what a restore keeps of a database that has no folder."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def used(land):
    """Return a workspace with two decisions."""
    judged(land, "R2.a", {"status": "met", "rationale": "é 漢", "evidence": [LAW, BOARD]}, by="Ana", expected=0)
    judged(land, "R3.d", {"status": "partial", "rationale": "x"}, by="Ben", expected=0)
    return land


def test_backup_restores_into_the_other_database_with_every_hash(used, other_url, tmp_path):
    backup(used, tmp_path / "b.zip")
    proof = restore(other_url, tmp_path / "b.zip")
    with open_workspace(other_url) as again:
        assert again.events() == used.events() and proof.is_complete
        assert finding(again, "land", "R2.a") == finding(used, "land", "R2.a")
        judged(again, "R2.b", {"gap": "goes on"}, by="Ana", expected=0)
        assert prove(again).is_complete


def test_restore_into_the_same_kind_of_database(used, url, tmp_path):
    backup(used, tmp_path / "b.zip")
    restore(url, tmp_path / "b.zip")
    with open_workspace(url) as again:
        assert again.events() == used.events()


def test_what_was_proposed_comes_back_with_its_run(used, url, other_url, tmp_path):
    store_run(used, "land", "pension-act", RUN, models={"m": "toy@1"})
    backup(used, tmp_path / "b.zip")
    for place in (url, other_url):
        assert restore(place, tmp_path / "b.zip").is_complete
        with open_workspace(place) as again:
            assert proposals(again, "land", "R2.a") == proposals(used, "land", "R2.a") != []


def test_used_workspace_is_not_overwritten_without_force(used, url, tmp_path):
    backup(used, tmp_path / "b.zip")
    with open_workspace(url) as other:
        other.append("note/a", "x", {"v": 1}, author="Dee")
    with pytest.raises(RefusedError, match="holds 1 event;"):
        restore(url, tmp_path / "b.zip")
    here = set(Path.cwd().iterdir())
    restore(url, tmp_path / "b.zip", force=True)
    with open_workspace(url) as other:
        assert other.events() == used.events()
    assert set(Path.cwd().iterdir()) == here, "what was there is kept beside the workspace, not where the program runs"


def test_backup_is_of_one_moment_while_others_write(used, other_url, tmp_path):
    stop = threading.Event()

    def write():
        count = 0
        while not stop.is_set():
            used.append("note/a", "x", {"v": count}, author="Dee")
            count += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        manifests = [backup(used, tmp_path / f"{n}.zip") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    proof = restore(other_url, tmp_path / "2.zip")
    assert proof.is_complete and (proof.events, proof.head) == (
        manifests[2]["head"]["sequence"],
        manifests[2]["head"]["hash"],
    )


def test_older_backup_file_is_not_overwritten(used, tmp_path):
    backup(used, tmp_path / "b.zip")
    with pytest.raises(RefusedError, match="file exists"):
        backup(used, tmp_path / "b.zip")
    backup(used, tmp_path / "b.zip", force=True)


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "absent"])
def test_damaged_backup_touches_nothing(used, url, tmp_path, damage):
    file = tmp_path / "b.zip"
    backup(used, file)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    elif damage == "changed":
        _rewrite(file, "tables/events.jsonl", b"Ana", b"Eve")
    elif damage == "foreign":
        file.write_text("a letter")
    else:
        file = tmp_path / "none.zip"
    with open_workspace(url) as other:
        event = other.append("note/a", "x", {"v": 1}, author="Dee")
        with pytest.raises(InputError):
            restore(url, file, force=True)
        assert other.events() == [event]


def _rewrite(file, name, old, new):
    """Change one entry of an archive."""
    copy = file.with_suffix(".old")
    shutil.move(file, copy)
    with zipfile.ZipFile(copy) as source, zipfile.ZipFile(file, "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            target.writestr(entry, data.replace(old, new) if entry == name else data)
        target.comment = source.comment


def test_failure_half_way_leaves_the_workspace_as_it_was(used, url, tmp_path, monkeypatch):
    backup(used, tmp_path / "b.zip")
    with open_workspace(url) as other:
        event = other.append("note/a", "x", {"v": 1}, author="Dee")

    def fail(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr("kb.log.restore.prove_now", fail)
    with pytest.raises(RuntimeError):
        restore(url, tmp_path / "b.zip", force=True)
    with open_workspace(url) as other:
        assert other.events() == [event]


def test_backup_of_an_older_version_is_upgraded(url, other_url, tmp_path):
    engine = connect(other_url)
    schema.prepare(engine, to="0001")
    with Workspace(engine) as old:
        old.append("note/a", "x", {"v": 1}, author="Ana")
        events = old.events()
        _old_backup(old, tmp_path / "b.zip")
    restore(url, tmp_path / "b.zip")
    with open_workspace(url) as new:
        assert new.events() == events


def _old_backup(ws, file):
    """Write a backup as the older version did: without the tables that it lacked."""
    from kb.log.tables import Base

    tables = [table for table in Base.metadata.sorted_tables if table.name not in ("runs", "proposals")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kb.log.backup.tables", lambda: tables)
        backup(ws, file)


def test_backup_of_a_newer_version_is_refused(used, url, tmp_path, monkeypatch):
    backup(used, tmp_path / "b.zip")
    monkeypatch.setattr(schema, "REVISION", "0000")
    with pytest.raises(WorkspaceError, match="newer version"):
        restore(url, tmp_path / "b.zip")


def test_users_files_come_back(used, url, tmp_path):
    library = tmp_path / "library"
    (tmp_path / "act.txt").write_text("the act")
    add_policy(tmp_path / "act.txt", library, country="KEN", title="Act", date="2019", status="draft")
    (library / "policies" / "stray.txt").write_text("left by a program that was killed")
    manifest = backup(used, tmp_path / "b.zip", library=library)
    assert list(manifest["files"]) == ["policies/ken-act.txt", "policies/ken-act.txt.record.json"]
    restore(url, tmp_path / "b.zip", library=tmp_path / "elsewhere" / "library")
    assert (tmp_path / "elsewhere" / "library" / "policies" / "ken-act.txt").read_text() == "the act"


@pytest.mark.parametrize("is_older", [True, False])
def test_records_in_a_backup_of_before_there_were_seals_are_sealed_when_it_is_put_back(
    used, url, tmp_path, monkeypatch, is_older
):
    library, back = tmp_path / "library", tmp_path / "elsewhere" / "library"
    (tmp_path / "act.txt").write_text("the act")
    record = add_policy(tmp_path / "act.txt", library, country="KEN", title="Act", date="2019", status="draft")
    path = library / f"{record.file}.record.json"
    path.write_text(path.read_text().replace(record.seal, ""))
    backup(used, tmp_path / "b.zip", library=library)
    if is_older:
        monkeypatch.setattr("kb.log.restore.proved_manifest", lambda *args: {**proved_manifest(*args), "seals": False})
    restore(url, tmp_path / "b.zip", library=back)
    assert records(back) == ((record,) if is_older else ()), "what this version left without a seal stays without one"


def test_broken_sqlite_file_makes_room_with_force(used, tmp_path):
    backup(used, tmp_path / "b.zip")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database at all " * 500)
    with pytest.raises(WorkspaceError):
        restore(f"sqlite:///{broken}", tmp_path / "b.zip")
    restore(f"sqlite:///{broken}", tmp_path / "b.zip", force=True)
    with open_workspace(f"sqlite:///{broken}") as again:
        assert again.events() == used.events()
    assert list(tmp_path.glob("broken.sqlite.broken-*"))


def test_backup_into_a_place_that_cannot_be_written(used, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match="cannot be written"):
        backup(used, tmp_path / "file" / "b.zip")
