"""Large builds: processes, or machines behind a Dask scheduler, that read files and embed texts give the same index as
this process, and what a worker cannot do is done here."""

from __future__ import annotations

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np
import pytest
from kb_toys import ToyEncoder

from kb.build import bulk, pipeline
from kb.build.bulk import Elsewhere, fill, read_and_tagged
from kb.build.document_cache import DocumentCache, Folder
from kb.build.workers import Cluster, Processes, facts, other_make
from kb.config import settings
from kb.errors import IndexError_
from kb.index.cache import VectorCache
from kb.index.encoders import load_models, locate
from kb.index.live import current, open_index
from kb.sources import library
from kb.sources.keep import add_policy

NOBODY = "tcp://127.0.0.1:9"
"""An address at which nothing answers."""


class Threads:
    """Workers that are threads, so that they see what the test has changed."""

    many = 2

    def __init__(self, fails=()):
        self.acts, self.fails = 0, set(fails)

    def made(self, act, parts):
        """Yield results as they are ready; some parts give errors."""

        def of(number, part):
            self.acts += 1
            return ValueError("this worker is ill") if number in self.fails else act(part)

        with ThreadPoolExecutor(self.many) as pool:
            waiting = {pool.submit(of, number, part): number for number, part in enumerate(parts)}
            for future in as_completed(waiting):
                yield waiting[future], future.result()


@pytest.fixture
def texts(tmp_path):
    """Return a library of three policies."""
    for name in ("Pensions Act", "Housing Act", "Schools Act"):
        file = tmp_path / f"{name}.txt"
        file.write_text(f"Section 1. The {name} holds for older persons.\n\nSection 2. It is in force.", "utf-8")
        add_policy(file, tmp_path / "library", country="KEN", title=name, date="2019", status="draft")
    return tmp_path / "library"


def kept_in(tmp_path):
    return DocumentCache(Folder(tmp_path / "kept"), {})


def test_files_are_read_and_tagged_by_workers_and_kept_as_if_read_here(texts, tmp_path):
    kept, said = kept_in(tmp_path), []
    fill(kept, texts, Threads(), said.append)
    assert said == ["reading and tagging 3 files, 2 at once"]
    for record in library.records(texts):
        document = kept.known_reading(library.facts_of(record))
        assert document == next(d for d in library.documents(texts) if d.id == record.id)
        assert kept.has_tagging(document)


def test_what_is_there_is_not_made_again_so_that_a_stopped_build_goes_on(texts, tmp_path):
    workers = Threads(fails={1})
    said = []
    fill(kept_in(tmp_path), texts, workers, said.append)
    assert said[1] == "1 of 3 files not read by a worker: read here"
    again = Threads()
    fill(kept_in(tmp_path), texts, again, said.append)
    assert again.acts == 1
    fill(kept_in(tmp_path), texts, again, said.append)
    assert again.acts == 1


def test_few_files_begin_no_processes_and_one_that_was_altered_is_left_to_the_build(texts, tmp_path):
    kept, workers, said = kept_in(tmp_path), Threads(), []
    fill(kept, texts, workers, said.append, at_least=4)
    assert not workers.acts and not said
    (texts / library.records(texts)[0].file).write_bytes(b"altered")
    fill(kept, texts, Processes(1), said.append)  # a real process: its error comes back and ends nothing
    assert said[-1] == "1 of 3 files not read by a worker: read here"


def test_vectors_come_in_any_order_each_to_its_text_and_are_saved_when_they_come(tmp_path):
    class Many(ToyEncoder):
        """An encoder that returns its parts from the last to the first, and stops at the first if so set."""

        stops = False

        def many(self, parts):
            for number in reversed(range(len(parts))):
                if self.stops and number == 0:
                    raise KeyboardInterrupt
                yield number, self.passages(parts[number])

    given = [f"text {n} of many" for n in range(150)]
    whole = VectorCache(":memory:").encode(ToyEncoder(), given)
    encoder = Many()
    encoder.stops = True
    with pytest.raises(KeyboardInterrupt):
        VectorCache(tmp_path / "v.sqlite").encode(encoder, given)
    again = Many()
    cache = VectorCache(tmp_path / "v.sqlite")
    assert np.array_equal(cache.encode(again, given), whole) and cache.computed == 64


def test_the_first_few_texts_are_embedded_here_and_the_parts_of_an_ill_worker_too(monkeypatch, tmp_path):
    class Here:
        """A substitute for an encoder of sentence-transformers."""

        identity, dim, spec, few = "toy@1", 2, None, 200

        def passages(self, part):
            return np.full((len(part), 2), 1, dtype=np.float32)

        def bulk(self, part):
            return np.full((len(part), 2), 2, dtype=np.float32)

    monkeypatch.setattr(bulk, "_named", lambda spec, parts: iter(parts))
    monkeypatch.setattr(bulk, "embedded", lambda part: np.full((len(part), 2), 3, dtype=np.float32))
    said = []
    cache = VectorCache(tmp_path / "v.sqlite", resumable=True)
    made = cache.encode(Elsewhere(Here(), Threads(fails={1}), said.append), [f"text {n:03}" for n in range(6 * 64)])
    assert [int((made[:, 0] == who).sum()) for who in (1, 2, 3)] == [3 * 64, 64, 2 * 64]
    assert said == ["1 of 3 parts not embedded by a worker: embedded here"]
    later = cache.encode(Elsewhere(Here(), Threads(), said.append), ["one more"])
    assert later[0, 0] == 3, "later texts of the same build are embedded as many are"


def test_a_scheduler_that_is_away_is_reported_and_the_old_index_stays(monkeypatch):
    monkeypatch.setattr("kb.build.workers._PATIENCE", 1)
    with pytest.raises(IndexError_, match="no scheduler of Dask answers") as raised:
        list(Cluster(NOBODY).made(len, ["a"]))
    assert raised.value.where == NOBODY and "KB_DASK" in raised.value.do


@pytest.fixture(scope="module")
def scheduler():
    """Return the address of a scheduler with two workers on this machine, reachable by loopback only."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.slow
def test_machines_behind_a_scheduler_make_the_same_index_to_the_byte(scheduler, texts, tmp_path, monkeypatch):
    if locate(load_models(settings().corpus).get(settings().model)) is None:
        pytest.skip("the English model is not installed")
    here = dataclasses.replace(settings(), workspace=texts.parent, indexes=tmp_path / "here")
    there = dataclasses.replace(here, indexes=tmp_path / "there", dask=scheduler)
    monkeypatch.setattr("kb.index.embed.FEW", 0)  # so that few texts are embedded as many are
    said = []
    one, other = pipeline.run(here), pipeline.run(there, said.append)
    assert "reading and tagging 3 files, 2 at once" in said
    assert not [line for line in said if "by a worker" in line]
    assert one.texts == other.texts and one.passages == other.passages
    files = [sorted(path.glob("*.npy")) + sorted(path.glob("*.faiss")) for path in map(_live, (here, there))]
    assert [f.name for f in files[0]] == [f.name for f in files[1]] and len(files[0]) > 4
    assert [f.read_bytes() for f in files[0]] == [f.read_bytes() for f in files[1]]


def _live(config):
    open_index(config.indexes, config.corpus)
    return current(config.indexes)


@pytest.mark.slow
def test_a_scheduler_that_is_lost_in_the_middle_is_reported_and_nothing_hangs():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        made = Cluster(cluster.scheduler_address).made(time.sleep, [0.5] * 400)  # longer than any loss takes
        assert next(made)[1] is None
        cluster.close()
        with pytest.raises(IndexError_, match="what came is kept"):
            list(made)


def test_a_worker_of_another_make_is_named_with_what_differs():
    mine = facts()
    assert {"code", "corpus", "packages"} <= set(mine) and all(mine.values())
    assert other_make(mine, {"tcp://a": mine, "tcp://b": dict(mine)}) == ""
    other = {**mine, "code": "another", "packages": ""}
    said = other_make(mine, {"tcp://a": mine, "tcp://b": other})
    assert said == "the worker tcp://b has other code and packages than this machine"


def test_a_file_is_read_by_a_worker_that_has_no_library(texts):
    record = library.records(texts)[0]
    document, tagged = read_and_tagged(bulk.Untagged(record, (texts / record.file).read_bytes()))
    assert document.place.file == record.file and tagged.id == document.id
