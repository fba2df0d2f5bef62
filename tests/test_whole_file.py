"""The checksum over all bytes of a database exists while nobody writes, and is always that of the present file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading

import pytest

from kb import whole_file
from kb.log import open_workspace


def said(ws, words="word"):
    return ws.append("note/a", "note.written", {"words": words}, author="Ana", reason=words)


@pytest.fixture
def file(tmp_path):
    """Return the path of a workspace that was written to and closed."""
    file = tmp_path / "workspace.sqlite"
    with open_workspace(f"sqlite:///{file}") as ws:
        said(ws)
    return file


def test_a_closed_workspace_can_be_checked_with_sha256sum(file):
    seal = whole_file.seal_of(file)
    done = subprocess.run(["sha256sum", "-c", seal.name], cwd=file.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "workspace.sqlite: OK\n")
    assert whole_file.problem(file) == ""


def test_while_somebody_has_written_and_not_closed_there_is_no_checksum(file):
    with open_workspace(f"sqlite:///{file}") as ws:
        assert whole_file.seal_of(file).exists(), "who only reads leaves it"
        said(ws, "more")
        assert not whole_file.seal_of(file).exists()
        with open_workspace(f"sqlite:///{file}") as other:
            other.events()
        assert whole_file.seal_of(file).exists() and whole_file.problem(file) == "", "nobody writes at this moment"
        said(ws, "still more")
        assert not whole_file.seal_of(file).exists()
    assert whole_file.seal_of(file).exists() and whole_file.problem(file) == ""


def test_a_killed_writer_leaves_no_checksum_of_another_state(file):
    program = f"""
import os
from kb.log import open_workspace
ws = open_workspace("sqlite:///{file}")
ws.append("note/a", "note.written", {{"words": "killed"}}, author="Ana", reason="killed")
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    assert not whole_file.seal_of(file).exists()
    with open_workspace(f"sqlite:///{file}") as ws:
        assert ws.state("note/a").data["words"] == "killed"
    assert whole_file.problem(file) == "" and whole_file.seal_of(file).exists()


def test_a_transaction_that_is_taken_back_leaves_no_wrong_checksum(file):
    with open_workspace(f"sqlite:///{file}") as ws, pytest.raises(ZeroDivisionError), ws.writing():
        raise ZeroDivisionError
    assert whole_file.problem(file) == "" and whole_file.seal_of(file).exists()


def test_many_writers_that_open_and_close_never_leave_a_checksum_of_another_state(file):
    faults = []

    def work(number):
        for count in range(10):
            with open_workspace(f"sqlite:///{file}") as ws:
                ws.append(f"note/{number}", "note.written", {"words": str(count)}, author="Ana", reason="r")
            faults.append(whole_file.problem(file))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with open_workspace(f"sqlite:///{file}") as ws:
        assert len(ws.events()) == 41
    assert set(faults) == {""} and whole_file.problem(file) == ""


@pytest.mark.parametrize("way", ["flip", "longer", "in the checksum", "by another program"])
def test_what_was_changed_outside_is_named_with_the_file(file, way):
    seal, data = whole_file.seal_of(file), file.read_bytes()
    if way == "flip":
        place = data.rindex(bytes(64)) + 32
        file.write_bytes(data[:place] + b"\1" + data[place + 1 :])
    elif way == "longer":
        file.write_bytes(data + bytes(100))
    elif way == "in the checksum":
        seal.write_bytes(seal.read_bytes().replace(b"work", b"wort"))
    else:
        with sqlite3.connect(file) as connection:
            connection.execute("create table other (a)")
        connection.close()
    assert "workspace.sqlite or workspace.sqlite.sha256 was changed" in whole_file.problem(file)


def test_a_folder_that_may_only_be_read_keeps_what_there_is(file, monkeypatch):
    whole_file.seal_of(file).unlink()
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    whole_file.seal(file)
    assert not whole_file.seal_of(file).exists() and whole_file.problem(file) == ""


def test_no_checksum_is_kept_of_a_file_that_is_too_large_for_memory(file, monkeypatch):
    whole_file.seal_of(file).unlink()
    monkeypatch.setattr(whole_file, "LARGEST", 1000)
    whole_file.seal(file)
    assert not whole_file.seal_of(file).exists()
