"""Which promise a passage tells: the entry of the register that it is, or that the words of an official text stand under."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.citing.about import entry_of
from kb.commitments.register import Entry, Instrument
from kb.ids import split

_PARAGRAPH = re.compile(r"para(\d+)")
_LETTER = re.compile(r"/para\d+/([a-z])(?:/|$)")
_SENTENCE = re.compile(r"(?<=[.;]) (?=[A-Z])")
_HEADINGS = ("chapter", "section", "area", "objective", "priority-direction", "issue")


class Promises:
    """The register's entries by the passages that tell them, in any language of the text."""

    def __init__(self, register: Iterable[Instrument]) -> None:
        self.entries: dict[str, Entry] = {entry.id: entry for each in register for entry in each.entries}
        self._parts = {split(id)[0] for id in self.entries}
        self._alone = {
            (split(id)[0], entry.range.first): id
            for id, entry in self.entries.items()
            if entry.range and entry.range.first == entry.range.last
        }

    def of(self, id: str) -> str | None:
        """The entry for the identifier of a passage, or None.

        'beijing-text/para206/f' is told by 'beijing/para206', 'mipaa-text-es/para21/a' by the objective of paragraph 21,
        'crpd-text/art33/2' by 'crpd/art33/2', and a place without an entry of its own by the one above it.
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
                return self._alone[document, int(number[1])]
            here = here.rpartition("/")[0]
        return None

    def within(self, id: str, wanted: str) -> bool:
        """Whether an entry is another, or a paragraph or action under the heading that the other is."""
        above = self.entries.get(wanted)
        step: str | None = id
        while step and step != wanted and above and above.kind in _HEADINGS:
            entry = self.entries.get(step)
            step = entry.parent if entry else None
        return step == wanted


def sentence_of(statement: str, id: str) -> str:
    """The sentence of a statement on the letter of an official passage: that with '(f)' for 'beijing-text/para206/f/iii'.

    The whole statement where the identifier has no letter or the statement does not name it.
    """
    letter = _LETTER.search(id)
    found = [part for part in _SENTENCE.split(statement) if letter and f"({letter[1]})" in part]
    return found[0] if found else statement
