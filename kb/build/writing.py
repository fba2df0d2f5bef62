"""Write all parts of an index at once, and verify what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.amounts import some
from kb.engine import Vectors
from kb.engine.local.joined import open_space
from kb.engine.local.passage_store import Store
from kb.engine.local.segments import PASSAGES, open_store
from kb.engine.local.terms import Terms
from kb.engine.local.vectors import Space, parts_of
from kb.errors import IndexError_
from kb.index import manifest as manifests
from kb.index.cache import EmbeddingProgress, VectorCache
from kb.index.embedded_texts import parts_to_embed, under_heading
from kb.index.manifest import IndexManifest, SpaceInfo
from kb.models import Document, Passage
from kb.text import sha256_of, sha256_text

if TYPE_CHECKING:
    from kb.build.job import BuildJob


@contextmanager
def written_by(what: str, folder: Path) -> Iterator[None]:
    """Return a context manager that converts errors of tantivy and FAISS to OSError: these libraries report a full disk
    as ValueError and RuntimeError. `what` names the writer, `folder` the place, for the message."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        raise OSError(f"{what} in {folder.name}: {str(error).splitlines()[0]}") from error


def text_of(document: Document) -> str:
    """Return the sha256 of a document in the form in which it is indexed."""
    return sha256_text(document.model_dump_json())


@dataclass(frozen=True)
class IndexContent:
    """What an index contains, for its manifest: for each document its number of passages and its `text_of`, in source
    order; its spaces; the number of texts that were embedded; the number of passages at its last complete build; and
    hashes of files that need not be computed again."""

    counts: Mapping[str, int]
    texts: Mapping[str, str]
    spaces: Mapping[str, SpaceInfo]
    embedded: int
    at_once: int
    known: Mapping[str, str]


def write(job: BuildJob, documents: Sequence[Document], part: Path, mark: str) -> IndexManifest:
    """Write a complete index of these documents into `part`; return its manifest. `mark` is the name of the build."""
    with job.timed("write"):
        store = Store(part / PASSAGES, create=True)
        for document in documents:
            store.add(document)
        rows = [(row, passage) for row, passage in enumerate(store.passages(), 1)]
        with written_by("words", part):
            Terms(part / "terms", create=True).add(rows)
        store.close()
    if job.finish:
        job.finish(part)
    spaces, embedded = _spaces(job, rows, part)
    counts = {document.id: len(document.passages) for document in documents}
    texts = {document.id: text_of(document) for document in documents}
    return write_manifest(job, part, mark, IndexContent(counts, texts, spaces, embedded, len(rows), {}))


def write_manifest(job: BuildJob, part: Path, mark: str, held: IndexContent) -> IndexManifest:
    """Write the manifest of the index in `part`, and return it. `held` describes its content, `mark` is the name of the
    build."""
    exported = export(job)
    files = manifests.files_of(part, held.known)
    made = IndexManifest(
        format=manifests.FORMAT,
        fingerprint=mark,
        built=datetime.now(UTC),
        inputs=job.inputs,
        packages=manifests.packages(),
        documents=dict(held.counts),
        passages=sum(held.counts.values()),
        spaces=dict(held.spaces),
        query_encoder=exported,
        seconds={k: round(v, 3) for k, v in job.seconds.items()},
        embedded=held.embedded,
        left_out=job.left_out,
        files=files,
        stamps={name: manifests.stamp(part / name) for name in files},
        made_of=job.made_of,
        texts=dict(held.texts),
        origins={id: origin for id, origin in job.origins.items() if id in held.texts},
        code=job.code,
        at_once=held.at_once,
        sealed=True,
    )
    manifests.write(made, part)
    return made


def _spaces(job: BuildJob, rows: list[tuple[int, Passage]], part: Path) -> tuple[dict[str, SpaceInfo], int]:
    """Build and save the two spaces of every encoder, one of whole passages and one of their parts.

    `rows` are the passages with their row numbers. Return the description of each encoder's spaces by its name, and
    the number of texts that were embedded now, not taken from the cache.
    """
    vectors, embedded = vectors_of(job, rows)
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


def vectors_of(job: BuildJob, rows: list[tuple[int, Passage]]) -> tuple[dict[str, Vectors], int]:
    """Return the vectors of the passages by encoder name, and the number of texts that were embedded now; the vectors
    of all other texts come from the cache. `owners` of the vectors are the row numbers given in `rows`."""
    cache = VectorCache(job.indexes / "vectors.sqlite", job.shipped, resumable=True)
    cache.renew()
    texts = {
        "whole": [(row, under_heading(p)) for row, p in rows],
        "windows": [(row, text) for row, p in rows for text in parts_to_embed(p, job.questions.get(p.id, ()))],
    }
    vectors, embedded = {}, 0
    for name, encoder in job.encoders.items():
        counted = EmbeddingProgress(partial(job.progress, f"embed ({name})"), sum(map(len, texts.values())))
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


def export(job: BuildJob) -> str:
    """Export every query encoder, once for each model; return the hash of the English one for the manifest."""
    if job.export is None:
        return ""
    with job.timed("export"):
        folders = {name: job.indexes / "models" / e.identity.replace("@", "-") for name, e in job.encoders.items()}
        for name, folder in folders.items():
            job.export(job.encoders[name], folder)
    return sha256_of(folders["english"] / "model.onnx") if "english" in folders else ""


def prove_index(folder: Path, made: IndexManifest, *, is_grown: bool = False) -> None:
    """Check the files of an index against its manifest, open it and count its passages. Raises IndexError_ when a file
    is missing or changed, or a count differs.

    With `is_grown` (the index has just grown), files whose size and modification time are as recorded are not read,
    because those taken over from the old index were verified before; then only passages and words are counted.
    """
    manifests.prove(folder, made, known=manifests.as_stamped(folder, made) if is_grown else ())
    store, terms = open_store(folder), Terms(folder / "terms")
    counts = {"store": store.size, "words": terms.size}
    store.close()
    wrong = {what: n for what, n in counts.items() if n != made.passages}
    for name, space in made.spaces.items() if not is_grown else ():
        vectors = sum(open_space(folder, f"{name}-{kind}").size for kind in ("whole", "parts"))
        if vectors != space.vectors:
            wrong[name] = vectors
    if wrong:
        raise IndexError_(
            f"the index is incomplete: {wrong}, expected {made.passages}.", where=str(folder), do="Run: kb build"
        )
