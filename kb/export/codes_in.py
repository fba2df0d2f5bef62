"""Codes that people gave in another program, back into the workspace: added beside what is there, never over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from kb.errors import KBError, WorkspaceError
from kb.export.collect import Bench
from kb.export.locating import Locator
from kb.export.rows import Row
from kb.models import Model, Passage, Tag


class Taken(Model):
    """What an import of codes did."""

    added: int = 0
    known: int = Field(0, description="codes that the workspace already had")
    refused: tuple[str, ...] = Field((), description="one line for each code that was not taken, and why")
    machine: int = Field(0, description="tags of rules and models, which are no person's and are left out")
    strange: tuple[str, ...] = Field((), description="sha256 of texts that are no document of the index")


def _people(row: Row) -> Iterable[tuple[int, str, Tag]]:
    """People's tags of a row, with their place in it and the coder."""
    return (
        (at, tag.origin.removeprefix("person:"), tag)
        for at, tag in enumerate(row.tags)
        if tag.origin.startswith("person:")
    )


def _known(bench: Bench, passage: str, coder: str, tag: Tag) -> bool:
    state = "rejected" if tag.state == "rejected" else "added"
    return any(
        (c.coder, c.facet, c.code, c.span, c.state) == (coder, tag.facet, tag.id, tag.span, state)
        for c in bench.codings.get(passage, ())
    )


def _take(ws: Any, passage: Passage, coder: str, tag: Tag, memo: str) -> None:
    from kb.coding.codes import add_code, reject_code

    word = reject_code if tag.state == "rejected" else add_code
    word(ws, passage, tag.facet, tag.id, by=coder, span=tag.span, memo=memo)


def take_codes(
    bench: Bench,
    rows: Iterable[Row],
    ws: Any,
    *,
    source: Path,
    texts: Mapping[str, str] | None = None,
    users: Mapping[str, str] | None = None,
    memos: Mapping[str, Mapping[int, str]] | None = None,
) -> Taken:
    """Add people's codes on the index's passages to the workspace; each keeps its coder and says where it came from.

    `texts` are the decoded texts of another program's sources by sha256: a selection in one that has the letters of a
    document of ours is found in our passages by its offsets. `users` maps names in the file to names here; `memos` are
    remarks on its codings, by row and place of the tag. A row that is no passage of the index, or whose words have
    changed since, is refused and named; all others come in together, or none where the workspace cannot be written
    (WorkspaceError).
    """
    locator = None
    if texts:
        heads = [head["id"] for head in bench.store.documents()]
        locator = Locator(texts, heads, bench.text_of, bench.store.passages)
    with ws.writing() as writer:
        how = _How(source, users or {}, memos or {})
        taken = _take_all(bench, _placed(bench, rows, locator), _Together(writer), how)
    strange = tuple(sha for sha in texts or () if locator and not locator.holds(sha))
    return taken.model_copy(update={"strange": strange})


@dataclass(frozen=True)
class _How:
    """The file that codes come from, its users' names here, and the remarks on its codings."""

    source: Path
    users: Mapping[str, str]
    memos: Mapping[str, Mapping[int, str]]

    def memo(self, row: str, at: int) -> str:
        """The remark on a coding, with where it came from."""
        return "; ".join(filter(None, (self.memos.get(row, {}).get(at, ""), f"imported from {self.source.name}")))


def _placed(bench: Bench, rows: Iterable[Row], locator: Locator | None) -> Iterator[tuple[str, Row]]:
    """Rows of passages as they are; a selection of another program as a row for each passage it lies in; each with its
    name in the file."""
    for row in rows:
        parts = locator.of(row) if locator and bench.store.get(row.id) is None else ()
        if not parts:
            yield row.id, row
        for passage, span in parts:
            tags = tuple(tag.model_copy(update={"span": span}) for tag in row.tags)
            whose = {"text": "", "statement": passage.text}
            if passage.wording == "verbatim":
                whose = {"text": passage.text, "statement": ""}
            yield row.id, row.model_copy(update={"id": passage.id, **whose, "wording": passage.wording, "tags": tags})


class _Together:
    """Stands for a workspace whose acts all belong to one transaction."""

    def __init__(self, writer: Any) -> None:
        self.writer = writer

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """The transaction that is open."""
        yield self.writer


def _take_all(bench: Bench, rows: Iterable[tuple[str, Row]], ws: _Together, how: _How) -> Taken:
    added, known, machine, refused = 0, 0, 0, []
    for theirs, row in rows:
        passage = bench.store.get(row.id)
        machine += sum(1 for tag in row.tags if not tag.origin.startswith("person:"))
        for at, person, tag in _people(row):
            coder = how.users.get(person, person)
            name = f"{row.id} {tag.facet}:{tag.id} by {coder}"
            if passage is None or passage.text != row.words:
                refused.append(f"{name}: {_why_not(row, passage)}")
            elif _known(bench, row.id, coder, tag):
                known += 1
            else:
                try:
                    _take(ws, passage, coder, tag, how.memo(theirs, at))
                    added += 1
                except WorkspaceError:
                    raise
                except KBError as error:
                    refused.append(f"{name}: {error}")
    return Taken(added=added, known=known, refused=tuple(refused), machine=machine)


def _why_not(row: Row, passage: Passage | None) -> str:
    """Why a row's codes are not taken."""
    if passage is not None:
        return "the passage's words have changed"
    if not row.words and row.tags:
        return f"the source '{row.document}' was coded as a whole; a code belongs to a passage"
    if row.place and row.place.chars and row.document == row.place.file:
        return f"its source '{row.document}' is no document of the index (add it: kb add FILE)"
    return "not in the index"
