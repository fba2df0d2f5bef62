"""The road from sources to index, put together: what is read, how it is tagged, with which encoders it is embedded."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from kb.build.inputs import made_of
from kb.build.job import Job, build, is_stale
from kb.build.kept import FOLDER, Folder, Kept
from kb.citing.promises import Promises
from kb.config import Settings
from kb.errors import IndexError_, NotFound
from kb.index import live, subjects
from kb.index.encoders import Encoder, ModelSpec, load_models, locate
from kb.index.expansions import compile_expansions
from kb.index.manifest import IndexManifest, inputs_of, packages
from kb.index.names import compile_names
from kb.models import Document
from kb.sources.keep import Change
from kb.sources.library import Reading, Unreadable, altered, facts_of, read_now, scan, unreadable
from kb.text import sha256_of, sha256_text

MULTILINGUAL = "multilingual-e5-small-q4"


def identities(settings: Settings) -> list[str]:
    """Identities of the encoders that a build would use, without loading them."""
    return [spec.identity for spec in _specs(settings)]


def _specs(settings: Settings) -> list[ModelSpec]:
    models = load_models(settings.corpus)
    extra = models.get(MULTILINGUAL)
    return [models.get(settings.model), *([extra] if locate(extra) else [])]


@dataclass(frozen=True)
class Coming:
    """A change of the library that counts from the moment in which this build's index is whole.

    `document` is the text that comes in, as the index holds it; `commit` makes the change count.
    """

    change: Change | None
    document: Document | None
    commit: Callable[[], None]

    def inputs(self, now: dict[str, str]) -> dict[str, str]:
        """The inputs of a build after the change, from those before it."""
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
    settings: Settings, users: _Users | None = None, coming: Coming | None = None, reading: Reading = read_now
) -> Iterator[Document]:
    """The corpus, the register of commitments, and what the user added to the library, each by `reading`.

    A text of the user's that cannot be used is left to `users`, or raised where there is none.
    """
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
        reading,
    )
    for document in chain(texts, [coming.document] if coming and coming.document else []):
        if users is None or users.takes(document, ids):
            yield document


@dataclass
class _Users:
    """The user's texts of one build, and which of them are left out and why: one bad file keeps no other from its
    place."""

    left_out: dict[str, str]
    say: Callable[[str], None]
    ids: set[str] = field(default_factory=set)

    def fault(self, fault: Unreadable) -> None:
        """Leave a file out and say so."""
        self.left_out[fault.file] = fault.words
        self.say(f"! left out: library/{fault.file}: {fault.words}")

    def takes(self, document: Document, ids: set[str]) -> bool:
        """Whether a text has an id of its own and each of its passages too; it is left out where not."""
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
        """The document with its tags; a text of the user's that cannot be tagged is left out."""
        try:
            return tag(document)
        except (MemoryError, OSError):
            raise
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
    """Files of the library that cannot be used, each with path, what is wrong and what to do.

    Records and hashes are looked at now; what the last build could not read is taken from it where the file is the
    same. A record without a seal, of an earlier version of this program, is compared with the one of the last build.
    """
    found = {fault.file: fault.words for fault in unreadable(settings.library)}
    try:
        made = live.open_index(settings.indexes, settings.corpus).manifest
    except IndexError_:
        made = None
    for file, words in made.left_out.items() if made else ():
        path = settings.library / file
        if path.is_file() and made.inputs.get(f"library/{file}") == sha256_of(path):
            found.setdefault(file, words)
    for file, record in scan(settings.library)[0].items() if made else ():
        before = made.inputs.get(f"library/{file}")
        if not record.seal and before and before != sha256_of(settings.library / file):
            found.setdefault(file, altered(record, file).words)
    return [f"library/{file}: {words}" for file, words in sorted(found.items())]


def needs_build(settings: Settings) -> bool:
    """True when there is no index or anything it was made from has changed."""
    return is_stale(settings.indexes, inputs_of(settings.corpus, settings.library), identities(settings))


def run(
    settings: Settings,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
    coming: Coming | None = None,
    from_scratch: bool = False,
) -> IndexManifest:
    """Build the index of `settings` and make it the live one. Raises DataError where files of the corpus disagree.

    Files of the library that cannot be read are left out; the manifest and `say` name them. With `coming`, the index is
    that of the library after the change. What earlier builds read, tagged and embedded is used where nothing it was
    made from has changed; `from_scratch` makes all of it anew.
    """
    from kb.commitments.consistency import check_corpus
    from kb.tagging import tag
    from kb.tagging.taxonomy import load

    taxonomy = load(settings.corpus / "taxonomy")
    check_corpus(settings.corpus)
    encoders = _encoders(settings, say)

    def finish(folder: Path) -> None:
        """Write the tables that a query looks labels up in."""
        compile_expansions(taxonomy).save(folder)
        compile_names(taxonomy).save(folder)
        Promises.of_corpus(settings.corpus).save(folder)
        subjects.save(folder, subjects.load_subjects(settings.corpus), encoders, settings.indexes / "vectors.sqlite")

    now = inputs_of(settings.corpus, settings.library)
    inputs = coming.inputs(now) if coming else now
    if from_scratch:
        forget(settings.indexes)
    folder = Folder(settings.indexes / FOLDER)
    kept = Kept(folder, inputs)
    users = _Users({}, say)
    made = build(
        Job(
            indexes=settings.indexes,
            documents=lambda: all_documents(settings, users, coming, kept.reading),
            tag=lambda document: users.tagged(
                document, lambda each: kept.tagging(each, lambda untagged: tag(untagged, taxonomy))
            ),
            encoders=encoders,
            inputs=inputs,
            made_of="" if from_scratch else made_of(inputs, [e.identity for e in encoders.values()], packages()),
            export=_export,
            finish=finish,
            commit=coming.commit if coming else None,
            left_out=users.left_out,
            say=say,
            progress=progress,
        )
    )
    if coming and coming.change and coming.change.after and coming.document:
        kept.put_reading(facts_of(coming.change.record), coming.document)
    folder.prune()
    if folder.damaged:
        say(f"{folder.damaged} documents in {FOLDER}/ did not fit their checksum: they were read and tagged anew")
    return made


def forget(indexes: Path) -> None:
    """Remove what builds keep for later builds: documents and vectors. The live index stays."""
    shutil.rmtree(indexes / FOLDER, ignore_errors=True)
    (indexes / "vectors.sqlite").unlink(missing_ok=True)


def _encoders(settings: Settings, say: Callable[[str], None]) -> dict[str, Encoder]:
    from kb.index.embed import SentenceEncoder

    english, *others = _specs(settings)
    if locate(english) is None:
        raise NotFound(f"model '{english.name}' is not installed.", do="Run: make install")
    models = settings.indexes / "models"
    found: dict[str, Encoder] = {"english": SentenceEncoder(english, models=models)}
    for spec in others:
        found["multilingual"] = SentenceEncoder(spec, models=models)
    if not others:
        say("no multilingual model is installed: questions in other languages are found by their words only")
    return found


def _export(encoder: Encoder, folder: Path) -> None:
    from kb.index.onnx_query import export

    export(encoder, folder)  # type: ignore[arg-type]
