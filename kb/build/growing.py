"""Add documents to the live index. Its files are hard-linked into the new index, neither read nor copied."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.amounts import some
from kb.build.writing import IndexContent, text_of, vectors_of, write_manifest, written_by
from kb.engine.local.grow import grow
from kb.index import manifest as manifests
from kb.index.manifest import IndexManifest
from kb.models import Document, Force, Place

if TYPE_CHECKING:
    from kb.build.job import BuildJob

_GROWN = 1.25
"""Documents are added until the index has this multiple of its size when it was last built completely. Above it a
complete build is better: the codes of a large space were trained on the vectors of that time, and each segment is
searched separately."""
_BESIDE_FROM = 10_000
"""Number of passages from which an index is not built completely by the program that adds to it, because that takes
half a minute or more: another process merges its segments."""
_AT_MOST = 2.0
"""Multiple of its size at the last complete build up to which such an index grows if every merge has failed; above it,
it is built completely anyway."""

DAMAGED = "! the index was damaged: {} All of it is made anew from the documents; nothing of them is lost."


class Unread(Document):
    """A placeholder for a document that the live index already contains: only its identifier is meaningful."""

    @classmethod
    def named(cls, id: str) -> Unread:
        """Return the placeholder for the document with this identifier."""
        place = Place.model_construct(file="", sha256="")
        return cls.model_construct(id=id, title="", force=Force.OBSERVATION, place=place)


def may_grow(job: BuildJob, old: IndexManifest) -> bool:
    """Return whether the live index (`old` is its manifest) was written by the same code, packages and models as a new
    index would be."""
    encoders = {name: encoder.identity for name, encoder in job.encoders.items()}
    is_same = bool(job.code) and old.code == job.code and old.packages == manifests.packages()
    return is_same and bool(old.texts) and encoders == {name: space.encoder for name, space in old.spaces.items()}


def is_due(made: IndexManifest) -> bool:
    """Return whether another process should merge the segments of an index. Only on POSIX systems, where a process can
    still read files whose folder a build has removed."""
    return os.name == "posix" and made.passages >= _BESIDE_FROM and made.passages > _GROWN * made.at_once


def _most(passages: int) -> float:
    """Return the multiple of its size at the last complete build up to which an index of this many passages grows."""
    return max(_AT_MOST, _GROWN) if os.name == "posix" and passages >= _BESIDE_FROM else _GROWN


class LiveIndex(NamedTuple):
    """The index that answers now."""

    folder: Path
    manifest: IndexManifest


def grown(
    job: BuildJob,
    before: LiveIndex,
    part: Path,
    mark: str,
    documents: Callable[[], Sequence[Document]],
) -> IndexManifest | None:
    """Write into folder `part` the live index, which is `before`, with the documents that it lacks
    added, and return the new manifest. `mark` is the name of the new build.

    Returns None when the index must be built completely: a document of the live index has changed or is gone, other
    code or models wrote it, it would grow above `_GROWN`, or a file that was read or copied for it is damaged.
    `documents` returns all documents, those that the index contains possibly as `Unread`; it is called only when the
    other conditions hold.
    """
    folder, old = before
    if not may_grow(job, old):
        return None
    every = documents()
    texts = {each.id: old.texts[each.id] if isinstance(each, Unread) else text_of(each) for each in every}
    new = [each for each in every if each.id not in old.texts]
    passages = old.passages + sum(len(each.passages) for each in new)
    if not old.texts.items() <= texts.items() or not new or passages > _most(passages) * old.at_once:
        return None
    rows = list(enumerate(passage for each in new for passage in each.passages))
    found, embedded = vectors_of(job, rows)
    with job.timed("write"), written_by("the index", part):
        sizes = grow(folder, part, new, [each.id for each in every], found)
    if sizes is None:
        return None
    if damaged := manifests.read_damaged(folder, old, part):
        job.say(DAMAGED.format(f"{damaged} was changed since it was built."))
        return None
    if job.finish:
        job.finish(part)
    counts = {each.id: old.documents[each.id] if isinstance(each, Unread) else len(each.passages) for each in every}
    spaces = {name: old.spaces[name].model_copy(update={"vectors": size}) for name, size in sizes.items()}
    known = manifests.taken_over(folder, old, part)
    made = write_manifest(job, part, mark, IndexContent(counts, texts, spaces, embedded, old.at_once, known))
    job.say(
        f"{some(len(new), 'document is', 'documents are')} added to the index; "
        f"the other {len(old.texts)} stay as they are"
    )
    return made
