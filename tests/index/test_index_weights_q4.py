"""The packed file is read as its C source reads it, and any other file is refused with a reason."""

import numpy as np
import packing
import pytest

from kb.errors import DataError
from kb.index.weights import q4
from kb.index.weights.bert import WORDS, tensor_names


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    path = tmp_path_factory.mktemp("packed") / "toy.bin"
    return path, packing.write(path)


def test_shape_pieces_and_tensors_come_out_under_the_names_of_checkpoints(toy):
    path, found = toy
    read = q4.read(path)
    assert (read.bert.shape.hidden, read.bert.shape.layers, read.bert.shape.positions) == (32, 2, 24)
    assert read.pieces.words[5] == "▁older" and (read.pieces.begin, read.pieces.end, read.pieces.unknown) == (0, 2, 3)
    assert set(read.bert.names) == set(tensor_names(2))
    bias = read.bert.dense("encoder.layer.1.output.dense.bias")
    assert np.array_equal(bias, found["l1.fo.b"])


def test_blocks_are_unpacked_as_the_source_does_it(toy):
    path, found = toy
    bert = q4.read(path).bert
    for name, own in ((WORDS, "emb.word"), ("encoder.layer.0.output.dense.weight", "l0.fo.w")):
        assert np.allclose(bert.dense(name), packing.weight(found[own]), atol=1e-7)
    assert bert.dense("encoder.layer.0.output.dense.weight").shape == (32, 64)


@pytest.mark.parametrize("spoil", ["magic", "cut", "empty", "missing"])
def test_another_file_is_refused(tmp_path, spoil):
    path = tmp_path / "weights.bin"
    packing.write(path, magic=b"GGUF" if spoil == "magic" else b"E5S1")
    if spoil == "cut":
        path.write_bytes(path.read_bytes()[:900])
    if spoil == "empty":
        path.write_bytes(b"")
    if spoil == "missing":
        path.unlink()
    with pytest.raises(DataError, match="no packed weights can be read.*make install"):
        q4.read(path)
