"""Read files and embed texts before a build, in bulk, by workers (`kb.build.workers`); texts that an earlier build has
processed are left out.

Results are stored in the caches of the build, under the hash of their input. So a build that was stopped continues from
them, and makes the same index as a build without workers. The build itself processes, on this machine, what no worker
could.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.amounts import some
from kb.build.document_cache import DocumentCache
from kb.build.workers import Workers
from kb.config import settings
from kb.errors import KBError
from kb.files import scratch
from kb.index.embed import SentenceEncoder, has_torch
from kb.index.encoders import Encoder, ModelSpec
from kb.models import Document
from kb.sources import library as texts
from kb.sources.library import LibraryRecord, facts_of

if TYPE_CHECKING:
    from kb.tagging.taxonomy import Taxonomy

MANY = 100
"""Minimum number of new files for which worker processes are started on this machine. Each process takes some seconds
to load the rules: 24 files of one page took 21 s with two processes and 17 s with none, on a busy machine."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Untagged:
    """A file of the library as sent to a worker: its record and bytes, or its document if it has been read before."""

    record: LibraryRecord
    data: bytes = b""
    document: Document | None = None


def read_and_tagged(of: Untagged) -> tuple[Document, Document]:
    """Return (document as read, the same document with tags). Run by a worker, which has the corpus but no library."""
    from kb.tagging import tag

    document = of.document or _read(of.record, of.data)
    return document, tag(document, _taxonomy(settings().corpus / "taxonomy"))


def _read(record: LibraryRecord, data: bytes) -> Document:
    with scratch("bulk") as folder:
        path = folder / record.file
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        return texts.in_index(texts.document_of(record, folder), record)


@lru_cache(maxsize=1)
def _taxonomy(folder: Path) -> Taxonomy:
    from kb.tagging.taxonomy import load

    return load(folder)


def fill(
    kept: DocumentCache,
    library: Path,
    workers: Workers,
    say: Say,
    skip: str = "",
    at_least: int = 1,
    origins: Container[str] = (),
) -> None:
    """Read and tag, by workers, the files of a library that the cache `kept` lacks, and store each result as it
    arrives.

    Does nothing when fewer than `at_least` are lacking. The record at the path `skip` is left out, and so are documents
    whose origin (see `DocumentCache.origin`) is in `origins`, because the live index has them. `say` prints a line for
    the user.
    """
    found = (each for name, each in texts.scan(library)[0].items() if name != skip)
    missing_here = (each for each in found if kept.origin(facts_of(each)) not in origins)
    wanted = [each for each in missing_here if not _is_known(kept, each)]
    if len(wanted) < at_least:
        return
    say(f"reading and tagging {some(len(wanted), 'file')}, {workers.many} at once")
    missing = len(wanted)
    for number, made in workers.made(read_and_tagged, _sent(kept, wanted, library)):
        if not isinstance(made, Exception):
            document, tagged = made
            kept.put_reading(facts_of(wanted[number]), document)
            kept.put_tagging(document, tagged)
            missing -= 1
    if missing:
        say(f"{missing} of {some(len(wanted), 'file')} not read by a worker: read here")


def _is_known(kept: DocumentCache, record: LibraryRecord) -> bool:
    document = kept.known_reading(facts_of(record))
    return document is not None and kept.has_tagging(document)


def _sent(kept: DocumentCache, wanted: Sequence[LibraryRecord], library: Path) -> Iterator[Untagged]:
    """Yield each file in the form in which it is sent to a worker, and read it only then. A missing or altered file is
    sent without content, so that the build reports it."""
    for record in wanted:
        document = kept.known_reading(facts_of(record))
        try:
            yield Untagged(record, b"" if document else texts.checked(record, library).read_bytes(), document)
        except (KBError, OSError):
            yield Untagged(record)


class Elsewhere:
    """An encoder whose texts are embedded by workers, in the same batches and with the same code as on this machine.

    The first texts of a build (see `SentenceEncoder.few`) are embedded on this machine by `passages`, because ONNX
    Runtime embeds few texts and torch many.
    """

    def __init__(self, here: SentenceEncoder, workers: Workers, say: Say) -> None:
        self.here, self.workers, self.say = here, workers, say
        self.identity, self.dim, self.spec = here.identity, here.dim, here.spec

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages on this machine, without workers. See `Encoder.passages`."""
        return self.here.passages(texts)

    def query(self, text: str) -> np.ndarray:
        """Embed a query on this machine. See `Encoder.query`."""
        return self.here.query(text)

    def many(self, parts: Sequence[Sequence[str]]) -> Iterator[tuple[int, np.ndarray]]:
        """Embed batches of texts by workers; yield (position in `parts`, vectors float32 [n, dim]) in any order."""
        missing = set(range(len(parts)))
        for number, made in self.workers.made(embedded, _named(self.here.spec, parts)):
            if not isinstance(made, Exception):
                missing.discard(number)
                yield number, made
        if missing:
            self.say(f"{len(missing)} of {some(len(parts), 'part')} not embedded by a worker: embedded here")
        for number in sorted(missing):
            yield number, self.here.bulk(parts[number])

    def __getattr__(self, name: str) -> object:
        return getattr(self.here, name)


def _named(spec: ModelSpec, parts: Iterable[Sequence[str]]) -> Iterator[tuple[str, bool, list[str]]]:
    """Yield for each batch what a worker needs to embed it: the model specification as JSON, whether torch is used, and
    the texts."""
    model, torch = spec.model_dump_json(), has_torch()
    return ((model, torch, list(part)) for part in parts)


def embedded(of: tuple[str, bool, list[str]]) -> np.ndarray:
    """Embed one batch, given as from `_named`: float32 [n, dim]. Run by a worker, which checks the hash of its own
    weights."""
    model, torch, part = of
    return _encoder(model, torch).bulk(part)


@lru_cache(maxsize=2)
def _encoder(model: str, torch: bool) -> SentenceEncoder:
    return SentenceEncoder(ModelSpec.model_validate_json(model), torch=torch)


def elsewhere(encoders: Mapping[str, Encoder], workers: Workers | None, say: Say) -> dict[str, Encoder]:
    """Return the encoders of a build by name: wrapped so that `workers` embed their texts, or `encoders` unchanged when
    `workers` is None. `say` prints a line for the user."""
    if workers is None:
        return dict(encoders)
    return {
        name: Elsewhere(each, workers, say) if isinstance(each, SentenceEncoder) else each
        for name, each in encoders.items()
    }
