"""What a report is made of."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from kb.i18n import later, t
from kb.languages import MAIN
from kb.models import Force, Model, Wording


class Heading(Model):
    """A heading; one of level 1 begins a new page, unless its part is short and may follow on the same one."""

    text: str
    level: Literal[1, 2, 3] = 2
    follows: bool = Field(False, description="level 1: stands on the page of what is before it")


class Text(Model):
    """A paragraph in our words; `strong` is what it begins with."""

    text: str
    strong: str = ""


class Quote(Model):
    """Words of a source, or our statement that says that it is ours, with its citation and legal status."""

    text: str
    citation: str
    wording: Wording = "verbatim"
    checked: bool = Field(True, description="the words were found in the stored text of the source")
    force: Force | None = None
    language: str = MAIN
    notes: tuple[str, ...] = ()


class Facts(Model):
    """Names and values; empty values are left out by the writers."""

    rows: tuple[tuple[str, str], ...]


class Table(Model):
    """A table of texts; the first cell of a row is its header. Its columns are as wide as what they hold asks for."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Bullets(Model):
    """A list of short texts."""

    items: tuple[str, ...]


ReportBlock = Heading | Text | Quote | Facts | Table | Bullets
"""One part of a report, in the order of reading."""


class Report(Model):
    """A whole report: its title page and its blocks."""

    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = Field((), description="what stands on the title page")
    language: str = MAIN
    log: str = Field("", description="mark of the log that it is made from; see kb.log.noted")
    blocks: tuple[ReportBlock, ...] = ()
    command: str = Field("", description="the command that makes it again, without format and file")
    made_from: dict[str, str] = Field(default_factory=dict, description="log, index, framework and version it is of")


STANDING_NOTES = (
    later("Statement in this project's own words: quote the official text, not this line."),
    later("Unverified: not yet checked against the official text."),
    later("From a secondary source: not yet checked against the official text."),
    later(
        "Identifier and heading agree with a copy of the official text; this wording was not checked by anyone "
        "official."
    ),
)
"""Notes of the register's entries (kb.commitments.documents: OWN_WORDS, MARKS), which a report and a page give in
their own language."""


SCOPE = "Scope: "
"""What a note about the scope of an entry begins with (`kb.commitments.documents`)."""


def own_mark(quote: Quote) -> str:
    """What stands before words that are not the source's, or that nobody found in it; '' for a proved quotation."""
    if quote.wording == "own-words":
        return t("Statement of the knowledge base, not a quotation: ")
    return "" if quote.checked else t("Not checked against the source: ")


def spoken(note: str) -> str:
    """A note in the reader's language; of the scope of an entry its name, for its words are the register's."""
    return t("Scope: {scope}", scope=note.removeprefix(SCOPE)) if note.startswith(SCOPE) else t(note)


def note_words(note: str) -> str:
    """A note in the form in which it stands under a quotation: marked as a note, unless it begins with its own label,
    as 'Scope: …' does."""
    words = spoken(note)
    return words if re.match(r"[^\W\d_]+: ", note) else t("Note: {note}", note=words)
