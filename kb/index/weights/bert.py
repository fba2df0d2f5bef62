"""A BERT encoder as arrays: its sizes, and its tensors by their checkpoint names.

Numbers: four bits hold one weight: sixteen levels, two in a byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kb.errors import DataError
from kb.extras import install

BLOCK_SIZE = 32  # weights that share a scale in the format Q4_0
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK_SIZE // 2)])
"""One Q4_0 block: 32 weights of four bits with a common half-precision scale. The low four bits of byte j are weight j,
the high four bits weight j + 16."""

WORDS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True)
class Shape:
    """Sizes of a BERT encoder. `positions` is the maximum number of word pieces in a text, `types` the number of token
    types, `words` the size of the vocabulary; `epsilon` is the constant of layer normalisation."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Bert:
    """The weights of a BERT encoder, by tensor name. `plain` holds float32 tensors (matrices as [out, in]); `packed`
    holds matrices in Q4_0 blocks ([out, in / 32])."""

    shape: Shape
    plain: Mapping[str, np.ndarray]
    packed: Mapping[str, np.ndarray] = field(default_factory=dict)

    def dense(self, name: str) -> np.ndarray:
        """Return a tensor in float32, unpacked if it is packed."""
        return unpacked(self.packed[name]) if name in self.packed else self.plain[name]

    @property
    def names(self) -> Iterator[str]:
        """Names of all tensors."""
        yield from self.plain
        yield from self.packed


def unpacked(blocks: np.ndarray) -> np.ndarray:
    """Unpack Q4_0 blocks [..., blocks] to float32 [..., 32 x blocks]: (four bits - 8) times the scale."""
    nibbles = blocks["nibbles"]
    levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    levels *= blocks["scale"].astype(np.float32)[..., None]
    return levels.reshape(*blocks.shape[:-1], -1)


def read_checkpoint(folder: Path) -> Bert:
    """Load an encoder from a folder with config.json and model.safetensors. Raises DataError when it is no complete
    BERT checkpoint."""
    from safetensors.numpy import load_file

    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tensors = load_file(folder / "model.safetensors")
        shape = Shape(
            hidden=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            inner=config["intermediate_size"],
            words=config["vocab_size"],
            positions=config["max_position_embeddings"],
            types=config["type_vocab_size"],
            epsilon=config["layer_norm_eps"],
        )
    except (OSError, ValueError, KeyError) as error:
        raise DataError("no BERT checkpoint can be read.", where=str(folder), do=f"Run: {install('build')}") from error
    missing = sorted(name for name in tensor_names(shape.layers) if name not in tensors)
    if config.get("model_type") != "bert" or missing:
        raise DataError(f"no BERT checkpoint: {', '.join(missing[:3]) or config.get('model_type')}.", where=str(folder))
    return Bert(shape, {name: tensors[name].astype(np.float32, copy=False) for name in tensor_names(shape.layers)})


LAYER = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "attention.output.LayerNorm",
    "intermediate.dense",
    "output.dense",
    "output.LayerNorm",
)
"""The parts of a layer; each has a weight and a bias."""


def tensor_names(layers: int) -> Iterator[str]:
    """Yield the names of the tensors of a BERT encoder with that many layers, without the pooler, which sentence
    embeddings do not use."""
    yield WORDS
    yield "embeddings.position_embeddings.weight"
    yield "embeddings.token_type_embeddings.weight"
    for part in ("embeddings.LayerNorm", *(f"encoder.layer.{i}.{part}" for i in range(layers) for part in LAYER)):
        yield f"{part}.weight"
        yield f"{part}.bias"
