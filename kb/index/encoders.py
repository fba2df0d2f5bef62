"""The protocol of encoders, which turn text into unit vectors, and the list of models that may be loaded, each checked
by hash."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from pydantic import Field

from kb.data import load_yaml
from kb.errors import DataError, NotFound
from kb.extras import install
from kb.models import Model
from kb.text import sha256_of

os.environ.setdefault("HF_HUB_OFFLINE", "1")


class Encoder(Protocol):
    """Anything that embeds text. `identity` names model and weights; vectors of different identities are never
    mixed."""

    identity: str
    dim: int

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages: float32 [n, dim] unit vectors."""
        ...

    def query(self, text: str) -> np.ndarray:
        """Embed a query: float32 [dim] unit vector."""
        ...


class ModelPackage(Model):
    """An installed Python package with the files of a model: the name of its `module`, and the `folder` of the files
    relative to it."""

    module: str
    folder: str = "."


class ModelSpec(Model):
    """A model that may be used, as listed in corpus/models.yaml."""

    name: str
    languages: tuple[str, ...]
    dim: int
    max_tokens: int = Field(description="word pieces the model reads; longer passages are embedded in windows")
    packages: tuple[ModelPackage, ...]
    packed: bool = Field(False, description="the weights are one packed file (weights.q4), not a checkpoint")
    files: dict[str, str] = Field(description="file name to sha256")

    @property
    def identity(self) -> str:
        """Name of the model and the first 12 digits of the sha256 of its weights; vectors of different identities are
        never mixed."""
        return f"{self.name}@{self.files[self.weights][:12]}"

    @property
    def weights(self) -> str:
        """Name of the file with the weights: the first of `files`."""
        return next(iter(self.files))


class ModelList(Model):
    """The embedding models that the project can use, as listed in corpus/models.yaml."""

    version: str
    models: tuple[ModelSpec, ...]

    def get(self, name: str) -> ModelSpec:
        """Return the model with this name. Raises NotFound with the known names."""
        for model in self.models:
            if model.name == name:
                return model
        raise NotFound(f"no model '{name}'.", do=f"Models are: {', '.join(m.name for m in self.models)}.")


def load_models(corpus: Path) -> ModelList:
    """Load the models listed in `corpus`/models.yaml. Raises DataError with file and line when it is invalid."""
    return load_yaml(corpus / "models.yaml", ModelList)


def locate(spec: ModelSpec) -> Path | None:
    """Return the folder of the first installed package that contains the model, without importing it; None when none is
    installed."""
    for package in spec.packages:
        found = importlib.util.find_spec(package.module)
        if found and found.origin:
            return Path(found.origin).parent / package.folder
    return None


_hash_once = lru_cache(maxsize=16)(sha256_of)


def prove(spec: ModelSpec, folder: Path) -> None:
    """Check every file of the model in `folder` against its recorded hash, once per process. Raises DataError for one
    that differs."""
    for name, recorded in spec.files.items():
        path = folder / name
        if not path.exists() or _hash_once(path) != recorded:
            raise DataError(
                f"{name} of model '{spec.name}' is not the file that is recorded, so it is not loaded.",
                do=f"Reinstall the package that carries it ({install('build')}), then: kb doctor",
            )


def normalise(vectors: np.ndarray) -> np.ndarray:
    """Scale each row to length 1, as float32; a zero row stays zero."""
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True))
    return vectors / np.maximum(lengths, 1e-12)
