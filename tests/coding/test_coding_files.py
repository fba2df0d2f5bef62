"""Files are written whole or not at all; cells and XML are safe."""
import pytest

from kb.coding.files import read_bytes, read_text, replacing
from kb.errors import InputError


def test_a_broken_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


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
