"""Import codes that people gave in another program into the workspace: they are added, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from kb.coding.attributes import Attribute, set_attribute
from kb.coding.codebook import code_id
from kb.coding.own import tag_path
from kb.errors import InputError, KBError, WorkspaceError
from kb.export.cases import attributes_of
from kb.export.collect import Bench
from kb.export.importing_refi import UNNAMED
from kb.export.locating import SelectionLocator
from kb.export.project import Attributed
from kb.export.rows import Row, is_document
from kb.files import written
from kb.log.store import CanWrite, LogWriter, Workspace
from kb.models import Model, Passage, Span, Tag


class ImportedCodes(Model):
    """The result of an import of codes."""

    added: int = 0
    known: int = Field(0, description="codes that the workspace already had")
    refused: tuple[str, ...] = Field((), description="one line for each code that was not taken, and why")
    machine: int = Field(0, description="tags of rules and models, which are no person's and are left out")
    attributes: int = Field(0, description="attributes of sources that were added")
    attributes_known: int = Field(0, description="attributes that were known already")
    strange: tuple[str, ...] = Field((), description="sha256 of texts that are no document of the index")


def _people(row: Row) -> Iterable[tuple[int, str, Tag]]:
    """Yield (position in the row, coder, tag) for people's tags."""
    return (
        (at, tag.origin.removeprefix("person:"), tag)
        for at, tag in enumerate(row.tags)
        if tag.origin.startswith("person:")
    )


def _proposed(passage: Passage, tag: Tag, names: Mapping[str, str]) -> bool:
    """Return whether the machine proposes the same code on the same words; `names` maps ids of codes to names.

    Some programs give every coding a new GUID and drop our description beside it; then codes can only be recognised
    by name.
    """

    def called(each: Tag) -> tuple[str, str]:
        """Return facet and code by the names that a file of another program gives them."""
        return names.get(each.facet, each.facet), code_id(names.get(tag_path(each.facet, each.id), each.id))

    def words(each: Tag) -> Span:
        """Return the span of the passage that a tag covers; the complete text for a tag without span."""
        return each.span or (0, len(passage.text))

    last = (tag.facet, code_id(tag.id.rpartition("/")[2]))
    return any(
        words(each) == words(tag) and ((each.facet, each.id) == (tag.facet, tag.id) or called(each) == last)
        for each in passage.tags
    )


def _words_of(writer: LogWriter) -> dict[str, set[tuple[object, ...]]]:
    """Read the codings that the workspace has already: by passage id, those of all coders in all rounds.

    Each coding is the tuple (coder, facet, code, span, state), so that a coding of a file is looked up as one value.
    Codes of an open blind round, which are hidden from other coders, are included.
    """
    from kb.coding.codes import as_coding

    held: dict[str, set[tuple[object, ...]]] = {}
    for each in map(as_coding, writer.states("coding")):
        held.setdefault(each.passage, set()).add((each.coder, each.facet, each.code, each.span, each.state))
    return held


def _state(tag: Tag) -> str:
    """Return the state of a file's tag in the log: added or rejected."""
    return "rejected" if tag.state == "rejected" else "added"


def _take(ws: CanWrite, passage: Passage, coder: str, tag: Tag, memo: str) -> None:
    from kb.coding.codes import add_code, reject_code

    word = reject_code if tag.state == "rejected" else add_code
    word(ws, passage, tag.facet, tag.id, by=coder, span=tag.span, memo=memo)


def take_codes(
    bench: Bench,
    rows: Iterable[Row],
    ws: Workspace,
    *,
    source: Path,
    texts: Mapping[str, str] | None = None,
    users: Mapping[str, str] | None = None,
    memos: Mapping[str, Mapping[int, str]] | None = None,
    attributes: Sequence[Attributed] = (),
    by: str = "",
) -> ImportedCodes:
    """Add people's codes on the index's passages to the workspace; each keeps its coder and the name of its file.

    `texts` are the decoded texts of another program's sources by sha256: a selection in a text with the same letters as
    a document here is located in our passages by its offsets. `users` maps names in the file to names here; `memos` are
    remarks on its codings, by row and position of the tag; `attributes` come from its cases, imported in the name of
    `by`, since such a file does not say who gave them. A code of a whole source is added to the document. A row that is
    not a passage of the index, or whose words have changed, is refused and reported; all others are imported in one
    transaction, or none where the workspace cannot be written (WorkspaceError).
    """
    locator = None
    if texts:
        heads = [head["id"] for head in bench.store.documents()]
        locator = SelectionLocator(texts, heads, bench.text_of, bench.store.passages)
    with ws.writing() as writer:
        how = _ImportSettings(source, users or {}, memos or {}, {code.id: code.name for code in bench.codebook.codes})
        taken = _take_all(bench, _placed(bench, rows, locator), _Together(writer), how)
        taken = _take_attributes(bench, attributes, locator, writer, taken, (by, source.name))
    strange = tuple(sha for sha in texts or () if locator and not locator.holds(sha))
    return taken.model_copy(update={"strange": strange})


@dataclass(frozen=True)
class _ImportSettings:
    """The settings of one import: the file's name, names here for its users, memos on its codings, and names of our
    codes."""

    source: Path
    users: Mapping[str, str]
    memos: Mapping[str, Mapping[int, str]]
    names: Mapping[str, str]

    def memo(self, row: str, at: int) -> str:
        """Return the memo on the coding whose tag has the position `at` in the row, followed by the name of the
        file."""
        return "; ".join(filter(None, (self.memos.get(row, {}).get(at, ""), f"imported from {self.source.name}")))


def _placed(bench: Bench, rows: Iterable[Row], locator: SelectionLocator | None) -> Iterator[tuple[str, Row]]:
    """Yield (id of the row in the file, row located in our documents). A row of our own export is unchanged. A
    selection of another program gives one row for each of our passages that it touches; a source coded as a whole
    gives a row of our document. Without `locator`, or if nothing is found, the row is unchanged."""
    for row in rows:
        if locator and row.place and not row.words and row.place.chars is None and not is_document(row):
            yield row.id, _with_document_id(bench, row, locator.document(row.place.sha256))
            continue
        parts = locator.of(row) if locator and bench.store.get(row.id) is None else ()
        if not parts:
            yield row.id, row
        for passage, span in parts:
            tags = tuple(tag.model_copy(update={"span": span}) for tag in row.tags)
            whose = {"text": "", "statement": passage.text}
            if passage.wording == "verbatim":
                whose = {"text": passage.text, "statement": ""}
            yield row.id, row.model_copy(update={"id": passage.id, **whose, "wording": passage.wording, "tags": tags})


def _with_document_id(bench: Bench, row: Row, document: str | None) -> Row:
    """Return the row of a source coded as a whole with the id of our `document` that has the same text; unchanged if
    `document` is None."""
    return row if document is None else row.model_copy(update={"id": document, "document": document, "place": None})


def _take_attributes(
    bench: Bench,
    given: Sequence[Attributed],
    locator: SelectionLocator | None,
    writer: LogWriter,
    taken: ImportedCodes,
    who: tuple[str, str],
) -> ImportedCodes:
    """Add attributes of cases to our documents. Return `taken` with the number added, the number that were known
    already, and the reason for each one refused. `who` is (author, file name)."""
    added, refused, by, file = 0, list(taken.refused), *who
    for each in given:
        document = each.document or (locator.document(each.sha256) if locator and each.sha256 else None)
        try:
            added += _take_attribute(bench, each, document, writer, by, file)
        except WorkspaceError:
            raise
        except KBError as error:
            refused.append(f"{document or each.where}, attribute {each.attribute.name or '(no name)'}: {error.what}")
    known = len(given) - added - (len(refused) - len(taken.refused))
    return taken.model_copy(update={"refused": tuple(refused), "attributes": added, "attributes_known": known})


def _take_attribute(
    bench: Bench, each: Attributed, document: str | None, writer: LogWriter, by: str, file: str
) -> bool:
    """Add one attribute to `document`; return False if it is recorded here already. Raises InputError with the reason
    if it cannot be added."""
    if document is None or bench.unit(document) is None:
        raise InputError(f"its source '{each.where}' is no document of the index (add it: kb add FILE)")
    attribute, source = each.attribute, bench.source_of(document)
    case = "" if attribute.case in (source.title[:250], each.where) else attribute.case  # the case is the source itself
    of_record = {name.casefold(): value for name, value in attributes_of(source).items()}.get(attribute.name.casefold())
    if of_record is not None and not case or of_record == attribute.value:
        if of_record != attribute.value:
            raise InputError(f"it is '{of_record}' by its record here, and '{attribute.value}' in the file")
        return False
    if not by.strip():
        raise InputError("the file does not say who gave it; name who brings it in: --by")
    wanted = Attribute(document=document, case=case, name=attribute.name, kind=attribute.kind, value=attribute.value)
    return set_attribute(writer, wanted, by=by, source=file)


class _Together:
    """A workspace substitute that lets all writes of one import belong to one transaction."""

    def __init__(self, writer: LogWriter) -> None:
        self.writer = writer

    @contextmanager
    def writing(self) -> Iterator[LogWriter]:
        """Yield the open transaction, shared by everything that one import writes."""
        yield self.writer


def _take_all(bench: Bench, rows: Iterable[tuple[str, Row]], ws: _Together, how: _ImportSettings) -> ImportedCodes:
    added, known, machine, refused, held = 0, 0, 0, [], _words_of(ws.writer)
    for theirs, row in rows:
        passage = bench.unit(row.id)
        machine += sum(1 for tag in row.tags if not tag.origin.startswith("person:"))
        for at, person, tag in _people(row):
            coder = how.users.get(person, person)
            name = f"{row.id} {tag.facet}:{tag.id} by {coder}"
            if passage is None or passage.text != row.words or _other_file(row, passage):
                refused.append(f"{name}: {_why_not(row, passage)}")
            elif coder == UNNAMED and _proposed(passage, tag, how.names):
                machine += 1
            elif (coder, tag.facet, tag.id, tag.span, _state(tag)) in held.get(row.id, ()):
                known += 1
            else:
                try:
                    _take(ws, passage, coder, tag, how.memo(theirs, at))
                    added += 1
                except WorkspaceError:
                    raise
                except KBError as error:
                    refused.append(f"{name}: {error}")
    return ImportedCodes(added=added, known=known, refused=tuple(refused), machine=machine)


def _other_file(row: Row, passage: Passage) -> bool:
    """Return whether the file of a document coded as a whole has changed. Passages are compared by their words
    instead."""
    return not passage.text and row.place is not None and row.place.sha256 != passage.place.sha256


def _why_not(row: Row, passage: Passage | None) -> str:
    """Return the reason why a row's codes are not imported. `passage` is the passage or document with the row's id,
    None if the index has none."""
    if passage is not None:
        return "the passage's words have changed" if passage.text else "the document is another file now"
    if not row.words and row.tags:
        if row.place is None:
            return f"the source '{row.document}' was coded as a whole, and its text, by which it is known, is not there"
        return (
            f"the source '{row.document}' was coded as a whole, and is no document of the index (add it: kb add FILE)"
        )
    if row.place and row.place.chars and row.document == row.place.file:
        return f"its source '{row.document}' is no document of the index (add it: kb add FILE)"
    return "not in the index"


def save_texts(folder: Path, texts: Sequence[tuple[str, str]]) -> Iterator[Path]:
    """Write texts into a folder by their names, and yield each file; existing files are never overwritten.

    Raises InputError for a file that exists.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for n, (name, text) in enumerate(texts):
        kept = "".join(char if char.isalnum() or char in " -_" else "-" for char in name).strip(" -")[:80] or "source"
        again = f"-{n + 1}" if name in {before for before, _ in texts[:n]} else ""
        path = folder / f"{kept}{again}.txt"
        if path.exists():
            raise InputError("is there already.", where=str(path), do="Give another folder.")
        with written(path) as beside:
            beside.write_text(text, encoding="utf-8", newline="")
        yield path
