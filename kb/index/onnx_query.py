"""Queries without torch: the same weights, exported at build, run by ONNX Runtime in a fraction of the start-up time."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.errors import IndexError_
from kb.files import replacing
from kb.index.encoders import normalise
from kb.text import sha256_of

if TYPE_CHECKING:
    from kb.index.embed import SentenceEncoder

FILES = ("model.onnx", "tokenizer.json", "model.sha256")
"""The last one holds the hashes of the others and is written last: with it the export is whole and unchanged."""


def export(encoder: SentenceEncoder, folder: Path) -> None:
    """Write model.onnx and tokenizer.json for `encoder` into `folder`; nothing is done when they are there unchanged."""
    if is_whole(folder):
        return
    if _is_older(folder, encoder.folder):
        _write_sums(folder)
        return
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    model = encoder.torch_model.eval()
    ids = torch.ones(1, 8, dtype=torch.int64)
    axes = {0: "batch", 1: "length"}
    with replacing(folder / "tokenizer.json") as tokenizer:
        shutil.copyfile(encoder.folder / "tokenizer.json", tokenizer)
    with replacing(folder / "model.onnx") as half, torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _StatesOnly(model),
            (ids, ids),
            str(half),
            dynamo=False,
            opset_version=17,
            input_names=["input_ids", "attention_mask"],
            output_names=["states"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "states": axes},
        )
    _write_sums(folder)


def _sums(folder: Path) -> bytes:
    """What model.sha256 holds for the files as they are, in the form of sha256sum."""
    return "".join(f"{sha256_of(folder / name)}  {name}\n" for name in FILES[:2]).encode("ascii")


def _write_sums(folder: Path) -> None:
    with replacing(folder / FILES[2]) as beside:
        beside.write_bytes(_sums(folder))


def is_whole(folder: Path) -> bool:
    """True when an export is there and its files have the hashes that were recorded with it."""
    if not all((folder / name).exists() for name in FILES):
        return False
    return (folder / FILES[2]).read_bytes() == _sums(folder)


def _is_older(folder: Path, original: Path) -> bool:
    """An unchanged export of before the tokenizer was recorded: its file holds the model's hash alone."""
    if not all((folder / name).exists() for name in FILES):
        return False
    return (folder / FILES[2]).read_bytes() == f"{sha256_of(folder / FILES[0])}\n".encode("ascii") and (
        folder / FILES[1]
    ).read_bytes() == (original / FILES[1]).read_bytes()


def prove(folder: Path) -> None:
    """Raises IndexError_ when the model or its tokenizer is missing or not as exported: vectors of an altered one would
    rank at random. Some tens of milliseconds for the 90 MB of the model (benchmarks/damage.py)."""
    if not all((folder / name).exists() for name in FILES[:2]):
        raise IndexError_("the exported query encoder is missing.", where=str(folder), do="Run: kb build")
    recorded = (folder / FILES[2]).read_bytes() if (folder / FILES[2]).exists() else b""
    now = _sums(folder)
    if recorded not in (now, now[:64] + b"\n"):  # the second form: an export of before the tokenizer was recorded
        raise IndexError_(
            "the exported query encoder or its tokenizer was changed since it was exported.",
            where=str(folder),
            do="Run: kb build",
        )


def _StatesOnly(model: Any) -> Any:
    """A module of two inputs and one output around the transformer, as the exporter wants it."""
    import torch

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            """States of the last layer."""
            return self.inner(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    return States()


class OnnxEncoder:
    """The query encoder: mean of token states, unit length, as the sentence-transformers model does."""

    def __init__(self, folder: Path, identity: str, max_tokens: int = 256) -> None:
        """Open the exported model. Raises IndexError_ when it is not there or was changed."""
        prove(folder)
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise bare exceptions of their own for a damaged file
            raise IndexError_(
                "the exported query encoder cannot be read.", where=str(folder), do="Run: kb build"
            ) from error
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.enable_padding()
        self.identity = identity
        self.dim = int(self._session.get_outputs()[0].shape[-1])

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 [n, dim] unit vectors; texts over the model's length are cut, so this is for queries."""
        batch = self._tokenizer.encode_batch(list(texts))
        ids = np.array([b.ids for b in batch], dtype=np.int64)
        mask = np.array([b.attention_mask for b in batch], dtype=np.int64)
        states = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        weights = mask[:, :, None].astype(np.float32)
        return normalise((states * weights).sum(1) / np.maximum(weights.sum(1), 1e-9))

    def query(self, text: str) -> np.ndarray:
        """float32 [dim] unit vector."""
        return self.passages([text])[0]
