"""Measure what a search costs beside the engines that it uses, at any size: one run, ratios within it.

    python benchmarks/scale.py --passages 10000 [--facet] [--queries 100] [--folder DIR]

Passages are those of the live index, drawn with replacement (seed 0); three words in ten of each are replaced by words
drawn from the complete index by their frequency; a hundred make a document. Vectors are the live index's own, of the
passages drawn and of their parts, with noise of 0.6 standard deviations in each dimension and their length restored.
Queries are those of tests/relevance; the vector of a query is that of a passage with the same noise: **no figure
includes encoding a query**.

Bare: tantivy's best 100 of one field of stemmed words by BM25, and for each encoder one flat FAISS search for 100 in
float32 over complete passages. Our search compares parts, three times as many vectors: a second ratio is to a flat
FAISS search over the same vectors (up to 100,000 passages: more would fill the memory). SQLite FTS5: its best 100 for
any of the words, Porter stems. Ours: `Searcher.search(limit=10)` with citations, reasons and everything else in a hit,
without counting facets of all matches unless the line says so. With --facet each searches within one force. Bare
engines and ours take turns, query by query, on one thread; times are processor times, and garbage is collected as
seldom as in `kb serve` (`kb.memory.settle`); what a program that stays reads in threads beside is read before. Recall
compares with brute force in float32. Memory is the growth of a separate process from before the index was opened until
after the queries. There the queries are then repeated without a bare engine in between, whose scans push gigabytes
through the processor's caches.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from multiprocessing import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import faiss
import numpy as np
import tantivy

from kb import memory
from kb.config import settings
from kb.engine.filters import EVERYTHING
from kb.engine.local import LocalEngine
from kb.engine.local.passage_store import Store
from kb.engine.local.terms import Terms
from kb.engine.local.vectors import Space
from kb.index.embedded_texts import parts_to_embed
from kb.index.live import Index, current, open_index
from kb.models import Document, Passage
from kb.search import MODES, Searcher

FORCE = "legal-obligation"
CHANGED, NOISE, BEST = 0.3, 0.6, 10
PART = 50_000  # vectors that are made at once: some hundred megabytes
SAME_UP_TO = 100_000  # passages of which the parts are held in float32 for the bare search: a gigabyte


class Fixed:
    """An encoder that looks up the vectors of queries instead of computing them. It has the identity of the encoder
    that made the space, so that a query's vector is transformed (`kb.search.turn`) as usual."""

    def __init__(self, vectors: dict[str, np.ndarray], identity: str) -> None:
        self.vectors, self.identity = vectors, identity

    def query(self, text: str) -> np.ndarray:
        """Return the vector stored for a text; for any other text the first vector."""
        return self.vectors.get(text, next(iter(self.vectors.values())))


def moved(vectors: np.ndarray, at: np.ndarray, rng: np.random.Generator, into: np.ndarray | None = None) -> np.ndarray:
    """Return the vectors at the positions `at` with noise added and their length restored: float32 [len(at), dim]. They
    are written part by part `into` an array, which may be on disk, if one is given."""
    spread = NOISE * vectors.std(axis=0)
    lengths = np.linalg.norm(vectors, axis=1)
    found = np.empty((len(at), vectors.shape[1]), dtype=np.float32) if into is None else into
    for start in range(0, len(at), PART):
        some = at[start : start + PART]
        part = vectors[some] + rng.standard_normal((len(some), vectors.shape[1]), dtype=np.float32) * spread
        found[start : start + PART] = part * (lengths[some] / np.linalg.norm(part, axis=1))[:, None]
    return found


def passages_of(real: Sequence[Passage], drawn: np.ndarray, rng: np.random.Generator) -> Iterator[Passage]:
    """Yield the passages at the positions `drawn`, with some words replaced."""
    words = [passage.text.split() for passage in real]
    counts = Counter(word for each in words for word in each)
    vocabulary, shares = list(counts), np.cumsum(np.array(list(counts.values()), dtype=float))
    for i, at in enumerate(drawn.tolist()):
        text = list(words[at])
        places = np.flatnonzero(rng.random(len(text)) < CHANGED)
        others = np.searchsorted(shares, rng.random(len(places)) * shares[-1], "right")
        for place, other in zip(places.tolist(), others.tolist(), strict=True):
            text[place] = vocabulary[other]
        fields = {"id": f"scale-{i // 100}/p{i}", "document": f"scale-{i // 100}", "text": " ".join(text)}
        yield real[at].model_copy(update={**fields, "normalised": None, "parent": None})


def make_words(live: Index, folder: Path, drawn: np.ndarray) -> None:
    """Write the passages at the positions `drawn`, and the index of their words."""
    (folder / "part.sqlite").unlink(missing_ok=True)
    shutil.rmtree(folder / "terms", ignore_errors=True)
    store = Store(folder / "part.sqlite", create=True)
    made = passages_of(list(live.store.passages()), drawn, np.random.default_rng([0, 1]))

    def kept() -> Iterator[tuple[int, Passage]]:
        row = 0
        while part := tuple(islice(made, 100)):
            store.add(Document(id=part[0].document, title="", force=part[0].force, place=part[0].place, passages=part))
            yield from enumerate(part, row + 1)
            row += len(part)

    Terms(folder / "terms", create=True).add(kept())
    store.close()
    (folder / "part.sqlite").rename(folder / "passages.sqlite")


def make_vectors(live: Index, folder: Path, drawn: np.ndarray) -> None:
    """Write the vector spaces, and beside each the float32 vectors with which recall is measured; existing files are
    kept."""
    pairs = [len(parts_to_embed(passage)) or 1 for passage in live.store.passages()]
    first = np.cumsum(pairs) - pairs
    owners = np.repeat(np.arange(1, len(drawn) + 1), np.asarray(pairs)[drawn])
    begun = np.repeat(first[drawn] - np.r_[0, np.cumsum(np.asarray(pairs)[drawn])[:-1]], np.asarray(pairs)[drawn])
    at = begun + np.arange(len(owners))
    for seed, (name, (whole, beside)) in enumerate(live.spaces.items()):
        for kind, space, chosen, rows in (
            ("whole", whole, drawn, np.arange(1, len(drawn) + 1)),
            ("parts", beside, at, owners),
        ):
            if (folder / f"{name}-{kind}.made").exists():
                continue
            start, true = time.process_time(), folder / f"{name}-{kind}-true.npy"
            shape = (len(chosen), space.dim)
            vectors = np.lib.format.open_memmap(true, mode="w+", dtype=np.float32, shape=shape)
            rng = np.random.default_rng([seed, 2, kind == "parts"])
            moved(np.asarray(space.matrix, dtype=np.float32), chosen, rng, vectors)
            Space.build(vectors, rows).save(folder, f"{name}-{kind}")
            (folder / f"{name}-{kind}.made").touch()
            print(f"{name} {kind}: {len(rows)} vectors in {time.process_time() - start:.0f} s", flush=True)


def make(live: Index, folder: Path, count: int) -> None:
    """Write an index of `count` passages; an interrupted run is continued."""
    drawn = np.random.default_rng(0).integers(0, live.store.size, count)
    if not (folder / "passages.sqlite").exists():
        start = time.process_time()
        make_words(live, folder, drawn)
        print(f"passages and words in {time.process_time() - start:.0f} s", flush=True)
    make_vectors(live, folder, drawn)


def questions(live: Index, most: int) -> dict[str, dict[str, np.ndarray]]:
    """Return at most `most` English questions, each with a vector for each space."""
    rng = np.random.default_rng(1)
    folder = settings().home / "tests" / "relevance"
    rows = [
        json.loads(line) for file in sorted(folder.glob("commitments*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    texts = list(
        dict.fromkeys(" ".join(re.findall(r"\w+", r["query"])) for r in rows if r.get("language", "en") == "en")
    )[:most]
    at = rng.integers(0, live.store.size, len(texts))
    vectors = {
        name: moved(np.asarray(spaces[0].matrix, dtype=np.float32), at, rng) for name, spaces in live.spaces.items()
    }
    return {text: {name: vectors[name][i] for name in vectors} for i, text in enumerate(texts)}


def opened(live: Index, folder: Path, asked: dict[str, dict[str, np.ndarray]]) -> Searcher:
    """Return a searcher over the index in `folder`, with the encoders of `live` replaced by the vectors in `asked`."""
    names = list(live.spaces)
    index = Index(folder, live.corpus, live.models)

    def spaces() -> dict[str, tuple[Space, Space]]:
        return {name: (Space.load(folder, f"{name}-whole"), Space.load(folder, f"{name}-parts")) for name in names}

    store = Store(folder / "passages.sqlite")
    made_by = {name: live.manifest.spaces[name].encoder for name in names}
    encoders = {name: Fixed({text: vectors[name] for text, vectors in asked.items()}, made_by[name]) for name in names}
    index.__dict__.update(
        store=store, engine=LocalEngine(store, lambda: Terms(folder / "terms"), spaces, names), encoders=encoders
    )
    index.__dict__.update(expansions=live.expansions, names=live.names, subjects=live.subjects, promises=live.promises)
    return Searcher(index)


def flat(path: Path) -> faiss.Index:
    """Return a flat FAISS index over the vectors in a file."""
    vectors = np.load(path, mmap_mode="r")
    index = faiss.IndexFlatIP(vectors.shape[1])
    for start in range(0, len(vectors), PART):
        index.add(np.ascontiguousarray(vectors[start : start + PART]))
    return index


class Bare:
    """tantivy, FAISS and SQLite alone, without this project's search."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="en_stem")
        builder.add_text_field("force", tokenizer_name="raw", index_option="basic")
        self.index = tantivy.Index(builder.build())
        writer = self.index.writer(heap_size=500_000_000, num_threads=1)
        self.lite = sqlite3.connect(":memory:", check_same_thread=False)
        self.lite.execute("CREATE VIRTUAL TABLE f USING fts5(text, force UNINDEXED, tokenize='porter unicode61')")
        store, forces = Store(folder / "passages.sqlite"), []
        for passage in store.passages():
            writer.add_document(tantivy.Document(text=passage.text, force=passage.force))
            self.lite.execute("INSERT INTO f VALUES (?, ?)", (passage.text, passage.force))
            forces.append(passage.force == FORCE)
        store.close()
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()
        self.bits = np.packbits(np.asarray(forces), bitorder="little")
        self.flat = {name: flat(folder / f"{name}-whole-true.npy") for name in names}
        few = len(forces) <= SAME_UP_TO
        self.parts = {name: flat(folder / f"{name}-parts-true.npy") for name in names} if few else {}

    def words(self, text: str, facet: bool) -> None:
        """Retrieve tantivy's hundred best; with `facet`, within one force."""
        query = self.index.parse_query(text, ["text"])
        if facet:
            only = tantivy.Query.term_query(self.index.schema, "force", FORCE, "basic")
            must = tantivy.Occur.Must
            query = tantivy.Query.boolean_query([(must, query), (must, tantivy.Query.const_score_query(only, 0.0))])
        _ = self.searcher.search(query, 100).hits

    def vectors(self, vectors: dict[str, np.ndarray], facet: bool) -> None:
        """Retrieve FAISS's hundred nearest in each space; with `facet`, within one force."""
        for name, vector in vectors.items():
            flat, options = self.flat[name], {}
            if facet:
                chosen = faiss.IDSelectorBitmap(flat.ntotal, faiss.swig_ptr(self.bits))
                options["params"] = faiss.SearchParameters(sel=chosen)
            flat.search(vector[None], 100, **options)

    def same_vectors(self, vectors: dict[str, np.ndarray]) -> None:
        """Retrieve FAISS's hundred nearest among the vectors that this project's search compares, in each space."""
        for name, index in self.parts.items():
            index.search(vectors[name][None], 100)

    def fts5(self, text: str, facet: bool) -> None:
        """Retrieve SQLite's hundred best that have any of the words; with `facet`, within one force."""
        words = " OR ".join(f'"{word}"' for word in text.split())
        only = " AND force = ?" if facet else ""
        values = (words, FORCE) if facet else (words,)
        self.lite.execute(f"SELECT rowid FROM f WHERE f MATCH ?{only} ORDER BY bm25(f) LIMIT 100", values).fetchall()


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that a call of `act` takes in this thread: on a busy machine the clock
    would also count other programs, and would count more of them in a longer call."""
    start = time.thread_time()
    act()
    return (time.thread_time() - start) * 1000


def speed(ours: Searcher, bare: Bare, asked: dict[str, dict[str, np.ndarray]], facet: bool) -> None:
    """Print one line of times for each search mode."""
    facets = [("force", FORCE)] if facet else []
    took: dict[str, list[float]] = {name: [] for name in ("words", "vectors", "fts5", "counted", *MODES)}
    warm = list(asked.items())[:10]
    for turn, (text, vectors) in enumerate([*warm, *asked.items()]):
        one = {
            "words": timed(lambda t=text: bare.words(t, facet)),
            "vectors": timed(lambda v=vectors: bare.vectors(v, facet)),
        }
        for mode in MODES:
            one[mode] = timed(lambda t=text, m=mode: ours.search(t, mode=m, limit=BEST, facets=facets, counts=False))
        one["counted"] = timed(lambda t=text: ours.search(t, limit=BEST, facets=facets))
        one["fts5"] = timed(lambda t=text: bare.fts5(t, facet))
        for name, value in one.items():
            if turn >= len(warm):  # the first ones are asked twice: once to warm up
                took[name].append(value)
    p50 = {name: float(np.median(values)) for name, values in took.items()}
    p95 = {name: float(np.percentile(values, 95)) for name, values in took.items()}
    base = {"lexical": p50["words"], "semantic": p50["vectors"], "hybrid": p50["words"] + p50["vectors"]}
    within = f"  within force:{FORCE}" if facet else ""
    for mode in ("lexical", "semantic", "hybrid"):
        print(
            f"{mode} p50 {p50[mode]:.2f} ms  bare p50 {base[mode]:.2f} ms  ratio {p50[mode] / base[mode]:.2f}  "
            f"p95 {p95[mode]:.2f} ms{within}"
        )
    if bare.parts and not facet:  # after the others: a hundred megabytes would push them out of the processor's caches
        same = p50["words"] + float(np.median([timed(lambda v=each: bare.same_vectors(v)) for each in asked.values()]))
        print(f"over the same vectors: bare p50 {same:.2f} ms  ratio {p50['hybrid'] / same:.2f}")
    print(f"hybrid with facets counted p50 {p50['counted']:.2f} ms  p95 {p95['counted']:.2f} ms{within}")
    print(
        f"SQLite FTS5 p50 {p50['fts5']:.2f} ms  lexical throughput over it "
        f"{sum(took['fts5']) / sum(took['lexical']):.1f}×{within}"
    )


def ready(ours: Searcher, texts: Sequence[str]) -> None:
    """Ask some questions, and wait for what a program that stays then reads beside (`kb.engine.local`)."""
    for text in texts[:10]:
        ours.search(text, limit=BEST, counts=False)
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()


def streams(ours: Searcher, bare: Bare, texts: Sequence[str], facet: bool) -> None:
    """Print how many queries of words each engine answers per second of processor time, when it gets all of them one
    after the other."""
    facets = [("force", FORCE)] if facet else []
    acts: dict[str, Callable[[str], object]] = {
        "ours": lambda text: ours.search(text, mode="lexical", limit=BEST, facets=facets, counts=False),
        "tantivy": lambda text: bare.words(text, facet),
        "FTS5": lambda text: bare.fts5(text, facet),
    }
    rate = {}
    for name, act in acts.items():
        took = sum(timed(lambda a=act, t=text: a(t)) for text in texts)
        rate[name] = len(texts) / took * 1000  # milliseconds
    line = "  ".join(f"{name} {value:.0f}" for name, value in rate.items())
    over = rate["FTS5"]
    print(
        f"words in a row, questions a second: {line}  over FTS5 {rate['ours'] / over:.1f}×, "
        f"bare tantivy {rate['tantivy'] / over:.1f}×"
    )


def recall(ours: Searcher, folder: Path, asked: dict[str, dict[str, np.ndarray]]) -> None:
    """Print, for each space, the share of the exact ten nearest passages that are among the ten nearest of the
    search."""
    for name in ours.engine.spaces:
        parts = np.load(folder / f"{name}-parts-true.npy", mmap_mode="r")
        rows = np.load(folder / f"{name}-parts.npy")
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        probes = [vectors[name] for vectors in list(asked.values())[:50]]
        scores = np.concatenate(  # all probes at once: a large space is read from the disk but once
            [parts[start : start + PART] @ np.array(probes).T for start in range(0, len(parts), PART)]
        )
        shares = []
        for vector, mine in zip(probes, scores.T, strict=True):
            best = np.maximum.reduceat(mine, starts)
            truth = rows[starts][np.argsort(-best, kind="stable")[:BEST]]
            leg = ours.engine.nearest(name, vector, EVERYTHING, ours.ranking.pool)
            shares.append(len(set(truth.tolist()) & set(ours.engine.columns(leg.ids[:BEST]).order.tolist())) / BEST)
        print(f"recall@{BEST} {name} {np.mean(shares):.4f}")


def clients(ours: Searcher, asked: dict[str, dict[str, np.ndarray]]) -> None:
    """Print queries per second with one client, with eight in threads of one process, and with eight in two processes
    as in `kb serve --processes 2`; by the clock."""
    texts = list(asked) * 3

    def ask(text: str) -> object:
        return ours.search(text, limit=BEST, counts=False)

    def rate(many: int) -> float:
        with ThreadPoolExecutor(many) as pool:
            start = time.perf_counter()
            list(pool.map(ask, texts))
            return len(texts) / (time.perf_counter() - start)

    def side(begin: Barrier, ended: Queue[float]) -> None:
        rate(4)  # warm
        begin.wait()
        ended.put(rate(4))

    one, threads = rate(1), rate(8)
    context = multiprocessing.get_context("fork")
    begin, ended = context.Barrier(2), context.Queue()
    sides = [context.Process(target=side, args=(begin, ended)) for _ in range(2)]
    for each in sides:
        each.start()
    both = sum(ended.get() for _ in sides)
    for each in sides:
        each.join()
    print(
        f"hybrid queries/s 1 client {one:.0f}  8 clients in threads {threads:.0f}  ratio {threads / one:.2f}  "
        f"8 clients in two processes {both:.0f}  ratio {both / one:.2f}"
    )


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def grown(folder: Path, most: int) -> None:
    """Measure in a new process by how many bytes opening the index and searching exceed the stored vectors, and how
    long the same queries take when they are repeated three times without another engine between them; print both."""
    live = open_index(settings().indexes, settings().corpus)
    asked = questions(live, most)
    before = resident()
    ours = opened(live, folder, asked)
    for text in asked:
        ours.search(text, limit=BEST, counts=False)
    stored = sum(f.stat().st_size for n in live.spaces for f in folder.glob(f"{n}-*") if "-true" not in f.name)
    ready(ours, list(asked))
    more = resident() - before
    print(f"memory grown {more / 1e6:.0f} MB  vectors as stored {stored / 1e6:.0f} MB  ratio {more / stored:.2f}")
    memory.settle()
    took = [timed(lambda t=text: ours.search(t, limit=BEST, counts=False)) for _ in range(3) for text in asked]
    print(f"hybrid in a process alone p50 {np.median(took):.2f} ms  p95 {np.percentile(took, 95):.2f} ms")


def main() -> None:
    """Make the index, measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--facet", action="store_true", help=f"within force:{FORCE} only")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="keep the index there, and use it when it is there already")
    parser.add_argument("--make", action="store_true", help="only make the index, and go on with one that was begun")
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        grown(options.folder, options.queries)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        live = open_index(settings().indexes, settings().corpus)
        make(live, folder, options.passages)
        if options.make:
            return
        asked = questions(live, options.queries)
        ours = opened(live, folder, asked)
        print(f"{ours.engine.size} passages of {current(settings().indexes).name}, {len(asked)} questions")
        bare = Bare(folder, ours.engine.spaces)
        ready(ours, list(asked))
        memory.settle()
        speed(ours, bare, asked, options.facet)
        streams(ours, bare, list(asked), options.facet)
        recall(ours, folder, asked)
        clients(ours, asked)
        sys.stdout.flush()
        subprocess.run(
            [sys.executable, __file__, "--memory", "--folder", str(folder), "--queries", str(options.queries)],
            check=True,
        )


if __name__ == "__main__":
    main()
