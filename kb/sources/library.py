"""The user's library: official texts and policies that were added, each with a record of what it is and where it came from.

A file and its record `<name>.record.json` stand side by side under `official/` or `policies/`; the record is written
last, so that a file without one is an interrupted copy and is not used. Nothing is changed in place.
"""
from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, ValidationError

from kb.errors import DataError, InputError, NotFound, RefusedError
from kb.files import replacing
from kb.models import Document, Force, Model, Tag
from kb.sources.manifest import Source
from kb.text import sha256_of, slug

Status = Literal["in-force", "adopted", "draft", "repealed", "unknown"]
_RECORD = ".record.json"


class Record(Model):
    """One file of the library."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    kind: Literal["official-text", "policy"]
    title: str
    file: str = Field(description="path below the library folder")
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
    status: Status | None = Field(None, description="standing of the text as the user says; policies only")
    warnings: tuple[str, ...] = Field((), description="what the check of the file said when it was added")


def add_text(file: Path, source: Source, library: Path, *, origin: str = "", language: str = "",
             warnings: tuple[str, ...] = (), replace: bool = False) -> Record:
    """Copy an official text into the library; its record.

    Raises NotFound for a missing file, InputError for an empty one, RefusedError where another text of the same
    document and language is there and `replace` is not set. Adding the same bytes again changes nothing.
    """
    language = language or source.language
    name = source.id if language == source.language else f"{source.id}.{language}"
    record = _record(file, f"official/{name}", id=source.id, kind="official-text", title=source.title, language=language,
                     style=source.style, force=source.force, origin=origin or file.name, short=source.cite_as,
                     warnings=warnings)
    return _store(file, record, library, replace)


def add_policy(file: Path, library: Path, *, country: str, title: str, date: str, status: str, language: str = "en",
               style: str = "generic", id: str = "", origin: str = "", replace: bool = False) -> Record:
    """Copy a policy into the library; its record.

    Raises InputError where country, title, date or status is missing or no code or date, else as `add_text`.
    """
    _check_policy(country, title, date, status)
    name = id or slug(f"{country} {title}", words=8) or country.lower()
    record = _record(file, f"policies/{name}", id=name, kind="policy", title=title, language=language, style=style,
                     force="national-measure", origin=origin or file.name, country=country.upper(), date=date, status=status)
    return _store(file, record, library, replace)


def _check_policy(country: str, title: str, date: str, status: str) -> None:
    """What a policy's record must have."""
    if not re.fullmatch(r"[A-Za-z]{3}", country):
        raise InputError(f"'{country}' is no country code.", do="Give the three letters of ISO 3166-1, e.g. --country KEN.")
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", date):
        raise InputError(f"'{date}' is no date.", do="Give --date as 2011, 2011-05 or 2011-05-30.")
    if not title.strip():
        raise InputError("a policy needs a title.", do='Give --title "...".')
    if status not in get_args(Status):
        raise InputError(f"'{status}' is no standing.", do=f"Give --status as one of: {', '.join(get_args(Status))}.")


def _record(file: Path, name: str, **fields: object) -> Record:
    """A record of `file` as it is now."""
    if not file.is_file():
        raise NotFound("there is no such file.", where=str(file), do="Check the path.")
    if not file.stat().st_size:
        raise InputError("the file is empty.", where=str(file), do="Get the text again.")
    added = datetime.now(UTC).isoformat(timespec="seconds")
    return Record(file=f"{name}{file.suffix.lower()}", sha256=sha256_of(file), bytes=file.stat().st_size, added=added,
                  **fields)  # type: ignore[arg-type]


def _store(file: Path, record: Record, library: Path, replace: bool) -> Record:
    """Copy, prove the copy, then write the record."""
    old = next((each for each in records(library) if each.id == record.id and each.language == record.language), None)
    if old and old.sha256 == record.sha256:
        return old
    if old and not replace:
        raise RefusedError(f"another text of '{record.id}' is in the library (added {old.added}).", where=old.file,
                           do="Add --replace to put this one in its place.")
    target = library / record.file
    with replacing(target) as beside:
        shutil.copyfile(file, beside)
        if sha256_of(beside) != record.sha256:
            raise InputError("the file changed while it was copied.", where=str(file), do="Try again.")
        if old:
            remove(old, library)
    _write(record, library)
    return record


def _write(record: Record, library: Path) -> None:
    """Write a record in one step."""
    target = library / f"{record.file}{_RECORD}"
    with replacing(target) as beside:
        beside.write_text(json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def remove(record: Record, library: Path) -> None:
    """Take a file and its record out of the library, the record first."""
    (library / f"{record.file}{_RECORD}").unlink(missing_ok=True)
    (library / record.file).unlink(missing_ok=True)


def records(library: Path) -> tuple[Record, ...]:
    """Every record, by file. Raises DataError for a record that cannot be read."""
    return tuple(_read(path) for path in sorted(library.glob(f"*/*{_RECORD}")) if not path.name.startswith("."))


def _read(path: Path) -> Record:
    """One record."""
    try:
        return Record.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise DataError(f"no valid record: {error}", where=str(path), do="Remove it and add the file again.") from error


def find(library: Path, id: str, language: str | None = None) -> Record | None:
    """The record of a document, in one language or in the first there is."""
    return next((each for each in records(library) if each.id == id and language in (None, each.language)), None)


def checked(record: Record, library: Path) -> Path:
    """The file of a record, its bytes proved by hash. Raises DataError when it is missing or has changed."""
    path = library / record.file
    if not path.exists():
        raise DataError("the file is missing.", where=record.file, do=f"Add it again: kb add FILE --as {record.id}")
    if sha256_of(path) != record.sha256:
        raise DataError("the file has changed since it was added.", where=record.file,
                        do="Restore it, or add it again with --replace.")
    return path


def read_text(file: Path, source_id: str, *, title: str, style: str, force: Force, language: str, short: str = "",
              name: str = "") -> Document:
    """A file of any format as a document of a structure style; `name` is what places record as its file."""
    from kb.read import read
    from kb.structure import parse

    pages = read(file)
    pages = pages.model_copy(update={"file": name or pages.file})
    more = {"short": short or None, "language": language} if style in ("treaty", "resolution") else {}
    return parse(pages, style, document=source_id, title=title, force=force, **more)


def document_of(record: Record, library: Path, short: str = "") -> Document:
    """A file of the library as a document."""
    return read_text(checked(record, library), record.id, title=record.title, style=record.style, force=record.force,
                     language=record.language, short=short or record.short, name=record.file)


def documents(library: Path, kind: str | None = None) -> Iterator[Document]:
    """Every file of the library as a document of the index, official texts under an id of their own.

    The register's entries are `crpd/art33/2`; the words of the treaty beside them are `crpd-text/art33/2`, and in
    another language `crpd-text-es/art33/2`, so that both can be found and are never taken for each other.
    """
    for record in records(library):
        if kind in (None, record.kind):
            document = document_of(record, library)
            yield _official(document, record) if record.kind == "official-text" else _national(document, record)


def _national(document: Document, record: Record) -> Document:
    """A policy, its passages found by the state they are of."""
    tag = Tag(facet="country", id=record.country or "", origin="rule:library")
    return document.model_copy(update={"passages": tuple(
        each.model_copy(update={"tags": (*each.tags, tag)}) for each in document.passages)}) if record.country else document


def _official(document: Document, record: Record) -> Document:
    """An official text under its own id, its passages found by the instrument they are of."""
    tag = Tag(facet="instrument", id=record.id, origin="rule:library")
    moved = renamed(document, text_id(record))
    said = f"{record.title}, " + ("official text" if record.language == "en" else f"text in '{record.language}'")
    return moved.model_copy(update={"passages": tuple(
        each.model_copy(update={"tags": (*each.tags, tag), "citation": f"{each.citation}, {said}"})
        for each in moved.passages)})


def text_id(record: Record) -> str:
    """The id of an official text in the index."""
    return f"{record.id}-text" + (f"-{record.language}" if record.language != "en" else "")


def renamed(document: Document, id: str) -> Document:
    """The document under another id, its passages and sections with it."""
    def moved(old: str | None) -> str | None:
        """The identifier under the new document id."""
        return f"{id}{old.removeprefix(document.id)}" if old else None

    passages = tuple(each.model_copy(update={"id": moved(each.id), "document": id, "parent": moved(each.parent)})
                     for each in document.passages)
    sections = tuple(each.model_copy(update={"id": moved(each.id)}) for each in document.sections)
    return document.model_copy(update={"id": id, "passages": passages, "sections": sections})
