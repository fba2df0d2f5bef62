"""A restore is all or nothing over database and library: refused, out of space, or killed at any step."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from killing import kill_each
from sqlalchemy import inspect

from kb.errors import InputError, KBError, RefusedError, WorkspaceError
from kb.log import open_workspace
from kb.log import restore as restoring
from kb.log.backup import backup, sum_of
from kb.log.decisions import canonical
from kb.log.restore import restore
from kb.sources.keep import add_policy
from kb.sources.library import records
from kb.text import sha256_text


def filled(home: Path, words: str) -> Path:
    """Create a workspace with one event and one policy that contain `words`; return its database."""
    home.mkdir(parents=True, exist_ok=True)
    (home.parent / "act.txt").write_text(f"Act\n\nArticle 1. {words}")
    add_policy(home.parent / "act.txt", home / "library", country="KEN", title=words, date="2019", status="draft")
    with open_workspace(url_of(home)) as ws:
        ws.append("note/a", "note.written", {"words": words}, author="Ana")
    return home


def url_of(home: Path) -> str:
    return f"sqlite:///{home / 'workspace.sqlite'}"


def state(home: Path) -> tuple[list[str], list[str]]:
    """Open the workspace; return the words of its log and the titles of its library, with each file verified."""
    from kb.sources.library import unreadable

    with open_workspace(url_of(home)) as ws:
        said = [event.after["words"] for event in ws.events()]
    assert not unreadable(home / "library")
    return said, [record.title for record in records(home / "library")]


def left_overs(home: Path) -> list[str]:
    known = {
        "workspace.sqlite",
        "workspace.sqlite-wal",
        "workspace.sqlite-shm",
        "workspace.head",
        "workspace.sqlite.sha256",
        "library",
        ".library.lock",
    }
    return [
        path.name for path in home.iterdir() if path.name not in known and not path.name.startswith("before-restore-")
    ]


@pytest.fixture
def old(tmp_path):
    return filled(tmp_path / "live" / "w", "old")


@pytest.fixture
def file(tmp_path):
    """Return a backup of another workspace."""
    new = filled(tmp_path / "new" / "w", "new")
    with open_workspace(url_of(new)) as ws:
        backup(ws, tmp_path / "new.zip", library=new / "library")
    return tmp_path / "new.zip"


def restored(home: Path, file: Path, force: bool = True):
    return restore(url_of(home), file, library=home / "library", force=force)


def test_database_and_library_are_replaced_and_the_former_ones_are_kept_as_a_backup(old, file, tmp_path):
    restored(old, file)
    assert state(old) == (["new"], ["new"]) and not left_overs(old)
    (kept,) = old.glob("before-restore-*.kb.zip")
    restored(tmp_path / "again", kept)
    assert state(tmp_path / "again") == (["old"], ["old"])


def test_what_could_not_be_deleted_after_a_restore_is_deleted_by_the_next_opening(old, file, monkeypatch):
    from kb.log import switch

    with monkeypatch.context() as patched:
        patched.setattr(switch.shutil, "rmtree", lambda *_, **__: None)  # as where there is no memory to list a folder
        restored(old, file)
        assert any(".replaced-" in name for name in left_overs(old)) and (old / switch.NOTE).exists()
    assert state(old) == (["new"], ["new"]) and not left_overs(old) and not (old / switch.NOTE).exists()


def test_a_library_that_holds_more_than_the_backup_is_not_replaced_without_force(tmp_path, file):
    home = tmp_path / "fresh"
    (tmp_path / "x.txt").write_text("An act that only this library has.")
    add_policy(tmp_path / "x.txt", home / "library", country="KEN", title="Only here", date="2019", status="draft")
    with pytest.raises(RefusedError, match="1 file that the backup does not"):
        restored(home, file, force=False)
    assert [record.title for record in records(home / "library")] == ["Only here"]


def forged(file: Path, target: Path, change) -> Path:
    """Write the backup with a changed manifest that is consistent in itself, and the entries that it then names."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as out:
        manifest = json.loads(source.read("manifest.json"))
        entries = {name: source.read(name) for name in source.namelist() if name != "manifest.json"}
        change(manifest, entries)
        for name, data in entries.items():
            out.writestr(name, data)
        manifest["sha256"] = sum_of(manifest)
        words = canonical(manifest)
        out.writestr("manifest.json", words)
        out.comment = sha256_text(words).encode()
    return target


STRANGE = {
    "up": "../outside.txt",
    "up later": "policies/../../outside.txt",
    "absolute": "/outside.txt",
    "empty part": "policies//a",
    "too long": "policies/" + "x" * 256,
    "too deep": "a/" * 600 + "b",
    "Windows": "policies\\a",
    "drive": "c:/a",
    "null": "a\0b",
    "line": "policies/a\nb",
    "direction": "policies/a\u202eb",
    "half a pair": "policies/\ud800",
    "dot": "./a",
    "twice on some disks": "policies/KEN-new.TXT",
    "file and folder": "policies/ken-new.txt/x",
}


@pytest.mark.parametrize("case", STRANGE)
def test_a_strange_name_in_the_backup_is_refused_before_anything_is_touched(old, file, tmp_path, case):
    def change(manifest, entries):
        manifest["files"][STRANGE[case]] = sha256_text("x")
        if "\ud800" not in STRANGE[case]:
            entries[f"library/{STRANGE[case]}"] = b"x"

    before = state(old)
    try:
        bad = forged(file, tmp_path / "bad.zip", change)
    except UnicodeEncodeError:
        pytest.skip("cannot be written into a zip")
    with pytest.raises(InputError):
        restored(old, bad)
    assert state(old) == before and not left_overs(old) and not list(old.glob("before-*"))
    assert not (old.parent / "outside.txt").exists()


def test_an_entry_that_the_manifest_does_not_name_is_refused(old, file, tmp_path):
    bad = forged(file, tmp_path / "bad.zip", lambda manifest, entries: entries.update({"library/extra": b"x"}))
    with pytest.raises(InputError, match="does not name: 'library/extra'"):
        restored(old, bad)
    assert state(old) == (["old"], ["old"])


def packed_anew(file: Path, target: Path, packing: int, *, folders=False, deeper="", without=(), comment=b"") -> Path:
    """Write the members of a backup, unchanged, in another order and another compression, as other programs pack
    them."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w", packing) as out:
        for folder in ("tables/", "library/", "library/policies/") if folders else ():
            out.writestr(folder, b"")
        for name in sorted(source.namelist(), reverse=True):
            if name not in without:
                out.writestr(deeper + name, source.read(name))
        out.comment = comment
    return target


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("folders", [False, True])
def test_a_backup_that_was_packed_anew_unchanged_is_the_same_backup(tmp_path, file, packing, folders):
    again = packed_anew(file, tmp_path / "again.zip", packing, folders=folders, comment=b"by another program")
    restored(tmp_path / "home", again)
    restored(tmp_path / "as written", file)
    assert state(tmp_path / "home") == state(tmp_path / "as written")


def test_a_backup_that_was_packed_anew_is_refused_for_the_true_reason_only(old, file, tmp_path):
    deeper = packed_anew(file, tmp_path / "deeper.zip", zipfile.ZIP_STORED, deeper="monday/")
    with pytest.raises(InputError, match="one folder deeper"):
        restored(old, deeper)
    fewer = packed_anew(file, tmp_path / "fewer.zip", zipfile.ZIP_STORED, without=["tables/events.jsonl"])
    with pytest.raises(InputError, match=r"tables/events\.jsonl is missing"):
        restored(old, fewer)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(tmp_path / "older.zip", "w") as out:
        for name in source.namelist():
            manifest = {
                key: value for key, value in json.loads(source.read("manifest.json")).items() if key != "sha256"
            }
            out.writestr(name, canonical(manifest) if name == "manifest.json" else source.read(name))
    with pytest.raises(InputError, match="packed anew by another program, and the checksum .* was lost"):
        restored(old, tmp_path / "older.zip")
    with zipfile.ZipFile(tmp_path / "older.zip", "a") as out:  # as it was written before lists had their own checksum
        out.comment = sha256_text(canonical(manifest)).encode()
    assert state(old) == (["old"], ["old"])
    restored(old, tmp_path / "older.zip")
    assert state(old) != (["old"], ["old"])


WRONG_ROWS = {
    "no JSON": lambda rows: b"{",
    "nested too deep": lambda rows: b"[" * 50_000 + b"\n",
    "no object": lambda rows: b"7\n",
    "other columns": lambda rows: b'{"a": 1}\n',
    "a changed word": lambda rows: rows.replace(b"Ana", b"Eve"),
    "a row twice": lambda rows: rows + rows,
}


@pytest.mark.parametrize("case", WRONG_ROWS)
def test_rows_that_are_no_log_leave_the_old_state_though_their_hash_is_right(old, file, tmp_path, case):
    import hashlib

    def change(manifest, entries):
        data = WRONG_ROWS[case](entries["tables/events.jsonl"])
        entries["tables/events.jsonl"] = data
        manifest["tables"]["events"]["sha256"] = hashlib.sha256(data).hexdigest()

    bad = forged(file, tmp_path / "bad.zip", change)
    with pytest.raises(InputError):
        restored(old, bad)
    assert state(old) == (["old"], ["old"]) and not left_overs(old)
    assert not list(old.glob("before-restore-*")), "nothing was changed, so no second copy is kept"
    with pytest.raises(InputError):
        restored(tmp_path / "nowhere", bad)
    assert not left_overs(tmp_path / "nowhere") and not (tmp_path / "nowhere" / "workspace.sqlite").exists()


def test_a_row_of_hundreds_of_megabytes_is_refused_before_it_is_read_completely(old, file, tmp_path, monkeypatch):
    monkeypatch.setattr("kb.log.restore._LETTERS", 100)  # as many bytes as no row of this backup has
    with pytest.raises(InputError, match="longer than any"):
        restored(old, file)
    assert state(old) == (["old"], ["old"]) and not left_overs(old)


def test_a_backup_without_the_head_of_its_log_is_refused(old, file, tmp_path):
    def drop(manifest, entries):
        del manifest["tables"]["head"], entries["tables/head.jsonl"]

    with pytest.raises(InputError, match="the head says 0 times"):
        restored(old, forged(file, tmp_path / "bad.zip", drop))
    assert state(old) == (["old"], ["old"]) and not left_overs(old) and not list(old.glob("before-restore-*"))


def test_a_backup_that_says_its_log_ends_elsewhere_is_refused(old, file, tmp_path):
    bad = forged(file, tmp_path / "bad.zip", lambda manifest, entries: manifest["head"].update(hash="0" * 64))
    with pytest.raises(InputError, match="ends elsewhere"):
        restored(old, bad)
    assert state(old) == (["old"], ["old"]) and not left_overs(old) and not list(old.glob("before-restore-*"))


NO_LIST = {
    "tables of no version": {"revision": "0000"},
    "tables of a version counted back": {"revision": "-1"},
    "tables of an empty version": {"revision": ""},
    "no version": {"version": 0},
    "a head that is none": {"head": [1]},
    "a head of words": {"head": "x"},
    "an empty head": {"head": {}},
    "no head": {"head": None},
}


@pytest.mark.parametrize("case", NO_LIST)
def test_a_list_of_contents_that_no_version_wrote_is_refused_before_anything_is_touched(old, file, tmp_path, case):
    bad = forged(file, tmp_path / "bad.zip", lambda manifest, entries: manifest.update(NO_LIST[case]))
    with pytest.raises(InputError, match="damaged"):
        restored(old, bad)
    assert state(old) == (["old"], ["old"]) and not left_overs(old) and not list(old.glob("before-restore-*"))


@pytest.mark.parametrize("step", ["sync_tree", "prove_now", "sha256_of"])
def test_a_full_disk_while_it_is_prepared_leaves_the_old_state(old, file, monkeypatch, step):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"kb.log.restore.{step}", full)
    with pytest.raises((InputError, OSError), match="No space left"):
        restored(old, file)
    monkeypatch.undo()
    assert state(old) == (["old"], ["old"]) and not left_overs(old)


def test_a_disk_with_too_little_room_is_named_before_anything_is_written(old, file, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(InputError, match="there is no room: the backup needs"):
        restored(old, file)
    assert not list(old.glob("before-*"))


def test_a_real_disk_that_fills_up_leaves_the_old_state(old, file, tmp_path, monkeypatch):
    monkeypatch.setattr("kb.log.restore._Restore._refuse_without_room", lambda _: None)
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], capture_output=True).returncode
    ):
        pytest.skip("needs a disk of its own")
    try:
        ends = []
        for free in range(0, 1_000_000, 50_000):
            shutil.rmtree(disk / "w", ignore_errors=True)
            shutil.copytree(old, disk / "w")
            (disk / "filler").write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - free))
            ends.append(_with_little_room(disk / "w", file, disk / "filler"))
        assert set(ends) == {"old", "new"} and ends.index("new") > 2
    finally:
        subprocess.run(["umount", "-l", disk])


def _with_little_room(home, file, filler):
    """Return the state after a restore on a disk that may be full; a full disk must be named as the cause."""
    try:
        restored(home, file)
        end = "new"
    except KBError as error:
        assert any(word in str(error).lower() for word in ("no space", "full", "room")), str(error)
        end = "old"
    filler.unlink()
    assert state(home) == ([end], [end]) and not left_overs(home)
    return end


def test_an_interrupted_restore_is_not_settled_by_another_database(old, file, tmp_path, monkeypatch):
    from kb.log import switch

    monkeypatch.setattr(switch.Switch, "finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        restored(old, file)
    monkeypatch.undo()
    switch.settle(f"sqlite:///{tmp_path / 'other.sqlite'}", old)
    assert (old / switch.NOTE).exists()
    assert state(old) == (["new"], ["new"]) and not left_overs(old)


@pytest.mark.parametrize("when", ["before", "after"])
def test_on_either_database_an_interrupted_restore_is_settled_by_the_next_opening(
    url, file, tmp_path, monkeypatch, when
):
    from kb.log import switch

    home = tmp_path / "home"
    (tmp_path / "x.txt").write_text("Act\n\nArticle 1. old")
    add_policy(tmp_path / "x.txt", home / "library", country="KEN", title="old", date="2019", status="draft")
    with open_workspace(url) as ws:
        ws.append("note/a", "note.written", {"words": "old"}, author="Ana")
    monkeypatch.setenv("KB_WORKSPACE", str(home))
    cut = (switch.Switch, "finish") if when == "after" else (switch, "sign")
    monkeypatch.setattr(*cut, lambda *_, **__: (_ for _ in ()).throw(RuntimeError))
    monkeypatch.setattr("kb.log.restore._Restore._take_back", lambda *_, **__: None)  # as after a kill
    with pytest.raises(RuntimeError):
        restore(url, file, library=home / "library", force=True)
    assert (home / switch.NOTE).exists()
    monkeypatch.undo()
    monkeypatch.setenv("KB_WORKSPACE", str(home))
    with open_workspace(url) as ws:
        said = [event.after["words"] for event in ws.events()]
        with ws.reading() as reader:
            assert not inspect(reader.connection).has_table("kb_restoring")
    assert (said, [record.title for record in records(home / "library")]) == (
        (["new"], ["new"]) if when == "after" else (["old"], ["old"])
    )
    assert not left_overs(home)


def test_a_program_that_has_the_workspace_open_goes_on_in_the_restored_one(old, file):
    with open_workspace(url_of(old)) as ws:
        restored(old, file)
        assert [event.after["words"] for event in ws.events()] == ["new"]
        ws.append("note/b", "note.written", {"words": "later"}, author="Ana")
    assert state(old) == (["new", "later"], ["new"])


@pytest.mark.parametrize("case", ["whole", "damaged", "missing"])
def test_killed_at_any_step_the_old_or_the_new_state_is_complete(tmp_path, case):
    out = subprocess.run(
        [sys.executable, __file__, str(tmp_path), case],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert out.returncode == 0, out.stderr
    found = json.loads(out.stdout)
    states = [tuple(map(tuple, one)) for one in found[:-1]]
    new = (("new",), ("new",), ())
    before = {"whole": (("old",), ("old",), ()), "damaged": None, "missing": ((), (), ())}[case]
    assert states[-1] == new and len(states) > 20
    if before:
        assert set(states) == {before, new}, "nothing in between, and nothing left over after the next opening"
        assert states.index(new) > 5


def look(home: Path, case: str) -> list:
    """Return state and leftovers as the next restore would find them, after the workspace was opened once."""
    from kb.log import restore as restoring

    try:
        said, titles = state(home)
    except WorkspaceError as error:
        return [["damaged" if "no readable" in str(error) else str(error)], [], []]
    restoring._sweep(home)
    return [
        said,
        titles,
        [
            name
            for name in left_overs(home)
            if not name.endswith(".part")
            and ".broken-" not in name
            and not (titles == ["new"] and case == "damaged" and ".replaced-" in name)
        ],
    ]


def main(folder: Path, case: str) -> None:
    """Kill a restore at each of its steps; print what is found after each."""
    new = filled(folder / "new" / "w", "new")
    with open_workspace(url_of(new)) as ws:
        backup(ws, folder / "new.zip", library=new / "library")
    home = folder / "live" / "w"
    home.mkdir(parents=True)
    if case != "missing":
        filled(home, "old")
    if case == "damaged":
        (home / "workspace.sqlite").write_bytes(b"no database " * 500)
    print(
        json.dumps(
            kill_each(home, lambda here: restored(here, folder / "new.zip").events, lambda here: look(here, case))
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])


def test_restored_workspace_that_is_emptied_before_it_is_opened_is_not_begun_anew(old, tmp_path):
    with open_workspace(url_of(old)) as ws:
        backup(ws, tmp_path / "b.kb.zip", library=old / "library")
    home = tmp_path / "other"
    restore(url_of(home), tmp_path / "b.kb.zip", library=home / "library")
    assert (home / "workspace.head").exists()
    (home / "workspace.sqlite").write_bytes(b"")
    with pytest.raises(WorkspaceError, match="workspace of 1 event here"):
        open_workspace(url_of(home))


def test_restore_that_is_refused_before_anything_changed_leaves_no_second_copy(old, tmp_path, monkeypatch):
    with open_workspace(url_of(old)) as ws:
        backup(ws, tmp_path / "b.kb.zip", library=old / "library")
    monkeypatch.setattr("kb.log.restore.sync_tree", _full)
    said: list[str] = []
    with pytest.raises(InputError, match="cannot be written"):
        restore(url_of(old), tmp_path / "b.kb.zip", library=old / "library", force=True, say=said.append)
    assert not list(old.glob("before-restore-*")) and said == [] and left_overs(old) == []
    assert state(old) == (["old"], ["old"])


def _full(folder: Path) -> None:
    raise OSError(28, "No space left on device")


def test_files_that_were_put_aside_stay_where_they_are(old, file):
    aside = old / "library" / ".orphans" / "0a1b2c3d-notes.md"
    aside.parent.mkdir()
    aside.write_text("notes of a person")
    restored(old, file)
    assert aside.read_text() == "notes of a person"
    assert [record.title for record in records(old / "library")] == ["new"]


@pytest.mark.parametrize("force", [True, False])
def test_what_is_written_while_a_restore_is_prepared_is_kept_too(tmp_path, file, monkeypatch, force):
    home = filled(tmp_path / "live" / "w", "old") if force else tmp_path / "empty"
    if not force:
        home.mkdir()
        with open_workspace(url_of(home)):
            pass  # a workspace without an event, in which somebody decides at the wrong moment
    staged = restoring._Restore._staged_library

    def and_somebody_writes(self, kept):
        with open_workspace(url_of(home)) as ws:
            ws.append("note/b", "note.written", {"words": "in the last moment"}, author="Ben")
        yield from staged(self, kept)

    monkeypatch.setattr(restoring._Restore, "_staged_library", and_somebody_writes)
    if not force:
        with pytest.raises(RefusedError, match="Somebody wrote"):
            restored(home, file, force=False)
        monkeypatch.undo()
        assert state(home)[0] == ["in the last moment"]
        return
    restored(home, file)
    monkeypatch.undo()
    assert state(home)[0] == ["new"]
    (kept,) = home.glob("before-restore-*.kb.zip")
    restored(tmp_path / "again", kept)
    assert state(tmp_path / "again")[0] == ["old", "in the last moment"]


def test_a_file_that_another_program_holds_is_deleted_at_the_next_opening(tmp_path, monkeypatch):
    """As on Windows: the restore succeeds and says so; the note stays until the file is deleted."""
    from pathlib import Path

    from kb.log.switch import NOTE, Move, Switch

    held = tmp_path / "prepared"
    held.write_text("a library that is not used")
    move = Move(staged=str(held), live=str(tmp_path / "live"), aside=str(tmp_path / "aside"))
    made = Switch(id="1", database="sqlite:///w.sqlite", in_database=False, moves=(move,))
    made.write(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", lambda self, missing_ok=False: (_ for _ in ()).throw(PermissionError("held")))
        made.take_back(tmp_path)
    assert held.exists() and (tmp_path / NOTE).exists()
    made.take_back(tmp_path)
    assert not held.exists() and not (tmp_path / NOTE).exists()
