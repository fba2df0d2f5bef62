"""The graph computes the same as the network: here compared with NumPy, in the slow tests with the real models' own
programs."""

import numpy as np
import packing
import pytest

from kb.errors import IndexError_
from kb.index.encoders import ModelSpec
from kb.index.onnx_query import OnnxEncoder, export
from kb.index.weights import rows, sums


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """Return an exported toy model and its tensors."""
    folder = tmp_path_factory.mktemp("graph")
    found = packing.write(folder / "toy.bin")
    spec = ModelSpec(
        name="toy",
        languages=("en",),
        dim=32,
        max_tokens=packing.PLACES,
        packages=(),
        packed=True,
        files={"toy.bin": "0" * 64},
    )
    encoder = type("Toy", (), {"spec": spec, "folder": folder})()
    export(encoder, folder / "exported")
    return folder / "exported", found, encoder


def test_a_text_gets_the_vector_that_numpy_computes(toy):
    folder, found, _ = toy
    ours = OnnxEncoder(folder, "toy@1").run([[0, 5, 8, 2], [0, 18, 19, 20, 21, 6, 7, 2]])
    for vector, ids in zip(ours, ([0, 5, 8, 2], [0, 18, 19, 20, 21, 6, 7, 2])):
        assert float(vector @ packing.embedding(found, ids)) > 0.999


def test_padding_beside_a_longer_text_changes_nothing(toy):
    open_ = OnnxEncoder(toy[0], "toy@1")
    beside = open_.run([[0, 5, 2], [0, 5, 8, 18, 19, 20, 21, 22, 2]])[0]
    assert np.allclose(beside, open_.run([[0, 5, 2]])[0], atol=1e-4)


def test_passages_and_queries_are_led_by_their_own_prompts(toy):
    open_ = OnnxEncoder(toy[0], "toy@1")
    assert not np.allclose(open_.query("older women"), open_.passages(["older women"])[0])
    assert open_.passages([]).shape == (0, 32) and open_.dim == 32


def test_a_text_longer_than_the_model_is_answered(toy):
    assert np.linalg.norm(OnnxEncoder(toy[0], "toy@1").query("older women " * 500)) == pytest.approx(1, abs=1e-5)


def test_a_complete_export_is_not_made_again_and_a_changed_one_is(toy):
    folder, _, encoder = toy
    before = (folder / "model.onnx").stat().st_mtime_ns
    export(encoder, folder)
    assert (folder / "model.onnx").stat().st_mtime_ns == before
    with (folder / "model.onnx").open("ab") as stream:
        stream.write(b"x")
    assert not sums.is_complete(folder)
    with pytest.raises(IndexError_, match="model.onnx of the query encoder is missing or was changed"):
        OnnxEncoder(folder, "toy@1")
    export(encoder, folder)
    assert sums.is_complete(folder)


def test_a_changed_row_of_the_word_table_is_named_when_it_is_read(toy, tmp_path):
    folder, _, _ = toy
    for file in (rows.TABLE, rows.SUMS):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    data = bytearray((tmp_path / rows.TABLE).read_bytes())
    data[-1] ^= 1  # the last row
    (tmp_path / rows.TABLE).write_bytes(data)
    table = rows.WordVectorTable(tmp_path)
    assert table.of(np.array([[0, 5]])).shape == (1, 2, 32)
    with pytest.raises(IndexError_, match="word vectors of the query encoder are missing or were changed"):
        table.of(np.array([[0, len(packing.PIECES) + 2]]))
    (tmp_path / rows.TABLE).write_bytes(bytes(data[:300]))
    with pytest.raises(IndexError_, match="Run: kb build"):
        rows.WordVectorTable(tmp_path)
