"""A folder of model files is complete if each file exists, is recorded, and is unchanged."""

import pytest

from kb.errors import IndexError_
from kb.index.weights import sums


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "part").mkdir()
    (tmp_path / "model.onnx").write_bytes(b"a model")
    (tmp_path / "part/config.json").write_bytes(b"{}")
    sums.write(tmp_path)
    return tmp_path


def test_an_unchanged_folder_is_complete(folder):
    sums.prove(folder)
    assert sums.is_complete(folder)


@pytest.mark.parametrize(
    ("file", "content", "named"),
    [
        ("model.onnx", b"b model", "model.onnx"),
        ("model.onnx", None, "model.onnx"),
        ("more.json", b"{}", "more.json"),
        (sums.FILE, None, sums.FILE),
        (sums.FILE, b"half", sums.FILE),
        (sums.FILE, b"", "model.onnx"),
        (sums.FILE, b"\xff\n", sums.FILE),
    ],
)
def test_what_was_changed_is_named(folder, file, content, named):
    (folder / file).unlink() if content is None and (folder / file).exists() else (folder / file).write_bytes(content)
    assert not sums.is_complete(folder)
    with pytest.raises(IndexError_, match=f"^.*{named} of the query encoder is missing or was changed.*Run: kb build"):
        sums.prove(folder)


def test_a_file_that_its_reader_proves_is_left_to_it(folder):
    (folder / "model.onnx").write_bytes(b"b model")
    sums.prove(folder, besides=("model.onnx",))
