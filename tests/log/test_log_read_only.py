"""A workspace on a read-only disk can be read completely, and gives an error when it is written."""

import contextlib
import os
import shutil
import sqlite3
import subprocess

import pytest

from kb.errors import WorkspaceError
from kb.log import database as engine
from kb.log import open_workspace
from kb.log.backup import backup


@pytest.fixture(params=["closed", "a log beside it"])
def home(request, tmp_path):
    """Return the folder of a workspace with one event; in the second case its program was killed before the write-ahead
    log was merged into the database."""
    made = tmp_path / "made"
    with open_workspace(f"sqlite:///{made / 'workspace.sqlite'}") as ws:
        ws.append("note/a", "note.written", {"words": "kept"}, author="Ana")
        target = tmp_path / "w"
        if request.param != "closed":
            shutil.copytree(made, target)
            (target / "workspace.sqlite-shm").unlink()
            assert (target / "workspace.sqlite-wal").stat().st_size
    if request.param == "closed":
        shutil.copytree(made, target)
    return target


def look(home, tmp_path):
    """Read the workspace, back it up, and fail to write it."""
    with open_workspace(f"sqlite:///{home / 'workspace.sqlite'}") as ws:
        assert [event.after["words"] for event in ws.events()] == ["kept"]
        assert backup(ws, tmp_path / "b.zip", library=home / "library")["head"]["sequence"] == 1
        with pytest.raises(WorkspaceError, match="cannot be written. Give write permission"):
            ws.append("note/b", "note.written", {"words": "more"}, author="Ana")
        assert len(ws.events()) == 1


def test_a_disk_that_is_mounted_for_reading(home, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "none", disk], capture_output=True).returncode:
        pytest.skip("needs a disk of its own")
    try:
        shutil.copytree(home, disk / "w")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        look(disk / "w", tmp_path)
    finally:
        subprocess.run(["umount", "-l", disk])


def test_a_folder_that_only_others_may_write(home, tmp_path, monkeypatch):
    monkeypatch.setattr(engine.os, "access", lambda path, mode: mode != os.W_OK)
    real = engine._connected

    def connected(file, how):
        """Connect as SQLite does where it may not create a file beside the database."""
        if how == "mode=ro":
            raise engine.sqlite3.OperationalError("unable to open database file")
        return real(file, how)

    monkeypatch.setattr(engine, "_connected", connected)
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    look(home, tmp_path)
    after = {path.name: path.read_bytes() for path in home.iterdir() if path.name != ".library.lock"}
    assert {name: data for name, data in after.items() if name in before and name != "workspace.head"} == {
        name: data for name, data in before.items() if name != "workspace.head"
    }


def full(home, tmp_path):
    """Read the workspace and back it up; errors must name the full disk, not missing permissions."""
    with open_workspace(f"sqlite:///{home / 'workspace.sqlite'}") as ws:
        assert [event.after["words"] for event in ws.events()] == ["kept"]
        assert backup(ws, tmp_path / "b.zip")["head"]["sequence"] == 1
        with pytest.raises(WorkspaceError, match="is full; nothing was written. Free some space"):
            ws.append("note/b", "note.written", {"words": "more"}, author="Ana")
        assert len(ws.events()) == 1


def test_a_disk_without_room_can_be_read_and_is_named(home, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk]).returncode:
        pytest.skip("needs a disk of its own")
    try:
        shutil.copytree(home, disk / "w")
        with (disk / "fill").open("wb", buffering=0) as fill, contextlib.suppress(OSError):
            while True:
                fill.write(bytes(4096))
        full(disk / "w", tmp_path)
    finally:
        subprocess.run(["umount", "-l", disk])


def test_a_full_disk_as_sqlite_names_it(home, tmp_path, monkeypatch):
    """For machines where no disk can be mounted: SQLite cannot create a file beside the database, for lack of space."""
    real = sqlite3.connect

    def connected(address, **more):
        """Fail as on a full disk for the database itself, but connect to copies and immutable files."""
        if str(address).endswith("w/workspace.sqlite") or str(address).endswith("mode=ro"):
            raise sqlite3.OperationalError("disk I/O error")
        return real(address, **more)

    monkeypatch.setattr(engine, "is_full", lambda folder: True)
    monkeypatch.setattr(engine.sqlite3, "connect", connected)
    full(home, tmp_path)
