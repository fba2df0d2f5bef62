"""Measure what one more document costs in an index of N passages, beside building the index at once.

    python benchmarks/grow.py [--passages 10000]

Passages are those of benchmarks/scale.py, a hundred per document; the vectors are random, in two spaces of 384
dimensions, so that no figure includes reading, tagging and embedding. Processor time of complete builds, in one run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scale import passages_of

from kb.build.job import Job, build
from kb.config import settings
from kb.index.live import open_index
from kb.models import Document


class Random:
    """An encoder that returns random unit vectors."""

    dim = 384

    def __init__(self, identity: str) -> None:
        self.identity = identity

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Return a vector for each text: float32 [n, 384]."""
        found = np.random.default_rng(len(texts)).standard_normal((len(texts), self.dim), dtype=np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def query(self, text: str) -> np.ndarray:
        """Return a vector: float32 [384]."""
        return self.passages([text])[0]


def documents_of(count: int) -> list[Document]:
    """Return documents with `count` generated passages, a hundred in each."""
    rng = np.random.default_rng(0)
    real = list(open_index(settings().indexes, settings().corpus).store.passages())
    made = list(passages_of(real, rng.integers(0, len(real), count), rng))
    parts = [tuple(made[start : start + 100]) for start in range(0, count, 100)]
    return [
        Document(id=part[0].document, title="", force=part[0].force, place=part[0].place, passages=part)
        for part in parts
    ]


def seconds(indexes: Path, documents: list[Document], code: str) -> float:
    """Return the processor seconds of a build of these documents."""
    encoders = {"english": Random("a@1"), "multilingual": Random("b@1")}
    job = Job(
        indexes=indexes,
        documents=lambda: documents,
        tag=lambda document: document,
        encoders=encoders,
        inputs={"documents": str(len(documents))},
        code=code,
    )
    start = time.process_time()
    build(job)
    return time.process_time() - start


def main() -> None:
    """Measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=10_000)
    documents = documents_of(parser.parse_args().passages)
    with tempfile.TemporaryDirectory() as folder:
        seconds(Path(folder), documents[:-1], "same")
        more = seconds(Path(folder), documents, "same")
        whole = seconds(Path(folder), documents, "other")
    print(f"{len(documents)} documents: one more {more:.1f} s  all at once {whole:.1f} s  ratio {more / whole:.2f}")


if __name__ == "__main__":
    main()
