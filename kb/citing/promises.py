"""Map passages to promises: to the register entry that a passage states, or whose official text it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.citing.family import entry_of
from kb.errors import IndexError_
from kb.files import replacing
from kb.ids import split

if TYPE_CHECKING:
    from kb.commitments.register import Entry, Instrument

_PARAGRAPH = re.compile(r"para(\d+)")
_LETTER = re.compile(r"/para\d+/([a-z])(?:/|$)")
_HEADINGS = ("chapter", "section", "area", "objective", "priority-direction", "issue")


class Paragraphs(NamedTuple):
    """The first and last paragraph number of an entry, both inclusive."""

    first: int
    last: int


class PlacedEntry(NamedTuple):
    """A register entry with the data for finding passages that state it: id, kind, parent and paragraphs."""

    id: str
    kind: str
    parent: str | None
    range: Paragraphs | None


class Promises:
    """All register entries, which can be looked up by passage identifiers in any language of the official text."""

    FILE = "promises.json"
    """Name of the file in the index folder: it is read in a hundredth of the time that the register takes."""

    def __init__(self, register: Iterable[Instrument]) -> None:
        self._keep(entry for each in register for entry in each.entries)

    @classmethod
    def of_corpus(cls, corpus: Path) -> Promises:
        """Build the table from the registers of a corpus; empty when it has none."""
        from kb.commitments.register import load_instrument

        return cls(load_instrument(path) for path in sorted((corpus / "commitments").glob("*.yaml")))

    @classmethod
    def load(cls, folder: Path) -> Promises:
        """Load the table from the folder of an index. Raises IndexError_ when it cannot be read."""
        found = cls(())
        try:
            rows = json.loads((folder / cls.FILE).read_text(encoding="utf-8"))
            found._keep(PlacedEntry(id, kind, parent, at and Paragraphs(*at)) for id, kind, parent, at in rows)
        except (OSError, ValueError, TypeError) as error:
            what = f"the table {cls.FILE} cannot be read."
            raise IndexError_(what, where=str(folder), do="Run: kb build") from error
        return found

    def save(self, folder: Path) -> None:
        """Write the table into the folder of an index, atomically."""
        rows = [
            (entry.id, entry.kind, entry.parent, entry.range and (entry.range.first, entry.range.last))
            for entry in self.entries.values()
        ]
        with replacing(folder / self.FILE) as half:
            half.write_text(json.dumps(rows), encoding="utf-8")

    def _keep(self, entries: Iterable[Entry | PlacedEntry]) -> None:
        self.entries: dict[str, Entry | PlacedEntry] = {entry.id: entry for entry in entries}
        self._parts = {split(id)[0] for id in self.entries}
        self._alone = {
            (split(id)[0], entry.range.first): id
            for id, entry in self.entries.items()
            if entry.range and entry.range.first == entry.range.last
        }

    def has(self, document: str) -> bool:
        """Return whether passages of that document may state a register entry."""
        return entry_of(f"{document}/x").partition("/")[0] in self._parts

    def of(self, id: str) -> str | None:
        """Return the id of the register entry for a passage's identifier; None if there is none.

        'beijing-text/para206/f' gives 'beijing/para206'; 'mipaa-text-es/para21/a' gives the objective of paragraph
        21 (or its action, if that has an entry); 'crpd-text/art33/2' gives 'crpd/art33/2'. A place without an entry
        of its own gives the entry above it.
        """
        here = entry_of(id)
        document = split(here)[0]
        if document not in self._parts:
            return None
        while "/" in here:
            if here in self.entries:
                return here
            number = _PARAGRAPH.fullmatch(here.removeprefix(f"{document}/"))
            if number and (document, int(number[1])) in self._alone:
                entry = self._alone[document, int(number[1])]
                own = f"{entry}{entry_of(id).removeprefix(here)}"  # an action with an entry of its own
                return own if own in self.entries else entry
            here = here.rpartition("/")[0]
        return None

    def within(self, id: str, wanted: str) -> bool:
        """Return whether the entry `id` is `wanted` or, when `wanted` is a heading, is anywhere below it."""
        above = self.entries.get(wanted)
        step: str | None = id
        while step and step != wanted and above and above.kind in _HEADINGS:
            entry = self.entries.get(step)
            step = entry.parent if entry else None
        return step == wanted


def sentence_of(statement: str, id: str) -> str:
    """Return the sentence of a statement that has the letter of an official passage: the one with '(f)' for
    'beijing-text/para206/f/iii'.

    Returns the whole statement when the identifier has no letter or the statement does not name it.
    """
    from kb.read.sentences import STATEMENT, sentence_texts  # part of the file readers, which a search does not import

    letter = _LETTER.search(id)
    found = [part for part in sentence_texts(statement, STATEMENT) if letter and f"({letter[1]})" in part]
    return found[0] if found else statement
