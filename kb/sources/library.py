"""The user's library: official texts and policies, each with a record of what it is and where it came from.

A file and its record are side by side under `official/` or `policies/`; a file without a record is not used. This
module reads; `kb.sources.keep` adds and removes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from glob import escape
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from kb.errors import DataError, KBError
from kb.languages import is_main, name_of
from kb.models import Document, Force, Model, Pages, Standing, Tag
from kb.text import sha256_of, sha256_text

RECORD = ".record.json"
ReadOnce = Callable[[Mapping[str, object], Callable[[], Document]], Document]
"""Return the document of some facts (hash of the file, style, title, …), from a cache or by calling the function."""
CHANGE_NOTE = ".library-change.json"
"""File beside the library with the note of a change in progress."""
ASIDE = ".orphans"
"""Folder of the library for files without a record."""


class LibraryRecord(Model):
    """The record of one file of the library."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    kind: Literal["official-text", "policy"]
    title: str
    file: str = Field(pattern=r"^(official|policies)/[^/\\.][^/\\]*$", description="path below the library folder")
    sha256: str
    bytes: int
    added: str = Field(description="ISO time in UTC")
    origin: str = Field(description="address it was fetched from, or the name of the file that was added")
    language: str
    style: str = Field(description="structure style it is read in")
    force: Force
    short: str = Field("", description="how citations name it")
    country: str | None = Field(None, description="ISO 3166-1 alpha-3, policies only")
    date: str | None = Field(None, description="ISO date or year of the text, policies only")
    status: Standing | None = Field(None, description="standing of the text as the user says; policies only")
    warnings: tuple[str, ...] = Field((), description="what the check of the file said when it was added")
    seal: str = Field("", description="checksum of all other fields; a record without one is not used")

    def sealed(self) -> LibraryRecord:
        """Return the record with the checksum of its other fields."""
        return self.model_copy(update={"seal": self._checksum()})

    @property
    def is_altered(self) -> bool:
        """Whether the record was changed after it was sealed."""
        return bool(self.seal) and self.seal != self._checksum()

    def _checksum(self) -> str:
        return sha256_text(self.model_copy(update={"seal": ""}).model_dump_json())


class Unreadable(Model):
    """A file or record of the library that cannot be used, with the reason and the remedy."""

    id: str = Field(description="id of the document, or the name of its record where that cannot be read")
    file: str = Field(description="path below the library folder")
    title: str = ""
    what: str
    do: str

    @property
    def words(self) -> str:
        """Return one line with title and id, what is wrong, and what to do."""
        name = f"'{self.title}' ({self.id})" if self.title else self.id
        return f"{name} {self.what.rstrip('.')}. {self.do}"


def scan(library: Path) -> tuple[dict[str, LibraryRecord], tuple[Unreadable, ...]]:
    """Return every usable record by its path in the library, in order; and the records that cannot be used."""
    found: dict[str, LibraryRecord] = {}
    damaged = []
    for path in sorted(library.glob(f"*/*{RECORD}")):
        name = path.relative_to(library).as_posix()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        try:
            record = LibraryRecord.model_validate_json(path.read_text(encoding="utf-8"))
            if record.is_altered or not record.seal:
                damaged.append(altered(record, name) if record.seal else unsealed(record, name))
            else:
                found[name] = record
        except (ValidationError, UnicodeDecodeError, OSError) as error:
            why = str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else str(error)
            damaged.append(
                Unreadable(
                    id=path.name.removesuffix(RECORD),
                    file=name,
                    what=f"has no readable record ({why})",
                    do=_take_out(path.name.removesuffix(RECORD)),
                )
            )
    return found, tuple(damaged)


def altered(record: LibraryRecord, name: str) -> Unreadable:
    """Return the report on a record that was changed outside this program; `name` is its path in the library."""
    what = "has a record that was altered outside this program (title, date, standing or other facts)"
    return Unreadable(id=record.id, file=name, title=record.title, what=what, do=_take_out(record.id))


def unsealed(record: LibraryRecord, name: str) -> Unreadable:
    """Return the report on a record without a seal; `name` is its path in the library."""
    what = "has a record without a seal: an earlier version of this program wrote it, or it was altered outside it"
    do = f"kb build seals what the last build knew. Where it does not: {_take_out(record.id)}"
    return Unreadable(id=record.id, file=name, title=record.title, what=what, do=do)


def _take_out(id: str) -> str:
    return f"Restore it from a backup, or take it out: kb remove {id}, and add the file again."


def records(library: Path) -> tuple[LibraryRecord, ...]:
    """Return every usable record, by file; `unreadable` returns the others."""
    return tuple(scan(library)[0].values())


def unreadable(library: Path) -> tuple[Unreadable, ...]:
    """Return all that cannot be used: unusable or altered records, missing or changed files, files without a record,
    and files that were moved aside because they had none."""
    found, damaged = scan(library)
    for record in found.values():
        try:
            checked(record, library)
        except KBError as error:
            damaged = (*damaged, unreadable_for(record, error))
    return (*damaged, *_without_record(library), *_put_aside(library))


def _without_record(library: Path) -> Iterator[Unreadable]:
    """Yield files whose record is missing, for instance because someone deleted it; none while a change of the library
    is in progress."""
    if (library.parent / CHANGE_NOTE).exists():
        return
    known = set(files(library))
    for path in sorted([*library.glob("official/*"), *library.glob("policies/*")]):
        if path.is_file() and path not in known and not path.name.startswith("."):
            yield Unreadable(
                id=path.name.split(".")[0],
                file=path.relative_to(library).as_posix(),
                what="has no record: it was deleted outside this program, and the file is not used",
                do="Restore the record from a backup, or add the file again.",
            )


def _put_aside(library: Path) -> Iterator[Unreadable]:
    """Yield files that were moved aside because they had no record: they are in no index and no backup."""
    for path in sorted((library / ASIDE).glob("*")):
        yield Unreadable(
            id=path.name,
            file=path.relative_to(library).as_posix(),
            what="was put aside because no record names it; no command uses it and no backup holds it",
            do="Add it again with kb add, where it is wanted; then delete it here.",
        )


def unreadable_for(record: LibraryRecord, error: Exception) -> Unreadable:
    """Return the report on an error that occurred with the file of a record."""
    what = error.what if isinstance(error, KBError) else f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return Unreadable(
        id=record.id, file=record.file, title=record.title, what=f"cannot be read: {what}", do=_take_out(record.id)
    )


def files(library: Path) -> tuple[Path, ...]:
    """Return the existing files of the library: every record and its file, without temporary files."""
    found, damaged = scan(library)
    names = {*found, *(record.file for record in found.values()), *(each.file for each in damaged)}
    for each in damaged:  # the file of an unreadable record is not known: a newer text has a longer name
        folder, _, name = each.file.rpartition("/")
        beside = (library / folder).glob(f"{escape(name.removesuffix(RECORD).split('.')[0])}.*")
        names |= {path.relative_to(library).as_posix() for path in beside if not path.name.endswith(RECORD)}
    return tuple(library / name for name in sorted(names) if (library / name).is_file())


def find(library: Path, id: str, language: str | None = None) -> LibraryRecord | None:
    """Return the record of a document, in this language or in the first that exists; None when there is none.

    Raises DataError when a record of that document cannot be used.
    """
    found, damaged = scan(library)
    for each in found.values():
        if each.id == id and language in (None, each.language):
            return each
    _refuse_damaged(damaged, id)
    return None


def texts_of(library: Path, id: str) -> tuple[LibraryRecord, ...]:
    """Return the records of a document in all its languages. Raises DataError where one of them cannot be used."""
    found, damaged = scan(library)
    _refuse_damaged(damaged, id)
    return tuple(each for each in found.values() if each.id == id)


def _refuse_damaged(damaged: tuple[Unreadable, ...], id: str) -> None:
    """Raise DataError when a record of the document `id` is among the unusable ones."""
    for fault in damaged:
        if fault.id.split(".")[0] == id:
            raise DataError(f"'{id}' {fault.what}.", where=f"library/{fault.file}", do=fault.do)


def checked(record: LibraryRecord, library: Path) -> Path:
    """Return the path of a record's file, after checking its hash. Raises DataError when it is missing or has
    changed."""
    path = library / record.file
    if not path.exists():
        raise DataError("the file is missing.", where=record.file, do=f"Add it again: kb add FILE --as {record.id}")
    if sha256_of(path) != record.sha256:
        raise DataError(
            "the file has changed since it was added.",
            where=record.file,
            do="Restore it, or add it again with --replace.",
        )
    return path


def read_text(
    file: Path, source_id: str, *, title: str, style: str, force: Force, language: str, short: str = "", name: str = ""
) -> Document:
    """Read a file of any format as a document in a structure style; `name` is the file name in its places."""
    from kb.read import read

    return structured(
        read(file), source_id, title=title, style=style, force=force, language=language, short=short, name=name
    )


def structured(
    pages: Pages,
    source_id: str,
    *,
    title: str,
    style: str,
    force: Force,
    language: str,
    short: str = "",
    name: str = "",
) -> Document:
    """Convert pages to a document as `read_text` does, for a file that was already read."""
    from kb.structure import Meta, parse

    pages = pages.model_copy(update={"file": name or pages.file})
    meta = Meta(document=source_id, title=title, force=force)
    if style in ("treaty", "resolution"):
        meta |= {"short": short or None, "language": language}
    return parse(pages, style, **meta)


def document_of(record: LibraryRecord, library: Path, short: str = "") -> Document:
    """Read the file of a record as a document; `short` is its name in citations."""
    return read_text(
        checked(record, library),
        record.id,
        title=record.title,
        style=record.style,
        force=record.force,
        language=record.language,
        short=short or record.short,
        name=record.file,
    )


def read_now(_: Mapping[str, object], make: Callable[[], Document]) -> Document:
    """Return `make()`: the reading without a cache, whose first argument (the facts) is not needed."""
    return make()


def facts_of(record: LibraryRecord) -> dict[str, object]:
    """Return the facts on which the document of a record depends: the hash of its file, and the fields of the record
    that affect reading."""
    return record.model_dump(mode="json", exclude={"bytes", "added", "origin", "warnings", "seal"})


def documents(
    library: Path,
    kind: str | None = None,
    on_fault: Callable[[Unreadable], None] | None = None,
    skip: str = "",
    reading: ReadOnce = read_now,
) -> Iterator[Document]:
    """Yield every file of the library as it is indexed, official texts under ids of their own.

    The register's entries are `crpd/art33/2`; the treaty's own text is `crpd-text/art33/2`, and in another language
    `crpd-text-es/art33/2`, so that both can be found and are never confused. With `kind`, only records of that kind. A
    file that cannot be read is passed to `on_fault` and left out; when that is None, its error is raised. The record at
    the path `skip` is ignored.
    """
    found, damaged = scan(library)
    found.pop(skip, None)
    damaged = tuple(each for each in damaged if each.file != skip)
    if on_fault is None and damaged:
        raise DataError(f"'{damaged[0].id}' {damaged[0].what}", where=damaged[0].file, do=damaged[0].do)
    for fault in damaged:
        on_fault(fault)  # type: ignore[misc]
    for record in found.values():
        if kind not in (None, record.kind):
            continue
        try:
            checked(record, library)
            document = reading(facts_of(record), partial(_indexed, record, library))
        except (MemoryError, OSError):
            raise  # caused by the machine, not by the file: a file left out now could be read tomorrow
        except Exception as error:
            if on_fault is None:
                raise
            on_fault(unreadable_for(record, error))
        else:
            yield document


def _indexed(record: LibraryRecord, library: Path) -> Document:
    return in_index(document_of(record, library), record)


def in_index(document: Document, record: LibraryRecord) -> Document:
    """Return the document of a library file as it is indexed: with its id and tags."""
    return _official(document, record) if record.kind == "official-text" else _national(document, record)


def _national(document: Document, record: LibraryRecord) -> Document:
    """Give the passages of a policy the tag of the country."""
    tag = Tag(facet="country", id=record.country or "", origin="rule:library")
    return (
        document.model_copy(
            update={
                "passages": tuple(each.model_copy(update={"tags": (*each.tags, tag)}) for each in document.passages)
            }
        )
        if record.country
        else document
    )


def _official(document: Document, record: LibraryRecord) -> Document:
    """Give an official text its own id, and its passages the tag of the instrument."""
    tag = Tag(facet="instrument", id=record.id, origin="rule:library")
    moved = renamed(document, text_id(record))
    sentence = f"{record.title}, " + (
        "official text" if is_main(record.language) else f"text in {name_of(record.language)}"
    )
    return moved.model_copy(
        update={
            "passages": tuple(
                each.model_copy(update={"tags": (*each.tags, tag), "citation": f"{each.citation}, {sentence}"})
                for each in moved.passages
            )
        }
    )


def text_id(record: LibraryRecord) -> str:
    """Return the id under which an official text is indexed."""
    return f"{record.id}-text" + (f"-{record.language}" if not is_main(record.language) else "")


def renamed(document: Document, id: str) -> Document:
    """Return the document with another id, also in the ids of its passages and sections."""

    def moved(old: str | None) -> str | None:
        """Return an identifier with the new document id; None for None."""
        return f"{id}{old.removeprefix(document.id)}" if old else None

    passages = tuple(
        each.model_copy(update={"id": moved(each.id), "document": id, "parent": moved(each.parent)})
        for each in document.passages
    )
    sections = tuple(each.model_copy(update={"id": moved(each.id)}) for each in document.sections)
    return document.model_copy(update={"id": id, "passages": passages, "sections": sections})
