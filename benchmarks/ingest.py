"""Compare embedding in a build with the fastest fair way with the same weights, and check whether a text is embedded
twice.

    python benchmarks/ingest.py [--texts 200] [--model all-MiniLM-L6-v2]

The texts are those that the live index embeds: passages under their headings, and pairs of sentences. The project's way
goes through the cache on disk; the other is one call of sentence-transformers over the distinct texts. One run, each
way twice, the faster time of each, in processor seconds of all threads: on a busy machine the clock also counts other
programs. A text longer than the model allows is the mean of its windows in a build and is cut off by the bare call.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kb.config import settings
from kb.index import live
from kb.index.cache import VectorCache
from kb.index.embed import BATCH, SentenceEncoder, load_torch
from kb.index.embedded_texts import parts_to_embed, under_heading
from kb.index.encoders import load_models, normalise
from kb.index.weights.checkpoint import PROMPTS


def embedded_texts(count: int) -> list[str]:
    """Return about `count` texts of the live index, evenly spaced: complete passages, then pairs of sentences."""
    passages = list(live.open_index(settings().indexes, settings().corpus).store.passages())
    texts = [under_heading(passage) for passage in passages] + [
        text for passage in passages for text in parts_to_embed(passage)
    ]
    return texts[:: max(1, len(texts) // count)]


def faster_of_two(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Run `work` twice; return the processor seconds (all threads) of the faster run, and its vectors."""
    taken = []
    for _ in range(2):
        start = time.process_time()
        vectors = work()
        taken.append(time.process_time() - start)
    return min(taken), vectors


def main() -> None:
    """Print the times of both ways and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--model", default="all-MiniLM-L6-v2")
    chosen = parser.parse_args()
    spec, texts = load_models(settings().corpus).get(chosen.model), embedded_texts(chosen.texts)
    distinct = list(dict.fromkeys(texts))
    encoder = SentenceEncoder(spec, torch=True)
    model, lead = load_torch(encoder.checkpoint()), PROMPTS["passage"] if spec.packed else ""
    encoder.passages(distinct[:2])  # both have their weights in memory before the clock starts
    computed = []

    def ours() -> np.ndarray:
        """Return the vectors made through an empty cache."""
        with tempfile.TemporaryDirectory() as folder:
            cache = VectorCache(Path(folder) / "vectors.sqlite")
            vectors = cache.encode(encoder, texts)
            computed.append(cache.computed)
            cache.encode(encoder, texts)
            computed.append(cache.computed)
            cache.close()
        return vectors

    def bare() -> np.ndarray:
        """Return the vectors made by one call of the library."""
        led = [lead + text for text in distinct]
        made = model.encode(led, batch_size=BATCH, show_progress_bar=False, convert_to_tensor=True)
        return normalise(made.float().cpu().numpy())

    (slow, through), (fast, direct) = faster_of_two(ours), faster_of_two(bare)
    place = {text: i for i, text in enumerate(distinct)}
    same = int(((through * direct[[place[text] for text in texts]]).sum(1) > 0.999).sum())
    print(f"{len(texts)} texts, {len(distinct)} distinct, embedded {computed[0]}, again {computed[1]}")
    print(
        f"through the build's way {len(distinct) / slow:.1f} texts/s, bare {len(distinct) / fast:.1f} texts/s, ", end=""
    )
    print(f"time {slow / fast:.2f} of the bare way, cosine over .999 for {same} of {len(texts)} texts")


if __name__ == "__main__":
    main()
