"""Measure what one more document costs in an index of N passages, beside building the index at once.

    python benchmarks/grow.py [--passages 10000] [--times 3] [--at-once]
    python benchmarks/grow.py --like DIR [--times 3]

Passages are those of benchmarks/scale.py, a hundred make a document; the vectors are random, in two spaces of 384, so
that reading, tagging and embedding are in no figure. Whole builds, in one run: proofs, the cache of vectors and waiting
for the disk are in them. With --like, the index there at the beginning is the one that benchmarks/scale.py made in the
folder DIR, whose files are linked (a million passages: half an hour and a hundred gigabytes less to write); its vectors
are those of scale.py, and it has been proved once, as an index is when it is made.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scale import passages_of

from kb.build import growing, merging
from kb.build.growing import Unread
from kb.build.job import BuildJob, build
from kb.config import settings
from kb.engine.filters import EVERYTHING
from kb.engine.local.grow import KINDS
from kb.engine.local.joined import open_space
from kb.engine.local.segments import open_store
from kb.engine.query import Words
from kb.files import linked
from kb.index import live, manifest, proofs
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


def named_anew(documents: list[Document]) -> list[Document]:
    """Return documents and passages with identifiers that no index of benchmarks/scale.py has."""
    return [
        document.model_copy(
            update={
                "id": f"more-{document.id}",
                "passages": tuple(
                    each.model_copy(update={"id": f"more-{each.id}", "document": f"more-{document.id}"})
                    for each in document.passages
                ),
            }
        )
        for document in documents
    ]


@dataclass
class Cost:
    """What a build costs: seconds of processor time and by the clock; megabytes written, and megabytes hashed for the
    index."""

    processor: float
    clock: float
    written: float
    hashed: float

    def __str__(self) -> str:
        return (
            f"processor {self.processor:.2f} s  clock {self.clock:.1f} s  "
            f"written {self.written:.1f} MB  hashed {self.hashed:.1f} MB"
        )


def written() -> int:
    """Return the number of bytes that this process has written so far; 0 when the system does not report it."""
    path = Path("/proc/self/io")
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("wchar")), 0)


def cost(indexes: Path, documents: list[Document], code: str, has: int) -> Cost:
    """What a build of those documents takes, of which an index there has the first `has`."""
    sizes: list[int] = []
    sha256_of = manifest.sha256_of

    def counted(path: Path) -> str:
        """Hash a file, and add its size to the count."""
        sizes.append(path.stat().st_size)
        return sha256_of(path)

    origins = {document.id: document.id for document in documents}
    kept = [Unread.named(document.id) for document in documents[:has]]
    job = BuildJob(
        indexes=indexes,
        documents=lambda: documents,
        lean=lambda _: [*kept, *documents[has:]],
        origins=origins,
        tag=lambda document: document,
        encoders={"english": Random("a@1"), "multilingual": Random("b@1")},
        inputs={"documents": str(len(documents))},
        code=code,
        is_addition=True,
    )
    manifest.sha256_of = proofs.sha256_of = counted
    try:
        start, clock, before = time.process_time(), time.perf_counter(), written()
        build(job)
        took = time.process_time() - start, time.perf_counter() - clock
    finally:
        manifest.sha256_of = proofs.sha256_of = sha256_of
    return Cost(*took, (written() - before) / 1e6, sum(sizes) / 1e6)


def linked_from(made: Path, indexes: Path, code: str) -> list[Document]:
    """Make the index in the folder `made` of benchmarks/scale.py live in `indexes` under this `code`; return its
    documents, of which only the identifiers are known."""
    folder = indexes / "made"
    (folder / "terms").mkdir(parents=True)
    kept = [path for path in made.rglob("*") if path.is_file() and path.suffix not in (".lock", ".made")]
    for path in kept:
        if "-true" not in path.name:
            linked(path, folder / path.relative_to(made))
    store = open_store(folder)
    counts = {head["id"]: head["passages"] for head in store.documents()}
    size = store.size
    store.close()
    encoders = {"english": "a@1", "multilingual": "b@1"}
    spaces = {
        name: manifest.SpaceInfo(
            encoder=encoder,
            dim=Random.dim,
            vectors=sum(open_space(folder, f"{name}-{kind}").size for kind in KINDS),
            recall=1.0,
        )
        for name, encoder in encoders.items()
    }
    files = manifest.files_of(folder)
    manifest.write(
        manifest.IndexManifest(
            format=manifest.FORMAT,
            fingerprint="made",
            built=datetime.now(UTC),
            inputs={},
            packages=manifest.packages(),
            documents=counts,
            passages=size,
            spaces=spaces,
            query_encoder="",
            seconds={},
            embedded=0,
            files=files,
            stamps={name: manifest.stamp(folder / name) for name in files},
            texts=dict.fromkeys(counts, "as it is"),
            code=code,
            at_once=size,
            sealed=True,
        ),
        folder,
    )
    live.switch(indexes, folder.name)
    manifest.prove(folder, manifest.read(folder))
    return [Unread.named(id) for id in counts]


def merging_cost(indexes: Path) -> Cost:
    """What a merge takes that is due after any addition."""
    growing._GROWN, growing._BESIDE_FROM = 1.0, 1
    start, clock, before = time.process_time(), time.perf_counter(), written()
    assert merging.merge(indexes), "nothing was merged"
    return Cost(time.process_time() - start, time.perf_counter() - clock, (written() - before) / 1e6, 0.0)


def first_answer(indexes: Path) -> tuple[float, float]:
    """Return the seconds of processor time and by the clock until the live index has answered a word query and a vector
    query."""
    start, clock = time.process_time(), time.perf_counter()
    engine = open_index(indexes, indexes).engine
    engine.words(Words("women"), EVERYTHING, 10)
    engine.nearest("english", Random("a@1").query("women"), EVERYTHING, 10)
    return time.process_time() - start, time.perf_counter() - clock


def new_process(indexes: Path) -> float:
    """Seconds by the clock from the start of a process to its first answer by words and by nearness."""
    clock = time.perf_counter()
    program = "import sys, pathlib, grow; grow.first_answer(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", program, str(indexes)], check=True, cwd=Path(__file__).parent)
    return time.perf_counter() - clock


def main() -> None:
    """Print a line for each build, and one for the first answer after it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3, help="how often a document is added")
    parser.add_argument("--at-once", action="store_true", help="make the index of all documents at once, to compare")
    parser.add_argument("--like", type=Path, help="folder with an index that benchmarks/scale.py made, to begin with")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.like and asked.like.parent) as folder:  # links need the same disk
        indexes = Path(folder)
        if asked.like:
            documents = [*linked_from(asked.like, indexes, "same"), *named_anew(documents_of(100 * asked.times))]
            first = len(documents) - asked.times
            print(f"{first} documents there, proved", flush=True)
        else:
            documents = documents_of(asked.passages + 100 * asked.times)
            first = len(documents) - asked.times
            print(f"{first} documents at once: {cost(indexes, documents[:first], 'same', 0)}", flush=True)
        for has in range(first, len(documents)):
            print(f"document {has + 1} more:   {cost(indexes, documents[: has + 1], 'same', has)}", flush=True)
            processor, clock = first_answer(indexes)
            print(f"  first answer:   processor {processor:.2f} s  clock {clock:.1f} s", flush=True)
            print(f"  first answer of a new process: clock {new_process(indexes):.1f} s", flush=True)
        if not asked.like:
            print(f"merged: {merging_cost(indexes)}", flush=True)
        if asked.at_once:
            print(f"{len(documents)} documents at once: {cost(indexes, documents, 'other', 0)}", flush=True)


if __name__ == "__main__":
    main()
