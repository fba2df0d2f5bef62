"""The road from sources to index, put together: what is read, how it is tagged, with which encoders it is embedded."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from kb.config import Settings
from kb.errors import NotFound
from kb.index.build import Job, build, is_stale
from kb.index.encoders import Encoder, ModelSpec, load_models, locate
from kb.index.expansions import compile_expansions
from kb.index.manifest import IndexManifest, inputs_of
from kb.index.names import compile_names
from kb.models import Document

MULTILINGUAL = "multilingual-e5-small-q4"


def identities(settings: Settings) -> list[str]:
    """Identities of the encoders that a build would use, without loading them."""
    return [f"{spec.name}@{next(iter(spec.files.values()))[:12]}" for spec in _specs(settings)]


def _specs(settings: Settings) -> list[ModelSpec]:
    models = load_models(settings.corpus)
    extra = models.get(MULTILINGUAL)
    return [models.get(settings.model), *([extra] if locate(extra) else [])]


def all_documents(settings: Settings) -> Iterator[Document]:
    """The corpus, the register of commitments, and what the user added to the library."""
    from kb.commitments.documents import register_documents
    from kb.sources.documents import corpus_documents, library_documents

    yield from corpus_documents(settings.corpus)
    yield from register_documents(settings.corpus / "commitments", settings.corpus)
    yield from library_documents(settings.library)


def needs_build(settings: Settings) -> bool:
    """True when there is no index or anything it was made from has changed."""
    return is_stale(settings.indexes, inputs_of(settings.corpus, settings.library), identities(settings))


def run(settings: Settings, say: Callable[[str], None] = lambda _: None,
        progress: Callable[[str, int, int], None] = lambda step, done, total: None) -> IndexManifest:
    """Build the index of `settings` and make it the live one. Raises DataError where files of the corpus disagree."""
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

    return build(Job(
        indexes=settings.indexes, documents=lambda: all_documents(settings), tag=lambda d: tag(d, taxonomy),
        encoders=encoders, inputs=inputs_of(settings.corpus, settings.library), export=_exporter(encoders["english"]),
        finish=finish, say=say, progress=progress))


def _encoders(settings: Settings, say: Callable[[str], None]) -> dict[str, Encoder]:
    from kb.index.embed import SentenceEncoder
    from kb.index.multilingual import MultilingualEncoder

    english, *others = _specs(settings)
    if locate(english) is None:
        raise NotFound(f"model '{english.name}' is not installed.", do="Run: make install")
    say(f"loading {english.name}")
    found: dict[str, Encoder] = {"english": SentenceEncoder(english)}
    for spec in others:
        found["multilingual"] = MultilingualEncoder(spec)
    if not others:
        say("no multilingual model is installed: questions in other languages are found by their words only")
    return found


def _exporter(encoder: Encoder) -> Callable[[Path], None]:
    from kb.index.onnx_query import export

    return lambda folder: export(encoder, folder)  # type: ignore[arg-type]
