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
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from kb.amounts import some
from kb.build.growing import DAMAGED, LiveIndex, Unread, grown
from kb.build.sweeping import sweep
from kb.build.writing import export, prove_index, write
from kb.errors import IndexError_
from kb.files import linked, sync, sync_tree
from kb.index import live
from kb.index import manifest as manifests
from kb.index.cache import Shipped, nothing_shipped, problems
from kb.index.encoders import Encoder
from kb.index.manifest import IndexManifest
from kb.index.proofs import Trust
from kb.models import Document

WAIT = 1800.0
"""Seconds that a second build waits for the first."""

Say = Callable[[str], None]


@dataclass
class BuildJob:
    """What an index is built from, and where it is written.

    `encoders` are by name of the space. `tag` adds the tags to a document; a document for which it returns None is left
    out, and the caller records the reason in `left_out` (file to reason). `finish` writes the other tables into the
    index folder. `questions` (by identifier of the passage that answers them) are embedded like its sentences, and
    stored nowhere else.

    `made_of` is one hash over everything an index is made of: when that of the live index is equal and its files are
    intact, only the manifest is renewed; '' always builds. `code` is one hash over the code that writes an index: when
    that of the live index is equal and the index only lacks documents, they are added to it; '' always builds
    completely.

    `origins` is set while documents are read: document to one hash over everything it is read and tagged from. `lean`,
    when given, is called with the `origins` of the live index, and yields all documents, `Unread` for one with an equal
    origin. `is_addition`: a single change was requested, so that files of the live index whose size and modification
    time are as recorded are not hashed. `commit` is called when the new index is complete but not yet live; if it
    raises, the old index stays live.
    """

    indexes: Path
    documents: Callable[[], Iterable[Document]]
    tag: Callable[[Document], Document | None]
    encoders: dict[str, Encoder]
    inputs: dict[str, str]
    made_of: str = ""
    code: str = ""
    shipped: Shipped = nothing_shipped
    lean: Callable[[Mapping[str, str]], Iterable[Document]] | None = None
    origins: dict[str, str] = field(default_factory=dict)
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    export: Callable[[Encoder, Path], None] | None = None
    finish: Callable[[Path], None] | None = None
    commit: Callable[[], None] | None = None
    is_addition: bool = False
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
    """Return whether a build is needed: there is no intact index, or its `inputs` (file to sha256) or `encoders`
    (identities) differ from these."""
    try:
        folder = live.current(indexes)
        made = manifests.read(folder)
        prove_index(folder, made)
    except IndexError_:
        return True
    return made.fingerprint != manifests.fingerprint(inputs, encoders)


def build(job: BuildJob) -> IndexManifest:
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


def _build(job: BuildJob) -> IndexManifest:
    mark = manifests.fingerprint(job.inputs, [e.identity for e in job.encoders.values()])
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{mark[:12]}"
    part = job.indexes / f"{name}.part"
    sweep(job.indexes)
    before = _states(job.indexes)
    part.mkdir()
    try:
        documents = lru_cache(maxsize=1)(lambda: _documents(job, job.documents()))
        made = _renew(job, part, mark) or _grown(job, part, mark, documents)
        if made is None:
            made = write(job, documents(), part, mark)
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
    alive = live.name(job.indexes)
    live.switch(job.indexes, name)
    sweep(job.indexes, keep=name, before=alive)
    manifests.carry(before, job.indexes / name, made)
    job.say(f"index {name}: {some(made.passages, 'passage')} in {some(len(made.documents), 'document')}")
    return made


def _states(indexes: Path) -> manifests.States:
    """Return the state (size, times) of every file of the live index by name; empty when the index cannot be read."""
    try:
        folder = live.current(indexes)
        return manifests.states(folder, manifests.read(folder))
    except (IndexError_, OSError):
        return {}


def _live(job: BuildJob, trust: Trust = "nothing", say: Say = lambda _: None) -> LiveIndex | None:
    """Verify the live index and return it; None when there is none, or when one of its files was changed, which is
    reported by `say`. `trust` determines which earlier proofs are accepted (see `kb.index.proofs`)."""
    try:
        folder = live.current(job.indexes)
    except IndexError_:
        return None
    try:
        found = manifests.read(folder)
        manifests.prove(folder, found, trust=trust)
    except IndexError_ as error:
        if "has layout" not in error.what:
            say(DAMAGED.format(error.what))
        return None
    return LiveIndex(folder, found)


def _grown(job: BuildJob, part: Path, mark: str, documents: Callable[[], Sequence[Document]]) -> IndexManifest | None:
    """Add documents to the live index after verifying it; return the new manifest. None when the index must be built
    completely, for example when a file of the live index is damaged. `documents` returns all documents."""
    before = _live(job, "untouched" if job.is_addition else "nothing", job.say)
    if before is None:
        return None
    lean, origins = job.lean, before.manifest.origins
    try:
        made = grown(job, before, part, mark, (lambda: _documents(job, lean(origins))) if lean else documents)
        if made:
            prove_index(part, made, is_grown=True)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # tantivy panics at some damage, which is no Exception
        if _live(job, say=job.say):
            raise
        made = None
    if made is None:
        shutil.rmtree(part)
        part.mkdir()
    return made


def _renew(job: BuildJob, part: Path, mark: str) -> IndexManifest | None:
    """Link the files of the live index into `part` with a new manifest, and return it; None when anything must be
    built. Changed files that affect only queries are recorded as new inputs and change nothing else."""
    if not job.made_of or _made_of(job) != job.made_of:
        return None
    before = _live(job)
    if before is None:
        return None
    folder, old = before
    if old.left_out or problems(job.indexes / "vectors.sqlite"):
        return None
    for name in old.files:
        (part / name).parent.mkdir(exist_ok=True)
        linked(folder / name, part / name)
    exported = export(job)
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


def _made_of(job: BuildJob) -> str:
    """Return the hash `made_of` of the live index (see `BuildJob`); '' when its manifest cannot be read."""
    try:
        return manifests.read(live.current(job.indexes)).made_of
    except IndexError_:
        return ""


def _documents(job: BuildJob, every: Iterable[Document]) -> list[Document]:
    """Read and tag all documents of `every`, and return them; an `Unread` is returned unchanged."""
    with job.timed("read"):
        documents = list(every)
    passages = sum(len(document.passages) for document in documents)
    read = sum(not isinstance(document, Unread) for document in documents)
    job.say(f"read {some(read, 'document')}, {some(passages, 'passage')}")
    tagged = []
    with job.timed("tag"):
        for i, document in enumerate(documents):
            job.progress("tag", i, len(documents))
            tagged.append(document if isinstance(document, Unread) else job.tag(document))
    job.progress("tag", len(documents), len(documents))
    return [document for document in tagged if document is not None]
