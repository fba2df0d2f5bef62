"""Build an index beside the live one, check it, and make it live by one rename. If a build fails, the old index
continues to answer."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from kb.amounts import some
from kb.build.sweeping import sweep
from kb.engine import Vectors
from kb.engine.local.grow import grow
from kb.engine.local.passage_store import Store
from kb.engine.local.terms import Terms
from kb.engine.local.vectors import Space, parts_of
from kb.errors import IndexError_
from kb.files import linked, sync, sync_tree
from kb.index import live
from kb.index import manifest as manifests
from kb.index.cache import Counted, Shipped, VectorCache, nothing_shipped, problems
from kb.index.embedded_texts import parts_to_embed, under_heading
from kb.index.encoders import Encoder
from kb.index.manifest import IndexManifest, SpaceInfo
from kb.models import Document, Passage
from kb.text import sha256_of, sha256_text

WAIT = 1800.0
"""Seconds that a second build waits for the first."""

Say = Callable[[str], None]


@contextmanager
def written_by(what: str, folder: Path) -> Iterator[None]:
    """Convert errors of `what` (a library) inside the block to OSError, because tantivy and FAISS report a full disk as
    ValueError and RuntimeError."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        raise OSError(f"{what} in {folder.name}: {str(error).splitlines()[0]}") from error


@dataclass
class Job:
    """What to build from and where. `encoders` are by space name; `finish` writes the other tables of an index into its
    folder.

    A document for which `tag` returns None is left out; the caller records the reason in `left_out` (file to reason).
    `questions` (by identifier of the passage that answers them) are embedded as its sentences are, and stored nowhere
    else. `made_of` is one hash over all that the index is made of: when the live index has the same and is intact, only
    its manifest is renewed; '' always makes everything. `code` is one hash over the code that writes an index: when the
    live index was written by the same code and only lacks documents, they are added to it; '' always writes all of it.
    `commit` is called when the new index is complete but not yet live: if it raises, the old index stays live.
    """

    indexes: Path
    documents: Callable[[], Iterable[Document]]
    tag: Callable[[Document], Document | None]
    encoders: dict[str, Encoder]
    inputs: dict[str, str]
    made_of: str = ""
    code: str = ""
    shipped: Shipped = nothing_shipped
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    export: Callable[[Encoder, Path], None] | None = None
    finish: Callable[[Path], None] | None = None
    commit: Callable[[], None] | None = None
    left_out: dict[str, str] = field(default_factory=dict)
    say: Say = lambda _: None
    progress: Callable[[str, int, int], None] = lambda step, done, total: None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the duration of the block, in seconds, to `seconds[step]`."""
        start = time.perf_counter()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - start


def is_stale(indexes: Path, inputs: dict[str, str], encoders: list[str]) -> bool:
    """Return whether there is no intact index, or something it was made from has changed. `inputs` is file to sha256,
    `encoders` the identities."""
    try:
        folder = live.current(indexes)
        made = manifests.read(folder)
        prove_index(folder, made)
    except IndexError_:
        return True
    return made.fingerprint != manifests.fingerprint(inputs, encoders)


def build(job: Job) -> IndexManifest:
    """Build and check a new index and make it live. Builds run one at a time; if one fails, the live index stays.
    Raises IndexError_ when the folder cannot be written or is in use."""
    _prepare(job.indexes)
    try:
        with FileLock(job.indexes / ".lock", timeout=WAIT):
            return _build(job)
    except Timeout as error:
        raise IndexError_(
            "another build has been running for half an hour.",
            where=str(job.indexes),
            do="Wait for it to end, or stop it, and build again.",
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise _unwritable(job.indexes, error) from error


def _unwritable(indexes: Path, error: Exception) -> IndexError_:
    """Build the error for a full disk, missing permission or failing disk."""
    return IndexError_(
        f"the index cannot be written: {getattr(error, 'strerror', None) or error}.",
        where=str(indexes),
        do="Make room or make the folder writable, and build again. The old index still answers.",
    )


def _prepare(indexes: Path) -> None:
    try:
        indexes.mkdir(parents=True, exist_ok=True)
        if not os.access(indexes, os.W_OK):
            raise PermissionError(13, "the folder is read-only")  # 13 is EACCES
    except OSError as error:
        raise IndexError_(
            f"the index folder cannot be written: {error.strerror or error}.",
            where=str(indexes),
            do="Make it writable, or set KB_INDEXES to another folder.",
        ) from error


def _build(job: Job) -> IndexManifest:
    mark = manifests.fingerprint(job.inputs, [e.identity for e in job.encoders.values()])
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{mark[:12]}"
    part = job.indexes / f"{name}.part"
    sweep(job.indexes)
    part.mkdir()
    try:
        made = _renew(job, part, mark)
        if made is None:
            documents = _documents(job)
            made = _grow(job, documents, part, mark) or _write(job, documents, part, mark)
        prove_index(part, made)
        sync_tree(part)
        os.replace(part, job.indexes / name)
        sync(job.indexes)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    try:
        if job.commit:
            job.commit()
    except BaseException:
        shutil.rmtree(job.indexes / name, ignore_errors=True)
        raise
    live.switch(job.indexes, name)
    sweep(job.indexes, keep=name)
    job.say(f"index {name}: {some(made.passages, 'passage')} in {some(len(made.documents), 'document')}")
    return made


def _live(job: Job) -> tuple[Path, IndexManifest] | None:
    """Return the folder of the live index and its manifest; None when there is none, or its files were changed."""
    try:
        folder = live.current(job.indexes)
        found = manifests.read(folder)
        manifests.prove(folder, found)
    except IndexError_:
        return None
    return folder, found


def _renew(job: Job, part: Path, mark: str) -> IndexManifest | None:
    """Link the files of the live index into `part` with a new manifest; None when anything must be built. Changed files
    that only affect queries are new inputs, but change nothing in the index."""
    before = _live(job)
    if before is None:
        return None
    folder, old = before
    if not job.made_of or old.made_of != job.made_of or old.left_out or problems(job.indexes / "vectors.sqlite"):
        return None
    for name in old.files:
        (part / name).parent.mkdir(exist_ok=True)
        linked(folder / name, part / name)
    exported = _export(job)
    made = old.model_copy(
        update={
            "fingerprint": mark,
            "inputs": job.inputs,
            "packages": manifests.packages(),
            "query_encoder": exported,
            "seconds": {k: round(v, 3) for k, v in job.seconds.items()},
            "embedded": 0,
        }
    )
    manifests.write(made, part)
    job.say("nothing that the index is made of has changed: only its record of inputs is new")
    return made


def _documents(job: Job) -> list[Document]:
    """Return every document, read and tagged."""
    with job.timed("read"):
        documents = list(job.documents())
    job.say(f"read {some(len(documents), 'document')}, {some(sum(len(d.passages) for d in documents), 'passage')}")
    tagged = []
    with job.timed("tag"):
        for i, document in enumerate(documents):
            job.progress("tag", i, len(documents))
            tagged.append(job.tag(document))
    job.progress("tag", len(documents), len(documents))
    return [document for document in tagged if document is not None]


_GROWN = 1.25
"""Documents are added until the index has this share of its size when last built in one go: the codes of a large space
were learnt from its vectors then, and fit only while most are the same."""


def _grow(job: Job, documents: list[Document], part: Path, mark: str) -> IndexManifest | None:
    """Add the missing documents to a copy of the live index in `part`; None when one of its own changed or is gone,
    when other code or models wrote it, or when it would grow too much."""
    before = _live(job)
    if before is None:
        return None
    folder, old = before
    texts = {document.id: _text_of(document) for document in documents}
    new = [document for document in documents if document.id not in old.texts]
    passages = old.passages + sum(len(document.passages) for document in new)
    is_same = old.texts and old.texts.items() <= texts.items() and old.packages == manifests.packages()
    encoders = {name: encoder.identity for name, encoder in job.encoders.items()}
    is_same = is_same and encoders == {name: space.encoder for name, space in old.spaces.items()}
    if not job.code or old.code != job.code or not is_same or not new or passages > _GROWN * old.at_once:
        return None
    rows = list(enumerate((passage for document in new for passage in document.passages), 0))
    found, embedded = _vectors(job, rows)
    with job.timed("write"), written_by("the index", part):
        sizes = grow(folder, part, new, [document.id for document in documents], found)
    if sizes is None:
        return None
    if job.finish:
        job.finish(part)
    spaces = {name: old.spaces[name].model_copy(update={"vectors": size}) for name, size in sizes.items()}
    made = _manifest(job, part, documents, texts, spaces, embedded, mark, old.at_once)
    job.say(
        f"{some(len(new), 'document is', 'documents are')} added to the index; "
        f"the other {len(old.texts)} stay as they are"
    )
    return made


def _text_of(document: Document) -> str:
    """Return the sha256 of a document as it is indexed, tags included."""
    return sha256_text(document.model_dump_json())


def _write(job: Job, documents: list[Document], part: Path, mark: str) -> IndexManifest:
    with job.timed("write"):
        store = Store(part / "passages.sqlite", create=True)
        for document in documents:
            store.add(document)
        rows = [(row, passage) for row, passage in enumerate(store.passages(), 1)]
        with written_by("words", part):
            Terms(part / "terms", create=True).add(rows)
        store.close()
    if job.finish:
        job.finish(part)
    spaces, embedded = _spaces(job, rows, part)
    texts = {document.id: _text_of(document) for document in documents}
    return _manifest(job, part, documents, texts, spaces, embedded, mark, len(rows))


def _manifest(
    job: Job,
    part: Path,
    documents: list[Document],
    texts: dict[str, str],
    spaces: dict[str, SpaceInfo],
    embedded: int,
    mark: str,
    at_once: int,
) -> IndexManifest:
    """Write the manifest of the index in the folder `part`, and return it."""
    exported = _export(job)
    made = IndexManifest(
        format=manifests.FORMAT,
        fingerprint=mark,
        built=datetime.now(UTC),
        inputs=job.inputs,
        packages=manifests.packages(),
        documents={d.id: len(d.passages) for d in documents},
        passages=sum(len(d.passages) for d in documents),
        spaces=spaces,
        query_encoder=exported,
        seconds={k: round(v, 3) for k, v in job.seconds.items()},
        embedded=embedded,
        left_out=job.left_out,
        files=manifests.files_of(part),
        made_of=job.made_of,
        texts=texts,
        code=job.code,
        at_once=at_once,
        sealed=True,
    )
    manifests.write(made, part)
    return made


def _spaces(job: Job, rows: list[tuple[int, Passage]], part: Path) -> tuple[dict[str, SpaceInfo], int]:
    """Build the two vector spaces of every encoder for these (row number, passage) in the folder `part`; return their
    descriptions, and how many texts had to be embedded."""
    vectors, embedded = _vectors(job, rows)
    infos = {}
    for name, found in vectors.items():
        with job.timed("write"):
            parts, owners = parts_of(found.whole, found.pairs, found.owners)
            spaces = {
                "whole": Space.build(found.whole, [row for row, _ in rows]),
                "parts": Space.build(parts, owners.tolist()),
            }
            for kind, space in spaces.items():
                with written_by("vectors", part):
                    space.save(part, f"{name}-{kind}")
        infos[name] = SpaceInfo(
            encoder=job.encoders[name].identity,
            dim=job.encoders[name].dim,
            vectors=sum(space.size for space in spaces.values()),
            recall=spaces["parts"].recall(parts),
        )
    return infos, embedded


def _vectors(job: Job, rows: list[tuple[int, Passage]]) -> tuple[dict[str, Vectors], int]:
    """Return the vectors of these (row number, passage) by space (`owners` are row numbers), and how many texts had to
    be embedded, the others being cached."""
    cache = VectorCache(job.indexes / "vectors.sqlite", job.shipped)
    cache.renew()
    texts = {
        "whole": [(row, under_heading(p)) for row, p in rows],
        "windows": [(row, text) for row, p in rows for text in parts_to_embed(p, job.questions.get(p.id, ()))],
    }
    vectors, embedded = {}, 0
    for name, encoder in job.encoders.items():
        counted = Counted(partial(job.progress, f"embed ({name})"), sum(map(len, texts.values())))
        found: dict[str, np.ndarray] = {}
        for kind, pairs in texts.items():
            with job.timed("embed"):
                found[kind] = cache.encode(encoder, [text for _, text in pairs], counted)
            embedded += cache.computed
        owners = np.asarray([row for row, _ in texts["windows"]], dtype=np.int64)
        vectors[name] = Vectors(found["whole"], found["windows"], owners)
    if cache.begun_anew:
        job.say("the file of vectors, vectors.sqlite, was damaged: it was begun anew")
    if cache.damaged:
        job.say(f"{some(cache.damaged, 'vector')} in vectors.sqlite did not fit the checksum: computed anew")
    cache.close()
    return vectors, embedded


def _export(job: Job) -> str:
    """Export every query encoder, each model once; return the hash of the English one for the manifest ('' without)."""
    if job.export is None:
        return ""
    with job.timed("export"):
        folders = {name: job.indexes / "models" / e.identity.replace("@", "-") for name, e in job.encoders.items()}
        for name, folder in folders.items():
            job.export(job.encoders[name], folder)
    return sha256_of(folders["english"] / "model.onnx") if "english" in folders else ""


def prove_index(folder: Path, made: IndexManifest) -> None:
    """Check the files of an index against its manifest, open it and compare its counts. Raises IndexError_ when
    something is missing or differs."""
    manifests.prove(folder, made)
    store, terms = Store(folder / "passages.sqlite"), Terms(folder / "terms")
    counts = {"store": store.size, "words": terms.size}
    store.close()
    wrong = {what: n for what, n in counts.items() if n != made.passages}
    for name, space in made.spaces.items():
        vectors = sum(Space.load(folder, f"{name}-{kind}").size for kind in ("whole", "parts"))
        if vectors != space.vectors:
            wrong[name] = vectors
    if wrong:
        raise IndexError_(
            f"the index is incomplete: {wrong}, expected {made.passages}.", where=str(folder), do="Run: kb build"
        )
