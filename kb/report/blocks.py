"""The blocks of a report."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from kb.i18n import later, t
from kb.languages import MAIN
from kb.models import Force, Model, Wording


class Heading(Model):
    """A heading. Level 1 begins a new page unless `follows` is set."""

    text: str
    level: Literal[1, 2, 3] = 2
    follows: bool = Field(False, description="level 1: stands on the page of what is before it")


class Text(Model):
    """A paragraph in our words; `strong` is its bold beginning."""

    text: str
    strong: str = ""


class Quote(Model):
    """Words of a source, or our own statement (marked as such), with citation and force."""

    text: str
    citation: str
    wording: Wording = "verbatim"
    checked: bool = Field(True, description="the words were found in the stored text of the source")
    force: Force | None = None
    language: str = MAIN
    notes: tuple[str, ...] = ()


class FactList(Model):
    """Names and values; writers leave out empty values."""

    rows: tuple[tuple[str, str], ...]


class Table(Model):
    """A table of texts; the first cell of a row is its header. Column widths follow the content."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Bullets(Model):
    """A list of short texts."""

    items: tuple[str, ...]


ReportBlock = Heading | Text | Quote | FactList | Table | Bullets
"""One part of a report, in reading order."""


class Report(Model):
    """A complete report: title page and blocks."""

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
"""Notes of the register's entries (kb.commitments.documents: OWN_WORDS, MARKS), which reports and pages translate."""


SCOPE = "Scope: "
"""Prefix of a note about the scope of an entry (`kb.commitments.documents`)."""


def own_mark(quote: Quote) -> str:
    """Return the label before words that are our own or were not found in the source; '' for a checked quotation."""
    if quote.wording == "own-words":
        return t("Statement of the knowledge base, not a quotation: ")
    return "" if quote.checked else t("Not checked against the source: ")


def translated_note(note: str) -> str:
    """Translate a note of the program into the reader's language. Of a note about the scope of an entry (which begins
    with SCOPE) only this label is translated, since the rest is the register's text."""
    return t("Scope: {scope}", scope=note.removeprefix(SCOPE)) if note.startswith(SCOPE) else t(note)


def note_words(note: str) -> str:
    """Return a translated note as it is printed under a quotation: with “Note:” unless it begins with a label such as
    'Scope: …'."""
    words = translated_note(note)
    return words if re.match(r"[^\W\d_]+: ", note) else t("Note: {note}", note=words)
