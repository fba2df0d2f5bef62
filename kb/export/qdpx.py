"""Write REFI-QDA project files (.qdpx): a zip with project.qde and the sources as plain text, for NVivo, MAXQDA,
ATLAS.ti.

The format is REFI-QDA 1.5, namespace urn:QDA-XML:project:1.0. Project contains Users, CodeBook, Sources, Notes and
Description, in this order. A TextSource names its file internal://GUID.txt in the folder sources/. A
PlainTextSelection has positions in Unicode code points, end exclusive, and contains Codings, each with a CodeRef and
the user who made it.

Users are people. A coding that a rule or a model proposed has no user, and the selection's description gives its
origin, so that it is never taken for a person's. A rejected tag is not written as a coding; it is stored in the
selection's description with all other values for which the format has no element. A code of a complete source is a
coding of the source itself. A person's memo on a code is a Note that its Coding refers to; on a rejected code, it is
a Note on the selection.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lxml import etree

from kb.coding.cells import json_in_xml, printable
from kb.coding.codebook import Code, Codebook, code_id, guid_of
from kb.coding.codebook_qdc import code_elements
from kb.coding.own import OWN, TOP, own_name, tag_path
from kb.coding.safexml import XSI
from kb.export.cases import write_cases
from kb.export.job import ExportJob, MemoOf
from kb.export.offsets import SourceLocation, location_of
from kb.export.refi import NS, element, guid
from kb.export.rows import Row, is_document, words_of
from kb.export.spool import Spool
from kb.export.zips import streamed
from kb.models import OWN_MARK, Span, Tag, marked

_SCHEMA = f"{NS} http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"
RECORD = "Record: "  # the line of a selection's description that holds the row as JSON
_GAP = "\n\n"
_PERSON = "person:"
_NAME = 250  # characters of a name; some programs refuse longer ones


def book_for(tags: Iterable[tuple[str, str]], given: Codebook | None) -> Codebook:
    """Return the codebook of the export: `given`, with a code without definition added for every (facet, id) in
    `tags` that it does not have. A researcher's own codes get the names that people typed."""
    scheme = given.id if given else "kb"
    codes = {code.id: code for code in (given.codes if given else ())}
    names = {(code.parent, code.name) for code in codes.values()}
    for facet, term in sorted(tags):
        top, path, own = code_id(facet), tag_path(facet, term), facet == OWN
        codes.setdefault(top, Code(id=top, guid=guid_of(scheme, top), name=TOP if own else facet, codable=False))
        if path not in codes:
            called = own_name(term) if own else term
            name = f"{called} ({path})" if (top, called) in names else called
            codes[path] = Code(id=path, guid=guid_of(scheme, path), name=name, parent=top)
    head = given.model_dump(exclude={"codes"}) if given else {"id": scheme, "title": "Tags", "version": "1"}
    return Codebook(**{**head, "codes": tuple(codes.values())})


@dataclass
class _Marks:
    """The GUIDs that codings refer to: those of codes, and those of notes with people's memos written so far."""

    codes: dict[tuple[str, str], str]
    memo_of: MemoOf
    notes: dict[str, etree._Element] = field(default_factory=dict)

    def note(self, row: Row, tag: Tag, coding: str) -> str:
        """Return the GUID of the note with the memo on a coding or on a rejected code (then the note's name says
        so); '' if there is no memo."""
        memo = printable(self.memo_of(row.id, tag)) if tag.origin.startswith(_PERSON) else ""
        if not memo:
            return ""
        made = guid("note", coding)
        rejected = f"{tag.facet}: {tag.id} does not apply" if tag.state == "rejected" else ""
        name = printable(rejected or " ".join(memo.split()))[:_NAME]
        note = element("Note", guid=made, name=name, creatingUser=guid("user", tag.origin))
        etree.SubElement(note, f"{{{NS}}}PlainTextContent").text = memo
        self.notes[made] = note
        return made


class _Source:
    """One source of the project: its plain text, and the location of each row in it.

    The text is that of the source if it is available and contains every row; otherwise the texts of the rows one
    below another, which the source's description states.
    """

    def __init__(self, document: str, spool: Spool, held: str | None) -> None:
        self.document, self.guid, self._spool = document, guid("source", document), spool
        complete = held is not None and all(location_of(row, held).text is held for row in self.rows())
        self._held = held if complete else None

    def rows(self) -> Iterator[Row]:
        """Yield the rows that have text and so a location in the source."""
        return (row for row in self._spool.of(self.document) if row.words)

    def wordless(self) -> Iterator[Row]:
        """Yield the rows without text."""
        return (row for row in self._spool.of(self.document) if not row.words)

    def text(self) -> Iterator[str]:
        """Yield the plain text, part by part."""
        if self._held is not None:
            yield self._held
            return
        for row in self.rows():
            yield _before(row) + row.words + _GAP

    def located_rows(self) -> Iterator[tuple[Row, SourceLocation]]:
        """Yield each row with its place in the plain text."""
        at = 0
        for row in self.rows():
            if self._held is not None:
                yield row, location_of(row, self._held)
                continue
            at += len(_before(row))
            yield row, SourceLocation(self.guid, "", at, at + len(row.words), range(at, at + len(row.words)))
            at += len(row.words) + len(_GAP)

    def description(self) -> str:
        """Return a description of the text, with a list of the rows that have no text in it."""
        first = next(self._spool.of(self.document))
        kept = (
            "excerpts only, one under another; not the whole source"
            if self._held is None
            else "the whole text of the source"
        )
        sha = f" sha256 {first.place.sha256}." if first.place else ""
        lines = [f"{self.document}: {kept}.{sha} {first.url}".strip(), *(_record(row) for row in self.wordless())]
        return printable("\n".join(lines))

    def name(self) -> str:
        """Return the title of the source."""
        return printable(next(self._spool.of(self.document)).title or self.document)


def _before(row: Row) -> str:
    """Return the text written before a row's own text: the label of own words, which no selection includes."""
    return OWN_MARK if row.wording == "own-words" else ""


def _record(row: Row) -> str:
    return RECORD + json_in_xml(row.model_dump_json())


def _describe(row: Row) -> str:
    memo = str(row.fields.get("memo") or "")
    parts = [row.citation, row.wording_words, row.force_words, row.where, row.url, memo, *row.notes]
    parts += map(words_of, row.tags)
    return printable("\n".join([*filter(None, parts), _record(row)]))


def _spans(row: Row, location: SourceLocation) -> Iterator[tuple[Span, list[tuple[int, Tag]]]]:
    """Yield the spans of a row that become selections, with their tags: its whole text first, then each other span of a
    tag."""
    all_words = (location.start, location.end)
    at: dict[tuple[int, int], list[tuple[int, Tag]]] = {all_words: []}
    for number, tag in enumerate(row.tags):
        at.setdefault(location.span(tag.span) if tag.span else all_words, []).append((number, tag))
    yield from at.items()


def _selection(row: Row, span: Span, tags: list[tuple[int, Tag]], marks: _Marks) -> etree._Element:
    made = element(
        "PlainTextSelection",
        guid=guid("selection", row.id, str(span)),
        name=printable(marked(row.citation or row.id, row.wording))[:_NAME],
        startPosition=str(span[0]),
        endPosition=str(span[1]),
    )
    made.extend(_codings(row, tags, marks))
    return made


def _codings(row: Row, tags: Iterable[tuple[int, Tag]], marks: _Marks) -> Iterator[etree._Element]:
    """Yield the codings of a row's tags, each with its memo. Rejected tags give none; a memo on one becomes a note on
    the words."""
    apart: list[etree._Element] = []
    for number, tag in tags:
        mine = guid("coding", row.id, str(number), tag.facet, tag.id, tag.origin)
        if tag.state == "rejected":
            if note := marks.note(row, tag, mine):
                apart.append(element("NoteRef", targetGUID=note))
            continue
        coding = element("Coding")
        if tag.origin.startswith(_PERSON):
            coding.set("creatingUser", guid("user", tag.origin))
        coding.set("guid", mine)
        etree.SubElement(coding, f"{{{NS}}}CodeRef", targetGUID=marks.codes[tag.facet, tag.id])
        if note := marks.note(row, tag, mine):
            etree.SubElement(coding, f"{{{NS}}}NoteRef", targetGUID=note)
        yield coding
    yield from apart  # after all codings: the order of the schema


def _selections(row: Row, location: SourceLocation, marks: _Marks) -> Iterator[etree._Element]:
    for at, (span, tags) in enumerate(_spans(row, location)):
        selection = _selection(row, span, tags, marks)
        if at == 0:
            description = element("Description")
            description.text = _describe(row)
            selection.insert(0, description)
        yield selection


def _write_source(file: etree._IncrementalFileWriter, source: _Source, marks: _Marks) -> None:
    attributes = {"guid": source.guid, "name": source.name(), "plainTextPath": f"internal://{source.guid}.txt"}
    with file.element(f"{{{NS}}}TextSource", attributes):
        with file.element(f"{{{NS}}}Description"):
            file.write(source.description())
        for row, location in source.located_rows():
            for selection in _selections(row, location, marks):
                file.write(selection)
        for row in filter(is_document, source.wordless()):
            for coding in _codings(row, enumerate(row.tags), marks):
                file.write(coding)


def _write_users(file: etree._IncrementalFileWriter, origins: Iterable[str]) -> None:
    with file.element(f"{{{NS}}}Users"):
        for origin in origins:
            name = printable(origin.removeprefix(_PERSON))
            file.write(element("User", guid=guid("user", origin), name=name))


def _write_codes(file: etree._IncrementalFileWriter, book: Codebook) -> None:
    held = element("CodeBook")
    code_elements(etree.SubElement(held, f"{{{NS}}}Codes"), book)
    file.write(held)


def _write_project(stream: IO[bytes], spool: Spool, sources: list[_Source], job: ExportJob) -> None:
    book = book_for(spool.tags, job.codebook)
    codes = {(facet, term): book.guid(tag_path(facet, term)) for facet, term in spool.tags}
    marks = _Marks(codes, job.memo_of)
    head = {
        "name": printable(f"{job.provenance.kind}: {job.provenance.asked_for}"),
        "origin": job.provenance.tool,
        f"{{{XSI}}}schemaLocation": _SCHEMA,
    }
    with etree.xmlfile(stream, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(f"{{{NS}}}Project", head, nsmap={None: NS, "xsi": XSI}):
            people = [origin for origin in spool.origins if origin.startswith(_PERSON)]
            if people:
                _write_users(file, people)
            if book.codes:
                _write_codes(file, book)
            known = {note.document: note for note in job.provenance.sources}
            write_cases(file, [(source.document, source.name()) for source in sources], known)
            with file.element(f"{{{NS}}}Sources"):
                for source in sources:
                    _write_source(file, source, marks)
            if marks.notes:
                with file.element(f"{{{NS}}}Notes"):
                    for note in marks.notes.values():
                        file.write(note)
            with file.element(f"{{{NS}}}Description"):
                about = (f"{label}: {' '.join(value.split())}" for label, value in job.provenance.lines())
                file.write(printable("\n".join(about)))


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write the project; rows are kept on disk."""
    with Spool(rows) as spool, zipfile.ZipFile(path, "w") as archive:
        sources = [_Source(document, spool, job.text_of(document)) for document in spool.documents()]
        with streamed(archive, "project.qde") as stream:
            _write_project(stream, spool, sources, job)
        for source in sources:
            with streamed(archive, f"sources/{source.guid}.txt") as stream:
                for part in source.text():
                    stream.write(part.encode("utf-8", "surrogatepass"))
