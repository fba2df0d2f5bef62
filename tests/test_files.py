"""Files are written completely or not at all, and read with limits."""

import os
import pathlib
import socket
import subprocess
import sys

import pytest

from kb import files
from kb.errors import InputError
from kb.files import read_bytes, read_text, readable, replacing, scratch, written


def test_a_broken_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


def test_what_was_there_with_other_content_is_kept_under_another_name(tmp_path, caplog):
    path = tmp_path / "brief.docx"
    for content in ("mine", "mine", "theirs", ""):
        path.write_text(content)
        with written(path) as beside:
            beside.write_text("mine")
    assert path.read_text() == "mine"
    assert (tmp_path / "brief.before-1.docx").read_text() == "theirs"
    assert len(list(tmp_path.iterdir())) == 2  # the same bytes and an empty file are no loss
    assert "is kept as brief.before-1.docx" in caplog.text


def test_a_name_that_is_taken_is_never_used_for_what_is_kept(tmp_path):
    path = tmp_path / "a.txt"
    for content in ("one", "two", "three"):
        with written(path) as beside:
            beside.write_text(content)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "a.txt": "three",
        "a.before-1.txt": "one",
        "a.before-2.txt": "two",
    }


def test_a_broken_write_keeps_no_second_copy(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(RuntimeError), written(tmp_path / "a.txt") as beside:
        beside.write_text("half")
        raise RuntimeError
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_a_full_disk_and_a_folder_that_is_none_are_reported(tmp_path):
    with (
        pytest.raises(InputError, match="a.txt: cannot be written .No space left on device.. Make room"),
        replacing(tmp_path / "a.txt"),
    ):
        raise OSError(28, "No space left on device")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"), replacing(tmp_path / "file" / "a.txt"):
        pytest.fail("the block must not run")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_no_file_takes_the_place_of_a_device_or_a_pipe(tmp_path):
    (tmp_path / "to-device").symlink_to("/dev/null")
    os.mkfifo(tmp_path / "pipe")
    for name in (tmp_path / "to-device", tmp_path / "pipe"):
        with pytest.raises(InputError, match=r"no file can take its place.*Name a file"), replacing(name):
            raise AssertionError("nothing is written")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["pipe", "to-device"]


def test_a_fault_of_another_kind_is_left_as_it_is(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.txt"):
        (tmp_path / "no source").read_text()


def test_a_complete_write_takes_the_place_of_the_old_file(tmp_path):
    with replacing(tmp_path / "new" / "a.txt") as beside:
        beside.write_text("new")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a.txt"]


def test_what_is_too_large_missing_or_foreign_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match="more than the 2 that an import reads"):
        read_bytes(tmp_path / "a", limit=2)
    with pytest.raises(InputError, match="not UTF-8 .byte 3 is 0xe9"):
        read_text(tmp_path / "a")
    with pytest.raises(InputError, match="this is a folder, not a file"):
        read_text(tmp_path)


def killed(code, folder):
    """Run a program that is killed in the middle of a write in `folder`."""
    code = f"import os, signal\nfrom pathlib import Path\nfrom kb.files import replacing, scratch\n{code}"
    return subprocess.run([sys.executable, "-c", code, str(folder)], cwd=folder).returncode


DIE = "os.kill(os.getpid(), signal.SIGKILL)"


def test_what_a_killed_program_left_is_removed_by_the_next_one_of_its_kind(tmp_path):
    killed(f"with replacing(Path('a.txt')) as beside:\n    beside.write_text('half')\n    {DIE}", tmp_path)
    killed(f"with scratch('toy', Path('.')) as folder:\n    (folder / 'x').write_text('half')\n    {DIE}", tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    with replacing(tmp_path / "b.txt") as beside:
        beside.write_text("another file: what was left of the first one is not of this kind")
    assert len(list(tmp_path.iterdir())) == 3
    with replacing(tmp_path / "a.txt") as beside, scratch("toy", tmp_path):
        beside.write_text("whole")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_two_writers_of_one_file_leave_each_others_work_alone(tmp_path):
    with replacing(tmp_path / "a.txt") as first:
        first.write_text("first")
        with replacing(tmp_path / "a.txt") as second:
            second.write_text("second")
        assert first.exists()
    assert (tmp_path / "a.txt").read_text() == "first"


def test_bytes_and_name_are_on_the_disk_before_the_block_ends(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(files, "sync", lambda path: done.append(path.name))
    monkeypatch.setattr(
        files.os, "replace", lambda old, new, real=files.os.replace: (done.append("named"), real(old, new))
    )
    with replacing(tmp_path / "a.txt") as beside:
        beside.write_text("x")
    assert done == [beside.name, "named", tmp_path.name]


def test_the_longest_name_that_a_disk_allows_can_be_written(tmp_path):
    path = tmp_path / ("é" * 127)
    with replacing(path) as beside:
        beside.write_text("x")
    assert path.read_text() == "x"


def test_a_file_that_is_read_and_may_not_be_is_not_taken_for_the_one_that_is_written(tmp_path):
    with pytest.raises(PermissionError), replacing(tmp_path / "a.txt"):
        raise PermissionError(13, "Permission denied", "/elsewhere/secret")


@pytest.fixture(params=["folder", "pipe", "socket", "device", "link", "below a file", "unreadable"])
def no_file(request, tmp_path):
    """Return a path that cannot be read as a file, and the expected error."""
    path, home = tmp_path / "it", os.getcwd()
    said = f"this is a {request.param}, not a file"
    if request.param == "folder":
        path.mkdir()
    elif request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "socket":
        os.chdir(tmp_path)  # the name of a socket may not be long
        socket.socket(socket.AF_UNIX).bind("it")
        os.chdir(home)
    elif request.param == "device":
        path = pathlib.Path("/dev/null")
    elif request.param == "link":
        path.symlink_to(tmp_path / "nowhere")
        said = "this is a link to a file that is not there"
    elif request.param == "below a file":
        (tmp_path / "file").write_text("x")
        path, said = tmp_path / "file" / "it", "there is no such file"
    else:
        path.write_text("x")
        path.chmod(0)
        said = "this file may not be read"
        if os.access(path, os.R_OK):
            pytest.skip("whoever runs this may read every file")
    return path, said


def test_what_is_no_file_is_named_as_what_it_is_and_never_opened(no_file):
    path, said = no_file
    for read in (readable, read_bytes, read_text):
        with pytest.raises(InputError, match=said):
            read(path)


def test_what_a_shell_hands_over_is_read():
    """As in `kb search --queries <(command)`: another process writes into the pipe."""
    out, into = os.pipe()
    os.write(into, b"words")
    os.close(into)
    assert read_text(pathlib.Path(f"/dev/fd/{out}")) == "words"
    os.close(out)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_server_may_hold_as_many_files_open_as_the_system_allows():
    """In a process of its own, which begins with a low limit, as many systems do."""
    program = """
import resource
from kb.files import allow_many_open
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
allow_many_open()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
allow_many_open()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert int(found[0]) > 64
    assert found[1] == "64"
