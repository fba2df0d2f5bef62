"""The exported query encoder gives the vectors of the sentence-transformers model, with the same weights."""

import numpy as np
import pytest

from kb.errors import IndexError_, LowMemory
from kb.index import onnx_query
from kb.index.onnx_query import OnnxEncoder, export
from kb.index.weights import sums

TEXTS = [
    "pension",
    "older women denied land",
    "What was promised on rural women's land?",
    "",
    "WHO",
    "50 % of GDP (2004)",
    "Les droits des femmes âgées",
    "los niños y la escuela",
    "老年人",
    "😀 emoji",
    "a" * 300,
    "word " * 220,
    "The aim of social integration is to create a society for all, in which every individual has an active role.",
]


@pytest.fixture(scope="module")
def english(root):
    from kb.index.embed import SentenceEncoder
    from kb.index.encoders import load_models

    return SentenceEncoder(load_models(root / "corpus").get("all-MiniLM-L6-v2"), torch=True)


@pytest.fixture(scope="module")
def exported(english, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    export(english, folder)
    return folder


@pytest.mark.slow
def test_both_give_the_same_vectors(english, exported):
    """Cosine over 0.999 for every text; it is below 1 where the processor uses bfloat16."""
    ours = OnnxEncoder(exported, english.identity)
    theirs = english.passages(TEXTS)
    cosines = [float(ours.query(text) @ their) for text, their in zip(TEXTS, theirs)]
    assert min(cosines) > 0.999, dict(zip(TEXTS, cosines))
    assert np.linalg.norm(ours.query("pension")) == pytest.approx(1.0, abs=1e-5) and ours.dim == english.dim


@pytest.mark.slow
def test_padding_beside_a_longer_text_changes_nothing(english, exported):
    ours = OnnxEncoder(exported, english.identity)
    assert np.allclose(ours.passages(TEXTS)[0], ours.query(TEXTS[0]), atol=1e-5)


@pytest.mark.slow
def test_a_long_passage_is_embedded_completely_and_not_cut(english):
    start, end = "pension for older women. " * 60, "school for children. " * 60
    whole, cut = english.passages([start + end, start])
    assert float(whole @ english.query("children in school")) > float(cut @ english.query("children in school")) + 0.1


@pytest.mark.slow
def test_the_export_of_an_older_version_is_written_anew(english, tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"of an older version")
    sums.write(tmp_path)
    export(english, tmp_path)
    assert OnnxEncoder(tmp_path, english.identity).query("pension").shape == (english.dim,)


def test_a_missing_or_damaged_export_is_reported(tmp_path):
    with pytest.raises(IndexError_, match="model.sha256 of the query encoder is missing or was changed.*Run: kb build"):
        OnnxEncoder(tmp_path, "toy@1")
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"half")
    sums.write(tmp_path)
    with pytest.raises(IndexError_, match="the exported query encoder cannot be read. Run: kb build"):
        OnnxEncoder(tmp_path, "toy@1")


@pytest.mark.slow
def test_onnx_runtime_embeds_long_and_short_passages_as_torch_does(english, tmp_path):
    from kb.index.embed import SentenceEncoder

    light = SentenceEncoder(english.spec, models=tmp_path, torch=False)
    texts = [*TEXTS, "word " * 1300, "1.2.3.4." * 100]
    cosines = (light.passages(texts) * english.passages(texts)).sum(1)
    assert cosines.min() > 0.999, dict(zip(texts, cosines.tolist()))
    assert (light.passages(TEXTS) * english.passages(TEXTS)).sum(1).min() > 0.999  # each fits the model


def test_torch_embeds_from_the_first_text_after_a_few():
    from kb.index.embed import SentenceEncoder

    encoder = SentenceEncoder.__new__(SentenceEncoder)
    for few, given, light in ((3, 3, True), (3, 4, False), (-1, 0, False), (None, 9, True)):
        encoder._few, encoder._given = few, given
        assert encoder._is_light is light


@pytest.mark.parametrize("error", [MemoryError(), ImportError("x.so: failed to map segment from shared object")])
def test_too_little_memory_is_no_damaged_encoder(error):
    with pytest.raises(LowMemory, match="too little memory"):
        onnx_query._refuse_low_memory(error)
    onnx_query._refuse_low_memory(ValueError("the table is cut"))  # damage stays what it is
