"""Models are loaded from installed packages only if every file has its recorded hash."""

import hashlib
import sys

import numpy as np
import pytest

from kb.errors import DataError, NotFound
from kb.index.encoders import ModelPackage, ModelSpec, load_models, locate, normalise, prove


def spec(folder, content=b"weights"):
    """Return a model of one file; the file has `content`, but is recorded as b'weights'."""
    (folder / "model.bin").write_bytes(content)
    return ModelSpec(
        name="toy",
        languages=("en",),
        dim=3,
        max_tokens=8,
        packages=(),
        files={"model.bin": hashlib.sha256(b"weights").hexdigest()},
    )


def test_a_model_whose_files_are_as_recorded_is_loaded(tmp_path):
    prove(spec(tmp_path), tmp_path)


def test_a_changed_model_file_is_refused(tmp_path):
    with pytest.raises(
        DataError, match="model.bin of model 'toy' is not the file that is recorded, so it is not loaded"
    ):
        prove(spec(tmp_path, b"Weights"), tmp_path)


def test_a_missing_model_file_is_refused(tmp_path):
    made = spec(tmp_path)
    (tmp_path / "model.bin").unlink()
    with pytest.raises(DataError, match="make install"):
        prove(made, tmp_path)


def test_a_real_encoder_refuses_a_folder_of_other_weights(tmp_path, root):
    from kb.index.embed import SentenceEncoder

    model = load_models(root / "corpus").get("all-MiniLM-L6-v2")
    for name in model.files:
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(DataError, match="is not loaded"):
        SentenceEncoder(model, tmp_path)


def test_a_package_is_located_without_importing_it(tmp_path, monkeypatch):
    (tmp_path / "toy_weights").mkdir()
    (tmp_path / "toy_weights/__init__.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = spec(tmp_path).model_copy(
        update={"packages": (ModelPackage(module="absent_weights"), ModelPackage(module="toy_weights", folder="model"))}
    )
    assert locate(made) == tmp_path / "toy_weights" / "model" and "toy_weights" not in sys.modules
    assert locate(spec(tmp_path)) is None


def test_the_models_of_the_corpus_are_listed(root):
    models = load_models(root / "corpus")
    assert {"all-MiniLM-L6-v2", "multilingual-e5-small-q4"} <= {model.name for model in models.models}
    with pytest.raises(NotFound, match="no model 'other'. Models are: all-MiniLM-L6-v2"):
        models.get("other")


def test_vectors_are_brought_to_length_one_and_zero_stays_zero():
    made = normalise(np.array([[3.0, 4.0], [0.0, 0.0]]))
    assert made.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0.0, 0.0]] and made.dtype == np.float32
