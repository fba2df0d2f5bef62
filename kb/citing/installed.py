"""Open the register, names, library and corpus of the settings together, for commands and pages that resolve
citations or list sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from kb.citing.cite import Citations
from kb.citing.names import load_names
from kb.commitments.against_text import LANGUAGE, Claim, RegisterComparison, compare, identify
from kb.commitments.nearest import Encode
from kb.commitments.register import Instrument, load_register
from kb.config import Settings
from kb.errors import KBError, NotFound
from kb.languages import MAIN, with_labels
from kb.models import Document, Model, Pages
from kb.sources.documents import read_source
from kb.sources.library import LibraryRecord, document_of, find, scan, text_id, texts_of
from kb.sources.manifest import Manifest, Source, load_manifest
from kb.structure.division_names import language_of


class TextState(Model):
    """The official text of a source in one language: whether it is installed, and whether the register was checked
    against it."""

    language: str
    here: bool
    checked: bool = Field(description="True where the register was checked against a text in this language")
    same: bool = Field(False, description="True where the file that is here is the one it was checked against")
    sha256: str | None = Field(None, description="of the file that is here, else of the one that was read")
    what: str = Field("", description="what the file that was read is and holds")


class SourceState(Model):
    """One source, with the state of its official texts and of its register."""

    id: str
    title: str
    symbol: str
    url: str
    url_verified: bool = Field(description="False where the address is from memory")
    here: bool
    language: str
    others: tuple[str, ...] = Field((), description="further languages in which the text is here")
    sha256: str | None = None
    origin: str | None = None
    added: str | None = None
    fault: str | None = Field(None, description="what is wrong with the file that is here")
    texts: tuple[TextState, ...] = Field(
        (), description="each language: what is here, what was checked, what is missing"
    )
    notes: tuple[str, ...] = Field((), description="what a reader must know of the source")
    warnings: tuple[str, ...] = Field(
        (), description="what the check of the files that are here said when they were added: what is missing from them"
    )
    entries: int = 0
    verified: dict[str, int] = Field(
        default_factory=dict, description="entries of the register by state of verification"
    )


def open_citations(settings: Settings) -> Citations:
    """Open the register and all installed official texts for resolving citations."""
    manifest = load_manifest(settings.corpus)
    register = load_register(settings.corpus / "commitments")
    return Citations(
        register,
        load_names(settings.corpus),
        lambda id: official_text(settings, id, manifest, register),
        manifest.sources,
    )


def official_text(
    settings: Settings, id: str, manifest: Manifest | None = None, register: Sequence[Instrument] | None = None
) -> Document | None:
    """Return the official text of a source, from the library or, if it ships, from the corpus; None when it is not
    installed."""
    manifest = manifest or load_manifest(settings.corpus)
    register = load_register(settings.corpus / "commitments") if register is None else register
    short = next((instrument.short for instrument in register if instrument.id == id), "")
    record = find(settings.library, id, MAIN) or find(settings.library, id)
    if record is not None:
        return document_of(record, settings.library, short)
    source = next((source for source in manifest.sources if source.id == id and source.file), None)
    return read_source(source, settings.corpus) if source else None


def states(settings: Settings) -> list[SourceState]:
    """Return the state of every source of the manifest: address, whether its text is installed, hash, and how much of
    its register is verified."""
    register = {instrument.id: instrument for instrument in load_register(settings.corpus / "commitments")}
    return [_state(settings, source, register.get(source.id)) for source in load_manifest(settings.corpus).sources]


def _state(settings: Settings, source: Source, instrument: Instrument | None) -> SourceState:
    """Return the state of one source: whether its text is installed, and in which languages."""
    record = find(settings.library, source.id, source.language) or find(settings.library, source.id)
    others = tuple(each.language for each in texts_of(settings.library, source.id) if each != record)
    verified = Counter(entry.verified for entry in instrument.entries) if instrument else Counter()
    return SourceState(
        id=source.id,
        title=source.title,
        symbol=source.symbol,
        url=source.url,
        url_verified=source.url_verified,
        here=bool(record or source.file),
        language=record.language if record else source.language,
        others=others,
        sha256=record.sha256 if record else source.sha256,
        origin=record.origin if record else None,
        added=record.added if record else None,
        texts=_languages(settings, source) if instrument else (),
        notes=source.notes if instrument else (),
        fault=_fault(settings, record),
        warnings=_warnings(settings.library, source.id),
        entries=sum(verified.values()),
        verified=dict(verified),
    )


def _warnings(library: Path, id: str) -> tuple[str, ...]:
    """Return the warnings that checks gave when the texts of a source were added, with the language when there are
    several texts."""
    here = texts_of(library, id)
    return tuple(
        f"{f'{each.language}: ' if len(here) > 1 else ''}{warning}" for each in here for warning in each.warnings
    )


def text_warnings(settings: Settings, document: str | None = None) -> tuple[tuple[str, str], ...]:
    """Return (document, warning) for the warnings that checks gave when official texts were added.

    `document` limits this to one document of the index, such as `crpd-text`.
    """
    found, _ = scan(settings.library)
    texts = (each for each in found.values() if each.kind == "official-text" and document in (None, text_id(each)))
    return tuple((text_id(each), warning) for each in texts for warning in each.warnings)


def _languages(settings: Settings, source: Source) -> tuple[TextState, ...]:
    """Return the state of a source's text in each language of the project, and in other languages in which it is
    installed or was checked."""
    here = {each.language: each for each in texts_of(settings.library, source.id)}
    read = {each.language: each for each in source.texts}
    found = []
    for language in dict.fromkeys((*with_labels(), *here, *read)):
        record, known = here.get(language), read.get(language)
        found.append(
            TextState(
                language=language,
                here=record is not None,
                checked=known is not None,
                same=record is not None and known is not None and record.sha256 == known.sha256,
                sha256=record.sha256 if record else known.sha256 if known else None,
                what=known.what if known else "",
            )
        )
    return tuple(found)


def _fault(settings: Settings, record: LibraryRecord | None) -> str | None:
    """Return what is wrong with the file of a record; None if nothing is wrong, or if there is no record."""
    from kb.sources.library import checked

    try:
        if record:
            checked(record, settings.library)
    except KBError as error:
        return str(error)
    return None


def own_language(pages: Pages, source: Source) -> str:
    """Return the language of a text that was added without one: the language detected in its pages if it is a
    language of the project, otherwise the language of the source."""
    found = language_of(" ".join(each.text for each in pages.paragraphs)[:20000])
    return found if found in with_labels() else source.language


def claim_of(settings: Settings, pages: Pages, document: Document, source: Source) -> Claim:
    """Return whether a file, as read and structured, is the text of the stated source, with the reasons.

    A source without a register is accepted, because there is nothing to compare with.
    """
    register = load_register(settings.corpus / "commitments")
    instrument = next((each for each in register if each.id == source.id), None)
    if instrument is None:
        return Claim(instrument=source.id, verdict="agrees", reasons=())
    words = " ".join(passage.text for passage in document.passages)[:20000] or pages.text[:20000]
    return identify(instrument, document, register, source=pages.text, language=language_of(words))


def check_register(
    settings: Settings, encode: Encode | None = None, instrument: str | None = None
) -> list[RegisterComparison]:
    """Compare each instrument of the register with each of its installed official texts, the English one first.

    `encode` embeds texts; without it only words are compared. `instrument` limits the comparison to one. Raises
    NotFound when no text is installed, or no register has that name.
    """
    register = load_register(settings.corpus / "commitments")
    wanted = [each for each in register if instrument in (None, each.id)]
    if not wanted:
        raise NotFound(
            f"there is no register '{instrument}'.", do=f"Registers are: {', '.join(each.id for each in register)}."
        )
    found = [
        compare(each, document_of(record, settings.library, each.short), encode)
        for each in wanted
        for record in _texts(settings, each.id)
    ]
    if not found:
        raise NotFound(
            f"no official text {f'of {instrument!r} ' if instrument else ''}is here.",
            do="Run kb fetch, or kb add FILE --as ID; kb sources lists them.",
        )
    return found


def _texts(settings: Settings, id: str) -> list[LibraryRecord]:
    """Return the records of a source's texts in the library, the one in the register's language first."""
    return sorted(
        texts_of(settings.library, id),
        key=lambda each: (each.language != LANGUAGE, each.language),
    )
