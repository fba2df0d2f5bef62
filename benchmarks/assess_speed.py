"""Measure the time from a file to proposals, as a ratio to embedding the policy's text alone with the same encoder, in
one run.

    python benchmarks/assess_speed.py [FILE] [--words 40000] [--language en]

Without FILE an invented policy is written to a temporary folder: the model sentences of the corpus in a fixed random
order, under numbered headings. Both measurements start with the model loaded and without any vector of the policy; the
text is embedded in the same units. They alternate, and the medians are compared in seconds of processor time, which
other programs on the machine do not change.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kb.assess import propose
from kb.assess.cues import load_cues
from kb.assess.encoding import CachedVectors, encoder_for
from kb.assess.probes import load_probes
from kb.assess.units import cut
from kb.config import settings
from kb.framework import load
from kb.index.cache import VectorCache
from kb.index.encoders import Encoder
from kb.models import Document
from kb.read import read
from kb.structure import parse


def main() -> None:
    """Print the number of words and units, the seconds of both measurements, and their ratio."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        file = options.file or _made_up(Path(folder), options.words, options.language)
        encoder = encoder_for(options.language)
        encoder.passages(["warm up"])
        units = [unit.text for unit in cut(_policy(file, options.language), _abbreviations(options.language))]
        whole, alone = [], []
        for _ in range(options.runs):
            alone.append(_seconds(lambda: VectorCache(":memory:").encode(encoder, units)))
            cache = _with_probes(encoder, options.language)
            whole.append(_seconds(lambda known=cache: _assess(file, options.language, encoder, known)))
    words = sum(len(unit.split()) for unit in units)
    ratio = statistics.median(whole) / statistics.median(alone)
    print("words\tunits\tfile to proposals s\tembedding alone s\tratio")
    print(f"{words}\t{len(units)}\t{statistics.median(whole):.1f}\t{statistics.median(alone):.1f}\t{ratio:.2f}")


def _with_probes(encoder: Encoder, language: str) -> VectorCache:
    """Return a cache that holds the vectors of the probes, as in every installation after its first policy, and none of
    the policy."""
    probes, cache = load_probes(settings().corpus / "probes"), VectorCache(":memory:")
    CachedVectors(encoder, cache).of_probes(probes, list(probes.by_criterion), language)
    return cache


def _assess(file: Path, language: str, encoder: Encoder, cache: VectorCache) -> None:
    propose(_policy(file, language), load(settings().corpus / "framework"), encoder=encoder, cache=cache)


def _policy(file: Path, language: str) -> Document:
    return parse(read(file), "generic", document="speed", title="speed", language=language)


def _abbreviations(language: str) -> tuple[str, ...]:
    return load_cues(settings().corpus / "cues", language).abbreviations


def _seconds(act: Callable[[], object]) -> float:
    """Return the processor seconds, of all threads together, that a call of `act` takes."""
    start = time.process_time()
    act()
    return time.process_time() - start


def _made_up(folder: Path, words: int, language: str) -> Path:
    """Write a text file of about `words` words and return its path. No sentence occurs twice, since each names its own
    article."""
    probes = load_probes(settings().corpus / "probes")
    stock = [s for criterion in probes.by_criterion for s in probes.phrases(criterion, language)]
    dice, lines, count, number = random.Random(7), [], 0, 0
    while count < words:
        number += 1
        pair = dice.sample(stock, 2)
        text = f"{pair[0].rstrip('.')}, as article {number} provides. {pair[1]}"
        lines += [f"Article {number}", "", text, ""]
        count += len(text.split())
    path = folder / "policy.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--words", type=int, default=40_000)
    parser.add_argument("--language", default="en", choices=("en", "es", "fr"))
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
