"""REFI-QDA projects read back: our rows as they were, with what was coded since; another program's selections as rows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from pydantic import ValidationError

from kb.coding.codebook import Code, Codebook, code_id
from kb.coding.codebook_qdc import codes_from
from kb.coding.safexml import local, parse_xml
from kb.errors import InputError
from kb.export.importing import refused
from kb.export.offsets import stand_of
from kb.export.qdpx import RECORD, guid
from kb.export.rows import Row
from kb.export.zips import open_zip
from kb.models import Span, Tag
from kb.text import bare


@dataclass
class Project:
    """What a project file holds."""

    codebook: Codebook
    users: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


def _guid(raw: str | None) -> str:
    return (raw or "").strip("{}").lower()


def _positions(selection: etree._Element) -> Span:
    return int(selection.get("startPosition")), int(selection.get("endPosition"))


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if local(child) == name]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next(iter(_children(element, name)), None)


def _term(name: str, path: str) -> str:
    """The name where the path was made from it, else the path: another program's names, our slugs."""
    return name if code_id(name) == path else path


def _facets(codes: list[Code]) -> dict[str, tuple[str, str]]:
    """Facet and term of each code by GUID: the code at the top, and the rest of its path (its own name at the top)."""
    named = {code.id: code for code in codes}
    found = {}
    for code in codes:
        top = code
        while top.parent is not None:
            top = named[top.parent]
        rest = code.id.removeprefix(f"{top.id}/") if code is not top else code.name
        found[code.guid] = (_term(top.name, top.id), _term(code.name, rest))
    return found


class _Coded:
    """A row and what its selections say: which of its codings are still there, and which were made elsewhere."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.added: list[Tag] = []
        self._kept: set[str] = set()
        self._codings = [
            guid("coding", row.id, str(at), tag.facet, tag.id, tag.origin) for at, tag in enumerate(row.tags)
        ]

    def holds(self, selection: etree._Element) -> bool:
        """Whether the selection is a further one of this row: our GUID is made from the row and the positions."""
        span = _positions(selection)
        return _guid(selection.get("guid")) == guid("selection", self._row.id, str(span)) and not _records(
            "".join(selection.itertext())
        )

    def keep(self, coding: str) -> bool:
        """Note that the coding is there; False when it is none of this row's."""
        self._kept.add(coding)
        return coding in self._codings

    def row_now(self) -> Row:
        """The row without the tags whose codings were deleted elsewhere, and with the codings that were made there."""
        tags = [tag for tag, own in zip(self._row.tags, self._codings) if tag.state == "rejected" or own in self._kept]
        return self._row.model_copy(update={"tags": (*tags, *self.added)})


class _Reader:
    """One project being read."""

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self._archive, self._where = archive, where
        name = next((n for n in archive.namelist() if n.endswith(".qde") and "/" not in n), None)
        if name is None:
            raise InputError("holds no .qde project file.", where=where, do="Export the project again.")
        self._root = parse_xml(archive.read(name), f"{where}:{name}")
        if local(self._root) != "Project":
            raise InputError(
                f"its root element is {local(self._root)}, not Project.", where=where, do="Export it again."
            )
        self._users = {
            _guid(user.get("guid")): user.get("name") or "unnamed"
            for users in _children(self._root, "Users")
            for user in _children(users, "User")
        }
        book = _child(self._root, "CodeBook")
        container = _child(book, "Codes") if book is not None else None
        self._codes = codes_from(container, Path(where).stem, where) if container is not None else []
        self._facets = _facets(self._codes)

    def project(self) -> Project:
        """Everything that is read."""
        stem = Path(self._where).stem
        book = Codebook(id=stem, title=self._root.get("name") or stem, version="1", codes=tuple(self._codes))
        return Project(
            book,
            self._users,
            [
                row
                for sources in _children(self._root, "Sources")
                for source in _children(sources, "TextSource")
                for row in self._rows(source)
            ],
        )

    def _text(self, source: etree._Element) -> str:
        inline = _child(source, "PlainTextContent")
        if inline is not None:
            return "".join(inline.itertext())
        path = (source.get("plainTextPath") or "").removeprefix("internal://")
        name = next((n for n in self._archive.namelist() if n.lower() == f"sources/{path}".lower()), None)
        if not path or name is None:
            raise InputError(
                f"the source '{source.get('name')}' names the file '{path}', which is not in the project.",
                where=self._where,
                do="Export the project with its sources.",
            )
        try:
            return self._archive.read(name).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{name} is not UTF-8 (byte {error.start}).",
                where=self._where,
                do="Save the source as UTF-8 plain text and export again.",
            ) from error

    def _rows(self, source: etree._Element) -> Iterator[Row]:
        text = self._text(source)
        about = _child(source, "Description")
        yield from map(self._row, _records("".join(about.itertext()) if about is not None else ""))
        found: list[_Coded] = []
        for selection in _children(source, "PlainTextSelection"):
            self._check_positions(selection, text)
            if not (found and found[-1].holds(selection)):
                found.append(_Coded(self._row_of(selection, source, text)))
            for coding in _children(selection, "Coding"):
                if not found[-1].keep(_guid(coding.get("guid"))):
                    found[-1].added.append(self._tag(coding))
        yield from (coded.row_now() for coded in found)

    def _row_of(self, selection: etree._Element, source: etree._Element, text: str) -> Row:
        start, end = _positions(selection)
        described = _child(selection, "Description")
        records = _records("".join(described.itertext())) if described is not None else []
        if records:
            row = self._row(records[0])
            self._same_words(row, text, selection)
            return row
        name = source.get("name") or _guid(source.get("guid"))
        return Row(
            id=_guid(selection.get("guid")) or f"{name}/{selection.sourceline}",
            document=name,
            title=name,
            text=text[start:end],
            citation=selection.get("name") or "",
        )

    def _check_positions(self, selection: etree._Element, text: str) -> None:
        try:
            start, end = _positions(selection)
        except (TypeError, ValueError) as error:
            raise InputError(
                f"line {selection.sourceline}: a selection has no positions.",
                where=self._where,
                do="Export the project again.",
            ) from error
        if not 0 <= start <= end <= len(text):
            raise InputError(
                f"line {selection.sourceline}: the selection {start}–{end} is not in its source of "
                f"{len(text):,} characters.",
                where=self._where,
                do="Export the project with the sources that it was coded on.",
            )

    def _same_words(self, row: Row, text: str, selection: etree._Element) -> None:
        span = _positions(selection)
        stand = stand_of(row, text)
        words = text[span[0] : span[1]]
        if bare(words) != bare(row.text) and not (stand.text is text and span == (stand.start, stand.end)):
            raise InputError(
                f"line {selection.sourceline}: the selection of {row.id} holds other words than its "
                f"record: '{words[:60]}'.",
                where=self._where,
                do="The source was changed; export again.",
            )

    def _row(self, record: str) -> Row:
        try:
            return Row.model_validate_json(record)
        except ValidationError as error:
            raise InputError(refused(error), where=self._where, do="Export the project again.") from error

    def _tag(self, coding: etree._Element) -> Tag:
        reference = _child(coding, "CodeRef")
        target = _guid(reference.get("targetGUID")) if reference is not None else ""
        if target not in self._facets:
            raise InputError(
                f"line {coding.sourceline}: a coding names the code {target or '(none)'}, which is not in "
                "the codebook.",
                where=self._where,
                do="Export the project with its codebook.",
            )
        facet, term = self._facets[target]
        user = self._users.get(_guid(coding.get("creatingUser")), "unnamed")
        origin = user if user.split(":")[0] in ("person", "rule", "model") else f"person:{user}"
        return Tag(facet=facet, id=term, origin=origin, state="proposed" if origin[0] != "p" else "confirmed")


def _records(description: str) -> list[str]:
    return [line.removeprefix(RECORD) for line in description.split("\n") if line.startswith(RECORD)]


def read_project(path: Path) -> Project:
    """The codebook, users and rows of a .qdpx file.

    Raises InputError for a broken or dangerous zip or XML, a missing source, a foreign encoding, an offset outside its
    source, a selection whose words are not those of its record, and a coding without a code.
    """
    with open_zip(path) as archive:
        return _Reader(archive, str(path)).project()


def read_qdpx(path: Path) -> Iterator[Row]:
    """The rows of a .qdpx file."""
    yield from read_project(path).rows
