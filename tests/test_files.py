"""Files are written whole or not at all, and read with limits."""
import pytest

from kb.errors import InputError
from kb.files import read_bytes, read_text, replacing


def test_a_broken_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


def test_a_full_disk_and_a_folder_that_is_none_are_told(tmp_path):
    with pytest.raises(InputError, match="a.txt: cannot be written .No space left on device.. Make room"), \
            replacing(tmp_path / "a.txt"):
        raise OSError(28, "No space left on device")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"), replacing(tmp_path / "file" / "a.txt"):
        pytest.fail("the block must not run")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_fault_of_another_kind_is_left_as_it_is(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.txt"):
        (tmp_path / "no source").read_text()


def test_a_whole_write_takes_the_place_of_the_old_file(tmp_path):
    with replacing(tmp_path / "new" / "a.txt") as beside:
        beside.write_text("new")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a.txt"]


def test_what_is_too_large_missing_or_foreign_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match="more than the 2 that an import reads"):
        read_bytes(tmp_path / "a", limit=2)
    with pytest.raises(InputError, match="not UTF-8 .byte 3 is 0xe9"):
        read_text(tmp_path / "a")
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)
