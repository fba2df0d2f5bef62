"""Measure what a search costs beside other engines, on the same passages, vectors and queries, in one run.

    python benchmarks/compare.py --folder DIR [--queries 60] [--only NAME ...]

DIR is a folder that `benchmarks/scale.py --passages N --folder DIR` made; scale.py describes its passages and vectors.
The other engines are never dependencies: `make bench` installs them in a separate environment (benchmarks/others.txt)
and runs both programs; a missing engine is named and left out. Each engine has the words of the passages and one space
of vectors (complete passages, English). Ours has two spaces, of complete passages and of their parts, and returns
citations, reasons and highlights with its ten hits; the others return a number and a score.

What ours reads in threads beside while it answers is read before. Vectors of queries are looked up: no figure includes
encoding a query. Milliseconds are of processor time, all threads of this process (`cpu`), and by the clock (`clock`),
which a busy machine makes longer. Queries per second, of one client and of eight in threads of one process, are by the
clock, for the last kind of query that an engine answers, during five seconds. Recall compares the ten nearest by
vectors alone with brute force over complete passages, for engines that can search so. Memory is the growth of this
process from before an engine's index was made, or opened, until after its queries.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scale

from kb import memory
from kb.config import settings
from kb.engine.local.passage_store import Store
from kb.index.live import open_index

SPACE, BEST, DEPTH = "english", 10, 100
CLIENTS, ASKED_FOR = 8, 5.0  # and seconds, so that the slowest engine answers some
Ask = Callable[[str, np.ndarray], object]


@dataclass
class Engine:
    """One engine over the passages, with the functions that search it by words, by vectors and by both; None for what
    it does not offer. `in_threads`: whether threads other than the one that opened it may search."""

    name: str
    asks: dict[str, Ask]
    nearest: Callable[[np.ndarray], list[int]] | None = None
    disk: Path | None = None
    in_threads: bool = True


def ours(folder: Path, asked: dict[str, dict[str, np.ndarray]]) -> Engine:
    """Return this project's search over the index in `folder` as an Engine; `asked` maps space to query to vector."""
    searcher = scale.opened(open_index(settings().indexes, settings().corpus), folder, asked)
    scale.ready(searcher, list(asked))
    modes = {"words": "lexical", "vectors": "semantic", "both": "hybrid"}
    asks = {
        kind: lambda text, vector, m=mode: searcher.search(text, mode=m, limit=BEST, counts=False)
        for kind, mode in modes.items()
    }
    return Engine("ours", asks)


def bm25s_(texts: list[str], vectors: np.ndarray, scratch: Path) -> Engine:
    """Return the engine bm25s: words only, stemmed by Snowball, index in memory."""
    import bm25s
    import snowballstemmer

    stem = snowballstemmer.stemmer("english").stemWords
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stemmer=stem, show_progress=False), show_progress=False)

    def words(text: str, vector: np.ndarray) -> object:
        """Return the ten best passages that have any of the words."""
        return index.retrieve(
            bm25s.tokenize([text], stemmer=stem, show_progress=False), k=BEST, show_progress=False, n_threads=1
        )

    return Engine("bm25s", {"words": words})


def lancedb_(texts: list[str], vectors: np.ndarray, scratch: Path) -> Engine:
    """Return the engine LanceDB: its own index of words, vectors compared one by one, both combined by reciprocal
    ranks."""
    import lancedb
    from lancedb.rerankers import RRFReranker

    rows = [{"row": i, "text": text, "vector": vectors[i]} for i, text in enumerate(texts)]
    table = lancedb.connect(scratch).create_table("passages", rows)
    table.create_fts_index("text", replace=True)
    rank = RRFReranker()

    def nearest(vector: np.ndarray) -> list[int]:
        """Return the ten passages nearest by inner product."""
        return [r["row"] for r in table.search(vector).distance_type("dot").limit(BEST).select(["row"]).to_list()]

    return Engine(
        "LanceDB",
        {
            "words": lambda text, vector: table.search(text, query_type="fts").limit(BEST).select(["row"]).to_list(),
            "vectors": lambda text, vector: nearest(vector),
            "both": lambda text, vector: (
                table.search(query_type="hybrid").vector(vector).text(text).rerank(rank).limit(BEST).to_list()
            ),
        },
        nearest,
        scratch,
    )


def chroma_(texts: list[str], vectors: np.ndarray, scratch: Path) -> Engine:
    """Return the engine Chroma: vectors only, by a graph (HNSW) with its default settings."""
    import chromadb

    client = chromadb.PersistentClient(str(scratch), chromadb.Settings(anonymized_telemetry=False))
    held = client.create_collection("passages", metadata={"hnsw:space": "ip"}, embedding_function=None)
    for start in range(0, len(texts), 1000):
        ids = [str(i) for i in range(start, min(start + 1000, len(texts)))]
        held.add(ids=ids, embeddings=vectors[start : start + 1000])

    def nearest(vector: np.ndarray) -> list[int]:
        """Return the ten nearest passages."""
        return [int(id) for id in held.query(query_embeddings=[vector], n_results=BEST, include=[])["ids"][0]]

    return Engine("Chroma", {"vectors": lambda text, vector: nearest(vector)}, nearest, scratch)


def txtai_(texts: list[str], vectors: np.ndarray, scratch: Path) -> Engine:
    """Return the engine txtai with its default settings: its BM25 and an inverted file of FAISS that searches one cell
    in sixteen, combined by its own hybrid search; it returns numbers and scores only."""
    return _txtai("txtai", texts, vectors, {})


def txtai_texts_(texts: list[str], vectors: np.ndarray, scratch: Path) -> Engine:
    """Return the engine txtai as in `txtai_`, but every vector is compared and the texts of the ten hits are
    returned."""
    return _txtai("txtai, all", texts, vectors, {"content": True, "faiss": {"components": "IDMap,Flat"}})


def _txtai(name: str, texts: list[str], vectors: np.ndarray, options: dict[str, object]) -> Engine:
    from txtai import Embeddings

    known: dict[str, np.ndarray] = {}

    def vector_of(given: list[str]) -> np.ndarray:
        """Return the vectors of these texts, looked up in `known`."""
        return np.asarray([known[text] for text in given], dtype=np.float32)

    settled = {"method": "external", "transform": vector_of, "hybrid": True, "content": False, "backend": "faiss"}
    both = Embeddings(**{**settled, **options})
    known.update((f"{i} {text}", vectors[i]) for i, text in enumerate(texts))
    both.index((i, f"{i} {text}", None) for i, text in enumerate(texts))

    def ask(text: str, vector: np.ndarray, weights: float) -> list[int]:
        """Return the ten best passages; `weights` is 1 for vectors only, 0 for words only."""
        known[text] = vector
        found = both.search(text, BEST, weights=weights)
        return [int(each["id"] if options else each[0]) for each in found]

    return Engine(
        name,
        {"both": lambda text, vector: ask(text, vector, 0.5)},
        lambda vector: ask("its vector", vector, 1.0),
        in_threads=False,  # with texts, eight threads end the program by a fault of memory
    )


def milvus_(texts: list[str], vectors: np.ndarray, scratch: Path) -> Engine:
    """Return the engine Milvus Lite: BM25, and vectors compared one by one, combined by reciprocal ranks."""
    from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker

    client = MilvusClient(str(scratch / "milvus.db"))
    form, index = client.create_schema(auto_id=False), client.prepare_index_params()
    form.add_field("row", DataType.INT64, is_primary=True)
    form.add_field("text", DataType.VARCHAR, max_length=65_535, enable_analyzer=True)
    form.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
    form.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
    form.add_function(
        Function(name="w", input_field_names=["text"], output_field_names=["words"], function_type=FunctionType.BM25)
    )
    index.add_index("vector", index_type="FLAT", metric_type="IP")
    index.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    client.create_collection("passages", schema=form, index_params=index)
    for start in range(0, len(texts), 500):
        rows = range(start, min(start + 500, len(texts)))
        client.insert("passages", [{"row": i, "text": texts[i], "vector": vectors[i].tolist()} for i in rows])

    def one(data: object, field: str) -> list[int]:
        """Return the ten best passages by one field."""
        return [hit["row"] for hit in client.search("passages", data=[data], anns_field=field, limit=BEST)[0]]

    def both(text: str, vector: np.ndarray) -> object:
        """Return the ten best passages, from the hundred best by words and the hundred best by vectors."""
        asks = [
            AnnSearchRequest([data], field, {"metric_type": kind}, limit=DEPTH)
            for data, field, kind in ((vector.tolist(), "vector", "IP"), (text, "words", "BM25"))
        ]
        return client.hybrid_search("passages", asks, RRFRanker(), limit=BEST)

    return Engine(
        "Milvus Lite",
        {
            "words": lambda text, vector: one(text, "words"),
            "vectors": lambda text, vector: one(vector.tolist(), "vector"),
            "both": both,
        },
        lambda vector: one(vector.tolist(), "vector"),
        scratch,
    )


OTHERS = {
    "bm25s": bm25s_,
    "lancedb": lancedb_,
    "chroma": chroma_,
    "txtai": txtai_,
    "txtai-texts": txtai_texts_,
    "milvus": milvus_,
}


def engines(folder: Path, asked: dict, only: list[str], scratch: Path) -> Iterator[tuple[Engine, float, int]]:
    """Yield (engine, processor seconds for making its index, bytes of memory that this process used before) for each
    installed engine."""
    before = scale.resident()
    yield ours(folder, asked), 0.0, before
    store = Store(folder / "passages.sqlite")
    texts = [passage.text for passage in store.passages()]
    vectors = np.load(folder / f"{SPACE}-whole-true.npy")
    for name in only or OTHERS:
        place = scratch / name
        place.mkdir()
        start, before = time.process_time(), scale.resident()
        try:
            made = OTHERS[name](texts, vectors, place)
        except ImportError as error:
            print(f"{name}: not installed ({error.name})")
            continue
        yield made, time.process_time() - start, before
        shutil.rmtree(place, ignore_errors=True)


def row(engine: Engine, kind: str, questions: list[tuple[str, np.ndarray]]) -> str:
    """Return a table row with the milliseconds of one kind of query (words, vectors or both). The first ten queries are
    run twice to warm up."""
    took: list[tuple[float, float]] = []
    for text, vector in [*questions[:10], *questions]:
        cpu, clock = time.process_time(), time.perf_counter()
        engine.asks[kind](text, vector)
        took.append(((time.process_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000))
    cpu, clock = np.asarray(took[-len(questions) :]).T
    return (
        f"cpu p50 {np.median(cpu):7.2f}  p95 {np.percentile(cpu, 95):7.2f}   "
        f"clock p50 {np.median(clock):7.2f}  p95 {np.percentile(clock, 95):7.2f}"
    )


def rate(ask: Ask, questions: list[tuple[str, np.ndarray]], clients: int) -> float:
    """Return how many queries per second `clients` clients get answered."""

    def client(first: int) -> int:
        """Run the queries one after the other, beginning with number `first`; return how many were answered."""
        done, end = 0, time.perf_counter() + ASKED_FOR
        while time.perf_counter() < end:
            ask(*questions[(first + done) % len(questions)])
            done += 1
        return done

    start = time.perf_counter()
    if clients == 1:
        done = client(0)
    else:
        with ThreadPoolExecutor(clients) as pool:
            done = sum(pool.map(client, range(0, clients * 7, 7)))
    return done / (time.perf_counter() - start)


def report_lines(engine: Engine, asked: dict[str, dict[str, np.ndarray]], true: np.ndarray) -> Iterator[str]:
    """Yield the lines of the table for one engine: times of each kind of query, queries per second, recall and disk
    space. `true` has the exact nearest passages of each query."""
    questions = [(text, vectors[SPACE]) for text, vectors in asked.items()]
    for kind in engine.asks:
        yield f"{kind:8} {row(engine, kind, questions)}"
    one = rate(engine.asks[kind], questions, 1)
    many = f"{rate(engine.asks[kind], questions, CLIENTS):.1f}" if engine.in_threads else "not in threads"
    yield f"{kind:8} a second: 1 client {one:.1f}  {CLIENTS} clients {many}"
    if engine.nearest:
        found = 0
        for _, vector in questions:
            truth = np.argsort(-(true @ vector), kind="stable")[:BEST]
            found += len(set(truth.tolist()) & set(engine.nearest(vector)))
        yield f"recall@{BEST} {found / (BEST * len(questions)):.4f}"
    if engine.disk:
        size = sum(file.stat().st_size for file in engine.disk.rglob("*") if file.is_file())
        yield f"disk {size / 1e6:.0f} MB"


def main() -> None:
    """Measure each engine in turn and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--only", nargs="*", default=[], choices=OTHERS)
    options = parser.parse_args()
    asked = scale.questions(open_index(settings().indexes, settings().corpus), options.queries)
    true = np.load(options.folder / f"{SPACE}-whole-true.npy")
    memory.settle()
    with tempfile.TemporaryDirectory() as scratch:
        for engine, built, before in engines(options.folder, asked, options.only, Path(scratch)):
            for line in report_lines(engine, asked, true):
                print(f"{engine.name:12} {line}", flush=True)
            made = f"built in {built:.1f} s of the processor  " if built else ""
            print(f"{engine.name:12} {made}memory {(scale.resident() - before) / 1e6:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
