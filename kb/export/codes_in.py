"""Codes that people gave in another program, back into the workspace: added beside what is there, never over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import Field

from kb.errors import KBError, WorkspaceError
from kb.export.collect import Bench
from kb.export.rows import Row
from kb.models import Model, Passage, Tag


class Taken(Model):
    """What an import of codes did."""

    added: int = 0
    known: int = Field(0, description="codes that the workspace already had")
    refused: tuple[str, ...] = Field((), description="one line for each code that was not taken, and why")


def _people(row: Row) -> Iterable[tuple[str, Tag]]:
    return ((tag.origin.removeprefix("person:"), tag) for tag in row.tags if tag.origin.startswith("person:"))


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


def take_codes(bench: Bench, rows: Iterable[Row], ws: Any, *, source: Path) -> Taken:
    """Add people's codes on the index's passages to the workspace; each keeps its coder and says where it came from.

    A row that is no passage of the index, or whose words have changed since, is refused and named; all others come in
    together, or none where the workspace cannot be written (WorkspaceError).
    """
    with ws.writing() as writer:
        return _take_all(bench, rows, _Together(writer), source)


class _Together:
    """Stands for a workspace whose acts all belong to one transaction."""

    def __init__(self, writer: Any) -> None:
        self.writer = writer

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """The transaction that is open."""
        yield self.writer


def _take_all(bench: Bench, rows: Iterable[Row], ws: _Together, source: Path) -> Taken:
    added, known, refused = 0, 0, []
    for row in rows:
        passage = bench.store.get(row.id)
        for coder, tag in _people(row):
            name = f"{row.id} {tag.facet}:{tag.id} by {coder}"
            if passage is None or passage.text != row.text:
                refused.append(
                    f"{name}: " + ("not in the index" if passage is None else "the passage's words have changed")
                )
            elif _known(bench, row.id, coder, tag):
                known += 1
            else:
                try:
                    _take(ws, passage, coder, tag, f"imported from {source.name}")
                    added += 1
                except WorkspaceError:
                    raise
                except KBError as error:
                    refused.append(f"{name}: {error}")
    return Taken(added=added, known=known, refused=tuple(refused))
