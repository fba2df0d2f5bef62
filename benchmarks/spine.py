"""Measure the basic operations: a cold search beside an empty Python, warm searches, and a build step by step.

    python benchmarks/spine.py [--runs 5] [--queries FILE.jsonl] [--most 200] [--no-build]

Cold figures are of complete processes, and so are given as a ratio to `python -c pass` on the same machine at the same
time; "helped" are the same processes while the helper of `kb warm` runs (its own processor time is not included). The
build is made twice in a temporary folder: with no vectors known, and again with all of them known.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.config import Settings, settings
from kb.search import MODES, live_searcher

QUERY = "older women and pensions"
Rows = list[tuple[str, str]]


def median_seconds(command: list[str], runs: int) -> tuple[float, float]:
    """Return the median seconds of a complete process, by the clock and of the processor, after one run that fills the
    file cache."""

    def once() -> tuple[float, float]:
        start, before = time.perf_counter(), _children()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start, _children() - before

    once()
    clock, processor = zip(*(once() for _ in range(runs)), strict=True)
    return statistics.median(clock), statistics.median(processor)


def _children() -> float:
    """Return the processor seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cold(runs: int) -> Iterator[tuple[str, str]]:
    """Yield (name, figures) for each search mode in a process of its own, beside an empty Python; on a busy machine the
    processor time is more reliable."""
    empty, used = median_seconds([sys.executable, "-c", "pass"], runs)
    program = str(Path(sys.executable).with_name("kb"))
    yield "python -c pass", f"{empty * 1000:.0f} ms, processor {used * 1000:.0f} ms"
    for what, switch in (("cold", "off"), ("helped", "on")):
        with environment(KB_WARM=switch):
            if switch == "on":
                subprocess.run([program, "warm"], check=True, stdout=subprocess.DEVNULL)
            for mode in MODES:
                clock, processor = median_seconds([program, "search", QUERY, "--mode", mode], runs)
                wall = f"{clock * 1000:.0f} ms, {clock / empty:.1f} times"
                own = f"processor {processor * 1000:.0f} ms, {processor / used:.1f} times"
                yield f"{what} kb search --mode {mode}", f"{wall}; {own}"
    subprocess.run([program, "warm", "--stop"], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set these environment variables inside the block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def questions(file: Path | None) -> list[str]:
    """Return the queries of a JSON-lines file; without one, those of the judged sets that are available."""
    home = settings().home
    files = (
        [file]
        if file
        else [home / "tests/relevance/commitments.jsonl", home.parent / "shared/data/judged/queries_dev.jsonl"]
    )
    lines = [line for path in files if path.exists() for line in path.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line)["query"] for line in lines if line.strip()]


def warm(queries: list[str]) -> Rows:
    """Return the median and the 95th percentile of searches in one process, each query once, after a first one that
    opens everything."""
    ready = live_searcher()
    rows = []
    for mode in MODES:
        ready.search(QUERY, mode=mode)
        taken = sorted(ready.search(query, mode=mode).took_ms for query in queries)
        high = taken[int(0.95 * (len(taken) - 1))]
        rows.append((f"warm {mode}, {len(taken)} queries", f"p50 {statistics.median(taken):.0f} ms, p95 {high:.0f} ms"))
    return rows


@contextmanager
def model_clock() -> Iterator[Callable[[], float]]:
    """Yield a function that returns the seconds spent inside the encoders since the block began."""
    from kb.index.embed import SentenceEncoder

    spent = [0.0]
    kept = {name: getattr(SentenceEncoder, name) for name in ("passages", "bulk")}

    def timed(passages):
        def call(self, texts):
            start = time.perf_counter()
            try:
                return passages(self, texts)
            finally:
                spent[0] += time.perf_counter() - start

        return call

    for name, embed in kept.items():
        setattr(SentenceEncoder, name, timed(embed))
    try:
        yield lambda: spent[0]
    finally:
        for name, embed in kept.items():
            setattr(SentenceEncoder, name, embed)


def build(where: Settings, what: str) -> Rows:
    """Build once; return the times of its steps and of loading the models, and the share of the models' own work."""
    from kb.build import pipeline

    with model_clock() as in_model:
        start = time.perf_counter()
        made = pipeline.run(where)
        whole = time.perf_counter() - start
    steps = {**made.seconds, "load models and packages": whole - sum(made.seconds.values())}
    rows = [(f"{what}, {made.passages} passages", f"{whole:.1f} s, {made.embedded} texts embedded")]
    rows += [(f"  {step}", f"{seconds:.1f} s, {seconds / whole:.0%}") for step, seconds in steps.items()]
    return [*rows, ("  of it inside the models", f"{in_model():.1f} s, {in_model() / whole:.0%}")]


def builds() -> Rows:
    """Return the rows of a build that knows no vectors and of one that knows all, in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        where = dataclasses.replace(settings(), indexes=Path(folder))
        return build(where, "first build") + build(where, "build with nothing changed")


def main() -> None:
    """Print one table of all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each process; their median counts")
    parser.add_argument("--queries", type=Path, help="JSON lines with a query each")
    parser.add_argument("--most", type=int, default=200, help="queries asked in each mode")
    parser.add_argument("--no-build", action="store_true", help="leave the two builds out")
    chosen = parser.parse_args()
    parts = [lambda: cold(chosen.runs), lambda: warm(questions(chosen.queries)[: chosen.most])]
    for part in parts if chosen.no_build else [*parts, builds]:
        for what, figure in part():
            print(f"{what:34}  {figure}", flush=True)


if __name__ == "__main__":
    main()
