"""Read REFI-QDA projects: our own rows with what was coded since, and another program's selections as rows.

A part that cannot be read does not stop the rest: it is counted with its reason (`Project.not_taken`). A project of
which nothing can be read is refused with these reasons.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from pydantic import ValidationError

from kb.amounts import some
from kb.coding.codebook import Codebook
from kb.coding.codebook_qdc import codes_from
from kb.coding.codebook_refi import normal_guid, under_sets
from kb.coding.safexml import local, parse_xml
from kb.errors import InputError
from kb.export.cases import cases_in
from kb.export.coded import WHOLE
from kb.export.importing import refused
from kb.export.importing_refi import (
    NAMED,
    OTHERS,
    SELECTED,
    TEXTS,
    UNNAMED,
    WORDED,
    CodedRow,
    as_words,
    codings_in,
    decoded,
    facets_of,
    file_in,
    located,
    note_refs,
    others_in,
    records,
    renamed,
    selections,
    span_of,
    sync_points,
    users_in,
)
from kb.export.offsets import location_of
from kb.export.project import Attributed, NotTaken, Project
from kb.export.refi import child, children, words_in
from kb.export.rows import Row, is_document
from kb.export.zips import open_zip
from kb.models import Place, Span, Tag
from kb.text import bare, sha256_text

TAKEN_OVER = "the machine proposed it, and the program wrote '{}' as its maker; give it here if it is a person's word"


@dataclass(frozen=True)
class _SourceFacts:
    """Known facts about a source of the project when its text is read: its name, the matching document here, and its
    text's hash."""

    name: str
    document: str = ""
    title: str = ""
    sha256: str = ""


class _ProjectReader:
    """Reader of one open project: its tables of users, codes and notes, what was read so far, and what could not be
    read."""

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
        self._users = users_in(user for users in children(self._root, "Users") for user in children(users, "User"))
        book, scheme = child(self._root, "CodeBook"), Path(where).stem
        container = child(book, "Codes") if book is not None else None
        codes = codes_from(container, scheme, where) if container is not None else []
        self._codes = under_sets(codes, self._root, scheme)
        self._facets = facets_of(self._codes)
        self._not_taken: list[NotTaken] = []
        self._texts: dict[str, str] = {}
        self._digests: dict[etree._Element, str] = {}  # part to the hash of its text
        self._names: dict[str, str] = {}
        self._memos: dict[str, dict[int, str]] = {}
        self._notes = {normal_guid(note.get("guid")): note for note in self._root.iter("{*}Note")}
        self._notes_taken: set[str] = set()  # notes that came in with a coding
        self._sources: dict[str, _SourceFacts] = {}  # by GUID

    def project(self) -> Project:
        """Return everything that can be read. Raises InputError if there is content but none of it can be read."""
        stem = Path(self._where).stem
        book = Codebook(id=stem, title=self._root.get("name") or stem, version="1", codes=tuple(self._codes))
        coded = [(guid, note) for guid, note in self._notes.items() if codings_in(note)]
        self._notes_taken.update(guid for guid, _ in coded)
        sources = [source for held in children(self._root, "Sources") for source in held]
        rows = [row for source in (*sources, *(note for _, note in coded)) for row in self._source(source)]
        if self._not_taken and not any(row.tags or row.citation for row in rows):
            first = self._not_taken[0]
            raise InputError(f"{first.where}: {first.why}.", where=self._where, do="Mend it and export again.")
        attributes = self._attributes()
        others = (f"{n} {OTHERS[kind]}" for kind, n in others_in(self._root, self._notes_taken).items())
        for why in (*others, *renamed(self._codes, self._users, rows)):
            self._leave("project", 0, why)
        return Project(book, self._users, rows, self._not_taken, self._texts, self._names, self._memos, attributes)

    def _attributes(self) -> list[Attributed]:
        """Return the attributes of the project's sources; those of cases that cannot be taken are recorded with the
        reason."""
        cases = cases_in(self._root)
        for left in cases.left_out:
            self._not_taken.append(
                NotTaken(where=left.case, codings=left.number, why=left.reason, what="parts of a case")
            )
        found = []
        for each in cases.attributes:
            source = self._sources.get(each.source)
            if source is None:
                why = f"its attribute {each.name} is of a source that is not in the project"
                self._not_taken.append(NotTaken(where=each.case, codings=1, why=why, what="attributes"))
                continue
            case = "" if each.case == source.title[:250] else each.case  # the case that we made of the source
            own = each.model_copy(update={"case": case})
            found.append(Attributed(attribute=own, where=source.name, document=source.document, sha256=source.sha256))
        return found

    def _source(self, source: etree._Element) -> Iterator[Row]:
        """Yield the rows of a source of any kind: of its words, and of codes on the whole source."""
        name = source.get("name") or normal_guid(source.get("guid"))
        parts = [source] if local(source) in TEXTS else [p for p in source if local(p) in WORDED]
        self._find_areas(source, parts)
        rows = [row for part in parts for row in self._text_rows(part, name)]
        known = self._known(source, rows, parts)
        yield from self._document_row(source, known, next(filter(is_document, rows), None))
        yield from (row for row in rows if not is_document(row))
        for each in source:
            if local(each) in SELECTED and codings_in(each):
                self._leave(name, codings_in(each), SELECTED[local(each)])
        kinds = (*TEXTS, "PDFSource", "PictureSource", "AudioSource", "VideoSource")
        if local(source) not in kinds and codings_in(source):
            self._leave(name, codings_in(source), f"sources of the kind {local(source)} are not read")

    def _find_areas(self, source: etree._Element, parts: list[etree._Element]) -> None:
        """Turn areas of pages and pictures into text selections where their own text, or their name, occurs exactly
        once in the source's text."""
        areas = [each for each in source if local(each) in ("PDFSelection", "PictureSelection") and codings_in(each)]
        for part in parts if areas else ():
            try:
                text = self._text(part)
            except InputError:
                continue  # reported where the part is read
            for area in areas:
                if area.getparent() is source and (span := self._area(area, text)):
                    part.append(as_words(area, span))
                    source.remove(area)

    def _area(self, area: etree._Element, text: str) -> Span | None:
        own = child(area, "Representation")
        try:
            return located(self._text(own), text) if own is not None else located(area.get("name") or "", text, NAMED)
        except InputError:
            return None

    def _leave(self, name: str, codings: int, why: str) -> None:
        self._not_taken.append(NotTaken(where=name, codings=codings, why=why))

    def _known(self, source: etree._Element, rows: list[Row], parts: list[etree._Element]) -> _SourceFacts:
        """Return the facts about a source: its name, our document (if one of its `rows` is from our export), and the
        hash of the text of its `parts` (if it could be read). The facts are also stored under the source's GUID."""
        name, own = source.get("name") or normal_guid(source.get("guid")), next((r for r in rows if _ours(r)), None)
        texts = [digest for part in parts if (digest := self._digests.get(part)) is not None]
        document, title = (own.document, own.title) if own else ("", "")
        known = _SourceFacts(name, document, title, texts[0] if texts else "")
        self._sources[normal_guid(source.get("guid"))] = known
        return known

    def _document_row(self, source: etree._Element, known: _SourceFacts, ours: Row | None) -> Iterator[Row]:
        """Yield the row for codes given to a source as a whole: to the source element, or to the text elements in it.
        Yield nothing if there are none, unless `ours`, the row of our own export, is given."""
        place = Place(file=known.name, sha256=known.sha256) if known.sha256 else None
        id, title = known.document or normal_guid(source.get("guid")) or known.name, known.title or known.name
        row = ours or Row(id=id, document=known.document or known.name, title=title, notes=(WHOLE,), place=place)
        coded = CodedRow(row, (0, 0))
        for each in (source, *(part for part in source if local(part) in WORDED)):
            self._code(each, [(coded, None)], known.name)
        self._settle(coded, known.name)
        if ours or coded.row_now().tags:
            yield coded.row_now()

    def _text(self, part: etree._Element) -> str:
        """Return the decoded text of a source. Raises InputError if it is not in the project, or has another
        encoding than UTF-8 or UTF-16."""
        inline = child(part, "PlainTextContent")
        if inline is not None:
            return words_in(inline)
        path = part.get("plainTextPath") or ""
        if not path.removeprefix("internal://"):
            raise InputError("has no plain text, in which places are counted")
        name = file_in(self._archive.namelist(), path)
        if name is None:
            raise InputError(f"names the file '{path.removeprefix('internal://')}', which is not in the project")
        try:
            return decoded(self._archive.read(name))
        except UnicodeDecodeError as error:
            raise InputError(f"{name} is not UTF-8 (byte {error.start})") from error

    def _text_rows(self, part: etree._Element, name: str) -> Iterator[Row]:
        """Yield the rows of a text: the rows that our export recorded, with the codes given since, and a row for each
        other selection of words."""
        yield from map(self._row, records(words_in(child(part, "Description"))))
        try:
            text = self._text(part)
        except InputError as error:
            self._leave(name, sum(map(codings_in, selections(part))), error.what)
            return
        digest = sha256_text(text)
        self._texts[digest], self._names[digest], self._digests[part] = text, name, digest
        found: list[CodedRow] = []
        for selection in selections(part):
            try:
                self._selection(selection, found, (name, text, digest), sync_points(part))
            except InputError as error:
                self._leave(name, codings_in(selection), error.what)
        for coded in found:
            self._settle(coded, name)
            yield coded.row_now()

    def _settle(self, coded: CodedRow, name: str) -> None:
        """Remove from a row the codes that may be the machine's (recorded as not taken), and remember the memos on the
        others. `name` is the source's name."""
        for tag in coded.drop_taken_over():
            self._leave(name, 1, f"{coded.row.id} {tag.facet}:{tag.id}: {TAKEN_OVER.format(tag.origin[7:])}")
        self._memos |= {coded.row.id: memos} if (memos := coded.memos_now()) else {}

    def _selection(
        self, selection: etree._Element, found: list[CodedRow], source: tuple[str, str, str], synced: Mapping[str, int]
    ) -> None:
        """Add the codes of a selection to the row it belongs to, or to those of our rows in `found` that it covers;
        otherwise append a new row to `found`. `source` is (name, text, hash of the text); `synced` maps sync points to
        offsets. Raises InputError if its words are not at its positions."""
        name, text, digest = source
        span = self._span(selection, text, synced)
        if found and found[-1].holds(selection, span):
            self._code(selection, [(found[-1], None)], name)
            return
        described = records(words_in(child(selection, "Description")))
        if described:
            row = self._row(described[0])
            self._same_words(row, text, span, selection)
            found.append(CodedRow(row, span))
            self._code(selection, [(found[-1], None)], name)
            return
        if not text[span[0] : span[1]].strip() and codings_in(selection):  # a row of ours may have no words
            problem = f"the selection {span[0]}–{span[1]} holds no words"
            raise InputError(f"line {selection.sourceline}: {problem}")
        inside = [(each, part) for each in found if each.ours and (part := each.part(span, text)) is not False]
        if not inside:
            found.append(CodedRow(self._foreign(selection, span, source, digest), span))
            inside = [(found[-1], None)]
        self._code(selection, inside, name)

    def _code(self, selection: etree._Element, rows: list[tuple[CodedRow, Span | None]], name: str) -> None:
        """Add the codings of a selection to `rows`, each given with the coded span (None: all of its text). Remarks on
        rejected codes are stored first, and removed from the selection."""
        for coded, _ in rows:
            for mine, ref in coded.rejections(selection):
                coded.remark(mine, self._remarks([normal_guid(ref.get("targetGUID"))]))
                selection.remove(ref)  # it is no remark on the codings there
        for coding in children(selection, "Coding"):
            mine = normal_guid(coding.get("guid"))
            known = [coded for coded, _ in rows if coded.keep(mine)]
            for coded in known if note_refs(coding) else ():
                coded.remark(mine, self._remarks(note_refs(coding)))
            for tag in () if known else self._tags(coding, name):
                if not coding.get("creatingUser") and any(coded.keep_machines(tag) for coded, _ in rows):
                    continue
                memo = self._memo(selection, coding)
                for coded, span in rows:
                    coded.add(tag.model_copy(update={"span": span}) if span else tag, memo)

    def _memo(self, selection: etree._Element, coding: etree._Element) -> str:
        """Return the remarks on a coding as one text: its notes and, for a selection of words, the notes and
        description of the selection. '' if there are none."""
        own = "Selection" in local(selection)  # a remark on a complete source is none on its codes
        described = words_in(child(selection, "Description")) if own else ""
        noted = self._remarks([*note_refs(coding), *(note_refs(selection) if own else ())])
        return "; ".join(filter(None, (noted, "" if records(described) else " ".join(described.split()))))

    def _remarks(self, guids: list[str]) -> str:
        """Return the text of the notes with these GUIDs, joined by "; ", and record that these notes were read."""
        self._notes_taken.update(guids)
        return "; ".join(filter(None, (self._note(self._notes[guid]) for guid in guids if guid in self._notes)))

    def _note(self, note: etree._Element) -> str:
        """Return the text of a note, inline or from a file of the project; its name if there is none."""
        if child(note, "PlainTextContent") is None and not note.get("plainTextPath"):
            return note.get("name") or ""
        try:
            return " ".join(self._text(note).split())
        except InputError as error:
            self._leave(note.get("name") or "a note", 0, error.what)
            return ""

    def _foreign(self, selection: etree._Element, span: Span, source: tuple[str, str, str], digest: str) -> Row:
        """Return the row of another program's selection; its place gives the text's hash and the characters."""
        name, text, _ = source
        return Row(
            id=normal_guid(selection.get("guid")) or f"{name}/{span[0]}-{span[1]}",
            document=name,
            title=name,
            text=text[span[0] : span[1]],
            place=Place(file=name, sha256=digest, chars=span),
        )

    def _span(self, selection: etree._Element, text: str, synced: Mapping[str, int]) -> Span:
        line = f"line {selection.sourceline}"
        try:
            start, end = span_of(selection, synced)
        except (TypeError, ValueError, KeyError) as error:
            raise InputError(f"{line}: a selection has no positions") from error
        if not 0 <= start <= end <= len(text):
            raise InputError(
                f"{line}: the selection {start}–{end} is not in its source of {some(len(text), 'character')}"
            )
        return start, end

    def _same_words(self, row: Row, text: str, span: Span, selection: etree._Element) -> None:
        location = location_of(row, text)
        words = text[span[0] : span[1]]
        if bare(words) != bare(row.words) and not (location.text is text and span == (location.start, location.end)):
            raise InputError(
                f"line {selection.sourceline}: the selection of {row.id} holds other words than its record: "
                f"'{words[:60]}'"
            )

    def _row(self, record: str) -> Row:
        try:
            return Row.model_validate_json(record)
        except ValidationError as error:
            raise InputError(refused(error), where=self._where, do="Export the project again.") from error

    def _tags(self, coding: etree._Element, name: str) -> Iterator[Tag]:
        """Yield the tag of each code that a coding refers to, with who gave it: a person, a rule or a model. A code
        that is not in the codebook is recorded as not taken."""
        for target in [normal_guid(each.get("targetGUID")) for each in children(coding, "CodeRef")] or [""]:
            if target not in self._facets:
                line = f"line {coding.sourceline}: a coding names the code {target or '(none)'}"
                self._leave(name, 1, f"{line}, which is not in the codebook")
                continue
            facet, term = self._facets[target]
            maker = coding.get("creatingUser") or coding.getparent().get(
                "creatingUser"
            )  # otherwise the user of its selection
            user = self._users.get(normal_guid(maker), UNNAMED)
            origin = user if user.split(":")[0] in ("person", "rule", "model") else f"person:{user}"
            yield Tag(facet=facet, id=term, origin=origin, state="proposed" if origin[0] != "p" else "confirmed")


def _ours(row: Row) -> bool:
    """Return whether a row is from our own export: it has a citation, or stands for a complete document."""
    return bool(row.citation) or is_document(row)


def read_project(path: Path) -> Project:
    """Read the codebook, users and rows of a .qdpx file, and what was not taken, with reasons.

    Raises InputError for a broken or dangerous zip or XML, and for a project of which nothing can be read.
    """
    with open_zip(path) as archive:
        return _ProjectReader(archive, str(path)).project()


def read_qdpx(path: Path) -> Iterator[Row]:
    """Yield the rows of a .qdpx file; `read_project` also reports what was not taken."""
    yield from read_project(path).rows
